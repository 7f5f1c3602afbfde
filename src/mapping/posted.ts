// Orders as a plan document posts them, checked one by one: a mistake in one is its refusal and nobody else's
// (planner-wire.md 2, 3; connector.md 3.4-3.8). Pure.
import type { PlanTime } from '../planner/model.ts';
import { DAY, daysFromCivil } from './time.ts';

/** An element's attributes and those of its children, as text. */
export interface RawOrder {
  attributes: Readonly<Record<string, string>>;
  resources: readonly Readonly<Record<string, string>>[];
  items: readonly Readonly<Record<string, string>>[];
  workorders: readonly {
    attributes: Readonly<Record<string, string>>;
    resources: readonly Readonly<Record<string, string>>[];
    items: readonly Readonly<Record<string, string>>[];
  }[];
}

export type PostedType = 'PO' | 'DO' | 'MO' | 'WO' | 'SO';

export interface PostedResource {
  /** Id of the work center. */
  id: number;
  name: string;
  /** How much of it; undefined = not said. */
  quantity: number | undefined;
}

interface Posted {
  /** Position in the document, from 0. */
  index: number;
  /** What the planning side calls it; may be empty. */
  reference: string;
  /** Name of the item, for messages. */
  item: string;
  remark: string;
}

interface PostedQuantity extends Posted {
  /** Id of the product. */
  product: number;
  /** Id of the unit in which `quantity` is counted: the product's own. */
  uom: number;
  quantity: number;
}

export interface PostedPurchase extends PostedQuantity {
  type: 'PO';
  /** True: the reference names a line of Odoo that is to change. */
  change: boolean;
  supplier: string;
  /** Id of the vendor. */
  vendor: number;
  /** Id of the warehouse, when it is given. */
  warehouse: number | undefined;
  start: PlanTime;
  end: PlanTime;
}

export interface PostedTransfer extends PostedQuantity {
  type: 'DO';
  change: boolean;
  /** Warehouse by id where it is given, else by code or name. */
  origin: PostedWarehouse;
  destination: PostedWarehouse;
  start: PlanTime;
  end: PlanTime;
}

export interface PostedWarehouse {
  id: number | undefined;
  name: string;
}

export interface PostedStep {
  /** Name of the step, its id at the end. */
  operation: string;
  /** Id of the routing's step (new orders) or of the work order (existing ones). */
  id: number;
  start: PlanTime;
  end: PlanTime;
  resources: readonly PostedResource[];
}

export interface PostedManufacturing extends PostedQuantity {
  type: 'MO';
  change: boolean;
  operation: string;
  warehouse: number | undefined;
  start: PlanTime;
  end: PlanTime;
  steps: readonly PostedStep[];
}

export interface PostedWorkOrder extends Posted {
  type: 'WO';
  /** Name of the manufacturing order. */
  owner: string;
  operation: string;
  start: PlanTime;
  end: PlanTime;
  resources: readonly PostedResource[];
}

export interface PostedPromise extends Posted {
  type: 'SO';
  /** Id of the sales order line, and the number of its order. */
  line: number;
  order: string;
  /** What they are if the last number is that of a delivery: lines that are delivered in parts have one demand for each. */
  orElse?: { line: number; order: string };
  delivery: PlanTime;
}

export type PostedOrder = PostedPurchase | PostedTransfer | PostedManufacturing | PostedWorkOrder | PostedPromise;

/** A record that cannot be carried out, with the reason for a person. */
export interface Refusal {
  index: number;
  reference: string;
  type: PostedType;
  item: string;
  reason: string;
}

export type PostedRecord = { ok: true; order: PostedOrder } | { ok: false; refusal: Refusal };

class Unusable extends Error {}

const STAMP = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/** `2026-01-05 08:00:00`, with a blank or a T, as wall-clock time; undefined when it is no date of the calendar. */
export function parsePostedTime(text: string): PlanTime | undefined {
  const match = STAMP.exec(text.trim());
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as number[];
  const days = daysFromCivil(year!, month!, day!);
  const back = new Date(days * DAY * 1000);
  if (back.getUTCMonth() + 1 !== month || back.getUTCDate() !== day || year! < 1971 || year! > 2200) return undefined;
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined;
  return days * DAY + hour! * 3600 + minute! * 60 + second!;
}

/** The whole number behind the last blank of a name, as planning names carry Odoo's ids; undefined when there is none. */
export function trailingId(name: string): number | undefined {
  const match = /(?:^|\s)(\d{1,9})\s*$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

interface Fields {
  text(name: string): string;
  /** @throws Unusable */
  time(name: string): PlanTime;
  id(name: string): number | undefined;
}

function fieldsOf(attributes: Readonly<Record<string, string>>): Fields {
  const text = (name: string) => attributes[name]?.trim() ?? '';
  return {
    text,
    time(name) {
      const given = text(name);
      const time = parsePostedTime(given);
      if (time === undefined) {
        const what = given === '' ? `has no ${name}` : `${name} "${given.slice(0, 40)}" is no date`;
        throw new Unusable(`${what}; it is expected as 2026-01-05 08:00:00`);
      }
      return time;
    },
    id(name) {
      const given = text(name);
      return /^\d{1,9}$/.test(given) && Number(given) > 0 ? Number(given) : undefined;
    },
  };
}

function period(fields: Fields): { start: PlanTime; end: PlanTime } {
  const start = fields.time('start');
  const end = fields.time('end');
  if (end < start) throw new Unusable('it ends before it starts');
  return { start, end };
}

function quantityOf(fields: Fields): { product: number; uom: number; quantity: number } {
  const [uom, product, ...more] = fields
    .text('item_id')
    .split(',')
    .map((part) => part.trim());
  if (!/^\d{1,9}$/.test(uom ?? '') || !/^\d{1,9}$/.test(product ?? '') || more.length > 0) {
    throw new Unusable(
      `item_id "${fields.text('item_id').slice(0, 40)}" is not "unit,product"; the item is not one of Odoo`,
    );
  }
  const text = fields.text('quantity');
  const quantity = Number(text);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !(quantity > 0) || quantity > 1e12) {
    throw new Unusable(`quantity "${text.slice(0, 40)}" is no positive number`);
  }
  return { product: Number(product), uom: Number(uom), quantity };
}

