// Answers with records: read, search_read, fields_get. many2one as `[id, name]`, or as id with `load` ''.

import { checkModel, checkRecords } from '../access/rules.ts';
import type { Answer, Field, Model, Row } from '../values.ts';
import { asSuperuser, type Env, type Getter } from './env.ts';
import { displayName, fieldOf, getter } from './value.ts';

export type Read = { id: number } & Record<string, Answer>;

type Reader = (row: Row) => Answer;

export function readRows(
  env: Env,
  model: Model,
  ids: readonly number[],
  names: readonly string[] | null | undefined,
  load: string | null | undefined,
): Read[] {
  checkModel(env, model, 'read');
  const fields = fieldsToRead(model, names);
  const readers = fields.map((field) => [field.name, reader(env, model, field, load)] as const);
  const table = env.db.table(model.name);
  const rows = ids.map((id) => table.get(id)).filter((row) => row !== undefined);
  checkRecords(env, model, rows, 'read');
  return rows.map((row) => {
    const read: Read = { id: row.id };
    for (const [name, get] of readers) read[name] = get(row);
    return read;
  });
}

/** Without a list: every field that Odoo would give, which leaves out nothing that the data set knows. */
export function fieldsToRead(model: Model, names: readonly string[] | null | undefined): Field[] {
  if (!names || names.length === 0) return [...model.fields.values()];
  return names.filter((name) => name !== 'id').map((name) => fieldOf(model, name));
}

function reader(env: Env, model: Model, field: Field, load: string | null | undefined): Reader {
  const get: Getter = getter(env, model, field);
  if (field.type !== 'many2one') return get;
  const raw = load === '' || load === null;
  if (raw) return get;
  const relation = field.relation!;
  const sudo = env.superuser ? env : { ...asSuperuser(env), cache: env.cache };
  return (row) => {
    const id = get(row);
    return typeof id === 'number' ? [id, displayName(sudo, relation, id)] : id;
  };
}

const ATTRIBUTES: Readonly<Record<string, (field: Field) => Answer | undefined>> = {
  type: (field) => field.type,
  string: (field) => field.string,
  store: (field) => field.stored,
  required: (field) => field.required,
  readonly: (field) => field.readonly,
  searchable: () => true,
  sortable: (field) => field.stored,
  company_dependent: (field) => field.companyDependent ?? false,
  translate: (field) => field.translate ?? false,
  relation: (field) => field.relation,
  relation_field: (field) => field.relationField,
  related: (field) => field.related,
  selection: (field) => field.selection as Answer | undefined,
  name: (field) => field.name,
};

/** Descriptions of fields, as Odoo gives them. */
export function describeFields(
  env: Env,
  model: Model,
  names?: readonly string[] | null,
  attributes?: readonly string[] | null,
): Record<string, Record<string, Answer>> {
  checkModel(env, model, 'read');
  const described: Record<string, Record<string, Answer>> = {};
  for (const field of model.fields.values()) {
    if (names && names.length > 0 && !names.includes(field.name)) continue;
    const entry: Record<string, Answer> = {};
    for (const [attribute, of] of Object.entries(ATTRIBUTES)) {
      if (attributes && attributes.length > 0 && !attributes.includes(attribute)) continue;
      const value = of(field);
      if (value !== undefined) entry[attribute] = value;
    }
    described[field.name] = entry;
  }
  return described;
}

/** Ids of records that exist. */
export function existing(env: Env, model: Model, ids: readonly number[]): number[] {
  const table = env.db.table(model.name);
  return ids.filter((id) => table.has(id));
}
