// The sheet `Options`: names, allowed values and meaning of each, and how a cell becomes a setting.
import { DEFAULT_OPTIONS } from './defaults.ts';
import type { MappingOptions } from './rules.ts';
import { type Heading, readTable, type SheetCells } from './sheet-cells.ts';
import { nearest, quoted, type SheetError } from './sheet-errors.ts';
import type { Place } from './sheet-mapping.ts';
import { pick } from './sheet-values.ts';
import { isZone } from './time.ts';

export const OPTION_HEADINGS = [
  { title: 'Option' },
  { title: 'Value' },
  { title: 'Allowed', optional: true },
  { title: 'Note', also: ['notes'], optional: true },
] as const satisfies readonly Heading[];

export const AS_IN_ODOO = 'as in Odoo';

type Outcome<T> = { ok: true; value: T } | { ok: false; message: string; suggestion?: string };

export interface OptionRow<K extends keyof MappingOptions = keyof MappingOptions> {
  key: K;
  label: string;
  allowed: readonly string[];
  note: string;
  parse(text: string): Outcome<MappingOptions[K]>;
  format(value: MappingOptions[K]): string;
}

function option<K extends keyof MappingOptions>(row: OptionRow<K>): OptionRow {
  return row as unknown as OptionRow;
}

const asInOdoo = (text: string) => pick(text, [AS_IN_ODOO]) !== undefined;

function choice<K extends keyof MappingOptions>(
  key: K,
  label: string,
  allowed: readonly (MappingOptions[K] & string)[],
  note: string,
): OptionRow {
  return option({
    key,
    label,
    allowed,
    note,
    parse(text) {
      const value = pick(text, allowed);
      return value === undefined
        ? { ok: false, message: `${quoted(text)} is not a value of "${label}"`, suggestion: nearest(text, allowed) }
        : { ok: true, value };
    },
    format: String,
  });
}

type NullableText = 'calendar' | 'manufacturingWarehouse' | 'timezone' | 'language';

function named(
  key: NullableText,
  label: string,
  what: string,
  note: string,
  check?: (text: string) => string | undefined,
  suggest?: (text: string) => string | undefined,
): OptionRow {
  return option({
    key,
    label,
    allowed: [AS_IN_ODOO, what],
    note,
    parse(text) {
      if (asInOdoo(text)) return { ok: true, value: null };
      const message = check?.(text);
      return message ? { ok: false, message, suggestion: suggest?.(text) } : { ok: true, value: text };
    },
    format: (value) => value ?? AS_IN_ODOO,
  });
}

function days(key: 'purchaseLeadDays' | 'manufacturingLeadDays', label: string, note: string): OptionRow {
  return option({
    key,
    label,
    allowed: [AS_IN_ODOO, 'a number of days, 0 or more'],
    note,
    parse(text) {
      if (asInOdoo(text)) return { ok: true, value: null };
      const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
      return value <= 3650 ? { ok: true, value } : { ok: false, message: `${quoted(text)} is not a number of days` };
    },
    format: (value) => (value === null ? AS_IN_ODOO : String(value)),
  });
}

