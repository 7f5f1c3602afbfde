// Always online, related items, expired coupons and mails about products that are back: the specification's rules, and what may go wrong.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alwaysOnline } from '../../src/automation/automations/always-online.ts';
import { backInStock } from '../../src/automation/automations/back-in-stock.ts';
import { expiredCoupons } from '../../src/automation/automations/expired-coupons.ts';
import { recommendedFor, relatedProducts } from '../../src/automation/automations/related-items.ts';
import { type ShopWorld, shopWorld } from './shop-world.ts';
import { Killed } from './world.ts';

let w: ShopWorld;
beforeEach(async () => {
  // Seven in the morning, 7 March 2026; the clocks go forward the next night.
  w = await shopWorld({ now: '2026-03-07T12:00:00Z' });
});
afterEach(() => w.shop.close());

describe('always online', () => {
  const tagged = () =>
    w.rows['product.template']!.filter((row) => ((row.product_tag_ids as number[]) ?? []).length > 0).map(
      (row) => row.name,
    );

  it('marks the best sellers since the beginning of last year', async () => {
    const [a, b, c, d] = ['A', 'B', 'C', 'D'].map((sku) => w.item(sku));
    w.sell(a!, '2025-01-01T00:00:00', 1, 100);
    w.sell(b!, '2026-03-07T06:00:00', 1, 50);
    w.sell(c!, '2025-06-01T00:00:00', 1, 10);
    w.sell(d!, '2024-12-31T23:59:59', 1, 9_000);
    await w.run(alwaysOnline, { top: 2 });
    expect(tagged()).toEqual(['A', 'B']);
    expect(w.rows['product.tag']).toMatchObject([{ name: 'Always online' }]);
    w.changes = [];
    await w.run(alwaysOnline, { top: 2 });
    expect(w.changes).toEqual([]);
    expect(w.rows['product.tag']).toHaveLength(1);
  });

  it('keeps other tags, and the mark of former best sellers unless it is told otherwise', async () => {
    const tag = w.add('product.tag', { name: 'Always online' });
    const other = w.add('product.tag', { name: 'Sale' });
    const [now, former] = [w.item('NOW'), w.item('FORMER')];
    for (const row of w.rows['product.template']!) row.product_tag_ids = row.name === 'NOW' ? [other] : [other, tag];
    w.sell(now, '2025-06-01T00:00:00', 1, 10);
    w.sell(former, '2020-06-01T00:00:00', 1, 10);
    const tags = () => w.rows['product.template']!.map((row) => row.product_tag_ids);
    await w.run(alwaysOnline);
    expect(tags()).toEqual([
      [other, tag],
      [other, tag],
    ]);
    await w.run(alwaysOnline, { removeFromOthers: true });
    expect(tags()).toEqual([[other, tag], [other]]);
  });

  it('marks with a field of the house where one is named', async () => {
    w.sell(w.item('A'), '2025-06-01T00:00:00', 1, 10);
    w.item('B');
    await w.run(alwaysOnline, { field: 'x_online' });
    expect(w.rows['product.template']!.map((row) => row.x_online ?? false)).toEqual([true, false]);
    await expect(w.run(alwaysOnline, { field: 'x_missing' })).rejects.toThrow('product.template');
  });

  it('counts variants together', async () => {
    const [small, large] = w.merged('Oak', ['OAK-S', 'OAK-L']);
    w.sell(small!, '2025-06-01T00:00:00', 1, 60);
    w.sell(large!, '2025-06-01T00:00:00', 1, 60);
    w.sell(w.item('ONE'), '2025-06-01T00:00:00', 1, 100);
    await w.run(alwaysOnline, { top: 1 });
    expect(tagged()).toEqual(['Oak']);
  });

  it('writes nothing in a dry run, no tag either', async () => {
    w.sell(w.item('A'), '2025-06-01T00:00:00', 1, 10);
    await w.run(alwaysOnline, {}, { dryRun: true });
    expect(w.descriptions()).toEqual(['Product tag Always online: created', 'A: marked as always online']);
    expect([w.rows['product.tag'], tagged()]).toEqual([undefined, []]);
  });
});

