// Imports as they came: the document, what was asked, and what became of it. Documents are kept compressed.
import type { Store } from './database.ts';

export type ImportSource = 'http' | 'command' | 'repeat' | 'recommendation' | 'mail' | 'plan';

export interface NewImport {
  odoo: string;
  company: string;
  login: string;
  actualUser: string | null;
  /** As sent; null = the full export of old clients. */
  mode: number | null;
  source: ImportSource;
  /** User-Agent. */
  client: string;
  repeats: number | null;
  records: number;
  /** gzip. */
  document: Buffer;
}

export interface StoredImport {
  id: number;
  company: string;
  login: string;
  actualUser: string | null;
  mode: number | null;
  source: ImportSource;
  client: string;
  repeats: number | null;
  status: 'received' | 'done' | 'failed';
  records: number;
  error: string | null;
  receivedAt: string;
  finishedAt: string | null;
  result: unknown;
}

const COLUMNS = `id::integer, company, login, actual_user as "actualUser", nullif(mode, -1) as mode, source, client,
  repeats::integer, status, records, error, received_at as "receivedAt", finished_at as "finishedAt"`;

export async function addImport(store: Store, row: NewImport): Promise<number> {
  const [added] = await store.query<{ id: number }>(
    `insert into planbridge.import (odoo, company, login, actual_user, mode, source, client, repeats, records, document)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id::integer`,
    [
      row.odoo,
      row.company,
      row.login,
      row.actualUser,
      row.mode ?? -1,
      row.source,
      row.client.slice(0, 200),
      row.repeats,
      row.records,
      row.document,
    ],
  );
  return added!.id;
}

export async function finishImport(store: Store, id: number, result: object): Promise<void> {
  const sql = `update planbridge.import set status = 'done', result = $2, finished_at = now() where id = $1`;
  await store.query(sql, [id, JSON.stringify(result)]);
}

export async function failImport(store: Store, id: number, error: string): Promise<void> {
  const sql = `update planbridge.import set status = 'failed', error = $2, finished_at = now() where id = $1`;
  await store.query(sql, [id, error.slice(0, 2_000)]);
}

/** Newest first, without results. `before` = id to go on from. */
export async function listImports(
  store: Store,
  odoo: string,
  limit: number,
  before: number | null,
): Promise<Omit<StoredImport, 'result'>[]> {
  const sql = `select ${COLUMNS} from planbridge.import where odoo = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`;
  return await store.query(sql, [odoo, before, limit]);
}

export async function findImport(store: Store, odoo: string, id: number): Promise<StoredImport | null> {
  const sql = `select ${COLUMNS}, result from planbridge.import where odoo = $1 and id = $2`;
  const [row] = await store.query<StoredImport>(sql, [odoo, id]);
  return row ?? null;
}

/** The document, compressed; null when there is no such import, or its document was cleared away. */
export async function importDocument(store: Store, odoo: string, id: number): Promise<Buffer | null> {
  const [row] = await store.query<{ document: Buffer }>(
    'select document from planbridge.import where odoo = $1 and id = $2',
    [odoo, id],
  );
  return row === undefined || row.document.length === 0 ? null : row.document;
}
