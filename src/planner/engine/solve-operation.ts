// One order: created for a quantity and a date, then checked against lead time, capacity, the orders it waits for, and
// its components. Each check may move it, make it smaller, or refuse it with the date when it would be possible.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { findFlow, isConsumer, isProducer, primaryOf } from './build-operations.ts';
import { flowToOrderDate, minimumOnhand, orderToFlowDate, setFlow, setFlowQuantity } from './flows.ts';
import type { Flow, Operation } from './network.ts';
import { createOpplan, place, remove, unplace } from './opplan.ts';
import { CONFIRMED, type Opplan, type OpplanDependency } from './order.ts';
import { EPSILON } from './profile.ts';
import { isSpoiled } from './shelf-life.ts';
import { setQuantity } from './sizing.ts';
import { solveAlternate } from './solve-alternate.ts';
import { checkCapacity } from './solve-capacity.ts';
import { checkDependencies } from './solve-dependency.ts';
import { solveFlow } from './solve-flow.ts';
import { checkLeadTime } from './solve-leadtime.ts';
import { solveRouting } from './solve-routing.ts';
import { solveSplit } from './solve-split.ts';
import type { Solver } from './solver.ts';
import { setParameters, setStart } from './timing.ts';
import { placeTransferBatch } from './transfer.ts';

/** Answers the question in the state with an order of the operation. */
export function solveOperation(solver: Solver, operation: Operation): void {
  switch (operation.kind) {
    case 'routing':
      solveRouting(solver, operation);
      return;
    case 'alternate':
      solveAlternate(solver, operation);
      return;
    case 'split':
      solveSplit(solver, operation);
      return;
    case 'purchase':
      noteReplanning(solver, operation);
      solveSimple(solver, operation);
      return;
    default:
      solveSimple(solver, operation);
      return;
  }
}

/** Buffers that are only bought for: their purchases are planned anew in the end, in the order of dates. */
function noteReplanning(solver: Solver, operation: Operation): void {
  const buffer = operation.flows[0]?.buffer;
  if (buffer === undefined || operation.priority === 0) return;
  const owner = operation.owner;
  if (owner?.steps.some((s) => s.operation.priority !== 0 && s.operation.kind !== 'purchase')) return;
  solver.purchaseBuffers.add(buffer);
}

/** Asks for more when orders within the batching window can be combined. */
export function widenForBatch(solver: Solver, operation: Operation): void {
  const s = solver.s;
  if (!solver.batchGrouping || s.buffer === null) return;
  if (operation.batchwindow <= 0 && s.qDate >= solver.net.current) return;
  const until = Math.max(s.qDate, solver.net.current) + Math.min(operation.batchwindow, operation.keeps);
  const wanted = Math.min(-minimumOnhand(s.buffer, s.qDate, until, true), operation.sizeMaximum);
  if (wanted > s.qQty) s.qQty = wanted;
}

function solveSimple(solver: Solver, operation: Operation): void {
  const s = solver.s;
  s.aDate = INFINITE_FUTURE;
  if (!operation.inRouting) widenForBatch(solver, operation);
  let askedDate = s.qDate;
  const askedQty = s.qQty;
  let early = operation.posttime;
  let hard = false;
  if (early !== 0 && s.owner !== null && s.owner.operation.kind === 'routing') {
    hard = s.owner.operation.hardPosttime;
    if (hard) {
      askedDate -= early;
      s.qDate -= early;
    }
  }
  const delta = solver.options.minimumdelay || 3600;
  for (;;) {
    const mark = solver.bookmark();
    solver.push(askedQty, askedDate, true);
    if (!hard) solver.s.qDate -= early;
    const o = createOrder(solver, operation, true);
    solver.pop(true);
    if (s.aQty !== 0) break;
    solver.rollback(mark);
    if (s.owner !== null && o !== null && o.owner !== null) remove(solver.net, o);
    // the time after an order is given up bit by bit when there is no other way
    if (!(s.aDate <= askedDate && early > 0 && !hard)) break;
    early = early > delta ? early - delta : 0;
  }
  if (!operation.inRouting) {
    solver.hitMaxSize = s.aQty === operation.sizeMaximum;
    if (solver.hitMaxSize && s.aQty < askedQty - EPSILON) solver.acceptPartial = true;
  }
}

