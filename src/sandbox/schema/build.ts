// Field descriptions from Odoo's own `fields_get` (fields.json of a data set) and from our compact tables.
// Every model gets id, display_name, create_date, create_uid, write_date, write_uid, as in Odoo.

import { z } from 'zod';
import { getOrAdd } from '../maps.ts';
import type { Field, FieldType, Model } from '../values.ts';
import { traitsOf } from './models.ts';

const fieldsJson = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      relation: z.string().optional(),
      relation_field: z.string().optional(),
      related: z.string().optional(),
      store: z.boolean().optional(),
      required: z.boolean().optional(),
      readonly: z.boolean().optional(),
      string: z.string().optional(),
      company_dependent: z.boolean().optional(),
      translate: z.boolean().optional(),
      selection: z.array(z.tuple([z.unknown(), z.string()])).optional(),
    }),
  ),
);

/** `fields_get` of several models, as a data set's fields.json holds it. */
export type FieldsJson = z.input<typeof fieldsJson>;

/** Several models in our notation: model → one line per field, see `parseField`. */
export type CompactSchema = Readonly<Record<string, string>>;

const TYPES: Readonly<Record<string, FieldType>> = {
  bool: 'boolean',
  int: 'integer',
  sel: 'selection',
  m2o: 'many2one',
  o2m: 'one2many',
  m2m: 'many2many',
};

/**
 * `name type[(comodel[/inverse] | key=Label|key=Label)] [! required] [~ not stored] [< read-only] [^ by company] [=related.path] ["Label"]`,
 * for example `order_line o2m(sale.order.line/order_id)` or `state sel(draft=Quotation|sale=Sales Order) <`.
 */
export function parseField(line: string): Field {
  const match = /^(\w+) (\w+)(?:\(([^)]*)\))?((?: [!~<^]| =[\w.]+| "[^"]*")*)$/.exec(line.trim());
  if (!match) throw new Error(`field not understood: ${line}`);
  const [, name = '', kind = '', argument = '', flags = ''] = match;
  const type = TYPES[kind] ?? (kind as FieldType);
  const related = / =([\w.]+)/.exec(flags)?.[1];
  const field: Field = {
    name,
    type,
    string: / "([^"]*)"/.exec(flags)?.[1] ?? label(name),
    stored: !flags.includes(' ~'),
    required: flags.includes(' !'),
    readonly: flags.includes(' <'),
  };
  if (related) field.related = related;
  if (flags.includes(' ^')) field.companyDependent = true;
  if (type === 'selection') {
    field.selection = argument.split('|').map((pair) => {
      const [key = '', text = key] = pair.split('=');
      return [key, text] as const;
    });
  } else if (argument) {
    const [relation = '', inverse] = argument.split('/');
    field.relation = relation;
    if (inverse) field.relationField = inverse;
  }
  return field;
}

function label(name: string): string {
  const words = name.replace(/_ids?$/, '').replaceAll('_', ' ');
  return words.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

const AUTOMATIC = [
  'id int < "ID"',
  'display_name char ~ < "Display Name"',
  'create_date datetime < "Created on"',
  'create_uid m2o(res.users) < "Created by"',
  'write_date datetime < "Last Updated on"',
  'write_uid m2o(res.users) < "Last Updated by"',
];

/** What describes the models of a data set. */
export interface SchemaSources {
  /** `fields_get` by model, as a data set's fields.json holds it. */
  described?: unknown;
  /** Models of ours, used when the data set describes none; else they only say what `fields_get` leaves open. */
  plain: readonly CompactSchema[];
  /** Models and fields that belong to every data set. */
  always: readonly CompactSchema[];
}

type FieldsByModel = Map<string, Map<string, Field>>;

/** Models of a data set: its fields.json where it has one, else our tables. */
export function buildModels(sources: SchemaSources): Map<string, Model> {
  const fields: FieldsByModel = new Map();
  if (sources.described === undefined) for (const table of sources.plain) addCompact(fields, table);
  else {
    addDescribed(fields, sources.described);
    for (const table of sources.plain) fillIn(fields, table);
  }
  for (const table of sources.always) addCompact(fields, table);
  const models = new Map<string, Model>();
  for (const [name, known] of fields) {
    for (const line of AUTOMATIC) {
      const field = parseField(line);
      if (!known.has(field.name)) known.set(field.name, field);
    }
    models.set(name, modelOf(name, known));
  }
  return models;
}

function fieldsOf(fields: FieldsByModel, model: string): Map<string, Field> {
  return getOrAdd(fields, model, () => new Map());
}

function addDescribed(fields: FieldsByModel, json: unknown): void {
  for (const [model, described] of Object.entries(fieldsJson.parse(json))) {
    for (const [name, info] of Object.entries(described)) {
      const field: Field = {
        name,
        type: info.type as FieldType,
        string: info.string ?? label(name),
        stored: info.store ?? false,
        required: info.required ?? false,
        readonly: info.readonly ?? false,
      };
      if (info.relation) field.relation = info.relation;
      if (info.relation_field) field.relationField = info.relation_field;
      if (info.related) field.related = info.related;
      if (info.selection) field.selection = info.selection.map(([key, text]) => [String(key), text] as const);
      if (info.company_dependent) field.companyDependent = true;
      if (info.translate) field.translate = true;
      fieldsOf(fields, model).set(name, field);
    }
  }
}

function* compactFields(table: CompactSchema): Generator<[string, Field]> {
  for (const [model, text] of Object.entries(table)) {
    for (const line of text.split('\n')) if (line.trim()) yield [model, parseField(line)];
  }
}

function addCompact(fields: FieldsByModel, table: CompactSchema): void {
  for (const [model, field] of compactFields(table)) {
    const known = fieldsOf(fields, model);
    if (!known.has(field.name)) known.set(field.name, field);
  }
}

/** The other side of a relation, which `fields_get` does not always give. */
function fillIn(fields: FieldsByModel, table: CompactSchema): void {
  for (const [model, field] of compactFields(table)) {
    const known = fields.get(model)?.get(field.name);
    if (known) known.relationField ??= field.relationField;
  }
}

function modelOf(name: string, fields: ReadonlyMap<string, Field>): Model {
  const traits = traitsOf(name);
  const recName = fields.has(traits.recName) ? traits.recName : fields.has('name') ? 'name' : 'id';
  const parent = traits.parent ?? (fields.get('parent_id')?.relation === name ? 'parent_id' : null);
  const order = traits.order
    .split(',')
    .map((term) => term.trim())
    .filter((term) => fields.has(term.split(' ')[0]!));
  return { name, description: traits.title, fields, order: order.join(', ') || 'id', recName, parent };
}
