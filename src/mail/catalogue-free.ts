// What is free of a product: on hand in the exported warehouses, less what is reserved there. Kits are as many as their parts
// make. The stock that counts is the export's (connector.md 2.18): internal locations of warehouses, no scrap and no returns.
import type { Reading } from '../connector/export/reads.ts';
import { byIds, has } from '../connector/export/reads.ts';
import { type Domain, type OdooReader, readAll } from '../connector/odoo/reader.ts';
import { flag, groupBy, link, number, type OdooRow, text } from '../mapping/records.ts';
import { clean, type Units } from '../mapping/units.ts';

/** Free quantity by product, in its own unit. Products without stock are absent. */
export type FreeStock = Map<number, number>;

/** Locations whose stock counts. */
export async function stockLocations(reader: OdooReader, signal?: AbortSignal): Promise<ReadonlySet<number>> {
  const fields = ['usage', 'warehouse_id', 'location_id', 'scrap_location', 'return_location', 'company_id', 'active'];
  const [rows, warehouses] = await Promise.all([
    readAll(reader, { model: 'stock.location', fields, domain: [['usage', 'in', ['internal', 'view']]], signal }),
    readAll(reader, { model: 'stock.warehouse', fields: ['view_location_id', 'active'], signal }),
  ]);
  const active = warehouses.filter((row) => row.active !== false);
  const ids = new Set(active.map(({ id }) => id));
  const views = new Set(active.flatMap((row) => link(row, 'view_location_id') ?? []));
  const above = new Map(rows.map((row) => [row.id, link(row, 'location_id')]));
  const belongs = (row: OdooRow) => {
    // Before Odoo 16 a location does not know its warehouse; the warehouse's view stands somewhere above it.
    if (row.warehouse_id !== undefined) return ids.has(link(row, 'warehouse_id') ?? 0);
    let at: number | undefined = row.id;
    for (let depth = 0; at !== undefined && depth < 50; depth++, at = above.get(at)) if (views.has(at)) return true;
    return false;
  };
  const counted = rows.filter(
    (row) =>
      text(row, 'usage') === 'internal' &&
      !flag(row, 'scrap_location') &&
      !flag(row, 'return_location') &&
      belongs(row),
  );
  return new Set(counted.map(({ id }) => id));
}

/** @param products only these; all when absent */
export async function readFreeStock(
  reader: OdooReader,
  locations: ReadonlySet<number>,
  products?: Iterable<number>,
  signal?: AbortSignal,
): Promise<FreeStock> {
  const free: FreeStock = new Map();
  if ((await reader.fields('stock.quant')) === null) return free;
  const domain: Domain = [
    ['location_id.usage', '=', 'internal'],
    ['quantity', '>', 0],
    ...(products ? ([['product_id', 'in', [...products]]] as const) : []),
  ];
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity'];
  for await (const page of reader.pages({ model: 'stock.quant', fields, domain, signal })) {
    for (const row of page) {
      const product = link(row, 'product_id');
      if (product === undefined || !locations.has(link(row, 'location_id') ?? 0)) continue;
      const left = number(row, 'quantity') - number(row, 'reserved_quantity');
      free.set(product, clean((free.get(product) ?? 0) + left));
    }
  }
  return free;
}

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
