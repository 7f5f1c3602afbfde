// Lot sizing: the quantity an order may have, and its effect on the orders above and below it.

import { INFINITE_PAST } from '../model.ts';
import { valueAt } from './calendar.ts';
import type { Network } from './network.ts';
import { update } from './opplan.ts';
import { APPROVED, type Opplan, PROPOSED, UNTIMED } from './order.ts';
import { EPSILON } from './profile.ts';
import { setParameters } from './timing.ts';

/** Smallest lot of the order's operation at a moment. */
export function minimumSize(o: Opplan, end: number): number {
  const op = o.operation;
  if (op.sizeMinimumCalendar === null) return op.sizeMinimum;
  return Math.max(op.sizeMinimum, valueAt(op.sizeMinimumCalendar, end));
}

/**
 * The quantity nearest to `wanted` that lot sizes allow: at least as much, or with `roundDown` at most as much (0 when
 * even the smallest lot is too large).
 */
export function lotSize(o: Opplan, wanted: number, roundDown: boolean, end: number): number {
  const op = o.operation;
  if (wanted === 0) return 0;
  let f = wanted;
  let down = roundDown;
  const smallest = minimumSize(o, end);
  if (smallest > 0 && f <= smallest - EPSILON && smallest <= op.sizeMaximum) {
    if (down) return 0;
    f = smallest;
  }
  if (f >= op.sizeMaximum) {
    // when smallest and largest size conflict, the largest wins
    down = true;
    f = op.sizeMaximum;
  }
  if (op.sizeMultiple > 0) {
    let q = Math.floor(f / op.sizeMultiple + (down ? 0 : 0.99999999)) * op.sizeMultiple;
    if (q < smallest && smallest <= op.sizeMaximum) {
      if (down) return 0;
      q += op.sizeMultiple;
    } else if (q > op.sizeMaximum) {
      q -= op.sizeMultiple;
      if (q < EPSILON) q = op.sizeMultiple;
    }
    return q;
  }
  return f;
}

/** Whether lot sizes apply: to proposed and approved orders, and to steps of such routings. */
function isSizable(o: Opplan): boolean {
  if (o.status === PROPOSED || o.status === APPROVED) return true;
  const owner = o.owner;
  return (
    owner !== null && owner.operation.kind === 'routing' && (owner.status === PROPOSED || owner.status === APPROVED)
  );
}

/** Sets the quantity as lot sizes allow; steps and their routing always have the same. Returns the quantity. */
export function setQuantity(
  net: Network,
  o: Opplan,
  wanted: number,
  roundDown: boolean,
  execute = true,
  end = INFINITE_PAST,
): number {
  if (!isSizable(o)) {
    if (execute) o.quantity = wanted;
    return wanted;
  }
  const owner = o.owner;
  if (owner !== null && owner.operation.kind === 'routing') {
    if (owner.resizing) return owner.quantity;
    return setQuantity(net, owner, wanted, roundDown, execute, end);
  }
  if (o.operation.kind === 'split') {
    if (execute) o.quantity = wanted;
    return wanted;
  }
  const q =
    Math.abs(wanted - o.quantity) < EPSILON / 100
      ? o.quantity
      : lotSize(o, wanted, roundDown, end > INFINITE_PAST ? end : o.end);
  if (!execute) return q;
  o.quantity = q;
  if (owner !== null && owner.operation.kind === 'alternate') {
    owner.quantity = q;
    update(net, owner);
  }
  // first all sizes, then the dates that follow: re-timing one step asks for the size of the routing again
  const { subs } = o;
  if (subs.length === 0) return q;
  let resized: Opplan[] | null = null;
  for (let i = 0; i < subs.length; i++) {
    const sub = subs[i] as Opplan;
    if (sub.locked) continue;
    if (sub.operation.kind === 'timeper' && sub.end !== UNTIMED && Math.abs(sub.quantity - q) > EPSILON) {
      if (resized === null) resized = [sub];
      else resized.push(sub);
    }
    sub.quantity = q;
  }
  if (resized !== null) {
    o.resizing = true;
    for (const sub of resized) setParameters(net, sub, q, INFINITE_PAST, sub.end, true, true, true, false);
    o.resizing = false;
  }
  for (let i = 0; i < subs.length; i++) {
    const sub = subs[i] as Opplan;
    if (!sub.locked && (resized === null || !resized.includes(sub))) update(net, sub);
  }
  return o.quantity;
}
