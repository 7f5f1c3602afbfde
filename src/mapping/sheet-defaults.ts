// The cells of mapping.xlsx as shipped, sheet by sheet. Pure: connector/mapping-file.ts gives them their looks and writes them.
import {
  DEFAULT_ATTRIBUTES,
  DEFAULT_FILTERS,
  DEFAULT_MAIL_FIELDS,
  DEFAULT_OPTIONS,
  DEFAULT_STATUSES,
} from './defaults.ts';
import { BASE_MODELS, isLeading } from './entities.ts';
import type { SheetName } from './sheet.ts';
import type { SheetCells } from './sheet-cells.ts';
import { FILTER_HEADINGS, MAIL_HEADINGS, STATUS_HEADINGS } from './sheet-lists.ts';
import { MAPPING_HEADINGS } from './sheet-mapping.ts';
import { OPTION_HEADINGS, OPTION_ROWS } from './sheet-options.ts';

const README: readonly string[] = [
  'What of Odoo becomes what in planning',
  'This workbook decides what is sent to planning, and how order mails are read. Change it, save it, and the program obeys it from its next run on.',
  'Mapping: one row for each attribute. To read another field, write it in "Odoo field" (many2one.field reaches further) and choose the transform that fits.',
  'The transform "rule" means that the program computes the value as the note says. A "constant" sends what stands in "Odoo field".',
  'Mode: 1 = the full plan, 2 = what changes slowly, "1,2" = both, off = not sent. The first row of an entity leads: its mode is that of the whole entity.',
  'An attribute of your own: add a row with a new name, a field and a transform. It arrives in planning as a property of that name.',
  'Filters: an Odoo domain for each entity, as Odoo writes it. Records that do not match are left out.',
  'Statuses: what each state of Odoo means for the plan; "off" leaves it out. A state without row is left out too.',
  'Options: choices that hold for the whole plan; each has a note. "as in Odoo" keeps the setting of the company in Odoo.',
  'Mail fields: words that customers write before a value or above a column, several separated by ";". Add yours.',
  'Check your changes with: planbridge mapping check. Back to the beginning: planbridge mapping reset. A picture: planbridge mapping diagram.',
];

const titles = (headings: readonly { title: string }[]) => headings.map((heading) => heading.title);

function sheet(
  name: SheetName,
  headings: readonly { title: string }[],
  rows: readonly (readonly string[])[],
): SheetCells {
  return { name, rows: [titles(headings), ...rows] };
}

/** Rows of the sheet `Mapping`, with the hint that the leading rows carry. */
function mappingRows(): string[][] {
  return DEFAULT_ATTRIBUTES.map((row) => [
    row.entity,
    row.attribute,
    BASE_MODELS[row.entity],
    row.field,
    row.transform,
    row.modes,
    isLeading(row.entity, row.attribute) ? `${row.note} The mode of this row is that of the whole entity.` : row.note,
  ]);
}

export function defaultSheets(): SheetCells[] {
  return [
    { name: 'Read me', rows: README.map((line) => [line]) },
    sheet('Mapping', MAPPING_HEADINGS, mappingRows()),
    sheet(
      'Filters',
      FILTER_HEADINGS,
      DEFAULT_FILTERS.map((row) => [row.entity, row.domain, row.note]),
    ),
    sheet(
      'Statuses',
      STATUS_HEADINGS,
      DEFAULT_STATUSES.map((row) => [row.model, row.state, row.status, row.note]),
    ),
    sheet(
      'Options',
      OPTION_HEADINGS,
      OPTION_ROWS.map((row) => [row.label, row.format(DEFAULT_OPTIONS[row.key]), row.allowed.join(' | '), row.note]),
    ),
    sheet(
      'Mail fields',
      MAIL_HEADINGS,
      DEFAULT_MAIL_FIELDS.map((row) => [row.field, row.words.join('; '), row.place, row.language, '']),
    ),
  ];
}
