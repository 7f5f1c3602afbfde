// x2many commands of a write: (0, 0, values) create, (1, id, values) update, (2, id) delete, (3, id) unlink,
// (4, id) link, (5) clear, (6, 0, ids) replace. Both sides of a relation are kept true.

import type { Field, Model } from '../values.ts';
import { notCommands } from './convert.ts';
import { type Env, modelOf } from './env.ts';
import { fieldValue } from './value.ts';
import { createRecord, patch, removeRecords, writeRecords } from './write.ts';

/** Pairs of many2many that are two views of one relation. */
const INVERSE: Readonly<Record<string, readonly [model: string, field: string]>> = {
  'stock.move.move_orig_ids': ['stock.move', 'move_dest_ids'],
  'stock.move.move_dest_ids': ['stock.move', 'move_orig_ids'],
  'mrp.workorder.blocked_by_workorder_ids': ['mrp.workorder', 'needed_by_workorder_ids'],
  'mrp.workorder.needed_by_workorder_ids': ['mrp.workorder', 'blocked_by_workorder_ids'],
  'mrp.routing.workcenter.blocked_by_operation_ids': ['mrp.routing.workcenter', 'needed_by_operation_ids'],
  'mrp.routing.workcenter.needed_by_operation_ids': ['mrp.routing.workcenter', 'blocked_by_operation_ids'],
  'res.users.groups_id': ['res.groups', 'users'],
  'res.groups.users': ['res.users', 'groups_id'],
  'res.users.company_ids': ['res.company', 'user_ids'],
  'res.company.user_ids': ['res.users', 'company_ids'],
  'stock.route.product_ids': ['product.template', 'route_ids'],
  'product.template.route_ids': ['stock.route', 'product_ids'],
};

export function applyCommands(env: Env, model: Model, id: number, field: Field, value: unknown): void {
  const given = value === false || value === null ? [[5]] : value;
  if (!Array.isArray(given)) throw notCommands(field);
  const commands = given.length > 0 && given.every((item) => typeof item === 'number') ? [[6, 0, given]] : given;
  for (const command of commands) {
    if (!Array.isArray(command)) throw notCommands(field);
    if (field.type === 'one2many') toLines(env, id, field, command);
    else toLinks(env, model, id, field, command);
  }
}

function toLines(env: Env, id: number, field: Field, command: readonly unknown[]): void {
  const comodel = modelOf(env, field.relation!);
  const inverse = field.relationField;
  if (!inverse) throw notCommands(field);
  const [code, target, argument] = command;
  const current = (): readonly number[] => env.db.table(comodel.name).index(inverse).get(id) ?? [];
  const detach = (line: number): void => {
    if (comodel.fields.get(inverse)?.required) removeRecords(env, comodel, [line]);
    else patch(env, comodel.name, line, { [inverse]: false });
  };
  switch (code) {
    case 0:
      createRecord(env, comodel, { ...(argument as Record<string, unknown>), [inverse]: id });
      return;
    case 1:
      writeRecords(env, comodel, [target as number], argument as Record<string, unknown>);
      return;
    case 2:
      removeRecords(env, comodel, [target as number]);
      return;
    case 3:
      detach(target as number);
      return;
    case 4:
      patch(env, comodel.name, target as number, { [inverse]: id });
      return;
    case 5:
      for (const line of [...current()]) detach(line);
      return;
    case 6: {
      const wanted = new Set(argument as number[]);
      for (const line of [...current()]) if (!wanted.has(line)) detach(line);
      for (const line of wanted) patch(env, comodel.name, line, { [inverse]: id });
      return;
    }
    default:
      throw notCommands(field);
  }
}

function toLinks(env: Env, model: Model, id: number, field: Field, command: readonly unknown[]): void {
  const [code, target, argument] = command;
  const comodel = modelOf(env, field.relation!);
  const row = env.db.table(model.name).get(id)!;
  const current = (row[field.name] ?? []) as readonly number[];
  const without = (other: number): number[] => current.filter((one) => one !== other);
  switch (code) {
    case 0:
      setLinks(env, model, id, field, [...current, createRecord(env, comodel, argument as Record<string, unknown>)]);
      return;
    case 1:
      writeRecords(env, comodel, [target as number], argument as Record<string, unknown>);
      return;
    case 2:
      setLinks(env, model, id, field, without(target as number));
      removeRecords(env, comodel, [target as number]);
      return;
    case 3:
      setLinks(env, model, id, field, without(target as number));
      return;
    case 4:
      setLinks(env, model, id, field, [...without(target as number), target as number]);
      return;
    case 5:
      setLinks(env, model, id, field, []);
      return;
    case 6:
      setLinks(env, model, id, field, [...new Set(argument as number[])]);
      return;
    default:
      throw notCommands(field);
  }
}

/** Sets a many2many and, where the other side shows it too, that one. */
export function setLinks(env: Env, model: Model, id: number, field: Field, ids: readonly number[]): void {
  const before = (env.db.table(model.name).get(id)?.[field.name] ?? []) as readonly number[];
  patch(env, model.name, id, { [field.name]: ids });
  const inverse = INVERSE[`${model.name}.${field.name}`];
  if (!inverse) return;
  const [otherModel, otherField] = inverse;
  if (!env.db.models.get(otherModel)?.fields.has(otherField)) return;
  const table = env.db.table(otherModel);
  for (const other of before) {
    const row = table.get(other);
    if (!row || ids.includes(other)) continue;
    const links = fieldValue(env, otherModel, row, otherField) as readonly number[];
    patch(env, otherModel, other, { [otherField]: links.filter((one) => one !== id) });
  }
  for (const other of ids) {
    const row = table.get(other);
    if (!row || before.includes(other)) continue;
    const links = fieldValue(env, otherModel, row, otherField) as readonly number[];
    if (!links.includes(id)) patch(env, otherModel, other, { [otherField]: [...links, id] });
  }
}
