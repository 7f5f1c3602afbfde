// What is there of each product: on hand in internal locations, and what of it nobody has reserved. From Odoo's quants, so it is the
// same whichever way Odoo is read.

import type { Domain } from '../connector/odoo/reader.ts';
import { link, links, number, type OdooRow } from '../mapping/records.ts';
import type { AutomationOdoo } from './automation.ts';

/** Quantity that may be sold by product.product; products without stock are not in it. Of kits, what their parts are enough for. */
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
  return withKits(available, await kitParts(odoo));
}

/** What one of a kit takes of each part, in the part's unit. */
export type KitParts = ReadonlyMap<number, readonly { part: number; quantity: number }[]>;

/** Kits have no stock of their own. A kit of kits is counted through; one that is part of itself has none. */
export function withKits(stock: ReadonlyMap<number, number>, kits: KitParts): Map<number, number> {
  const available = new Map(stock);
  const under = new Set<number>();
  const done = new Set<number>();

  function of(product: number): number {
    const parts = kits.get(product);
    if (parts === undefined || done.has(product)) return available.get(product) ?? 0;
    if (under.has(product)) return 0;
    under.add(product);
    const each = parts.map(({ part, quantity }) => of(part) / quantity);
    const whole = each.length === 0 ? 0 : Math.max(0, Math.floor(Math.min(...each) + 1e-9));
    under.delete(product);
    done.add(product);
    available.set(product, whole);
    return whole;
  }
  for (const product of kits.keys()) of(product);
  return available;
}

/** Of Manufacturing, where it is there. Lines for some variants only are left out: the kit is not to seem scarcer than it is. */
async function kitParts(odoo: AutomationOdoo): Promise<KitParts> {
  const kits = new Map<number, { part: number; quantity: number }[]>();
  if (!(await odoo.has('mrp.bom', ['type', 'product_tmpl_id'])) || !(await odoo.has('mrp.bom.line'))) return kits;
  const boms = await odoo.rows({
    model: 'mrp.bom',
    fields: ['product_tmpl_id', 'product_id', 'product_qty', 'sequence'],
    domain: [
      ['type', '=', 'phantom'],
      ['active', '=', true],
    ],
  });
  if (boms.length === 0) return kits;
  const lines = await odoo.rows({
    model: 'mrp.bom.line',
    fields: ['bom_id', 'product_id', 'product_qty', 'product_uom_id', 'bom_product_template_attribute_value_ids'],
    domain: [['bom_id', 'in', boms.map(({ id }) => id)]],
  });
  const variants = await odoo.rows({
    model: 'product.product',
    fields: ['product_tmpl_id'],
    domain: [['product_tmpl_id', 'in', boms.flatMap((bom) => link(bom, 'product_tmpl_id') ?? [])]],
  });
  const inUnit = await unitsOf(odoo, lines);
  const byBom = Map.groupBy(lines, (line) => link(line, 'bom_id') ?? 0);
  // The first bill counts, that of a variant before that of the product.
  const ordered = boms.toSorted((a, b) => number(a, 'sequence') - number(b, 'sequence') || a.id - b.id);
  const own = ordered.filter((bom) => link(bom, 'product_id') !== undefined);
  for (const bom of [...own, ...ordered.filter((each) => !own.includes(each))]) {
    const makes = number(bom, 'product_qty') || 1;
    const parts = (byBom.get(bom.id) ?? [])
      .filter((line) => links(line, 'bom_product_template_attribute_value_ids').length === 0)
      .map((line) => ({ part: link(line, 'product_id') ?? 0, quantity: inUnit(line) / makes }))
      .filter(({ quantity }) => quantity > 0);
    const variant = link(bom, 'product_id');
    const of = variants.filter(
      (row) => (variant ?? row.id) === row.id && link(row, 'product_tmpl_id') === link(bom, 'product_tmpl_id'),
    );
    for (const { id } of of) if (!kits.has(id)) kits.set(id, parts);
  }
  return kits;
}

/** The quantity of a line in its product's own unit. */
async function unitsOf(odoo: AutomationOdoo, lines: readonly OdooRow[]): Promise<(line: OdooRow) => number> {
  const parts = await odoo.rows({
    model: 'product.product',
    fields: ['product_tmpl_id'],
    domain: [['id', 'in', lines.flatMap((line) => link(line, 'product_id') ?? [])]],
  });
  const templates = await odoo.rows({
    model: 'product.template',
    fields: ['uom_id'],
    domain: [['id', 'in', parts.flatMap((part) => link(part, 'product_tmpl_id') ?? [])]],
  });
  const unitOfTemplate = new Map(templates.map((row) => [row.id, link(row, 'uom_id') ?? 0]));
  const unit = new Map(parts.map((row) => [row.id, unitOfTemplate.get(link(row, 'product_tmpl_id') ?? 0) ?? 0]));
  const units = await odoo.rows({ model: 'uom.uom', fields: ['factor'] });
  const factors = new Map(units.map((row) => [row.id, number(row, 'factor') || 1]));
  const factor = (id: number | undefined) => factors.get(id ?? 0) ?? 1;
  return (line) => {
    const own = unit.get(link(line, 'product_id') ?? 0);
    const [from, to] = [factor(link(line, 'product_uom_id')), factor(own)];
    // Up to Odoo 18 the factor says how many of the unit make one of reference; afterwards the other way round.
    return odoo.major >= 19 ? (number(line, 'product_qty') * from) / to : (number(line, 'product_qty') / from) * to;
  };
}

/** Products whose stock is counted. */
export function storable(major: number): Domain {
  return major >= 18 ? [['is_storable', '=', true]] : [['detailed_type', '=', 'product']];
}

/** Without the noise of binary fractions. */
export function rounded(quantity: number): number {
  return Math.round(quantity * 1e6) / 1e6;
}
