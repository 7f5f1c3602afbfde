// Vendor prices: which row of a product applies to a vendor, quantity and day.

import type { Env } from '../orm/env.ts';
import { modelOf } from '../orm/env.ts';
import { comparator } from '../orm/order.ts';
import type { Row, Value } from '../values.ts';
import type { Behaviour } from './behaviour.ts';
import { currencyOf } from './partners.ts';
import { unitOf } from './product.product.ts';
import { convert, idsOf, numberOf, rowsBy, target, textOf } from './tools.ts';

export interface VendorQuery {
  partner: Value | undefined;
  /** In `unit`. */
  quantity: number;
  unit: Value | undefined;
  /** Day, `2026-11-21`. */
  date: string;
  company: Value | undefined;
}

/** The first row, in Odoo's order, that is for this vendor, variant, day, company and a quantity this small. */
export function vendorPrice(env: Env, product: Row, query: VendorQuery): Row | undefined {
  const compare = comparator(env, modelOf(env, 'product.supplierinfo'), 'sequence, min_qty desc, price, id');
  const quantity = convert(env, query.quantity, query.unit, vendorUnit(env, product), 'half-up');
  return offers(env, product, query)
    .filter((row) => quantity >= numberOf(row.min_qty) - 1e-9)
    .sort(compare)[0];
}

/** Smallest quantity that the vendor has a price for; 1 where there is none. */
export function smallestQuantity(env: Env, product: Row, query: Omit<VendorQuery, 'quantity' | 'unit'>): number {
  const quantities = offers(env, product, query).map((row) => numberOf(row.min_qty));
  return quantities.length > 0 ? Math.min(...quantities) || 1 : 1;
}

/** Rows of a vendor's price list that hold for a product on a day. */
function offers(env: Env, product: Row, query: Omit<VendorQuery, 'quantity' | 'unit'>): Row[] {
  const partner = target(env, 'res.partner', query.partner);
  const owner = partner?.commercial_partner_id ?? query.partner;
  return rowsBy(env, 'product.supplierinfo', 'product_tmpl_id', numberOf(product.product_tmpl_id)).filter((row) => {
    if (row.partner_id !== query.partner && row.partner_id !== owner) return false;
    if (typeof row.product_id === 'number' && row.product_id !== product.id) return false;
    if (typeof row.company_id === 'number' && query.company && row.company_id !== query.company) return false;
    if (textOf(row.date_start) && textOf(row.date_start) > query.date) return false;
    return !(textOf(row.date_end) && textOf(row.date_end) < query.date);
  });
}

/** Unit that vendors sell a product in. */
export function vendorUnit(env: Env, product: Row): Value {
  return target(env, 'product.template', product.product_tmpl_id)?.uom_po_id || unitOf(env, product);
}

/** A vendor price is a subcontractor's when a bill of the product names the vendor. */
export const supplierInfo: Behaviour = {
  defaults: (env, given) => ({
    min_qty: 0,
    price: 0,
    delay: 1,
    sequence: 1,
    discount: 0,
    currency_id: currencyOf(env, given.company_id ?? env.companies[0]),
  }),
  computed: {
    is_subcontractor: (env, row) =>
      rowsBy(env, 'mrp.bom', 'product_tmpl_id', numberOf(row.product_tmpl_id)).some(
        (bom) =>
          bom.active !== false &&
          idsOf(bom.subcontractor_ids).includes(numberOf(row.partner_id)) &&
          (typeof bom.product_id !== 'number' ||
            typeof row.product_id !== 'number' ||
            bom.product_id === row.product_id),
      ),
  },
};
