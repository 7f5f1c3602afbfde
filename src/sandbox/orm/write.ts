// Creating, changing and deleting records, for any model: conversion, defaults, required fields, relations, stored copies.
// What a model does beyond that is in ../behaviour.

import { checkModel, checkRecords } from '../access/rules.ts';
import type { Values } from '../behaviour/behaviour.ts';
import { mandatoryField, missingRecord, stillReferenced, unknownField } from '../faults.ts';
import type { Field, Model, Row, Value } from '../values.ts';
import { isNumeric, isToMany } from '../values.ts';
import { applyCommands, setLinks } from './commands.ts';
import { toStored } from './convert.ts';
import { spread, storedCopies } from './copies.ts';
import { type Env, modelOf, nowText } from './env.ts';

/** Set by Odoo, never by a caller. */
const AUTOMATIC = new Set(['id', 'create_date', 'create_uid', 'write_date', 'write_uid', 'display_name']);

/** Models whose records carry a record of another model: create makes both. */
export const INHERITS: Readonly<Record<string, readonly [field: string, model: string]>> = {
  'product.product': ['product_tmpl_id', 'product.template'],
  'res.users': ['partner_id', 'res.partner'],
};

interface Given {
  stored: Values;
  relations: [Field, unknown][];
  /** Values for the record at the other end of a related field: path → values. */
  through: Map<string, Record<string, unknown>>;
}

export function createRecord(env: Env, model: Model, values: Readonly<Record<string, unknown>>): number {
  checkModel(env, model, 'create');
  const all = { ...defaultsFromContext(env, model), ...values };
  const given = sortOut(env, model, all);
  const behaviour = env.behaviours.get(model.name);
  const inherits = INHERITS[model.name];
  if (inherits && !given.stored[inherits[0]]) {
    const owned = given.through.get(inherits[0]) ?? {};
    given.through.delete(inherits[0]);
    const id = createRecord(env, modelOf(env, inherits[1]), { ...owned, [`@without ${model.name}`]: true });
    given.stored[inherits[0]] = id;
  }
  const table = env.db.table(model.name);
  const id = table.nextId;
  table.nextId = id + 1;
  const now = nowText(env);
  const row: Row = { id, ...plainDefaults(env, model), ...behaviour?.defaults?.(env, given.stored) };
  for (const [name, value] of Object.entries(given.stored)) if (value !== undefined) row[name] = value;
  for (const name of ['create_date', 'write_date']) row[name] = now;
  for (const name of ['create_uid', 'write_uid']) row[name] = env.uid;
  Object.assign(row, storedCopies(env, model, row));
  requireFields(model, row, given.relations);
  checkRecords(env, model, [row], 'create');
  env.db.put(model.name, row);
  for (const [field, value] of given.relations) applyCommands(env, model, id, field, value);
  writeThrough(env, model, id, given.through);
  if (all[`@without product.product`] !== true) behaviour?.afterCreate?.(env, table.get(id)!, all);
  return id;
}

export function writeRecords(
  env: Env,
  model: Model,
  ids: readonly number[],
  values: Readonly<Record<string, unknown>>,
): void {
  checkModel(env, model, 'write');
  const table = env.db.table(model.name);
  const missing = ids.filter((id) => !table.has(id));
  if (missing.length > 0) throw missingRecord(model.name, missing, env.uid);
  checkRecords(
    env,
    model,
    ids.map((id) => table.get(id)!),
    'write',
  );
  const given = sortOut(env, model, values);
  const names = new Set(Object.keys(values));
  for (const id of ids) {
    const before = table.get(id)!;
    patch(env, model.name, id, given.stored);
    for (const [field, value] of given.relations) applyCommands(env, model, id, field, value);
    writeThrough(env, model, id, given.through);
    env.behaviours.get(model.name)?.afterWrite?.(env, table.get(id)!, before, names);
  }
}

/** Sets stored values without access checks and without the model's own consequences; stored copies elsewhere follow. */
export function patch(env: Env, modelName: string, id: number, values: Readonly<Values>): void {
  const table = env.db.table(modelName);
  const before = table.get(id);
  if (!before) throw missingRecord(modelName, [id], env.uid);
  const row: Row = { ...before };
  for (const [name, value] of Object.entries(values)) if (value !== undefined) row[name] = value;
  delete row.display_name;
  row.write_date = nowText(env);
  row.write_uid = env.uid;
  const model = modelOf(env, modelName);
  Object.assign(row, storedCopies(env, model, row, new Set(Object.keys(values))));
  env.cache.delete(`name ${modelName}`);
  env.db.put(modelName, row);
  spread(env, model, row, before);
}

export function removeRecords(env: Env, model: Model, ids: readonly number[]): void {
  checkModel(env, model, 'unlink');
  const table = env.db.table(model.name);
  const rows = ids.map((id) => table.get(id)).filter((row) => row !== undefined);
  checkRecords(env, model, rows, 'unlink');
  for (const row of rows) {
    env.behaviours.get(model.name)?.beforeUnlink?.(env, row);
    detach(env, model, row.id);
    env.db.remove(model.name, row.id);
    env.behaviours.get(model.name)?.afterUnlink?.(env, row);
  }
}

/** Lines that go with their owner. */
function isLine(env: Env, model: Model, holder: Model, field: Field): boolean {
  for (const own of model.fields.values()) {
    if (own.type === 'one2many' && own.relation === holder.name && own.relationField === field.name)
      return field.required;
  }
  return env.db.models.has(holder.name) && CASCADES.has(`${holder.name}.${field.name}`);
}

