// Orders that are there already: to move where the plan moved them, to hurry where customers wait for them, to postpone
// where they come long before they are needed, to cancel where nobody needs them.
import { type Buffer, Operation } from '../engine/network.ts';
import { APPROVED, CLOSED, COMPLETED, type Opplan } from '../engine/order.ts';
import type { PlanTime } from '../model.ts';
import { documentOf, isMoved } from '../output/document.ts';
import { allOrders, orderType, originOf, subjectOf } from '../output/orders.ts';
import { day, type Filling, list, type Sentence, sentence, span } from '../output/sentence.ts';
import {
  joinDemands,
  keyFor,
  neededFor,
  type Recommendation,
  type RecommendationKind,
  type ServedDemand,
  saidOf,
  urgencyOf,
} from './recommendation.ts';
import { receiptOf, type Surroundings, servedBy } from './surroundings.ts';

const DAY = 86_400;
const HOUR = 3600;
const EPSILON = 1e-6;

/** What is to happen to an order. */
interface Change {
  kind: RecommendationKind;
  title: Sentence;
  reasons: Sentence[];
  quantity: number;
  start: PlanTime;
  end: PlanTime;
  before: Recommendation['before'];
  decideBy: PlanTime;
  demands: ServedDemand[];
  demandCount: number;
  /** How Odoo is told; null: by a person. */
  edit: { quantity?: number; end?: PlanTime } | null;
}

export function* recommendChanges(s: Surroundings): Generator<Recommendation> {
  const spare = spareOf(s);
  for (const o of allOrders(s.net)) {
    const type = orderType(o);
    if (o.status < APPROVED || o.status >= COMPLETED || type === 'WO' || type === 'DLVR') continue;
    const change =
      cancelled(s, o, spare.get(o) ?? 0) ?? moved(s, o) ?? overdue(s, o) ?? hurried(s, o) ?? postponed(s, o);
    if (change !== null) yield ofChange(s, o, change);
  }
}

/** What titles name an order by. */
function orderOf(s: Surroundings, o: Opplan): { order: string; quantity: number; item: string } {
  return { order: s.references(o), quantity: o.quantity, item: subjectOf(o).item };
}

function served(s: Surroundings, o: Opplan): { demands: ServedDemand[]; demandCount: number } {
  const { demands, count } = joinDemands([servedBy(s, o)]);
  return { demands, demandCount: count };
}

/** What of each order nobody needs, the last ones first: stock never falls below its target without it. */
function spareOf(s: Surroundings): Map<Opplan, number> {
  const spare = new Map<Opplan, number>();
  const byBuffer = new Map<Buffer, { o: Opplan; date: PlanTime }[]>();
  for (const o of allOrders(s.net)) {
    if (o.status < APPROVED || o.status >= COMPLETED || o.completed > 0 || orderType(o) === 'WO') continue;
    // what has begun is not taken back
    if (orderType(o) !== 'PO' && o.start < s.net.current) continue;
    const receipt = receiptOf(o);
    if (receipt === null || receipt.buffer.infinite) continue;
    const known = byBuffer.get(receipt.buffer) ?? [];
    known.push({ o, date: receipt.date });
    byBuffer.set(receipt.buffer, known);
  }
  for (const [b, orders] of byBuffer) {
    let taken = 0;
    for (const { o, date } of orders.sort((x, y) => y.date - x.date || y.o.sequence - x.o.sequence)) {
      const left = leastAbove(b, date) - taken;
      const quantity = Math.min(o.quantity, left);
      if (quantity <= EPSILON) continue;
      taken += quantity;
      spare.set(o, quantity);
    }
  }
  return spare;
}

/** The least by which stock is above its target from a moment on. */
function leastAbove(b: Buffer, from: PlanTime): number {
  const target = (t: PlanTime) => Math.max(b.minimumAt(t), b.maximumAt(t), 0);
  let least = b.stock.at(from) - target(from);
  b.stock.scan(from, (t, value) => {
    least = Math.min(least, value - target(t));
    return true;
  });
  return least;
}

