// What open mail orders hold of the stock: promised to a customer, and not yet reserved in Odoo at the time when stock was read.
import type { Query } from '../../store/database.ts';

/** One decision about stock at a time, over all processes. */
const STOCK_LOCK = 'select pg_advisory_xact_lock(7214010)';

export async function lockStock(query: Query): Promise<void> {
  await query(STOCK_LOCK);
}

/**
 * By product, in its own unit.
 * @param readAt when Odoo was asked for the stock that this is taken from
 */
export async function heldAt(query: Query, products: readonly number[], readAt: Date): Promise<Map<number, number>> {
  if (products.length === 0) return new Map();
  const rows = await query<{ product: number; held: number }>(
    `select product, sum(quantity) as held from planbridge.mail_hold
     where product = any($1) and (visible_at is null or visible_at >= $2) group by product`,
    [products, readAt],
  );
  return new Map(rows.map(({ product, held }) => [product, Number(held)]));
}
