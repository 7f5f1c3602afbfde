// A server that speaks BigCommerce's REST API (catalogue v3, coupons v2) over a small shop, on loopback, with its rate limit.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const STORE = 'abc123';
export const STORE_TOKEN = 'store-token-that-nobody-may-see';

export interface ShopProduct {
  id: number;
  name: string;
  sku: string;
  is_visible: boolean;
  is_featured: boolean;
  sort_order: number;
  total_sold: number;
  related_products: number[];
  custom_url: { url: string };
  primary_image: { url_standard: string } | null;
  variants: { sku: string }[];
}
export interface ShopCoupon {
  id: number;
  code: string;
  name: string;
  type: string;
  amount: string;
  min_purchase: string;
  expires: string;
  num_uses: number;
  max_uses: number;
  applies_to: unknown;
}

type Trouble = { on: string; when: 'before' | 'after'; status?: number; cut?: true; headers?: Record<string, string> };

export interface ShopServer {
  url: string;
  products: Map<number, ShopProduct>;
  coupons: Map<number, ShopCoupon>;
  requests: string[];
  /** Each fails the next request whose method and path begin so. */
  troubles: Trouble[];
  /** Requests that may be made until the window ends. */
  quota: { left: number; windowMs: number; refusals: number };
  product(changes: Partial<ShopProduct> & { sku: string; skus?: readonly string[] }): ShopProduct;
  coupon(changes: Partial<ShopCoupon>): ShopCoupon;
  close(): Promise<void>;
}

