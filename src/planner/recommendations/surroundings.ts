// What the rules of recommendations look at: the planned network, the document it came from, references and pegging.
import type { Buffer, Network } from '../engine/network.ts';
import { type Opplan, PROPOSED } from '../engine/order.ts';
import type { Operationplan, PlanTime } from '../model.ts';
import { lastDelivery, type References, referencesOf } from '../output/orders.ts';
import { type PlanPegging, planPegging } from '../output/pegging.ts';
import type { PlanModel } from '../plan-document.ts';
import type { ServedDemand } from './recommendation.ts';

export interface RecommendationOptions {
  /** Purchases are recommended so long before they have to be ordered, or a lead time before if that is more. */
  purchaseDays: number;
  /** Manufacturing and transfers, before they start. */
  startDays: number;
  /** Orders of the same thing within so many days of the first are one recommendation. */
  groupDays: number;
  /** Supply that comes so much earlier than it is needed is worth postponing. */
  postponeDays: number;
}

export const DEFAULT_OPTIONS: RecommendationOptions = {
  purchaseDays: 15,
  startDays: 7,
  groupDays: 7,
  postponeDays: 14,
};

export interface Surroundings {
  net: Network;
  model: PlanModel;
  references: References;
  pegging: PlanPegging;
  options: RecommendationOptions;
  /** Orders as the document has them, by reference. */
  before: ReadonlyMap<string, Operationplan>;
}

export function surroundingsOf(net: Network, model: PlanModel, options: Partial<RecommendationOptions>): Surroundings {
  const before = new Map<string, Operationplan>();
  for (const o of model.operationplans) if (o.reference !== undefined) before.set(o.reference, o);
  return {
    net,
    model,
    references: referencesOf(net),
    pegging: planPegging(net),
    options: { ...DEFAULT_OPTIONS, ...options },
    before,
  };
}

/** Demands that an order serves. */
export function servedBy({ pegging }: Surroundings, o: Opplan): ServedDemand[] {
  return pegging.demandsOf(o).map(({ demand, quantity }) => {
    const last = lastDelivery(demand);
    return {
      name: demand.name,
      quantity: Math.round(quantity * 1e6) / 1e6,
      due: demand.due,
      late: last === null ? 0 : Math.max(0, last - demand.due),
    };
  });
}

/** Where the order's goods go, and when they are there; null for a step or an order without movement. */
export function receiptOf(o: Opplan): { buffer: Buffer; date: PlanTime } | null {
  for (const f of o.flowplans) if (f.quantity > 0) return { buffer: f.buffer, date: f.date };
  for (const s of [...o.subs].reverse()) {
    const receipt = receiptOf(s);
    if (receipt !== null) return receipt;
  }
  return null;
}

/** When stock would fall below its target if nothing new were ordered; null when it never does. */
export function runsOutAt(b: Buffer, now: PlanTime): { date: PlanTime; below: number } | null {
  const moves = b.flowplans
    .filter((f) => f.quantity < 0 || f.opplan.status !== PROPOSED)
    .sort((x, y) => x.date - y.date || y.quantity - x.quantity || x.opplan.sequence - y.opplan.sequence);
  let onhand = 0;
  for (let i = 0; i < moves.length; i++) {
    const { date, quantity } = moves[i]!;
    onhand += quantity;
    if (moves[i + 1]?.date === date || date < now) continue;
    const target = b.minimumAt(date);
    if (onhand < target - 1e-6) return { date, below: target };
  }
  const target = b.minimumAt(now);
  return b.stock.at(now) < target - 1e-6 ? { date: now, below: target } : null;
}
