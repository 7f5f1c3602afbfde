// A shop at BigCommerce and the Odoo behind it, for the automations that are about both.
import { BIGCOMMERCE_SETTINGS, bigCommerce } from '../../src/automation/storefront/bigcommerce.ts';
import { type ShopServer, STORE, STORE_TOKEN, startShop } from './bigcommerce-server.ts';
import { type World, type WorldOptions, world } from './world.ts';

export interface ShopWorld extends World {
  shop: ShopServer;
  /** A product of Odoo that the shop has, with some in stock. @returns product.product */
  item(
    sku: string,
    options?: { stock?: number; shop?: false; category?: number; store?: Record<string, unknown> },
  ): number;
  /** A merged product: one template, one product of the shop. @returns product.product ids */
  merged(name: string, skus: readonly string[], options?: { stock?: number }): number[];
  sell(
    product: number,
    local: string,
    quantity: number,
    revenue: number,
    options?: { state?: string; pos?: true },
  ): void;
  /** Of the shop, by SKU. */
  store(sku: string): ReturnType<ShopServer['product']>;
}

const INTERNAL = 8;
export const SUPPLIER = 4;

export async function shopWorld(options: WorldOptions): Promise<ShopWorld> {
  const shop = await startShop();
  const settings = BIGCOMMERCE_SETTINGS.parse({
    ...{ store: STORE, token: STORE_TOKEN, url: shop.url, address: 'https://shop.example.com/', pauseSeconds: 0.01 },
    ...{ retries: 1, timeoutSeconds: 2 },
  });
  const w = world(options);
  w.engines = { ...w.engines, storefront: bigCommerce(settings, () => w.clock) };
  w.add('stock.location', { id: INTERNAL, name: 'Stock', usage: 'internal' });
  w.add('stock.location', { id: SUPPLIER, name: 'Vendors', usage: 'supplier' });

  function product(template: number, sku: string, stock: number): number {
    const id = w.add('product.product', { default_code: sku, product_tmpl_id: template, name: sku });
    w.add('stock.quant', { product_id: id, location_id: INTERNAL, quantity: stock + 2, reserved_quantity: 2 });
    return id;
  }
  return Object.assign(w, {
    shop,
    item(sku: string, { stock = 10, shop: online, category, store = {} }: Parameters<ShopWorld['item']>[1] = {}) {
      const template = w.add('product.template', { name: sku, ...(category ? { categ_id: category } : {}) });
      if (online !== false) shop.product({ sku, ...store });
      return product(template, sku, stock);
    },
    merged(name: string, skus: readonly string[], { stock = 10 }: { stock?: number } = {}) {
      const template = w.add('product.template', { name });
      shop.product({ sku: '', name, skus });
      return skus.map((sku) => product(template, sku, stock));
    },
    sell(id: number, local: string, quantity: number, revenue: number, how: { state?: string; pos?: true } = {}) {
      const model = how.pos ? 'pos.order' : 'sale.order';
      const order = w.add(model, {
        state: how.state ?? (how.pos ? 'paid' : 'sale'),
        date_order: w.at(local),
        name: 'S',
      });
      const line = { order_id: order, product_id: id, price_subtotal: revenue };
      w.add(`${model}.line`, { ...line, ...(how.pos ? { qty: quantity } : { product_uom_qty: quantity }) });
    },
    store: (sku: string) => {
      const found = [...shop.products.values()].find((each) => each.variants.some((variant) => variant.sku === sku));
      if (!found) throw new Error(`the shop has no ${sku}`);
      return found;
    },
  }) as ShopWorld;
}