export async function startShop(): Promise<ShopServer> {
  let resetAt = 0;
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse) {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url!, shop.url);
    const path = url.pathname.replace(`/stores/${STORE}`, '');
    const asked = `${request.method} ${path}`;
    shop.requests.push(asked);
    const { quota } = shop;
    if (Date.now() >= resetAt) {
      resetAt = Date.now() + quota.windowMs;
      used = 0;
    }
    const limits = () => ({
      'x-rate-limit-requests-left': String(Math.max(0, quota.left - used)),
      'x-rate-limit-time-reset-ms': String(Math.max(1, resetAt - Date.now())),
      'x-rate-limit-requests-quota': String(quota.left),
      'x-rate-limit-time-window-ms': String(quota.windowMs),
    });
    const send = (status: number, json?: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...limits(), ...headers })
        .end(json === undefined ? undefined : JSON.stringify(json));
    if (used >= quota.left) {
      quota.refusals += 1;
      return send(429, { status: 429, title: 'Too many requests' });
    }
    used += 1;
    if (request.headers['x-auth-token'] !== STORE_TOKEN) return send(401, { status: 401, title: 'Unauthorized' });
    if (!url.pathname.startsWith(`/stores/${STORE}/`)) return send(404, { status: 404, title: 'no such store' });

    const at = shop.troubles.findIndex(({ on }) => asked.startsWith(on));
    const trouble = at >= 0 ? shop.troubles.splice(at, 1)[0] : undefined;
    const fail = () =>
      trouble!.cut ? request.socket.destroy() : send(trouble!.status ?? 500, { title: 'trouble' }, trouble!.headers);
    if (trouble?.when === 'before') return fail();
    const result = perform(request.method!, path, url.searchParams, text === '' ? undefined : JSON.parse(text));
    if (trouble) return fail();
    return send(result[0], result[1]);
  }
  let used = 0;

  function perform(method: string, path: string, query: URLSearchParams, body: unknown): [number, unknown?] {
    const limit = Math.min(250, Number(query.get('limit') ?? 50));
    if (method === 'GET' && path === '/v3/catalog/products') {
      const after = Number(query.get('id:greater') ?? 0);
      const found = [...shop.products.values()].filter(({ id }) => id > after).sort((a, b) => a.id - b.id);
      const fields = new Set([
        'id',
        ...(query.get('include') ?? '').split(','),
        ...(query.get('include_fields') ?? '').split(','),
      ]);
      const data = found
        .slice(0, limit)
        .map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => fields.has(name))));
      return [200, { data, meta: { pagination: { total: found.length } } }];
    }
    if (method === 'PUT' && path === '/v3/catalog/products') {
      const list = body as Partial<ShopProduct>[];
      if (list.length > 10) return [422, { status: 422, title: 'The batch size must be 10 or fewer.' }];
      const wrong = list.map((each) => [each.id, problemOf(each)] as const).filter(([, problem]) => problem);
      if (wrong.length > 0)
        return [422, { status: 422, title: 'JSON data is missing or invalid', errors: Object.fromEntries(wrong) }];
      return [200, { data: list.map(change), meta: {} }];
    }
    const product = /^\/v3\/catalog\/products\/(\d+)$/.exec(path);
    if (method === 'PUT' && product) {
      const values = { ...(body as object), id: Number(product[1]) };
      const problem = problemOf(values);
      if (problem === 'not found') return [404, { status: 404, title: 'A product was not found' }];
      return problem ? [422, { status: 422, title: problem }] : [200, { data: change(values) }];
    }
    if (method === 'GET' && path === '/v2/coupons') {
      const least = Number(query.get('min_id') ?? 1);
      const code = query.get('code');
      const found = [...shop.coupons.values()]
        .filter((each) => each.id >= least && (code === null || each.code === code))
        .slice(0, limit);
      return found.length > 0 ? [200, found] : [204];
    }
    if (method === 'POST' && path === '/v2/coupons') {
      const wanted = body as Partial<ShopCoupon>;
      if ([...shop.coupons.values()].some(({ code, name }) => code === wanted.code || name === wanted.name)) {
        return [409, [{ status: 409, message: 'The field code is already in use.' }]];
      }
      if (!wanted.applies_to)
        return [400, [{ status: 400, message: "The required field 'applies_to' was not supplied." }]];
      return [201, shop.coupon(wanted)];
    }
    const coupon = /^\/v2\/coupons\/(\d+)$/.exec(path);
    if (method === 'DELETE' && coupon) {
      return shop.coupons.delete(Number(coupon[1])) ? [204] : [404, [{ status: 404, message: 'not found' }]];
    }
    return [404, { status: 404, title: `no route ${method} ${path}` }];
  }

  function problemOf(values: Partial<ShopProduct>): string | null {
    if (!shop.products.has(values.id!)) return 'not found';
    const unknown = values.related_products?.find((id) => id !== -1 && !shop.products.has(id));
    return unknown === undefined ? null : `related_products: ${unknown} is no product`;
  }
  function change(values: Partial<ShopProduct>): ShopProduct {
    return Object.assign(shop.products.get(values.id!)!, values);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shop: ShopServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    products: new Map(),
    coupons: new Map(),
    requests: [],
    troubles: [],
    quota: { left: 1_000_000, windowMs: 200, refusals: 0 },
    product({ skus, ...changes }) {
      const id = changes.id ?? 100 + shop.products.size;
      const product: ShopProduct = {
        ...{ id, name: changes.sku as string, is_visible: true, is_featured: false, sort_order: 0, total_sold: 0 },
        ...{ related_products: [-1], custom_url: { url: `/p${id}/` }, primary_image: null },
        variants: (skus ?? [changes.sku]).map((sku) => ({ sku })),
        ...(changes as Partial<ShopProduct>),
        sku: changes.sku,
      };
      shop.products.set(id, product);
      return product;
    },
    coupon(changes) {
      const id = changes.id ?? 1 + Math.max(0, ...shop.coupons.keys());
      const coupon: ShopCoupon = {
        ...{
          code: `C${id}`,
          name: `Coupon ${id}`,
          type: 'per_total_discount',
          amount: '10.0000',
          min_purchase: '0.0000',
        },
        ...{ expires: '', num_uses: 0, max_uses: 0, applies_to: {}, ...changes, id },
      };
      shop.coupons.set(id, coupon);
      return coupon;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return shop;
}
