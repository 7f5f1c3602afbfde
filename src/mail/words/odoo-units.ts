// Units of measure as this Odoo has them: their names in all languages beside the words as shipped, their sizes by the same code
// as the export's. A word as shipped means the unit of Odoo that it names; a unit of Odoo's own is known by its names.
import { foldMailWord } from '../../mapping/mail-fields.ts';
import { type OdooRow, text } from '../../mapping/records.ts';
import { clean, unitsOf } from '../../mapping/units.ts';
import { type KnownUnit, SHIPPED_UNITS, type UnitTable } from './units.ts';

interface Entry {
  unit: KnownUnit;
  words: readonly string[];
  active: boolean;
}

function fold(word: string): string {
  return foldMailWord(word).replaceAll(' ', '');
}

/** Units of measure as Odoo has them, as plain data. */
export interface UnitRows {
  /** uom.uom, archived ones too. */
  rows: readonly OdooRow[];
  /** Names in other languages, by id. */
  names: ReadonlyMap<number, readonly string[]>;
}

/**
 * @param rows uom.uom, archived ones too
 * @param names names of a unit in other languages, by id
 */
export function odooUnits(rows: readonly OdooRow[], names: ReadonlyMap<number, readonly string[]>): UnitTable {
  const units = unitsOf(rows);
  const all = new Map(rows.map((row) => [row.id, [...new Set([text(row, 'name'), ...(names.get(row.id) ?? [])])]]));
  // The active ones first: their names win.
  const sorted = rows.toSorted((a, b) => Number(a.active === false) - Number(b.active === false) || a.id - b.id);
  const anchors = anchorsOf(sorted, all);
  const entries = sorted.flatMap((row): Entry[] => {
    const anchor = anchors.find(({ id }) => units.convert(1, row.id, id) !== undefined);
    const size = anchor
      ? units.convert(1, row.id, anchor.id)! * anchor.shipped.factor
      : units.convert(1, row.id, row.id);
    if (size === undefined) return [];
    const first = sorted.find((other) => units.convert(1, row.id, other.id) !== undefined)!;
    const own = anchor ? size : units.convert(1, row.id, first.id)!;
    const kind = anchor?.shipped.kind ?? `odoo ${first.id}`;
    const unit: KnownUnit = { name: text(row, 'name'), kind, factor: clean(own) };
    return [{ unit, words: all.get(row.id)!, active: row.active !== false }];
  });
  const byName = new Map<string, KnownUnit>();
  const byWord = new Map<string, KnownUnit>();
  for (const { unit, words } of entries) {
    for (const word of words) {
      if (!byName.has(word.toLowerCase())) byName.set(word.toLowerCase(), unit);
      const folded = fold(word);
      if (folded && !byWord.has(folded)) byWord.set(folded, unit);
    }
  }
  /** What a word as shipped is in this Odoo: of the same kind and size. */
  const asHere = (shipped: KnownUnit | undefined) =>
    shipped &&
    (entries.find(
      ({ unit, active }) => active && unit.kind === shipped.kind && Math.abs(unit.factor / shipped.factor - 1) < 1e-9,
    )?.unit ??
      shipped);
  const ofWord = (word: string) => byWord.get(fold(word)) ?? asHere(SHIPPED_UNITS.ofWord(word));
  return { ofWord, ofName: (name) => byName.get(name.toLowerCase()) ?? ofWord(name) };
}

/** Units of Odoo that are surely one of the shipped, one of each category: they say what the category measures. */
function anchorsOf(rows: readonly OdooRow[], names: ReadonlyMap<number, readonly string[]>) {
  return rows.flatMap((row) => {
    const shipped = names.get(row.id)!.flatMap((name) => SHIPPED_UNITS.ofName(name) ?? [])[0];
    return shipped ? [{ id: row.id, shipped }] : [];
  });
}
