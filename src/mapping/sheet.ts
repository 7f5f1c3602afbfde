// mapping.xlsx, once its cells are read: sheets -> rules and mail words, or the errors of all its cells. Pure; the file itself is
// read in connector/mapping-file.ts.
import { defaultMailFields, defaultRules } from './defaults.ts';
import type { MailFieldWord } from './mail-fields.ts';
import type { AttributeRule, EntityName, MappingOptions, MappingRules } from './rules.ts';
import type { SheetCells } from './sheet-cells.ts';
import { nearest, quoted, type SheetError } from './sheet-errors.ts';
import { type FilterPlace, readFiltersSheet, readMailSheet, readStatusesSheet } from './sheet-lists.ts';
import { type Place, readMappingSheet } from './sheet-mapping.ts';
import { readOptionsSheet } from './sheet-options.ts';
import { pick } from './sheet-values.ts';

export const SHEETS = ['Read me', 'Mapping', 'Filters', 'Statuses', 'Options', 'Mail fields'] as const;

export type SheetName = (typeof SHEETS)[number];

/** Where rules were read, for errors that are found later. */
export interface SheetPlaces {
  attributes: ReadonlyMap<AttributeRule, Place>;
  filters: ReadonlyMap<EntityName, readonly FilterPlace[]>;
  options: ReadonlyMap<keyof MappingOptions, Place>;
}

/** What the sheet says. */
export interface Mapping {
  rules: MappingRules;
  mailFields: readonly MailFieldWord[];
  places: SheetPlaces;
}

export type SheetResult = { ok: true; mapping: Mapping } | { ok: false; errors: readonly SheetError[] };

/** The mapping as shipped. */
export function defaultMapping(): Mapping {
  return {
    rules: defaultRules(),
    mailFields: defaultMailFields(),
    places: { attributes: new Map(), filters: new Map(), options: new Map() },
  };
}

/** Reads all sheets. A sheet that is missing is as shipped. */
export function readSheets(sheets: readonly SheetCells[]): SheetResult {
  const errors: SheetError[] = [];
  const found = new Map<SheetName, SheetCells>();
  for (const sheet of sheets) {
    const name = pick(sheet.name, SHEETS);
    const fail = (message: string, suggestion?: string) =>
      errors.push({
        sheet: sheet.name,
        row: 1,
        column: 'A',
        heading: '',
        found: sheet.name,
        message,
        allowed: SHEETS,
        ...(suggestion ? { suggestion } : {}),
      });
    if (!name) fail(`the program knows no sheet ${quoted(sheet.name)}`, nearest(sheet.name, SHEETS));
    else if (found.has(name)) fail(`there are two sheets ${quoted(name)}`);
    else found.set(name, sheet);
  }

  const { rules, mailFields, places } = defaultMapping();
  const part = <T extends { errors: SheetError[] }>(name: SheetName, read: (sheet: SheetCells) => T): T | undefined => {
    const sheet = found.get(name);
    // A sheet without any cell is as good as none.
    const result = sheet?.rows.some((row) => row.some((cell) => cell !== null && cell !== ''))
      ? read(sheet)
      : undefined;
    errors.push(...(result?.errors ?? []));
    return result;
  };
  const attributes = part('Mapping', readMappingSheet);
  const filters = part('Filters', readFiltersSheet);
  const statuses = part('Statuses', readStatusesSheet);
  const options = part('Options', readOptionsSheet);
  const mail = part('Mail fields', readMailSheet);
  if (errors.length > 0) return { ok: false, errors: errors.toSorted(bySheet) };

  return {
    ok: true,
    mapping: {
      rules: {
        attributes: attributes?.attributes ?? rules.attributes,
        filters: filters?.filters ?? rules.filters,
        statuses: statuses?.statuses ?? rules.statuses,
        options: options?.options ?? rules.options,
      },
      mailFields: mail?.mailFields ?? mailFields,
      places: {
        attributes: attributes?.places ?? places.attributes,
        filters: filters?.places ?? places.filters,
        options: options?.places ?? places.options,
      },
    },
  };
}

function bySheet(a: SheetError, b: SheetError): number {
  const order = (error: SheetError) => SHEETS.indexOf(pick(error.sheet, SHEETS) ?? 'Read me');
  return (
    order(a) - order(b) ||
    a.row - b.row ||
    a.column.length - b.column.length ||
    (a.column < b.column ? -1 : a.column > b.column ? 1 : 0)
  );
}
