// 13: the shop lists products by what they brought in the same days last year; what has just come in stands near the top.
import { z } from 'zod';
import { link } from '../../mapping/records.ts';
import { formatStamp } from '../../mapping/time.ts';
import { type AutomationOdoo, automation } from '../automation.ts';
import { sameDaysLastYear } from '../calendar.ts';
import { dayAfter, startOfDay } from '../days.ts';
import { best, type SoldByProduct, soldIn, sumOf } from '../ranking.ts';
import { availableStock, rounded } from '../stock.ts';
import { changeStore } from '../storefront/change.ts';
import { readMatches, type ShopItem } from '../storefront/match.ts';

const settings = z.object({
  days: z.int().min(1).max(366).default(45).describe('Days from a year ago on whose revenue counts'),
  newDays: z
    .int()
    .min(0)
    .max(366)
    .default(7)
    .describe('Days for which received products count as newly in stock; 0 = none do'),
  newPosition: z
    .int()
    .min(0)
    .max(10_000)
    .default(8)
    .describe('Newly received products stand so many places behind the top one'),
});

/**
 * Sort orders by product of the shop: the best of 820 gets -820, the next -819, and so on; what has sold nothing comes last, as it
 * stood before. New ones all get the best one plus `newPosition`, unless they stand further in front by themselves. Pure.
 * @param fresh product.product ids that have just come in
 */
export function sortOrders(
  items: readonly ShopItem[],
  sold: SoldByProduct,
  fresh: ReadonlySet<number>,
  newPosition: number,
): Map<number, number> {
  const selling = best(items, ({ products }) => sumOf(sold, products).revenue);
  const ranked = new Set(selling);
  const rest = items
    .filter((item) => !ranked.has(item))
    .toSorted((a, b) => a.store.sortOrder - b.store.sortOrder || a.store.id - b.store.id);
  const first = -items.length;
  return new Map(
    [...selling, ...rest].map(({ store, matched }, at) => {
      const own = first + at;
      const isNew = matched.some((id) => fresh.has(id));
      return [store.id, isNew ? Math.min(own, first + newPosition) : own];
    }),
  );
}

/** Products that came from suppliers since that time and are there. */
async function newlyReceived(odoo: AutomationOdoo, since: number): Promise<Set<number>> {
  await odoo.require('stock.move', ['product_id', 'state', 'date', 'location_id'], 'Inventory');
  const moves = await odoo.rows({
    model: 'stock.move',
    fields: ['product_id'],
    domain: [
      ['state', '=', 'done'],
      ['date', '>=', formatStamp(since).replace('T', ' ')],
      ['location_id.usage', '=', 'supplier'],
      ['location_dest_id.usage', 'in', ['internal', 'transit']],
    ],
  });
  const available = await availableStock(odoo);
  const received = moves.map((row) => link(row, 'product_id')).filter((id) => id !== undefined);
  return new Set(received.filter((id) => rounded(available.get(id) ?? 0) > 0));
}

export const sortOrder = automation({
  name: 'sort-order',
  title: 'Sort order of the shop',
  seed: '13',
  description:
    'Sorts the products of the shop by their revenue in the same days last year, best first; newly received ones come shortly behind the top.',
  schedule: 'daily at 02:00',
  missed: 'once',
  needs: ['odoo', 'storefront'],
  settings,
  async run(context) {
    const { odoo, zone, today, signal, settings: wanted, count } = context;
    const { items } = await readMatches(context);
    const sold = await soldIn(odoo, sameDaysLastYear(today(), wanted.days, zone), signal);
    const since = startOfDay(zone, dayAfter(today(), -wanted.newDays));
    const fresh = wanted.newDays > 0 ? await newlyReceived(odoo, since) : new Set<number>();
    const orders = sortOrders(items, sold, fresh, wanted.newPosition);
    count('sorted', orders.size);
    count('newly received', items.filter(({ matched }) => matched.some((id) => fresh.has(id))).length);
    await changeStore(
      context,
      items.map(({ store }) => {
        const order = orders.get(store.id) ?? store.sortOrder;
        return { product: store, description: `sort order ${order}`, values: { sortOrder: order } };
      }),
    );
  },
});
