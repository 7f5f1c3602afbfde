// Which product of Odoo is which product of the shop: by SKU, Odoo's internal reference. Pure but for the reading.
import { flag, link, type OdooRow, text } from '../../mapping/records.ts';
import type { AutomationContext, AutomationOdoo } from '../automation.ts';
import type { Storefront, StoreProduct } from './storefront.ts';

export interface ShopItem {
  store: StoreProduct;
  /** product.product ids whose figures are this shop product's: the variants of a merged item are summed into their parent. */
  products: readonly number[];
  /** The products whose SKUs the shop has. */
  matched: readonly number[];
}

export interface Matches {
  items: readonly ShopItem[];
  /** Products of the shop that Odoo does not have. */
  unknown: readonly StoreProduct[];
  /** SKUs that several products of Odoo have: nobody can say which is meant. */
  doubtful: readonly string[];
  /** product.product → product of the shop. */
  storeOf: ReadonlyMap<number, StoreProduct>;
}

/** @param rows product.product with default_code, product_tmpl_id and active, archived ones too */
export function matchProducts(store: readonly StoreProduct[], rows: readonly OdooRow[]): Matches {
  const bySku = new Map<string, OdooRow[]>();
  const byTemplate = new Map<number, number[]>();
  for (const row of rows) {
    const sku = text(row, 'default_code').trim();
    if (sku !== '') bySku.set(sku, [...(bySku.get(sku) ?? []), row]);
    const template = link(row, 'product_tmpl_id');
    if (template !== undefined) byTemplate.set(template, [...(byTemplate.get(template) ?? []), row.id]);
  }
  const items: ShopItem[] = [];
  const unknown: StoreProduct[] = [];
  const doubtful = new Set<string>();
  const storeOf = new Map<number, StoreProduct>();
  for (const product of store) {
    const matched: OdooRow[] = [];
    for (const sku of product.skus) {
      const all = bySku.get(sku) ?? [];
      const active = all.filter((row) => flag(row, 'active'));
      // An archived product whose reference was given to its successor counts no more.
      const found = active.length > 0 ? active : all;
      if (found.length > 1) doubtful.add(sku);
      else if (found[0] && !matched.includes(found[0])) matched.push(found[0]);
    }
    if (matched.length === 0) {
      unknown.push(product);
      continue;
    }
    const ids = new Set(matched.map(({ id }) => id));
    const templates = matched.map((row) => link(row, 'product_tmpl_id'));
    for (const template of templates) {
      // Two variants of one template: the shop has the merged item, with those that are archived or not online.
      const merged = template !== undefined && templates.filter((other) => other === template).length > 1;
      if (merged) for (const id of byTemplate.get(template) ?? []) ids.add(id);
    }
    items.push({ store: product, products: [...ids], matched: matched.map(({ id }) => id) });
    for (const id of ids) storeOf.set(id, product);
  }
  return { items, unknown, doubtful: [...doubtful], storeOf };
}

export async function readProducts(odoo: AutomationOdoo): Promise<OdooRow[]> {
  return await odoo.rows({ model: 'product.product', fields: ['default_code', 'product_tmpl_id', 'active'] });
}

async function readStore(storefront: Storefront, signal: AbortSignal): Promise<StoreProduct[]> {
  const products: StoreProduct[] = [];
  for await (const page of storefront.products(signal)) products.push(...page);
  return products;
}

/** Reads both sides, and says what does not fit. */
export async function readMatches({ odoo, storefront, signal, log, count }: AutomationContext): Promise<Matches> {
  const matches = matchProducts(await readStore(storefront, signal), await readProducts(odoo));
  count('shop products', matches.items.length + matches.unknown.length);
  if (matches.unknown.length > 0) {
    log('warn', `${matches.unknown.length} products of the shop are not in Odoo: ${some(matches.unknown.map(nameOf))}`);
  }
  if (matches.doubtful.length > 0) {
    log('warn', `SKUs that several products of Odoo have, left out: ${some(matches.doubtful)}`);
  }
  return matches;
}

const nameOf = ({ name, skus }: StoreProduct) => `${name} (${skus[0] ?? 'without SKU'})`;

function some(list: readonly string[]): string {
  return list.length > 20 ? `${list.slice(0, 20).join(', ')} and ${list.length - 20} more` : list.join(', ');
}
