// Stored related fields (`order_id.state` kept on the line): taken on create, and carried along when the source changes.

import type { Values } from '../behaviour/behaviour.ts';
import type { Field, Model, Row } from '../values.ts';
import type { Env } from './env.ts';
import { getter } from './value.ts';
import { patch } from './write.ts';

interface Copy {
  model: string;
  field: string;
  /** many2one of the copying model that leads to the source. */
  via: string;
}

/** Copies that a row should hold; with `changed`, only those whose path starts at a changed field. */
export function storedCopies(env: Env, model: Model, row: Row, changed?: ReadonlySet<string>): Values {
  const values: Values = {};
  for (const field of model.fields.values()) {
    const path = copied(field);
    if (!path || (changed && !changed.has(path[0]!))) continue;
    const first = model.fields.get(path[0]!);
    if (first?.type !== 'many2one' || !env.db.models.has(first.relation ?? '')) continue;
    const target = row[first.name];
    if (typeof target === 'number' && !env.db.table(first.relation!).has(target)) continue;
    const source: Row = { ...row };
    delete source[field.name];
    values[field.name] = getter(env, model, field)(source);
  }
  return values;
}

function copied(field: Field): readonly string[] | null {
  if (!field.related || !field.stored || field.type === 'one2many' || field.type === 'many2many') return null;
  const path = field.related.split('.');
  return path.length >= 2 ? path : null;
}

/** Carries changed fields of a row to the records that keep copies of them. */
export function spread(env: Env, model: Model, row: Row, before: Row): void {
  for (const [name, copies] of copiesOf(env, model.name)) {
    if (row[name] === before[name]) continue;
    for (const copy of copies) {
      const table = env.db.table(copy.model);
      for (const id of [...(table.index(copy.via).get(row.id) ?? [])]) {
        const held = table.get(id)?.[copy.field];
        if (held !== row[name]) patch(env, copy.model, id, { [copy.field]: row[name] });
      }
    }
  }
}

const known = new WeakMap<object, Map<string, Map<string, Copy[]>>>();

/** Fields of a model that others copy: field → copies. */
function copiesOf(env: Env, model: string): ReadonlyMap<string, readonly Copy[]> {
  const all = known.get(env.db.models) ?? collect(env.db.models);
  known.set(env.db.models, all);
  return all.get(model) ?? new Map();
}

function collect(models: ReadonlyMap<string, Model>): Map<string, Map<string, Copy[]>> {
  const all = new Map<string, Map<string, Copy[]>>();
  for (const model of models.values()) {
    for (const field of model.fields.values()) {
      const path = copied(field);
      const via = path?.length === 2 ? model.fields.get(path[0]!) : undefined;
      if (!path || via?.type !== 'many2one' || !via.stored || !via.relation) continue;
      const fields = all.get(via.relation) ?? new Map<string, Copy[]>();
      all.set(via.relation, fields);
      const copies = fields.get(path[1]!) ?? [];
      fields.set(path[1]!, copies);
      copies.push({ model: model.name, field: field.name, via: via.name });
    }
  }
  return all;
}
