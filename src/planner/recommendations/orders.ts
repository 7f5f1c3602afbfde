// New orders to place: what to buy, to make and to move, those of one thing within some days together.
import { byName, type Operation } from '../engine/network.ts';
import { type Opplan, PROPOSED } from '../engine/order.ts';
import type { PlanTime } from '../model.ts';
import { documentOf } from '../output/document.ts';
import { orderType, originOf, subjectOf } from '../output/orders.ts';
import { leadTimeOf } from '../output/reasons.ts';
import { day, type Sentence, sentence } from '../output/sentence.ts';
import {
  joinDemands,
  keyFor,
  neededFor,
  type Recommendation,
  type RecommendationKind,
  saidOf,
  urgencyOf,
} from './recommendation.ts';
import { receiptOf, runsOutAt, type Surroundings, servedBy } from './surroundings.ts';

const DAY = 86_400;

export function* recommendOrders(s: Surroundings): Generator<Recommendation> {
  for (const operation of [...s.net.operations.values()].sort(byName)) {
    const kind = kindOf(s, operation);
    if (kind === null) continue;
    const soon = s.net.current + windowOf(s, operation, kind);
    const orders = [...operation.opplans]
      .filter((o) => o.status === PROPOSED && o.quantity > 0 && isTop(o) && o.start <= soon)
      .sort((a, b) => a.start - b.start || a.end - b.end || a.sequence - b.sequence);
    for (let i = 0; i < orders.length; ) {
      const group = [orders[i++]!];
      while (i < orders.length && orders[i]!.start < group[0]!.start + s.options.groupDays * DAY) {
        if (orders[i]!.batch !== group[0]!.batch) break;
        group.push(orders[i++]!);
      }
      yield ofGroup(s, kind, group);
    }
  }
}

function kindOf({ model, net }: Surroundings, operation: Operation): RecommendationKind | null {
  switch (operation.kind) {
    case 'purchase':
      return operation.supplierName === 'Unknown supplier' ? null : 'purchase';
    case 'distribution':
      return 'transfer';
    case 'routing':
    case 'fixed':
    case 'timeper': {
      const category = model.operations.get(operation.name)?.category;
      if (category === 'phantom' || operation.inRouting) return null;
      // what is made to order is made by Odoo when the sale is confirmed
      if (operation.item !== null && net.items.get(operation.item.name)?.mto === true) return null;
      return category === 'subcontractor' ? 'purchase' : 'produce';
    }
    default:
      return null;
  }
}

/** Not a step: an order of its own, or what an alternate has chosen. */
function isTop(o: Opplan): boolean {
  return o.owner === null || o.owner.operation.kind === 'alternate' || o.owner.operation.kind === 'split';
}

/** How long before its start an order is recommended (planner-wire.md 4). */
function windowOf({ options }: Surroundings, operation: Operation, kind: RecommendationKind): number {
  if (kind !== 'purchase') return options.startDays * DAY;
  return Math.max(options.purchaseDays * DAY, leadTimeOf(operation));
}

function ofGroup(s: Surroundings, kind: RecommendationKind, orders: readonly Opplan[]): Recommendation {
  const now = s.net.current;
  const first = orders[0]!;
  const { operation } = first;
  const { item, location, cost } = subjectOf(first);
  const quantity = orders.reduce((sum, o) => sum + o.quantity, 0);
  const end = Math.min(...orders.map((o) => o.end));
  const bought = kind === 'purchase';
  const supplier = !bought
    ? null
    : operation.kind === 'purchase'
      ? operation.supplierName
      : (s.model.operations.get(operation.name)?.subcategory ?? null);
  const origin = originOf(first);
  const references = orders.map(s.references);
  const { demands, count } = joinDemands(orders.map((o) => servedBy(s, o)));
  const title = bought
    ? sentence('Buy {quantity} {item} from {supplier}', { quantity, item, supplier: String(supplier) })
    : kind === 'transfer'
      ? sentence('Move {quantity} {item} from {origin} to {location}', {
          quantity,
          item,
          origin: String(origin),
          location,
        })
      : sentence('Make {quantity} {item} at {location}', { quantity, item, location });
  const reasons: Sentence[] = [];
  if (count > 0) reasons.push(neededFor(demands, count));
  const buffer = receiptOf(first)?.buffer ?? null;
  const out = buffer === null ? null : runsOutAt(buffer, now);
  if (out !== null) reasons.push(stockSaid(item, location, out, now));
  if (reasons.length === 0)
    reasons.push(sentence('It fills up the stock of {item} at {location}.', { item, location }));
  reasons.push(datesSaid(kind, first.start, end));
  if (orders.length > 1) {
    const last = day(orders[orders.length - 1]!.start);
    reasons.push(sentence('{count} orders, the last of them to begin on {day}.', { count: orders.length, day: last }));
  }
  const late = demands.filter((d) => d.late > 0).map((d) => d.name);
  if (late.length === 1) {
    reasons.push(sentence('{demand} will be late: each day counts.', { demand: String(late[0]) }));
  } else if (late.length > 1) {
    reasons.push(sentence('{count} of these will be late: each day counts.', { count: late.length }));
  }
  const { xml, leftOut } = documentOf(s.net, s.model, s.references, s.pegging, orders);
  for (const { reason } of leftOut.slice(0, 1))
    reasons.push(sentence('It cannot be created in Odoo from here: {reason}.', { reason }));
  return {
    key: keyFor(kind, item, location, supplier, operation.name, first.batch, references[0]!),
    kind,
    item,
    location,
    supplier,
    origin,
    operation: orderType(first) === 'MO' ? operation.name : null,
    quantity,
    start: first.start,
    end,
    before: null,
    references,
    ...saidOf(title, reasons, now),
    demands,
    demandCount: count,
    urgency: urgencyOf(first.start, now),
    decideBy: first.start,
    value: cost * quantity,
    document: xml,
  };
}

function stockSaid(item: string, location: string, out: { date: PlanTime; below: number }, now: PlanTime): Sentence {
  const place = { item, location };
  const when = day(out.date);
  if (!(out.below > 0)) return sentence('Stock of {item} at {location} runs out on {day}.', { ...place, day: when });
  const safety = out.below;
  return out.date <= now
    ? sentence('Stock of {item} at {location} is below its safety stock of {safety}.', { ...place, safety })
    : sentence('Stock of {item} at {location} will be, from {day}, below its safety stock of {safety}.', {
        ...place,
        day: when,
        safety,
      });
}

function datesSaid(kind: RecommendationKind, start: PlanTime, end: PlanTime): Sentence {
  const values = { start: day(start), end: day(end) };
  if (kind === 'purchase') return sentence('Order it on {start}; it arrives on {end}.', values);
  if (kind === 'transfer') return sentence('Ship it on {start}; it arrives on {end}.', values);
  return sentence('Start it on {start}; it is done on {end}.', values);
}
