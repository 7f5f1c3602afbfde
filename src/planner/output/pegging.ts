// Pegging of whole plans: which orders and stock supply a demand, and which demands an order serves. Within a buffer, what
// comes in first goes out first (as src/planner/engine/pegging.ts); made for asking it of every order of a large plan.
import type { Buffer, Demand, Network } from '../engine/network.ts';
import type { FlowPlan, Opplan } from '../engine/order.ts';
import { family, unitOf } from './orders.ts';

const EPSILON = 1e-6;

/** An order of a chain of supply. */
export interface PegOutput {
  order: Opplan;
  /** Of the order's quantity, what serves the one that was asked for. */
  quantity: number;
  /** Steps away from it: 0 is the delivery. */
  level: number;
}

export interface PlanPegging {
  /** Deliveries of the demand, what they are made from, and so on; each order once, nearest first. */
  supplyOf(demand: Demand): PegOutput[];
  /** Orders and stock that an order is made from, nearest first. */
  upstream(order: Opplan): PegOutput[];
  /** Orders that take from an order, nearest first. */
  downstream(order: Opplan): PegOutput[];
  /** Demands that an order serves, with the quantity delivered of it, by quantity. Empty: it is for stock. */
  demandsOf(order: Opplan): { demand: Demand; quantity: number }[];
}

/** One side of a buffer, in the order of time: plan i covers the running total from `to[i - 1]` to `to[i]`. */
interface Side {
  plans: FlowPlan[];
  to: number[];
}

interface Ledger {
  supply: Side;
  use: Side;
  place: Map<FlowPlan, number>;
}

/** Pegging of a network that no longer changes. Ledgers are made as buffers are asked for. */
export function planPegging(net: Network): PlanPegging {
  const ledgers = new Map<Buffer, Ledger>();
  const ledgerOf = (buffer: Buffer): Ledger => {
    let ledger = ledgers.get(buffer);
    if (ledger === undefined) {
      ledger = makeLedger(buffer);
      ledgers.set(buffer, ledger);
    }
    return ledger;
  };
  const walk = (starts: readonly { order: Opplan; quantity: number }[], up: boolean): PegOutput[] => {
    const found = new Map<Opplan, PegOutput>();
    let wave = new Map<Opplan, number>();
    for (const { order, quantity } of starts) wave.set(order, (wave.get(order) ?? 0) + quantity);
    // a loop in the supply chain must end
    for (let level = 0; wave.size > 0 && level <= net.levels + 20; level++) {
      const next = new Map<Opplan, number>();
      for (const [order, quantity] of wave) {
        const known = found.get(order);
        if (known === undefined) found.set(order, { order, quantity, level });
        else known.quantity += quantity;
        if (!(order.quantity > EPSILON)) continue;
        const share = quantity / order.quantity;
        for (const one of family(order)) {
          for (const f of one.flowplans) {
            if (f.slot >= 0 && (up ? f.quantity < 0 : f.quantity > 0)) follow(ledgerOf(f.buffer), f, share, up, next);
          }
        }
      }
      wave = next;
    }
    return [...found.values()];
  };
  return {
    supplyOf: (demand) =>
      walk(
        demand.deliveries.map((o) => ({ order: unitOf(o), quantity: o.quantity })),
        true,
      ),
    upstream: (order) => walk([{ order: unitOf(order), quantity: unitOf(order).quantity }], true).slice(1),
    downstream: (order) => walk([{ order: unitOf(order), quantity: unitOf(order).quantity }], false).slice(1),
    demandsOf(order) {
      const unit = unitOf(order);
      const sums = new Map<Demand, number>();
      for (const peg of walk([{ order: unit, quantity: unit.quantity }], false)) {
        const { demand } = peg.order;
        if (demand !== null) sums.set(demand, (sums.get(demand) ?? 0) + peg.quantity);
      }
      return [...sums]
        .map(([demand, quantity]) => ({ demand, quantity }))
        .sort((a, b) => b.quantity - a.quantity || (a.demand.name < b.demand.name ? -1 : 1));
    },
  };
}

function makeLedger(buffer: Buffer): Ledger {
  const ledger: Ledger = { supply: { plans: [], to: [] }, use: { plans: [], to: [] }, place: new Map() };
  const inOrder = [...buffer.flowplans].sort(
    (a, b) => a.date - b.date || b.quantity - a.quantity || a.opplan.sequence - b.opplan.sequence,
  );
  for (const plan of inOrder) {
    if (plan.quantity === 0) continue;
    const side = plan.quantity > 0 ? ledger.supply : ledger.use;
    ledger.place.set(plan, side.plans.length);
    side.to.push((side.to[side.to.length - 1] ?? 0) + Math.abs(plan.quantity));
    side.plans.push(plan);
  }
  return ledger;
}

/** Adds what lies on the other side of a movement, as far as `share` of it goes. */
function follow(ledger: Ledger, f: FlowPlan, share: number, up: boolean, next: Map<Opplan, number>): void {
  const own = up ? ledger.use : ledger.supply;
  const other = up ? ledger.supply : ledger.use;
  const place = ledger.place.get(f);
  if (place === undefined) return;
  const from = own.to[place - 1] ?? 0;
  const to = own.to[place] as number;
  for (let i = firstAbove(other.to, from); i < other.to.length; i++) {
    const begins = other.to[i - 1] ?? 0;
    if (begins >= to - EPSILON) break;
    const overlap = (Math.min(to, other.to[i] as number) - Math.max(from, begins)) * share;
    if (overlap <= EPSILON) continue;
    const { opplan, quantity } = other.plans[i] as FlowPlan;
    const unit = unitOf(opplan);
    if (unit === unitOf(f.opplan)) continue;
    next.set(unit, (next.get(unit) ?? 0) + (overlap / Math.abs(quantity)) * unit.quantity);
  }
}

/** First place whose running total is above a value. */
function firstAbove(totals: readonly number[], value: number): number {
  let low = 0;
  let high = totals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((totals[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
