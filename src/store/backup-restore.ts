// A backup into a database, in place of what is there: all of it in one transaction, or nothing. The tables are made as the backup
// knew them, filled, and then brought up to date, as they would have been had they never been away.
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';
import { FORMAT, quoted, type StoredTable, storedTables } from './backup-tables.ts';
import type { Query, Store } from './database.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

const headSchema = z.object({
  planbridge: z.literal('backup'),
  format: z.number().int(),
  at: z.number(),
  migrations: z.array(z.string().regex(/^\d{3}_\w+\.sql$/)),
  tables: z.number().int(),
});
const tableSchema = z.object({
  table: z.string(),
  columns: z.array(z.string()),
  counters: z.record(z.string(), z.object({ last: z.string().regex(/^-?\d+$/), used: z.boolean() })),
});
const rowSchema = z.array(z.string().nullable());
const endSchema = z.object({ end: z.literal(true), rows: z.record(z.string(), z.number()) });

export interface RestoreOptions {
  signal?: AbortSignal;
  progress?(rows: number, table: string): void;
  /** Where the migrations are; tests give their own. */
  migrations?: string;
}

export interface RestoreResult {
  /** When the backup was made, in milliseconds since 1970. */
  at: number;
  rows: Record<string, number>;
}

/**
 * Nobody else may use the database meanwhile. Afterwards it has to be opened anew, which brings the tables up to date.
 * @throws PlanbridgeError PB_FILE (it is no backup, is cut off, or of a newer version); what was there then stays
 */
export async function restoreStore(store: Store, path: string, options: RestoreOptions = {}): Promise<RestoreResult> {
  const lines = backupLines(path, options.signal);
  try {
    const first = await lines.next();
    const head = headSchema.safeParse(first.done ? null : first.value);
    if (!head.success) throw refused(path, 'is no backup of Planbridge');
    if (head.data.format !== FORMAT)
      throw refused(path, `has format ${head.data.format}, which this version does not know`);
    const folder = options.migrations ?? MIGRATIONS;
    const known = new Set(await readdir(folder));
    const newer = head.data.migrations.find((name) => !known.has(name));
    if (newer !== undefined) throw refused(path, `was made by a newer version (${newer})`);
    return await store.transaction(async (query) => {
      await makeTables(query, folder, head.data.migrations);
      const rows = await fill(query, lines, path, options);
      return { at: head.data.at, rows };
    });
  } finally {
    await lines.return(undefined);
  }
}

/** The same number as in migrate.ts: no process brings tables up to date meanwhile. */
const LOCK = 7_214_009;

async function makeTables(query: Query, folder: string, migrations: readonly string[]): Promise<void> {
  await query(`select pg_advisory_xact_lock(${LOCK})`);
  await query('drop schema if exists planbridge cascade');
  // Jobs of runs that are no more; the queue makes itself anew.
  await query('drop schema if exists planbridge_jobs cascade');
  await query('create schema planbridge');
  await query('create table planbridge.migration (name text primary key, done_at timestamptz not null default now())');
  for (const name of migrations) {
    await query(await readFile(join(folder, name), 'utf8'));
    await query('insert into planbridge.migration (name) values ($1)', [name]);
  }
}

interface Reference {
  table: string;
  name: string;
  definition: string;
}

