// A routing: its steps are planned from the last to the first, each before the one that follows. Steps with
// dependencies are planned along these instead.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { findFlow, isProducer } from './build-operations.ts';
import { flowToOrderDate, orderToFlowDate } from './flows.ts';
import type { Flow, Operation } from './network.ts';
import { createFlowLoads, createOpplan, place } from './opplan.ts';
import type { Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { setQuantity } from './sizing.ts';
import { checkDependencies, populateDependencies, usesDependencies } from './solve-dependency.ts';
import { checkOrder, solveOperation, widenForBatch } from './solve-operation.ts';
import type { Solver } from './solver.ts';
import { setEnd, setParameters } from './timing.ts';

export function solveRouting(solver: Solver, operation: Operation): void {
  const { net } = solver;
  const s = solver.s;
  const askedQty = s.qQty;
  let per = 0;
  let fixed = 0;
  let offset: Flow | null = null;
  if (s.buffer !== null) {
    for (const o of [operation, ...operation.steps.map((x) => x.operation)]) {
      const f = findFlow(o, s.buffer, s.qDate);
      if (f === null || !isProducer(f)) continue;
      per += f.quantity;
      fixed += f.fixed;
      if (f.offset !== 0 && (offset === null || offset.offset < f.offset)) offset = f;
    }
    if (per === 0 && fixed === 0) {
      const text = `Operation doesn't produce into ${s.buffer.name}`;
      solver.logConstraint({ kind: 'invalid', owner: null, text, start: net.current, end: INFINITE_FUTURE });
    }
  } else per = 1;
  widenForBatch(solver, operation);
  s.buffer = null;
  let aQty = per === 0 || s.qQty < fixed + EPSILON ? 0.001 : (s.qQty - fixed) / per;
  if (fixed !== 0 && per === 0) solver.acceptPartial = true;
  const previousOwner = s.owner;
  const top = createOpplan(net, operation, {
    quantity: aQty,
    start: INFINITE_PAST,
    end: s.qDate,
    batch: s.batch,
    demand: s.demand,
    owner: previousOwner,
  });
  s.demand = null;
  if (offset !== null) {
    s.qDate = flowToOrderDate(net, offset, top, s.qDate);
    setEnd(net, top, s.qDate);
    setParameters(net, top, top.quantity, INFINITE_PAST, s.qDate, true, true, false, false);
  }
  aQty = top.quantity;
  s.owner = top;
  s.qDateMax = s.qDate;
  const topDate = s.qDate;
  let latest = INFINITE_PAST;
  try {
    if (usesDependencies(operation)) aQty = alongDependencies(solver, operation, top, aQty, topDate);
    else {
      latest = inSequence(solver, operation, top, aQty, topDate);
      aQty = s.aQty;
      s.aDate = latest > INFINITE_PAST ? latest : INFINITE_FUTURE;
    }
  } finally {
    // after its components: in this order surplus orders are looked for
    if (previousOwner === null) solver.undo.push(top);
  }
  s.aQty = aQty > 0 ? fixed + aQty * per : 0;
  if (s.aQty > 0) s.aCost += top.quantity * operation.cost;
  s.owner = previousOwner;
  if (s.aDate < INFINITE_FUTURE && s.aQty === 0 && offset !== null)
    s.aDate = orderToFlowDate(net, offset, top, s.aDate);
  if (s.aQty === 0 && s.aDate <= topDate) s.aDate = topDate + solver.options.lazydelay;
  solver.hitMaxSize = s.aQty === operation.sizeMaximum;
  if (solver.hitMaxSize && s.aQty < askedQty - EPSILON) solver.acceptPartial = true;
}

/** Plans the steps backwards. Returns the latest of the steps' answers; the quantity is the state's. */
function inSequence(solver: Solver, operation: Operation, top: Opplan, quantity: number, topDate: number): number {
  const { net } = solver;
  const s = solver.s;
  let aQty = quantity;
  let latest = INFINITE_PAST;
  for (let i = operation.steps.length - 1; i >= 0 && aQty > 0; i--) {
    const step = (operation.steps[i] as { operation: Operation }).operation;
    s.qQty = aQty;
    s.qDate = top.subs.length > 0 ? top.start : topDate;
    const asked = s.qDate;
    s.owner = top;
    const { buffer } = s;
    solveOperation(solver, step);
    aQty = s.aQty;
    s.buffer = buffer;
    setQuantity(net, top, aQty, true);
    if (s.aDate < INFINITE_FUTURE) {
      // later steps are assumed to be delayed as much as this one
      const at = setParameters(net, top, 0.01, s.aDate, INFINITE_PAST, false, false, true, false);
      latest = Math.max(latest, at.end, topDate + (s.aDate - asked));
    }
  }
  createFlowLoads(net, top);
  if (top.quantity > 0 && (top.flowplans.length > 0 || top.loadplans.length > 0)) {
    s.qQty = aQty;
    s.qDate = top.end;
    const asked = s.qDate;
    checkOrder(solver, top);
    aQty = s.aQty;
    if (aQty === 0 && s.aDate < INFINITE_FUTURE && (s.aDate > latest || latest === INFINITE_FUTURE))
      latest = Math.max(s.aDate, asked);
  } else if (top.quantity > 0) place(net, top);
  s.aQty = aQty;
  return latest;
}

function alongDependencies(
  solver: Solver,
  operation: Operation,
  top: Opplan,
  quantity: number,
  topDate: number,
): number {
  const s = solver.s;
  let aQty = quantity;
  if (solver.dependencies.size === 0) populateDependencies(solver, operation);
  for (const { operation: step } of operation.steps) {
    // final steps only; the others follow from them
    if (step.dependencies.some((d) => d.blockedBy === step)) continue;
    s.qDate = topDate;
    const known = solver.dependencies.get(step);
    if (known !== undefined) {
      if (known.count > 1) {
        known.count--;
        known.date = Math.min(known.date, s.qDate);
        continue;
      }
      s.qDate = Math.min(s.qDate, known.date);
      solver.dependencies.delete(step);
    }
    s.qQty = aQty;
    s.owner = top;
    const { buffer } = s;
    solveOperation(solver, step);
    aQty = s.aQty;
    s.buffer = buffer;
    if (aQty <= 0) break;
  }
  if (aQty > 0 && operation.dependencies.length > 0) {
    const wait = checkDependencies(solver, top);
    if (wait?.incomplete) aQty = wait.quantity;
  }
  if (aQty > 0) {
    createFlowLoads(solver.net, top);
    place(solver.net, top);
  }
  return aQty;
}