/** Creates the order and, with `propagate`, checks it. Null when the operation does not make what is asked for. */
function createOrder(solver: Solver, operation: Operation, useOffset: boolean): Opplan | null {
  const s = solver.s;
  const origDate = s.qDate;
  let per = 0;
  let fixed = 0;
  let producing: Flow | null = null;
  if (s.dependency !== null || s.buffer === null) per = 1;
  else {
    producing = findFlow(operation, s.buffer, s.qDate);
    if (producing === null || !isProducer(producing)) {
      s.aQty = 0;
      s.aDate = INFINITE_FUTURE;
      const text = `Invalid producing operation '${operation.name}' for buffer '${s.buffer.name}'`;
      solver.logConstraint({ kind: 'invalid', owner: null, text, start: INFINITE_PAST, end: INFINITE_FUTURE });
      return null;
    }
    per = producing.quantity;
    fixed = producing.fixed;
  }
  if (fixed !== 0 && per === 0) solver.acceptPartial = true;
  const noted = solver.constraints?.length ?? 0;
  const offset = useOffset && producing !== null && producing.offset !== 0 ? producing : null;
  if (offset !== null) {
    s.qDate = flowToOrderDate(solver.net, offset, null, s.qDate);
    s.qDateMax = s.qDate;
  }
  const quantity = per === 0 || s.qQty < fixed + EPSILON ? 0.001 : (s.qQty - fixed) / per;
  const transfer = producing?.isTransfer && s.buffer !== null;
  const o = createOpplan(solver.net, operation, {
    quantity,
    start: INFINITE_PAST,
    end: s.qDate,
    batch: s.batch,
    demand: s.demand,
    owner: s.owner,
    flowLoads: true,
  });
  if (s.owner === null) {
    s.demand = null;
    solver.undo.push(o);
  }
  if (transfer && s.buffer !== null && producing !== null) placeTransferBatch(solver, o, s.buffer, producing);
  if (s.blocked !== null) {
    link(o, s.blocked, s.dependency);
    s.blocked = null;
    s.dependency = null;
  }
  const asked = o.quantity;
  const least = s.qQtyMin;
  s.qQtyMin = per === 0 || least < fixed + EPSILON ? 1 : (least - fixed) / per;
  checkOrder(solver, o);
  if (!s.forceAccept) s.qQtyMin = least;
  if (s.buffer !== null && s.aQty !== 0) s.aQty = s.aQty * per + fixed;
  if (offset !== null && s.aQty === 0 && s.aDate < INFINITE_FUTURE)
    s.aDate = orderToFlowDate(solver.net, offset, o, s.aDate);
  // reasons that did not make a difference in the end
  if (s.aQty >= asked - EPSILON) solver.popConstraints(noted);
  if (s.aQty > 0) s.aCost += o.quantity * operation.cost;
  if (s.aQty === 0 && s.aDate <= origDate) s.aDate = origDate + solver.options.lazydelay;
  if (operation.owner !== null && operation.owner.search !== 'PRIORITY') {
    for (const x of operation.opplans) s.aPenalty += x.quantity;
  }
  return o;
}

export function link(first: Opplan, second: Opplan, dependency: OpplanDependency['dependency']): void {
  const d: OpplanDependency = { first, second, dependency };
  first.dependencies = [d, ...first.dependencies];
  second.dependencies = [d, ...second.dependencies];
}