function cancelled(s: Surroundings, o: Opplan, spare: number): Change | null {
  if (spare <= EPSILON) return null;
  const left = spare >= o.quantity - EPSILON ? 0 : lotOf(o, o.quantity - spare);
  // a remainder of a lot is no reason to call a supplier
  if (o.quantity - left < o.quantity * 0.2) return null;
  const whole = left === 0;
  const quantity = o.quantity - left;
  const { item, location } = subjectOf(o);
  const needs = served(s, o);
  const title = whole
    ? sentence('Cancel {order} ({quantity} {item})', orderOf(s, o))
    : sentence('Reduce {order} from {quantity} to {left} {item}', { ...orderOf(s, o), left });
  const reasons = [
    sentence('Stock of {item} at {location} never falls below its target without {quantity} of it.', {
      item,
      location,
      quantity,
    }),
  ];
  if (whole) reasons.push(sentence('No demand of the plan needs it; cancel it in Odoo.'));
  return {
    kind: 'cancel',
    title,
    reasons,
    quantity,
    start: o.start,
    end: o.end,
    before: { start: o.start, end: o.end, quantity: o.quantity },
    decideBy: Math.max(s.net.current, orderType(o) === 'PO' ? o.end - DAY : o.start),
    ...(whole ? { demands: [], demandCount: 0 } : needs),
    edit: whole ? null : { quantity: left },
  };
}

/** The least that can be ordered when so much is needed; whole units where the order has them. */
function lotOf(o: Opplan, needed: number): number {
  const { sizeMinimum, sizeMultiple } = o.operation;
  const least = Math.max(needed, sizeMinimum);
  if (sizeMultiple > 0) return Math.ceil(least / sizeMultiple - EPSILON) * sizeMultiple;
  return Number.isInteger(o.quantity) ? Math.ceil(least - EPSILON) : least;
}

/** The plan itself has moved it. */
function moved(s: Surroundings, o: Opplan): Change | null {
  const before = s.before.get(s.references(o));
  if (o.status >= CLOSED || before === undefined || !isMoved(o, before)) return null;
  const was = { start: before.start ?? o.start, end: before.end ?? o.end, quantity: before.quantity ?? o.quantity };
  const now = s.net.current;
  const shift = o.end - was.end;
  const resized = Math.abs(o.quantity - was.quantity) > EPSILON;
  // what has begun cannot begin another day, and an hour is no news
  const restarted = was.start >= now && Math.abs(o.start - was.start) >= DAY;
  if (Math.abs(shift) < HOUR && !restarted && !resized) return null;
  const needs = served(s, o);
  const reasons: Sentence[] = [];
  if (needs.demandCount > 0) reasons.push(neededFor(needs.demands, needs.demandCount));
  if (was.end < now || was.start < now)
    reasons.push(sentence('It was planned for {from} to {to}.', { from: day(was.start), to: day(was.end) }));
  else if (shift > 0) reasons.push(sentence('Its material or capacity is not there earlier.'));
  else if (shift < 0) reasons.push(sentence('It is needed earlier than it was planned.'));
  if (resized) {
    reasons.push(sentence('Its quantity changes from {from} to {to}.', { from: was.quantity, to: o.quantity }));
  }
  return {
    kind: 'reschedule',
    title:
      Math.abs(shift) < HOUR && restarted
        ? startMoved(orderOf(s, o), was.start, o.start)
        : endMoved(orderOf(s, o), was.end, o.end),
    reasons,
    quantity: o.quantity,
    start: o.start,
    end: o.end,
    before: was,
    decideBy: Math.max(now, Math.min(was.start, o.start)),
    ...needs,
    edit: {},
  };
}

