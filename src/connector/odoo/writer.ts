// What write-back does in Odoo, always over its external API: bulk reads of what it is about to change, creates by list, changes
// of many records in one call, methods. Creates are never repeated here; changes set absolute values, so they may be.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import type { Values } from '../../mapping/commands.ts';
import type { OdooRow, OdooValue } from '../../mapping/records.ts';
import type { Lookup } from '../../mapping/write-context.ts';
import { chooseDatabase, connectOdoo } from './connect.ts';
import type { OdooCredentials } from './open.ts';
import type { CallOptions, OdooSession, TransportOptions } from './transport.ts';

export interface ChangedRow {
  id: number;
  values: Values;
}

/** What became of a list of changes: those that Odoo refuses by position in the list; the others are done. */
export interface Refused {
  position: number;
  reason: string;
}

export interface OdooWriter {
  readonly major: number;
  /** Address and database, the name under which references are kept. */
  readonly odoo: string;
  readonly user: { id: number; login: string; tz: string | null; companyId: number; companyIds: readonly number[] };
  /** The same connection with these companies, the current one first. */
  within(companies: readonly number[]): OdooWriter;
  /** Rows in ascending id, archived ones too; empty = null, many2one = id. `more` = context that fields are computed in. */
  read(lookup: Lookup, more?: Values): Promise<OdooRow[]>;
  /** Ids of new records, in order. All or none. @throws PlanbridgeError; PB_ODOO_UNREACHABLE = nobody knows whether they are there */
  create(model: string, values: readonly Values[]): Promise<number[]>;
  /** Changes records, each in its own way; every row has the same fields. All that can be done is done. */
  change(model: string, rows: readonly ChangedRow[], context: Values): Promise<Refused[]>;
  /** A method of records that may be called again. */
  act(model: string, method: string, ids: readonly number[], named?: Values): Promise<unknown>;
  /** Whether the user has the right, by Odoo's access rights; rules of single records aside. False where there is no such model. */
  may(model: string, operation: 'read' | 'create' | 'write'): Promise<boolean>;
  /** Calls so far. */
  readonly calls: number;
  close(): Promise<void>;
}

export interface WriterTarget {
  url: string;
  database: string | null;
}

/** @throws PlanbridgeError PB_AUTH_FAILED, PB_ODOO_… */
export async function openWriter(
  target: WriterTarget,
  credentials: OdooCredentials,
  options: { transport?: TransportOptions; signal?: AbortSignal } = {},
): Promise<OdooWriter> {
  const { transport, version } = await connectOdoo(target.url, options.transport, options.signal);
  try {
    const database = await chooseDatabase(transport, target.database ?? undefined, options.signal);
    const session = await transport.authenticate(database, credentials.login, credentials.password, options.signal);
    const counter = { calls: 2 };
    const user = await readUser(session, counter);
    return makeWriter(session, version.major, user, [user.companyId, ...user.companyIds], counter, options.signal);
  } catch (error) {
    await transport.close();
    throw error;
  }
}

const Rows = z.array(z.looseObject({ id: z.number() }));

async function readUser(session: OdooSession, counter: { calls: number }): Promise<OdooWriter['user']> {
  counter.calls += 1;
  const fields = ['login', 'tz', 'company_id', 'company_ids', 'share'];
  const answer = await session.call('res.users', 'read', [[session.uid]], { fields, load: '' }, { idempotent: true });
  const [row] = Rows.parse(answer).map(plainRow);
  if (!row) throw new PlanbridgeError('PB_AUTH_FAILED', 401, 'Odoo does not show the user of the connection.');
  if (row.share === true) {
    throw new PlanbridgeError('PB_AUTH_FORBIDDEN', 403, 'Only internal users of Odoo may have to do with plans.', {
      remedy: 'Sign in as an internal user.',
    });
  }
  const ids = Array.isArray(row.company_ids) ? (row.company_ids as number[]) : [];
  return {
    id: row.id,
    login: String(row.login),
    tz: typeof row.tz === 'string' ? row.tz : null,
    companyId: Number(row.company_id),
    companyIds: ids,
  };
}

/** Odoo's `false` is empty, unless the field is a flag by its name. */
const FLAGS = new Set(['active', 'share', 'propagate_cancel']);

function plainRow(row: Record<string, unknown> & { id: number }): OdooRow {
  const plain: OdooRow = { id: row.id };
  for (const [field, value] of Object.entries(row)) {
    if (FLAGS.has(field)) plain[field] = value === true;
    else plain[field] = value === false ? null : (value as OdooValue);
  }
  return plain;
}

/** Ids in one domain; longer lists are read in parts. */
const LIST = 4_000;
const PAGE = 20_000;

