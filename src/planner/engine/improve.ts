// A second look at late deliveries. When all demands have a place, capacity and stock that a late delivery takes are
// lifted, and it is asked for at earlier dates. Either it gets earlier, or everything is put back: nobody gets later.
import { deliveryOperation } from './build.ts';
import { dropExcess } from './excess.ts';
import { insertFlow, insertLoad } from './movements.ts';
import type { Demand } from './network.ts';
import { remove, unplace } from './opplan.ts';
import { type Opplan, withLast, without } from './order.ts';
import type { RunHooks } from './plan.ts';
import { EPSILON } from './profile.ts';
import { solveOperation } from './solve-operation.ts';
import type { Solver } from './solver.ts';

/** Rounds over all late deliveries; and work, as a multiple of what the plan took without this. */
const ROUNDS = 3;
const BUDGET = { small: 0.35, large: 0.05 };
/** Demands from which a model is large. */
const LARGE = 2000;
/** Dates tried for one delivery. */
const TRIES = 8;
/** Seconds that a delivery must gain at least. */
const GAIN = 60;
const NEAR = 1800;

/** Notes what is about to be committed for a late delivery of the demand. */
export function rememberLate(solver: Solver, d: Demand): void {
  const made: Opplan[] = [];
  let delivery: Opplan | null = null;
  let deliveries = 0;
  for (const o of solver.undo) {
    if (typeof o === 'function') return;
    if (o.demand === d) {
      delivery = o;
      deliveries++;
    }
    made.push(o);
  }
  if (delivery !== null && deliveries === 1 && delivery.end > d.due && delivery.end > solver.net.current) {
    solver.late.set(delivery, made);
  }
}

/**
 * Asks again for late deliveries, in the order in which they were planned, in several rounds, until nothing gets better
 * or the work is out of proportion.
 */
export function improveLate(solver: Solver, hooks: RunHooks): void {
  const most = solver.options.secondLook ?? ROUNDS;
  if (!solver.constrained || solver.net.hasSetups || most === 0) return;
  const budget = solver.net.demands.size > LARGE ? BUDGET.large : BUDGET.small;
  solver.looksAgain = true;
  for (let round = 0; round < most; round++) {
    let improved = 0;
    const entries = [...solver.late];
    entries.forEach(([delivery, made], i) => {
      hooks.progress?.((round + i / entries.length) / most, 'late deliveries');
      // in proportion to what the plan takes without this
      if (solver.lookQuestions > budget * (solver.questions - solver.lookQuestions)) return;
      if (delivery.demand === null || !delivery.operation.opplans.has(delivery)) return;
      const before = solver.questions;
      if (improve(solver, delivery, made)) improved++;
      solver.lookQuestions += solver.questions - before;
    });
    if (improved === 0) return;
  }
}

