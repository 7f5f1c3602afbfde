// Quants -> stock on hand by item and warehouse, or by lot when shelf life counts (connector.md 2.18, C1).
import type { Buffer, Operationplan } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { flag, link, number, type OdooRow, text } from './records.ts';
import { clean } from './units.ts';

interface Shelf {
  product: number;
  warehouse: number;
  lot: number | undefined;
  quantity: number;
  row: OdooRow;
}

/** Adds up quants as they are read, page by page. */
export interface StockCount {
  add(quants: readonly OdooRow[]): void;
  /** Stock that is reserved for a move inside its own warehouse stays available (see stockmoves in moves.ts). */
  giveBack(product: number, warehouse: number, quantity: number): void;
  buffers(): Generator<Buffer>;
  /** By lot: records of stock with their expiry. */
  lots(lots: ReadonlyMap<number, OdooRow>): Generator<Operationplan>;
}

export function countStock(context: MappingContext): StockCount {
  const shelves = new Map<string, Shelf>();
  const locations = context.table('stock.location');
  const respected = context.settingsOf(context.company).respectReservations;

  const shelf = (product: number, warehouse: number, lot: number | undefined, row: OdooRow) => {
    const key = `${product}/${warehouse}/${lot ?? ''}`;
    let found = shelves.get(key);
    if (!found) {
      found = { product, warehouse, lot, quantity: 0, row };
      shelves.set(key, found);
    }
    return found;
  };

  return {
    add(quants) {
      for (const row of quants) {
        const location = locations.get(link(row, 'location_id') ?? 0);
        const warehouse = context.locations.warehouseOf(location?.id);
        const product = link(row, 'product_id');
        const quantity = number(row, 'quantity');
        if (
          !(quantity > 0) ||
          product === undefined ||
          flag(location, 'scrap_location') ||
          flag(location, 'return_location')
        )
          continue;
        if (!context.items.of(product)) {
          context.report.skip(
            'stock',
            text(row, 'display_name') || `product ${product}`,
            context.items.reasonWithout(product),
          );
          continue;
        }
        if (warehouse === undefined) {
          context.report.skip(
            'stock',
            `product ${product} in location ${location?.id}`,
            'the location belongs to no exported warehouse',
          );
          continue;
        }
        const lot = context.shelfLife ? link(row, 'lot_id') : undefined;
        shelf(product, warehouse, lot, row).quantity += quantity - (respected ? number(row, 'reserved_quantity') : 0);
      }
    },
    giveBack(product, warehouse, quantity) {
      if (!respected) return;
      const own = [...(context.shelfLife ? shelves.values() : [])].find(
        (entry) => entry.product === product && entry.warehouse === warehouse,
      );
      const entry = own ?? shelves.get(`${product}/${warehouse}/`);
      if (entry) entry.quantity += quantity;
    },
    *buffers() {
      for (const { product, warehouse, quantity, row } of sorted(shelves)) {
        const item = context.items.of(product)!.name;
        const location = context.locations.ofWarehouse(warehouse)!;
        yield context.finish('stock', row, { name: `${item} @ ${location}`, onhand: clean(quantity), item, location });
      }
    },
    *lots(lots) {
      for (const { product, warehouse, lot, quantity } of sorted(shelves)) {
        const item = context.items.of(product)!.name;
        const location = context.locations.ofWarehouse(warehouse)!;
        const record = lots.get(lot ?? 0);
        const expiry = context.wall(record?.expiration_date);
        yield {
          reference: ['STCK', item, '@', location, ...(record ? ['@', text(record, 'name')] : [])].join(' '),
          ordertype: 'STCK',
          end: context.nowWall,
          quantity: clean(Math.max(0, quantity)),
          ...(expiry === undefined ? {} : { expiry }),
          item,
          location,
        };
      }
    },
  };
}

function sorted(shelves: ReadonlyMap<string, Shelf>): Shelf[] {
  return [...shelves.values()].sort(
    (a, b) => a.product - b.product || a.warehouse - b.warehouse || (a.lot ?? 0) - (b.lot ?? 0),
  );
}
