// The sheet `Mapping`: rows of attributes -> the rules that the mapping modules obey, or the errors of its cells.
import { ATTRIBUTES } from './attributes.ts';
import { DEFAULT_ATTRIBUTES, type DefaultAttribute } from './defaults.ts';
import { BASE_MODELS, isKey, isLeading, LEADING_ATTRIBUTE, WITHOUT_PROPERTIES } from './entities.ts';
import { type AttributeRule, ENTITIES, type EntityName } from './rules.ts';
import { type Heading, readTable, type SheetCells, type TableOf, type TableRow } from './sheet-cells.ts';
import { nearest, quoted, type SheetError } from './sheet-errors.ts';
import { leadingModes, MODE_TEXTS, type ModeRow, modesWithin, parseModes } from './sheet-modes.ts';
import { type Source, sourceOf, transformOf } from './sheet-source.ts';
import { pick } from './sheet-values.ts';

export const MAPPING_HEADINGS = [
  { title: 'Planning entity', also: ['entity'] },
  { title: 'Attribute', also: ['planning attribute'] },
  { title: 'Odoo model', also: ['model'], optional: true },
  { title: 'Odoo field', also: ['field', 'path', 'odoo field or path', 'odoo path'] },
  { title: 'Transform', also: ['transformation'] },
  { title: 'Mode', also: ['modes'] },
  { title: 'Note', also: ['notes', 'remark'], optional: true },
] as const satisfies readonly Heading[];

export type MappingTitle = (typeof MAPPING_HEADINGS)[number]['title'];

/** Where a rule was read. */
export interface Place {
  sheet: string;
  row: number;
  column: string;
  heading: string;
}

export interface MappingSheet {
  attributes: AttributeRule[];
  /** Cell of the Odoo field of each rule that was in the sheet. */
  places: Map<AttributeRule, Place>;
  errors: SheetError[];
}

type Row = TableRow<MappingTitle>;

interface Draft extends ModeRow, Source {}

const OWN_NAME = /^[\p{L}_][\p{L}\p{N}_ .-]{0,99}$/u;

const keyOf = (entity: EntityName, attribute: string) => `${entity} ${attribute.toLowerCase()}`;
const SHIPPED = new Map(DEFAULT_ATTRIBUTES.map((row) => [keyOf(row.entity, row.attribute), row]));

/** Reads the sheet. A row that is missing means off, except for those that name or link objects: they must be there. */
export function readMappingSheet(sheet: SheetCells): MappingSheet {
  const table = readTable(sheet, MAPPING_HEADINGS);
  const errors = [...table.errors];
  if (errors.some((error) => error.message.startsWith('the column')))
    return { attributes: [], places: new Map(), errors };

  const present = presentKeys(table.rows);
  const drafts: Draft[] = [];
  const seen = new Map<string, number>();
  for (const row of table.rows) {
    const entity = entityOf(row, 'Planning entity', errors);
    const attribute = entity && attributeOf(row, entity, present, errors);
    if (!entity || !attribute) continue;
    const key = keyOf(entity, attribute);
    const twin = seen.get(key);
    if (twin !== undefined) {
      errors.push(
        row.error('Attribute', `${entity} "${attribute}" stands in row ${twin} already`, [
          'one row for each attribute',
        ]),
      );
      continue;
    }
    seen.set(key, row.row);
    const draft = draftOf(row, entity, attribute, errors);
    if (draft) drafts.push(draft);
  }
  errors.push(...missingKeys(table, seen));
  const { attributes, places } = compile(drafts, sheet.name, table.column('Odoo field'), errors);
  for (const shipped of DEFAULT_ATTRIBUTES) {
    if (!seen.has(keyOf(shipped.entity, shipped.attribute))) attributes.push(ruleOf(shipped, new Set()));
  }
  return { attributes, places, errors };
}

function presentKeys(rows: readonly Row[]): Set<string> {
  return new Set(
    rows.flatMap((row) => {
      const entity = pick(row.cell('Planning entity'), ENTITIES);
      return entity ? [keyOf(entity, row.cell('Attribute'))] : [];
    }),
  );
}

/** The entity that a cell names, one of the candidates. */
export function entityOf<Title extends string>(
  row: TableRow<Title>,
  title: Title,
  errors: SheetError[],
  candidates: readonly EntityName[] = ENTITIES,
): EntityName | undefined {
  const text = row.cell(title);
  const entity = pick(text, candidates);
  if (!entity) {
    const known = pick(text, ENTITIES);
    const wrong = known ? `${known} is not possible here` : `${quoted(text)} is not a planning entity`;
    const message = text ? wrong : 'the planning entity is missing';
    errors.push(row.error(title, message, candidates, known ? undefined : nearest(text, candidates)));
  }
  return entity;
}

