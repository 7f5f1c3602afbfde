// 14: the best sellers of this time last year that are in stock are featured in the shop, and nothing else is.
import { z } from 'zod';
import { automation } from '../automation.ts';
import { sameDaysLastYear } from '../calendar.ts';
import { best, type SoldByProduct, soldIn, sumOf } from '../ranking.ts';
import { availableStock, rounded } from '../stock.ts';
import { changeStore, type StoreUpdate } from '../storefront/change.ts';
import { type Matches, readMatches, type ShopItem } from '../storefront/match.ts';

const settings = z.object({
  top: z.int().min(1).max(1_000).default(15).describe('How many best sellers are looked at'),
  days: z.int().min(1).max(366).default(45).describe('Days from a year ago on that count as this time last year'),
  by: z.enum(['revenue', 'quantity']).default('revenue').describe('What makes a best seller'),
  fillUp: z
    .boolean()
    .default(false)
    .describe('Take the next best sellers in place of those that are out of stock, until there are enough'),
});

/** Pure. @param available by product.product */
export function featuredItems(
  items: readonly ShopItem[],
  sold: SoldByProduct,
  available: ReadonlyMap<number, number>,
  { top, by, fillUp }: Pick<z.output<typeof settings>, 'top' | 'by' | 'fillUp'>,
): Set<number> {
  const ranked = best(items, ({ products }) => sumOf(sold, products)[by]);
  const inStock = ({ matched }: ShopItem) => matched.some((id) => rounded(available.get(id) ?? 0) > 0);
  const chosen = fillUp ? ranked.filter(inStock).slice(0, top) : ranked.slice(0, top).filter(inStock);
  return new Set(chosen.map(({ store }) => store.id));
}

/** Of everything in the shop, products that Odoo does not know too: they cannot be best sellers. */
function updatesOf({ items, unknown }: Matches, featured: ReadonlySet<number>): StoreUpdate[] {
  return [...items.map(({ store }) => store), ...unknown].map((product) => ({
    product,
    description: featured.has(product.id) ? 'featured' : 'no longer featured',
    values: { featured: featured.has(product.id) },
  }));
}

export const featuredProducts = automation({
  name: 'featured-products',
  title: 'Featured products',
  seed: '14',
  description:
    'Features the best sellers of this time last year that are in stock on the home page of the shop, and takes the flag from all others.',
  schedule: 'daily at 02:30',
  missed: 'once',
  needs: ['odoo', 'storefront'],
  settings,
  async run(context) {
    const { odoo, zone, today, signal, settings: wanted, count, log } = context;
    const matches = await readMatches(context);
    const sold = await soldIn(odoo, sameDaysLastYear(today(), wanted.days, zone), signal);
    const available = await availableStock(odoo);
    const featured = featuredItems(matches.items, sold, available, wanted);
    if (featured.size === 0) {
      // A shop without any is likelier a mistake than a wish: nothing was sold, or the year before is not in Odoo.
      log('warn', 'No best seller of this time last year is in stock; the featured products stay as they are.');
      return;
    }
    count('featured', featured.size);
    await changeStore(context, updatesOf(matches, featured));
  },
});
