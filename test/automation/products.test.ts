// Automations about products, and the reports: what lies on the shelf, brands, buffers, revenue. On the sandbox Odoo.
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { administrativeReport } from '../../src/automation/automations/administrative-report.ts';
import { brands } from '../../src/automation/automations/brands.ts';
import { inactiveProducts } from '../../src/automation/automations/inactive-products.ts';
import { revenueReport } from '../../src/automation/automations/revenue-report.ts';
import { bufferOf, stockBuffers } from '../../src/automation/automations/stock-buffers.ts';
import { withKits } from '../../src/automation/stock.ts';
import { endHouses, type House, openHouse, type Rows, shop } from './house.ts';

let house: House | null = null;
afterEach(async () => {
  await house?.close();
  house = null;
});
afterAll(endHouses);

const template = (id: number, name: string, more: Record<string, unknown> = {}) => ({
  ...{ id, name, active: true, sale_ok: true, type: 'product', detailed_type: 'product', categ_id: 1, list_price: 10 },
  ...{ product_tag_ids: [], seller_ids: [] },
  ...more,
});
const variant = (id: number, product_tmpl_id: number, default_code: string) => ({
  ...{ id, product_tmpl_id, default_code, active: true },
});
const quant = (id: number, product_id: number, quantity: number, reserved_quantity = 0, location_id = 1) => ({
  ...{ id, product_id, quantity, reserved_quantity, location_id, company_id: 1 },
});

const SHELVES: Rows = {
  'product.category': [
    { id: 1, name: 'Pottery', parent_id: false },
    { id: 2, name: 'Glazed', parent_id: 1 },
  ],
  'product.tag': [{ id: 1, name: 'Always online' }],
  'product.template': [
    template(1, 'In stock'),
    template(2, 'All reserved', { description_sale: 'A Proven  Winner of spring' }),
    template(3, 'Two sizes', { list_price: 120, categ_id: 2 }),
    template(4, 'Kept', { product_tag_ids: [1] }),
    template(5, 'Delivery', { type: 'service', detailed_type: 'service' }),
    template(6, 'Owed', { list_price: 20, description: '<p>proven <b>winner</b></p>', seller_ids: [1] }),
  ],
  'product.product': [
    variant(1, 1, 'IN'),
    variant(2, 2, 'RES'),
    variant(3, 3, 'S'),
    variant(4, 3, 'L'),
    variant(5, 4, 'KEPT'),
    variant(6, 5, 'DEL'),
    variant(7, 6, 'OWED'),
  ],
  'product.supplierinfo': [{ id: 1, product_tmpl_id: 6, partner_id: 30 }],
  'res.partner': [{ id: 30, name: 'Monrovia Nurseries', active: true, is_company: true }],
  'stock.location': [
    { id: 1, name: 'Stock', usage: 'internal', company_id: 1, active: true },
    { id: 2, name: 'Customers', usage: 'customer', active: true },
  ],
  'stock.quant': [
    quant(1, 1, 1),
    quant(2, 2, 4, 4),
    quant(3, 3, 0.5),
    quant(4, 4, 2),
    quant(5, 7, -2),
    quant(6, 2, 9, 0, 2),
  ],
};

describe('products without stock', () => {
  it('are archived, a variant alone where others are left, and stand in the file of the day', async () => {
    house = await openHouse({ data: shop(SHELVES), automations: [inactiveProducts], now: '2026-03-10T03:00:00Z' });
    const dry = await house.run('inactive-products', { dryRun: true });
    expect(house.row('product.template', 2).active).toBe(true);
    const { said, changes } = await house.run('inactive-products');
    expect(said.slice(0, 3).toSorted()).toEqual([
      'All reserved: made inactive',
      'Owed: made inactive',
      'Two sizes: made inactive',
    ]);
    expect(dry.said.slice(0, 3).toSorted()).toEqual(said.slice(0, 3).toSorted());
    expect(changes.find(({ subject }) => subject === 'Owed')!.before).toEqual({
      active: true,
      reference: 'OWED',
      available: -2,
    });
    const active = (model: string) =>
      house!
        .rows(model)
        .filter((row) => row.active)
        .map(({ id }) => id);
    expect(active('product.template')).toEqual([1, 3, 4, 5]);
    expect(active('product.product')).toEqual(expect.arrayContaining([1, 4, 5, 6]));
    expect(house.row('product.product', 3).active).toBe(false);
    // In New York it is still the day before.
    const lines = (await house.file('inactive_products/inactive_products_03_09_26.csv')).trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines.some((line) => /,Two sizes,S,0\.5,active,inactive$/.test(line))).toBe(true);
    expect((await house.run('inactive-products')).changes).toEqual([]);
    expect((await house.file('inactive_products/inactive_products_03_09_26.csv')).trim().split('\r\n')).toHaveLength(4);
  });
});

