// Goods on their way between warehouses -> distribution orders (connector.md C17), and reservations inside a warehouse that
// must not hide stock (C1).
import type { ItemDistribution, Operationplan } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { isOpen, moveQuantity, reservedInStock } from './moves.ts';
import { link, links, type OdooRow, type Table, text } from './records.ts';
import { clean } from './units.ts';

/** A page of open moves that arrive in a warehouse from transit or from another warehouse. */
export interface TransferPage {
  arrivals: readonly OdooRow[];
  /** Moves by id, of any state, that feed the arrivals, theirs included. */
  moves: Table;
  pickings: Table;
}

export function* mapTransfers(context: MappingContext, page: TransferPage): Generator<Operationplan> {
  const { locations } = context;
  for (const move of page.arrivals) {
    const destination = locations.warehouseOf(link(move, 'location_dest_id'));
    const direct = locations.warehouseOf(link(move, 'location_id'));
    if (destination === undefined || direct === destination) continue;
    const departures = direct === undefined ? leaving(context, move, page.moves) : [move];
    const origin =
      direct ?? departures.map((row) => locations.warehouseOf(link(row, 'location_id'))).find((id) => id !== undefined);
    const reference = `${text(page.pickings.get(link(move, 'picking_id') ?? 0), 'name') || 'transfer'} - ${move.id}`;
    const item = context.items.of(link(move, 'product_id'));
    const quantity = moveQuantity(context, move);
    if (!item || quantity === undefined || origin === undefined || origin === destination) {
      const why = !item
        ? context.items.reasonWithout(link(move, 'product_id'))
        : quantity === undefined
          ? 'its unit cannot be converted to the product’s'
          : 'the warehouse that it comes from is not known';
      context.report.skip('distributionorder', reference, why);
      continue;
    }
    const from = locations.ofWarehouse(origin);
    const to = locations.ofWarehouse(destination);
    if (from === undefined || to === undefined) continue;

    // What still stands in the origin's stock is taken from there when the order starts; what has left, or is reserved and
    // so already missing in the exported stock, is not.
    const open = departures.filter(isOpen);
    const standing = open.reduce((sum, row) => {
      const reserved = context.settingsOf(context.company).respectReservations
        ? reservedInStock(context, row, page.moves, { warehouse: origin })
        : 0;
      return sum + Math.max(0, (moveQuantity(context, row) ?? 0) - reserved);
    }, 0);
    const taken = clean(Math.min(quantity, standing));
    const gone = clean(quantity - taken);
    const end = context.wall(move.date);
    const departure = context.wall((open[0] ?? move).date) ?? end;
    const start = end === undefined || departure === undefined ? departure : Math.min(departure, end);
    const record = (name: string, amount: number, consumes: boolean): Operationplan =>
      context.finish<Operationplan>('distributionorder', move, {
        reference: name,
        ordertype: 'DO',
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
        quantity: amount,
        status: 'confirmed',
        item: item.name,
        origin: from,
        location: to,
        ...(consumes ? {} : { consumeMaterial: false }),
      });
    if (taken > 0) yield record(reference, taken, true);
    if (gone > 0) yield record(taken > 0 ? `${reference} - under way` : reference, gone, false);
  }
}

/** Lanes that open transfers travel on. Priority 0: nothing new is planned on them. */
export function transferLanes(transfers: readonly Operationplan[]): ItemDistribution[] {
  const lanes = new Map<string, ItemDistribution>();
  for (const { item, origin, location } of transfers) {
    if (item === undefined || origin === undefined || location === undefined) continue;
    lanes.set(JSON.stringify([item, origin, location]), {
      item,
      origin,
      destination: location,
      leadtime: 0,
      priority: 0,
    });
  }
  return [...lanes.values()];
}

/** Moves that bring the goods of an arrival out of a warehouse, found backwards through transit. */
function leaving(context: MappingContext, move: OdooRow, moves: Table): OdooRow[] {
  const found: OdooRow[] = [];
  const seen = new Set<number>();
  const visit = (row: OdooRow) => {
    for (const id of links(row, 'move_orig_ids')) {
      const origin = moves.get(id);
      if (!origin || seen.has(id) || text(origin, 'state') === 'cancel') continue;
      seen.add(id);
      if (context.locations.warehouseOf(link(origin, 'location_id')) !== undefined) found.push(origin);
      else visit(origin);
    }
  };
  visit(move);
  return found;
}

/**
 * Reservations of moves inside one warehouse that feed neither a delivery nor an order: goods that are put away are still stock.
 * @param moves the inside moves and those they feed, by id
 * @returns quantities by product and warehouse
 */
export function* putAway(
  context: MappingContext,
  inside: readonly OdooRow[],
  moves: Table,
): Generator<{ product: number; warehouse: number; quantity: number }> {
  for (const move of inside) {
    const warehouse = context.locations.warehouseOf(link(move, 'location_id'));
    const product = link(move, 'product_id');
    if (warehouse === undefined || product === undefined) continue;
    if (
      warehouse !== context.locations.warehouseOf(link(move, 'location_dest_id')) ||
      isNeeded(context, move, warehouse, moves)
    )
      continue;
    const quantity = reservedInStock(context, { ...move, move_orig_ids: [] }, moves);
    if (quantity > 0) yield { product, warehouse, quantity };
  }
}

/** Whether what a move brings is taken by something that is itself exported as needing that much less. */
function isNeeded(
  context: MappingContext,
  move: OdooRow,
  warehouse: number,
  moves: Table,
  seen = new Set<number>(),
): boolean {
  if (seen.has(move.id)) return false;
  seen.add(move.id);
  if (link(move, 'sale_line_id') !== undefined || link(move, 'raw_material_production_id') !== undefined) return true;
  if (context.locations.warehouseOf(link(move, 'location_dest_id')) !== warehouse) return true;
  return links(move, 'move_dest_ids').some((id) => {
    const next = moves.get(id);
    return next !== undefined && isOpen(next) && isNeeded(context, next, warehouse, moves, seen);
  });
}