describe('related items', () => {
  const related = (sku: string) => w.store(sku).related_products.map((id) => w.shop.products.get(id)?.sku);
  let plants: number;
  let roses: number;
  beforeEach(() => {
    plants = w.add('product.category', { name: 'Plants', complete_name: 'All / Plants' });
    roses = w.add('product.category', { name: 'Roses', complete_name: 'All / Plants / Roses' });
  });

  it('are those recommended for the category, then what was popular in it at this time last year', async () => {
    const ids = ['R1', 'R2', 'R3', 'R4'].map((sku) => w.item(sku, { category: roses }));
    w.item('SOIL', { category: plants });
    w.item('HIDDEN', { category: plants, store: { is_visible: false } });
    w.sell(ids[1]!, '2025-03-20T10:00:00', 5, 1);
    w.sell(ids[2]!, '2025-03-20T10:00:00', 9, 1);
    w.sell(ids[3]!, '2026-03-01T10:00:00', 99, 1);
    const settings = { recommended: { 'All / Plants': ['SOIL', 'HIDDEN', 'NOWHERE'] } };
    await w.run(relatedProducts, settings);
    expect(related('R1')).toEqual(['SOIL', 'R3', 'R2']);
    expect(related('R3')).toEqual(['SOIL', 'R2']);
    // Not itself, and without any the shop's own choice stays.
    expect(w.store('SOIL').related_products).toEqual([-1]);
    expect(w.logs.join()).toContain('Recommended, but not in the shop: NOWHERE');
    await w.run(relatedProducts, { ...settings, period: 'last weeks', days: 14, popular: 1 });
    expect(related('R1')).toEqual(['SOIL', 'R4']);
  });

  it('keeps within its limits', async () => {
    const ids = Array.from({ length: 8 }, (_, n) => w.item(`R${n}`, { category: roses }));
    for (const id of ids) w.sell(id, '2025-03-20T10:00:00', 5, 1);
    await w.run(relatedProducts, { popular: 7, most: 3 });
    expect(related('R0')).toHaveLength(3);
  });

  it('takes the recommendations of the nearest category above', () => {
    const recommended = { 'All / Plants': ['a'], 'All / Plants / Roses': ['b'], All: ['c'] };
    expect(recommendedFor('All / Plants / Roses / Climbing', recommended)).toEqual(['b']);
    expect(recommendedFor('All / Plants / Trees', recommended)).toEqual(['a']);
    expect(recommendedFor('All / Pots', recommended)).toEqual(['c']);
    expect(recommendedFor('Other', recommended)).toEqual([]);
  });
});

