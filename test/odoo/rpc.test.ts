// The reader over the external API: pages, order, chunks, normalised values.

import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { chunkDomain } from '../../src/connector/odoo/chunks.ts';
import { conjuncts, parseDomain } from '../../src/connector/odoo/domain.ts';
import { type OpenOptions, openReader } from '../../src/connector/odoo/open.ts';
import { type OdooReader, type OdooRow, readAll } from '../../src/connector/odoo/reader.ts';
import { readWindows } from '../../src/connector/odoo/windows.ts';
import { type FakeModel, type FakeOdoo, startFakeOdoo } from './fake-odoo.ts';

let odoo: FakeOdoo;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const FIELDS: FakeModel['fields'] = {
  id: { type: 'integer', store: true },
  name: { type: 'char', store: true, translate: true },
  product_id: { type: 'many2one', relation: 'product.product', store: true },
  line_ids: { type: 'one2many', relation: 'stock.move', relation_field: 'parent_id', store: true },
  quantity: { type: 'float', store: true, company_dependent: true },
  active: { type: 'boolean', store: true },
  date: { type: 'datetime', store: false },
  image: { type: 'binary', store: true },
};

function moves(ids: readonly number[]): FakeModel {
  const rows = ids.map((id) => ({ id, name: `M${id}`, product_id: id % 7, tags: [id % 3, id % 5] }));
  return { fields: { ...FIELDS, tags: { type: 'many2many', relation: 'x', store: true } }, rows };
}

async function reading(
  models: Record<string, FakeModel>,
  options: OpenOptions = {},
  version = '17.0',
): Promise<OdooReader> {
  odoo = await startFakeOdoo({ models, version });
  closing.push(odoo.close);
  const identity = { login: 'admin', password: 's3cret-password' };
  const target = { url: odoo.url, database: 'one' };
  const reader = await openReader(target, identity, { transport: { retryBaseMs: 1 }, ...options });
  closing.push(reader.close);
  return reader;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const idsOf = (rows: readonly OdooRow[]): number[] => rows.map((row) => row.id);
const pagesSent = (): unknown[] => odoo.calls.filter((call) => call.method === 'search_read');

test('the user and the server are known after opening', async () => {
  const reader = await reading({});
  expect(reader.user).toEqual({
    id: 2,
    login: 'admin',
    tz: 'Europe/Brussels',
    lang: 'en_US',
    companyId: 1,
    companyIds: [1, 2],
  });
  expect(reader.server).toEqual({ version: '17.0', major: 17, database: 'one' });
});

test.each(['17.0', '19.0'])('values are plain (%s)', async (version) => {
  const full = {
    id: 1,
    name: 'A',
    product_id: [7, 'P'],
    line_ids: [9, 3, 5],
    quantity: 2.5,
    active: true,
    date: '2026-11-21 08:30:00',
  };
  const bare = { id: 2, name: false, product_id: false, line_ids: [], quantity: false, active: false, date: false };
  const reader = await reading({ 'stock.move': { fields: FIELDS, rows: [full, bare] } }, {}, version);
  const fields = ['name', 'product_id', 'line_ids', 'quantity', 'active', 'date', 'image', 'unknown'];
  expect(await readAll(reader, { model: 'stock.move', fields })).toEqual([
    { id: 1, name: 'A', product_id: 7, line_ids: [3, 5, 9], quantity: 2.5, active: true, date: '2026-11-21 08:30:00' },
    { id: 2, name: null, product_id: null, line_ids: [], quantity: 0, active: false, date: null },
  ]);
});

test('fields are those of Odoo, without what has no plain value, and asked for once', async () => {
  const reader = await reading({ 'stock.move': { fields: FIELDS, rows: [] } });
  const fields = (await reader.fields('stock.move'))!;
  expect(fields.get('name')).toEqual({ type: 'char', stored: true, translated: true });
  expect(fields.get('line_ids')).toEqual({
    type: 'one2many',
    relation: 'stock.move',
    relationField: 'parent_id',
    stored: true,
  });
  expect(fields.get('quantity')).toEqual({ type: 'float', stored: true, companyDependent: true });
  expect(fields.get('date')).toEqual({ type: 'datetime', stored: false });
  expect(fields.has('image')).toBe(false);
  const calls = reader.calls;
  await reader.fields('stock.move');
  await reader.scoped({ lang: 'fr_FR' }).fields('stock.move');
  expect(reader.calls).toBe(calls);
});

test.each(['17.0', '19.0'])('a model that is not installed or may not be read has no fields (%s)', async (version) => {
  const reader = await reading({ 'stock.move': moves([1]) }, {}, version);
  expect(await reader.fields('frepple.quote')).toBeNull();
  odoo.faults = [null, { kind: 'odoo', name: 'odoo.exceptions.AccessError', message: 'no' }];
  expect(await reader.fields('stock.move')).toBeNull();
});

test('a failure is not kept as an answer about fields', async () => {
  const reader = await reading({ 'stock.move': moves([1]) });
  odoo.faults = [{ kind: 'odoo', name: 'builtins.ValueError', message: 'passing' }];
  await expect(reader.fields('stock.move')).rejects.toMatchObject({ code: 'PB_ODOO_FAULT' });
  expect((await reader.fields('stock.move'))?.has('name')).toBe(true);
});

test('language and companies go with each call', async () => {
  const reader = await reading({ 'stock.move': moves([1]) });
  await readAll(reader.scoped({ lang: 'fr_FR', companies: [2] }), { model: 'stock.move', fields: ['name'] });
  expect(odoo.calls.at(-1)!.kwargs).toMatchObject({
    context: { active_test: false, lang: 'fr_FR', tz: false, allowed_company_ids: [2] },
    load: '',
    order: 'id asc',
  });
  await readAll(reader, { model: 'stock.move', fields: ['name'] });
  expect(odoo.calls.at(-1)!.kwargs.context).toMatchObject({ lang: 'en_US', allowed_company_ids: [1, 2] });
});

describe('pages', () => {
  test('a small table takes one call', async () => {
    const reader = await reading({ 'stock.move': moves(range(20)) });
    expect(idsOf(await readAll(reader, { model: 'stock.move', fields: ['name'], pageSize: 50 }))).toEqual(range(20));
    expect(pagesSent()).toHaveLength(1);
  });

  test('a large one comes whole, in order, in full pages at most', async () => {
    const reader = await reading({ 'stock.move': moves(range(1000)) });
    const pages: OdooRow[][] = [];
    for await (const page of reader.pages({ model: 'stock.move', fields: [], pageSize: 50 })) pages.push(page);
    expect(idsOf(pages.flat())).toEqual(range(1000));
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(50);
    expect(pagesSent().length).toBeLessThan(40);
  });

  test('a reader that stops early leaves nothing running', async () => {
    const reader = await reading({ 'stock.move': moves(range(1000)) });
    for await (const page of reader.pages({ model: 'stock.move', fields: [], pageSize: 10 })) {
      expect(page).toHaveLength(10);
      break;
    }
    expect(pagesSent().length).toBeLessThan(6);
  });

  test('a failing page fails the read, wherever it is', async () => {
    const reader = await reading({ 'stock.move': moves(range(500)) });
    await reader.fields('stock.move');
    odoo.faults = [null, null, null, null, { kind: 'odoo', name: 'builtins.ValueError', message: 'broken' }];
    const read = readAll(reader, { model: 'stock.move', fields: [], pageSize: 50 });
    await expect(read).rejects.toMatchObject({ code: 'PB_ODOO_FAULT' });
  });

  test('an abort fails the read', async () => {
    const reader = await reading({ 'stock.move': moves(range(500)) });
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of reader.pages({
        model: 'stock.move',
        fields: [],
        pageSize: 10,
        signal: controller.signal,
      })) {
        controller.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'PB_REQUEST_ABORTED' });
  });

  test('any set of ids comes whole and in order, with a bounded number of requests at once', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (unsorted, pageSize, ahead) => {
          const sorted = unsorted.toSorted((a, b) => a - b);
          let open = 0;
          let most = 0;
          const readRange = async (after: number, upto: number | null, limit: number): Promise<OdooRow[]> => {
            most = Math.max(most, ++open);
            await Promise.resolve();
            open--;
            return sorted
              .filter((id) => id > after && (upto === null || id <= upto))
              .slice(0, limit)
              .map((id) => ({ id }));
          };
          const found: number[] = [];
          const maxId = async (): Promise<number> => sorted.at(-1) ?? 0;
          for await (const page of readWindows({ pageSize, ahead, readRange, maxId })) {
            expect(page.length).toBeLessThanOrEqual(pageSize);
            found.push(...idsOf(page));
          }
          expect(found).toEqual(sorted);
          expect(most).toBeLessThanOrEqual(ahead + 1);
        },
      ),
    );
  });
});

