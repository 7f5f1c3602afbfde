// One PostgreSQL connection in one read-only snapshot, held until close. Statements run one after the other; cursors of
// several reads take turns on it.

import pg from 'pg';
import { PlanbridgeError } from '../../errors.ts';
import type { RunSql } from './catalogue.ts';

export interface Snapshot {
  run: RunSql;
  /** Opens a cursor on a SELECT; its pages are read with `fetch`. A statement that fails leaves the snapshot usable. */
  cursor(text: string, values: readonly unknown[]): Promise<Cursor>;
  readonly statements: number;
  close(): Promise<void>;
}

export interface Cursor {
  /** Next rows, at most `count`; fewer means that it was the last page. */
  fetch(count: number): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

const AS_TEXT = { getTypeParser: () => (text: string) => text };

/** @throws PlanbridgeError PB_CONFIG_INVALID, PB_ODOO_UNREACHABLE, PB_ODOO_DATABASE */
export async function openSnapshot(databaseUrl: string, connectTimeoutMs = 10_000): Promise<Snapshot> {
  if (!/^postgres(ql)?:/.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, "The URL of Odoo's database is not valid.", {
      remedy: 'Give it as postgres://user:password@host:port/database',
    });
  }
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'planbridge',
    keepAlive: true,
  });
  // A connection that breaks while nobody waits must not end the process; the next statement tells.
  client.on('error', () => {});
  try {
    await client.connect();
    // A cursor is read to its end, so plans for the whole are wanted, not for the first rows.
    await client.query(
      "SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET bytea_output = hex; SET cursor_tuple_fraction = 1; SET extra_float_digits = 1",
    );
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  } catch (error) {
    await client.end().catch(() => {});
    throw databaseError(error);
  }

  let statements = 0;
  let cursors = 0;
  let ended: Promise<void> | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  /** Runs alone on the connection, in the order of the calls. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = tail.then(work);
    tail = turn.catch(() => {});
    return turn;
  }

  async function query(text: string, values?: readonly unknown[]): Promise<(string | null)[][]> {
    statements++;
    try {
      const result = await client.query<(string | null)[]>({
        text,
        rowMode: 'array',
        types: AS_TEXT,
        ...(values && values.length > 0 ? { values: [...values] } : {}),
      });
      return result.rows;
    } catch (error) {
      throw databaseError(error);
    }
  }

  /** PostgreSQL gives a transaction up after an error; a savepoint keeps the snapshot. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    await query('SAVEPOINT pb');
    try {
      const result = await work();
      await query('RELEASE SAVEPOINT pb');
      return result;
    } catch (error) {
      await query('ROLLBACK TO SAVEPOINT pb; RELEASE SAVEPOINT pb').catch(() => {});
      throw error;
    }
  }

  return {
    run: (text, values) => alone(() => guarded(() => query(text, values))),
    async cursor(text, values) {
      const name = `pb_${++cursors}`;
      await alone(() => guarded(() => query(`DECLARE ${name} NO SCROLL CURSOR FOR ${text}`, values)));
      return {
        fetch: (count) => alone(() => query(`FETCH FORWARD ${count} FROM ${name}`)),
        close: () =>
          alone(() => query(`CLOSE ${name}`)).then(
            () => {},
            () => {},
          ),
      };
    },
    get statements() {
      return statements;
    },
    close() {
      ended ??= alone(async () => {
        await client.query('ROLLBACK').catch(() => {});
        await client.end().catch(() => {});
      });
      return ended;
    },
  };
}

/** PostgreSQL's error in our words; never with the connection string. */
export function databaseError(error: unknown): Error {
  if (error instanceof PlanbridgeError) return error;
  const code = String((error as { code?: unknown })?.code ?? '');
  const message = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  switch (code) {
    case '3D000':
      return new PlanbridgeError('PB_ODOO_DATABASE', 404, "Odoo's database does not exist on this PostgreSQL server.", {
        remedy: 'Check the name of the database in the database URL.',
        ...options,
      });
    case '28P01':
    case '28000':
      return new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'PostgreSQL refuses the user of the database URL.', {
        remedy: 'Check user, password and pg_hba.conf.',
        ...options,
      });
    case '42501':
      return new PlanbridgeError('PB_ODOO_ACCESS', 403, `PostgreSQL denies access to Odoo's database: ${message}`, {
        remedy: 'Give the user of the database URL the right to SELECT.',
        ...options,
      });
  }
  if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|57)/.test(code)) {
    return new PlanbridgeError('PB_ODOO_FAULT', 502, `PostgreSQL reports an error: ${message} (${code})`, options);
  }
  return new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, `Odoo's database cannot be reached: ${message || code}.`, {
    remedy: 'Check the database URL and that PostgreSQL runs and accepts connections from here.',
    ...options,
  });
}