async function fill(
  query: Query,
  lines: AsyncGenerator<unknown>,
  path: string,
  { signal, progress }: RestoreOptions,
): Promise<Record<string, number>> {
  const tables = new Map((await storedTables(query)).map((table) => [table.name, table]));
  // Rows come table by table, in no order that the references between them would like.
  const references = await query<Reference>(
    `select c.conrelid::regclass::text as table, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c where c.connamespace = 'planbridge'::regnamespace and c.contype = 'f'`,
  );
  for (const { table, name } of references) await query(`alter table ${table} drop constraint ${name}`);
  for (const name of tables.keys()) await query(`delete from planbridge.${quoted(name)}`);

  const rows: Record<string, number> = {};
  let filling: Filling | undefined;
  let ended: Record<string, number> | undefined;
  for await (const line of lines) {
    signal?.throwIfAborted();
    if (ended) throw refused(path, 'goes on behind its end');
    if (Array.isArray(line)) {
      const row = rowSchema.safeParse(line);
      if (!filling || !row.success || row.data.length !== filling.columns.length)
        throw refused(path, 'has a damaged row');
      await filling.add(row.data);
      rows[filling.table] = filling.count();
      continue;
    }
    if (filling) {
      await filling.end();
      progress?.(filling.count(), filling.table);
      filling = undefined;
    }
    const end = endSchema.safeParse(line);
    if (end.success) {
      ended = end.data.rows;
      continue;
    }
    const head = tableSchema.safeParse(line);
    if (!head.success) throw refused(path, 'has a damaged line');
    const table = tables.get(head.data.table);
    const columns = head.data.columns.map((name) => table?.columns.find((column) => column.name === name));
    if (!table || columns.includes(undefined))
      throw refused(path, `has a table that its version has not (${head.data.table})`);
    rows[table.name] = 0;
    filling = fillTable(query, table.name, columns as StoredTable['columns']);
    for (const [column, { last, used }] of Object.entries(head.data.counters)) {
      const counter = table.columns.find(({ name }) => name === column)?.counter;
      if (counter) await query('select setval($1::regclass, $2::bigint, $3)', [counter, last, used]);
    }
  }
  if (!ended) throw refused(path, 'is cut off');
  for (const [table, count] of Object.entries(ended)) {
    if (rows[table] !== count) throw refused(path, `has ${rows[table] ?? 0} rows of ${table} instead of ${count}`);
  }
  for (const { table, name, definition } of references) {
    await query(`alter table ${table} add constraint ${name} ${definition}`);
  }
  return rows;
}

interface Filling {
  table: string;
  columns: StoredTable['columns'];
  count(): number;
  add(row: readonly (string | null)[]): Promise<void>;
  end(): Promise<void>;
}

const ROWS = 1_000;
/** Characters of one statement's values: documents are large. */
const CHARACTERS = 4 << 20;

function fillTable(query: Query, table: string, columns: StoredTable['columns']): Filling {
  const names = columns.map(({ name }) => quoted(name));
  const arrays = columns.map((_, position) => `$${position + 1}::text[]`);
  const values = columns.map(({ type }, position) => `u.c${position}::${type}`);
  const sql = `insert into planbridge.${quoted(table)} (${names.join(', ')}) overriding system value
    select ${values.join(', ')} from unnest(${arrays.join(', ')}) as u (${columns.map((_, i) => `c${i}`).join(', ')})`;
  let waiting: (readonly (string | null)[])[] = [];
  let characters = 0;
  let count = 0;

  async function write(): Promise<void> {
    if (waiting.length === 0) return;
    const rows = waiting;
    waiting = [];
    characters = 0;
    await query(
      sql,
      columns.map((_, position) => rows.map((row) => row[position] ?? null)),
    );
  }

  return {
    table,
    columns,
    count: () => count,
    async add(row) {
      waiting.push(row);
      count += 1;
      for (const value of row) characters += value?.length ?? 0;
      if (waiting.length >= ROWS || characters >= CHARACTERS) await write();
    },
    end: write,
  };
}

async function* backupLines(path: string, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
  const file = createReadStream(path);
  const text = createGunzip();
  let failure: unknown;
  const failed = (error: unknown) => {
    failure ??= error;
    text.destroy(error as Error);
    file.destroy();
  };
  file.on('error', failed);
  text.on('error', failed);
  const lines = createInterface({ input: file.pipe(text), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) {
      signal?.throwIfAborted();
      yield parsed(line, path);
    }
  } catch (error) {
    throw failure === undefined ? error : unreadable(failure, path);
  } finally {
    lines.close();
    file.destroy();
    text.destroy();
  }
  if (failure !== undefined) throw unreadable(failure, path);
}

function parsed(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw refused(path, 'has a damaged line');
  }
}

function unreadable(error: unknown, path: string): PlanbridgeError {
  const { code } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_')) return refused(path, code === 'Z_BUF_ERROR' ? 'is cut off' : 'is damaged, or no backup');
  return new PlanbridgeError('PB_FILE', 500, `The backup ${path} cannot be read (${code ?? 'unknown'}).`, {
    remedy: 'Check that it is there, and its rights.',
    cause: error,
  });
}

function refused(path: string, why: string): PlanbridgeError {
  return new PlanbridgeError('PB_FILE', 400, `The file ${path} ${why}. Nothing was changed.`, {
    remedy: 'Name another file; `planbridge store backup` makes them.',
  });
}