function attributeOf(
  row: Row,
  entity: EntityName,
  present: ReadonlySet<string>,
  errors: SheetError[],
): string | undefined {
  const text = row.cell('Attribute');
  const known = Object.keys(ATTRIBUTES[entity]);
  const attribute = pick(text, known);
  if (attribute) return attribute;
  const fail = (message: string, allowed: readonly string[] = known, suggestion?: string) => {
    errors.push(row.error('Attribute', message, allowed, suggestion));
    return undefined;
  };
  if (!text) return fail('the attribute is missing', [...known, 'a name of your own']);
  if (WITHOUT_PROPERTIES.has(entity)) {
    return fail(
      `${quoted(text)} is not an attribute of ${entity}, which takes none of your own`,
      known,
      nearest(text, known),
    );
  }
  const meant = nearest(
    text,
    known.filter((name) => !present.has(keyOf(entity, name))),
  );
  if (meant) {
    return fail(
      `${quoted(text)} is not an attribute of ${entity}; for one of your own choose a name that is less like "${meant}"`,
      known,
      meant,
    );
  }
  if (!OWN_NAME.test(text) || text.toLowerCase() === 'source') {
    return fail(`${quoted(text)} cannot be the name of an attribute`, [
      'letters, digits, "_", "-", "." and blanks, a letter first',
    ]);
  }
  return text;
}

function draftOf(row: Row, entity: EntityName, attribute: string, errors: SheetError[]): Draft | undefined {
  const shipped = SHIPPED.get(keyOf(entity, attribute));
  const before = errors.length;
  const model = row.cell('Odoo model');
  if (model && model !== BASE_MODELS[entity]) {
    errors.push(
      row.error(
        'Odoo model',
        `the records of ${entity} are those of ${BASE_MODELS[entity]}; reach others by a path such as many2one.field`,
        [BASE_MODELS[entity]],
      ),
    );
  }
  const modes = parseModes(row.cell('Mode'));
  if (modes === undefined) errors.push(row.error('Mode', `${quoted(row.cell('Mode'))} is not a mode`, MODE_TEXTS));

  const transform = transformOf(row, entity, attribute, shipped, errors);
  const source = transform && sourceOf(row, entity, attribute, transform, shipped, errors);
  if (errors.length > before || !transform || !source || modes === undefined) return undefined;
  return { entity, attribute, modes, shipped, row, ...source };
}

/** Rows that name or link objects must be there: without them there is nothing to send. */
function missingKeys(table: TableOf<MappingTitle>, seen: ReadonlyMap<string, number>): SheetError[] {
  return DEFAULT_ATTRIBUTES.filter(
    ({ entity, attribute }) => isKey(entity, attribute) && !seen.has(keyOf(entity, attribute)),
  ).map(({ entity, attribute }) => {
    const siblings = table.rows.filter((row) => pick(row.cell('Planning entity'), ENTITIES) === entity);
    const row = siblings.at(-1)?.row ?? (table.rows.at(-1)?.row ?? 1) + 1;
    const remedy = isLeading(entity, attribute)
      ? 'to switch the whole entity off, write "off" in its mode'
      : `it is sent as long as ${entity} "${LEADING_ATTRIBUTE[entity]}" is`;
    return table.errorAt(row, 'Attribute', `the row ${entity} "${attribute}" is missing; ${remedy}`, [
      `a row ${entity} "${attribute}"`,
    ]);
  });
}

function compile(
  drafts: readonly Draft[],
  sheet: string,
  column: string,
  errors: SheetError[],
): { attributes: AttributeRule[]; places: Map<AttributeRule, Place> } {
  const leads = new Map<EntityName, ReadonlySet<number>>();
  for (const draft of drafts) {
    if (isLeading(draft.entity, draft.attribute)) leads.set(draft.entity, leadingModes(draft, errors));
  }
  const attributes: AttributeRule[] = [];
  const places = new Map<AttributeRule, Place>();
  for (const draft of drafts) {
    const lead = leads.get(draft.entity);
    // Without its leading row an entity has an error already.
    if (!lead) continue;
    const rule: AttributeRule = {
      entity: draft.entity,
      attribute: draft.attribute,
      model: BASE_MODELS[draft.entity],
      field: draft.field,
      transform: draft.transform,
      ...(draft.constant === undefined ? {} : { constant: draft.constant }),
      modes: modesWithin(lead, draft, errors),
    };
    attributes.push(rule);
    places.set(rule, { sheet, row: draft.row.row, column, heading: 'Odoo field' });
  }
  return { attributes, places };
}

function ruleOf(shipped: DefaultAttribute, modes: ReadonlySet<number>): AttributeRule {
  const { entity, attribute, field, transform } = shipped;
  return { entity, attribute, model: BASE_MODELS[entity], field, transform, modes };
}
