// What is there of each product: on hand in internal locations, and what of it nobody has reserved. From Odoo's quants, so it is the
// same whichever way Odoo is read.

import type { Domain } from '../connector/odoo/reader.ts';
import { link, number } from '../mapping/records.ts';
import type { AutomationOdoo } from './automation.ts';

/** Quantity that may be sold by product.product; products without stock are not in it. */
export async function availableStock(odoo: AutomationOdoo): Promise<Map<number, number>> {
  await odoo.require('stock.quant', ['product_id', 'quantity', 'reserved_quantity'], 'Inventory');
  const available = new Map<number, number>();
  const fields = ['product_id', 'quantity', 'reserved_quantity'];
  const domain: Domain = [['location_id.usage', '=', 'internal']];
  for await (const page of odoo.pages({ model: 'stock.quant', fields, domain })) {
    for (const row of page) {
      const product = link(row, 'product_id');
      if (product === undefined) continue;
      const left = number(row, 'quantity') - number(row, 'reserved_quantity');
      available.set(product, (available.get(product) ?? 0) + left);
    }
  }
  return available;
}

/** Products whose stock is counted. */
export function storable(major: number): Domain {
  return major >= 18 ? [['is_storable', '=', true]] : [['detailed_type', '=', 'product']];
}

/** Without the noise of binary fractions. */
export function rounded(quantity: number): number {
  return Math.round(quantity * 1e6) / 1e6;
}
