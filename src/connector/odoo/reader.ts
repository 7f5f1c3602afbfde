// What the export needs from Odoo, whichever way it is read: pages of plain rows in ascending id.
// Both implementations (rpc.ts, sql.ts) hand out identical rows, so everything behind them is the same.
// Rows: `null` = empty (Odoo's `false`), many2one = id, x2many = ids ascending, date and datetime as Odoo writes them in UTC
// (`2026-11-21`, `2026-11-21 08:30:00`); booleans and numbers are never null: false and 0, as Odoo returns them. Lists of ids
// leave archived and invisible records out, as Odoo's `search_read` does.

import type { OdooRow } from '../../mapping/records.ts';

export type { OdooRow, OdooValue } from '../../mapping/records.ts';

/** Odoo's domain: prefix operators and triples (`['state', 'in', ['draft', 'sent']]`), dotted paths included. */
export type Domain = ReadonlyArray<'&' | '|' | '!' | readonly [field: string, operator: string, value: unknown]>;

export interface FieldInfo {
  type: string;
  /** Model that a relational field points to. */
  relation?: string;
  /** Of a one2many: the many2one on the other side. */
  relationField?: string;
  stored: boolean;
  translated?: boolean;
  companyDependent?: boolean;
}

export interface ReadRequest {
  model: string;
  /** `id` comes in any case; names that this Odoo does not have are left out of the rows. */
  fields: readonly string[];
  /** Archived records are included unless the domain says `['active', '=', true]`. */
  domain?: Domain;
  pageSize?: number;
  signal?: AbortSignal;
}

export interface OdooUser {
  id: number;
  login: string;
  /** IANA zone, or null when the user has none. */
  tz: string | null;
  lang: string | null;
  companyId: number;
  companyIds: readonly number[];
}

export interface OdooServer {
  /** As the server says it, for example `17.0`. */
  version: string;
  major: number;
  database: string;
}

export interface ReadScope {
  /** Language of translated names; null = Odoo's source language (en_US). */
  lang?: string | null;
  /** Companies whose records are visible, the current one first. */
  companies?: readonly number[];
}

export interface OdooReader {
  readonly kind: 'rpc' | 'sql';
  readonly server: OdooServer;
  readonly user: OdooUser;
  /** The same connection (in SQL: the same snapshot) with other language or companies. */
  scoped(scope: ReadScope): OdooReader;
  /** Fields of a model, or null when the model is not installed or may not be read. Cached. */
  fields(model: string): Promise<ReadonlyMap<string, FieldInfo> | null>;
  /** Rows in ascending id; the next page is read while one is worked on; memory is bounded by a few pages. */
  pages(request: ReadRequest): AsyncIterable<OdooRow[]>;
  /** Number of calls or statements so far, for logs and tests. */
  readonly calls: number;
  close(): Promise<void>;
}

/** All rows of a request, for reads that are known to be small. */
export async function readAll(reader: OdooReader, request: ReadRequest): Promise<OdooRow[]> {
  const rows: OdooRow[] = [];
  for await (const page of reader.pages(request)) for (const row of page) rows.push(row);
  return rows;
}
