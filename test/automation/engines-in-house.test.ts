// The automations about the web shop, text messages and files as they run in the service: by the queue and the ledger in a real
// database, on the sandbox Odoo, through engines out of the settings file.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTOMATIONS } from '../../src/automation/automations.ts';
import { addStockRequest, waitingStockRequests } from '../../src/automation/forms/store.ts';
import { missingPostgres } from '../support/postgres.ts';
import { type ShopServer, STORE, STORE_TOKEN, startShop } from './bigcommerce-server.ts';
import { endHouses, type House, openHouse, type Rows, shop as shopData } from './house.ts';
import { ACCOUNT, startTwilio, TOKEN, type TwilioServer } from './twilio-server.ts';
import { type DavServer, PASSWORD, startWebdav, USER } from './webdav-server.ts';

let house: House | null = null;
let store: ShopServer;
let phone: TwilioServer;
let dav: DavServer;
beforeEach(async () => {
  [store, phone, dav] = [await startShop(), await startTwilio(() => house!.clock.now), await startWebdav()];
});
afterEach(async () => {
  await house?.close();
  house = null;
  await Promise.all([store.close(), phone.close(), dav.close()]);
});
afterAll(endHouses);

const template = (id: number, name: string, list_price: number) => ({
  ...{ id, name, list_price, active: true, sale_ok: true, type: 'product', detailed_type: 'product', categ_id: 1 },
  ...{ product_tag_ids: [], description_sale: false },
});
const order = (id: number, partner_id: number, date_order: string, product_id: number, price: number) => ({
  order: { id, name: `S${id}`, partner_id, date_order, state: 'sale', company_id: 1, amount_total: price },
  line: { id, order_id: id, product_id, product_uom_qty: 2, price_subtotal: price, name: 'line', company_id: 1 },
});
const ORDERS = [
  order(1, 40, '2025-03-20 15:00:00', 2, 500),
  order(2, 40, '2025-03-21 15:00:00', 1, 100),
  // Half past ten at night where the shop is.
  order(3, 41, '2026-03-10 02:30:00', 1, 20),
];
const ROWS: Rows = {
  'product.category': [{ id: 1, name: 'Plants', parent_id: false }],
  'product.template': [template(1, 'Rose', 20), template(2, 'Oak', 200), template(3, 'Pot', 5)],
  'product.product': [
    { id: 1, product_tmpl_id: 1, default_code: 'ROSE', active: true },
    { id: 2, product_tmpl_id: 2, default_code: 'OAK', active: true },
    { id: 3, product_tmpl_id: 3, default_code: 'POT', active: true },
  ],
  'stock.location': [{ id: 1, name: 'Stock', usage: 'internal', company_id: 1, active: true }],
  'stock.quant': [
    { id: 1, product_id: 1, location_id: 1, quantity: 5, reserved_quantity: 0, company_id: 1 },
    { id: 2, product_id: 2, location_id: 1, quantity: 1, reserved_quantity: 1, company_id: 1 },
  ],
  'product.pricelist': [{ id: 1, name: 'Wholesale', active: true, currency_id: 1 }],
  'sale.order': ORDERS.map((each) => each.order),
  'sale.order.line': ORDERS.map((each) => each.line),
  'res.partner': [
    { id: 40, name: 'Known Customer', active: true, is_company: false, phone: '212-867-5300', country_id: 1 },
    { id: 41, name: 'ann miller', active: true, is_company: false, phone: '(212) 867-5309', country_id: 1 },
  ],
};

async function open(
  kind: 'embedded' | 'postgres' = 'embedded',
  settings: Record<string, Record<string, unknown>> = {},
) {
  const names = ['sort-order', 'featured-products', 'total-sold', 'back-in-stock', 'always-online', 'related-items'];
  const more = ['sms-first-thanks', 'sms-opt-outs', 'inventory-feed', 'expired-coupons', 'connection-check'];
  house = await openHouse({
    ...{ kind, data: shopData(ROWS), settings, now: '2026-03-10T22:30:00Z' },
    automations: AUTOMATIONS.filter(({ name }) => [...names, ...more].includes(name)),
    engines: {
      storefront: { store: STORE, token: STORE_TOKEN, url: store.url, retries: 1, pauseSeconds: 0.01 },
      sms: {
        ...{ accountSid: ACCOUNT, authToken: TOKEN, from: '+15550000000', url: phone.url },
        ...{ retries: 0, settleSeconds: 0.01, timeoutSeconds: 1 },
      },
      webdav: { url: dav.url, user: USER, password: PASSWORD },
    },
  });
  for (const sku of ['ROSE', 'OAK', 'POT']) store.product({ sku });
  return house;
}
const bySku = (sku: string) => [...store.products.values()].find((each) => each.sku === sku)!;

const kinds = ['embedded', 'postgres'] as const;
describe.each(kinds)('on a database that is %s', async (kind) => {
  it.skipIf(kind === 'postgres' && (await missingPostgres()) !== null)('the shop is put in order', async () => {
    const { run } = await open(kind);
    const sorted = await run('sort-order');
    expect(sorted).toMatchObject({ state: 'done', counts: { errors: 0, changes: 3, sorted: 3 } });
    expect(['OAK', 'ROSE', 'POT'].map((sku) => bySku(sku).sort_order)).toEqual([-3, -2, -1]);
    expect(sorted.said).toContain('OAK (OAK): sort order -3');
    expect((await run('sort-order')).counts).toMatchObject({ changes: 0 });
    await run('featured-products');
    // The oak is reserved.
    expect(['OAK', 'ROSE', 'POT'].map((sku) => bySku(sku).is_featured)).toEqual([false, true, false]);
    await run('total-sold');
    expect(['OAK', 'ROSE', 'POT'].map((sku) => bySku(sku).total_sold)).toEqual([2, 4, 0]);
  });
});