function startMoved(order: ReturnType<typeof orderOf>, from: PlanTime, to: PlanTime): Sentence {
  const dates = { ...order, from: day(from), to: day(to) };
  return isSameDay(from, to)
    ? sentence('Reschedule the start of {order} ({quantity} {item}) from {day} {from} to {to}', {
        ...order,
        ...timesOf(from, to),
      })
    : sentence('Reschedule the start of {order} ({quantity} {item}) from {from} to {to}', dates);
}

function endMoved(order: ReturnType<typeof orderOf>, from: PlanTime, to: PlanTime): Sentence {
  const dates = { ...order, from: day(from), to: day(to) };
  return isSameDay(from, to)
    ? sentence('Reschedule {order} ({quantity} {item}) from {day} {from} to {to}', { ...order, ...timesOf(from, to) })
    : sentence('Reschedule {order} ({quantity} {item}) from {from} to {to}', dates);
}

const isSameDay = (from: PlanTime, to: PlanTime) => Math.floor(from / DAY) === Math.floor(to / DAY);

/** Within a day the times of day matter. */
function timesOf(from: PlanTime, to: PlanTime): { day: Filling; from: string; to: string } {
  const time = (t: PlanTime) => new Date(t * 1000).toISOString().slice(11, 16);
  return { day: day(from), from: time(from), to: time(to) };
}

/** It should be done by now, and nobody says so. */
function overdue(s: Surroundings, o: Opplan): Change | null {
  const now = s.net.current;
  // of today it may still come
  if (!o.locked || o.end >= Math.floor(now / DAY) * DAY) return null;
  const needs = served(s, o);
  const { supplierName } = o.operation;
  const reasons = [
    orderType(o) === 'PO'
      ? sentence('It should have arrived on {day}: ask {supplier} for a new date and enter it in Odoo.', {
          day: day(o.end),
          supplier: supplierName,
        })
      : sentence('It should have been done on {day}: report it done, or give it a new date in Odoo.', {
          day: day(o.end),
        }),
  ];
  if (needs.demandCount > 0) reasons.push(neededFor(needs.demands, needs.demandCount));
  return {
    kind: 'reschedule',
    title: sentence('Ask for {order} ({quantity} {item}), {time} overdue', {
      ...orderOf(s, o),
      time: span(now - o.end),
    }),
    reasons,
    quantity: o.quantity,
    start: o.start,
    end: now,
    before: { start: o.start, end: o.end, quantity: o.quantity },
    decideBy: o.end,
    ...needs,
    edit: null,
  };
}

/** Customers wait for it: had it come earlier, they would be served in time. */
function hurried(s: Surroundings, o: Opplan): Change | null {
  if (!o.locked) return null;
  const needs = served(s, o);
  const waiting = needs.demands.filter((d) => d.late > 0 && isHeldUpBy(s, d.name, o));
  if (waiting.length === 0 || !isUsedAtOnce(o)) return null;
  const now = s.net.current;
  const wanted = Math.max(now + DAY, o.end - Math.max(...waiting.map((d) => d.late)));
  if (wanted > o.end - DAY / 2) return null;
  const facts = { ...orderOf(s, o), wanted: day(wanted), day: day(o.end) };
  const demands = list(waiting.map((d) => d.name).slice(0, 3));
  return {
    kind: 'reschedule',
    title:
      orderType(o) === 'PO'
        ? sentence('Hurry {order} ({quantity} {item}) from {supplier}: wanted on {wanted} instead of {day}', {
            ...facts,
            supplier: o.operation.supplierName,
          })
        : sentence('Hurry {order} ({quantity} {item}): wanted on {wanted} instead of {day}', facts),
    reasons: [
      waiting.length === 1
        ? sentence('{demands} will be late and waits for it.', { demands })
        : sentence('{demands} will be late and wait for it.', { demands }),
    ],
    quantity: o.quantity,
    start: o.start,
    end: wanted,
    before: { start: o.start, end: o.end, quantity: o.quantity },
    decideBy: now,
    demands: waiting,
    demandCount: waiting.length,
    edit: { end: wanted },
  };
}

