// What Odoo does on its own for a model: computed fields, names, defaults, consequences of create and write, buttons.
// One module per model beside this one; `index.ts` lists them. Everything generic lives in ../orm.

import type { Env } from '../orm/env.ts';
import type { Answer, Row, Value } from '../values.ts';

/** Values of a create or write, already converted to stored form; x2many commands are kept apart. */
export type Values = Record<string, Value | undefined>;

/** A method that a client may call: record ids first (empty for a call on the model), then its arguments. */
export type Method = (
  env: Env,
  ids: readonly number[],
  args: readonly unknown[],
  named: Record<string, unknown>,
) => Answer;

export interface Behaviour {
  /** Fields that are computed whenever they are read. */
  computed?: Readonly<Record<string, (env: Env, row: Row) => Value>>;
  displayName?: (env: Env, row: Row) => string;
  /** Fields that name_search looks into; default: the naming field. */
  searchNames?: readonly string[];
  /** Values of a new record that the caller did not give; may look at those given. */
  defaults?: (env: Env, given: Readonly<Values>) => Values;
  /** After a record and its lines were written, with what the caller gave; computes what follows from them. */
  afterCreate?: (env: Env, row: Row, given: Readonly<Record<string, unknown>>) => void;
  /** After a write: the record as it is now, as it was, and the fields that the caller gave. */
  afterWrite?: (env: Env, row: Row, before: Row, given: ReadonlySet<string>) => void;
  beforeUnlink?: (env: Env, row: Row) => void;
  /** After a record is gone: the record as it was. */
  afterUnlink?: (env: Env, row: Row) => void;
  methods?: Readonly<Record<string, Method>>;
}
