// What a plan amounts to: demands, lateness, shortage, orders.
import type { Network } from './network.ts';
import { EPSILON } from './profile.ts';

export interface PlanSummary {
  demands: number;
  late: number;
  short: number;
  shortQuantity: number;
  /** Days late times quantity, summed over the deliveries. */
  latenessDays: number;
  orders: number;
  seconds: number;
}

export function summarize(net: Network, seconds: number): PlanSummary {
  const s: PlanSummary = { demands: 0, late: 0, short: 0, shortQuantity: 0, latenessDays: 0, orders: 0, seconds };
  for (const d of net.demands.values()) {
    if (d.status !== 'open' && d.status !== 'quote') continue;
    s.demands++;
    const missing = d.quantity - d.planned();
    if (missing > EPSILON) {
      s.short++;
      s.shortQuantity += missing;
    }
    let isLate = false;
    for (const o of d.deliveries) {
      if (o.end <= d.due) continue;
      isLate = true;
      s.latenessDays += ((o.end - d.due) / 86_400) * o.quantity;
    }
    if (isLate) s.late++;
  }
  for (const o of net.operations.values())
    if (!o.hidden || o.kind === 'purchase' || o.kind === 'distribution') s.orders += o.opplans.size;
  return s;
}
