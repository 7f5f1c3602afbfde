// The inventory for the web site: who is listed, at which price, where it goes, and the pages on which it can be looked up.

import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import fc from 'fast-check';
import supertest from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedSettings, inventoryFeed } from '../../src/automation/automations/inventory-feed.ts';
import { type AvailabilityQuestion, addAvailabilityPages, search } from '../../src/automation/availability.ts';
import { WEBDAV_SETTINGS, webdav } from '../../src/automation/engines/webdav.ts';
import { ancestry, pricelistsOf, priceOf } from '../../src/automation/prices.ts';
import { createApi } from '../../src/http/api.ts';
import { createLog } from '../../src/log.ts';
import { type DavServer, PASSWORD, startWebdav, USER } from './webdav-server.ts';
import { type World, world } from './world.ts';

describe('the feed', () => {
  let w: World;
  let server: DavServer;
  beforeEach(async () => {
    server = await startWebdav();
    w = world({ now: '2026-03-07T12:00:00Z' });
    w.engines.webdav = webdav(WEBDAV_SETTINGS.parse({ url: server.url, user: USER, password: PASSWORD }));
    w.add('stock.location', { id: 8, name: 'Stock', usage: 'internal' });
    w.add('stock.location', { id: 9, name: 'Customers', usage: 'customer' });
    w.add('product.category', { id: 1, name: 'All' });
    w.add('res.company', { id: 1, name: 'Acme', currency_id: w.add('res.currency', { name: 'USD' }) });
    w.add('product.pricelist', { id: 1, name: 'Wholesale', currency_id: 1 });
    w.add('product.pricelist.item', {
      ...{
        pricelist_id: 1,
        applied_on: '3_global',
        compute_price: 'percentage',
        percent_price: 25,
        base: 'list_price',
      },
    });
  });
  afterEach(() => server.close());

  function product(name: string, price: number, quantity: number, values: Record<string, unknown> = {}) {
    const template = w.add('product.template', {
      ...{ name, list_price: price, sale_ok: true, detailed_type: 'product', categ_id: 1, ...values },
    });
    const id = w.add('product.product', { product_tmpl_id: template, default_code: name });
    w.add('stock.quant', { product_id: id, location_id: 8, quantity, reserved_quantity: 0 });
    return { id, template };
  }

  it('has retail prices in one file and wholesale prices in the other', async () => {
    product('Rose, red', 20, 3);
    product('Pot "large"', 9.99, 0);
    await w.run(inventoryFeed, { folder: 'content' });
    expect(await server.read('content/availability.csv')).toBe(
      'Description,Price,Quantity\r\n"Pot ""large""",9.99,0\r\n"Rose, red",20.00,3\r\n',
    );
    expect(await server.read('content/commercial.csv')).toBe(
      'Description,Price,Quantity\r\n"Pot ""large""",7.49,0\r\n"Rose, red",15.00,3\r\n',
    );
    expect(w.files.get('inventory/availability.csv')!.rows).toHaveLength(2);
  });

  it('lists active products of which none is missing: available quantity from 0 on, or from what is set', async () => {
    const sold = product('Sold', 1, 2);
    w.rows['stock.quant']!.at(-1)!.reserved_quantity = 2;
    product('Owed', 1, -1);
    product('Archived', 1, 5, { active: false });
    product('Not for sale', 1, 5, { sale_ok: false });
    product('Service', 1, 5, { detailed_type: 'service' });
    product('There', 1, 5);
    w.add('stock.quant', { product_id: sold.id, location_id: 9, quantity: 50, reserved_quantity: 0 });
    const listed = () => w.files.get('inventory/availability.csv')!.rows.map(([name]) => name);
    await w.run(inventoryFeed);
    expect(listed()).toEqual(['Sold', 'There']);
    await w.run(inventoryFeed, { atLeast: 1 });
    expect(listed()).toEqual(['There']);
  });

  it('names variants by what tells them apart, with what they cost more', async () => {
    const { template } = product('Oak', 100, 1);
    const size = w.add('product.template.attribute.value', {
      ...{ product_attribute_value_id: w.add('product.attribute.value', { name: '10 gal' }), price_extra: 50 },
    });
    w.add('product.product', { product_tmpl_id: template, product_template_variant_value_ids: [size] });
    await w.run(inventoryFeed);
    expect(w.files.get('inventory/availability.csv')!.rows).toEqual([
      ['Oak', '100.00', 1],
      ['Oak (10 gal)', '150.00', 0],
    ]);
  });

  it('describes products as customers read it, where that is wanted', async () => {
    product('Rose', 1, 1, { description_sale: 'Climbing rose,\n red' });
    product('Pot', 1, 1);
    await w.run(inventoryFeed, { description: 'sales description' });
    expect(w.files.get('inventory/availability.csv')!.rows.map(([name]) => name)).toEqual([
      'Climbing rose, red',
      'Pot',
    ]);
  });

  it('takes an upload whose answer is an error for an error, and keeps the other file going', async () => {
    product('Rose', 20, 3);
    server.gate = (method, path) => (method === 'MOVE' && path.includes('.upload-') ? 409 : undefined);
    await w.run(inventoryFeed);
    expect(w.errors()).toHaveLength(2);
    expect(await server.read('availability.csv')).toBeNull();
    server.gate = (method) => (method === 'PUT' ? 500 : undefined);
    await expect(w.run(inventoryFeed)).rejects.toMatchObject({ code: 'PB_AUTOMATION_UNREACHABLE' });
  });

  it('never puts retail prices into the wholesale file, nor an empty file over a full one', async () => {
    product('Rose', 20, 3);
    w.rows['product.pricelist']![0]!.name = 'Trade';
    await w.run(inventoryFeed);
    expect(w.errors()).toEqual([expect.stringContaining('no pricelist Wholesale')]);
    expect(await server.read('availability.csv')).toContain('20.00');
    expect(await server.read('commercial.csv')).toBeNull();
    w.rows['product.template']![0]!.active = false;
    await expect(w.run(inventoryFeed)).rejects.toThrow('Nothing is for sale');
    expect(await server.read('availability.csv')).toContain('20.00');
  });

  it('leaves pricelists of another currency alone', async () => {
    product('Rose', 20, 3);
    w.rows['product.pricelist']![0]!.currency_id = w.add('res.currency', { name: 'EUR' });
    await w.run(inventoryFeed);
    expect(w.errors()).toEqual([expect.stringContaining("in the company's currency")]);
  });
});

