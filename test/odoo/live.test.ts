// Both readers on real Odoo servers hand out the same rows. Needs servers whose database can be reached too:
// PLANBRIDGE_TEST_ODOO='[{"url":"http://…","database":"…","databaseUrl":"postgres://…","login":"…","password":"…"}]'

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openReader } from '../../src/connector/odoo/open.ts';
import { type Domain, type OdooReader, readAll } from '../../src/connector/odoo/reader.ts';

const servers = z
  .array(
    z.object({
      url: z.string(),
      database: z.string(),
      databaseUrl: z.string(),
      login: z.string(),
      password: z.string(),
    }),
  )
  .parse(JSON.parse(process.env.PLANBRIDGE_TEST_ODOO ?? '[]'));

const MODELS = [
  ...['res.company', 'res.users', 'res.partner', 'uom.uom', 'stock.warehouse', 'stock.location', 'stock.picking.type'],
  ...['resource.calendar', 'resource.calendar.attendance', 'resource.calendar.leaves', 'resource.resource'],
  ...['mrp.workcenter', 'mrp.workcenter.capacity', 'mrp.skill', 'mrp.workcenter.skill', 'product.category'],
  ...['stock.route', 'stock.rule', 'product.template', 'product.product', 'product.template.attribute.value'],
  ...['product.supplierinfo', 'mrp.bom', 'mrp.bom.line', 'mrp.bom.byproduct', 'mrp.routing.workcenter'],
  ...['mrp.secondary.workcenter', 'sale.order.line', 'sale.order', 'stock.move', 'stock.move.line', 'stock.picking'],
  ...['purchase.order.line', 'purchase.order', 'mrp.production', 'mrp.workorder', 'mrp.workcenter.productivity'],
  ...['mrp.workorder.secondary.workcenter', 'stock.quant', 'stock.lot', 'stock.warehouse.orderpoint'],
  'procurement.group',
];

/** Each login adds one, after the snapshot. */
const BY_LOGIN = new Set(['res.users.log_ids', 'res.users.login_date']);
/** Odoo's rounding leaves binary noise here. */
const NOISY = new Set(['stock.quant.available_quantity']);

const DOMAINS: [string, Domain][] = [
  [
    'sale.order.line',
    [
      ['order_id.state', 'in', ['draft', 'sent', 'sale']],
      ['display_type', '=', false],
    ],
  ],
  [
    'stock.quant',
    [
      ['location_id.usage', 'in', ['internal', 'transit']],
      ['quantity', '!=', 0],
    ],
  ],
  ['stock.move', ['!', ['partner_id.name', 'ilike', 'a'], ['state', 'not in', ['done', 'cancel']]]],
  ['product.product', ['|', ['standard_price', '=', 0], ['product_tmpl_id.route_ids', '!=', false]]],
  [
    'product.template',
    [
      ['categ_id', 'child_of', 1],
      ['company_id', '=', false],
      ['default_code', '!=', 'x'],
    ],
  ],
  ['res.partner', ['|', ['parent_id.name', '=', false], '!', ['country_id.code', 'in', ['US', 'BE']]]],
];

if (servers.length === 0) test.skip('no real Odoo: PLANBRIDGE_TEST_ODOO is not set', () => {});

describe.each(servers)('$database', (server) => {
  async function both(run: (sql: OdooReader, rpc: OdooReader) => Promise<void>): Promise<void> {
    const { databaseUrl, url, database, login, password } = server;
    const rpc = await openReader({ url, database }, { login, password });
    const sql = await openReader({ databaseUrl }, { login, password });
    try {
      await run(sql, rpc);
    } finally {
      await sql.close();
      await rpc.close();
    }
  }

  test('user and version', async () => {
    await both(async (sql, rpc) => {
      expect(sql.user).toEqual(rpc.user);
      expect(sql.server.major).toBe(rpc.server.major);
    });
  });

  test('rows, for all companies and for each', { timeout: 300_000 }, async () => {
    await both(async (sql, rpc) => {
      const differences: string[] = [];
      for (const companies of [undefined, ...sql.user.companyIds.map((id) => [id])]) {
        const scope = companies === undefined ? {} : { companies };
        for (const model of MODELS) differences.push(...(await compare(sql.scoped(scope), rpc.scoped(scope), model)));
      }
      expect(differences).toEqual([]);
    });
  });

  test.each(DOMAINS)('domain on %s: %j', async (model, domain) => {
    await both(async (sql, rpc) => {
      const request = { model, fields: [], domain };
      expect(await readAll(sql, request)).toEqual(await readAll(rpc, request));
    });
  });
});

async function compare(sql: OdooReader, rpc: OdooReader, model: string): Promise<string[]> {
  const [known, odoos] = [await sql.fields(model), await rpc.fields(model)];
  if (known === null || odoos === null) return known === odoos ? [] : [`${model}: only one reader has it`];
  const fields = [...known.keys()].filter((name) => odoos.has(name) && !BY_LOGIN.has(`${model}.${name}`));
  const [ours, theirs] = await Promise.all([sql, rpc].map((reader) => readAll(reader, { model, fields })));
  if (ours!.length !== theirs!.length) return [`${model}: ${ours!.length} rows, Odoo gives ${theirs!.length}`];
  const differences: string[] = [];
  for (const [index, row] of ours!.entries()) {
    for (const name of fields) {
      const [own, odoo] = [row[name], theirs![index]![name]];
      if (NOISY.has(`${model}.${name}`) && Math.abs((own as number) - (odoo as number)) < 1e-9) continue;
      const [left, right] = [JSON.stringify(own), JSON.stringify(odoo)];
      if (left !== right) differences.push(`${model} ${row.id} ${name}: ${left}, Odoo gives ${right}`);
    }
  }
  return differences;
}
