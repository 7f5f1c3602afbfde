// One import of a plan in a file into the sandbox, with a database of its own.

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOrders } from '../../src/connector/document/orders.ts';
import { runImport } from '../../src/connector/import.ts';
import type { ImportResult } from '../../src/connector/import-result.ts';
import { type OdooWriter, openWriter } from '../../src/connector/odoo/writer.ts';
import type { PostedRecord } from '../../src/mapping/posted.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/database.ts';

async function* bytes(file: string): AsyncGenerator<Uint8Array> {
  yield await readFile(file);
}

/** `postgres://…`, or the directory of an embedded database. */
export function placeOf(text: string): StoreOptions {
  return text.startsWith('postgres')
    ? { databaseUrl: text, dataDirectory: '' }
    : { databaseUrl: null, dataDirectory: text };
}

/** `change` puts something between the import and what it works with. */
export async function importPlan(
  url: string,
  place: StoreOptions,
  file: string,
  change: {
    writer?: (writer: OdooWriter) => OdooWriter;
    store?: (store: Store) => Store;
    company?: string;
    mode?: number;
  } = {},
): Promise<ImportResult> {
  const opened = await openStore(place);
  const writer = await openWriter({ url, database: 'sandbox' }, { login: 'admin', password: 'admin' });
  try {
    const posted: PostedRecord[] = [];
    await readOrders(bytes(file), (record) => posted.push(record));
    const settings = { timezone: null, promises: false, planners: new Set<string>() };
    const store = change.store?.(opened) ?? opened;
    const surroundings = {
      store,
      settings,
      settleMs: 300,
      waitMs: 5_000,
      now: Date.now,
      sleep: (ms: number) => sleep(ms),
    };
    const request = { mode: change.mode ?? 1, company: change.company ?? null, actualUser: null };
    return await runImport(request, posted, null, change.writer?.(writer) ?? writer, surroundings);
  } finally {
    await writer.close();
    await opened.close();
  }
}
