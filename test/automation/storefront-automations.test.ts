// Total sold, sort order and featured products: the specification's rules on a shop and an Odoo, whatever is in the way.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { featuredProducts } from '../../src/automation/automations/featured-products.ts';
import { sortOrder } from '../../src/automation/automations/sort-order.ts';
import { totalSold } from '../../src/automation/automations/total-sold.ts';
import { matchProducts } from '../../src/automation/storefront/match.ts';
import { type ShopWorld, SUPPLIER, shopWorld } from './shop-world.ts';
import { Killed } from './world.ts';

let w: ShopWorld;
beforeEach(async () => {
  // Seven in the morning, 7 March 2026.
  w = await shopWorld({ now: '2026-03-07T12:00:00Z' });
});
afterEach(() => w.shop.close());

describe('total sold', () => {
  it('sums all sales there have been, of orders and of the point of sale, less what came back', async () => {
    const pot = w.item('POT');
    w.sell(pot, '2019-01-01T10:00:00', 3, 30);
    w.sell(pot, '2026-03-06T10:00:00', 2, 20, { state: 'done' });
    w.sell(pot, '2026-03-06T11:00:00', 5, 50, { pos: true });
    w.sell(pot, '2026-03-06T12:00:00', -1, -10, { pos: true });
    w.sell(pot, '2026-03-06T12:00:00', 100, 9, { state: 'draft' });
    w.sell(pot, '2026-03-06T12:00:00', 100, 9, { state: 'cancel' });
    w.sell(pot, '2026-03-06T12:00:00', 100, 9, { state: 'cancel', pos: true });
    await w.run(totalSold);
    expect(w.store('POT').total_sold).toBe(9);
  });

  it('sums variants into their parent, those that are not online or archived too', async () => {
    const [small, large] = w.merged('Oak', ['OAK-S', 'OAK-L']);
    const template = w.rows['product.product']!.find((row) => row.id === small)!.product_tmpl_id;
    const former = w.add('product.product', { default_code: 'OAK-XL', product_tmpl_id: template, active: false });
    w.sell(small!, '2025-05-01T10:00:00', 4, 40);
    w.sell(large!, '2025-05-01T10:00:00', 6, 60);
    w.sell(former, '2020-05-01T10:00:00', 1, 10);
    await w.run(totalSold);
    expect(w.store('OAK-S').total_sold).toBe(11);
  });

  it('counts in the unit of the product, and an order that is paid at the till once', async () => {
    const group = w.add('uom.category', { name: 'Unit' });
    const [piece, dozen] = [1, 1 / 12].map((factor) => w.add('uom.uom', { name: 'u', category_id: group, factor }));
    const egg = w.item('EGG');
    w.rows['product.template']!.at(-1)!.uom_id = piece;
    w.sell(egg, '2025-05-01T10:00:00', 2, 20);
    w.rows['sale.order.line']!.at(-1)!.product_uom = dozen;
    w.sell(egg, '2025-05-01T11:00:00', 24, 20, { pos: true });
    w.rows['pos.order.line']!.at(-1)!.sale_order_line_id = w.rows['sale.order.line']!.at(-1)!.id;
    w.sell(egg, '2025-05-01T12:00:00', 1, 1, { pos: true });
    await w.run(totalSold);
    expect(w.store('EGG').total_sold).toBe(25);
  });

  it('keeps variants apart that the shop sells as products of their own', async () => {
    const template = w.add('product.template', { name: 'Soil' });
    const bags = ['SOIL-1', 'SOIL-2'].map((sku) => {
      w.shop.product({ sku });
      return w.add('product.product', { default_code: sku, product_tmpl_id: template });
    });
    w.sell(bags[0]!, '2025-05-01T10:00:00', 4, 40);
    w.sell(bags[1]!, '2025-05-01T10:00:00', 7, 70);
    await w.run(totalSold);
    expect([w.store('SOIL-1').total_sold, w.store('SOIL-2').total_sold]).toEqual([4, 7]);
  });

  it('changes only what differs, ten at a time, and says what it changed', async () => {
    for (let n = 0; n < 25; n++) w.sell(w.item(`P${n}`), '2025-05-01T10:00:00', n, n);
    await w.run(totalSold);
    expect(w.descriptions()).toContain('P7 (P7): sold 7');
    expect(w.changes).toHaveLength(24);
    expect(w.changes.find(({ subject }) => subject === 'P7 (P7)')).toMatchObject({
      ...{ before: { totalSold: 0 }, after: { totalSold: 7 } },
    });
    expect(w.shop.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(3);
    w.shop.requests.length = 0;
    await w.run(totalSold);
    expect(w.changes).toEqual([]);
    expect(w.shop.requests.filter((request) => request.startsWith('PUT'))).toEqual([]);
  });

  it('changes nothing in a dry run, and says what it would', async () => {
    w.sell(w.item('POT'), '2025-05-01T10:00:00', 3, 3);
    await w.run(totalSold, {}, { dryRun: true });
    expect(w.descriptions()).toEqual(['POT (POT): sold 3']);
    expect(w.store('POT').total_sold).toBe(0);
  });

  it.each(['before', 'after'] as const)('goes on where it died %s a change', async (when) => {
    for (let n = 1; n <= 25; n++) w.sell(w.item(`P${n}`), '2025-05-01T10:00:00', n, n);
    w.kill = { key: /product\/115\//, when };
    await expect(w.run(totalSold)).rejects.toThrow(Killed);
    w.kill = null;
    await w.run(totalSold, {}, { sameRun: true });
    expect([...w.shop.products.values()].map((each) => each.total_sold)).toEqual(
      Array.from({ length: 25 }, (_, n) => n + 1),
    );
  });

  it('leaves one that the shop refuses out, with its reason, and goes on', async () => {
    for (let n = 1; n <= 12; n++) w.sell(w.item(`P${n}`), '2025-05-01T10:00:00', n, n);
    const gone = w.store('P3');
    w.shop.troubles.push({ on: 'PUT /v3/catalog/products', when: 'before', status: 422 });
    w.shop.troubles.push({ on: `PUT /v3/catalog/products/${gone.id}`, when: 'before', status: 409 });
    await w.run(totalSold);
    expect(w.errors()).toEqual([expect.stringMatching(/P3 \(P3\): sold 3: .*\(409\)/)]);
    expect(w.store('P4').total_sold).toBe(4);
    expect(w.store('P12').total_sold).toBe(12);
  });

  it('ends, to be tried again, when the shop is away', async () => {
    w.sell(w.item('POT'), '2025-05-01T10:00:00', 3, 3);
    for (let n = 0; n < 2; n++) w.shop.troubles.push({ on: 'PUT', when: 'before', status: 503 });
    await expect(w.run(totalSold)).rejects.toMatchObject({ code: 'PB_AUTOMATION_UNREACHABLE' });
  });

  it('says which products it cannot match', async () => {
    w.shop.product({ sku: 'STRANGE', name: 'Strange' });
    w.item('TWICE');
    w.add('product.product', { default_code: 'TWICE', product_tmpl_id: w.add('product.template', {}) });
    await w.run(totalSold);
    expect(w.logs.join('\n')).toMatch(/not in Odoo: Strange \(STRANGE\), TWICE.*\n.*left out: TWICE/);
  });
});

describe('matching by SKU', () => {
  const store = {
    id: 1,
    name: 'Pot',
    visible: true,
    featured: false,
    sortOrder: 0,
    totalSold: 0,
    related: [],
    path: null,
    image: null,
  };
  it('takes the successor of an archived product', () => {
    const rows = [
      { id: 1, default_code: 'POT', product_tmpl_id: 1, active: false },
      { id: 2, default_code: ' POT ', product_tmpl_id: 2, active: true },
    ];
    expect(matchProducts([{ ...store, skus: ['POT'] }], rows).items[0]!.matched).toEqual([2]);
  });
});

describe('sort order', () => {
  it('puts the best sellers of the same 45 days last year first', async () => {
    const [rose, soil, pot] = ['ROSE', 'SOIL', 'POT', 'HAT'].map((sku) => w.item(sku));
    w.sell(soil!, '2025-03-07T00:00:00', 1, 500);
    w.sell(rose!, '2025-04-20T23:59:59', 90, 900);
    // The day before, the day after, and this year.
    w.sell(pot!, '2025-03-06T23:59:59', 1, 9_000);
    w.sell(pot!, '2025-04-21T00:00:00', 1, 9_000);
    w.sell(pot!, '2026-03-06T10:00:00', 1, 9_000);
    await w.run(sortOrder);
    expect(['ROSE', 'SOIL', 'POT', 'HAT'].map((sku) => w.store(sku).sort_order)).toEqual([-4, -3, -2, -1]);
  });

  it('compares revenue in the currency of the company', async () => {
    const [here, there] = [w.item('HERE'), w.item('THERE')];
    w.sell(here, '2025-03-10T10:00:00', 1, 100);
    w.sell(there, '2025-03-10T10:00:00', 1, 150);
    w.rows['sale.order']!.at(-1)!.currency_rate = 2;
    await w.run(sortOrder);
    expect([w.store('HERE').sort_order, w.store('THERE').sort_order]).toEqual([-2, -1]);
  });

  it('counts the revenue of a merged product as a whole', async () => {
    const single = w.item('ONE');
    const [small, large] = w.merged('Oak', ['OAK-S', 'OAK-L']);
    w.sell(single, '2025-03-10T10:00:00', 1, 100);
    w.sell(small!, '2025-03-10T10:00:00', 1, 60);
    w.sell(large!, '2025-03-10T10:00:00', 1, 60, { pos: true });
    await w.run(sortOrder);
    expect([w.store('OAK-S').sort_order, w.store('ONE').sort_order]).toEqual([-2, -1]);
  });

  it('puts what has just come in at the top plus 8, if it is there and no better by itself', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => w.item(`P${n}`, { stock: n === 18 ? 0 : 5 }));
    for (const [n, id] of ids.slice(0, 15).entries()) w.sell(id, '2025-03-10T10:00:00', 1, 1_000 - n);
    const receive = (id: number, local: string, state = 'done') =>
      w.add('stock.move', {
        ...{ product_id: id, state, date: w.at(local), location_id: SUPPLIER, location_dest_id: 8 },
      });
    receive(ids[3]!, '2026-03-06T09:00:00');
    receive(ids[16]!, '2026-03-05T09:00:00');
    receive(ids[17]!, '2026-02-20T09:00:00');
    receive(ids[18]!, '2026-03-05T09:00:00');
    receive(ids[19]!, '2026-03-05T09:00:00', 'assigned');
    await w.run(sortOrder);
    const orders = Object.fromEntries([0, 3, 16, 17, 18, 19].map((n) => [n, w.store(`P${n}`).sort_order]));
    expect(orders).toEqual({ 0: -20, 3: -17, 16: -12, 17: -3, 18: -2, 19: -1 });
    await w.run(sortOrder, { newPosition: 4 });
    expect(w.store('P16').sort_order).toBe(-16);
  });

  it('looks at the same days also when there is a 29 February', async () => {
    w.clock = Date.parse('2028-02-29T12:00:00Z');
    const [a, b] = [w.item('A'), w.item('B')];
    w.sell(a, '2027-02-27T23:00:00', 1, 100);
    w.sell(b, '2027-02-28T01:00:00', 1, 10);
    await w.run(sortOrder);
    expect([w.store('B').sort_order, w.store('A').sort_order]).toEqual([-2, -1]);
  });
});

