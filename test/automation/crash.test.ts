// A process is killed with -9 in the middle of an automation, at any of its effects, and another one takes the run up: each effect
// happens once, and stands once in the record. Needs PostgreSQL, which two processes share.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/database.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { shop } from './house.ts';

const missing = await missingPostgres();

function child(args: readonly string[]): Promise<string> {
  const script = join(import.meta.dirname, 'crash-child.ts');
  const running = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  running.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    running.once('exit', (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(said));
      else resolve(signal ?? 'done');
    });
  });
}

const LEADS = [
  'date,first_name,last_name,email',
  '2026-03-10,Ann,Example,ann@example.com',
  '2026-03-10,Bob,Stone,bob@example.com',
];
const DATA = shop({
  'res.partner': [20, 21, 22].map((id) => ({
    ...{ id, name: 'x', active: true, is_company: false, commercial_partner_id: id },
  })),
  'product.template': [1, 2, 3].map((id) => ({
    ...{ id, name: `Pot ${id}`, active: true, sale_ok: true, type: 'product', detailed_type: 'product' },
    product_tag_ids: [],
  })),
  'product.product': [1, 2, 3].map((id) => ({ id, product_tmpl_id: id, default_code: `P${id}`, active: true })),
});

describe.skipIf(missing !== null)('killed in the middle', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  async function scenario(name: string, record: string, point: string) {
    const database = await server.createStore();
    const folder = await mkdtemp(join(tmpdir(), 'planbridge-crash-'));
    const sandbox = createSandbox({ data: DATA, database: 'shop', now: () => new Date('2026-03-10T12:00:00Z') });
    const running = await sandbox.listen(0);
    try {
      await writeFile(join(folder, 'marketing_leads.csv'), LEADS.join('\n'));
      const args = [running.url, database.url, folder, name];
      const first = await child([...args, point]);
      if (first !== 'done') expect(await child(args)).toBe('done');
      const store = await openStore({ databaseUrl: database.url, dataDirectory: '' });
      const effects = await store.query<{ subject: string; state: string }>(
        'select subject, state from planbridge.automation_effect order by id',
      );
      await store.close();
      const rows = (model: string) => [...sandbox.db.table(model).rows()] as Record<string, unknown>[];
      const lines = (await readFile(join(folder, record), 'utf8')).trim().split('\r\n').slice(1);
      return { first, effects, rows, lines };
    } finally {
      await running.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    }
  }

  it.each(['before-odoo:1', 'after-odoo:1', 'after-store:6', 'after-store:11'])(
    'makes each partner once, and records each once (%s)',
    async (point) => {
      const { first, effects, rows, lines } = await scenario('leads-to-partners', 'new_customers.csv', point);
      expect(first).toBe('SIGKILL');
      const made = rows('res.partner').filter(({ email }) => email);
      expect(made.map(({ email }) => email)).toEqual(['ann@example.com', 'bob@example.com']);
      expect(lines.map((line) => line.split(',')[1])).toEqual(['Ann Example', 'Bob Stone']);
      expect(effects.every(({ state }) => state === 'done')).toBe(true);
      expect(effects).toHaveLength(3);
    },
    60_000,
  );

  it.each(['after-odoo:1'])(
    'archives each product and records each once (%s)',
    async (point) => {
      const record = 'inactive_products/inactive_products_03_10_26.csv';
      const { first, effects, rows, lines } = await scenario('inactive-products', record, point);
      expect(first).toBe('SIGKILL');
      expect(rows('product.template').map(({ active }) => active)).toEqual([false, false, false]);
      expect(lines.map((line) => line.split(',')[1]).toSorted()).toEqual(['Pot 1', 'Pot 2', 'Pot 3']);
      expect(effects.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    },
    60_000,
  );
});
