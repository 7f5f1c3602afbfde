// What was sold: confirmed sales orders and orders of the point of sale in one shape, refunds as negative lines. And the customers'
// first and last purchases, as campaigns count them.
import type { Domain, OdooRow } from '../connector/odoo/reader.ts';
import { link, number, tableOf, text } from '../mapping/records.ts';
import { formatStamp, type Instant, parseStamp } from '../mapping/time.ts';
import type { AutomationOdoo } from './automation.ts';
import { type SoldUnits, soldUnits } from './sold-units.ts';

export interface SoldLine {
  source: 'sale' | 'pos';
  order: number;
  at: Instant;
  partner: number | null;
  /** product.product */
  product: number;
  /** In the unit of the product; negative = refunded. */
  quantity: number;
  /** Without tax, in the company's currency. */
  revenue: number;
}

export interface Purchase {
  source: 'sale' | 'pos';
  order: number;
  name: string;
  at: Instant;
  partner: number;
  total: number;
}

/** In [from, until); null = no bound. */
export interface Stretch {
  from: Instant | null;
  until: Instant | null;
}

const SOLD = ['sale', 'done'];
/** Of the point of sale: not the drafts and not the cancelled ones. */
const RUNG_UP = ['paid', 'done', 'invoiced'];

export async function requireSales(odoo: AutomationOdoo): Promise<void> {
  await odoo.require('sale.order.line', ['order_id', 'product_id', 'product_uom_qty', 'price_subtotal'], 'Sales');
}

const SOURCES = [
  { source: 'sale', orders: 'sale.order', lines: 'sale.order.line', quantity: 'product_uom_qty', states: SOLD },
  { source: 'pos', orders: 'pos.order', lines: 'pos.order.line', quantity: 'qty', states: RUNG_UP },
] as const;
/** Orders whose lines are read together. */
const PAGE = 1_000;

/** Lines of both, page by page, in no order of time. Orders of the point of sale are there when Odoo has it. */
export async function* soldLines(odoo: AutomationOdoo, stretch: Stretch): AsyncGenerator<SoldLine[]> {
  for (const { source, orders, lines, quantity, states } of SOURCES) {
    if (!(await odoo.has(orders)) || !(await odoo.has(lines, ['price_subtotal', quantity]))) continue;
    const domain: Domain = [['state', 'in', states], ...within('date_order', stretch)];
    const heads = { model: orders, fields: ['date_order', 'partner_id', 'currency_rate'], domain, pageSize: PAGE };
    const units = await soldUnits(odoo, lines);
    // A sales order that is paid at the till counts once, as the sales order.
    const settled = source === 'pos' && (await odoo.has(lines, ['sale_order_line_id']));
    const own: Domain = settled ? [['sale_order_line_id', '=', false]] : [];
    for await (const page of odoo.pages(heads)) {
      const byId = tableOf(page);
      const unit = units.field === null ? [] : [units.field];
      const fields = ['order_id', 'product_id', quantity, 'price_subtotal', ...unit];
      const rows = await odoo.rows({ model: lines, fields, domain: [['order_id', 'in', [...byId.keys()]], ...own] });
      yield rows.flatMap((row) => soldLine(source, row, byId.get(link(row, 'order_id') ?? 0), quantity, units));
    }
  }
}

/** Orders with a customer, page by page; refunds of the point of sale have a negative total. */
export async function* purchases(
  odoo: AutomationOdoo,
  stretch: Stretch,
  partners: readonly number[] | null = null,
): AsyncGenerator<Purchase[]> {
  for (const { source, orders: model, states } of SOURCES) {
    if (!(await odoo.has(model))) continue;
    const who = partners === null ? (['partner_id', '!=', false] as const) : (['partner_id', 'in', partners] as const);
    const domain: Domain = [['state', 'in', states], who, ...within('date_order', stretch)];
    const fields = ['name', 'date_order', 'partner_id', 'amount_total'];
    for await (const page of odoo.pages({ model, fields, domain })) {
      yield page.flatMap((row) => purchase(source, row));
    }
  }
}

function soldLine(
  source: SoldLine['source'],
  row: OdooRow,
  order: OdooRow | undefined,
  quantity: string,
  units: SoldUnits,
): SoldLine[] {
  const [product, at] = [link(row, 'product_id'), parseStamp(order?.date_order)];
  if (order === undefined || product === undefined || at === undefined) return [];
  const rate = number(order, 'currency_rate');
  return [
    {
      source,
      order: order.id,
      at,
      partner: link(order, 'partner_id') ?? null,
      product,
      quantity: units.inProductUnit(row, number(row, quantity)),
      revenue: number(row, 'price_subtotal') / (rate > 0 ? rate : 1),
    },
  ];
}

function purchase(source: Purchase['source'], row: OdooRow): Purchase[] {
  const [at, partner] = [parseStamp(row.date_order), link(row, 'partner_id')];
  if (at === undefined || partner === undefined) return [];
  return [{ source, order: row.id, name: text(row, 'name'), at, partner, total: number(row, 'amount_total') }];
}

/** As Odoo takes instants in domains. */
export function odooStamp(at: Instant): string {
  return formatStamp(at).replace('T', ' ');
}

export function within(field: string, { from, until }: Stretch): [string, string, string][] {
  return [
    ...(from === null ? [] : [[field, '>=', odooStamp(from)] as [string, string, string]]),
    ...(until === null ? [] : [[field, '<', odooStamp(until)] as [string, string, string]]),
  ];
}
