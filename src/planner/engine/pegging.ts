// Pegging: which orders supply a demand, and which demands an order serves. Within a buffer, what comes in first goes out
// first, so the share of each movement follows from the running totals.
import type { Buffer, Demand, Network } from './network.ts';
import type { FlowPlan, Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { type Shelf, sharesOf } from './shelf-life.ts';

export interface Peg {
  order: Opplan;
  /** In units of the order. */
  quantity: number;
  /** Steps away from where the walk began. */
  level: number;
}

/** Of a movement, in running totals; `whole` is all of it, when this is a part. */
interface Entry {
  plan: FlowPlan;
  from: number;
  to: number;
  whole: number;
}

interface Ledger {
  supply: Entry[];
  use: Entry[];
}

/** Pegging of a network that no longer changes. */
export interface Pegging {
  /** Orders that supply the demand, nearest first. */
  upstream(demand: Demand): Peg[];
  /** Demands that the order serves, with the quantity of each. */
  demandsOf(order: Opplan): Map<Demand, number>;
}

export function pegging(net: Network): Pegging {
  const ledgers = new Map<Buffer, Ledger>();
  const ledgerOf = (b: Buffer): Ledger => {
    let ledger = ledgers.get(b);
    if (ledger === undefined) {
      ledger = makeLedger(b);
      ledgers.set(b, ledger);
    }
    return ledger;
  };
  const walk = (start: Opplan, quantity: number, up: boolean): Peg[] => {
    const found: Peg[] = [];
    const queue: Peg[] = [{ order: start, quantity, level: 0 }];
    // a loop in the supply chain must end
    for (let i = 0; i < queue.length && i < 100_000; i++) {
      const peg = queue[i] as Peg;
      found.push(peg);
      if (peg.level > net.levels + 20) continue;
      for (const order of family(peg.order)) {
        if (order.quantity <= EPSILON) continue;
        for (const f of order.flowplans) {
          if (up ? f.quantity >= 0 : f.quantity <= 0) continue;
          queue.push(...matches(ledgerOf(f.buffer), f, peg.quantity / peg.order.quantity, up, peg.level + 1));
        }
      }
    }
    return found;
  };
  return {
    upstream: (demand) => demand.deliveries.flatMap((d) => walk(d, d.quantity, true)),
    demandsOf(order) {
      const demands = new Map<Demand, number>();
      for (const peg of walk(order.top(), order.top().quantity, false)) {
        const { demand } = peg.order;
        if (demand !== null) demands.set(demand, (demands.get(demand) ?? 0) + peg.quantity);
      }
      return demands;
    },
  };
}

function family(o: Opplan): Opplan[] {
  return [o, ...o.subs.flatMap(family)];
}

function makeLedger(b: Buffer): Ledger {
  const ledger: Ledger = { supply: [], use: [] };
  if (b.shelf !== null) return firstExpired(b.shelf);
  let supplied = 0;
  let used = 0;
  const inOrder = [...b.flowplans].sort(
    (x, y) => x.date - y.date || y.quantity - x.quantity || x.opplan.sequence - y.opplan.sequence,
  );
  for (const plan of inOrder) {
    if (plan.quantity > 0) {
      const to = supplied + plan.quantity;
      ledger.supply.push({ plan, from: supplied, to, whole: to - supplied });
      supplied += plan.quantity;
    } else if (plan.quantity < 0) {
      const to = used - plan.quantity;
      ledger.use.push({ plan, from: used, to, whole: to - used });
      used -= plan.quantity;
    }
  }
  return ledger;
}

/** What expires first goes out first. */
function firstExpired(shelf: Shelf): Ledger {
  const ledger: Ledger = { supply: [], use: [] };
  let from = 0;
  for (const { supply, use, quantity } of sharesOf(shelf)) {
    const to = from + quantity;
    ledger.supply.push({ plan: supply, from, to, whole: supply.quantity });
    ledger.use.push({ plan: use, from, to, whole: -use.quantity });
    from = to;
  }
  return ledger;
}

/** Movements on the other side that overlap with a share of this one. */
function matches(ledger: Ledger, f: FlowPlan, share: number, up: boolean, level: number): Peg[] {
  const pegs: Peg[] = [];
  for (const own of up ? ledger.use : ledger.supply) {
    if (own.plan !== f) continue;
    for (const other of up ? ledger.supply : ledger.use) {
      const overlap = (Math.min(own.to, other.to) - Math.max(own.from, other.from)) * share;
      if (overlap <= EPSILON) continue;
      const top = other.plan.opplan.top();
      pegs.push({ order: top, quantity: (overlap / other.whole) * top.quantity, level });
    }
  }
  return pegs;
}
