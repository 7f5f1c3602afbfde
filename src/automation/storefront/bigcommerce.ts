// BigCommerce as the web shop: catalogue by its REST API v3, ten products a request, and coupons by v2.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { EngineDefinition } from '../engines/engines.ts';
import { refused } from '../engines/http.ts';
import { asRefused, bigCommerceHttp, StoreRefusal } from './bigcommerce-http.ts';
import type { Coupon, NewCoupon, ProductChange, Storefront, StoreProduct } from './storefront.ts';

export const BIGCOMMERCE_SETTINGS = z.object({
  store: z
    .string()
    .regex(/^[a-z0-9]+$/i, 'is no hash of a store: the part of the API path behind stores/')
    .describe('Hash of the store, out of its API path'),
  token: z.string().min(1).describe('Access token; name a variable of the environment here'),
  url: z.url().default('https://api.bigcommerce.com').describe('Address of the API'),
  address: z.url().nullable().default(null).describe('Address of the shop for customers'),
  timeoutSeconds: z.number().positive().max(600).default(60).describe('Longest wait for an answer'),
  retries: z.number().int().min(0).max(20).default(5).describe('How often a request is repeated'),
  pauseSeconds: z.number().min(0).max(600).default(1).describe('First pause before it is repeated; it doubles'),
  longestPauseSeconds: z.number().min(0).max(3_600).default(120).describe('Longest pause'),
  reserve: z.number().int().min(0).default(10).describe('Requests of the quota that are left to others'),
});
export type BigCommerceSettings = z.output<typeof BIGCOMMERCE_SETTINGS>;

const Product = z.looseObject({
  id: z.int(),
  name: z.string(),
  sku: z.string().nullish(),
  is_visible: z.boolean(),
  is_featured: z.boolean(),
  sort_order: z.int(),
  total_sold: z.number(),
  related_products: z.array(z.int()).nullish(),
  custom_url: z.looseObject({ url: z.string() }).nullish(),
  primary_image: z.looseObject({ url_standard: z.string().nullish() }).nullish(),
  variants: z.array(z.looseObject({ sku: z.string().nullish() })).nullish(),
});
const Products = z.looseObject({ data: z.array(z.looseObject({ id: z.int() })) });

