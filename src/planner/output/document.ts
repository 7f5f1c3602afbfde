// A plan as frePPLe would post it (planner-wire.md 2): new orders, changes of orders that Odoo has, and promised dates, as a
// plan document that the import takes. Nothing is sent from here.
import { escapeXml } from '../../connector/document/xml.ts';
import { workTimeOf } from '../engine/capacity-time.ts';
import { byName, type Network } from '../engine/network.ts';
import { APPROVED, CLOSED, COMPLETED, type Opplan, STATUS_NAMES } from '../engine/order.ts';
import { between } from '../engine/worktime.ts';
import type { Operationplan, PlanTime } from '../model.ts';
import type { PlanModel } from '../plan-document.ts';
import { allOrders, family, lastDelivery, orderType, originOf, type References, subjectOf, unitOf } from './orders.ts';
import type { PlanPegging } from './pegging.ts';
import { type Sentence, sentence } from './sentence.ts';

export type PostedType = 'PO' | 'DO' | 'MO' | 'WO' | 'SO';

/** Which orders are written; what is absent does not limit. */
export interface DocumentFilter {
  types?: readonly PostedType[];
  /** Only new orders that start by then. */
  startBy?: PlanTime;
  /** Of the item. */
  categories?: readonly string[];
  suppliers?: readonly string[];
  /** Least value of a new order. */
  minimumValue?: number;
  /** Only these orders, by reference; other filters do not apply to them. */
  references?: ReadonlySet<string>;
  /** Of chosen orders: what a person has edited, by reference. */
  edits?: ReadonlyMap<string, { quantity?: number; end?: PlanTime; supplier?: string }>;
}

export interface DocumentSummary {
  orders: number;
  promises: number;
  /** Orders that were left out although they passed the filter, and why. */
  leftOut: { reference: string; reason: Sentence }[];
}

interface Writer {
  net: Network;
  model: PlanModel;
  references: References;
  pegging: PlanPegging;
  filter: DocumentFilter;
  /** What the document said of orders that were there before. */
  before: Map<string, Operationplan>;
}

const PIECE = 65_536;
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n';