describe('long lists', () => {
  test('ids are asked for in parts, in order', async () => {
    const reader = await reading({ 'stock.move': moves(range(300)) }, { listSize: 40 });
    const wanted = range(300)
      .filter((id) => id % 2 === 0)
      .toReversed();
    const rows = await readAll(reader, { model: 'stock.move', fields: [], domain: [['id', 'in', wanted]] });
    expect(idsOf(rows)).toEqual(wanted.toReversed());
  });

  test('parts over another field come in ascending id, each record once', async () => {
    const reader = await reading({ 'stock.move': moves(range(200)) }, { listSize: 2, pageSize: 16 });
    const rows = await readAll(reader, { model: 'stock.move', fields: [], domain: [['tags', 'in', [0, 1, 2, 3, 4]]] });
    expect(idsOf(rows)).toEqual(range(200));
  });

  test('other terms stay with each part', () => {
    const domain = ['&', ['state', '=', 'done'], ['id', 'in', [5, 3, 4]], '|', ['a', '=', 1], ['b', '=', 2]] as const;
    expect(chunkDomain(domain, 2)).toEqual({
      ordered: true,
      domains: [
        [['state', '=', 'done'], '|', ['a', '=', 1], ['b', '=', 2], ['id', 'in', [3, 4]]],
        [['state', '=', 'done'], '|', ['a', '=', 1], ['b', '=', 2], ['id', 'in', [5]]],
      ],
    });
  });

  test('a list under `or` or `not` is never cut', () => {
    const domain = ['|', ['id', 'in', [1, 2, 3]], '!', ['id', 'in', [4, 5, 6]]] as const;
    expect(chunkDomain(domain, 2)).toEqual({ ordered: true, domains: [domain] });
  });
});

describe('domains', () => {
  test('terms in a row hold together', () => {
    expect(conjuncts([['a', '=', 1], '&', ['b', '=', 2], '!', '|', ['c', '=', 3], ['d', '=', 4]])).toEqual([
      [['a', '=', 1]],
      [['b', '=', 2]],
      ['!', '|', ['c', '=', 3], ['d', '=', 4]],
    ]);
  });

  test.each([[['&', ['a', '=', 1]]], [['!']], [[['a', '=']]], [['?']]])('%j is refused', (domain) => {
    expect(() => parseDomain(domain as never)).toThrow(expect.objectContaining({ code: 'PB_ODOO_FAULT' }));
  });
});
