// The value of a field of a record: stored, computed, related, translated, by company, or the other side of a relation.
// A getter is compiled once per call and field, so that reading a page costs one function call per value.

import { unknownField } from '../faults.ts';
import { getOrAdd } from '../maps.ts';
import { emptyValue, type Field, type Model, NO_IDS, type Row, type Value } from '../values.ts';
import { activeTest, cached, type Env, type Getter, modelOf } from './env.ts';
import { comparator } from './order.ts';

export function fieldOf(model: Model, name: string): Field {
  const field = model.fields.get(name);
  if (!field) throw unknownField(model.name, name);
  return field;
}

/** Value of one field; for many rows take the getter. */
export function fieldValue(env: Env, model: string, row: Row, field: string): Value {
  return getter(env, modelOf(env, model), fieldOf(modelOf(env, model), field))(row);
}

export function getter(env: Env, model: Model, field: Field): Getter {
  return cached(env, `get ${model.name}.${field.name}`, () => compile(env, model, field));
}

function compile(env: Env, model: Model, field: Field): Getter {
  const { name } = field;
  if (name === 'id') return (row) => row.id;
  if (name === 'display_name') return (row) => displayName(env, model.name, row.id);
  const computed = env.behaviours.get(model.name)?.computed?.[name];
  if (computed) return (row) => computed(env, row);
  if (field.type === 'one2many') return toMany(env, model, field);
  if (field.companyDependent && name === 'standard_price') return cost(env, model, field);
  if (field.related && !field.stored) return related(env, model, field);
  const empty = emptyValue(field);
  const plain: Getter = field.related
    ? fallback(name, related(env, model, field))
    : (row) => (row[name] === undefined ? empty : row[name]);
  if (field.type === 'many2many') return activeOnly(env, field, plain);
  return translated(env, model, name, plain);
}

function fallback(name: string, get: Getter): Getter {
  return (row) => row[name] ?? get(row);
}

function translated(env: Env, model: Model, name: string, plain: Getter): Getter {
  const names = env.lang && name === 'name' ? env.db.translations.get(env.lang)?.get(model.name) : undefined;
  if (!names) return plain;
  return (row) => names.get(row.id)?.name ?? plain(row);
}

/** Follows the path where its first record is in the data set; else what the data set says. */
function related(env: Env, model: Model, field: Field): Getter {
  const path = field.related!.split('.');
  const first = model.fields.get(path[0]!);
  const empty = emptyValue(field);
  const own: Getter = (row) => row[field.name] ?? empty;
  if (!first?.relation || !env.db.models.has(first.relation) || path.length < 2) return own;
  const comodel = modelOf(env, first.relation);
  const next = path[1]!;
  const target = comodel.fields.get(next);
  if (!target) return own;
  const rest = path.length > 2 ? `${path.slice(1).join('.')}` : null;
  const step: Field = rest ? { ...field, name: `${field.name} via ${rest}`, related: rest, stored: false } : target;
  let get: Getter | null = null;
  const getFirst = getter(env, model, first);
  const table = env.db.table(comodel.name);
  return (row) => {
    const value = getFirst(row);
    const id = typeof value === 'number' ? value : Array.isArray(value) ? value[0] : undefined;
    if (id === undefined) return empty;
    const record = table.get(id);
    if (!record) return own(row);
    get ??= rest ? related(env, comodel, step) : getter(env, comodel, target);
    return get(record);
  };
}

/** Cost of the current company: as written in the sandbox, else as the data set says. */
function cost(env: Env, model: Model, field: Field): Getter {
  const company = env.companies[0] ?? 0;
  const costs = env.db.costs.get(company);
  if (model.name !== 'product.product') return (row) => row[field.name] ?? 0;
  return (row) => {
    const written = row[`standard_price@${company}`];
    if (written !== undefined) return written;
    if (env.db.costs.size === 0) return row[field.name] ?? 0;
    return costs?.get(row.id) ?? 0;
  };
}

/** Conditions that Odoo puts on a one2many beyond the inverse. */
const ONLY: Readonly<Record<string, (row: Row) => boolean>> = {
  'mrp.production.move_raw_ids': (row) => row.scrapped !== true,
  'mrp.production.move_finished_ids': (row) => row.scrapped !== true,
  'resource.calendar.global_leave_ids': (row) => !isSet(row.resource_id),
  'mrp.workorder.move_raw_ids': (row) => isSet(row.raw_material_production_id) && !isSet(row.production_id),
  'mrp.workorder.move_finished_ids': (row) => !isSet(row.raw_material_production_id) && isSet(row.production_id),
};

function isSet(value: Value | undefined): boolean {
  return typeof value === 'number';
}

function toMany(env: Env, model: Model, field: Field): Getter {
  const { name, relation = '', relationField = '' } = field;
  const comodel = env.db.models.get(relation);
  const inverse = comodel?.fields.get(relationField);
  if (!comodel || !inverse || inverse.type !== 'many2one' || !inverse.stored) {
    return (row) => row[name] ?? NO_IDS;
  }
  const table = env.db.table(relation);
  const hideArchived = activeTest(env) && comodel.fields.has('active');
  const only = ONLY[`${model.name}.${name}`];
  return (row) => {
    const ids = table.index(relationField).get(row.id);
    if (!ids || ids.length === 0) return NO_IDS;
    let rows = ids.map((id) => table.get(id)!);
    if (hideArchived) rows = rows.filter((line) => line.active !== false);
    if (only) rows = rows.filter(only);
    if (rows.length > 1) rows.sort(comparator(env, comodel, comodel.order));
    return rows.map((line) => line.id);
  };
}

function activeOnly(env: Env, field: Field, plain: Getter): Getter {
  const comodel = env.db.models.get(field.relation ?? '');
  if (!activeTest(env) || !comodel?.fields.has('active')) return plain;
  const table = env.db.table(comodel.name);
  return (row) => {
    const ids = plain(row) as readonly number[];
    return ids.some((id) => table.get(id)?.active === false)
      ? ids.filter((id) => table.get(id)?.active !== false)
      : ids;
  };
}

/** Name of a record, whether it is in the data set or only mentioned there. */
export function displayName(env: Env, model: string, id: number): string {
  const names = cached(env, `name ${model}`, () => new Map<number, string>());
  return getOrAdd(names, id, () => computeName(env, model, id));
}

function computeName(env: Env, model: string, id: number): string {
  const row = env.db.hasTable(model) ? env.db.table(model).get(id) : undefined;
  if (!row) return env.db.outsideNames.get(model)?.get(id) ?? `${model},${id}`;
  const translated = env.lang ? env.db.translations.get(env.lang)?.get(model)?.get(id)?.display_name : undefined;
  if (translated !== undefined && typeof row.display_name === 'string') return translated;
  // A name that came with the data set holds until the record is written; see `write`.
  if (typeof row.display_name === 'string') return row.display_name;
  return freshName(env, model, row);
}

/** The name computed from the record's fields. */
export function freshName(env: Env, model: string, row: Row): string {
  const behaviour = env.behaviours.get(model);
  if (behaviour?.displayName) return behaviour.displayName(env, row);
  const { recName } = modelOf(env, model);
  if (recName === 'id') return `${model},${row.id}`;
  const value = fieldValue(env, model, row, recName);
  const field = modelOf(env, model).fields.get(recName)!;
  if (field.type === 'many2one') return typeof value === 'number' ? displayName(env, field.relation!, value) : '';
  return value === false ? '' : String(value);
}