describe('featured products', () => {
  it('are the top 15 of this time last year that are in stock; all others lose the flag', async () => {
    const ids = Array.from({ length: 20 }, (_, n) =>
      w.item(`P${String(n).padStart(2, '0')}`, { stock: n === 2 ? 0 : 5 }),
    );
    for (const [n, id] of ids.entries()) w.sell(id, '2025-03-20T10:00:00', 1, 1_000 - n);
    w.store('P19').is_featured = true;
    w.shop.product({ sku: 'GONE', is_featured: true });
    await w.run(featuredProducts);
    const featured = [...w.shop.products.values()].filter((each) => each.is_featured).map(({ sku }) => sku);
    expect(featured).toEqual(
      ['00', '01', ...Array.from({ length: 12 }, (_, n) => String(n + 3).padStart(2, '0'))].map((n) => `P${n}`),
    );
    expect(w.descriptions()).toContain('P19 (P19): no longer featured');
    expect(w.descriptions()).toContain('GONE (GONE): no longer featured');
    await w.run(featuredProducts, { fillUp: true });
    expect(w.store('P15').is_featured).toBe(true);
    expect([...w.shop.products.values()].filter((each) => each.is_featured)).toHaveLength(15);
  });

  it('stay when there is nothing to go by', async () => {
    w.item('A', { store: { is_featured: true } });
    await w.run(featuredProducts);
    expect(w.store('A').is_featured).toBe(true);
    expect(w.logs.at(-1)).toContain('stay as they are');
  });

  it('count what can be sold, not what is reserved', async () => {
    const id = w.item('A', { stock: 0 });
    w.sell(id, '2025-03-20T10:00:00', 1, 1_000);
    w.sell(w.item('B', { stock: 1 }), '2025-03-20T10:00:00', 1, 10);
    await w.run(featuredProducts);
    expect([w.store('A').is_featured, w.store('B').is_featured]).toEqual([false, true]);
  });
});
