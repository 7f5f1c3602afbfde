// Who asks, and under which context: the sandbox's form of Odoo's environment. Made per call.

import type { Behaviour } from '../behaviour/behaviour.ts';
import { unauthorizedCompanies, unknownModel } from '../faults.ts';
import { getOrAdd } from '../maps.ts';
import type { Database } from '../store/database.ts';
import { instant } from '../store/load.ts';
import type { Context, Model, Row, Value } from '../values.ts';

export type Getter = (row: Row) => Value;

export interface Env {
  readonly db: Database;
  readonly behaviours: ReadonlyMap<string, Behaviour>;
  readonly now: () => Date;
  readonly uid: number;
  readonly context: Context;
  /** Companies whose records are seen; the first is the current one. */
  readonly companies: readonly number[];
  /** No record of any company is hidden from this user. */
  readonly seesAll: boolean;
  readonly lang: string | null;
  /** Record rules and access rights are not applied. */
  readonly superuser: boolean;
  /** Compiled field getters and other things that live as long as the call. */
  readonly cache: Map<string, unknown>;
}

export interface EnvOptions {
  db: Database;
  behaviours: ReadonlyMap<string, Behaviour>;
  now: () => Date;
  uid: number;
  context?: Context;
  superuser?: boolean;
}

export function createEnv(options: EnvOptions): Env {
  const { db, uid } = options;
  const context = options.context ?? {};
  const user = db.hasTable('res.users') ? db.table('res.users').get(uid) : undefined;
  const own = companiesOf(user);
  const asked = context.allowed_company_ids;
  if (asked && !options.superuser && asked.some((id) => !own.includes(id))) throw unauthorizedCompanies();
  const current = user?.company_id;
  const companies = asked && asked.length > 0 ? asked : typeof current === 'number' ? currentFirst(current, own) : own;
  const everyCompany = db.hasTable('res.company') ? db.table('res.company').ids : [];
  return {
    db,
    behaviours: options.behaviours,
    now: options.now,
    uid,
    context,
    companies,
    seesAll: options.superuser === true || everyCompany.every((id) => companies.includes(id)),
    lang: typeof context.lang === 'string' && context.lang !== 'en_US' ? context.lang : null,
    superuser: options.superuser === true,
    cache: new Map(),
  };
}

function companiesOf(user: Row | undefined): readonly number[] {
  return Array.isArray(user?.company_ids) ? user.company_ids : [];
}

function currentFirst(current: number, all: readonly number[]): readonly number[] {
  return [current, ...all.filter((id) => id !== current)];
}

/** The same call without record rules and access rights. */
export function asSuperuser(env: Env): Env {
  if (env.superuser) return env;
  return { ...env, superuser: true, seesAll: true, cache: new Map() };
}

export function withContext(env: Env, change: Context): Env {
  return createEnv({
    db: env.db,
    behaviours: env.behaviours,
    now: env.now,
    uid: env.uid,
    context: { ...env.context, ...change },
    superuser: env.superuser,
  });
}

export function modelOf(env: Env, name: string): Model {
  const model = env.db.models.get(name);
  if (!model) throw unknownModel(name);
  return model;
}

/** Archived records are hidden unless the context says otherwise. */
export function activeTest(env: Env): boolean {
  return env.context.active_test !== false;
}

/** Odoo's text of the present moment. */
export function nowText(env: Env): string {
  return instant(env.now());
}

/** Something that lives as long as the call. */
export function cached<T>(env: Env, key: string, make: () => T): T {
  return getOrAdd(env.cache as Map<string, T>, key, make);
}
