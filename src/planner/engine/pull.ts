// Orders of a late delivery, pulled forward in time: planned backwards from a date that was promised, they leave time
// unused before them. Components first, each order to the first moment at which it has its material and its capacity,
// and so the deliveries get earlier. Never moves an order to a later date, and never takes what somebody else needs.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { isConsumer } from './build-operations.ts';
import { workTimeOf } from './capacity-time.ts';
import { flowToOrderDate } from './flows.ts';
import { flowDate, timeLoad } from './movements.ts';
import type { Network } from './network.ts';
import { place, unplace } from './opplan.ts';
import type { FlowPlan, Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { isPerishable } from './shelf-life.ts';
import { earliestStart } from './solve-leadtime.ts';
import { isRigid, needOn } from './solve-resource.ts';
import { isLeadTimeConstrained, type Solver } from './solver.ts';
import { restore, setParameters, stateOf } from './timing.ts';
import { between, forward, type Span } from './worktime.ts';

/** Moves tried for one order. */
const TRIES = 200;

/** Pulls the orders of all late deliveries. True when something moved. */
export function pullEarlier(solver: Solver): boolean {
  const { net } = solver;
  if (!solver.constrained || net.hasSetups || !solver.capacityConstrained || solver.options.secondLook === 0)
    return false;
  const found = new Set<Opplan>();
  for (const [delivery, made] of solver.late) {
    if (delivery.demand === null) continue;
    const orders: Opplan[] = [];
    const alive = made.filter((o) => o.operation.opplans.has(o));
    if (alive.every((o) => collect(o, orders))) for (const o of orders) found.add(o);
  }
  const orders = [...found].sort((a, b) => a.start - b.start || a.end - b.end || a.sequence - b.sequence);
  let moved = false;
  for (const o of orders) if (pull(solver, o)) moved = true;
  return moved;
}

/** The orders that take time, below an order. False when one of them has something that this does not look after. */
function collect(o: Opplan, into: Opplan[]): boolean {
  const op = o.operation;
  if (o.dependencies.length > 0 || !o.proposed || op.posttime !== 0 || op.sizeMinimumCalendar !== null) return false;
  if (op.effectiveStart > INFINITE_PAST || op.effectiveEnd < INFINITE_FUTURE) return false;
  for (const s of op.steps) if (s.start > INFINITE_PAST || s.end < INFINITE_FUTURE) return false;
  for (const f of o.flowplans) {
    if (isPerishable(f)) return false;
    if (f.flow.isTransfer || f.flow.offset !== 0 || f.flow.start > INFINITE_PAST || f.flow.end < INFINITE_FUTURE)
      return false;
  }
  for (const l of o.loadplans) {
    const { load, resource } = l;
    if (load === null || resource.kind === 'buckets' || resource.efficiencyCalendar !== null) return false;
    if (load.start > INFINITE_PAST || load.end < INFINITE_FUTURE) return false;
  }
  if (o.subs.length === 0) {
    if (o.quantity > 0) into.push(o);
    return true;
  }
  if (o.loadplans.length > 0) return false;
  for (const f of o.flowplans) if (isConsumer(f.flow)) return false;
  return o.subs.every((s) => collect(s, into));
}

/** Earliest moment that the order may start at, whatever material and capacity say. */
function lowerBound(solver: Solver, o: Opplan): number {
  let t = isLeadTimeConstrained(solver, o.operation) ? earliestStart(solver, o) : solver.net.current;
  if (o.demand !== null) t = Math.max(t, o.demand.due - (o.end - o.start));
  const owner = o.owner;
  if (owner !== null && owner.operation.kind === 'routing') {
    const i = owner.subs.indexOf(o);
    if (i > 0) t = Math.max(t, (owner.subs[i - 1] as Opplan).end);
  }
  return t;
}

/** Moves one order to the first moment that has room for it. */
function pull(solver: Solver, o: Opplan): boolean {
  const { net } = solver;
  let t = lowerBound(solver, o);
  if (t >= o.start) return false;
  const before = stateOf(o);
  const needs = o.flowplans.filter((f) => f.slot >= 0 && f.quantity < 0).map((f) => ({ f, date: f.date }));
  // what takes the same time everywhere is only laid where it is looked at, and timed with lot sizes and all in the end
  const work = workTimeOf(net, o.operation, o);
  const duration = isRigid(solver, o) ? between(work, o.start, o.end).actual : Number.NaN;
  unplace(o);
  let found = false;
  for (let i = 0; i < TRIES && t < before.start; i++) {
    const laid = Number.isNaN(duration)
      ? timed(net, o, before.quantity, t)
      : lay(o, forward(work, t, duration), duration);
    if (!laid || o.start >= before.start || o.end > before.end) break;
    let next = -Infinity;
    for (const { f, date } of needs) next = Math.max(next, materialFrom(solver, f, date));
    if (next <= t) next = capacityFrom(solver, o);
    if (next <= t) {
      found = true;
      break;
    }
    t = next;
  }
  if (found && !Number.isNaN(duration)) {
    const { start, end } = o;
    lay(o, { ...before, actual: duration }, duration);
    found = timed(net, o, before.quantity, t) && o.start === start && o.end === end;
  }
  if (!found) {
    lay(o, { ...before, actual: duration }, duration);
    restore(net, o, before);
  }
  place(net, o);
  return found;
}

/** Times an order that is not in the profiles; false when it does not keep its size. */
function timed(net: Network, o: Opplan, quantity: number, start: number): boolean {
  setParameters(net, o, quantity, start, INFINITE_PAST, true, true, false, false);
  return o.quantity === quantity;
}

/** Gives it dates and nothing else; false when there is not enough time. */
function lay(o: Opplan, span: Span, duration: number): boolean {
  o.start = span.start;
  o.setupEnd = span.start;
  o.end = span.end;
  return span.actual === duration;
}

/** When the order may start so that its component is there from then until when it was taken before; -Infinity: now. */
function materialFrom(solver: Solver, f: FlowPlan, until: number): number {
  const { net } = solver;
  const date = flowDate(net, f.opplan, f.flow);
  if (date >= until) return date > until ? Infinity : -Infinity;
  const profile = f.buffer.net;
  const level = -f.quantity - EPSILON;
  const short = profile.previousBelow(until, level);
  const from =
    short === -Infinity ? (profile.before(date) >= level ? -Infinity : profile.next(date)) : profile.next(short);
  if (from <= date) return -Infinity;
  if (from >= until) return Infinity;
  const at = flowToOrderDate(net, f.flow, f.opplan, from) + (f.flow.atEnd ? f.opplan.start - f.opplan.end : 0);
  // with an offset, the last moment of a day and the first of the next are one
  return at > f.opplan.start ? at : Infinity;
}

/** When the order may start so that its resources have room; -Infinity: now. */
function capacityFrom(solver: Solver, o: Opplan): number {
  let next = -Infinity;
  for (const l of o.loadplans) {
    const { resource } = l;
    if (!resource.constrained || l.quantity === 0) continue;
    timeLoad(solver.net, l);
    const level = needOn(resource, o) - EPSILON;
    const { free } = resource;
    const over = free.at(l.start) < level ? l.start : free.nextBelow(l.start, level, true);
    if (over < l.end) next = Math.max(next, free.nextAbove(over, level, true));
  }
  return next;
}
