// BigCommerce: everything is read, changes arrive once however the answers are, limits are kept, and refusals name the product.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BIGCOMMERCE_SETTINGS, bigCommerce } from '../../src/automation/storefront/bigcommerce.ts';
import type { PlanbridgeError } from '../../src/errors.ts';
import { type ShopServer, STORE, STORE_TOKEN, startShop } from './bigcommerce-server.ts';

let shop: ShopServer;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const store = (changes: Record<string, unknown> = {}) =>
  bigCommerce(
    BIGCOMMERCE_SETTINGS.parse({
      ...{ store: STORE, token: STORE_TOKEN, url: shop.url, reserve: 0 },
      ...{ timeoutSeconds: 2, pauseSeconds: 0.01, longestPauseSeconds: 1, ...changes },
    }),
    Date.now,
  );
async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const list: T[] = [];
  for await (const page of pages) list.push(...page);
  return list;
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it was taken')),
    (error: unknown) => error as PlanbridgeError,
  );

describe('products', () => {
  it('are all read, with the SKUs of their variants', async () => {
    for (let n = 1; n <= 601; n++) shop.product({ id: n * 3, sku: `SKU-${n}` });
    shop.product({
      id: 5_000,
      sku: '',
      skus: [' POT-S ', 'POT-L', ''],
      name: 'Pot',
      total_sold: 7,
      is_featured: true,
    }).primary_image = {
      url_standard: 'https://cdn.example.com/pot.jpg',
    };
    const products = await all(store().products());
    expect(products).toHaveLength(602);
    expect(new Set(products.map(({ id }) => id)).size).toBe(602);
    expect(products.at(-1)).toEqual({
      ...{
        id: 5_000,
        name: 'Pot',
        skus: ['POT-S', 'POT-L'],
        visible: true,
        featured: true,
        sortOrder: 0,
        totalSold: 7,
      },
      ...{ related: [], path: '/p5000/', image: 'https://cdn.example.com/pot.jpg' },
    });
    expect(shop.requests).toHaveLength(3);
  });

  it('none are none', async () => {
    expect(await all(store().products())).toEqual([]);
  });

  it('are changed ten at a time, and only in what is said', async () => {
    for (let n = 1; n <= 23; n++) shop.product({ id: n, sku: `SKU-${n}`, total_sold: 5 });
    const changes = [...shop.products.keys()].map((id) => ({ id, sortOrder: -id, related: id === 1 ? [2, 3] : [] }));
    const outcome = await store().update(changes);
    expect([...outcome.values()].every((each) => each === null)).toBe(true);
    expect(shop.requests).toEqual(Array(3).fill('PUT /v3/catalog/products'));
    expect(shop.products.get(23)).toMatchObject({ sort_order: -23, total_sold: 5, related_products: [-1] });
    expect(shop.products.get(1)!.related_products).toEqual([2, 3]);
  });

  it('of which one is wrong do not keep the others', async () => {
    for (let n = 1; n <= 12; n++) shop.product({ id: n, sku: `SKU-${n}` });
    const changes = [...shop.products.keys()].map((id) => ({ id, related: [id === 4 ? 999 : 1] }));
    shop.products.delete(7);
    const outcome = await store().update(changes);
    expect([...outcome].filter(([, said]) => said !== null)).toEqual([
      [4, expect.stringContaining('999 is no product (422)')],
      [7, expect.stringContaining('not found (404)')],
    ]);
    expect([...shop.products.values()].filter((each) => each.related_products[0] === 1)).toHaveLength(10);
  });

  it.each([
    ['a failed gateway', { status: 502 }],
    ['a cut connection', { cut: true as const }],
  ])('are changed although there was %s', async (_, trouble) => {
    shop.product({ id: 1, sku: 'A' });
    shop.troubles.push({ on: 'PUT', when: 'before', ...trouble }, { on: 'GET', when: 'before', ...trouble });
    await store().update([{ id: 1, featured: true }]);
    expect(await all(store().products())).toMatchObject([{ featured: true }]);
  });
});