/** Checks all constraints of an order. The state's answer is the quantity that is possible, or when it would be. */
export function checkOrder(solver: Solver, o: Opplan, withCapacity = true): boolean {
  const { net } = solver;
  const s = solver.s;
  s.aDate = INFINITE_FUTURE;
  s.aQty = s.qQty;
  solver.questions++;
  if (o.quantity === 0) return noTime(solver, o);
  if (solver.constrained && !checkLeadTime(solver, o, true)) return false;
  const mark = solver.bookmark();
  const origEnd = o.end;
  const origStart = o.start;
  let origDate = s.qDate;
  const latest = s.qDateMax;
  const origQty = o.quantity;
  const { forceLate } = s;
  s.forceLate = false;
  let aQty = 0;
  let incomplete = false;
  let isEarly = false;
  let nextStart = INFINITE_PAST;
  let nextEnd = INFINITE_FUTURE;
  let atStart = true;
  for (let round = 1; ; round++) {
    s.hasBuckets = false;
    if (solver.capacityConstrained && withCapacity && o.loadplans.length > 0) {
      unplace(o);
      checkCapacity(solver, o);
      while (s.aDate <= latest && s.aQty === 0 && o.end < INFINITE_FUTURE) {
        // try again until the answer is later than what is acceptable
        const before = s.aDate;
        setParameters(net, o, origQty, INFINITE_PAST, s.aDate, true, true, false, false);
        s.aQty = s.qQty;
        checkCapacity(solver, o);
        if (s.aDate <= before && s.aQty === 0) {
          setParameters(net, o, origQty, latest, INFINITE_PAST, true, true, false, false);
          s.forceLate = true;
          checkCapacity(solver, o);
          if (s.aDate <= before) break;
        }
      }
      if (s.aQty === 0) return false;
    }
    place(net, o);
    const bucketStart = s.hasBuckets ? o.start : INFINITE_PAST;
    s.qQty = o.quantity;
    s.qDate = o.end;
    aQty = o.quantity;
    incomplete = false;
    nextStart = INFINITE_PAST;
    nextEnd = INFINITE_FUTURE;
    if (aQty !== 0 && o.operation.dependencies.length > 0) {
      const wait = checkDependencies(solver, o);
      if (wait !== null) {
        if (wait.incomplete) incomplete = true;
        aQty = wait.quantity;
        if (wait.next < INFINITE_FUTURE) {
          nextStart = wait.next;
          nextEnd = wait.next;
        }
      }
    }
    s.blocked = null;
    s.dependency = null;
    if (solver.propagate && aQty !== 0) {
      for (const g of [...o.flowplans]) {
        if (g.slot < 0 || !isConsumer(g.flow) || g.following || (g.flow.item.mto && g.buffer.batch === '')) continue;
        const primary = primaryOf(g.flow);
        if (primary !== null) setFlow(net, g, primary);
        s.flowplan = g;
        const asked = g.flow.isTransfer ? totalOf(o, g.flow) : -g.quantity;
        solveFlow(solver, g.flow);
        if (s.aQty < asked) {
          setFlowQuantity(net, g, -s.aQty, true);
          aQty = o.quantity;
          incomplete = true;
          if (s.aDate < INFINITE_FUTURE) {
            const atEnd = g.flow.atEnd;
            const date = flowToOrderDate(net, g.flow, o, s.aDate);
            const at = atEnd
              ? setParameters(net, o, origQty, INFINITE_PAST, date, false, false, false, false)
              : setParameters(net, o, origQty, date, INFINITE_PAST, false, false, false, false);
            if (at.end < nextEnd) {
              nextStart = at.start;
              nextEnd = at.end;
              atStart = !atEnd;
            }
          } else if (s.aQty > EPSILON) nextEnd = origDate + solver.options.minimumdelay;
          if (aQty <= EPSILON) break;
        } else if (s.aQty > asked + EPSILON && g.flow.quantity !== 0) aQty = -asked / g.flow.quantity;
      }
    }
    if (incomplete && aQty > EPSILON && isSpoiled(o)) {
      aQty = 0;
      if (nextEnd >= INFINITE_FUTURE) nextEnd = origDate + solver.options.minimumdelay;
    }
    isEarly = o.end < origEnd;
    let okay = true;
    if (nextEnd < INFINITE_FUTURE && aQty <= EPSILON && nextEnd <= latest && nextEnd > origDate) {
      // possible within the soft time after the order
      if (nextEnd < origDate + solver.options.minimumdelay)
        nextEnd = Math.min(origDate + solver.options.minimumdelay, latest);
      s.qDate = nextEnd;
      origDate = nextEnd;
      s.qQty = origQty;
      s.aDate = INFINITE_FUTURE;
      s.aQty = s.qQty;
      setParameters(net, o, origQty, INFINITE_PAST, nextEnd, true, true, false, false);
      okay = false;
      solver.rollback(mark);
    } else if (bucketStart > INFINITE_PAST && bucketStart !== o.start && o.quantity > EPSILON && s.aQty !== 0)
      okay = false;
    if (okay) break;
    if (round >= 20) {
      aQty = 0;
      nextEnd = latest + solver.options.minimumdelay;
      break;
    }
  }
  if (
    aQty <= EPSILON &&
    !s.forceLate &&
    isEarly &&
    nextStart < INFINITE_FUTURE &&
    nextStart > INFINITE_PAST &&
    solver.constrained &&
    solver.capacityConstrained
  ) {
    // the order was early because of capacity: when the material is there, capacity may not be
    unplace(o);
    if (atStart)
      setParameters(net, o, origQty, Math.max(nextStart, origStart), INFINITE_PAST, true, true, false, false);
    else setParameters(net, o, origQty, INFINITE_PAST, Math.max(nextEnd, origEnd), true, true, false, false);
    s.forceLate = true;
    checkCapacity(solver, o);
    if (o.end <= latest) {
      setParameters(net, o, origQty, INFINITE_PAST, latest, true, true, true, false);
      s.forceLate = true;
      checkCapacity(solver, o);
    }
    aQty = 0;
    nextEnd = o.end;
  }
  s.aDate = incomplete ? nextEnd : INFINITE_FUTURE;
  s.aQty = aQty;
  s.forceLate = forceLate;
  if (aQty > EPSILON) return true;
  solver.rollback(mark);
  return false;
}

function totalOf(o: Opplan, flow: Flow): number {
  let sum = 0;
  for (const f of o.flowplans) if (f.flow === flow) sum -= f.quantity;
  return sum;
}

/** The calendars leave no time before the asked date: the answer is the earliest end from now on. */
function noTime(solver: Solver, o: Opplan): boolean {
  const s = solver.s;
  if (o.status >= CONFIRMED) return true;
  setQuantity(solver.net, o, s.qQtyMin, false);
  setStart(solver.net, o, solver.net.current);
  if (o.end >= INFINITE_FUTURE) {
    const text = `No available time found on operation '${o.operation.name}'`;
    solver.logConstraint({
      kind: 'invalid',
      owner: null,
      operation: o.operation,
      text,
      start: solver.net.current,
      end: INFINITE_FUTURE,
    });
  }
  s.aDate = o.end;
  s.aQty = 0;
  setQuantity(solver.net, o, 0, false);
  return false;
}
