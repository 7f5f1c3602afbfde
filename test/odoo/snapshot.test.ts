// One snapshot from opening to closing, read only, and what happens when the connection goes away.

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSnapshot } from '../../src/connector/odoo/pg-connection.ts';
import { type OdooReader, readAll } from '../../src/connector/odoo/reader.ts';
import { openSql } from '../../src/connector/odoo/sql.ts';
import { goldenFolder, restoreGolden } from '../support/golden.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const folder = goldenFolder();
const skip = folder === null || (await missingPostgres()) !== null;

let postgres: TestPostgres;
let url: string;
let other: pg.Client;

beforeAll(async () => {
  if (skip) return;
  postgres = await startPostgres();
  const template = await postgres.template('demo17', (to) => restoreGolden(folder!, 'demo17', to));
  url = (await postgres.create(template)).url;
  other = new pg.Client({ connectionString: url });
  other.on('error', () => {});
  await other.connect();
});

afterAll(async () => {
  await other?.end();
  await postgres?.stop();
});

const partners = (reader: OdooReader): Promise<unknown[]> =>
  readAll(reader, { model: 'res.partner', fields: ['name'], pageSize: 3 });

describe.skipIf(skip)('snapshot', () => {
  test('what others write meanwhile is not seen', async () => {
    const reader = await openSql({ url, login: 'admin' });
    const before = await partners(reader);
    await other.query("UPDATE res_partner SET name = name || ' changed'");
    expect(await partners(reader.scoped({ lang: 'fr_FR' }))).toEqual(before);
    await reader.close();
    const again = await openSql({ url, login: 'admin' });
    expect(await partners(again)).not.toEqual(before);
    await again.close();
  });

  test('nothing can be written', async () => {
    const snapshot = await openSnapshot(url);
    await expect(snapshot.run("UPDATE res_partner SET name = 'x'")).rejects.toThrow(/read-only/);
    expect(await snapshot.run('SELECT 1')).toEqual([['1']]);
    await snapshot.close();
  });

  test('a lost connection fails the read with a reason, and closing is still quiet', async () => {
    const reader = await openSql({ url, login: 'admin' });
    const read = async (): Promise<void> => {
      for await (const _ of reader.pages({ model: 'res.partner', fields: ['name'], pageSize: 2 })) {
        await other.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'planbridge' AND datname = current_database()",
        );
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'PB_ODOO_UNREACHABLE' });
    await reader.close();
    await reader.close();
  });

  test('nothing is left open after closing, also in the middle of a read', async () => {
    const reader = await openSql({ url, login: 'admin' });
    for await (const _ of reader.pages({ model: 'res.partner', fields: ['name'], pageSize: 2 })) break;
    await reader.close();
    const open = await other.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'planbridge' AND datname = current_database()",
    );
    expect(open.rows).toEqual([]);
  });

  test('a reader that was closed says so', async () => {
    const reader = await openSql({ url, login: 'admin' });
    await reader.close();
    await expect(partners(reader)).rejects.toMatchObject({ code: 'PB_ODOO_UNREACHABLE' });
  });
});
