// Domains as SQL find what Odoo's rules say, checked against an evaluation in memory over the reference data, and take
// nothing but values from outside.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, type OdooReader, type OdooRow, readAll } from '../../src/connector/odoo/reader.ts';
import { openSql } from '../../src/connector/odoo/sql.ts';
import { goldenFolder, restoreGolden } from '../support/golden.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const folder = goldenFolder();
const skip = folder === null || (await missingPostgres()) !== null;

let postgres: TestPostgres;
let reader: OdooReader;

beforeAll(async () => {
  if (skip) return;
  postgres = await startPostgres();
  const template = await postgres.template('rich17', (url) => restoreGolden(folder!, 'rich17', url));
  reader = await openSql({ url: (await postgres.create(template)).url, login: 'admin' });
});

afterAll(async () => {
  await reader?.close();
  await postgres?.stop();
});

async function idsOf(model: string, domain: Domain): Promise<number[]> {
  return (await readAll(reader, { model, fields: [], domain })).map((row) => row.id);
}

const MODEL = 'product.template';
const FIELDS = [
  'name',
  'default_code',
  'list_price',
  'sale_ok',
  'company_id',
  'categ_id',
  'sequence',
  'type',
  'route_ids',
  'active',
];

/** Odoo 17's meaning of a term on a row. */
function holds(row: OdooRow, [field, operator, value]: readonly [string, string, unknown]): boolean {
  const own = row[field] ?? null;
  if (Array.isArray(own)) {
    const wanted = (Array.isArray(value) ? value : [value]) as unknown[];
    const some = value === false ? own.length === 0 : own.some((id) => wanted.includes(id));
    return operator === 'in' || operator === '=' ? some : !some;
  }
  const empty = value === false && typeof own !== 'boolean';
  const text = String(own ?? '').toLowerCase();
  switch (operator) {
    case '=':
      return empty ? own === null : own === value;
    case '!=':
      return empty ? own !== null : own !== value;
    case 'in':
      return (value as unknown[]).includes(own) || (own === null && (value as unknown[]).includes(false));
    case 'not in':
      return !holds(row, [field, 'in', value]);
    case 'ilike':
      return own !== null && text.includes(String(value).toLowerCase());
    case 'not ilike':
      return !holds(row, [field, 'ilike', value]);
    case '<':
      return own !== null && (own as number) < (value as number);
    case '>=':
      return own !== null && (own as number) >= (value as number);
  }
  throw new Error(operator);
}

function evaluate(row: OdooRow, domain: readonly unknown[]): boolean {
  let at = 0;
  const results: boolean[] = [];
  const next = (): boolean => {
    const term = domain[at++];
    if (term === '!') return !next();
    if (term === '&' || term === '|') {
      const [left, right] = [next(), next()];
      return term === '&' ? left && right : left || right;
    }
    return holds(row, term as [string, string, unknown]);
  };
  while (at < domain.length) results.push(next());
  return results.every(Boolean);
}

const leaf = fc.oneof(
  fc.tuple(
    fc.constant('name'),
    fc.constantFrom('=', '!=', 'ilike', 'not ilike'),
    fc.constantFrom('a', 'Table', "d'", 'QW', 'é', '🚀'),
  ),
  fc.tuple(fc.constant('default_code'), fc.constantFrom('=', '!='), fc.constantFrom(false, 'FURN_0789', 'x')),
  fc.tuple(fc.constant('default_code'), fc.constantFrom('in', 'not in'), fc.subarray(['FURN_0789', 'E-COM07', false])),
  fc.tuple(fc.constant('list_price'), fc.constantFrom('=', '!=', '<', '>='), fc.constantFrom(0, 1, 15.5, 320, 1e6)),
  fc.tuple(fc.constantFrom('sale_ok', 'active'), fc.constantFrom('=', '!='), fc.boolean()),
  fc.tuple(
    fc.constantFrom('company_id', 'categ_id'),
    fc.constantFrom('in', 'not in'),
    fc.subarray([1, 2, 3, 4, 7, false]),
  ),
  fc.tuple(fc.constantFrom('company_id', 'categ_id'), fc.constantFrom('=', '!='), fc.constantFrom(1, 3, false)),
  fc.tuple(fc.constant('type'), fc.constantFrom('in', 'not in'), fc.subarray(['product', 'consu', 'service'])),
  fc.tuple(fc.constant('route_ids'), fc.constantFrom('in', 'not in'), fc.subarray([2, 5, 6, 8], { minLength: 1 })),
);
const tree: fc.Arbitrary<unknown[]> = fc.letrec<{ node: unknown[] }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf.map((term) => [term]),
    fc.tuple(fc.constantFrom('&', '|'), tie('node'), tie('node')).map(([operator, a, b]) => [operator, ...a, ...b]),
    tie('node').map((node) => ['!', ...node]),
  ),
})).node;

