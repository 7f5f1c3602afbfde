// Where the reference data captured from real Odoo servers is, if it is there: PLANBRIDGE_GOLDEN, else beside the project.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import pg from 'pg';

const unzip = promisify(gunzip);

export const GOLDEN_SETS = ['demo17', 'ref17', 'rich17'] as const;
export type GoldenSet = (typeof GOLDEN_SETS)[number];

/** Folder of the Odoo 17 data, or null (said once on the console). */
export function goldenFolder(): string | null {
  const folder = join(process.env.PLANBRIDGE_GOLDEN ?? resolve('../shared/golden'), 'odoo17');
  if (existsSync(folder)) return folder;
  console.warn(`skipped: no reference data in ${folder} (PLANBRIDGE_GOLDEN)`);
  return null;
}

/** Fills an empty database with a data set's tables. */
export async function restoreGolden(folder: string, set: GoldenSet, databaseUrl: string): Promise<void> {
  const sql = (await unzip(await readFile(join(folder, set, 'db.sql.gz')))).toString();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}

export interface GoldenField {
  type: string;
  relation?: string;
  relation_field?: string;
  store: boolean;
  company_dependent?: boolean;
  translate?: boolean;
}

export type GoldenRecord = Record<string, unknown> & { id: number };

/** Fields by model, as `fields_get` gave them. */
export async function goldenFields(
  folder: string,
  set: GoldenSet,
): Promise<Record<string, Record<string, GoldenField>>> {
  return JSON.parse(await readFile(join(folder, set, 'fields.json'), 'utf8'));
}

/** Records of a model as `search_read` gave them, or null when the model was not captured. */
export async function goldenRecords(folder: string, set: GoldenSet, model: string): Promise<GoldenRecord[] | null> {
  const file = join(folder, set, 'records', `${model}.json`);
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : null;
}