describe('prices of pricelists', () => {
  const product = { id: 1, template: 10, categories: [3, 2, 1], listPrice: 100, cost: 60 };
  const rule = (id: number, values: Record<string, unknown>) =>
    ({ id, pricelist_id: 1, applied_on: '3_global', compute_price: 'fixed', base: 'list_price', ...values }) as never;
  const price = (...rules: unknown[]) => priceOf(pricelistsOf(rules as never), 1, product, '2026-03-07 12:00:00');

  it('go from variant to product, category and all', () => {
    const all = rule(1, { fixed_price: 1 });
    const category = rule(2, { applied_on: '2_product_category', categ_id: 2, fixed_price: 2 });
    const template = rule(3, { applied_on: '1_product', product_tmpl_id: 10, fixed_price: 3 });
    const variant = rule(4, { applied_on: '0_product_variant', product_id: 1, fixed_price: 4 });
    expect(price(all)).toBe(1);
    expect(price(all, category)).toBe(2);
    expect(price(all, category, template)).toBe(3);
    expect(price(all, category, template, variant)).toBe(4);
    expect(price(rule(5, { applied_on: '0_product_variant', product_id: 2, fixed_price: 9 }))).toBe(100);
  });

  it('are those of one piece, today', () => {
    expect(price(rule(1, { min_quantity: 10, fixed_price: 5 }))).toBe(100);
    expect(price(rule(1, { date_end: '2026-03-07 11:59:59', fixed_price: 5 }))).toBe(100);
    expect(price(rule(1, { date_start: '2026-03-07 12:00:01', fixed_price: 5 }))).toBe(100);
    expect(price(rule(1, { date_start: '2026-03-01 00:00:00', date_end: '2026-03-31 00:00:00', fixed_price: 5 }))).toBe(
      5,
    );
  });

  it('are discounts and formulas over list price, cost and other pricelists', () => {
    expect(price(rule(1, { compute_price: 'percentage', percent_price: 10 }))).toBe(90);
    expect(price(rule(1, { compute_price: 'formula', base: 'standard_price', price_discount: -50 }))).toBe(90);
    const other = rule(2, { pricelist_id: 2, fixed_price: 80 });
    const based = { compute_price: 'formula', base: 'pricelist', base_pricelist_id: 2, price_discount: 10 };
    expect(price(rule(1, based), other)).toBe(72);
    const formula = { compute_price: 'formula', price_discount: 13, price_round: 10, price_surcharge: -0.01 };
    expect(price(rule(1, formula))).toBeCloseTo(89.99);
    expect(price(rule(1, { ...formula, price_min_margin: -5 }))).toBe(95);
    expect(price(rule(1, { ...formula, price_max_margin: -20 }))).toBe(80);
  });

  it('that stand on one another in a circle are refused', () => {
    const circle = { compute_price: 'formula', base: 'pricelist', base_pricelist_id: 1 };
    expect(() => price(rule(1, circle))).toThrow('circle');
  });

  it('hold for what is below a category', () => {
    const rows = [{ id: 1 }, { id: 2, parent_id: 1 }, { id: 3, parent_id: 2 }, { id: 4, parent_id: 4 }];
    expect(ancestry(rows as never)(3)).toEqual([3, 2, 1]);
    expect(ancestry(rows as never)(4)).toEqual([4]);
    expect(ancestry(rows as never)(undefined)).toEqual([]);
  });
});

