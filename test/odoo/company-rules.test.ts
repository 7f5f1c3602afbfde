// What the companies of a scope let through.

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInRules } from '../../src/connector/odoo/company-rules.ts';
import { NotLiteral, parsePythonDomain } from '../../src/connector/odoo/python-domain.ts';
import { type OdooReader, type OdooRow, readAll } from '../../src/connector/odoo/reader.ts';
import { openSql } from '../../src/connector/odoo/sql.ts';
import { goldenFolder, restoreGolden } from '../support/golden.ts';
import { missingPostgres, startPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

const folder = goldenFolder();
const skip = folder === null || (await missingPostgres()) !== null;

describe('rules as Odoo keeps them', () => {
  const names = { company_ids: [1, 2], 'user.id': 7 };

  test.each([
    ["[('company_id', 'in', company_ids + [False])]", [['company_id', 'in', [1, 2, false]]]],
    [
      " ['|', ('a.b','=',False),('c','parent_of',company_ids)]\n",
      ['|', ['a.b', '=', false], ['c', 'parent_of', [1, 2]]],
    ],
    ["[(1, '=', 1)]", [[1, '=', 1]]],
    [
      "[('name', '!=', \"it's\"), ('x', '>', -1.5), ('y', 'in', ('a', 'b',)), ('user_id', '=', user.id)]",
      [
        ['name', '!=', "it's"],
        ['x', '>', -1.5],
        ['y', 'in', ['a', 'b']],
        ['user_id', '=', 7],
      ],
    ],
  ])('%s', (text, domain) => {
    expect(parsePythonDomain(text, names)).toEqual(domain);
  });

  test.each([
    "[('a', '=', time.strftime('%Y'))]",
    "[('a', 'in', [x for x in company_ids])]",
    "[('a', '=', user.partner_id.id)]",
    "__import__('os')",
    "[('a', '=', 1)",
    "'text'",
    "[('a', '=', constructor)]",
  ])('%s is not followed', (text) => {
    expect(() => parsePythonDomain(text, names)).toThrow(NotLiteral);
  });

  test('all built-in rules can be followed', () => {
    for (const major of [16, 17, 18]) {
      for (const texts of builtInRules(major).values()) {
        for (const text of texts) expect(parsePythonDomain(text, names).length).toBeGreaterThan(0);
      }
    }
  });
});

describe.skipIf(skip)('visibility', () => {
  let postgres: TestPostgres;
  let database: TestDatabase;
  let reader: OdooReader;

  beforeAll(async () => {
    postgres = await startPostgres();
    const template = await postgres.template('rich17', (url) => restoreGolden(folder!, 'rich17', url));
    database = await postgres.create(template);
    reader = await openSql({ url: database.url, login: 'admin' });
  });

  afterAll(async () => {
    await reader?.close();
    await postgres?.stop();
  });

  async function companiesOf(model: string, companies: number[]): Promise<unknown[]> {
    const rows = await readAll(reader.scoped({ companies }), { model, fields: ['company_id'] });
    return [...new Set(rows.map((row) => row.company_id))].sort();
  }

  test.each([
    'stock.warehouse',
    'stock.move',
    'sale.order',
    'sale.order.line',
    'purchase.order',
    'mrp.production',
    'mrp.workorder',
  ])('%s: of the companies only', async (model) => {
    for (const company of [1, 3]) expect(await companiesOf(model, [company])).toEqual([company]);
  });

  test.each(['stock.location', 'mrp.bom', 'product.template', 'product.product', 'product.supplierinfo', 'stock.rule'])(
    '%s: of the companies, and shared ones',
    async (model) => {
      const seen = await companiesOf(model, [4]);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.filter((company) => company !== null && company !== 4)).toEqual([]);
    },
  );

  test("a company that is not the user's is refused", () => {
    expect(() => reader.scoped({ companies: [1, 99] })).toThrow(expect.objectContaining({ code: 'PB_ODOO_ACCESS' }));
  });

  test("a company's records include those of the companies above it", async () => {
    const other = await postgres.create(
      await postgres.template('rich17', (url) => restoreGolden(folder!, 'rich17', url)),
    );
    await change(other.url, "UPDATE res_company SET parent_id = 3, parent_path = '3/4/' WHERE id = 4");
    const branch = await openSql({ url: other.url, login: 'admin' });
    const products = await readAll(branch.scoped({ companies: [4] }), {
      model: 'product.template',
      fields: ['company_id'],
    });
    expect(new Set(products.map((row) => row.company_id))).toContain(3);
    const orders = await readAll(branch.scoped({ companies: [4] }), { model: 'sale.order', fields: ['company_id'] });
    expect(new Set(orders.map((row) => row.company_id))).toEqual(new Set([4]));
    await branch.close();
  });

  test('lists of ids hide what is hidden', async () => {
    const links = (scoped: OdooReader): Promise<OdooRow[]> =>
      readAll(scoped, { model: 'res.partner', fields: ['sale_order_ids'] });
    const all = await links(reader);
    const one = await links(reader.scoped({ companies: [3] }));
    const count = (rows: typeof all): number =>
      rows!.reduce((sum, row) => sum + (row.sale_order_ids as number[]).length, 0);
    const orders = await readAll(reader.scoped({ companies: [3] }), { model: 'sale.order', fields: [] });
    expect(count(one)).toBe(orders.length);
    expect(count(all)).toBeGreaterThan(orders.length);
  });

  test("the database's own rules come first, and what cannot be followed is not shown", async () => {
    const other = await postgres.create(
      await postgres.template('rich17', (url) => restoreGolden(folder!, 'rich17', url)),
    );
    await change(
      other.url,
      `CREATE TABLE ir_rule (id int, model_id int, active bool, perm_read bool, global bool, domain_force text);
       INSERT INTO ir_rule SELECT 1, id, true, true, true, '[(''state'', ''='', ''sale'')]' FROM ir_model WHERE model = 'sale.order';
       INSERT INTO ir_rule SELECT 2, id, true, true, true, '[(''id'', ''='', user.employee_id.id)]' FROM ir_model WHERE model = 'sale.order.line';
       INSERT INTO ir_rule SELECT 3, id, true, true, false, '[(0, ''='', 1)]' FROM ir_model WHERE model = 'stock.move'`,
    );
    const ruled = await openSql({ url: other.url, login: 'admin' });
    const orders = await readAll(ruled, { model: 'sale.order', fields: ['state', 'order_line'] });
    expect(new Set(orders.map((row) => row.state))).toEqual(new Set(['sale']));
    expect(orders[0]).not.toHaveProperty('order_line');
    expect(await ruled.fields('sale.order.line')).toBeNull();
    await expect(readAll(ruled, { model: 'sale.order.line', fields: [] })).rejects.toMatchObject({
      code: 'PB_ODOO_ACCESS',
    });
    expect(await readAll(ruled, { model: 'stock.move', fields: [] })).not.toEqual([]);
    await ruled.close();
  });
});

async function change(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}
