// Capacity of a continuous resource: an order that does not fit is moved earlier, as far as lead times and the
// resource's largest earliness allow; otherwise the answer is when it would fit later.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { workTimeOf } from './capacity-time.ts';
import { timeLoad } from './movements.ts';
import type { Resource } from './network.ts';
import type { LoadPlan, Opplan } from './order.ts';
import { solveBuckets } from './solve-buckets.ts';
import { checkLeadTime, earliestStart } from './solve-leadtime.ts';
import { EPSILON, isLeadTimeConstrained, type Solver } from './solver.ts';
import { type OpplanState, restore, setEnd, setParameters, stateOf } from './timing.ts';
import { backward, between, forward } from './worktime.ts';

/** Answers whether the load in the state fits; the order may have been moved. */
export function solveResource(solver: Solver, resource: Resource): void {
  const s = solver.s;
  const l = s.loadplan as LoadPlan;
  const o = s.opplan as Opplan;
  if (!resource.constrained) {
    unconstrained(solver, l, o);
    return;
  }
  if (resource.kind === 'buckets') {
    solveBuckets(solver, resource);
    return;
  }
  timeLoad(solver.net, l);
  const asked = l.quantity;
  const original = stateOf(o);
  s.aDate = s.qDate;
  s.aQty = asked;
  let noRestore = s.forceLate;
  if (!s.forceLate) noRestore = moveEarlier(solver, l, o, original);
  if (solver.constrained && (s.aQty === 0 || s.forceLate)) {
    if (!noRestore) restore(solver.net, o, original);
    moveLater(solver, l, o, original);
    s.aQty = 0;
  }
  if (!solver.constrained && s.aQty === 0) {
    restore(solver.net, o, original);
    s.aDate = s.qDate;
    s.aQty = asked;
  }
  if (s.aQty > 0) {
    s.aCost += (s.aQty * resource.cost * workSeconds(solver, o)) / 3600;
    s.aPenalty += o.setupCost;
    if (original.end > o.end)
      s.aPenalty += (((original.end - o.end) * 0.05) / 3600) * (resource.cost > 0 ? resource.cost : 1);
  } else {
    solver.logConstraint({
      kind: 'capacity',
      owner: resource,
      operation: o.operation,
      start: original.start,
      end: original.end,
    });
  }
  if (original.end > o.end) {
    // capacity used earlier than asked; dropped again when the resource is not on the critical path
    solver.logConstraint({
      kind: 'capacity',
      owner: resource,
      operation: o.operation,
      start: o.end,
      end: original.end,
      keep: true,
    });
  }
}

export function workSeconds(solver: Solver, o: Opplan): number {
  return between(workTimeOf(solver.net, o.operation, o), o.start, o.end).actual;
}

function unconstrained(solver: Solver, l: LoadPlan, o: Opplan): void {
  const s = solver.s;
  timeLoad(solver.net, l);
  s.aQty = l.quantity > 0 ? l.quantity : 1;
  s.aDate = s.qDate;
  if (l.resource.cost !== 0) s.aCost += (s.aQty * l.resource.cost * workSeconds(solver, o)) / 3600;
}

/** Load of the order on a resource; an order can load it more than once. */
export function needOn(resource: Resource, o: Opplan): number {
  let need = 0;
  for (const l of o.loadplans) if (l.resource === resource) need += l.quantity;
  return need;
}

/** Start of the last overloaded stretch within the load, or NaN when it fits. */
function overloadBefore(resource: Resource, start: number, end: number, level: number): number {
  if (end <= start) return Number.NaN;
  const d = resource.free.previousBelow(end, level);
  if (d === -Infinity) return Number.NaN;
  return d > start || resource.free.next(d) > start ? d : Number.NaN;
}

/** Whether the time an order takes is the same wherever it lies: then slots can be looked for without moving it. */
export function isRigid(solver: Solver, o: Opplan): boolean {
  if (solver.net.hasSetups || !o.operation.isTimed || o.completed > 0) return false;
  for (const l of o.loadplans) if (l.resource.efficiencyCalendar !== null) return false;
  const load = o.loadplans[0]?.load;
  return load !== null && load !== undefined && load.start <= INFINITE_PAST && load.end >= INFINITE_FUTURE;
}