/** Whether the engine noted that a demand is late for what the order brings, and not only for capacity. */
function isHeldUpBy({ net }: Surroundings, demand: string, o: Opplan): boolean {
  const buffer = receiptOf(o)?.buffer;
  return (net.demands.get(demand)?.constraints ?? []).some(({ kind, owner, operation }) => {
    if (kind !== 'leadtime' && kind !== 'await' && kind !== 'material') return false;
    if (owner === buffer) return true;
    const maker = owner instanceof Operation ? owner : operation;
    return maker?.flows.some((f) => f.quantity > 0 && f.buffer === buffer) ?? false;
  });
}

/** Whether what it brings is taken within some days, a weekend among them, so that its date matters. */
function isUsedAtOnce(o: Opplan): boolean {
  const receipt = receiptOf(o);
  if (receipt === null) return false;
  const { buffer, date } = receipt;
  return buffer.flowplans.some((f) => f.quantity < 0 && f.date >= date - 1 && f.date <= date + 4 * DAY);
}

/** It comes long before it is needed. */
function postponed(s: Surroundings, o: Opplan): Change | null {
  const now = s.net.current;
  const b = receiptOf(o)?.buffer ?? null;
  const started = orderType(o) !== 'PO' && o.start <= now;
  if (b === null || b.infinite || started || o.completed > 0 || o.end <= now) return null;
  // without it: the first moment in which its quantity would be missing
  const needed = firstBelow(b, o);
  if (needed === null || needed - o.end < s.options.postponeDays * DAY) return null;
  const needs = served(s, o);
  return {
    kind: 'reschedule',
    title: sentence('Postpone {order} ({quantity} {item}) from {from} to {to}', {
      ...orderOf(s, o),
      from: day(o.end),
      to: day(needed),
    }),
    reasons: [
      sentence('It is not needed before {day}, {time} after it comes.', {
        day: day(needed),
        time: span(needed - o.end),
      }),
      ...(needs.demandCount > 0 ? [neededFor(needs.demands, needs.demandCount)] : []),
    ],
    quantity: o.quantity,
    start: o.start + (needed - o.end),
    end: needed,
    before: { start: o.start, end: o.end, quantity: o.quantity },
    decideBy: orderType(o) === 'PO' ? o.end - DAY : o.start,
    ...needs,
    edit: { end: needed },
  };
}

function firstBelow(b: Buffer, o: Opplan): PlanTime | null {
  let found: PlanTime | null = null;
  b.net.scan(o.end, (t, value) => {
    if (t <= o.end || value >= o.quantity - EPSILON) return true;
    found = t;
    return false;
  });
  return found;
}

function ofChange(s: Surroundings, o: Opplan, change: Change): Recommendation {
  const { edit, title, reasons, ...rest } = change;
  const reference = s.references(o);
  const agreed =
    edit !== null && o.locked && orderType(o) === 'PO'
      ? [
          sentence('Agree it with {supplier} first: accepting enters it in Odoo.', {
            supplier: o.operation.supplierName,
          }),
        ]
      : [];
  const { item, location, cost } = subjectOf(o);
  const edits = edit === null ? undefined : new Map([[reference, edit]]);
  const { xml, leftOut } =
    edit === null ? { xml: null, leftOut: [] } : documentOf(s.net, s.model, s.references, s.pegging, [o], edits);
  const cannot = leftOut.map(({ reason }) => sentence('It cannot be changed in Odoo from here: {reason}.', { reason }));
  const { kind, ...facts } = rest;
  return {
    kind,
    ...saidOf(title, [...reasons, ...agreed, ...cannot], s.net.current),
    ...facts,
    key: keyFor(change.kind, reference),
    item,
    location,
    supplier: orderType(o) === 'PO' ? o.operation.supplierName : null,
    origin: originOf(o),
    operation: orderType(o) === 'MO' ? o.operation.name : null,
    references: [reference],
    urgency: urgencyOf(change.decideBy, s.net.current),
    value: cost * change.quantity,
    document: xml,
  };
}
