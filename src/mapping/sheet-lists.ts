// The sheets `Filters`, `Statuses` and `Mail fields`.
import { DEFAULT_STATUSES } from './defaults.ts';
import {
  foldMailWord,
  MAIL_FIELDS,
  MAIL_PLACES,
  type MailFieldWord,
  type MailPlace,
  placesOverlap,
} from './mail-fields.ts';
import { ENTITIES, type EntityName, type FilterDomain, type StatusModel } from './rules.ts';
import { type Heading, readTable, type SheetCells } from './sheet-cells.ts';
import { parseDomain } from './sheet-domain.ts';
import { nearest, quoted, type SheetError } from './sheet-errors.ts';
import { entityOf, type Place } from './sheet-mapping.ts';
import { pick } from './sheet-values.ts';

export const FILTER_HEADINGS = [
  { title: 'Planning entity', also: ['entity'] },
  { title: 'Odoo domain', also: ['domain', 'filter'] },
  { title: 'Note', also: ['notes'], optional: true },
] as const satisfies readonly Heading[];

/** A cell with a filter, and what it says. */
export interface FilterPlace extends Place {
  domain: FilterDomain;
}

/** Entities whose records are read on their own; users and loads come with others. */
const FILTERED = ENTITIES.filter((entity) => entity !== 'users' && entity !== 'load');

/** Reads the sheet; several rows of one entity hold together (and). A row without domain filters nothing. */
export function readFiltersSheet(sheet: SheetCells): {
  filters: Map<EntityName, FilterDomain>;
  places: Map<EntityName, FilterPlace[]>;
  errors: SheetError[];
} {
  const table = readTable(sheet, FILTER_HEADINGS);
  const errors = [...table.errors];
  const filters = new Map<EntityName, FilterDomain>();
  const places = new Map<EntityName, FilterPlace[]>();
  for (const row of table.rows) {
    const text = row.cell('Odoo domain');
    if (!text && !row.cell('Planning entity')) continue;
    const entity = entityOf(row, 'Planning entity', errors, FILTERED);
    const result = parseDomain(text);
    if (!result.ok) errors.push(row.error('Odoo domain', result.message, result.allowed));
    if (!entity || !result.ok || result.domain.length === 0) continue;
    filters.set(entity, [...(filters.get(entity) ?? []), ...result.domain]);
    const place = {
      sheet: sheet.name,
      row: row.row,
      column: table.column('Odoo domain'),
      heading: 'Odoo domain',
      domain: result.domain,
    };
    places.set(entity, [...(places.get(entity) ?? []), place]);
  }
  return { filters, places, errors };
}

export const STATUS_HEADINGS = [
  { title: 'Odoo model', also: ['model'] },
  { title: 'Odoo state', also: ['state'] },
  { title: 'Planning status', also: ['status'] },
  { title: 'Note', also: ['notes'], optional: true },
] as const satisfies readonly Heading[];

export const STATUS_MODELS = [
  'sale.order',
  'purchase.order',
  'mrp.production',
  'mrp.workorder',
] as const satisfies readonly StatusModel[];

const DEMAND_STATUSES = ['open', 'quote', 'inquiry', 'closed', 'canceled', 'off'];
const ORDER_STATUSES = ['proposed', 'approved', 'confirmed', 'completed', 'closed', 'off'];

export function allowedStatuses(model: StatusModel): readonly string[] {
  return model === 'sale.order' ? DEMAND_STATUSES : ORDER_STATUSES;
}