/** True: the order stays where it is, because lead times forbid to move it. */
function moveEarlier(solver: Solver, l: LoadPlan, o: Opplan, original: OpplanState): boolean {
  const s = solver.s;
  const resource = l.resource;
  const leadTime = solver.constrained && isLeadTimeConstrained(solver, o.operation);
  const rigid = isRigid(solver, o);
  for (;;) {
    if (leadTime && !checkLeadTime(solver, o, false)) return true;
    timeLoad(solver.net, l);
    const level = needOn(resource, o) - EPSILON;
    let d = overloadBefore(resource, l.start, l.end, level);
    if (Number.isNaN(d)) return s.forceLate;
    const limit = original.end - Math.min(resource.maxEarly, o.operation.keeps);
    const work = workTimeOf(solver.net, o.operation, o);
    const duration = rigid ? between(work, o.start, o.end).actual : 0;
    const threshold = leadTime ? earliestStart(solver, o) : INFINITE_PAST;
    const floor = rigid ? Math.max(limit, forward(work, threshold, duration).end - 1) : Infinity;
    let end: number;
    for (;;) {
      const room = resource.free.previousStretch(d, level, duration, floor);
      end = room === null ? -Infinity : room.to;
      if (end <= limit || end <= INFINITE_PAST) {
        s.aQty = 0;
        return s.forceLate;
      }
      if (!rigid || room === null) break;
      const span = backward(work, end, duration);
      if (span.actual !== duration || span.start < threshold || span.end > end) break;
      if (span.end <= span.start || span.start >= room.from) break;
      d = room.from;
    }
    setEnd(solver.net, o, end);
    if (o.end > end || o.quantity === 0) {
      s.aQty = 0;
      return s.forceLate;
    }
    if (leadTime) checkLeadTime(solver, o, false);
    if (s.aQty === 0) return s.forceLate;
  }
}

function moveLater(solver: Solver, l: LoadPlan, o: Opplan, original: OpplanState): void {
  const s = solver.s;
  const resource = l.resource;
  const { free } = resource;
  const rigid = isRigid(solver, o) && o.quantity === original.quantity;
  let possible = true;
  for (let i = 0; i < 500; i++) {
    timeLoad(solver.net, l);
    const level = needOn(resource, o) - EPSILON;
    if (l.quantity === 0 || l.end <= l.start) break;
    // what other operations of the same attempt load will not be there in the next attempt; a step is resized with its
    // routing, so this can change from one try to the next
    const ignored = resource.pending.filter(
      (p) => p.opplan.operation !== o.operation && p.slot >= 0 && p.quantity !== 0,
    );
    for (const p of ignored) {
      free.remove(p.start, -p.quantity);
      free.remove(p.end, p.quantity);
    }
    const over = free.at(l.start) < level ? l.start : free.nextBelow(l.start, level, true);
    let room = over >= l.end ? over : free.nextAbove(over, level, true);
    if (rigid && over < l.end) room = laterSlot(solver, resource, o, room, level);
    for (const p of ignored) {
      free.insert(p.start, -p.quantity);
      free.insert(p.end, p.quantity);
    }
    if (over >= l.end) break;
    if (room >= INFINITE_FUTURE) {
      possible = false;
      break;
    }
    setParameters(solver.net, o, original.quantity, room, INFINITE_PAST, true, true, false, false);
    if (o.start < room || o.quantity === 0 || o.end >= INFINITE_FUTURE) {
      possible = false;
      break;
    }
  }
  if (!possible) s.aDate = INFINITE_FUTURE;
  else s.aDate = o.end > original.end ? o.end : original.end + solver.options.minimumdelay;
}

/** First moment from `room` on at which the order can start without overload. */
function laterSlot(solver: Solver, resource: Resource, o: Opplan, room: number, level: number): number {
  const { free } = resource;
  const work = workTimeOf(solver.net, o.operation, o);
  const duration = between(work, o.start, o.end).actual;
  let start = room;
  while (start < INFINITE_FUTURE) {
    const span = forward(work, start, duration);
    if (span.actual !== duration) return start;
    const over = free.at(span.start) < level ? span.start : free.nextBelow(span.start, level, true);
    if (over >= span.end) return start;
    start = free.nextAbove(over, level, true);
  }
  return start;
}