function improve(solver: Solver, delivery: Opplan, made: Opplan[]): boolean {
  const d = delivery.demand as Demand;
  const operation = deliveryOperation(solver.net, d);
  const alive = made.filter((o) => o.operation.opplans.has(o) && o.proposed);
  if (operation === null || alive.some(isIntricate)) return false;
  const lifted = lift(alive);
  const { end, quantity } = delivery;
  d.deliveries = without(d.deliveries, delivery);
  solver.logConstraints = false;
  const mark = solver.bookmark();
  let low = Math.max(d.due, solver.net.current);
  let high = end;
  let best = 0;
  let last = 0;
  let promised = 0;
  const attempt = (date: number): boolean => {
    solver.rollback(mark);
    ask(solver, operation, d, quantity, date);
    last = date;
    const possible = solver.s.aQty >= quantity - EPSILON && d.deliveries.length > 0 && latestOf(solver, d) < high;
    if (possible) {
      high = date;
      best = date;
    }
    return possible;
  };
  // the due date first: much of the load can have moved since; then ever closer to what is possible
  for (let i = 0; i < TRIES && high - low > GAIN; i++) {
    const date = i === 0 ? low : Math.floor((low + high) / 2);
    if (attempt(date)) {
      if (i === 0) break;
      continue;
    }
    promised = solver.s.aQty < EPSILON && solver.s.aDate > date && solver.s.aDate < high ? solver.s.aDate : 0;
    low = Math.max(date, promised);
  }
  // a date that was promised is better than one that happens to lie just after it
  if (best - promised <= NEAR && promised < best && promised === low) attempt(promised);
  if (best !== 0 && last !== best) {
    solver.rollback(mark);
    ask(solver, operation, d, quantity, best);
  }
  const spoiled = solver.takesExpired(mark);
  const gained = best !== 0 && !spoiled && solver.s.aQty >= quantity - EPSILON && latestOf(solver, d) <= end - GAIN;
  solver.logConstraints = true;
  if (!gained) {
    solver.rollback(mark);
    for (const o of lifted.reverse()) putBack(solver, o);
    d.deliveries = withLast(d.deliveries, delivery);
    return false;
  }
  for (const o of lifted) remove(solver.net, o);
  solver.late.delete(delivery);
  const noted = d.constraints.slice();
  dropExcess(solver);
  rememberLate(solver, d);
  solver.commit();
  d.constraints.length = 0;
  if (latestOf(solver, d) > d.due) d.constraints.push(...noted);
  return true;
}

/** Latest delivery among those being tried or, when there are none, of all. */
function latestOf(_solver: Solver, d: Demand): number {
  let end = 0;
  for (const o of d.deliveries) if (!o.activated && o.end > end) end = o.end;
  if (end === 0) for (const o of d.deliveries) end = Math.max(end, o.end);
  return end;
}

/** Orders whose dates hang on more than their own components are left where they are. */
function isIntricate(o: Opplan): boolean {
  return o.dependencies.length > 0 || o.flowplans.some((f) => f.flow.offset !== 0) || o.subs.some(isIntricate);
}

/** Takes orders out of the profiles, as far as nobody else needs what they bring. */
function lift(made: Opplan[]): Opplan[] {
  const lifted: Opplan[] = [];
  for (const o of made) {
    const family = familyOf(o);
    const buffers = family.flatMap((x) =>
      x.flowplans.filter((f) => f.quantity > 0 && f.slot >= 0).map((f) => f.buffer),
    );
    for (const x of family) unplace(x);
    if (buffers.some((b) => b.stock.minimumFrom(0) < -EPSILON)) {
      for (const x of family) replace(x);
      continue;
    }
    for (const x of family) x.operation.opplans.delete(x);
    lifted.push(o);
  }
  return lifted;
}

function familyOf(o: Opplan, into: Opplan[] = []): Opplan[] {
  into.push(o);
  for (const s of o.subs) familyOf(s, into);
  return into;
}

/** Puts an order back exactly as it was. */
function replace(o: Opplan): void {
  o.placed = true;
  for (const f of o.flowplans) insertFlow(f);
  for (const l of o.loadplans) insertLoad(l);
}

function putBack(_solver: Solver, o: Opplan): void {
  for (const x of familyOf(o)) {
    replace(x);
    x.operation.opplans.add(x);
  }
}

function ask(
  solver: Solver,
  operation: Parameters<typeof solveOperation>[1],
  d: Demand,
  quantity: number,
  date: number,
): void {
  const s = solver.s;
  s.buffer = null;
  s.qQty = quantity;
  s.qQtyMin = quantity;
  s.forceAccept = false;
  s.keepAssignments = null;
  s.forceLate = false;
  s.requireFull = true;
  s.qDate = date;
  s.qDateMax = date;
  s.demand = d;
  s.owner = null;
  s.batch = d.batch;
  s.dependency = null;
  s.blocked = null;
  s.flowplan = null;
  solver.brokenPath = false;
  solver.constraints = null;
  solver.coordination = false;
  solver.acceptPartial = false;
  solver.recentBuffers.length = 0;
  solver.dependencies.clear();
  solveOperation(solver, operation);
  s.requireFull = false;
}
