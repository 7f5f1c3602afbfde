// web_read of Odoo 17 and later: records with the records that they point to, as deep as is asked for.
import { z } from 'zod';
import { typeError } from '../faults.ts';
import { type Env, modelOf } from '../orm/env.ts';
import { type Read, readRows } from '../orm/read.ts';
import type { Answer, Model } from '../values.ts';

const Wanted = z.record(z.string(), z.looseObject({ fields: z.record(z.string(), z.unknown()).optional() }));

/** A many2one without fields stays an id, a list without fields a list of ids. */
export function webRead(
  env: Env,
  model: Model,
  ids: readonly number[],
  specification: Readonly<Record<string, unknown>>,
): Read[] {
  const wanted = Wanted.safeParse(specification);
  if (!wanted.success) throw typeError('specification: fields by name, each with what is wanted of it');
  const rows = readRows(env, model, ids, Object.keys(wanted.data), null);
  for (const [name, { fields }] of Object.entries(wanted.data)) {
    const relation = model.fields.get(name)?.relation;
    if (fields === undefined || !relation) continue;
    const target = modelOf(env, relation);
    for (const row of rows) row[name] = nested(env, target, row[name], fields);
  }
  return rows;
}

function nested(env: Env, target: Model, value: Answer | undefined, fields: Readonly<Record<string, unknown>>): Answer {
  if (typeof value === 'number') return webRead(env, target, [value], fields)[0] ?? false;
  if (!Array.isArray(value)) return false;
  return webRead(env, target, value as number[], fields);
}
