// Posted purchase orders -> requests for quotation and changed lines (connector.md 3.5; F2, F3, F10). Price, taxes, description
// and discounts are Odoo's to compute; only what the plan knows is given.
import {
  type Commands,
  earliest,
  groupOrders,
  odooStamp,
  type PendingOrder,
  type RecordName,
  slotOf,
  type UpdateCommand,
  type Values,
} from './commands.ts';
import type { PostedPurchase } from './posted.ts';
import { flag, link, number, type OdooRow, text } from './records.ts';
import { clean } from './units.ts';
import { fieldNames, nameOf, purchaseLineOf, sameQuantity, type WriteContext, warehousesOf } from './write-context.ts';

export function purchaseCommands(context: WriteContext, orders: readonly PostedPurchase[], commands: Commands): void {
  const moves = context.by('stock.move', 'purchase_line_id');
  for (const order of orders) {
    const { index, reference, type, item } = order;
    const record: RecordName = { index, reference, type, item };
    const refuse = (reason: string) => void commands.refusals.push({ ...record, reason });
    const product = context.table('product.product').get(order.product);
    const problem = unusable(context, order, product);
    if (problem) {
      refuse(problem);
      continue;
    }
    const known = purchaseLineOf(reference);
    const line = known && context.table('purchase.order.line').get(known.line);
    const named = line && context.table('purchase.order').get(link(line, 'order_id') ?? 0);
    // frePPLe 4.5 and 6.20 send orders of Odoo without a status; a reference that fits is enough.
    if (line && named && known && text(named, 'name') === known.order) {
      const reason = change(context, order, record, line, named, moves.get(line.id) ?? [], commands);
      if (reason !== null) refuse(reason);
    } else if (order.change) refuse(`"${reference}" names no purchase order line of Odoo`);
    else {
      const pending = newPurchase(context, order, record, product!);
      if (typeof pending === 'string') refuse(pending);
      else commands.pending.push(pending);
    }
  }
}

/** Why an order for a product cannot be booked, or null. Also for manufacturing orders and transfers. */
export function unusable(
  context: WriteContext,
  order: { product: number; uom: number },
  product: OdooRow | undefined,
): string | null {
  if (!product) return `product ${order.product} is not in Odoo, or the user may not see it`;
  if (product.active === false) return `product "${nameOf(product)}" is archived in Odoo`;
  if (!context.table('uom.uom').has(order.uom)) return `unit ${order.uom} is not in Odoo`;
  if (context.units.convert(1, order.uom, link(product, 'uom_id')) === undefined) {
    return `unit "${context.units.name(order.uom)}" cannot be converted to that of "${nameOf(product)}"`;
  }
  return null;
}

function newPurchase(
  context: WriteContext,
  order: PostedPurchase,
  record: RecordName,
  product: OdooRow,
): PendingOrder | string {
  const vendor = context.table('res.partner').get(order.vendor);
  if (!vendor) return `vendor "${order.supplier}" is not in Odoo, or the user may not see it`;
  if (vendor.active === false) return `vendor "${nameOf(vendor)}" is archived in Odoo`;
  if (text(product, 'type') === 'combo') return `"${nameOf(product)}" cannot be bought`;
  const warehouses = warehousesOf(context);
  const warehouse = order.warehouse === undefined ? warehouses[0] : warehouses.find(({ id }) => id === order.warehouse);
  if (!warehouse) return `warehouse ${order.warehouse ?? ''} is not in Odoo, or not one of the user's companies`;
  const company = link(warehouse, 'company_id') ?? context.company;
  const ofVendor = link(vendor, 'company_id');
  if (ofVendor !== undefined && ofVendor !== company) return `vendor "${nameOf(vendor)}" belongs to another company`;

  // In the unit that it is bought in; the plan counts in the unit that it is stocked in.
  const unit = link(product, 'uom_po_id') ?? link(product, 'uom_id') ?? order.uom;
  const converted = context.units.convert(order.quantity, order.uom, unit);
  const bought = converted === undefined ? order.uom : unit;
  const start = context.zone.toInstant(order.start);
  const end = context.zone.toInstant(order.end);
  const { purchaseUnit } = fieldNames(context.major);
  const own = company === context.company;
  const header: Values = {
    partner_id: vendor.id,
    company_id: company,
    picking_type_id: link(warehouse, 'in_type_id'),
    user_id: context.responsible,
    ...(own && link(vendor, 'property_supplier_payment_term_id')
      ? { payment_term_id: link(vendor, 'property_supplier_payment_term_id') }
      : {}),
    ...(own && link(vendor, 'property_purchase_currency_id')
      ? { currency_id: link(vendor, 'property_purchase_currency_id') }
      : {}),
    ...(own && link(vendor, 'property_account_position_id')
      ? { fiscal_position_id: link(vendor, 'property_account_position_id') }
      : {}),
  };
  return {
    record,
    key: JSON.stringify(['PO', order.reference, order.product, order.vendor, warehouse.id, order.quantity, start, end]),
    slot: slotOf('PO', order.reference, order.product, order.vendor),
    type: 'PO',
    model: 'purchase.order',
    company,
    group: `${vendor.id} ${warehouse.id}`,
    line: context.mergePurchases ? `${product.id} ${bought}` : null,
    quantity: converted ?? order.quantity,
    unit: bought,
    start,
    end,
    remark: order.remark,
    what: `${converted ?? order.quantity} ${context.units.name(bought)} of ${nameOf(product)} by ${odooStamp(end)} UTC`,
    groupName: `request for quotation to ${nameOf(vendor)} for ${nameOf(warehouse)}`,
    product: product.id,
    steps: [],
    ...(pricedByQuantity(context, vendor, product) ? { priced: true } : {}),
    values: (lines) => ({
      ...header,
      date_order: odooStamp(earliest(lines)),
      date_planned: odooStamp(Math.min(...lines.map((one) => one.end))),
      order_line: lines.map((one) => [
        0,
        0,
        {
          product_id: one.product,
          product_qty: one.quantity,
          [purchaseUnit]: one.unit,
          date_planned: odooStamp(one.end),
        },
      ]),
    }),
  };
}

