// Units of measure: quantities are planned in the product's own unit (connector.md 2.2, C9, C12, C21).
import { link, number, type OdooRow, tableOf, text } from './records.ts';

export interface Units {
  /** Quantity in another unit of the same category, without rounding; undefined when the units cannot be compared. */
  convert(quantity: number, from: number | undefined, to: number | undefined): number | undefined;
  name(unit: number | undefined): string;
}

/** Rows of uom.uom: `factor` and `category_id` up to Odoo 18, `relative_factor` and `relative_uom_id` after. */
export function unitsOf(rows: readonly OdooRow[]): Units {
  const table = tableOf(rows);
  const measured = new Map<number, { size: number; group: number } | undefined>();

  function measure(id: number, depth = 0): { size: number; group: number } | undefined {
    if (measured.has(id)) return measured.get(id);
    const row = table.get(id);
    let result: { size: number; group: number } | undefined;
    if (row && row.relative_factor !== undefined) {
      const parent = link(row, 'relative_uom_id');
      const above = parent === undefined ? { size: 1, group: id } : depth < 20 ? measure(parent, depth + 1) : undefined;
      const factor = parent === undefined ? 1 : number(row, 'relative_factor');
      result = above && factor > 0 ? { size: above.size * factor, group: above.group } : undefined;
    } else if (row) {
      const factor = number(row, 'factor');
      const group = link(row, 'category_id');
      result = factor > 0 && group !== undefined ? { size: 1 / factor, group } : undefined;
    }
    measured.set(id, result);
    return result;
  }

  return {
    convert(quantity, from, to) {
      if (from === undefined || to === undefined || from === to) return quantity;
      const source = measure(from);
      const target = measure(to);
      if (!source || !target || source.group !== target.group) return undefined;
      return clean((quantity * source.size) / target.size);
    },
    name: (unit) => (unit === undefined ? '' : text(table.get(unit), 'name')),
  };
}

/** A number without the noise of binary floating point: 12 significant digits, so that 0.1 + 0.2 is 0.3. */
export function clean(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value;
  const rounded = Number(value.toPrecision(12));
  return Math.abs(rounded) < 1e-12 ? 0 : rounded;
}