describe('expired coupons', () => {
  beforeEach(() => {
    // In the shop it is half past eleven at night, in UTC the next day.
    w.clock = Date.parse('2026-03-08T04:30:00Z');
    w.shop.coupon({ id: 1, code: 'OLD', expires: 'Fri, 06 Mar 2026 12:00:00 +0000' });
    w.shop.coupon({ id: 2, code: 'TODAY', expires: 'Sat, 07 Mar 2026 12:00:00 +0000' });
    // Ends on the 7th in UTC, on the 6th in the shop's zone.
    w.shop.coupon({ id: 3, code: 'LATE', expires: 'Sat, 07 Mar 2026 04:59:59 +0000' });
    w.shop.coupon({ id: 4, code: 'EVER', expires: '' });
    w.shop.coupon({ id: 5, code: 'NEXT', expires: 'Mon, 01 Mar 2027 12:00:00 +0000' });
  });
  const codes = () => [...w.shop.coupons.values()].map(({ code }) => code);

  it('are deleted when their last day is over where the shop is, and listed', async () => {
    await w.run(expiredCoupons);
    expect(codes()).toEqual(['TODAY', 'EVER', 'NEXT']);
    const file = w.files.get('coupons/deleted_coupons.csv')!;
    expect(file.rows.map((row) => [row[0], row[2], row[7]])).toEqual([
      ['2026-03-07', 'OLD', '2026-03-06T12:00:00.000Z'],
      ['2026-03-07', 'LATE', '2026-03-07T04:59:59.000Z'],
    ]);
  });

  it.each(['before', 'after'] as const)('are listed once although it died %s deleting', async (when) => {
    w.kill = { key: /coupon\/1/, when };
    await expect(w.run(expiredCoupons)).rejects.toThrow(Killed);
    w.kill = null;
    await w.run(expiredCoupons, {}, { sameRun: true });
    expect(codes()).toEqual(['TODAY', 'EVER', 'NEXT']);
    expect(w.files.get('coupons/deleted_coupons.csv')!.rows).toHaveLength(2);
  });

  it('stay in a dry run', async () => {
    await w.run(expiredCoupons, {}, { dryRun: true });
    expect(codes()).toHaveLength(5);
    expect(w.descriptions()).toContain('Coupon OLD: deleted; expired 2026-03-06');
  });
});