describe('kits', () => {
  const part = (id: number, quantity: number) => ({ part: id, quantity });

  it('are there as often as their parts are, also where a part is a kit', () => {
    const kits = new Map([
      [10, [part(1, 2), part(11, 1)]],
      [11, [part(2, 0.5)]],
      [12, [part(12, 1)]],
      [13, []],
    ]);
    const stock = new Map([
      [1, 9],
      [2, 1.6],
    ]);
    const all = withKits(stock, kits);
    expect([10, 11, 12, 13, 1].map((id) => all.get(id))).toEqual([3, 3, 0, 0, 9]);
  });

  it('stay while their parts are there, and go with them', async () => {
    const rows: Rows = {
      ...SHELVES,
      'uom.uom': [
        { id: 1, name: 'Units', factor: 1 },
        { id: 2, name: 'Dozens', factor: 1 / 12 },
      ],
      'product.template': [
        template(1, 'In stock', { uom_id: 1 }),
        template(2, 'Set of two', { uom_id: 1 }),
        template(3, 'Set of a dozen', { uom_id: 1 }),
      ],
      'product.product': [variant(1, 1, 'IN'), variant(2, 2, 'SET'), variant(3, 3, 'DOZEN')],
      'stock.quant': [quant(1, 1, 5)],
      'product.supplierinfo': [],
      'mrp.bom': [2, 3].map((id) => ({
        id,
        type: 'phantom',
        product_tmpl_id: id,
        product_qty: 1,
        active: true,
        product_uom_id: 1,
      })),
      'mrp.bom.line': [
        {
          id: 1,
          bom_id: 2,
          product_id: 1,
          product_qty: 2,
          product_uom_id: 1,
          bom_product_template_attribute_value_ids: [],
        },
        {
          id: 2,
          bom_id: 3,
          product_id: 1,
          product_qty: 1,
          product_uom_id: 2,
          bom_product_template_attribute_value_ids: [],
        },
      ],
    };
    house = await openHouse({ data: shop(rows), automations: [inactiveProducts] });
    const { said } = await house.run('inactive-products');
    expect(said[0]).toBe('Set of a dozen: made inactive');
    expect(house.rows('product.template').map(({ active }) => active)).toEqual([true, true, false]);
  });
});

describe('brands', () => {
  it('come of the vendor before the patterns, and are tags where Odoo has no brands', async () => {
    house = await openHouse({
      data: shop(SHELVES),
      automations: [brands],
      settings: {
        brands: {
          vendors: { 'monrovia nurseries': 'Monrovia' },
          patterns: [{ pattern: 'proven\\s+winner', brand: 'Proven Winners' }],
        },
      },
    });
    const { said } = await house.run('brands');
    expect(said).toEqual([
      'Proven Winners: brand made',
      'Monrovia: brand made',
      'All reserved: brand Proven Winners',
      'Owed: brand Monrovia',
    ]);
    const names = new Map(house.rows('product.tag').map(({ id, name }) => [id, name]));
    const tags = (id: number) =>
      (house!.row('product.template', id).product_tag_ids as number[]).map((tag) => names.get(tag));
    expect(tags(2)).toEqual(['Proven Winners']);
    expect(tags(6)).toEqual(['Monrovia']);
    expect(tags(4)).toEqual(['Always online']);
    expect((await house.run('brands')).changes).toEqual([]);
  });
});

describe('stock buffers', () => {
  const rules = {
    default: 5,
    brands: { Monrovia: 2 },
    categories: {
      Pottery: [
        { above: 100, buffer: 0 },
        { above: 10, buffer: 3 },
        { above: 0, buffer: 8 },
      ],
    },
  };
  it.each([
    ['a brand, whatever the price', ['monrovia'], ['Pottery'], 500, 2],
    ['pottery above 100', [], ['Pottery'], 100.01, 0],
    ['pottery of just 100', [], ['Pottery'], 100, 3],
    ['pottery for 20', [], ['Glazed', 'pottery'], 20, 3],
    ['cheap pottery', [], ['Pottery'], 4, 8],
    ['anything else', ['Acme'], ['Tools'], 20, 5],
  ])('%s', (_name, brandNames, categories, price, buffer) => {
    expect(bufferOf({ brands: brandNames, categories, price }, rules)).toBe(buffer);
  });

  it('are kept for the web shop, and only changes are changes', async () => {
    house = await openHouse({ data: shop(SHELVES), automations: [stockBuffers], settings: { 'stock-buffers': rules } });
    await house.run('stock-buffers', { dryRun: true });
    const { said } = await house.run('stock-buffers');
    expect(said).toContain('Two sizes: buffer 0');
    expect(said).toContain('Owed: buffer 3');
    expect(said).toHaveLength(6);
    expect((await house.run('stock-buffers')).changes).toEqual([]);
  });
});

