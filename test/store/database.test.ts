import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/database.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const missing = await missingPostgres();

const kinds = [
  { kind: 'embedded' as const, skip: false },
  { kind: 'postgres' as const, skip: missing !== null },
];

describe.each(kinds)('store on $kind', ({ kind, skip }) => {
  let server: TestPostgres | undefined;
  let directory = '';
  let options = { databaseUrl: null as string | null, dataDirectory: '' };
  let store: Store;

  beforeAll(async () => {
    if (skip) return;
    directory = await mkdtemp(join(tmpdir(), 'planbridge-store-'));
    if (kind === 'postgres') {
      server = await startPostgres();
      options = { databaseUrl: (await server.create()).url, dataDirectory: directory };
      // Two that start at once.
      const [one, two] = await Promise.all([openStore(options), openStore(options)]);
      await two.close();
      store = one;
    } else {
      options = { databaseUrl: null, dataDirectory: directory };
      store = await openStore(options);
    }
  });
  afterAll(async () => {
    await store?.close().catch(() => {});
    await server?.stop();
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  it.skipIf(skip)('keeps what is committed and nothing else', async () => {
    const insert = `insert into planbridge.import (odoo, login, mode, source, document) values ($1, 'admin', 1, 'http', $2) returning id`;
    const bytes = Buffer.from([0, 1, 2, 255]);
    const [row] = await store.transaction((query) => query<{ id: string }>(insert, ['a', bytes]));
    await expect(
      store.transaction(async (query) => {
        await query(insert, ['b', bytes]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const rows = await store.query<{ odoo: string; document: Buffer }>('select odoo, document from planbridge.import');
    expect(rows).toEqual([{ odoo: 'a', document: bytes }]);
    expect(Number(row?.id)).toBeGreaterThan(0);
  });

  it.skipIf(skip)('lets one in under a name at a time, and turns away who waits too long', async () => {
    const steps: string[] = [];
    const held = Promise.withResolvers<void>();
    const inside = Promise.withResolvers<void>();
    const first = store.locked('company 1', 5_000, async () => {
      steps.push('a in');
      inside.resolve();
      await held.promise;
      steps.push('a out');
    });
    await inside.promise;
    const second = store.locked('company 1', 20_000, async () => {
      steps.push('b');
      await store.query('select 1');
    });
    await store.locked('company 2', 5_000, async () => steps.push('other'));
    await expect(store.locked('company 1', 20, async () => {})).rejects.toMatchObject({ status: 503 });
    held.resolve();
    await Promise.all([first, second]);
    expect(steps).toEqual(['a in', 'other', 'a out', 'b']);
  });

  it.skipIf(skip)('gives a lock back when its work fails', async () => {
    await expect(store.locked('x', 100, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(store.locked('x', 1_000, async () => 7)).resolves.toBe(7);
  });

  it.skipIf(skip || kind === 'postgres')('is for one process, and is there again after it was closed', async () => {
    await expect(openStore(options)).rejects.toMatchObject({
      code: 'PB_STORE',
      message: expect.stringContaining('in use'),
    });
    await store.close();
    store = await openStore(options);
    expect(await store.query('select odoo from planbridge.import')).toEqual([{ odoo: 'a' }]);
  });

  it.skipIf(skip)('refuses a database of a newer version', async () => {
    await store.query(`insert into planbridge.migration (name) values ('999_future.sql')`);
    if (kind === 'embedded') await store.close();
    await expect(openStore(options)).rejects.toMatchObject({
      code: 'PB_STORE',
      message: expect.stringContaining('999_future'),
    });
  });
});