const CouponRow = z.looseObject({
  id: z.int(),
  code: z.string(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  amount: z.coerce.string().nullish(),
  min_purchase: z.coerce.string().nullish(),
  expires: z.string().nullish(),
  num_uses: z.coerce.number().nullish(),
});

/** Largest pages; with variants included too. */
const PAGE = 250;
/** "Batches are limited to 10 products." */
const BATCH = 10;
const FIELDS = 'name,sku,is_visible,is_featured,sort_order,total_sold,related_products,custom_url';
/** The shop's way to say that it chooses itself. */
const CHOOSES = -1;
const LARGEST = 2_147_483_647;

/** @param now milliseconds since 1970 */
export function bigCommerce(settings: BigCommerceSettings, now: () => number): Storefront {
  const ask = bigCommerceHttp({
    base: `${settings.url.replace(/\/+$/, '')}/stores/${settings.store}`,
    token: settings.token,
    timeoutMs: settings.timeoutSeconds * 1_000,
    retries: settings.retries,
    pauseMs: settings.pauseSeconds * 1_000,
    longestPauseMs: settings.longestPauseSeconds * 1_000,
    reserve: settings.reserve,
    now,
  });

  async function read<T>(path: string, shape: z.ZodType<T>, signal?: AbortSignal): Promise<T | undefined> {
    const { json } = await ask({ method: 'GET', path, repeatable: true, signal }).catch((error: unknown) => {
      throw asRefused(error, path.replace(/\?.*/, ''));
    });
    if (json === undefined) return undefined;
    const result = shape.safeParse(json);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw refused(
      'BigCommerce',
      `its answer is not understood: ${path.replace(/\?.*/, '')} ${issue?.path.join('.')} ${issue?.message}`,
      'Check url and store of the engine storefront in the settings file.',
    );
  }

  const put = (path: string, body: unknown, signal?: AbortSignal) =>
    ask({ method: 'PUT', path, body, repeatable: true, signal });

  async function one(change: ProductChange, signal?: AbortSignal): Promise<string | null> {
    const { id: _, ...values } = bodyOf(change);
    try {
      await put(`/v3/catalog/products/${change.id}`, values, signal);
      return null;
    } catch (error) {
      if (error instanceof StoreRefusal) return error.message;
      throw error;
    }
  }

  async function findCoupon(code: string, signal?: AbortSignal): Promise<Coupon | null> {
    const query = new URLSearchParams({ code });
    const found = (await read(`/v2/coupons?${query}`, z.array(CouponRow), signal)) ?? [];
    const row = found.find((each) => each.code === code);
    return row ? couponOf(row) : null;
  }

  return {
    address: settings.address?.replace(/\/+$/, '') ?? null,
    batch: BATCH,
    async *products(signal) {
      // By id, so that products that are made or removed meanwhile shift nothing.
      for (let after = 0; ; ) {
        const query = new URLSearchParams({
          ...{ include: 'variants,primary_image', include_fields: FIELDS, limit: String(PAGE) },
          ...{ sort: 'id', direction: 'asc', 'id:greater': String(after) },
        });
        const page = await read(`/v3/catalog/products?${query}`, z.looseObject({ data: z.array(Product) }), signal);
        const found = page?.data ?? [];
        if (found.length > 0) yield found.map(productOf);
        const last = found.at(-1)?.id ?? 0;
        if (found.length < PAGE || last <= after) return;
        after = last;
      }
    },
    async update(changes, signal) {
      const outcome = new Map<number, string | null>();
      for (let at = 0; at < changes.length; at += BATCH) {
        const batch = changes.slice(at, at + BATCH);
        try {
          const { json } = await put('/v3/catalog/products', batch.map(bodyOf), signal);
          const done = Products.safeParse(json);
          const ids = new Set(done.success ? done.data.data.map(({ id }) => id) : []);
          for (const change of batch) {
            // Those that the answer does not name may have been left out.
            outcome.set(change.id, ids.has(change.id) ? null : await one(change, signal));
          }
        } catch (error) {
          if (!(error instanceof StoreRefusal)) throw error;
          // One of them is wrong, and the shop has taken none: one by one.
          for (const change of batch) outcome.set(change.id, await one(change, signal));
        }
      }
      return outcome;
    },
    async *coupons(signal) {
      for (let least = 1; ; ) {
        const query = new URLSearchParams({ min_id: String(least), limit: String(PAGE) });
        const rows = ((await read(`/v2/coupons?${query}`, z.array(CouponRow), signal)) ?? []).filter(
          ({ id }) => id >= least,
        );
        if (rows.length === 0) return;
        yield rows.map(couponOf);
        least = Math.max(...rows.map(({ id }) => id)) + 1;
      }
    },
    findCoupon,
    async createCoupon(coupon, signal) {
      // Nobody may have two of one code: when nobody knows whether it was made, it is there or it can be made.
      for (let tries = 0; ; tries++) {
        try {
          const { json } = await ask({
            ...{ method: 'POST', path: '/v2/coupons', body: couponBody(coupon), repeatable: false, signal },
          });
          const made = CouponRow.safeParse(json);
          if (made.success) return couponOf(made.data);
          const found = await findCoupon(coupon.code, signal);
          if (found) return found;
          throw refused('BigCommerce', `the coupon ${coupon.code} was not made`, 'Look into its list of coupons.');
        } catch (error) {
          const open = !(error instanceof StoreRefusal) && (error as { code?: unknown }).code === UNREACHABLE;
          const taken = error instanceof StoreRefusal && (error.status === 409 || error.status === 400);
          if (!open && !taken) throw asRefused(error, `the coupon ${coupon.code}`);
          const found = await findCoupon(coupon.code, signal);
          if (found) return found;
          if (taken || tries >= settings.retries) throw asRefused(error, `the coupon ${coupon.code}`);
          await sleep(settings.pauseSeconds * 1_000, undefined, signal ? { signal } : {});
        }
      }
    },
    async deleteCoupon(id, signal) {
      await ask({ method: 'DELETE', path: `/v2/coupons/${id}`, repeatable: true, signal }).catch((error: unknown) => {
        if (!(error instanceof StoreRefusal && error.status === 404)) throw asRefused(error, `to delete coupon ${id}`);
      });
    },
  };
}

const UNREACHABLE = 'PB_AUTOMATION_UNREACHABLE';

function productOf(row: z.output<typeof Product>): StoreProduct {
  const skus = [row.sku, ...(row.variants ?? []).map(({ sku }) => sku)]
    .map((sku) => sku?.trim() ?? '')
    .filter((sku) => sku !== '');
  return {
    id: row.id,
    name: row.name,
    skus: [...new Set(skus)],
    visible: row.is_visible,
    featured: row.is_featured,
    sortOrder: row.sort_order,
    totalSold: row.total_sold,
    related: (row.related_products ?? []).filter((id) => id > 0),
    path: row.custom_url?.url ?? null,
    image: row.primary_image?.url_standard || null,
  };
}

function bodyOf({ id, visible, featured, sortOrder, totalSold, related }: ProductChange) {
  return {
    id,
    ...(visible === undefined ? {} : { is_visible: visible }),
    ...(featured === undefined ? {} : { is_featured: featured }),
    ...(sortOrder === undefined ? {} : { sort_order: Math.max(-LARGEST, Math.min(LARGEST, Math.round(sortOrder))) }),
    ...(totalSold === undefined ? {} : { total_sold: Math.max(0, Math.round(totalSold)) }),
    ...(related === undefined ? {} : { related_products: related.length > 0 ? related : [CHOOSES] }),
  };
}

function couponOf(row: z.output<typeof CouponRow>): Coupon {
  const expiresAt = row.expires ? Date.parse(row.expires) : Number.NaN;
  return {
    id: row.id,
    code: row.code,
    name: row.name ?? '',
    kind: row.type ?? '',
    amount: row.amount ?? '',
    minimum: row.min_purchase ?? '',
    expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
    uses: row.num_uses ?? 0,
  };
}

/** The whole shop: category 0. */
const EVERYTHING = { entity: 'categories', ids: [0] };

function couponBody({ code, name, amount, minimum, expiresAt, uses, products }: NewCoupon) {
  return {
    ...{ code, name, type: 'per_total_discount', amount: amount.toFixed(2), min_purchase: minimum.toFixed(2) },
    // RFC 2822 with an offset, which `GMT` is not everywhere.
    expires: new Date(expiresAt).toUTCString().replace('GMT', '+0000'),
    ...{
      enabled: true,
      max_uses: uses,
      applies_to: products.length > 0 ? { entity: 'products', ids: products } : EVERYTHING,
    },
  };
}

export const storefrontEngine: EngineDefinition<typeof BIGCOMMERCE_SETTINGS, Storefront> = {
  settings: BIGCOMMERCE_SETTINGS,
  open: async (settings, { now }) => ({ engine: bigCommerce(settings, now), close: async () => {} }),
};
