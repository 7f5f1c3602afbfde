// 11: beside a product the shop shows what we recommend for its category, then what was popular in that category at this time of year.
import { z } from 'zod';
import { link, text } from '../../mapping/records.ts';
import { type AutomationOdoo, automation } from '../automation.ts';
import { sameDaysLastYear, wholeDays } from '../calendar.ts';
import { dayAfter } from '../days.ts';
import { best, type SoldByProduct, soldIn, sumOf } from '../ranking.ts';
import { changeStore } from '../storefront/change.ts';
import { readMatches, type ShopItem } from '../storefront/match.ts';

const settings = z.object({
  recommended: z
    .record(z.string().min(1), z.array(z.string().min(1)))
    .default({})
    .describe(
      'SKUs that are recommended, by the whole name of a product category in Odoo, `All / Plants`; its children too',
    ),
  popular: z.int().min(0).max(50).default(5).describe('How many popular products of the category are added'),
  period: z
    .enum(['last year', 'last weeks'])
    .default('last year')
    .describe('Popular in the same days last year, or in the days up to today'),
  days: z.int().min(1).max(366).default(45).describe('Days of the period; 14 for the last two weeks'),
  most: z.int().min(1).max(100).default(10).describe('Most related products of one'),
});

/** product.category: id → whole name. */
export type Categories = ReadonlyMap<number, string>;

/** The recommendations of the category, else of the nearest one above it. */
export function recommendedFor(
  category: string,
  recommended: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  for (let name = category; ; name = name.slice(0, name.lastIndexOf(' / '))) {
    const found = recommended[name];
    if (found) return found;
    if (!name.includes(' / ')) return [];
  }
}

export interface RelatedRules {
  recommended: Readonly<Record<string, readonly string[]>>;
  popular: number;
  most: number;
}

/**
 * Ids of the shop that are shown beside each product; products without any are left out, so that the shop's own choice stays. Pure.
 * @param categoryOf whole name of the category by product.product
 */
export function relatedItems(
  items: readonly ShopItem[],
  categoryOf: (product: number) => string,
  sold: SoldByProduct,
  { recommended, popular, most }: RelatedRules,
): Map<number, number[]> {
  const bySku = new Map(items.flatMap(({ store }) => store.skus.map((sku) => [sku, store] as const)));
  const category = (item: ShopItem) => categoryOf(item.matched[0] ?? 0);
  const groups = Map.groupBy(
    items.filter(({ store }) => store.visible),
    category,
  );
  const favourites = new Map(
    [...groups].map(([name, members]) => [name, best(members, ({ products }) => sumOf(sold, products).quantity)]),
  );
  const related = new Map<number, number[]>();
  for (const item of items) {
    const name = category(item);
    const named = recommendedFor(name, recommended).flatMap((sku) => {
      const store = bySku.get(sku.trim());
      return store?.visible ? [store.id] : [];
    });
    const others = (favourites.get(name) ?? []).filter(
      ({ store }) => store.id !== item.store.id && !named.includes(store.id),
    );
    const ids = [...named, ...others.slice(0, popular).map(({ store }) => store.id)];
    const list = [...new Set(ids)].filter((id) => id !== item.store.id).slice(0, most);
    if (list.length > 0) related.set(item.store.id, list);
  }
  return related;
}

async function readCategories(odoo: AutomationOdoo): Promise<(product: number) => string> {
  const named = await odoo.has('product.category', ['complete_name']);
  const categories = await odoo.rows({ model: 'product.category', fields: ['name', 'complete_name'] });
  const names: Categories = new Map(categories.map((row) => [row.id, text(row, named ? 'complete_name' : 'name')]));
  const templates = await odoo.rows({ model: 'product.template', fields: ['categ_id'] });
  const ofTemplate = new Map(templates.map((row) => [row.id, names.get(link(row, 'categ_id') ?? 0) ?? '']));
  const products = await odoo.rows({ model: 'product.product', fields: ['product_tmpl_id'] });
  const ofProduct = new Map(products.map((row) => [row.id, ofTemplate.get(link(row, 'product_tmpl_id') ?? 0) ?? '']));
  return (product) => ofProduct.get(product) ?? '';
}

export const relatedProducts = automation({
  name: 'related-items',
  title: 'Related items',
  seed: '11',
  description:
    'Shows beside each product of the shop what is recommended for its category, and what was popular in that category at this time last year.',
  schedule: 'daily at 01:30',
  missed: 'once',
  needs: ['odoo', 'storefront'],
  settings,
  async run(context) {
    const { odoo, zone, today, signal, settings: wanted, count, log } = context;
    const { items } = await readMatches(context);
    const known = new Set(items.flatMap(({ store }) => store.skus));
    const missing = new Set(
      Object.values(wanted.recommended)
        .flat()
        .filter((sku) => !known.has(sku.trim())),
    );
    if (missing.size > 0) log('warn', `Recommended, but not in the shop: ${[...missing].join(', ')}`);
    const days =
      wanted.period === 'last year'
        ? sameDaysLastYear(today(), wanted.days, zone)
        : wholeDays(dayAfter(today(), -wanted.days), wanted.days, zone);
    const sold = await soldIn(odoo, days, signal);
    const related = relatedItems(items, await readCategories(odoo), sold, wanted);
    count('with related items', related.size);
    await changeStore(
      context,
      items.flatMap(({ store }) => {
        const list = related.get(store.id);
        return list ? [{ product: store, description: `${list.length} related items`, values: { related: list } }] : [];
      }),
    );
  },
});
