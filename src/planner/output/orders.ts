// The orders of a planned network as people know them: purchase, manufacturing with its steps, transport, delivery; with
// references. Alternates and other scaffolding of the engine are left out. Reads only.
import { byName, type Demand, type Network } from '../engine/network.ts';
import { type FlowPlan, type LoadPlan, type Opplan, STATUS_NAMES } from '../engine/order.ts';
import type { OperationplanStatus, OrderType, PlanTime } from '../model.ts';

/** One order of the plan. */
export interface OrderOutput {
  /** That of Odoo for orders it has; one of our own, the same in the next plan where possible, for new ones. */
  reference: string;
  /** MO, PO, DO; WO is a step of an MO; DLVR a delivery to a customer. */
  type: OrderType;
  status: OperationplanStatus;
  operation: string;
  item: string;
  /** Where it is made, received or delivered from. */
  location: string;
  /** Of transports. */
  origin: string | null;
  supplier: string | null;
  /** Of make-to-order material. */
  batch: string | null;
  quantity: number;
  quantityCompleted: number;
  start: PlanTime;
  end: PlanTime;
  /** End of the set-up at its beginning; null when there is none. */
  setupEnd: PlanTime | null;
  /** Reference of the MO that a WO belongs to. */
  owner: string | null;
  /** Of deliveries. */
  demand: string | null;
  resources: { name: string; quantity: number }[];
  /** Negative: consumed. */
  materials: { item: string; location: string; quantity: number; date: PlanTime }[];
  /** Item cost times quantity. */
  value: number;
}

export function orderType(o: Opplan): OrderType {
  switch (o.operation.kind) {
    case 'purchase':
      return 'PO';
    case 'distribution':
      return 'DO';
    case 'delivery':
      return 'DLVR';
    case 'inventory':
      return 'STCK';
    default:
      return o.owner !== null && o.owner.operation.kind === 'routing' ? 'WO' : 'MO';
  }
}

/** Whether an order is only the engine's choice between others. */
export function isScaffold(o: Opplan): boolean {
  return o.operation.kind === 'alternate' || o.operation.kind === 'split';
}

/** The order that a person would name: the MO of a step, otherwise the order itself. */
export function unitOf(o: Opplan): Opplan {
  let unit = o;
  while (unit.owner !== null && unit.owner.operation.kind === 'routing') unit = unit.owner;
  return unit;
}

/** The order and its steps. */
export function family(o: Opplan): Opplan[] {
  return o.subs.length === 0 ? [o] : [o, ...o.subs.flatMap(family)];
}

/** Orders by end, then start, quantity, and as they came. */
function byEnd(a: Opplan, b: Opplan): number {
  return a.end - b.end || a.start - b.start || b.quantity - a.quantity || a.sequence - b.sequence;
}

/** All orders but stock, by name of operation and end. Steps are orders of their own. */
export function* allOrders(net: Network): Generator<Opplan> {
  for (const operation of [...net.operations.values()].sort(byName)) {
    if (operation.kind === 'inventory' || operation.kind === 'alternate' || operation.kind === 'split') continue;
    for (const o of [...operation.opplans].sort(byEnd)) if (o.quantity > 0 || o.locked) yield o;
  }
}

/** References of orders. */
export type References = (o: Opplan) => string;

/**
 * Gives every order a reference. New orders are numbered within their operation (deliveries within their demand), so that
 * the next plan calls the same order the same, even when its date or quantity has changed.
 */
