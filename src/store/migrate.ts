// Brings the tables up to date: numbered files of plain SQL, each once, in one transaction, one process at a time.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { PlanbridgeError } from '../errors.ts';

const FOLDER = join(import.meta.dirname, 'migrations');
/** Any number that nobody else takes. */
const LOCK = 7_214_009;

export async function migrate(pool: pg.Pool, folder = FOLDER): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /^\d{3}_.*\.sql$/.test(name)).toSorted();
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    await client.query('create schema if not exists planbridge');
    await client.query(
      'create table if not exists planbridge.migration (name text primary key, done_at timestamptz not null default now())',
    );
    const { rows } = await client.query('select name from planbridge.migration');
    const done = new Set(rows.map((row: { name: string }) => row.name));
    const newer = [...done].find((name) => !files.includes(name));
    if (newer !== undefined) {
      throw new PlanbridgeError('PB_STORE', 500, `The database was used by a newer version (${newer}).`, {
        remedy: 'Start that version, or restore a backup from before it.',
      });
    }
    for (const file of files) {
      if (done.has(file)) continue;
      await client.query(await readFile(join(folder, file), 'utf8'));
      await client.query('insert into planbridge.migration (name) values ($1)', [file]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
