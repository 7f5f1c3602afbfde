// Links between Odoo's records and the screens, both ways, over the whole service with the demo's Odoo.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { type RunningService, startService } from '../../src/serve.ts';
import { newDataDirectory } from '../support/shared.ts';

type Row = Record<string, unknown> & { id: number };
interface Opened {
  name: string;
  places: { screen: string; address: string }[];
  reasons: { why: string; name?: string; reason?: string; state?: string; status?: string }[];
}

let directory = '';
let sandbox: Sandbox;
let odoo: RunningSandbox;
let service: RunningService;
const authorization = `Basic ${btoa('admin:admin')}`;

beforeAll(async () => {
  directory = await newDataDirectory('links');
  sandbox = createSandbox({ data: demoCompany(new Date()), database: 'demo' });
  odoo = await sandbox.listen(0);
  const [company] = [...sandbox.db.table('res.company').rows()].sort((a, b) => a.id - b.id);
  const config = readConfig({
    ODOO_URL: odoo.url,
    ODOO_USER: 'admin',
    ODOO_PASSWORD: 'admin',
    ODOO_COMPANY: String(company?.name),
    PORT: '0',
    PLANBRIDGE_DATA_DIR: directory,
  });
  service = await startService(config, config.odoo!, silentLog);
}, 60_000);
afterAll(async () => {
  await service?.close();
  await odoo?.close();
  await rm(directory, { recursive: true, force: true });
});

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(service.url + path, { ...init, headers: { authorization } });
  return (await answer.json()) as T;
}
const open = (model: string, id: number) => ask<Opened>(`/api/open/${model}/${id}`);
const grid = async (name: string, filter: unknown[] = []) =>
  (
    await ask<{ rows: (Record<string, unknown> & { odoo?: Record<string, { model: string; id: number }> })[] }>(
      `/api/grids/${name}?limit=500&filter=${encodeURIComponent(JSON.stringify(filter))}`,
    )
  ).rows;
const rows = (model: string, domain: unknown[], fields: string[] = []) =>
  sandbox.call('admin', model, 'search_read', [domain, ['id', ...fields]]) as unknown as Row[];