function resourcesOf(rows: readonly Readonly<Record<string, string>>[]): PostedResource[] {
  return rows.map((row) => {
    const fields = fieldsOf(row);
    const id = fields.id('id');
    if (id === undefined) throw new Unusable(`resource "${fields.text('name')}" has no id of a work center`);
    const quantity = Number(fields.text('quantity') || Number.NaN);
    return { id, name: fields.text('name'), quantity: quantity > 0 && quantity < 1e9 ? quantity : undefined };
  });
}

/** `status` of an order that is in Odoo already (connector.md 3.5-3.7). */
function isChange(status: string): boolean {
  if (status === '' || status === 'proposed') return false;
  if (status === 'approved' || status === 'confirmed') return true;
  throw new Unusable(`its status is ${status.slice(0, 40)}; only proposed, approved and confirmed orders are taken`);
}

/** Checks one `<operationplan>`. */
export function readPostedOrder(raw: RawOrder, index: number): PostedRecord {
  const fields = fieldsOf(raw.attributes);
  const reference = fields.text('reference') || fields.text('id');
  const item = fields.text('item');
  const given = fields.text('ordertype').toUpperCase();
  const base = { index, reference, item, remark: fields.text('remark') };
  const type = given === '' ? 'MO' : given;
  try {
    return { ok: true, order: orderOf(type, raw, fields, base) };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const shown = type === 'PO' || type === 'DO' || type === 'WO' ? type : 'MO';
    return { ok: false, refusal: { index, reference, type: shown, item, reason: error.message } };
  }
}

function orderOf(type: string, raw: RawOrder, fields: Fields, base: Posted): PostedOrder {
  switch (type) {
    case 'PO': {
      const supplier = fields.text('supplier');
      const change = isChange(fields.text('status'));
      const vendor = trailingId(supplier);
      if (vendor === undefined && !change)
        throw new Unusable(`supplier "${supplier.slice(0, 80)}" does not end in the id of a vendor`);
      const { product, uom, quantity } = quantityOf(fields);
      return {
        ...base,
        type,
        change,
        product,
        uom,
        quantity,
        supplier,
        vendor: vendor ?? 0,
        warehouse: fields.id('location_id'),
        ...period(fields),
      };
    }
    case 'DO': {
      const warehouse = (name: string): PostedWarehouse => ({ id: fields.id(`${name}_id`), name: fields.text(name) });
      // frePPLe 4.5 calls the destination "location".
      const named = warehouse('destination');
      const destination = named.id === undefined && named.name === '' ? warehouse('location') : named;
      return {
        ...base,
        type,
        change: isChange(fields.text('status')),
        ...quantityOf(fields),
        origin: warehouse('origin'),
        destination,
        ...period(fields),
      };
    }
    case 'MO': {
      const operation = fields.text('operation');
      const change = isChange(fields.text('status'));
      const steps = raw.workorders.map((row): PostedStep => {
        const step = fieldsOf(row.attributes);
        const name = step.text('operation');
        const id = trailingId(name);
        if (id === undefined) throw new Unusable(`work order "${name.slice(0, 80)}" does not end in the id of a step`);
        return { operation: name, id, ...period(step), resources: resourcesOf(row.resources) };
      });
      return {
        ...base,
        type,
        change,
        operation,
        warehouse: fields.id('location_id'),
        ...quantityOf(fields),
        ...period(fields),
        steps,
      };
    }
    case 'WO': {
      const owner = fields.text('owner');
      if (owner === '') throw new Unusable('it does not say which manufacturing order it belongs to (owner)');
      return {
        ...base,
        type,
        owner,
        operation: fields.text('operation'),
        ...period(fields),
        resources: resourcesOf(raw.resources),
      };
    }
    default:
      throw new Unusable(`orders of type "${type.slice(0, 40)}" are not written to Odoo`);
  }
}

/** Sales order lines that the name of a demand may mean: `S00012 34`, `S00012 34 567` (move 567 of it), `S00012 34 kit 8`. */
export function promisedLines(name: string): { order: string; line: number }[] {
  const found: { order: string; line: number }[] = [];
  for (let rest = name.trim().replace(/\s+kit\s+\d{1,9}$/, ''); found.length < 2; ) {
    const line = trailingId(rest);
    const order = rest.replace(/\s+\d{1,9}$/, '');
    if (line === undefined || order === '' || order === rest) break;
    found.push({ order, line });
    rest = order;
  }
  return found;
}

/** Checks one `<demand>`: the delivery date that the plan promises for a sales order line. */
export function readPostedPromise(attributes: Readonly<Record<string, string>>, index: number): PostedRecord {
  const fields = fieldsOf(attributes);
  const name = fields.text('name');
  const base = { index, reference: name, item: fields.text('item'), remark: '' };
  try {
    const [named, orElse] = promisedLines(name);
    if (!named) throw new Unusable('its name is not "order line", so it is no sales order line of Odoo');
    const delivery = fields.time('deliverydate');
    return { ok: true, order: { ...base, type: 'SO', ...named, ...(orElse ? { orElse } : {}), delivery } };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return { ok: false, refusal: { index, reference: name, type: 'SO', item: base.item, reason: error.message } };
  }
}