const CASCADES = new Set([
  'stock.move.raw_material_production_id',
  'stock.move.production_id',
  'stock.move.picking_id',
  'stock.move.line.move_id',
  'mrp.workorder.production_id',
  'mail.message.res_id',
]);

function detach(env: Env, model: Model, id: number): void {
  for (const holder of env.db.models.values()) {
    const table = env.db.table(holder.name);
    if (table.size === 0) continue;
    for (const field of holder.fields.values()) {
      if (field.relation !== model.name || !field.stored || field.related) continue;
      if (field.type === 'many2one') {
        for (const other of [...(table.index(field.name).get(id) ?? [])]) {
          if (isLine(env, model, holder, field) || CASCADES.has(`${holder.name}.${field.name}`)) {
            removeRecords(env, holder, [other]);
          } else if (field.required) {
            throw stillReferenced(
              holder.description,
              holder.name,
              `${holder.name.replaceAll('.', '_')}_${field.name}_fkey`,
            );
          } else patch(env, holder.name, other, { [field.name]: false });
        }
      } else if (field.type === 'many2many' && table.size <= 20_000) {
        for (const row of [...table.rows()]) {
          const links = row[field.name];
          if (Array.isArray(links) && links.includes(id)) {
            setLinks(
              env,
              holder,
              row.id,
              field,
              links.filter((one) => one !== id),
            );
          }
        }
      }
    }
  }
}

/** A copy with the values that are neither automatic nor given by a sequence; lines of orders are copied too. */
export function copyRecord(env: Env, model: Model, id: number, change: Readonly<Record<string, unknown>>): number {
  const row = env.db.table(model.name).get(id);
  if (!row) throw missingRecord(model.name, [id], env.uid);
  const values: Record<string, unknown> = {};
  for (const field of model.fields.values()) {
    if (AUTOMATIC.has(field.name) || NOT_COPIED.has(field.name) || !field.stored || field.related) continue;
    const value = row[field.name];
    if (value === undefined || value === false) continue;
    if (field.type === 'many2many') values[field.name] = [[6, 0, value]];
    else if (field.type !== 'one2many') values[field.name] = value;
  }
  if (model.fields.get('name')?.type === 'char' && !env.behaviours.get(model.name)?.defaults) {
    values.name = `${String(row.name)} (copy)`;
  }
  return createRecord(env, model, { ...values, ...change });
}

const NOT_COPIED = new Set([
  'state',
  'name',
  'date_approve',
  'procurement_group_id',
  'origin',
  'move_orig_ids',
  'move_dest_ids',
]);

export function defaultValues(env: Env, model: Model, names: readonly string[]): Record<string, Value> {
  const values: Row = { id: 0, ...plainDefaults(env, model), ...env.behaviours.get(model.name)?.defaults?.(env, {}) };
  const given = sortOut(env, model, defaultsFromContext(env, model));
  const all: Values = { ...values, ...given.stored };
  const answer: Record<string, Value> = {};
  for (const name of names) if (all[name] !== undefined && all[name] !== false) answer[name] = all[name];
  return answer;
}

function defaultsFromContext(env: Env, model: Model): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(env.context)) {
    if (key.startsWith('default_') && model.fields.has(key.slice(8))) values[key.slice(8)] = value;
  }
  return values;
}

function plainDefaults(env: Env, model: Model): Values {
  const values: Values = {};
  if (model.fields.has('active')) values.active = true;
  const company = model.fields.get('company_id');
  if (company?.required && !company.related) values.company_id = env.companies[0] ?? false;
  const sequence = model.fields.get('sequence');
  if (sequence?.type === 'integer') values.sequence = 10;
  return values;
}

function sortOut(env: Env, model: Model, values: Readonly<Record<string, unknown>>): Given {
  const given: Given = { stored: {}, relations: [], through: new Map() };
  const inherits = INHERITS[model.name];
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith('@')) continue;
    const field = model.fields.get(name);
    if (!field) throw unknownField(model.name, name);
    if (AUTOMATIC.has(name)) continue;
    const path = field.related?.split('.');
    if (path?.length === 2 && !field.stored && (!field.readonly || inherits?.[0] === path[0])) {
      const values = given.through.get(path[0]!) ?? {};
      values[path[1]!] = value;
      given.through.set(path[0]!, values);
    } else if (isToMany(field)) given.relations.push([field, value]);
    else if (field.companyDependent && name === 'standard_price') {
      given.stored[`standard_price@${env.companies[0] ?? 0}`] = toStored(env, model, field, value);
    } else given.stored[name] = toStored(env, model, field, value);
  }
  return given;
}

function writeThrough(env: Env, model: Model, id: number, through: Given['through']): void {
  for (const [name, values] of through) {
    const target = env.db.table(model.name).get(id)?.[name];
    if (typeof target === 'number')
      writeRecords(env, modelOf(env, model.fields.get(name)!.relation!), [target], values);
  }
}

function requireFields(model: Model, row: Row, relations: readonly [Field, unknown][]): void {
  for (const field of model.fields.values()) {
    if (!field.required || !field.stored || isNumeric(field) || field.type === 'boolean' || isToMany(field)) continue;
    if (field.readonly || field.related || field.companyDependent) continue;
    if (row[field.name] !== undefined && row[field.name] !== false) continue;
    if (field.type === 'selection' && field.selection?.[0]) row[field.name] = field.selection[0][0];
    else if (!relations.some(([given]) => given === field)) {
      throw mandatoryField(model.description, model.name, field.string, field.name);
    }
  }
}
