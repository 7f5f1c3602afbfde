// Kits are sold as one and taken from stock as their parts: what they are made of, and how many the parts make.
import { byIds, has, type Reading } from '../../connector/export/reads.ts';
import { readAll } from '../../connector/odoo/reader.ts';
import { groupBy, link, number } from '../../mapping/records.ts';
import type { Units } from '../../mapping/units.ts';

/** What a kit is made of, per piece of the kit and in the parts' own units. */
export type Kits = ReadonlyMap<number, ReadonlyMap<number, number>>;

/**
 * Kits are sold as one and taken from stock as their parts.
 * @param variants variants by template
 * @param uoms unit of each product
 */
export async function readKits(
  reading: Reading,
  units: Units,
  variants: ReadonlyMap<number, readonly number[]>,
  uoms: ReadonlyMap<number, number>,
): Promise<Kits> {
  const kits = new Map<number, Map<number, number>>();
  if (!(await has(reading, 'mrp.bom'))) return kits;
  const boms = (
    await readAll(reading.reader, {
      model: 'mrp.bom',
      fields: ['product_tmpl_id', 'product_id', 'product_qty', 'product_uom_id', 'bom_line_ids', 'sequence'],
      domain: [
        ['type', '=', 'phantom'],
        ['active', '=', true],
      ],
      signal: reading.signal,
    })
  ).toSorted((a, b) => number(a, 'sequence') - number(b, 'sequence') || a.id - b.id);
  if (boms.length === 0) return kits;
  const lineFields = [
    'bom_id',
    'product_id',
    'product_qty',
    'product_uom_id',
    'bom_product_template_attribute_value_ids',
  ];
  const lines = groupBy(
    await byIds(
      reading,
      'mrp.bom.line',
      boms.flatMap((bom) => (bom.bom_line_ids as number[]) ?? []),
      lineFields,
    ),
    'bom_id',
  );
  for (const bom of boms) {
    const own = link(bom, 'product_id');
    for (const product of own === undefined ? (variants.get(link(bom, 'product_tmpl_id') ?? 0) ?? []) : [own]) {
      if (kits.has(product)) continue;
      const made = units.convert(number(bom, 'product_qty') || 1, link(bom, 'product_uom_id'), uoms.get(product));
      if (!made) continue;
      const parts = new Map<number, number>();
      for (const line of lines.get(bom.id) ?? []) {
        const part = link(line, 'product_id');
        if (part === undefined) continue;
        const taken = units.convert(number(line, 'product_qty'), link(line, 'product_uom_id'), uoms.get(part));
        parts.set(part, (parts.get(part) ?? 0) + (taken ?? number(line, 'product_qty')) / made);
      }
      kits.set(product, parts);
    }
  }
  return kits;
}

/** How many of a kit its parts make; kits in kits too. A part without stock of its own (a service) does not matter. */
export function freeOfKit(
  product: number,
  kits: Kits,
  freeOf: (part: number) => number | null,
  depth = 0,
): number | null {
  const parts = kits.get(product);
  if (!parts || depth > 20) return freeOf(product);
  let fewest: number | null = null;
  for (const [part, amount] of parts) {
    const free = kits.has(part) ? freeOfKit(part, kits, freeOf, depth + 1) : freeOf(part);
    if (free === null || amount <= 0) continue;
    const makes = Math.max(0, Math.floor(free / amount + 1e-9));
    fewest = fewest === null ? makes : Math.min(fewest, makes);
  }
  return fewest;
}
