// Sales order lines that were confirmed -> history of sales for the forecast: what customers wanted, when and where (connector.md 6.2,
// read 40). Kits count as their components, as they do among the demands. Pure.
import type { PlanTime } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { link, number, type OdooRow, type Table, text } from './records.ts';
import type { Reason } from './report.ts';
import { clean } from './units.ts';

export interface Sale {
  /** Number of the sales order. */
  order: string;
  item: string;
  location: string;
  customer: string;
  /** The date that was wanted: the promised one, else that of the order, as a demand's due date. */
  date: PlanTime;
  /** In the item's unit; negative for what was taken back on an order. */
  quantity: number;
}

/** Orders that count: confirmed ones, locked or not. */
export const SOLD_STATES: readonly string[] = ['sale', 'done'];

export const SALES_LINE_FIELDS: readonly string[] = [
  'order_id',
  'product_id',
  'product_uom',
  'product_uom_id',
  'product_uom_qty',
];

export const SALES_ORDER_FIELDS: readonly string[] = [
  'name',
  'state',
  'partner_id',
  'warehouse_id',
  'commitment_date',
  'date_order',
];

export function* mapSale(context: MappingContext, line: OdooRow, orders: Table): Generator<Sale> {
  const order = orders.get(link(line, 'order_id') ?? 0);
  if (!order || !SOLD_STATES.includes(text(order, 'state')) || text(line, 'display_type')) return;
  const name = `${text(order, 'name')} ${line.id}`;
  const skip = (reason: Reason) => context.report.skip('sales history', name, reason);

  const product = link(line, 'product_id');
  const item = context.items.of(product);
  const location = context.locations.ofWarehouse(link(order, 'warehouse_id'));
  const customer = context.partners.key(link(order, 'partner_id'));
  const date = context.wall(order.commitment_date) ?? context.wall(order.date_order);
  if (!item) return skip(context.items.reasonWithout(product));
  if (location === undefined) return skip('its warehouse is archived or not exported');
  if (customer === undefined) return skip('its customer cannot be read');
  if (date === undefined) return skip('it has no date');
  const unit = link(line, 'product_uom_id') ?? link(line, 'product_uom');
  const quantity = context.units.convert(number(line, 'product_uom_qty'), unit, item.uom);
  if (quantity === undefined) return skip('its unit cannot be converted to the product’s');
  if (quantity === 0) return;

  const sale = { order: text(order, 'name'), location, customer, date };
  if (!context.kits.isKit(item.product.id)) {
    yield { ...sale, item: item.name, quantity: clean(quantity) };
    return;
  }
  for (const part of context.kits.explode(item.product.id, quantity)) {
    const component = context.items.of(part.product);
    if (component) yield { ...sale, item: component.name, quantity: part.quantity };
    else skip(context.items.reasonWithout(part.product));
  }
}
