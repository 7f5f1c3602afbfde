// What can be sold of each product: in internal locations of the company, without what is reserved.
import { link, number } from '../mapping/records.ts';
import type { AutomationOdoo } from './automation.ts';

/** By product.product; products without stock records are not in it. Read from quants, as computed fields cannot be read by SQL. */
export async function availableQuantities(odoo: AutomationOdoo): Promise<Map<number, number>> {
  await odoo.require('stock.quant', ['product_id', 'quantity', 'reserved_quantity'], 'Inventory');
  const available = new Map<number, number>();
  const request = {
    model: 'stock.quant',
    fields: ['product_id', 'quantity', 'reserved_quantity'],
    domain: [['location_id.usage', '=', 'internal']] as const,
  };
  for await (const page of odoo.pages(request)) {
    for (const row of page) {
      const product = link(row, 'product_id');
      if (product === undefined) continue;
      const sum = (available.get(product) ?? 0) + number(row, 'quantity') - number(row, 'reserved_quantity');
      available.set(product, Math.round(sum * 1e6) / 1e6);
    }
  }
  return available;
}