describe('back in stock', () => {
  const ask = (id: number, product: string, name = 'Ann') =>
    w.stockRequests.push({ id, email: `ann${id}@example.com`, name, product, requestedAt: new Date(w.clock) });

  it('tells who waits, with the picture and a coupon of his own, once', async () => {
    w.item('POT', { stock: 1, store: { name: 'Pot <large>' } });
    w.store('POT').primary_image = { url_standard: 'https://cdn.example.com/pot.jpg' };
    w.rows['product.template']![0]!.description_sale = 'Fired clay & glaze';
    ask(1, 'POT');
    ask(2, ' pot', '');
    await w.run(backInStock, { shop: 'The Nursery' });
    expect(w.mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['ann1@example.com', 'Pot <large> is back in stock'],
      ['ann2@example.com', 'Pot <large> is back in stock'],
    ]);
    const [mail, other] = w.mails;
    const [coupon, second] = [...w.shop.coupons.values()];
    expect(mail!.html).toContain('<strong>Pot &lt;large&gt;</strong>');
    expect(mail!.html).toContain('Fired clay &amp; glaze');
    expect(mail!.html).toMatch(/src="https:(\/|&#x2F;){2}cdn\.example\.com/);
    expect(mail!.text).toContain('Hello Ann,');
    expect(other!.text).toContain('Hello,');
    expect(mail!.text).toContain('$10 off when you spend $100 or more');
    expect(mail!.text).toContain('It can be used until March 10, 2026.');
    expect(mail!.text).toContain(`https://shop.example.com/p${w.store('POT').id}/`);
    expect(mail!.text).toContain(coupon!.code);
    expect(other!.text).toContain(second!.code);
    expect(coupon!.code).toMatch(/^BACK-[A-Z2-9]{8}$/);
    expect(coupon).toMatchObject({
      ...{ amount: '10.00', min_purchase: '100.00', max_uses: 1 },
      applies_to: { entity: 'products', ids: [w.store('POT').id] },
      // The last second of 10 March, in the night of which the clocks have gone forward: UTC-4.
      expires: 'Wed, 11 Mar 2026 03:59:59 +0000',
    });
    expect(w.files.get('coupons/created_coupon_log.csv')!.rows.map((row) => row[5])).toEqual([
      ...['ann1@example.com', 'ann2@example.com'],
    ]);
    expect(w.served).toEqual([1, 2]);
    await w.run(backInStock);
    expect([w.mails.length, w.shop.coupons.size]).toEqual([2, 2]);
    expect([...w.state('back-in-stock').keys()]).toEqual([]);
  });

  it('leaves those waiting whose product is not there, is reserved, or is not known', async () => {
    w.item('OUT', { stock: 0 });
    ask(1, 'OUT');
    ask(2, 'UNKNOWN');
    await w.run(backInStock);
    expect([w.mails.length, w.shop.coupons.size, w.served.length]).toEqual([0, 0, 0]);
    expect(w.logs.join()).toContain('Request 2 is for UNKNOWN');
    w.rows['stock.quant']![0]!.quantity = 9;
    await w.run(backInStock);
    expect(w.served).toEqual([1]);
  });

  it.each([
    [/^coupon\//, 'before'],
    [/^coupon\//, 'after'],
    [/^file\/note/, 'before'],
    [/^file\/note/, 'after'],
    [/^mail\//, 'before'],
    [/^mail\//, 'after'],
  ] as const)('makes one coupon and sends one mail when it dies at %s, %s', async (key, when) => {
    w.item('POT');
    ask(1, 'POT');
    w.kill = { key, when };
    await expect(w.run(backInStock)).rejects.toThrow(Killed);
    w.kill = null;
    // What was taken by the outbox and not noted down is known there by its key.
    const mails = w.mails.length;
    await w.run(backInStock, {}, { sameRun: true });
    expect(w.shop.coupons.size).toBe(1);
    expect(w.mails.length - mails).toBe(1);
    expect(w.mails.at(-1)!.text).toContain([...w.shop.coupons.values()][0]!.code);
    expect(w.served).toEqual([1]);
  });

  it('tells nobody without the coupon that he is promised', async () => {
    w.item('POT');
    ask(1, 'POT');
    w.shop.troubles.push({ on: 'POST', when: 'before', status: 403 });
    await w.run(backInStock);
    expect([w.mails.length, w.served.length]).toEqual([0, 0]);
    expect(w.errors().join()).toContain('coupon for POT');
    await w.run(backInStock);
    expect([w.mails.length, w.shop.coupons.size, w.served.length]).toEqual([1, 1, 1]);
  });

  it('makes another coupon when the first has ended before it could be told', async () => {
    w.item('POT');
    ask(1, 'POT');
    w.kill = { key: /^mail\//, when: 'before' };
    await expect(w.run(backInStock)).rejects.toThrow(Killed);
    w.kill = null;
    w.clock += 5 * 86_400_000;
    await w.run(backInStock);
    expect(w.mails[0]!.text).toContain('March 15, 2026');
    expect(w.shop.coupons.size).toBe(2);
  });

  it('takes other words and values, and says which names there are', async () => {
    w.item('POT');
    ask(1, 'POT');
    await w.run(backInStock, { couponDays: 5, couponFor: 'order', subject: '{{shop}}: {{product}}', shop: 'Us' });
    expect(w.mails[0]!.subject).toBe('Us: POT');
    expect([...w.shop.coupons.values()][0]!.applies_to).toEqual({ entity: 'categories', ids: [0] });
    const wrong = backInStock.settings.safeParse({ subject: '{{produkt}}' });
    expect(wrong.error?.issues[0]?.message).toMatch(/names \{\{produkt\}\}, but there are \{\{name\}\}/);
    expect(backInStock.settings.safeParse({ html: '{{#code}}' }).error?.issues[0]?.message).toMatch(/cannot be read/);
  });

  it('makes no coupon where none is wanted, and nothing in a dry run', async () => {
    w.item('POT');
    ask(1, 'POT');
    await w.run(backInStock, {}, { dryRun: true });
    expect(w.descriptions()).toEqual([
      'ann1@example.com: coupon for POT',
      'coupons/created_coupon_log.csv: added to',
      'ann1@example.com: mail "POT is back in stock"',
    ]);
    expect([w.mails.length, w.shop.coupons.size, w.served.length]).toEqual([0, 0, 0]);
    await w.run(backInStock, { couponAmount: 0 });
    expect([w.mails.length, w.shop.coupons.size, w.served.length]).toEqual([1, 0, 1]);
    expect(w.mails[0]!.text).not.toContain('coupon');
  });
});
