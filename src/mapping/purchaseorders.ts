// Purchase order lines -> purchase orders of the plan: one for each receipt still to come, or for what was ordered and has no
// receipt yet (connector.md 2.15; C16, C19).
import type { Operationplan, OperationplanStatus } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import type { PlannedItem } from './items.ts';
import { isOpen, moveQuantity } from './moves.ts';
import { flag, link, number, type OdooRow, type Table, text } from './records.ts';
import { clean } from './units.ts';

export interface PurchasePage {
  lines: readonly OdooRow[];
  orders: Table;
  /** Moves of each line, whatever their state. */
  moves: ReadonlyMap<number, readonly OdooRow[]>;
  pickings: Table;
  pickingTypes: Table;
  /** Sales or manufacturing order that a line is bought for, by line (make-to-order items only). */
  batches: ReadonlyMap<number, string>;
}

/** Drafts that frePPLe or the bridge has made itself are the plan's own; the next plan makes them anew. */
export function isOwnDraft(origin: string): boolean {
  return /^(frePPLe|planbridge)\b/i.test(origin);
}

export function purchaseReference(order: OdooRow, line: OdooRow, picking?: OdooRow, move?: OdooRow): string {
  const parts = [text(order, 'name'), ...(move ? [text(picking, 'name'), String(move.id)] : []), String(line.id)];
  return parts.filter(Boolean).join(' - ');
}

export function* mapPurchaseOrders(context: MappingContext, page: PurchasePage): Generator<Operationplan> {
  const statuses = context.rules.statuses.get('purchase.order');
  for (const line of page.lines) {
    const order = page.orders.get(link(line, 'order_id') ?? 0);
    if (!order || text(line, 'display_type')) continue;
    const state = text(order, 'state');
    const status = statuses?.get(state) ?? 'off';
    if (status === 'off') continue;
    const draft = ['draft', 'sent', 'to approve'].includes(state);
    const name = `${text(order, 'name')} - ${line.id}`;
    if (draft && isOwnDraft(text(order, 'origin'))) {
      context.report.skip('purchaseorder', name, 'a draft made from the plan: the next plan decides about it again');
      continue;
    }
    const item = context.items.of(link(line, 'product_id'));
    if (!item) {
      if (link(line, 'product_id') !== undefined)
        context.report.skip('purchaseorder', name, context.items.reasonWithout(link(line, 'product_id')));
      continue;
    }
    const supplier = context.partners.key(link(order, 'partner_id'));
    if (supplier === undefined) {
      context.report.skip('purchaseorder', name, 'its vendor cannot be read');
      continue;
    }
    for (const part of receipts(context, page, order, line, item)) {
      const ordered = context.wall(order.date_order);
      if (part.end !== undefined && part.end < context.nowWall)
        context.report.notice('purchaseorder', part.reference, 'should have arrived already');
      const batch = part.item.toOrder ? page.batches.get(line.id) : undefined;
      yield context.finish<Operationplan>('purchaseorder', line, {
        reference: part.reference,
        ordertype: 'PO',
        ...(batch ? { batch } : {}),
        ...(part.end === undefined ? {} : { start: Math.min(ordered ?? part.end, part.end), end: part.end }),
        quantity: clean(part.quantity),
        status: status as OperationplanStatus,
        item: part.item.name,
        location: part.location,
        supplier,
      });
    }
  }
}

interface Receipt {
  reference: string;
  /** What arrives: a kit that was ordered arrives as its components. */
  item: PlannedItem;
  quantity: number;
  end: number | undefined;
  location: string;
}

function* receipts(
  context: MappingContext,
  page: PurchasePage,
  order: OdooRow,
  line: OdooRow,
  item: PlannedItem,
): Generator<Receipt> {
  const moves = page.moves.get(line.id) ?? [];
  for (const move of moves) {
    if (!isOpen(move) || flag(move, 'is_subcontract')) continue;
    const reference = purchaseReference(order, line, page.pickings.get(link(move, 'picking_id') ?? 0), move);
    const location = context.locations.ofWarehouse(context.locations.warehouseOf(link(move, 'location_dest_id')));
    // Onward moves inside the warehouse, and returns to the vendor, bring nothing.
    if (context.locations.usage(link(move, 'location_id')) === 'internal') continue;
    const arriving = context.items.of(link(move, 'product_id'));
    const quantity = moveQuantity(context, move);
    if (!arriving || location === undefined || quantity === undefined) {
      const why = !arriving
        ? context.items.reasonWithout(link(move, 'product_id'))
        : location === undefined
          ? 'it does not arrive in a warehouse'
          : 'its unit cannot be converted to the product’s';
      context.report.skip('purchaseorder', reference, why);
      continue;
    }
    yield { reference, item: arriving, quantity, end: context.wall(move.date), location };
  }
  if (moves.length > 0) return;
  const unit = link(line, 'product_uom_id') ?? link(line, 'product_uom');
  const missing = context.units.convert(number(line, 'product_qty') - number(line, 'qty_received'), unit, item.uom);
  const reference = purchaseReference(order, line);
  if (missing === undefined)
    context.report.skip('purchaseorder', reference, 'its unit cannot be converted to the product’s');
  if (!missing || missing <= 0) return;
  // Where it will arrive: its operation type says so (E4); frePPLe's addon takes the manufacturing warehouse.
  const type = page.pickingTypes.get(link(order, 'picking_type_id') ?? 0);
  const location =
    context.locations.ofWarehouse(link(type, 'warehouse_id')) ?? context.locations.making(link(order, 'company_id'));
  const end = context.wall(line.date_planned) ?? context.wall(order.date_planned);
  if (!context.kits.isKit(item.product.id)) {
    yield { reference, item, quantity: missing, end, location };
    return;
  }
  for (const component of context.kits.explode(item.product.id, missing)) {
    const part = context.items.of(component.product);
    // The line's id stays the last word: updates find the line by it.
    const name = [text(order, 'name'), `kit ${component.product}`, line.id].join(' - ');
    if (part) yield { reference: name, item: part, quantity: component.quantity, end, location };
    else context.report.skip('purchaseorder', name, context.items.reasonWithout(component.product));
  }
}
