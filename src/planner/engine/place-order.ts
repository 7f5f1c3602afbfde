// Moving orders that are there: dates and resources changed through the engine's timing, each change noted so that all of it can be
// put back exactly. Decides nothing about who follows.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { hasAlternateLoads, primaryLoad } from './build-operations.ts';
import { singles, skillPriority } from './capacity-time.ts';
import type { Load, Network, Resource } from './network.ts';
import { dropSetup, place, setResource, unplace } from './opplan.ts';
import { APPROVED, type LoadPlan, type Opplan, PROPOSED } from './order.ts';
import { EPSILON } from './profile.ts';
import { type OpplanState, restore, setParameters, stateOf } from './timing.ts';

export interface Before extends OpplanState {
  status: number;
  loads: { load: Load | null; resource: Resource }[];
}

/** What was changed, in the order in which it was first touched. */
export interface Journal {
  readonly before: Map<Opplan, Before>;
  /** Notes an order before it changes. */
  note(o: Opplan): void;
  /** Takes over what a later one has noted. */
  join(later: Journal): void;
  /** Puts everything back. */
  back(): void;
}

export function openJournal(net: Network): Journal {
  const before = new Map<Opplan, Before>();
  return {
    before,
    note(o) {
      if (before.has(o)) return;
      const loads = o.loadplans.map(({ load, resource }) => ({ load, resource }));
      before.set(o, { ...stateOf(o), status: o.status, loads });
    },
    join(later) {
      for (const [o, was] of later.before) if (!before.has(o)) before.set(o, was);
    },
    back() {
      for (const [o, was] of [...before].reverse()) putBack(net, o, was);
      before.clear();
    },
  };
}

function putBack(net: Network, o: Opplan, was: Before): void {
  const placed = o.placed;
  unplace(o);
  dropSetup(o);
  o.loadplans.forEach((l, i) => {
    const one = was.loads[i];
    if (one === undefined) return;
    l.load = one.load;
    l.resource = one.resource;
  });
  restore(net, o, was);
  o.status = was.status;
  if (placed) place(net, o);
}

/**
 * Gives an order, or a step, another start or end. Working hours count; it keeps its size, and becomes one that stays.
 * @returns false when there is no working time for it: then nothing has changed
 */
export function placeOrder(
  net: Network,
  journal: Journal,
  o: Opplan,
  at: { start: number } | { end: number },
): boolean {
  if (o.locked) return false;
  journal.note(o);
  const was = stateOf(o);
  const { status } = o;
  // sizes are rounded for proposed orders only
  if (status === PROPOSED) o.status = APPROVED;
  const start = 'start' in at ? at.start : INFINITE_PAST;
  const end = 'end' in at ? at.end : INFINITE_PAST;
  setParameters(net, o, was.quantity, start, end, 'end' in at, true, false, false);
  const found =
    Math.abs(o.quantity - was.quantity) <= EPSILON &&
    o.start > INFINITE_PAST &&
    o.end < INFINITE_FUTURE &&
    o.end >= o.start;
  if (found) return true;
  restore(net, o, was);
  o.status = status;
  return false;
}

/** Resources that can carry a load, with the load that each comes with. */
export function choicesOf(l: LoadPlan): { load: Load; resource: Resource }[] {
  const { load, opplan } = l;
  if (load === null || l.confirmed) return [];
  const primary = primaryLoad(load) ?? load;
  const loads =
    hasAlternateLoads(load) || primaryLoad(load) !== null
      ? load.operation.loads.filter((x) => x.name === primary.name && x.priority !== 0)
      : [load];
  return loads.flatMap((x) => {
    if (x.skill === '' && !x.resource.isGroup) return [{ load: x, resource: x.resource }];
    return singles(x.resource)
      .filter((r) => x.skill === '' || skillPriority(r, x.skill, opplan.start, opplan.end) > 0)
      .map((resource) => ({ load: x, resource }));
  });
}

/** Puts a load on another resource that can carry it. False: this one cannot. */
export function changeResource(net: Network, journal: Journal, l: LoadPlan, to: Resource): boolean {
  if (l.resource === to) return true;
  const choice = choicesOf(l).find(({ resource }) => resource === to);
  const o = l.opplan;
  if (choice === undefined || o.locked) return false;
  journal.note(o);
  const was = stateOf(o);
  const from = { load: l.load, resource: l.resource };
  if (o.status === PROPOSED) o.status = APPROVED;
  l.load = choice.load;
  setResource(net, l, to, true);
  if (Math.abs(o.quantity - was.quantity) <= EPSILON && o.end < INFINITE_FUTURE) return true;
  l.load = from.load;
  setResource(net, l, from.resource, true);
  restore(net, o, was);
  return false;
}