it('a shop that is away puts the run off, and the next try goes on', async () => {
  const { run } = await open();
  for (let n = 0; n < 2; n++) store.troubles.push({ on: 'PUT', when: 'before', status: 503 });
  expect(await run('sort-order')).toMatchObject({ state: 'done', counts: { changes: 3, errors: 0 } });
  expect(bySku('OAK').sort_order).toBe(-3);
});

it('a tag is made once, and the best sellers get it', async () => {
  const { run, row, rows } = await open();
  const marked = await run('always-online');
  expect(marked).toMatchObject({ state: 'done', counts: { errors: 0, 'best sellers': 2 } });
  const tag = rows('product.tag').at(-1)!;
  expect(tag.name).toBe('Always online');
  expect([1, 2, 3].map((id) => row('product.template', id).product_tag_ids)).toEqual([[tag.id], [tag.id], []]);
  expect((await run('always-online')).counts).toMatchObject({ changes: 0 });
});

it('first-time customers get their message, once, also when the answer was lost', async () => {
  const { run } = await open();
  const dry = await run('sms-first-thanks', { dryRun: true });
  expect(dry.said).toEqual(['ann miller +12128675309: text message']);
  expect(phone.taken).toEqual([]);
  phone.troubles.push({ kind: 'status-after', status: 500 });
  phone.listTroubles.push({ kind: 'status-before', status: 503 }, { kind: 'status-before', status: 503 });
  const sent = await run('sms-first-thanks');
  expect(sent).toMatchObject({ state: 'done', counts: { errors: 0, targeted: 1 } });
  expect(phone.taken.map(({ to, body }) => [to, body.slice(0, 8)])).toEqual([['+12128675309', 'Hi Ann, ']]);
  await run('sms-first-thanks');
  expect(phone.taken).toHaveLength(1);
});

it('who has answered STOP is kept', async () => {
  const { run, clock } = await open();
  phone.receive('+12128675309', 'Stop', new Date(clock.now - 1_000));
  expect((await run('sms-opt-outs')).counts).toMatchObject({ answers: 1, 'want none': 1, errors: 0 });
  phone.taken.length = 0;
  expect((await run('sms-first-thanks')).counts).toMatchObject({ 'want none': 1 });
  expect(phone.taken).toEqual([]);
});

it('the inventory goes to the server and into the folder', async () => {
  const lists = [{ title: 'Availability', file: 'availability.csv', page: 'availability' }];
  const { run, file } = await open('embedded', { 'inventory-feed': { lists } });
  const done = await run('inventory-feed');
  expect(done).toMatchObject({ state: 'done', counts: { errors: 0, products: 3 } });
  const text = 'Description,Price,Quantity\r\nOak,200.00,0\r\nPot,5.00,0\r\nRose,20.00,5\r\n';
  expect(await dav.read('availability.csv')).toBe(text);
  expect(await file('inventory/availability.csv')).toBe(text);
  dav.gate = (method) => (method === 'PUT' ? 403 : undefined);
  expect((await run('inventory-feed')).counts).toMatchObject({ errors: 1 });
});

it('who waits is told, with a coupon, and waits no more', async () => {
  const { run, store: database, clock, mails, file } = await open();
  const wish = { email: 'Ann@example.com', name: 'Ann', product: 'ROSE' };
  await addStockRequest(database.query, wish, clock.now);
  await addStockRequest(database.query, { ...wish, product: 'OAK' }, clock.now);
  const done = await run('back-in-stock');
  expect(done).toMatchObject({ state: 'done', counts: { errors: 0, requests: 2 } });
  const [coupon] = [...store.coupons.values()];
  expect((await mails()).map(({ recipient, subject }) => [recipient, subject])).toEqual([
    ['ann@example.com', 'ROSE is back in stock'],
  ]);
  expect((await mails())[0]!.text).toContain(coupon!.code);
  expect(await file('coupons/created_coupon_log.csv')).toContain(coupon!.code);
  expect((await waitingStockRequests(database.query)).map(({ product }) => product)).toEqual(['OAK']);
  await run('back-in-stock');
  expect([store.coupons.size, (await mails()).length]).toEqual([1, 1]);
});

it('expired coupons are listed and go', async () => {
  const { run, file } = await open();
  store.coupon({ id: 1, code: 'OLD', expires: 'Fri, 06 Mar 2026 12:00:00 +0000' });
  store.coupon({ id: 2, code: 'EVER', expires: '' });
  await run('expired-coupons');
  expect([...store.coupons.values()].map(({ code }) => code)).toEqual(['EVER']);
  expect(await file('coupons/deleted_coupons.csv')).toContain('OLD');
});

it('the connection check needs neither Odoo nor an engine', async () => {
  const { run } = await open('embedded', {
    'connection-check': { hosts: ['127.0.0.1'], port: 9, timeoutSeconds: 0.3 },
  });
  expect((await run('connection-check')).log.join()).toContain('Disconnected');
});