describe('the availability pages', () => {
  let folder: string;
  let app: express.Express;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planbridge-feed-'));
    await mkdir(join(folder, 'inventory'));
    const lines = Array.from({ length: 230 }, (_, n) => `"Plant ${n}, green",${n}.50,${n % 7}`);
    const special = ['Rosé <b>bold</b>,12.00,4'];
    await write('availability.csv', ['Description,Price,Quantity', ...lines, ...special]);
    await write('commercial.csv', ['Description,Price,Quantity', 'Secret,1.00,1']);
    const api = createApi({
      authenticate: () => Promise.reject(new Error('no')),
      log: createLog({ level: 'silent' }),
      discloseStackTrace: false,
    });
    const lists = [
      { title: 'Availability', file: 'availability.csv', page: 'availability' },
      { title: 'Commercial', file: 'commercial.csv', page: 'commercial', key: 'only-for-traders' },
      { title: 'Later', file: 'later.csv', page: 'later' },
    ];
    const configured = { on: true, words: 'hourly', cron: '0 * * * *', settings: FeedSettings.parse({ lists }) };
    addAvailabilityPages({
      ...{
        api,
        folder,
        settings: { zone: 'America/New_York', automations: new Map([['inventory-feed', configured]]) },
      },
    });
    app = express().use(api.router);
  });
  afterEach(() => rm(folder, { recursive: true }));
  async function write(file: string, lines: readonly string[], at = '2026-03-08T12:00:00Z') {
    await writeFile(join(folder, 'inventory', file), `${lines.join('\r\n')}\r\n`);
    await utimes(join(folder, 'inventory', file), new Date(at), new Date(at));
  }
  const rowsOf = (html: string) => [
    ...html.matchAll(/<tr><td>(.*?)<\/td><td class="n">(.*?)<\/td><td class="n">(.*?)<\/td>/g),
  ];

  it('show what there is, in pages, with the time in the zone of the shop', async () => {
    const { text, headers } = await supertest(app).get('/availability').expect(200);
    expect(rowsOf(text)).toHaveLength(100);
    expect(text).toContain('231 of 231 products, as of Mar 8, 2026, 8:00');
    expect(text).toContain('Page 1 of 3');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const last = await supertest(app).get('/availability?page=3').expect(200);
    expect(rowsOf(last.text)).toHaveLength(31);
    await supertest(app)
      .get('/availability?page=99')
      .expect(200)
      .expect(/Page 3 of 3/);
  });

  it('find all words, without accents, and sort', async () => {
    const found = await supertest(app).get('/availability?q=GREEN+plant+22&sort=price&down=yes').expect(200);
    expect(rowsOf(found.text).map(([, name]) => name)).toEqual([
      ...Array.from({ length: 8 }, (_, n) => `Plant ${229 - n}, green`),
      ...['Plant 221, green', 'Plant 220, green', 'Plant 122, green', 'Plant 22, green'],
    ]);
    await supertest(app)
      .get('/availability?q=rose')
      .expect(200)
      .expect(/1 of 231/);
    await supertest(app)
      .get('/availability?q=nothing')
      .expect(200)
      .expect(/Try fewer/);
  });

  it('let nothing of what they are given become HTML', async () => {
    const { text } = await supertest(app).get('/availability').query({ q: '"><script>alert(1)</script>' }).expect(200);
    expect(text).not.toContain('<script');
    await supertest(app)
      .get('/availability?q=ros')
      .expect(/Rosé &lt;b&gt;bold/);
    await supertest(app).get('/availability?sort=nonsense&page=x').expect(200);
  });

  it('with a key open with it only, and do not tell that they are there', async () => {
    await supertest(app).get('/commercial').expect(404);
    await supertest(app).get('/commercial?key=only-for-trader').expect(404);
    const { text } = await supertest(app).get('/commercial?key=only-for-traders').expect(200);
    expect(text).toContain('Secret');
    expect(text).toMatch(/href="\?[^"]*key=only-for-traders/);
  });

  it('follow the file, and say when there is none yet', async () => {
    await supertest(app)
      .get('/commercial?key=only-for-traders')
      .expect(/Secret/);
    await write('commercial.csv', ['Description,Price,Quantity', 'Fresh,1.00,1'], '2026-03-08T13:00:00Z');
    await supertest(app).get('/commercial?key=only-for-traders').expect(/Fresh/);
    await supertest(app)
      .get('/later')
      .expect(404)
      .expect(/first run/);
  });

  it('show no wholesale prices unless somebody says so', () => {
    expect(FeedSettings.parse({}).lists.map(({ page }) => page)).toEqual(['availability', null]);
  });
});

it('searching finds a row by any of its words', () => {
  const question: AvailabilityQuestion = { q: '', sort: 'description', down: false, page: 1 };
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), fc.nat(), (names, at) => {
      const rows = names.map((description) => ({ description, price: 1, quantity: 1 }));
      const { description } = rows[at % rows.length]!;
      return search(rows, { ...question, q: description }).some((row) => row.description === description);
    }),
  );
});