/** Reads the sheet. A state without row is not sent. */
export function readStatusesSheet(sheet: SheetCells): {
  statuses: Map<StatusModel, Map<string, string>>;
  errors: SheetError[];
} {
  const table = readTable(sheet, STATUS_HEADINGS);
  const errors = [...table.errors];
  const statuses = new Map<StatusModel, Map<string, string>>();
  const listed = new Set(table.rows.map((row) => `${row.cell('Odoo model')} ${row.cell('Odoo state')}`));
  for (const row of table.rows) {
    const name = row.cell('Odoo model');
    const model = pick(name, STATUS_MODELS);
    if (!model) {
      const message = name ? `${quoted(name)} has no statuses in planning` : 'the Odoo model is missing';
      errors.push(row.error('Odoo model', message, STATUS_MODELS, nearest(name, STATUS_MODELS)));
      continue;
    }
    const states = statuses.get(model) ?? new Map<string, string>();
    statuses.set(model, states);
    const state = row.cell('Odoo state');
    const known = DEFAULT_STATUSES.filter((entry) => entry.model === model).map((entry) => entry.state);
    const meant = known.includes(state)
      ? undefined
      : nearest(
          state,
          known.filter((entry) => !listed.has(`${model} ${entry}`)),
        );
    if (!/^[a-z][a-z0-9_ ]*$/.test(state) || meant) {
      errors.push(
        row.error(
          'Odoo state',
          state ? `${quoted(state)} is not a state of ${model}` : 'the state is missing',
          known,
          meant ?? nearest(state, known),
        ),
      );
      continue;
    }
    if (states.has(state)) {
      errors.push(row.error('Odoo state', `${model} "${state}" has a row already`, ['one row for each state']));
      continue;
    }
    const text = row.cell('Planning status');
    const allowed = allowedStatuses(model);
    const status = pick(text, allowed);
    if (!status) {
      const message = text
        ? `${quoted(text)} is not a status of ${model === 'sale.order' ? 'demands' : 'orders'}`
        : 'the planning status is missing';
      errors.push(row.error('Planning status', message, allowed, nearest(text, allowed)));
    }
    states.set(state, status ?? 'off');
  }
  return { statuses, errors };
}

export const MAIL_HEADINGS = [
  { title: 'Order field', also: ['field'] },
  { title: 'Words', also: ['word'] },
  { title: 'Where', also: ['place'], optional: true },
  { title: 'Language', optional: true },
  { title: 'Note', also: ['notes'], optional: true },
] as const satisfies readonly Heading[];

const WORD_LENGTH = 60;

/** Reads the sheet; a cell holds one word or several, separated by `;`. */
export function readMailSheet(sheet: SheetCells): { mailFields: MailFieldWord[]; errors: SheetError[] } {
  const table = readTable(sheet, MAIL_HEADINGS);
  const errors = [...table.errors];
  const mailFields: MailFieldWord[] = [];
  const seen = new Map<string, Array<MailFieldWord & { row: number }>>();
  for (const row of table.rows) {
    const name = row.cell('Order field');
    const field = pick(name, MAIL_FIELDS);
    if (!field) {
      const message = name ? `${quoted(name)} is not a field of an order` : 'the order field is missing';
      errors.push(row.error('Order field', message, MAIL_FIELDS, nearest(name, MAIL_FIELDS)));
    }
    const where = row.cell('Where');
    const place: MailPlace | undefined = where ? pick(where, MAIL_PLACES) : 'anywhere';
    if (!place)
      errors.push(row.error('Where', `${quoted(where)} is not a place`, MAIL_PLACES, nearest(where, MAIL_PLACES)));
    const words = row
      .cell('Words')
      .split(/[;\n]/)
      .map((word) => word.trim())
      .filter(Boolean);
    if (words.length === 0)
      errors.push(row.error('Words', 'the word is missing', ['a word of customers\' mails, several separated by ";"']));
    for (const word of words) {
      if (word.length > WORD_LENGTH || !/\p{L}|\p{N}/u.test(word)) {
        errors.push(
          row.error('Words', `${quoted(word)} is not a word of a mail`, [
            `up to ${WORD_LENGTH} letters, digits and blanks`,
          ]),
        );
        continue;
      }
      if (!field || !place) continue;
      const entry: MailFieldWord = { field, word, place, language: row.cell('Language') };
      const key = foldMailWord(word);
      const others = seen.get(key) ?? [];
      const clash = others.find((other) => other.field !== field && placesOverlap(other.place, place));
      if (clash) {
        errors.push(
          row.error('Words', `${quoted(word)} means "${clash.field}" in row ${clash.row} already`, [
            'each word for one field, or in different places (line, table)',
          ]),
        );
        continue;
      }
      seen.set(key, [...others, { ...entry, row: row.row }]);
      mailFields.push(entry);
    }
  }
  return { mailFields, errors };
}