export const OPTION_ROWS: readonly OptionRow[] = [
  option({
    key: 'respectReservations',
    label: 'Respect reservations',
    allowed: [AS_IN_ODOO, 'yes', 'no'],
    note: "yes: stock that Odoo has reserved for an order stays with that order. no: the plan gives out all stock anew. As in Odoo: the company's own setting, yes when it has none.",
    parse(text) {
      const value = pick(text, [AS_IN_ODOO, 'yes', 'no', 'true', 'false']);
      if (value === undefined)
        return { ok: false, message: `${quoted(text)} is not a value of "Respect reservations"` };
      return { ok: true, value: value === AS_IN_ODOO ? null : value === 'yes' || value === 'true' };
    },
    format: (value) => (value === null ? AS_IN_ODOO : value ? 'yes' : 'no'),
  }),
  named(
    'calendar',
    'Calendar',
    'name of a working calendar',
    "Working hours of all warehouses. As in Odoo: each company's own setting; always open when it has none.",
  ),
  named(
    'manufacturingWarehouse',
    'Manufacturing warehouse',
    'code of a warehouse',
    "Where things are made when neither the order nor the bill of material says it. As in Odoo: the company's own setting, else its first warehouse.",
  ),
  days(
    'purchaseLeadDays',
    'Purchase lead days',
    "Safety days after subcontracting. As in Odoo: the company's security lead time for purchases.",
  ),
  days(
    'manufacturingLeadDays',
    'Manufacturing lead days',
    "Safety days after making. As in Odoo: the company's security lead time for manufacturing.",
  ),
  choice(
    'locationNames',
    'Location names',
    ['as frePPLe', 'code', 'name'],
    'What warehouses are called. As frePPLe: their short code, up to Odoo 16 their name. Changing it makes new locations in planning.',
  ),
  choice(
    'itemNames',
    'Item names',
    ['as frePPLe', 'short', 'long'],
    'What products are called. short: the internal reference; long: "[reference] name". As frePPLe: short while all references are unique. Changing it makes new items in planning.',
  ),
  choice(
    'operationNames',
    'Operation names',
    ['company warehouse', 'own warehouse'],
    "Which warehouse stands in the names of operations: the planning company's, as frePPLe's addon has it, or the one where the operation takes place.",
  ),
  choice(
    'reorderCalendarNames',
    'Reorder calendar names',
    ['location', 'warehouse name'],
    'How "SS for <item> @ …" ends. location: as the location is called, so that planning finds the stock. warehouse name: as frePPLe\'s addon writes it.',
  ),
  choice(
    'individuals',
    'Individuals',
    ['shared', 'separate'],
    'Persons without a company. shared: one customer "Individuals" for all. separate: each is a customer.',
  ),
  named(
    'timezone',
    'Time zone',
    'a zone such as Europe/Brussels',
    'Clock of all dates in the plan, when the planning server asks for none. As in Odoo: the zone of the connecting user.',
    (text) =>
      isZone(text) && (text.includes('/') || text === 'UTC') ? undefined : `${quoted(text)} is not a time zone`,
    (text) => nearest(text, [...Intl.supportedValuesOf('timeZone'), 'UTC']),
  ),
  named(
    'language',
    'Language',
    'a language code such as fr_FR',
    'Language of product and unit names, when the planning server asks for none. As in Odoo: the language of the connecting user.',
    (text) =>
      /^[a-z]{2,3}(_[A-Za-z0-9@]{2,10})?$/.test(text) ? undefined : `${quoted(text)} is not a language code of Odoo`,
    (text) =>
      /^[a-z]{2}[-_][a-z]{2}$/i.test(text)
        ? `${text.slice(0, 2).toLowerCase()}_${text.slice(3).toUpperCase()}`
        : undefined,
  ),
];

/** Reads the sheet; an option without row, or with an empty value, is as shipped. */
export function readOptionsSheet(sheet: SheetCells): {
  options: MappingOptions;
  places: Map<keyof MappingOptions, Place>;
  errors: SheetError[];
} {
  const places = new Map<keyof MappingOptions, Place>();
  const table = readTable(sheet, OPTION_HEADINGS);
  const errors = [...table.errors];
  const options: MappingOptions = { ...DEFAULT_OPTIONS };
  const labels = OPTION_ROWS.map((row) => row.label);
  const seen = new Map<string, number>();
  for (const row of table.rows) {
    const text = row.cell('Option');
    const label = pick(text, labels);
    const known = OPTION_ROWS.find((entry) => entry.label === label);
    if (!known) {
      errors.push(
        row.error(
          'Option',
          text ? `${quoted(text)} is not an option` : 'the option is missing',
          labels,
          nearest(text, labels),
        ),
      );
      continue;
    }
    const twin = seen.get(known.key);
    if (twin !== undefined) {
      errors.push(row.error('Option', `"${known.label}" stands in row ${twin} already`, ['one row for each option']));
      continue;
    }
    seen.set(known.key, row.row);
    const value = row.cell('Value');
    if (!value) continue;
    places.set(known.key, { sheet: sheet.name, row: row.row, column: table.column('Value'), heading: 'Value' });
    const outcome = known.parse(value);
    if (outcome.ok) Object.assign(options, { [known.key]: outcome.value });
    else errors.push(row.error('Value', outcome.message, known.allowed, outcome.suggestion));
  }
  return { options, places, errors };
}
