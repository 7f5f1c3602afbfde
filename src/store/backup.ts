// A backup of our whole database as one file, from one moment: compressed lines of JSON, the same from PostgreSQL and from the
// embedded database, so that it can be restored into either. Streamed; memory stays flat.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { PlanbridgeError } from '../errors.ts';
import { type BackupEnd, type BackupHead, FORMAT, quoted, storedTables, type TableHead } from './backup-tables.ts';
import type { Query, Store } from './database.ts';

export interface BackupOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  signal?: AbortSignal;
  progress?(rows: number, table: string): void;
}

export interface BackupResult {
  rows: Record<string, number>;
}

/**
 * Writes the file whole or not at all; only this user can read it.
 * @throws PlanbridgeError PB_FILE when it cannot be written
 * @example await backupStore(store, 'planbridge.backup.gz', { now: Date.now })
 */
export async function backupStore(store: Store, path: string, options: BackupOptions): Promise<BackupResult> {
  const part = `${path}.part`;
  const rows: Record<string, number> = {};
  try {
    await store.transaction(async (query) => {
      const lines = Readable.from(backupLines(query, rows, options), { objectMode: false });
      const file = createWriteStream(part, { mode: 0o600, flush: true });
      await pipeline(lines, createGzip({ level: 4 }), file, { signal: options.signal });
    });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw notWritten(error, path);
  }
  return { rows };
}

/** Rows of a page: few at first, since documents and mails are large. */
const FIRST_PAGE = 4;
const LARGEST_PAGE = 4_000;
/** Characters that a page should have at most. */
const PAGE_SIZE = 4 << 20;
/** Text that is handed on at a time. */
const PIECE = 1 << 18;

async function* backupLines(
  query: Query,
  rows: Record<string, number>,
  { now, signal, progress }: BackupOptions,
): AsyncGenerator<string> {
  // One moment for all tables, and one way to write times whatever the server is set to.
  await query('set transaction isolation level repeatable read, read only');
  await query(`set local timezone to 'UTC'`);
  await query(`set local datestyle to 'ISO, YMD'`);
  await query(`set local intervalstyle to 'postgres'`);
  await query('set local extra_float_digits to 1');
  await query(`set local bytea_output to 'hex'`);
  const tables = await storedTables(query);
  const migrations = await query<{ name: string }>('select name from planbridge.migration order by name');
  const head: BackupHead = {
    planbridge: 'backup',
    format: FORMAT,
    at: now(),
    migrations: migrations.map(({ name }) => name),
    tables: tables.length,
  };
  yield `${JSON.stringify(head)}\n`;
  for (const { name, columns } of tables) {
    const counters: TableHead['counters'] = {};
    for (const column of columns) {
      if (column.counter === null) continue;
      const [state] = await query<{ last: string; used: boolean }>(
        `select last_value::text as last, is_called as used from ${column.counter}`,
      );
      counters[column.name] = state!;
    }
    yield `${JSON.stringify({ table: name, columns: columns.map((column) => column.name), counters } satisfies TableHead)}\n`;
    rows[name] = 0;
    const values = columns.map((column) => `${quoted(column.name)}::text`).join(', ');
    await query(
      `declare backup no scroll cursor for select json_build_array(${values})::text as line from planbridge.${quoted(name)}`,
    );
    let piece = '';
    for (let wanted = FIRST_PAGE; ; ) {
      signal?.throwIfAborted();
      const page = await query<{ line: string }>(`fetch ${wanted} from backup`);
      let size = 0;
      for (const { line } of page) {
        size += line.length;
        piece += `${line}\n`;
        if (piece.length < PIECE) continue;
        yield piece;
        piece = '';
      }
      rows[name] += page.length;
      progress?.(rows[name], name);
      if (page.length < wanted) break;
      wanted = Math.max(1, Math.min(LARGEST_PAGE, wanted * 2, Math.floor((PAGE_SIZE / size) * page.length)));
    }
    await query('close backup');
    yield piece;
  }
  yield `${JSON.stringify({ end: true, rows } satisfies BackupEnd)}\n`;
}

function notWritten(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return new PlanbridgeError('PB_FILE', 500, `The backup cannot be written to ${path} (${code}).`, {
    remedy: 'Check that the directory is there, may be written to, and has room.',
    cause: error,
  });
}