function makeWriter(
  session: OdooSession,
  major: number,
  user: OdooWriter['user'],
  companies: readonly number[],
  counter: { calls: number },
  signal: AbortSignal | undefined,
): OdooWriter {
  const context = { lang: 'en_US', tz: 'UTC', allowed_company_ids: [...new Set(companies)] };

  async function call(
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs: Values,
    options: CallOptions,
  ): Promise<unknown> {
    counter.calls += 1;
    return await session.call(model, method, args, kwargs, { signal, ...options });
  }

  async function readPart({ model, domain, fields }: Lookup, more: Values): Promise<OdooRow[]> {
    const rows: OdooRow[] = [];
    for (;;) {
      const after = rows.at(-1)?.id;
      const range = after === undefined ? domain : [...domain, ['id', '>', after] as const];
      const kwargs = {
        domain: range,
        fields: [...fields],
        limit: PAGE,
        order: 'id asc',
        load: '',
        context: { ...context, ...more, active_test: false },
      };
      const page = Rows.parse(await call(model, 'search_read', [], kwargs, { idempotent: true }));
      for (const row of page) rows.push(plainRow(row));
      if (page.length < PAGE) return rows;
    }
  }

  return {
    major,
    odoo: `${session.transport.url} ${session.database}`,
    user,
    within: (others) => makeWriter(session, major, user, others, counter, signal),
    async read(lookup, more = {}) {
      const [term] = lookup.domain;
      const values = Array.isArray(term) && term[1] === 'in' ? (term[2] as readonly unknown[]) : [];
      if (values.length <= LIST) return readPart(lookup, more);
      const [field] = term as readonly [string, string, unknown];
      const rows: OdooRow[] = [];
      for (let at = 0; at < values.length; at += LIST) {
        const part = [field, 'in', values.slice(at, at + LIST)] as const;
        rows.push(...(await readPart({ ...lookup, domain: [part, ...lookup.domain.slice(1)] }, more)));
      }
      return rows;
    },
    async create(model, values) {
      const answer = await call(model, 'create', [values], { context }, {});
      const ids = z.array(z.number()).length(values.length).safeParse(answer);
      if (ids.success) return ids.data;
      throw new PlanbridgeError('PB_ODOO_FAULT', 502, `Odoo did not say what it created (${model}).`);
    },
    async change(model, rows, more) {
      const first = rows[0];
      if (first === undefined) return [];
      const merged = { ...context, ...more };
      if (rows.length === 1) {
        await call(model, 'write', [[first.id], first.values], { context: merged }, { idempotent: true });
        return [];
      }
      return await loadRows(model, rows, merged, call);
    },
    async act(model, method, ids, named = {}) {
      return await call(model, method, [ids], { ...named, context }, { idempotent: true });
    },
    async may(model, operation) {
      const [method, args] =
        major >= 18 ? ['has_access', [[], operation]] : ['check_access_rights', [operation, false]];
      try {
        return (await call(model, String(method), args as unknown[], { context }, { idempotent: true })) === true;
      } catch (error) {
        if (error instanceof PlanbridgeError && ['PB_ODOO_FAULT', 'PB_ODOO_ACCESS'].includes(error.code)) return false;
        throw error;
      }
    },
    get calls() {
      return counter.calls;
    },
    close: () => session.transport.close(),
  };
}

const Loaded = z.object({
  ids: z.union([z.array(z.number()), z.literal(false), z.null()]),
  messages: z.array(z.looseObject({ type: z.string().optional(), message: z.string(), record: z.number().optional() })),
});

const BUSY = /could not serialize access|deadlock detected|could not obtain lock/;
const BUSY_TRIES = 4;
const BUSY_MS = 500;

/**
 * Odoo's import of rows by database id: many records, each with its own values, in one transaction. A row that it refuses undoes
 * all; the others are then sent again without it.
 */
async function loadRows(
  model: string,
  rows: readonly ChangedRow[],
  context: Values,
  call: (
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs: Values,
    options: CallOptions,
  ) => Promise<unknown>,
): Promise<Refused[]> {
  const fields = Object.keys(rows[0]!.values);
  const columns = ['.id', ...fields.map((field) => (field.endsWith('_id') ? `${field}/.id` : field))];
  const refused: Refused[] = [];
  let left = rows.map((row, position) => ({ row, position }));
  let busy = 0;
  while (left.length > 0) {
    const data = left.map(({ row }) => [String(row.id), ...fields.map((field) => String(row.values[field]))]);
    const answer = Loaded.parse(
      await call(model, 'load', [], { fields: columns, data, context }, { idempotent: true }),
    );
    const errors = answer.messages.filter(({ type }) => type !== 'warning');
    if (errors.length === 0 && answer.ids) return refused;
    // Somebody else changed the same records meanwhile: nothing was kept, and it is no matter of these values.
    if (errors.some(({ message }) => BUSY.test(message)) && busy < BUSY_TRIES) {
      busy += 1;
      await sleep(BUSY_MS * busy);
      continue;
    }
    const bad = new Map(errors.map(({ record, message }) => [record ?? -1, message]));
    const before = left.length;
    left = left.filter(({ position }, index) => {
      const reason = bad.get(index);
      if (reason !== undefined) refused.push({ position, reason });
      return reason === undefined;
    });
    if (left.length < before) continue;
    throw new PlanbridgeError(
      'PB_ODOO_FAULT',
      502,
      `Odoo refuses the changes: ${errors[0]?.message ?? 'it does not say why'}`,
    );
  }
  return refused;
}
