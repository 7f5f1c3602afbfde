// Stock moves: which are open, and how much of what they need is already reserved in stock (connector.md C1, C9).
// Stock is exported without what is reserved, so whoever has a reservation must need that much less: the same records
// reduce both sides.
import type { MappingContext } from './context.ts';
import { link, links, number, type OdooRow, type Table, text } from './records.ts';

export const OPEN_MOVE_STATES = ['waiting', 'confirmed', 'partially_available', 'assigned'] as const;

/** What is read of every move. `reserved_qty` is filled from the move lines where Odoo keeps no stored field (16). */
export const MOVE_FIELDS = [
  'state',
  'product_id',
  'product_uom',
  'product_uom_qty',
  'quantity',
  'date',
  'location_id',
  'location_dest_id',
  'picking_id',
  'group_id',
  'move_orig_ids',
  'move_dest_ids',
  'sale_line_id',
  'purchase_line_id',
  'raw_material_production_id',
  'production_id',
  'workorder_id',
  'operation_id',
  'origin_returned_move_id',
  'is_subcontract',
] as const;

export function isOpen(move: OdooRow): boolean {
  return (OPEN_MOVE_STATES as readonly string[]).includes(text(move, 'state'));
}

/** Demand of a move in the product's unit; undefined when the units cannot be converted. */
export function moveQuantity(context: MappingContext, move: OdooRow): number | undefined {
  const uom = productUnit(context, link(move, 'product_id'));
  return context.units.convert(number(move, 'product_uom_qty'), link(move, 'product_uom'), uom);
}

/** Unit of a product, exported or not. */
export function productUnit(context: MappingContext, product: number | undefined): number | undefined {
  const row = context.table('product.product').get(product ?? 0);
  return link(context.table('product.template').get(link(row, 'product_tmpl_id') ?? 0), 'uom_id');
}

function reservedOf(context: MappingContext, move: OdooRow): number {
  if (!['partially_available', 'assigned'].includes(text(move, 'state'))) return 0;
  if (typeof move.reserved_qty === 'number') return move.reserved_qty;
  const uom = productUnit(context, link(move, 'product_id'));
  return context.units.convert(number(move, 'quantity'), link(move, 'product_uom'), uom) ?? 0;
}

/** Reservations that somebody has been credited with already, by move: one picking may feed several deliveries. */
export type Credited = Map<number, number>;

/**
 * What is reserved for a move in a warehouse's stock, by itself and by the open moves that feed it (picking, packing, components
 * brought to production), in the product's unit. Moves that bring goods from elsewhere do not count: what they hold is not
 * there yet.
 * @param moves open moves by id, those that feed others included
 * @param options.warehouse whose stock; that of the move's source otherwise
 * @param options.need no more than this is taken from what several share
 * @param options.credited what others have taken, kept up to date
 */
export function reservedInStock(
  context: MappingContext,
  move: OdooRow,
  moves: Table,
  options: { warehouse?: number; need?: number; credited?: Credited } = {},
): number {
  const { need = Number.POSITIVE_INFINITY, credited } = options;
  const home = options.warehouse ?? context.locations.warehouseOf(link(move, 'location_id'));
  const seen = new Set<number>();
  let sum = 0;
  const visit = (row: OdooRow) => {
    if (seen.has(row.id)) return;
    seen.add(row.id);
    // Goods on their way from outside or from another warehouse are still to come. Those at a subcontractor are there
    // already, although they are in no exported stock.
    if (context.locations.usage(link(row, 'location_id')) !== 'internal') return;
    const source = context.locations.warehouseOf(link(row, 'location_id'));
    if (source !== undefined && home !== undefined && source !== home) return;
    const taken = credited?.get(row.id) ?? 0;
    const given = Math.max(0, Math.min(reservedOf(context, row) - taken, need - sum));
    if (given > 0) credited?.set(row.id, taken + given);
    sum += given;
    for (const id of links(row, 'move_orig_ids')) {
      const origin = moves.get(id);
      if (origin && isOpen(origin)) visit(origin);
    }
  };
  visit(move);
  return sum;
}