describe('limits', () => {
  it('are kept: it waits before the quota is used up', async () => {
    for (let n = 1; n <= 60; n++) shop.product({ id: n, sku: `SKU-${n}` });
    shop.quota = { left: 3, windowMs: 200, refusals: 0 };
    await store({ reserve: 1 }).update([...shop.products.keys()].map((id) => ({ id, sortOrder: id })));
    expect(shop.products.get(60)!.sort_order).toBe(60);
    expect(shop.quota.refusals).toBe(0);
  });

  it('that others have used up are waited for', async () => {
    shop.product({ id: 1, sku: 'A' });
    shop.quota = { left: 1, windowMs: 300, refusals: 0 };
    await store({ reserve: -0 }).update([{ id: 1, sortOrder: 1 }]);
    await store().update([{ id: 1, sortOrder: 2 }]);
    expect(shop.quota.refusals).toBeGreaterThan(0);
    expect(shop.products.get(1)!.sort_order).toBe(2);
  });

  it('that last too long put the run off', async () => {
    shop.troubles.push({ on: 'GET', when: 'before', status: 429, headers: { 'x-rate-limit-time-reset-ms': '30000' } });
    expect(await failure(all(store().products()))).toMatchObject({
      ...{ code: 'PB_AUTOMATION_UNREACHABLE', retryAfterSeconds: 30 },
    });
  });
});

describe('coupons', () => {
  const NEW = { code: 'BACK-1', name: 'Back 1', amount: 10, minimum: 100, products: [], uses: 1 };
  const expiresAt = Date.UTC(2026, 2, 5, 23, 59, 59);

  it('are all read, and when they end', async () => {
    for (let n = 1; n <= 270; n++) shop.coupon({ id: n * 2 });
    shop.coupon({ id: 900, expires: 'Tue, 13 Mar 2018 16:18:59 -0500', code: 'X' });
    const coupons = await all(store().coupons());
    expect(coupons).toHaveLength(271);
    expect(coupons[0]!.expiresAt).toBeNull();
    expect(coupons.at(-1)).toMatchObject({ code: 'X', expiresAt: Date.UTC(2018, 2, 13, 21, 18, 59) });
  });

  it('are made as they are wanted', async () => {
    const made = await store().createCoupon({ ...NEW, expiresAt, products: [7] });
    expect(shop.coupons.get(made.id)).toMatchObject({
      ...{ code: 'BACK-1', type: 'per_total_discount', amount: '10.00', min_purchase: '100.00', max_uses: 1 },
      ...{ expires: 'Thu, 05 Mar 2026 23:59:59 +0000', applies_to: { entity: 'products', ids: [7] } },
    });
    expect(made).toMatchObject({ code: 'BACK-1', expiresAt });
  });

  it.each([
    { on: 'POST', when: 'after', status: 500 },
    { on: 'POST', when: 'after', cut: true },
    { on: 'POST', when: 'before', status: 503 },
    { on: 'POST', when: 'before', cut: true },
    { on: 'POST', when: 'before', status: 429 },
  ] as const)('are made once when the answer is $status, $when', async (trouble) => {
    shop.troubles.push(trouble);
    const made = await store().createCoupon({ ...NEW, expiresAt });
    expect([...shop.coupons.keys()]).toEqual([made.id]);
  });

  it('that are there already are answered', async () => {
    const first = await store().createCoupon({ ...NEW, expiresAt });
    expect((await store().createCoupon({ ...NEW, expiresAt })).id).toBe(first.id);
    // Another one of the same name.
    const error = await failure(store().createCoupon({ ...NEW, code: 'BACK-2', expiresAt }));
    expect(error).toMatchObject({ code: 'PB_AUTOMATION_REFUSED', message: expect.stringContaining('already in use') });
  });

  it('are deleted, also when they are gone', async () => {
    shop.coupon({ id: 1 });
    shop.troubles.push({ on: 'DELETE', when: 'after', status: 500 });
    await store().deleteCoupon(1);
    await store().deleteCoupon(1);
    expect(shop.coupons.size).toBe(0);
    expect(await all(store().coupons())).toEqual([]);
  });
});

it('says who may not, and where, without the token', async () => {
  const denied = await failure(all(store({ token: 'wrong-token' }).products()));
  expect(denied).toMatchObject({ code: 'PB_AUTOMATION_REFUSED', remedy: expect.stringContaining('token') });
  expect(JSON.stringify([denied.message, denied.remedy])).not.toContain('wrong-token');
  const elsewhere = await failure(all(store({ store: 'other' }).products()));
  expect(elsewhere.code).toBe('PB_AUTOMATION_REFUSED');
  const away = await failure(all(store({ url: 'http://127.0.0.1:9', retries: 1 }).products()));
  expect(away.code).toBe('PB_AUTOMATION_UNREACHABLE');
});
