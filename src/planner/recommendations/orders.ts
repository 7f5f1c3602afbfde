// New orders to place: what to buy, to make and to move, those of one thing within some days together.
import { byName, type Operation } from '../engine/network.ts';
import { type Opplan, PROPOSED } from '../engine/order.ts';
import { documentOf } from '../output/document.ts';
import { orderType, originOf, subjectOf } from '../output/orders.ts';
import { leadTimeOf } from '../output/reasons.ts';
import { dayWords, quantityWords } from '../output/words.ts';
import {
  joinDemands,
  keyFor,
  neededFor,
  type Recommendation,
  type RecommendationKind,
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
  const amount = `${quantityWords(quantity)} ${item}`;
  const title = bought
    ? `Buy ${amount} from ${supplier}`
    : kind === 'transfer'
      ? `Move ${amount} from ${origin} to ${location}`
      : `Make ${amount} at ${location}`;
  const reasons: string[] = [];
  if (count > 0) reasons.push(neededFor(demands, count, now));
  const buffer = receiptOf(first)?.buffer ?? null;
  const out = buffer === null ? null : runsOutAt(buffer, now);
  if (out !== null) {
    const place = `${item} at ${location}`;
    const when = out.date <= now ? 'is' : `will be, from ${dayWords(out.date, now)},`;
    reasons.push(
      out.below > 0
        ? `Stock of ${place} ${when} below its safety stock of ${quantityWords(out.below)}.`
        : `Stock of ${place} runs out on ${dayWords(out.date, now)}.`,
    );
  }
  if (reasons.length === 0) reasons.push(`It fills up the stock of ${item} at ${location}.`);
  const begin = bought ? 'Order it' : kind === 'transfer' ? 'Ship it' : 'Start it';
  const ends = kind === 'produce' ? 'is done' : 'arrives';
  reasons.push(`${begin} on ${dayWords(first.start, now)}; it ${ends} on ${dayWords(end, now)}.`);
  if (orders.length > 1) {
    const until = dayWords(orders[orders.length - 1]!.start, now);
    reasons.push(`${orders.length} orders, the last of them to begin on ${until}.`);
  }
  const names = demands.filter((d) => d.late > 0).map((d) => d.name);
  if (names.length > 0) {
    reasons.push(`${names.length === 1 ? names[0] : `${names.length} of these`} will be late: each day counts.`);
  }
  const { xml, leftOut } = documentOf(s.net, s.model, s.references, s.pegging, orders);
  for (const { reason } of leftOut.slice(0, 1)) reasons.push(`It cannot be created in Odoo from here: ${reason}.`);
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
    title,
    reasons,
    demands,
    demandCount: count,
    urgency: urgencyOf(first.start, now),
    decideBy: first.start,
    value: cost * quantity,
    document: xml,
  };
}
