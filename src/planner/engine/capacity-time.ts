// Which calendars and which efficiency an order works with, given the resources it is on.
import type { StepFunction } from './calendar.ts';
import type { Load, Network, Operation, Resource } from './network.ts';
import type { Opplan } from './order.ts';
import { intersect, type WorkTime } from './worktime.ts';

/** Working time of an order: its operation, their place, and its resources with their places. */
export function workTimeOf(
  net: Network,
  operation: Operation,
  o: Opplan | null,
  withResources = true,
): WorkTime | undefined {
  let key: number | string = -2;
  if (withResources) {
    key = -1;
    if (o !== null && o.loadplans.length === 1) key = (o.loadplans[0] as { resource: Resource }).resource.id;
    else if (o !== null && o.loadplans.length > 1) {
      key = '';
      for (const l of o.loadplans) key += `${l.resource.id} `;
    } else if (operation.loads.length === 0) key = -2;
  }
  if (operation.workTimeKey === key) return operation.workTime;
  const known = operation.workTimes?.get(key);
  if (known !== undefined || operation.workTimes?.has(key)) return known;
  return compileWorkTime(net, operation, o, withResources, key);
}

function compileWorkTime(
  net: Network,
  operation: Operation,
  o: Opplan | null,
  withResources: boolean,
  key: number | string,
): WorkTime | undefined {
  const calendars = new Map<number, StepFunction>();
  const add = (c: StepFunction | null): void => {
    if (c !== null) calendars.set(c.id, c);
  };
  add(operation.available);
  if (!operation.noLocationCalendar) add(operation.location?.available ?? null);
  if (withResources) {
    const resources =
      o !== null && o.loadplans.length > 0
        ? o.loadplans.map((l) => l.resource)
        : operation.loads.map((l) => l.resource);
    for (const r of resources) {
      add(r.available);
      if (!operation.noLocationCalendar) add(r.location?.available ?? null);
    }
  }
  const ids = [...calendars.keys()].sort((a, b) => a - b).join(' ');
  let work = net.workTimes.get(ids);
  if (work === undefined && !net.workTimes.has(ids)) {
    work = intersect([...calendars.values()]);
    net.workTimes.set(ids, work);
  }
  if (operation.workTimeKey === null) {
    operation.workTimeKey = key;
    operation.workTime = work;
  } else {
    operation.workTimes ??= new Map();
    operation.workTimes.set(key, work);
  }
  return work;
}

/** Whether a resource has a skill throughout a time; its priority, or -1 when it has not. */
export function skillPriority(resource: Resource, skill: string, start: number, end: number): number {
  for (const s of resource.skills) {
    if (s.skill === skill && start >= s.start && end <= s.end) return s.priority;
  }
  return -1;
}

/** The single resources of a pool, in the order of the hierarchy; the resource itself when it is no pool. */
export function singles(resource: Resource, into: Resource[] = []): Resource[] {
  if (resource.members.length === 0) into.push(resource);
  else for (const m of resource.members) singles(m, into);
  return into;
}

/** Speed of an order, 1 for 100 %: that of its slowest resource; members of a pool taken one by one add up. */
export function efficiencyOf(net: Network, o: Opplan, t: number): number {
  let best = Infinity;
  if (o.loadplans.length === 0) {
    for (const l of o.operation.loads) {
      let fastest = 0;
      for (const r of singles(l.resource)) {
        if (l.skill === '' || skillPriority(r, l.skill, t, t) >= 0) fastest = Math.max(fastest, r.efficiencyAt(t));
      }
      best = Math.min(best, fastest);
    }
  } else {
    let parallel = 0;
    for (const l of o.loadplans) {
      if (l.resource.owner !== null && net.options.individualPool) {
        const top = l.resource.top();
        let sum = 0;
        for (const other of o.loadplans) if (other.resource.top() === top) sum += other.resource.efficiencyAt(t);
        sum /= poolLoad(o.operation, l.resource);
        if (parallel === 0 || sum < parallel) parallel = sum;
      } else best = Math.min(best, l.resource.efficiencyAt(t));
    }
    if (parallel > 0) best = best === Infinity ? parallel : (best * parallel) / 100;
  }
  if (best === Infinity) return 1;
  return best > 0 ? best / 100 : 0;
}

function poolLoad(operation: Operation, resource: Resource): number {
  for (const l of operation.loads) if (resource.isMemberOf(l.resource)) return l.quantity;
  return 1;
}

/** The resource that a load takes as long as nothing speaks against it: the most efficient member with the skill. */
export function preferredResource(net: Network, load: Load, o: Opplan): Resource {
  if (!load.resource.isGroup) return load.resource;
  let best: Resource | null = null;
  let backup: Resource | null = null;
  let bestEfficiency = 0;
  let bestPriority = Infinity;
  let bestUse = Infinity;
  for (const r of singles(load.resource)) {
    backup ??= r;
    const priority = load.skill === '' ? 0 : skillPriority(r, load.skill, o.setupEnd, o.setupEnd);
    if (priority < 0) continue;
    if (load.quantity > 1 && net.options.individualPool && o.loadplans.some((l) => l.resource === r)) {
      backup = r;
      continue;
    }
    // orders in progress are spread over the pool
    const use = o.locked || o.approved ? usedAround(r, o) : Infinity;
    const efficiency = r.efficiencyAt(o.setupEnd);
    if (
      use < bestUse ||
      (use === bestUse && efficiency > bestEfficiency) ||
      (use === bestUse && Math.abs(efficiency - bestEfficiency) < 1e-6 && load.skill !== '' && priority < bestPriority)
    ) {
      best = r;
      bestEfficiency = efficiency;
      bestPriority = load.skill === '' ? Infinity : priority;
      bestUse = use;
    }
  }
  return best ?? backup ?? load.resource;
}

function usedAround(resource: Resource, o: Opplan): number {
  const from = o.start - 3 * 86_400;
  const to = o.end + 3 * 86_400;
  let seconds = 0;
  for (const l of resource.loadplans) {
    const overlap = Math.min(to, l.end) - Math.max(from, l.start);
    if (overlap > 0) seconds += overlap * l.quantity;
  }
  return seconds;
}
