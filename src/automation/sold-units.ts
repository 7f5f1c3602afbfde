// Quantities of order lines in the unit of their product: a dozen sold is twelve.
import { link, type OdooRow, tableOf } from '../mapping/records.ts';
import { unitsOf } from '../mapping/units.ts';
import type { AutomationOdoo } from './automation.ts';

export interface SoldUnits {
  /** Field of the line with its unit; null where units are not used. */
  field: string | null;
  /** Units that cannot be compared are left as they are. */
  inProductUnit(line: OdooRow, quantity: number): number;
}

const NONE: SoldUnits = { field: null, inProductUnit: (_, quantity) => quantity };

/** @param lines model of the order lines */
export async function soldUnits(odoo: AutomationOdoo, lines: string): Promise<SoldUnits> {
  // Odoo 19 calls it by the longer name.
  const field = (await odoo.has(lines, ['product_uom_id'])) ? 'product_uom_id' : 'product_uom';
  if (!(await odoo.has(lines, [field])) || !(await odoo.has('uom.uom'))) return NONE;
  const fields = ['name', 'factor', 'category_id', 'relative_factor', 'relative_uom_id'];
  const rows = await odoo.rows({ model: 'uom.uom', fields });
  if (rows.length < 2) return NONE;
  const units = unitsOf(rows);
  const templates = tableOf(await odoo.rows({ model: 'product.template', fields: ['uom_id'] }));
  const products = tableOf(await odoo.rows({ model: 'product.product', fields: ['product_tmpl_id'] }));
  return {
    field,
    inProductUnit(line, quantity) {
      const product = products.get(link(line, 'product_id') ?? 0);
      const own = link(templates.get(link(product, 'product_tmpl_id') ?? 0), 'uom_id');
      return units.convert(quantity, link(line, field), own) ?? quantity;
    },
  };
}
