// Which products have brought most: sums of what was sold in a stretch of time, and who stands in front. The sums are read, the
// ranking is pure.
import type { AutomationOdoo } from './automation.ts';
import { requireSales, type Stretch, soldLines } from './sales.ts';

export interface Sold {
  quantity: number;
  revenue: number;
}

/** By product.product. */
export type SoldByProduct = ReadonlyMap<number, Sold>;

export async function soldIn(odoo: AutomationOdoo, stretch: Stretch, signal: AbortSignal): Promise<SoldByProduct> {
  await requireSales(odoo);
  const sold = new Map<number, Sold>();
  for await (const page of soldLines(odoo, stretch)) {
    signal.throwIfAborted();
    for (const { product, quantity, revenue } of page) {
      const sum = sold.get(product) ?? { quantity: 0, revenue: 0 };
      sold.set(product, { quantity: sum.quantity + quantity, revenue: sum.revenue + revenue });
    }
  }
  return sold;
}

/** Sum over products, without the noise of binary fractions. */
export function sumOf(sold: SoldByProduct, products: readonly number[]): Sold {
  let [quantity, revenue] = [0, 0];
  for (const id of products) {
    quantity += sold.get(id)?.quantity ?? 0;
    revenue += sold.get(id)?.revenue ?? 0;
  }
  return { quantity: Math.round(quantity * 1e6) / 1e6, revenue: Math.round(revenue * 100) / 100 };
}

/** Most first; equal ones keep the order they have. What has sold nothing (or was taken back) is no best seller: it is left out. */
export function best<T>(list: readonly T[], by: (one: T) => number): T[] {
  return list.filter((one) => by(one) > 0).toSorted((a, b) => by(b) - by(a));
}