/** Whether the vendor asks for a least quantity, or has several prices. */
function pricedByQuantity(context: WriteContext, vendor: OdooRow, product: OdooRow): boolean {
  const sellers = new Set([vendor.id, link(vendor, 'parent_id')]);
  const offers = context.by('product.supplierinfo', 'product_tmpl_id').get(link(product, 'product_tmpl_id') ?? 0) ?? [];
  const prices = offers.filter((row) => sellers.has(link(row, 'partner_id')));
  return prices.length > 1 || prices.some((row) => number(row, 'min_qty') > 1);
}

/** A request for quotation of ours in Odoo, with the orders that it holds. */
export interface PricedPurchase {
  order: PendingOrder;
  id: number;
  name: string;
}

/**
 * Odoo prices a new line for the least quantity that the vendor sells. Told the quantity again, it takes the price of that, and
 * the vendor's date, so that the planned one is told again too.
 * @param lines of these purchase orders
 */
export function priceCommands(purchases: readonly PricedPurchase[], lines: readonly OdooRow[]): UpdateCommand[] {
  const updates: UpdateCommand[] = [];
  const key = (order: number, product: number, quantity: number) => `${order} ${product} ${clean(quantity)}`;
  const left = Map.groupBy(lines, (row) =>
    key(link(row, 'order_id') ?? 0, link(row, 'product_id') ?? 0, number(row, 'product_qty')),
  );
  for (const [id, same] of Map.groupBy(purchases, (one) => one.id)) {
    const { name } = same[0]!;
    for (const { orders, product, quantity, end } of groupOrders(same.map(({ order }) => order)).flatMap(
      (one) => one.lines,
    )) {
      const line = left.get(key(id, product, quantity))?.shift();
      if (!line || !orders.some(({ priced }) => priced)) continue;
      const records = orders.map(({ record }) => record);
      const command = { records, model: 'purchase.order.line', id: line.id, name, context: {}, what: '' };
      updates.push({ ...command, values: { product_qty: quantity }, stage: 0 });
      updates.push({ ...command, values: { date_planned: odooStamp(end) }, stage: 1, check: true });
    }
  }
  return updates;
}

const CLOSED = new Set(['done', 'cancel']);

function change(
  context: WriteContext,
  order: PostedPurchase,
  record: RecordName,
  line: OdooRow,
  purchase: OdooRow,
  moves: readonly OdooRow[],
  commands: Commands,
): string | null {
  const name = text(purchase, 'name');
  if (link(line, 'product_id') !== order.product) return `the line of ${name} is about another product`;
  if (CLOSED.has(text(purchase, 'state')))
    return `${name} is ${text(purchase, 'state') === 'done' ? 'locked' : 'cancelled'} in Odoo`;
  const vendor = link(purchase, 'partner_id');
  if (order.vendor > 0 && vendor !== order.vendor) return `${name} is with another vendor; Odoo cannot change it`;
  const unit = link(line, fieldNames(context.major).purchaseUnit);
  const open = moves.filter((row) => !CLOSED.has(text(row, 'state')));
  const wanted = purchaseLineOf(order.reference)?.move;
  const receipt = wanted === undefined ? undefined : open.find(({ id }) => id === wanted);
  if (wanted !== undefined && !receipt) return `the receipt of ${name} is done or cancelled by now`;
  // The plan knows what is still to come; the line in Odoo holds all that was ever ordered.
  const exported = receipt
    ? context.units.convert(number(receipt, 'product_uom_qty'), link(receipt, 'product_uom'), order.uom)
    : context.units.convert(number(line, 'product_qty') - number(line, 'qty_received'), unit, order.uom);
  const more = exported === undefined ? undefined : context.units.convert(order.quantity - exported, order.uom, unit);
  if (more === undefined) return `its unit cannot be converted to that of the line of ${name}`;

  const values: Record<string, unknown> = {};
  if (!sameQuantity(more, 0)) values.product_qty = clean(number(line, 'product_qty') + more);
  const date = odooStamp(context.zone.toInstant(order.end));
  const command = { records: [record], name, context: {}, stage: 0 };
  const several = receipt !== undefined && open.length > 1;
  const moved = text(several ? receipt : line, several ? 'date' : 'date_planned') !== date;
  if (moved && !several) values.date_planned = date;
  const what = [
    values.product_qty === undefined ? '' : `quantity ${number(line, 'product_qty')} -> ${values.product_qty}`,
    moved ? `arrival ${date} UTC` : '',
  ]
    .filter(Boolean)
    .join(', ');
  if (moved && several) {
    // One of several receipts: the line's date would move all of them.
    commands.updates.push({
      ...command,
      model: 'stock.move',
      id: receipt.id,
      values: { date },
      what: `${name}: arrival ${date} UTC`,
    });
  }
  if (Object.keys(values).length > 0) {
    commands.updates.push({ ...command, model: 'purchase.order.line', id: line.id, values, what: `${name}: ${what}` });
  } else if (!(moved && several)) {
    commands.settled.push({
      record,
      outcome: 'unchanged',
      model: 'purchase.order',
      id: purchase.id,
      name,
      note: flag(line, 'display_type') ? 'not a line of goods' : 'as in Odoo',
    });
  }
  return null;
}