/** The document in pieces; in the end what it holds. Orders by start, as they are posted. */
export function* planDocument(
  net: Network,
  model: PlanModel,
  references: References,
  pegging: PlanPegging,
  filter: DocumentFilter = {},
): Generator<string, DocumentSummary> {
  const before = new Map<string, Operationplan>();
  for (const o of model.operationplans) if (o.reference !== undefined) before.set(o.reference, o);
  const writer: Writer = { net, model, references, pegging, filter, before };
  const summary: DocumentSummary = { orders: 0, promises: 0, leftOut: [] };
  const wanted = (type: PostedType) => filter.types === undefined || filter.types.includes(type);
  let text = `${HEAD}<operationplans>\n`;
  const orders = [...allOrders(net)].filter((o) => isWanted(writer, o, wanted));
  orders.sort((a, b) => a.start - b.start || a.end - b.end || a.sequence - b.sequence);
  for (const o of orders) {
    const written = orderElement(writer, o);
    if ('reason' in written) {
      summary.leftOut.push({ reference: references(o), reason: written.reason });
      continue;
    }
    summary.orders++;
    text += written.xml;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  text += '</operationplans>\n';
  if (wanted('SO') && filter.references === undefined) {
    text += '<demands>\n';
    for (const d of [...net.demands.values()].sort(byName)) {
      const delivery = lastDelivery(d);
      if (d.status !== 'open' || delivery === null || !/^\S.*\s\d{1,9}$/.test(d.name)) continue;
      summary.promises++;
      text += promise(d.name, delivery);
      if (text.length < PIECE) continue;
      yield text;
      text = '';
    }
    text += '</demands>\n';
  }
  yield `${text}</plan>\n`;
  return summary;
}

/** A document of these orders alone, with what a person has edited; null when none of them can be written. */
export function documentOf(
  net: Network,
  model: PlanModel,
  references: References,
  pegging: PlanPegging,
  orders: readonly Opplan[],
  edits?: DocumentFilter['edits'],
): { xml: string | null; leftOut: DocumentSummary['leftOut'] } {
  const writer: Writer = { net, model, references, pegging, filter: { edits }, before: new Map() };
  const leftOut: DocumentSummary['leftOut'] = [];
  let elements = '';
  for (const o of orders) {
    const written = orderElement(writer, o);
    if ('reason' in written) leftOut.push({ reference: references(o), reason: written.reason });
    else elements += written.xml;
  }
  const xml = elements === '' ? null : `${HEAD}<operationplans>\n${elements}</operationplans>\n</plan>\n`;
  return { xml, leftOut };
}

/** A document that promises a delivery date for a sales order line. */
export function promiseDocument(demand: string, delivery: PlanTime): string {
  return `${HEAD}<demands>\n${promise(demand, delivery)}</demands>\n</plan>\n`;
}

function promise(name: string, delivery: PlanTime): string {
  return element('demand', { ordertype: 'SO', name, deliverydate: stamp(delivery) });
}

function isWanted(writer: Writer, o: Opplan, wanted: (type: PostedType) => boolean): boolean {
  const { filter, net, model, references } = writer;
  const type = orderType(o);
  if (type !== 'PO' && type !== 'DO' && type !== 'MO' && type !== 'WO') return false;
  if (filter.references !== undefined) return filter.references.has(references(o));
  const { item, cost } = subjectOf(o);
  if (!wanted(postedType(o, model))) return false;
  if (o.status >= COMPLETED) return false;
  // steps are written within their order, and alone only where Odoo has them
  if (type === 'WO') return o.status >= APPROVED && isChanged(writer, o) && !isWanted(writer, unitOf(o), wanted);
  if (o.status >= APPROVED) return isChanged(writer, o);
  // Odoo makes these itself when the sale is confirmed
  if (net.items.get(item)?.mto === true) return false;
  if (filter.startBy !== undefined && o.start > filter.startBy) return false;
  const { categories, suppliers, minimumValue } = filter;
  if (categories !== undefined && !categories.includes(model.items.get(item)?.category ?? '')) return false;
  if (suppliers !== undefined && type === 'PO' && !suppliers.includes(o.operation.supplierName)) return false;
  return minimumValue === undefined || cost * o.quantity >= minimumValue;
}

/** Subcontracted work is bought. */
function postedType(o: Opplan, model: PlanModel): PostedType {
  const type = orderType(o);
  if (type === 'MO' && model.operations.get(o.operation.name)?.category === 'subcontractor') return 'PO';
  return type as PostedType;
}

/** Whether an order that was there before has other dates or another quantity now; moments shorter than a minute aside. */
export function isMoved(o: Opplan, before: Operationplan): boolean {
  const differs = (a: PlanTime, b: PlanTime | undefined) => b !== undefined && Math.abs(a - b) >= 60;
  // of a purchase the arrival counts; its start is when it was ordered
  const start = orderType(o) === 'PO' ? undefined : before.start;
  return (
    differs(o.start, start) ||
    differs(o.end, before.end) ||
    (before.quantity !== undefined && Math.abs(o.quantity - before.quantity) > 1e-6)
  );
}

function isChanged({ before, references }: Writer, o: Opplan): boolean {
  const known = before.get(references(o));
  return known !== undefined && o.status < CLOSED && isMoved(o, known);
}

type Written = { xml: string } | { reason: Sentence };

function orderElement(writer: Writer, o: Opplan): Written {
  const { model, references, filter } = writer;
  const type = postedType(o, model);
  const { item, location } = subjectOf(o);
  const ids = model.items.get(item)?.subcategory ?? '';
  if (!/^\d+,\d+$/.test(ids)) return { reason: sentence('item "{item}" is not one of Odoo', { item }) };
  const operation = model.operations.get(o.operation.name);
  if (operation?.category === 'phantom') return { reason: sentence('kits are not made but taken apart') };
  const reference = references(o);
  const edit = filter.edits?.get(reference) ?? {};
  // an order that a person moves is moved as a whole
  const shift = (edit.end ?? o.end) - o.end;
  const placeId = (name: string) => model.locations.get(name)?.subcategory ?? '';
  const status: Record<string, string> = o.proposed ? {} : { status: STATUS_NAMES[o.status] ?? '' };
  const common: Record<string, string> = {
    reference,
    ordertype: type,
    ...status,
    item,
    start: stamp(o.start + shift),
    end: stamp(o.end + shift),
    quantity: String(edit.quantity ?? clean(o.quantity)),
    item_id: ids,
    batch: o.batch,
  };
  const here = { location, location_id: placeId(location) };
  switch (type) {
    case 'PO': {
      const named =
        edit.supplier ?? (orderType(o) === 'PO' ? o.operation.supplierName : (operation?.subcategory ?? ''));
      if (named === '' || named === 'Unknown supplier') return { reason: sentence('it has no supplier') };
      return { xml: element('operationplan', { ...common, ...here, supplier: named }) };
    }
    case 'DO': {
      const origin = originOf(o) ?? '';
      const places = {
        origin,
        origin_id: placeId(origin),
        destination: location,
        destination_id: placeId(location),
      };
      return { xml: element('operationplan', { ...common, ...places }) };
    }
    case 'WO':
      return {
        xml: element(
          'operationplan',
          { ...common, ...here, owner: references(unitOf(o)), operation: o.operation.name },
          contents(writer, [o]),
        ),
      };
    default: {
      const demands = Object.fromEntries(
        writer.pegging.demandsOf(o).map(({ demand, quantity }) => [demand.name, clean(quantity)]),
      );
      const routed = o.operation.kind === 'routing' && o.subs.length > 0;
      return {
        xml: element(
          'operationplan',
          { ...common, ...here, operation: o.operation.name, demand: JSON.stringify(demands) },
          routed ? stepElements(writer, o, shift) : contents(writer, family(o)),
        ),
      };
    }
  }
}

/** Finished steps are history: Odoo takes no times for them. */
function stepElements(writer: Writer, order: Opplan, shift: number): string {
  const left = order.subs.filter((step) => step.status < COMPLETED);
  return left.map((step) => workorder(writer, step, shift)).join('');
}

function workorder(writer: Writer, step: Opplan, shift: number): string {
  const work = workTimeOf(writer.net, step.operation, step);
  return element(
    'workorder',
    {
      operation: step.operation.name,
      start: stamp(step.start + shift),
      end: stamp(step.end + shift),
      remark: '',
      net_duration: String(Math.round(between(work, step.start, step.end).actual)),
    },
    contents(writer, [step]),
    '',
  );
}

/** Resources and material of orders. */
function contents({ model }: Writer, orders: readonly Opplan[]): string {
  let xml = '';
  for (const o of orders) {
    for (const { resource } of o.loadplans) {
      const id = model.resources.get(resource.name)?.category ?? '';
      // a resource that is none of Odoo's work centers is nothing that Odoo could be told
      if (/^\d+$/.test(id)) xml += element('resource', { name: resource.name, id }, '', '');
    }
    for (const f of o.flowplans) {
      const name = f.buffer.item?.name ?? '';
      const id = model.items.get(name)?.subcategory?.split(',')[1] ?? '';
      if (f.quantity === 0 || f.buffer.item === o.operation.item) continue;
      xml += element('item', { name, id, quantity: String(clean(f.quantity)) }, '', '');
    }
  }
  return xml;
}

function element(name: string, attributes: Readonly<Record<string, string>>, children = '', end = '\n'): string {
  let xml = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) xml += ` ${key}="${escapeXml(value)}"`;
  return children === '' ? `${xml}/>${end}` : `${xml}>${children}</${name}>${end}`;
}

/** `2026-01-05 08:00:00` */
function stamp(t: PlanTime): string {
  return new Date(t * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function clean(n: number): number {
  return Number(n.toFixed(8));
}