describe.skipIf(skip)('domains', () => {
  test('mean what Odoo means', async () => {
    const rows = await readAll(reader, { model: MODEL, fields: FIELDS });
    expect(rows.length).toBeGreaterThan(50);
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 3 }), async (trees) => {
        const domain = trees.flat();
        const expected = rows.filter((row) => evaluate(row, domain)).map((row) => row.id);
        expect(await idsOf(MODEL, domain as unknown as Domain)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('paths go over many2one, one2many and many2many', async () => {
    const rows = await readAll(reader, { model: 'sale.order.line', fields: ['order_id', 'product_id'] });
    const orders = await readAll(reader, { model: 'sale.order', fields: ['state', 'order_line'] });
    const confirmed = new Set(orders.filter((order) => order.state === 'sale').map((order) => order.id));
    const lines = rows.filter((row) => confirmed.has(row.order_id as number));
    expect(await idsOf('sale.order.line', [['order_id.state', '=', 'sale']])).toEqual(lines.map((row) => row.id));
    const line = rows[0]!;
    expect(await idsOf('sale.order', [['order_line.product_id', '=', line.product_id]])).toContain(line.order_id);
    expect(await idsOf('sale.order', [['order_line', 'any', [['product_id', '=', line.product_id]]]])).toEqual(
      await idsOf('sale.order', [['order_line.product_id', '=', line.product_id]]),
    );
    const [some, none] = [
      await idsOf('sale.order', [['order_line', '!=', false]]),
      await idsOf('sale.order', [['order_line', '=', false]]),
    ];
    expect([...some, ...none].sort((a, b) => a - b)).toEqual(orders.map((order) => order.id));
    expect(await idsOf('product.product', [['name', 'ilike', 'table']])).not.toEqual([]);
  });

  test('trees are searched downwards and upwards', async () => {
    const rows = await readAll(reader, { model: 'stock.location', fields: ['location_id'] });
    const parent = new Map(rows.map((row) => [row.id, row.location_id as number | null]));
    const above = (id: number | null): number[] => (id === null ? [] : [id, ...above(parent.get(id) ?? null)]);
    const root = rows.find((row) => rows.some((other) => other.location_id === row.id && row.location_id !== null))!.id;
    const below = rows.filter((row) => above(row.id).includes(root)).map((row) => row.id);
    expect(await idsOf('stock.location', [['id', 'child_of', root]])).toEqual(below);
    expect(await idsOf('stock.location', [['location_id', 'child_of', root]])).toEqual(below);
    expect(await idsOf('stock.location', [['id', 'parent_of', [below.at(-1)!]]])).toEqual(
      above(below.at(-1)!).sort((a, b) => a - b),
    );
    const quants = await readAll(reader, { model: 'stock.quant', fields: ['location_id'] });
    expect(await idsOf('stock.quant', [['location_id', 'child_of', root]])).toEqual(
      quants.filter((quant) => below.includes(quant.location_id as number)).map((quant) => quant.id),
    );
  });

  test('a bare date means its first or its last second', async () => {
    const rows = await readAll(reader, { model: 'stock.move', fields: ['date'] });
    const day = (rows[0]!.date as string).slice(0, 10);
    const upto = rows.filter((row) => (row.date as string) <= `${day} 23:59:59`).map((row) => row.id);
    const from = rows.filter((row) => (row.date as string) >= `${day} 00:00:00`).map((row) => row.id);
    expect(await idsOf('stock.move', [['date', '<=', day]])).toEqual(upto);
    expect(await idsOf('stock.move', [['date', '>=', day]])).toEqual(from);
  });

  test.each<[string, unknown]>([
    ['unknown field', ['nonsense', '=', 1]],
    ['unknown operator', ['name', 'similar to', 'x']],
    ['unknown field on a path', ['categ_id.nonsense', '=', 1]],
    ['path over a plain field', ['name.x', '=', 1]],
    ['text for a number', ['list_price', '>', 'x']],
    ['text for an id', ['id', '=', '1; DROP TABLE res_users']],
    ['no date', ['write_date', '>', '2026-13-45']],
    ['a number too large', ['sequence', '=', 9e12]],
    ['computed by Odoo', ['qty_available', '>', 0]],
    ['an object', ['name', '=', { a: 1 }]],
  ])('%s is refused with the term named, and the snapshot goes on', async (_, term) => {
    await expect(idsOf(MODEL, [term] as Domain)).rejects.toMatchObject({
      code: 'PB_ODOO_FAULT',
      message: expect.stringContaining(String((term as string[])[0])),
    });
    expect(await idsOf(MODEL, [['id', '=', 0]])).toEqual([]);
  });

  test('nothing from outside gets into the statement', async () => {
    const hostile = [`'; DROP TABLE res_users; --`, `"`, `$1`, `\\`, '%', '\u0000'.slice(1), `') OR TRUE --`];
    for (const words of hostile) {
      expect(await idsOf(MODEL, [['name', '=', words]])).toEqual([]);
      await expect(idsOf(MODEL, [[words, '=', 1]])).rejects.toMatchObject({ code: 'PB_ODOO_FAULT' });
      await expect(idsOf(words, [])).rejects.toMatchObject({ code: 'PB_ODOO_ACCESS' });
      expect(await readAll(reader, { model: 'res.users', fields: [words], domain: [['id', '=', 2]] })).toEqual([
        { id: 2 },
      ]);
      await readAll(reader.scoped({ lang: words }), { model: 'uom.uom', fields: ['name'] });
    }
  });
});

describe.skipIf(skip)('pages', () => {
  test('several reads take turns on one snapshot', async () => {
    const models = ['stock.move', 'sale.order.line', 'res.partner'];
    const expected = await Promise.all(models.map((model) => idsOf(model, [])));
    const sources = models.map((model) =>
      reader.pages({ model, fields: ['create_date'], pageSize: 7 })[Symbol.asyncIterator](),
    );
    const found: number[][] = models.map(() => []);
    for (let open = true; open; ) {
      open = false;
      for (const [index, source] of sources.entries()) {
        const step = await source.next();
        if (step.done) continue;
        open = true;
        expect(step.value.length).toBeLessThanOrEqual(7);
        found[index]!.push(...(step.value as OdooRow[]).map((row) => row.id));
      }
    }
    expect(found).toEqual(expected);
  });

  test('an abort ends the read, not the snapshot', async () => {
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of reader.pages({ model: 'stock.move', fields: [], pageSize: 5, signal: controller.signal })) {
        controller.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'PB_REQUEST_ABORTED' });
    expect(await idsOf('uom.uom', [['id', '=', 1]])).toEqual([1]);
  });

  test('secrets are not to be had', async () => {
    expect((await reader.fields('res.users'))?.has('password')).toBe(false);
    expect(await reader.fields('ir.config_parameter')).toBeNull();
  });
});