async function run(steps: string): Promise<void> {
  const { run: begun } = await ask<{ run: { id: number } }>('/api/runs', {
    method: 'POST',
    body: JSON.stringify({ steps }),
  });
  for (;;) {
    const { run: now } = await ask<{ run: { state: string; error: unknown } }>(`/api/runs/${begun.id}`);
    if (now.state === 'done') return;
    if (now.state === 'failed') throw new Error(JSON.stringify(now.error));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The names that an address asks for, by its parameter. */
const namesIn = (address: string, parameter: string) => new URL(address, 'http://x').searchParams.getAll(parameter);

describe('before anything was read', () => {
  it('a record leads to a page that says so', async () => {
    const [order] = rows('sale.order', [['state', '=', 'sale']], ['name']);
    const opened = await open('sale.order', order!.id);
    expect(opened).toMatchObject({ name: order!.name, places: [] });
    expect(opened.reasons.map(({ why }) => why)).toContain('no model');
  });
});

describe('from Odoo to the screens', () => {
  beforeAll(() => run('odoo_read_1,plan'), 60_000);

  it('a sales order opens its demands, a line its own', async () => {
    const demands = await grid('demands');
    const { id, model } = demands.find(({ odoo: links }) => links?.name)!.odoo!.name!;
    expect(model).toBe('sale.order');
    const [order] = rows('sale.order', [['id', '=', id]], ['name', 'order_line']);
    const own = demands.filter(({ name }) => String(name).startsWith(`${order!.name} `)).map(({ name }) => name);
    const { places } = await open('sale.order', id);
    expect(places).toHaveLength(1);
    expect(places[0]!.screen).toBe('demand');
    if (own.length === 1) expect(decodeURIComponent(places[0]!.address)).toBe(`/demand/${own[0]}/`);
    else expect(namesIn(places[0]!.address, 'name').sort()).toEqual(own.sort());
    const line = (order!.order_line as number[]).find((each) => own.some((name) => String(name).endsWith(` ${each}`)))!;
    const { places: ofLine } = await open('sale.order.line', line);
    expect(decodeURIComponent(ofLine[0]!.address)).toMatch(new RegExp(`^/demand/${order!.name} ${line}/$`));
  });

  it('an order of several lines opens the list of just these', async () => {
    const several = rows('sale.order', [['state', '=', 'sale']], ['order_line']).filter(
      (row) => (row.order_line as number[]).length > 1,
    );
    const all = await Promise.all(several.map(({ id }) => open('sale.order', id)));
    const listed = all.flatMap(({ places }) => places).find(({ address }) => address.includes('name='))!;
    const names = namesIn(listed.address, 'name');
    const found = await grid('demands', [{ column: 'name', operator: 'in', value: names }]);
    expect(found.map(({ name }) => name).sort()).toEqual(names.toSorted());
  });

  it('products, templates and reordering rules open the item, also when they are called otherwise by now', async () => {
    const item = (await grid('inventory'))[0]!;
    const product = item.odoo!.item!;
    expect(product.model).toBe('product.product');
    const [row] = rows('product.product', [['id', '=', product.id]], ['product_tmpl_id']);
    const template = (row!.product_tmpl_id as [number, string])[0];
    const address = `/inventoryplanning/drp/${encodeURIComponent(String(item.item))}/`;
    expect((await open('product.product', product.id)).places).toEqual([{ screen: 'inventory', address }]);
    sandbox.call('admin', 'product.template', 'write', [[template], { name: 'Called otherwise' }]);
    expect((await open('product.product', product.id)).places[0]?.address).toBe(address);
    const { places } = await open('product.template', template);
    expect(decodeURIComponent(places[0]!.address)).toContain(String(item.item));
  });

  it('manufacturing orders, work orders and work centers open the plan editor', async () => {
    const orders = await grid('orders', [{ column: 'type', operator: 'is', value: 'MO' }]);
    const known = orders.find(({ odoo: links }) => links?.reference)!;
    expect(known.odoo!.reference!.model).toBe('mrp.production');
    const { places } = await open('mrp.production', known.odoo!.reference!.id);
    expect(places[0]?.address).toMatch(/^\/planningboard\/\?order=/);
    const steps = await grid('orders', [{ column: 'type', operator: 'is', value: 'WO' }]);
    const step = steps.find(({ odoo: links, status }) => links?.reference && status !== 'completed')!;
    expect(step.odoo!.reference!.model).toBe('mrp.workorder');
    const opened = await open('mrp.workorder', step.odoo!.reference!.id);
    expect(namesIn(opened.places[0]!.address, 'order')).toEqual([step.reference]);
    const resource = (await grid('resources'))[0]!;
    const center = resource.odoo!.resource!;
    expect(center.model).toBe('mrp.workcenter');
    expect(namesIn((await open('mrp.workcenter', center.id)).places[0]!.address, 'resource')).toContain(
      resource.resource,
    );
  });

  it('purchase orders and their receipts open the list of their orders', async () => {
    const orders = await grid('orders', [{ column: 'type', operator: 'is', value: 'PO' }]);
    const known = orders.find(({ odoo: links }) => links?.reference)!;
    const { model, id } = known.odoo!.reference!;
    expect(model).toBe('purchase.order');
    expect(namesIn((await open('purchase.order', id)).places[0]!.address, 'reference')).toContain(known.reference);
    const [move] = rows(
      'stock.move',
      [
        ['purchase_line_id.order_id', '=', id],
        ['state', '=', 'assigned'],
      ],
      ['picking_id'],
    );
    const picking = (move!.picking_id as [number, string])[0];
    expect((await open('stock.picking', picking)).places[0]).toMatchObject({ screen: 'orders' });
  });

  it('deliveries open the demands that they serve', async () => {
    const planned = new Set((await grid('demands')).map(({ odoo: links }) => links?.name?.id));
    const lines = rows('sale.order.line', [['order_id', 'in', [...planned].filter(Boolean)]]).map(({ id }) => id);
    const domain = [
      ['sale_line_id', 'in', lines],
      ['state', 'in', ['confirmed', 'assigned', 'partially_available']],
    ];
    const [move] = rows('stock.move', domain, ['picking_id']);
    const { places } = await open('stock.picking', (move!.picking_id as [number, string])[0]);
    expect(places.map(({ screen }) => screen)).toContain('demand');
  });

  it('bills of materials open what is made by them', async () => {
    const [operation] = await grid('operations');
    const { model, id } = (await grid('operations'))
      .map(({ odoo: links }) => links?.operation)
      .find((record) => record?.model === 'mrp.bom')!;
    expect(operation).toBeDefined();
    expect(model).toBe('mrp.bom');
    expect((await open('mrp.bom', id)).places[0]?.screen).toMatch(/orders|inventory/);
  });

  it('partners open their demands or orders, and so do their contacts', async () => {
    const customer = (await grid('customers')).find(({ odoo: links }) => links?.customer)!;
    const { model, id } = customer.odoo!.customer!;
    expect(model).toBe('res.partner');
    const { places } = await open('res.partner', id);
    expect(places.find(({ screen }) => screen === 'demand')?.address).toContain('/demand/?customer=');
    const [contact] = rows('res.partner', [['parent_id', '=', id]]);
    if (contact) expect((await open('res.partner', contact.id)).places).toEqual(places);
    const supplier = (await grid('suppliers')).find(({ odoo: links }) => links?.supplier)!;
    const ofSupplier = await open('res.partner', supplier.odoo!.supplier!.id);
    expect(ofSupplier.places.map(({ address }) => address).join()).toContain('/orders/?supplier=');
  });

  it('what is not in the plan says why', async () => {
    const cancelled = sandbox.call('admin', 'sale.order', 'create', [{ partner_id: 1 }]) as unknown as number;
    expect((await open('sale.order', cancelled)).reasons).toMatchObject([
      { why: 'state', state: 'draft' },
      { why: 'not read' },
    ]);
    expect((await open('sale.order', 987_654)).reasons).toEqual([{ why: 'gone' }]);
    const [work] = rows('product.template', [['type', '=', 'service']]);
    if (work) expect((await open('product.template', work.id)).places).toEqual([]);
    const answer = await fetch(`${service.url}/api/open/res.users/2`, { headers: { authorization } });
    expect(answer.status).toBe(404);
    expect((await fetch(`${service.url}/api/open/sale.order/1%20or%201`, { headers: { authorization } })).status).toBe(
      404,
    );
    expect((await fetch(`${service.url}/api/open/sale.order/1`)).status).toBe(401);
  });
});

describe('from names to Odoo', () => {
  it('each kind of name has its record; a name that nobody has has none', async () => {
    const demand = (await grid('demands')).find(({ odoo: links }) => links?.customer)!;
    const names = [
      { kind: 'demand', key: demand.name },
      { kind: 'item', key: demand.item },
      { kind: 'location', key: demand.location },
      { kind: 'item', key: 'nothing of this name' },
      { kind: 'constructor', key: 'x' },
    ];
    const { records } = await ask<{ records: { kind: string; model: string; id: number }[] }>('/api/odoo-records', {
      method: 'POST',
      body: JSON.stringify({ names }),
    });
    expect(records.map(({ kind, model }) => [kind, model])).toEqual([
      ['demand', 'sale.order'],
      ['item', 'product.product'],
      ['location', 'stock.warehouse'],
    ]);
    const [item] = records.filter(({ kind }) => kind === 'item');
    expect(rows('product.product', [['id', '=', item!.id]])).toHaveLength(1);
  });

  it.each([
    ['demands', ['name', 'item', 'customer', 'location']],
    ['orders', ['reference', 'item', 'location', 'supplier', 'operation']],
    ['inventory', ['item', 'location']],
    ['resources', ['resource']],
    ['operations', ['operation', 'item', 'location']],
    ['customers', ['customer']],
    ['suppliers', ['supplier']],
    ['problems', ['name']],
  ])('every grid links its names: %s', async (name, columns) => {
    const found = await grid(name);
    const linked = new Set(found.flatMap(({ odoo: links }) => Object.keys(links ?? {})));
    expect([...linked].sort()).toEqual(columns.toSorted());
  });
});