export function referencesOf(net: Network): References {
  const names = new Map<Opplan, string>();
  const taken = new Set<string>();
  const fresh: Opplan[] = [];
  for (const o of allOrders(net)) {
    if (o.reference !== '' && !taken.has(o.reference)) {
      names.set(o, o.reference);
      taken.add(o.reference);
    } else fresh.push(o);
  }
  const counts = new Map<string, number>();
  for (const o of fresh) {
    if (orderType(o) === 'WO') continue;
    const base = `${PREFIX[orderType(o)] ?? ''}${hash(`${o.operation.name}\u0000${o.batch}\u0000${o.demand?.name ?? ''}`)}`;
    for (;;) {
      const n = (counts.get(base) ?? 0) + 1;
      counts.set(base, n);
      const name = `${base}-${n}`;
      if (taken.has(name)) continue;
      names.set(o, name);
      taken.add(name);
      break;
    }
  }
  for (const o of fresh) {
    const { owner } = o;
    if (orderType(o) === 'WO' && owner !== null) names.set(o, `${names.get(owner) ?? ''}.${owner.subs.indexOf(o) + 1}`);
  }
  return (o) => names.get(o) ?? o.reference;
}

const PREFIX: Partial<Record<OrderType, string>> = { MO: 'M', PO: 'P', DO: 'T', DLVR: 'D' };

/** A short name that depends on nothing but the text (FNV-1a). */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return (h >>> 0).toString(36).toUpperCase().padStart(7, '0');
}

/** The movement that an order is about: what it brings in, or takes out when it delivers. */
function mainFlow(o: Opplan): FlowPlan | null {
  const made = o.operation.item;
  let found: FlowPlan | null = null;
  for (const one of family(o)) {
    for (const f of one.flowplans) {
      if (o.operation.kind !== 'delivery' && f.flow.quantity <= 0 && f.flow.fixed <= 0) continue;
      if (made !== null && f.buffer.item === made) return f;
      found ??= f;
    }
  }
  return found;
}

/** What an order makes, and where: `''` where the model does not say. */
export function subjectOf(o: Opplan): { item: string; location: string; cost: number } {
  const unit = orderType(o) === 'WO' ? unitOf(o) : o;
  const flow = mainFlow(unit);
  const item = unit.operation.item ?? flow?.buffer.item ?? null;
  const location = flow?.buffer.location ?? unit.operation.location;
  return { item: item?.name ?? '', location: location?.name ?? '', cost: item?.cost ?? 0 };
}

/** Where a transport comes from. */
export function originOf(o: Opplan): string | null {
  if (o.operation.kind !== 'distribution') return null;
  const from = o.operation.flows.find((f) => f.quantity < 0);
  return from?.buffer.location?.name ?? null;
}

export function orderOutput(o: Opplan, references: References): OrderOutput {
  const type = orderType(o);
  const { item, location, cost } = subjectOf(o);
  return {
    reference: references(o),
    type,
    status: STATUS_NAMES[o.status] ?? 'proposed',
    operation: o.operation.name,
    item,
    location,
    origin: originOf(o),
    supplier: type === 'PO' ? o.operation.supplierName : null,
    batch: o.batch === '' ? null : o.batch,
    quantity: o.quantity,
    quantityCompleted: o.completed,
    start: o.start,
    end: o.end,
    setupEnd: o.setup !== '' && o.setupEnd > o.start ? o.setupEnd : null,
    owner: type === 'WO' ? references(unitOf(o)) : null,
    demand: o.demand?.name ?? null,
    resources: o.loadplans.map((l: LoadPlan) => ({ name: l.resource.name, quantity: l.quantity })),
    materials: o.flowplans
      .filter((f) => f.quantity !== 0)
      .map((f) => ({
        item: f.buffer.item?.name ?? f.buffer.name,
        location: f.buffer.location?.name ?? '',
        quantity: f.quantity,
        date: f.date,
      })),
    value: type === 'WO' ? 0 : cost * o.quantity,
  };
}

/** Orders as they are written to tables; nothing of it is kept. */
export function* orderOutputs(net: Network, references: References): Generator<OrderOutput> {
  for (const o of allOrders(net)) yield orderOutput(o, references);
}

/** Latest delivery of a demand; null when nothing is delivered. */
export function lastDelivery(d: Demand): PlanTime | null {
  let last: PlanTime | null = null;
  for (const o of d.deliveries) if (last === null || o.end > last) last = o.end;
  return last;
}
