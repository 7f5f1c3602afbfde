// A quote as people read it: the dates, the chain of orders that would be made for it and the stock it would take, and what
// constrains it. Reads only.
import type { Buffer, Demand, Network } from '../engine/network.ts';
import type { Opplan } from '../engine/order.ts';
import { endOf, isWhole, type Put } from '../engine/quote.ts';
import { family, isScaffold, orderType, originOf, subjectOf, unitOf } from '../output/orders.ts';
import type { PlanPegging } from '../output/pegging.ts';
import { reasonsOf } from '../output/reasons.ts';
import type { ChainLink, LinePromise } from './protocol.ts';

const EPSILON = 1e-6;

interface Chain {
  links: ChainLink[];
  units: { order: Opplan; quantity: number; level: number }[];
}

export function promiseOf(net: Network, { demand, orders }: Put, wanted: number | null): LinePromise {
  const chain = chainOf(demand, orders);
  const whole = isWhole(demand);
  const promised = whole ? endOf(demand) : null;
  const late = promised === null ? 0 : Math.max(0, promised - Math.max(wanted ?? net.current, net.current));
  const short = Math.max(0, demand.quantity - demand.planned());
  // what replaces stock after the delivery constrains others, not this one
  const inTime = chain.units.filter(({ order }) => promised === null || order.end <= promised);
  const pegging: Pick<PlanPegging, 'supplyOf'> = { supplyOf: () => inTime };
  return {
    item: demand.item?.name ?? '',
    location: demand.location?.name ?? '',
    quantity: demand.quantity,
    wanted,
    deliveries: demand.deliveries
      .map((o) => ({ date: Math.round(o.end), quantity: o.quantity }))
      .sort((a, b) => a.date - b.date),
    promised: promised === null ? null : Math.round(promised),
    short: short > EPSILON ? short : 0,
    late: Math.round(late),
    chain: chain.links,
    reasons: late > 0 || !whole ? reasonsOf(net, demand, pegging as PlanPegging) : [],
  };
}

/** From the delivery upstream: what was made for it, and what is taken from the plan's stock. */
function chainOf(demand: Demand, orders: readonly Opplan[]): Chain {
  const chain: Chain = { links: [], units: [] };
  const seen = new Set<Opplan>();
  const made = new Map<Buffer, Opplan[]>();
  for (const top of orders) {
    for (const o of family(top)) {
      for (const f of o.flowplans) {
        if (f.slot < 0 || f.quantity <= 0) continue;
        const unit = unitOf(o);
        const list = made.get(f.buffer) ?? [];
        if (!list.includes(unit)) list.push(unit);
        made.set(f.buffer, list);
      }
    }
  }
  let wave = demand.deliveries.map(unitOf);
  for (let level = 0; wave.length > 0; level++) {
    const needs = new Map<Buffer, { quantity: number; date: number }>();
    for (const unit of wave) {
      if (seen.has(unit)) continue;
      seen.add(unit);
      chain.units.push({ order: unit, quantity: unit.quantity, level });
      chain.links.push(...linksOf(unit, level));
      for (const o of family(unit)) {
        for (const f of o.flowplans) {
          if (f.slot < 0 || f.quantity >= 0) continue;
          const need = needs.get(f.buffer) ?? { quantity: 0, date: f.date };
          need.quantity -= f.quantity;
          need.date = Math.min(need.date, f.date);
          needs.set(f.buffer, need);
        }
      }
    }
    wave = [];
    for (const [buffer, { quantity, date }] of needs) {
      const supply = (made.get(buffer) ?? []).filter((unit) => !seen.has(unit));
      const fresh = supply.reduce((sum, unit) => sum + broughtInto(unit, buffer), 0);
      const taken = quantity - fresh;
      if (taken > EPSILON) chain.links.push(stockLink(buffer, taken, date, level + 1));
      wave.push(...supply);
    }
  }
  return chain;
}

function broughtInto(unit: Opplan, buffer: Buffer): number {
  let sum = 0;
  for (const o of family(unit))
    for (const f of o.flowplans) if (f.buffer === buffer && f.quantity > 0) sum += f.quantity;
  return sum;
}

function stockLink(buffer: Buffer, quantity: number, date: number, level: number): ChainLink {
  // before this moment there is less than what is taken
  const less = buffer.stock.previousBelow(date, -EPSILON);
  const before = Math.max(less, buffer.stock.previousBelow(date, quantity - EPSILON));
  const since = Number.isFinite(before) ? buffer.stock.next(before) : null;
  return {
    level,
    type: 'STCK',
    item: buffer.item?.name ?? buffer.name,
    location: buffer.location?.name ?? '',
    operation: null,
    supplier: null,
    origin: null,
    quantity,
    start: null,
    end: since === null || !Number.isFinite(since) || since > date ? null : Math.round(since),
    resources: [],
  };
}

function linksOf(unit: Opplan, level: number): ChainLink[] {
  return family(unit)
    .filter((o) => !isScaffold(o) && o.quantity > 0)
    .map((o) => {
      const type = orderType(o) as ChainLink['type'];
      const { item, location } = subjectOf(o);
      return {
        level,
        type,
        item,
        location,
        operation: type === 'MO' || type === 'WO' ? o.operation.name : null,
        supplier: type === 'PO' ? o.operation.supplierName : null,
        origin: originOf(o),
        quantity: o.quantity,
        start: Math.round(o.start),
        end: Math.round(o.end),
        resources: o.loadplans.map((l) => l.resource.name),
      };
    });
}
