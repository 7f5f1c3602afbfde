// Orders from customers' mails -> sales orders (mail-orders.md). Prices, taxes, description and terms are Odoo's to compute; only
// what the customer said is given. Pure.
import { OWN, odooStamp, type Values } from './commands.ts';
import { link, type OdooRow, text } from './records.ts';
import { DAY, parseStamp } from './time.ts';
import { clean } from './units.ts';
import type { Lookup, WriteContext } from './write-context.ts';
import { nameOf } from './write-context.ts';

export interface SaleLine {
  /** Id of the product. */
  product: number;
  quantity: number;
  /** Odoo's name of the unit that `quantity` is counted in; null = the product's own. */
  unit: string | null;
  /** Requested day, `YYYY-MM-DD`. */
  day: string | null;
}

export interface SaleWish {
  /** Our key of this order; the record carries it in `origin`. */
  token: string;
  /** Who orders: a company, or a person without one. */
  partner: number;
  /** Where it goes, when that is another address than the partner's. */
  shipping: number | null;
  /** The warehouse whose stock was looked at; null = Odoo chooses. */
  warehouse?: number | null;
  /** The customer's own number of the order. */
  reference: string | null;
  lines: readonly SaleLine[];
  /** The order is not left as a quotation. */
  confirmed: boolean;
  /** Today in the company's zone, `YYYY-MM-DD`. */
  today: string;
}

export type SaleContext = Pick<WriteContext, 'major' | 'company' | 'zone' | 'table' | 'units'>;

export type SaleOutcome = { ok: true; values: Values } | { ok: false; reason: string };

/** Fields of products and units that sales orders are made from. */
export const SALE_PRODUCT_FIELDS = ['display_name', 'active', 'sale_ok', 'type', 'uom_id'] as const;

export function unitLookup(major: number): Lookup {
  const measure = major >= 19 ? ['relative_factor', 'relative_uom_id'] : ['factor', 'category_id'];
  return { model: 'uom.uom', domain: [], fields: ['name', ...measure] };
}

/** Names of fields on sales order lines that Odoo 19 has changed. */
export function saleLineFields(major: number): { unit: string } {
  return { unit: major >= 19 ? 'product_uom_id' : 'product_uom' };
}

/** Requested days are dates; noon is the same day in every zone that customers and planners share. */
const NOON = DAY / 2;

/** `origin` of a sales order that came by mail. */
export function saleOrigin(token: string): string {
  return `${OWN} ${token} - mail`;
}

/** Values of one sales order with all its lines. */
export function saleOrderValues(context: SaleContext, wish: SaleWish): SaleOutcome {
  if (wish.lines.length === 0) return { ok: false, reason: 'no line is left to order' };
  const { unit: unitField } = saleLineFields(context.major);
  const days = [...new Set(wish.lines.flatMap(({ day }) => day ?? []))].toSorted();
  // One date holds for a whole order in Odoo. Where lines differ, each gets its own lead time instead.
  const several = days.length > 1 || (days.length === 1 && wish.lines.some(({ day }) => day === null));
  const lines: unknown[] = [];
  for (const line of wish.lines) {
    const product = context.table('product.product').get(line.product);
    const problem = unsellable(line, product);
    if (problem !== null) return { ok: false, reason: problem };
    const own = link(product, 'uom_id');
    const counted = countedIn(context, line, own);
    if (counted === undefined) {
      return { ok: false, reason: `"${nameOf(product)}" cannot be ordered in "${line.unit}"` };
    }
    lines.push([
      0,
      0,
      {
        product_id: line.product,
        product_uom_qty: counted.quantity,
        [unitField]: counted.unit,
        ...(several && line.day !== null ? { customer_lead: Math.max(0, daysBetween(wish.today, line.day)) } : {}),
      },
    ]);
  }
  const common = days[0] !== undefined && (!several || !wish.confirmed) ? days[0] : null;
  return {
    ok: true,
    values: {
      partner_id: wish.partner,
      company_id: context.company,
      ...(wish.shipping === null ? {} : { partner_shipping_id: wish.shipping }),
      ...(typeof wish.warehouse === 'number' ? { warehouse_id: wish.warehouse } : {}),
      ...(wish.reference === null ? {} : { client_order_ref: wish.reference }),
      ...(common === null ? {} : { commitment_date: requestedStamp(context, common) }),
      origin: saleOrigin(wish.token),
      order_line: lines,
    },
  };
}

/** A requested day as Odoo stores it: noon of the company's zone, in UTC. */
export function requestedStamp({ zone }: Pick<SaleContext, 'zone'>, day: string): string {
  return odooStamp(zone.toInstant((parseStamp(day) ?? 0) + NOON));
}

function unsellable(line: SaleLine, product: OdooRow | undefined): string | null {
  if (!product) return `product ${line.product} is not in Odoo, or the user may not see it`;
  if (product.active === false) return `product "${nameOf(product)}" is archived in Odoo`;
  if (product.sale_ok === null || product.sale_ok === false) return `product "${nameOf(product)}" is not for sale`;
  if (!(line.quantity > 0) || !Number.isFinite(line.quantity))
    return `quantity ${line.quantity} of "${nameOf(product)}" is none`;
  return link(product, 'uom_id') === undefined ? `"${nameOf(product)}" has no unit in Odoo` : null;
}

/** The quantity in the unit that the customer named, where Odoo has that unit, else in the product's own. */
function countedIn(
  { table, units }: SaleContext,
  line: SaleLine,
  own: number | undefined,
): { quantity: number; unit: number } | undefined {
  if (own === undefined) return undefined;
  if (line.unit === null || line.unit === units.name(own)) return { quantity: clean(line.quantity), unit: own };
  const named = [...table('uom.uom').values()].find(
    (row) =>
      text(row, 'name').toLowerCase() === line.unit?.toLowerCase() && units.convert(1, row.id, own) !== undefined,
  );
  return named && { quantity: clean(line.quantity), unit: named.id };
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round(((parseStamp(to) ?? 0) - (parseStamp(from) ?? 0)) / DAY);
}
