// How behaviours make and change records of other models: as the system, without the caller's access rights.

import { asSuperuser, type Env, modelOf } from '../orm/env.ts';
import { createRecord, removeRecords, writeRecords } from '../orm/write.ts';
import type { Row } from '../values.ts';

export function make(env: Env, model: string, values: Record<string, unknown>): Row {
  const id = createRecord(system(env), modelOf(env, model), values);
  return env.db.table(model).get(id)!;
}

export function change(env: Env, model: string, ids: readonly number[], values: Record<string, unknown>): void {
  writeRecords(system(env), modelOf(env, model), ids, values);
}

export function remove(env: Env, model: string, ids: readonly number[]): void {
  removeRecords(system(env), modelOf(env, model), ids);
}

/** The system, without the defaults that the caller's context has for its own record. */
function system(env: Env): Env {
  const context = Object.fromEntries(Object.entries(env.context).filter(([key]) => !key.startsWith('default_')));
  return { ...asSuperuser(env), context };
}