const till = (
  id: number,
  date_order: string,
  lines: [product: number, qty: number, amount: number][],
  partner: number | false = false,
) => ({
  order: {
    ...{ id, name: `Till/${id}`, date_order, state: 'done', company_id: 1, partner_id: partner },
    amount_total: lines.reduce((sum, [, , amount]) => sum + amount, 0),
  },
  lines: lines.map(([product_id, qty, price_subtotal], at) => ({
    ...{
      id: id * 10 + at,
      order_id: id,
      product_id,
      qty,
      price_subtotal,
      price_unit: 1,
      price_subtotal_incl: price_subtotal,
    },
  })),
});

describe('reports', () => {
  // In New York: yesterday is Saturday the 7th of March; 364 days before, the 8th of March 2025.
  const receipts = [
    till(1, '2026-03-07 20:00:00', [[1, 2, 30]]),
    till(2, '2026-03-08 04:30:00', [[7, 1, 70]]),
    till(3, '2026-03-08 15:00:00', [[1, 1, 999]]),
    till(4, '2025-03-08 20:00:00', [[1, 1, 50]]),
    till(5, '2026-03-04 20:00:00', [[1, 4, 60]]),
  ];
  const rows: Rows = {
    ...SHELVES,
    'pos.order': receipts.map(({ order }) => order),
    'pos.order.line': receipts.flatMap(({ lines }) => lines),
    'pos.payment.method': [
      { id: 1, name: 'Cash' },
      { id: 2, name: 'Card' },
    ],
    'pos.payment': [
      {
        id: 1,
        pos_order_id: 1,
        amount: 40,
        payment_method_id: 1,
        payment_date: '2026-03-07 20:00:00',
        is_change: false,
      },
      {
        id: 2,
        pos_order_id: 1,
        amount: -10,
        payment_method_id: 1,
        payment_date: '2026-03-07 20:00:00',
        is_change: true,
      },
      {
        id: 3,
        pos_order_id: 2,
        amount: 70,
        payment_method_id: 2,
        payment_date: '2026-03-08 04:30:00',
        card_type: 'Visa',
      },
      {
        id: 4,
        pos_order_id: 5,
        amount: 60,
        payment_method_id: 2,
        payment_date: '2026-03-04 20:00:00',
        card_type: 'Amex',
      },
      { id: 5, pos_order_id: 3, amount: 999, payment_method_id: 1, payment_date: '2026-03-08 15:00:00' },
    ],
  };
  const to = ['Boss <boss@garden.example>', 'owner@garden.example'];

  it('tell yesterday against the same day of the week last year, what sold best, and what is missing', async () => {
    house = await openHouse({
      data: shop(rows),
      automations: [administrativeReport],
      settings: { 'administrative-report': { to } },
      now: '2026-03-08T15:30:00Z',
    });
    await house.run('administrative-report');
    const mails = await house.mails();
    expect(mails.map(({ recipient }) => recipient)).toEqual(['boss@garden.example', 'owner@garden.example']);
    const { text, subject } = mails[0]!;
    expect(subject).toBe('Administrative report: Saturday, 2026-03-07');
    expect(text).toContain('Revenue yesterday: $100.00 (+100 % to last year)');
    expect(text).toContain('Orders: 2 (+100 % to last year)');
    expect(text).toContain('Average order: $50.00');
    expect(text).toContain('Last 14 days: $160.00');
    expect(text).not.toContain('999');
    const best = text.slice(text.indexOf('Sold best'), text.indexOf('Sells, and is out'));
    expect(best.indexOf('[IN] In stock')).toBeLessThan(best.indexOf('[OWED] Owed'));
    const missing = text.slice(text.indexOf('Sells, and is out'));
    expect(missing).toContain('[OWED] Owed');
    expect(missing).not.toContain('In stock');
    expect(String(mails[0]!.raw)).toContain('bgcolor');
  });

  it('tell accounting what was paid how, kinds of cards apart, of whole days only', async () => {
    house = await openHouse({
      data: shop(rows),
      automations: [revenueReport],
      settings: { 'revenue-report': { to: [to[1]!] } },
      now: '2026-03-08T22:00:00Z',
    });
    await house.run('revenue-report');
    const [mail] = await house.mails();
    const lines = mail!.text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
    expect(mail!.subject).toBe('Revenue report: 2026-03-01 to 2026-03-07');
    expect(lines).toContain('Revenue without tax: $160.00');
    expect(lines).toContain('Paid: $160.00');
    expect(lines).toContain('Cash 2 $30.00');
    expect(lines).toContain('Card (Visa) 1 $70.00');
    expect(lines).toContain('Card (Amex) 1 $60.00');
    expect(lines).toContain('Sat 2026-03-07 $0.00 $70.00 $30.00 $100.00');
  });
});
