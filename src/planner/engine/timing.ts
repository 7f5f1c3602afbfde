// From a quantity and one of its dates to the other date of an order, and where both are given, to the quantity:
// durations, working time, efficiency, set-ups, and lot sizes together. One function per type of operation.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { efficiencyOf, workTimeOf } from './capacity-time.ts';
import { moveStart } from './merge.ts';
import type { Network, Operation } from './network.ts';
import { update } from './opplan.ts';
import type { Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { type Changeover, changeoverAt, registerSetup } from './setup.ts';
import { lotSize, minimumSize, setQuantity } from './sizing.ts';
import { backward, between, forward, type Span } from './worktime.ts';

/** Dates and quantity of an order. */
export interface OpplanState {
  readonly start: number;
  readonly end: number;
  readonly quantity: number;
  readonly setupEnd: number;
}

/** A time without end: the resource does not work at all. */
const NEVER = 1e15;

/**
 * Sets quantity and dates of an order from a wanted quantity and a start, an end, or both (INFINITE_PAST: not given).
 * `execute` false only tells what would come out; else the answer is the order itself. `later` allows an end after the asked one when that is in off-time.
 */
export function setParameters(
  net: Network,
  o: Opplan,
  quantity: number,
  start: number,
  end: number,
  preferEnd: boolean,
  execute: boolean,
  roundDown: boolean,
  later: boolean,
): OpplanState {
  switch (o.operation.kind) {
    case 'routing':
      return routing(net, o, quantity, start, end, preferEnd, execute, roundDown, later);
    case 'alternate':
      return alternate(net, o, quantity, start, end, preferEnd, execute, roundDown, later);
    case 'split':
      return finish(
        net,
        o,
        execute,
        start > INFINITE_PAST ? start : end,
        end > INFINITE_PAST ? end : start,
        quantity,
        null,
        start,
      );
    case 'timeper':
      return timePer(net, o, quantity, start, end, preferEnd, execute, roundDown, later);
    default:
      return fixedTime(net, o, quantity, start, end, preferEnd, execute, roundDown, later);
  }
}

export function stateOf(o: Opplan): OpplanState {
  return { start: o.start, end: o.end, quantity: o.quantity, setupEnd: o.setupEnd };
}

/** Puts an order back to dates and quantity that it had, and the order above it to that quantity. */
export function restore(net: Network, o: Opplan, state: OpplanState): void {
  const { owner } = o;
  if (owner !== null && owner.operation.kind !== 'split' && Math.abs(owner.quantity - state.quantity) > EPSILON)
    setQuantity(net, owner, state.quantity, false);
  finish(net, o, true, state.start, state.end, state.quantity, null, state.setupEnd);
  if (net.hasSetups) registerSetup(net, o, changeoverAt(net, o, o.setupEnd), o.setupEnd);
}

export function setEnd(net: Network, o: Opplan, end: number): void {
  if (o.locked) return;
  if (o.subs.length === 0) setParameters(net, o, o.quantity, INFINITE_PAST, end, true, true, false, false);
  else {
    let date = end;
    for (let i = o.subs.length - 1; i >= 0; i--) {
      const s = o.subs[i] as Opplan;
      if (s.end > INFINITE_PAST && s.end <= date) break;
      setEnd(net, s, date);
      date = s.start;
    }
    update(net, o);
  }
}

export function setStart(net: Network, o: Opplan, start: number, preferEnd = true): void {
  if (o.locked) return;
  if (o.subs.length === 0) setParameters(net, o, o.quantity, start, INFINITE_PAST, preferEnd, true, false, false);
  else {
    let date = start;
    for (const s of o.subs) {
      if (s.start >= date) break;
      setStart(net, s, date, preferEnd);
      date = s.end;
    }
    update(net, o);
  }
}

function finish(
  net: Network,
  o: Opplan,
  execute: boolean,
  start: number,
  end: number,
  quantity: number,
  changeover: Changeover | null,
  setupEnd: number,
): OpplanState {
  if (!execute) return { start, end, quantity, setupEnd };
  o.quantity = quantity;
  if (o.activated && o.start !== start) moveStart(o, start);
  o.start = start;
  o.end = end;
  o.setupEnd = Math.max(setupEnd, start);
  if (net.hasSetups) registerSetup(net, o, changeover, o.setupEnd);
  update(net, o);
  return o;
}

/** No time for it: the order has no quantity. */
function impossible(net: Network, o: Opplan, execute: boolean, start: number, end: number): OpplanState {
  if (execute) setQuantity(net, o, 0, true);
  return finish(net, o, execute, start, end, 0, null, start);
}

/** Seconds of a duration at an efficiency; whole, as the reference counts them. */
function seconds(duration: number, efficiency: number): number {
  return efficiency > 0 ? Math.floor(duration / efficiency + 0.499) : NEVER;
}

function lasts(op: Operation, quantity: number, efficiency: number): number {
  return seconds(op.duration + op.durationPer * quantity, efficiency);
}

function alignLater(net: Network, o: Opplan, end: number, later: boolean, span: Span, duration: number): Span {
  if (!later || span.end >= end) return span;
  const work = workTimeOf(net, o.operation, o);
  return backward(work, forward(work, end, 1).end, duration);
}

function fixedTime(
  net: Network,
  o: Opplan,
  wanted: number,
  s: number,
  e: number,
  preferEnd: boolean,
  execute: boolean,
  roundDown: boolean,
  later: boolean,
): OpplanState {
  const op = o.operation;
  if (o.locked) return stateOf(o);
  const hasStart = s > INFINITE_PAST;
  const isForward = hasStart && (e <= INFINITE_PAST || !preferEnd);
  const efficiency = op.loads.length === 0 ? 1 : efficiencyOf(net, o, hasStart ? s : e);
  let duration = seconds(op.duration, efficiency);
  if (op.kind === 'delivery' && o.demand !== null) duration = net.options.deliveryDuration;
  const work = workTimeOf(net, op, o);
  let start: number;
  let setupEnd: number;
  let end: number;
  let found = true;
  let changeover: Changeover | null = null;
  if (isForward) {
    changeover = changeoverAt(net, o, s);
    const setup = changeover === null ? 0 : seconds(changeover.duration, efficiency);
    const first = setup > 0 ? forward(work, s, setup) : null;
    const span = forward(work, first === null ? s : first.end, duration);
    start = first === null ? span.start : first.start;
    setupEnd = span.start;
    end = span.end;
    found = span.actual === duration && (first === null || first.actual === setup);
  } else {
    const span = alignLater(net, o, e, later, backward(work, e, duration), duration);
    start = span.start;
    setupEnd = span.start;
    end = span.end;
    found = span.actual === duration;
    changeover = found ? changeoverAt(net, o, span.start) : null;
    const setup = changeover === null ? 0 : seconds(changeover.duration, efficiency);
    if (setup > 0) {
      const first = backward(work, span.start, setup);
      start = first.start;
      found = first.actual === setup;
    }
  }
  if (!found) return impossible(net, o, execute, start, end);
  let q = wanted;
  if (o.proposed) {
    const smallest = minimumSize(o, end);
    if (q > 0 && q < smallest) q = roundDown ? 0 : smallest;
    if (q > op.sizeMaximum) q = op.sizeMaximum;
  }
  if (Math.abs(q - o.quantity) > EPSILON) q = setQuantity(net, o, q, roundDown, execute, end);
  else q = o.quantity;
  return finish(net, o, execute, start, end, q, changeover, setupEnd);
}

function timePer(
  net: Network,
  o: Opplan,
  wanted: number,
  s: number,
  e: number,
  preferEnd: boolean,
  execute: boolean,
  roundDown: boolean,
  later: boolean,
): OpplanState {
  const op = o.operation;
  if (o.locked && o.completed === 0) return stateOf(o);
  const hasStart = s > INFINITE_PAST;
  const hasEnd = e > INFINITE_PAST;
  let q = wanted;
  if (o.proposed) {
    const smallest = minimumSize(o, hasEnd ? e : s);
    if (q > 0 && q < smallest) q = roundDown ? 0 : smallest;
    if (q > op.sizeMaximum) q = op.sizeMaximum;
  }
  const efficiency = op.loads.length === 0 ? 1 : efficiencyOf(net, o, hasStart ? s : e);
  const work = workTimeOf(net, op, o);
  const fixed = seconds(op.duration, efficiency);

  if (hasStart && hasEnd) {
    // both dates: the quantity that fits between them
    const changeover = changeoverAt(net, o, s);
    const setup = changeover === null ? 0 : seconds(changeover.duration, efficiency);
    const first: Span = setup > 0 ? forward(work, s, setup) : { start: s, end: s, actual: 0 };
    if (first.end > e || first.actual !== setup) return impossible(net, o, execute, first.start, first.end);
    const room = between(work, first.end, e);
    if (efficiency <= 0 || room.actual < fixed) return impossible(net, o, execute, room.start, room.end);
    if (op.durationPer > 0) {
      const fitting = ((room.actual - op.duration / efficiency) / op.durationPer) * efficiency;
      q = setQuantity(net, o, fitting > q - EPSILON ? q : Math.max(fitting, 0), roundDown, execute);
    } else q = setQuantity(net, o, q, roundDown, execute);
    const duration = lasts(op, q, efficiency);
    const span = preferEnd ? backward(work, e, duration) : forward(work, first.end, duration);
    const start = setup > 0 ? backward(work, span.start, setup).start : span.start;
    return finish(net, o, execute, start, span.end, q, changeover, span.start);
  }

  q = setQuantity(net, o, q, roundDown, execute, e);
  let duration = lasts(op, q, efficiency);
  if (o.completed > 0 && o.quantity > 0)
    duration = Math.trunc((duration * Math.max(o.quantity - o.completed, 0)) / o.quantity);
  if (!hasStart) {
    let span = alignLater(net, o, e, later, backward(work, e, duration), duration);
    if (span.actual !== duration) {
      if (efficiency <= 0 || (span.actual < fixed && o.completed === 0))
        return impossible(net, o, execute, INFINITE_PAST, e);
      // there is time for a part of it only
      const most = op.durationPer > 0 ? ((span.actual - fixed) / op.durationPer) * efficiency : q;
      q = setQuantity(net, o, Math.min(q, most), true, execute);
      duration = lasts(op, q, efficiency);
      span = backward(work, e, duration);
    }
    const changeover = changeoverAt(net, o, span.start);
    const setup = changeover === null ? 0 : seconds(changeover.duration, efficiency);
    let start = span.start;
    if (setup > 0) {
      const first = backward(work, span.start, setup);
      if (first.actual !== setup) return impossible(net, o, execute, INFINITE_PAST, e);
      start = first.start;
    }
    return finish(net, o, execute, start, span.end, q, changeover, span.start);
  }

  const changeover = changeoverAt(net, o, s);
  const setup = changeover === null ? 0 : seconds(changeover.duration, efficiency);
  const first: Span = setup > 0 ? forward(work, s, setup) : { start: s, end: s, actual: 0 };
  if (first.actual !== setup) return impossible(net, o, execute, first.start, first.end);
  let span = forward(work, first.end, duration);
  if (span.actual !== duration) {
    if (efficiency <= 0 || (span.actual < fixed && o.completed === 0))
      return impossible(net, o, execute, s, INFINITE_FUTURE);
    const most = op.durationPer > 0 ? ((span.actual - op.duration) / op.durationPer) * efficiency : q;
    q = setQuantity(net, o, Math.min(q, most), roundDown, execute);
    if (q === 0) return impossible(net, o, execute, s, INFINITE_FUTURE);
    span = forward(work, first.end, lasts(op, q, efficiency));
  }
  return finish(net, o, execute, setup > 0 ? first.start : span.start, span.end, q, changeover, span.start);
}

function routing(
  net: Network,
  o: Opplan,
  wanted: number,
  s: number,
  e: number,
  preferEnd: boolean,
  execute: boolean,
  roundDown: boolean,
  later: boolean,
): OpplanState {
  if (o.locked) return stateOf(o);
  const hasEnd = e > INFINITE_PAST;
  if (o.subs.length === 0) {
    const q = setQuantity(net, o, wanted, roundDown, execute, e);
    const start = s > INFINITE_PAST ? s : e;
    const end = hasEnd ? e : s;
    return finish(net, o, execute, start, end, q, null, start);
  }
  let date = hasEnd ? e : s;
  let edge = date;
  let state: OpplanState = stateOf(o);
  const steps = o.subs;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[hasEnd ? steps.length - 1 - i : i] as Opplan;
    state = hasEnd
      ? setParameters(net, step, wanted, INFINITE_PAST, date, preferEnd, execute, roundDown, i === 0 && later)
      : setParameters(net, step, wanted, date, INFINITE_PAST, preferEnd, execute, roundDown, i === 0 ? later : true);
    date = hasEnd ? state.start : state.end;
    if (i === 0) edge = hasEnd ? state.end : state.start;
  }
  return hasEnd
    ? { start: state.start, end: edge, quantity: state.quantity, setupEnd: state.start }
    : { start: edge, end: state.end, quantity: state.quantity, setupEnd: edge };
}

function alternate(
  net: Network,
  o: Opplan,
  wanted: number,
  s: number,
  e: number,
  preferEnd: boolean,
  execute: boolean,
  roundDown: boolean,
  later: boolean,
): OpplanState {
  if (o.locked) return stateOf(o);
  const sub = o.subs.at(-1);
  if (sub !== undefined) return setParameters(net, sub, wanted, s, e, preferEnd, execute, roundDown, later);
  const start = s > INFINITE_PAST ? s : e;
  const end = e > INFINITE_PAST ? e : s;
  const q = execute ? setQuantity(net, o, wanted, roundDown) : lotSize(o, wanted, roundDown, end);
  return finish(net, o, execute, start, end, q, null, start);
}
