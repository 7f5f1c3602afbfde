// The warehouse that orders by mail are delivered from, and where its stock lies. Asked once an hour; it changes nothing.
import { PlanbridgeError } from '../../errors.ts';
import { link, number } from '../../mapping/records.ts';
import type { Connected } from './desk.ts';

export interface ShippingWarehouse {
  id: number;
  /** What lies here or below can be sent to customers. */
  stockLocation: number | null;
}

const REMEMBERED_MS = 3_600_000;

/**
 * As Odoo chooses it for the user's own sales orders: the user's default warehouse (a setting of Odoo's users), else the first one
 * of the company.
 */
export function shippingWarehouse(
  connect: () => Promise<Connected>,
  now: () => number,
): () => Promise<ShippingWarehouse | null> {
  let known: { warehouse: ShippingWarehouse | null; until: number } | null = null;
  return async () => {
    if (known && known.until > now()) return known.warehouse;
    const connected = await connect();
    const own = await ofUser(connected);
    const rows = await connected.writer.read({
      model: 'stock.warehouse',
      domain: [['company_id', '=', connected.company.id]],
      fields: ['sequence', 'active', 'lot_stock_id'],
    });
    const first = rows
      .filter(({ active }) => active !== false)
      .toSorted(
        (a, b) =>
          Number(b.id === own) - Number(a.id === own) || number(a, 'sequence') - number(b, 'sequence') || a.id - b.id,
      )[0];
    const warehouse = first ? { id: first.id, stockLocation: link(first, 'lot_stock_id') ?? null } : null;
    known = { warehouse, until: now() + REMEMBERED_MS };
    return warehouse;
  };
}

/** Without the sales of stock nobody has one. */
async function ofUser({ writer }: Connected): Promise<number | undefined> {
  try {
    const [row] = await writer.read({
      model: 'res.users',
      domain: [['id', '=', writer.user.id]],
      fields: ['property_warehouse_id'],
    });
    return link(row, 'property_warehouse_id');
  } catch (error) {
    if (error instanceof PlanbridgeError && (error.code === 'PB_ODOO_FAULT' || error.code === 'PB_ODOO_ACCESS'))
      return undefined;
    throw error;
  }
}
