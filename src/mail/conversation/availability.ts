// What is free for an order: free stock, less what other open mail orders hold, line by line in the order's own sequence.
import type { Catalogue } from '../catalogue.ts';
import type { ReadingLine } from '../reading.ts';
import { SHIPPED_UNITS, type UnitTable } from '../words/units.ts';

export interface LineAvailability {
  /** From 0. */
  line: number;
  product: number;
  /** In the product's own unit. */
  wanted: number;
  free: number;
  short: boolean;
}

/** A quantity in the product's own unit; undefined when the units cannot be compared. */
export function inProductUnit(
  line: ReadingLine,
  productUom: string,
  units: UnitTable = SHIPPED_UNITS,
): number | undefined {
  if (line.quantity === null) return undefined;
  if (line.uom === null || line.uom === productUom) return line.quantity;
  const from = units.ofName(line.uom);
  const to = units.ofName(productUom);
  if (!from || !to || from.kind !== to.kind) return undefined;
  return Number(((line.quantity * from.factor) / to.factor).toPrecision(12));
}

/**
 * Lines that can be had, and lines that are short. A product in two lines is counted down from line to line; a line that is
 * short takes nothing.
 *
 * @param held what other open mail orders hold, by product, in its own unit
 */
export function availabilityOf(
  lines: readonly ReadingLine[],
  catalogue: Catalogue,
  held: ReadonlyMap<number, number> = new Map(),
): LineAvailability[] {
  const left = new Map<number, number>();
  const result: LineAvailability[] = [];
  for (const [index, line] of lines.entries()) {
    const product = line.product === null ? undefined : catalogue.product(line.product);
    const wanted = product && inProductUnit(line, product.uom, catalogue.units);
    if (!product || wanted === undefined) continue;
    if (product.free === null) {
      result.push({ line: index, product: product.id, wanted, free: Number.POSITIVE_INFINITY, short: false });
      continue;
    }
    const free = left.get(product.id) ?? Math.max(0, product.free - (held.get(product.id) ?? 0));
    // Binary fractions: 0.1 + 0.2 kg is covered by 0.3 kg.
    const short = wanted > free + 1e-9;
    left.set(product.id, short ? free : Math.max(0, free - wanted));
    result.push({ line: index, product: product.id, wanted, free, short });
  }
  return result;
}
