// Resources with their pools, skills, set-up matrices and capacity over time.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import type { PlanModel } from '../plan-document.ts';
import { type Calendars, placeOf, resourceOf } from './build.ts';
import type { Network, Resource, SetupMatrix } from './network.ts';
import { spreadTools } from './tools.ts';

const DAY = 86_400;

export function buildResources(net: Network, model: PlanModel, calendars: Calendars): void {
  const matrices = new Map<string, SetupMatrix>();
  for (const m of model.setupmatrices.values()) {
    matrices.set(m.name, {
      name: m.name,
      known: new Map(),
      rules: [...m.rules]
        .sort((a, b) => a.priority - b.priority)
        .map((r) => ({
          match: pattern(r.fromsetup, r.tosetup),
          duration: r.duration ?? 0,
          cost: r.cost ?? 0,
          resource: r.resource === undefined ? null : resourceOf(net, r.resource),
        })),
    });
  }
  for (const r of model.resources.values()) {
    const resource = resourceOf(net, r.name);
    resource.kind = r.type === 'resource_buckets' ? 'buckets' : r.type === 'resource_infinite' ? 'infinite' : 'default';
    if (r.owner !== undefined) {
      resource.owner = resourceOf(net, r.owner);
      resource.owner.members.push(resource);
    }
    if (r.location !== undefined) resource.location = placeOf(net, r.location);
    resource.available = calendars.get(r.available);
    resource.efficiency = r.efficiency ?? 100;
    resource.efficiencyCalendar = calendars.get(r.efficiencyCalendar);
    resource.cost = r.cost ?? 0;
    resource.maxEarly = r.maxearly ?? 100 * DAY;
    resource.constrained = (r.constrained ?? true) && resource.kind !== 'infinite';
    resource.tool = r.tool ?? false;
    resource.toolPerPiece = r.toolperpiece ?? false;
    resource.setup = r.setup ?? '';
    resource.setupMatrix = r.setupmatrix === undefined ? null : (matrices.get(r.setupmatrix) ?? null);
    if (resource.setupMatrix !== null) net.hasSetups = true;
    const maximum = calendars.get(r.maximumCalendar);
    // a calendar of capacity starts from nothing
    resource.maximum = maximum ?? calendars.constant(r.maximum ?? 1);
    resource.free.remove(INFINITE_PAST, 1);
    if (resource.kind === 'buckets') buckets(resource, net.current, maximum !== null);
    else if (resource.kind === 'default') {
      let before = 0;
      resource.maximum.dates.forEach((date, i) => {
        const value = resource.maximum?.values[i] as number;
        if (value !== before || i === 0) resource.free.insert(date, value - before);
        before = value;
      });
    }
    if (resource.setupMatrix !== null) {
      resource.setups.push({ date: INFINITE_PAST, setup: resource.setup, opplan: null });
    }
  }
  spreadTools(net.resources.values());
  for (const s of model.resourceskills) {
    resourceOf(net, s.resource).skills.push({
      skill: s.skill,
      priority: s.priority ?? 1,
      start: s.effectiveStart ?? INFINITE_PAST,
      end: s.effectiveEnd ?? INFINITE_FUTURE,
    });
  }
}

function pattern(from: string | undefined, to: string | undefined): RegExp {
  try {
    return new RegExp(`^(?:${from ?? '.*'} to ${to ?? '.*'})$`);
  } catch {
    return /^$/;
  }
}

/** Capacity per bucket: each change of the calendar near the current date begins one. */
function buckets(resource: Resource, current: number, hasCalendar: boolean): void {
  const starts: number[] = [INFINITE_PAST];
  const capacity: number[] = [0];
  let before = 0;
  const step = resource.maximum;
  if (step !== null && hasCalendar) {
    step.dates.forEach((date, i) => {
      const value = step.values[i] as number;
      if (value === before || date < current - 365 * DAY || date >= current + 6 * 365 * DAY) return;
      starts.push(date);
      capacity.push(value);
      before = value;
    });
  }
  resource.buckets = {
    starts: Float64Array.from(starts),
    capacity: Float64Array.from(capacity),
    used: new Float64Array(starts.length),
  };
}
