// Waiting for confirmed supply instead of ordering more: within the autofence, what is already under way comes first.

import { INFINITE_FUTURE } from '../model.ts';
import type { Buffer } from './network.ts';
import { APPROVED, CONFIRMED, type FlowPlan, type Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import type { Solver } from './solver.ts';

function isUnderWay(o: Opplan): boolean {
  return (o.status >= CONFIRMED || o.status === APPROVED) && !o.operation.name.startsWith('Correction for ');
}

/** Date of the first confirmed receipt after `date` that is worth waiting for; null when supply may be created. */
export function waitForConfirmed(solver: Solver, b: Buffer, date: number): number | null {
  // what is left in the end must cover the requirement
  if (b.stock.last() < -EPSILON) return null;
  const until = Math.max(date, solver.net.current) + solver.net.options.autofence;
  const receipt = firstReceipt(b, date, until);
  return receipt < INFINITE_FUTURE ? receipt : null;
}

export function firstReceipt(b: Buffer, after: number, before: number): number {
  let first = INFINITE_FUTURE;
  for (const f of b.flowplans) {
    if (f.quantity > 0 && f.date > after && f.date < before && f.date < first && isUnderWay(f.opplan)) first = f.date;
  }
  return first;
}

/** Lowest stock less safety stock from `date` on, not counting proposed purchases. */
export function withoutProposedPurchases(b: Buffer, date: number): number {
  const purchases: FlowPlan[] = b.flowplans.filter(
    (f) => f.quantity > 0 && f.opplan.proposed && f.opplan.operation.kind === 'purchase',
  );
  const level = (t: number, value: number): number => {
    let left = value;
    for (const f of purchases) if (f.date <= t) left -= f.quantity;
    return left;
  };
  let best = level(date, b.net.at(date));
  b.net.scan(date, (t, value) => {
    best = Math.min(best, level(t, value));
    return true;
  });
  return best;
}
