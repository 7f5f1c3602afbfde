// Sales order lines -> demands (connector.md 2.13; C1, C2, C20, C23). One demand for each delivery that is still to leave,
// one for a quotation, one for what is closed or cancelled.
import type { Demand, DemandGroup, DemandStatus } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import type { PlannedItem } from './items.ts';
import { type Credited, moveQuantity, reservedInStock } from './moves.ts';
import { link, links, number, type OdooRow, type Table, text } from './records.ts';
import { clean } from './units.ts';

/** A page of order lines with what belongs to them. */
export interface DemandPage {
  lines: readonly OdooRow[];
  orders: Table;
  /** How many stock moves each line has, whatever their state. */
  moveCounts: ReadonlyMap<number, number>;
  /** Open moves by line. */
  openMoves: ReadonlyMap<number, readonly OdooRow[]>;
  /** Open moves by id, those that feed the lines' moves included. */
  moves: Table;
  pickings: Table;
  /** What earlier pages have credited, so that pages share what they count on; kept up to date. */
  credited?: Credited;
}

export function* mapDemands(context: MappingContext, page: DemandPage): Generator<Demand> {
  const own: CreditedPage = { ...page, credited: page.credited ?? new Map() };
  const statuses = context.rules.statuses.get('sale.order');
  for (const line of page.lines) {
    const order = page.orders.get(link(line, 'order_id') ?? 0);
    if (!order || text(line, 'display_type')) continue;
    const state = text(order, 'state');
    const status = statuses?.get(state);
    if (status === undefined)
      context.report.skip('demand', nameOf(order, line), `order state ${state} is not in the mapping sheet`);
    if (status === undefined || status === 'off') continue;

    const item = context.items.of(link(line, 'product_id'));
    const location = context.locations.ofWarehouse(link(order, 'warehouse_id'));
    const customer = context.partners.key(link(order, 'partner_id'));
    if (!item) {
      context.report.skip('demand', nameOf(order, line), context.items.reasonWithout(link(line, 'product_id')));
      continue;
    }
    if (location === undefined || customer === undefined) {
      context.report.skip(
        'demand',
        nameOf(order, line),
        location === undefined ? 'its warehouse is archived or not exported' : 'its customer cannot be read',
      );
      continue;
    }
    for (const part of partsOf(context, own, order, line, item, status as DemandStatus)) {
      const quantity = clean(part.quantity);
      if (part.due === undefined) {
        context.report.skip('demand', part.name, 'it has no date');
        continue;
      }
      yield context.finish<Demand>('demand', line, {
        name: part.name,
        batch: text(order, 'name'),
        quantity,
        due: part.due,
        priority: part.urgent ? 0 : 1,
        minshipment: text(order, 'picking_policy') === 'one' ? quantity : 0,
        status: part.status,
        item: part.item.name,
        customer,
        location,
        ...(part.grouped || context.major >= 17 ? { owner: groupOf(order) } : {}),
      });
    }
  }
}

/** Lines of one order; frePPLe's addon groups only the deliveries up to Odoo 16. */
function groupOf(order: OdooRow): DemandGroup {
  return { name: text(order, 'name'), policy: text(order, 'picking_policy') === 'one' ? 'alltogether' : 'independent' };
}

/** A page, and what its deliveries have been credited with so far. */
interface CreditedPage extends DemandPage {
  credited: Credited;
}

interface Part {
  name: string;
  item: PlannedItem;
  quantity: number;
  due: number | undefined;
  status: DemandStatus;
  urgent?: boolean;
  /** Comes from a delivery. */
  grouped?: boolean;
}

const nameOf = (order: OdooRow, line: OdooRow) => `${text(order, 'name')} ${line.id}`;

function* partsOf(
  context: MappingContext,
  page: CreditedPage,
  order: OdooRow,
  line: OdooRow,
  item: PlannedItem,
  status: DemandStatus,
): Generator<Part> {
  const name = nameOf(order, line);
  const unit = link(line, 'product_uom_id') ?? link(line, 'product_uom');
  const ordered = context.units.convert(number(line, 'product_uom_qty'), unit, item.uom);
  if (ordered === undefined) {
    context.report.skip('demand', name, 'its unit cannot be converted to the product’s');
    return;
  }
  const due = context.wall(order.commitment_date) ?? context.wall(order.date_order);
  const whole = { name, item, due, status };

  if (status !== 'open') {
    if (status === 'quote' || status === 'inquiry') yield* takenApart(context, { ...whole, quantity: ordered });
    else yield { ...whole, quantity: ordered };
    return;
  }
  const deliveries = lastSteps(context, page.openMoves.get(line.id) ?? []);
  if (deliveries.length > 0) {
    const several = (page.moveCounts.get(line.id) ?? 0) > 1;
    for (const move of deliveries) yield* delivery(context, page, several ? `${name} ${move.id}` : name, move);
    return;
  }
  const delivered = context.units.convert(number(line, 'qty_delivered'), unit, item.uom) ?? 0;
  const missing = ordered - delivered;
  // Without a delivery order the line is either delivered (or given up), or Odoo has not made one yet (C23). Odoo 16 knows
  // deliveries outside of delivery orders too.
  const waits = missing > 0 && (context.major <= 16 || (page.moveCounts.get(line.id) ?? 0) === 0);
  if (waits) yield* takenApart(context, { ...whole, quantity: missing });
  else yield { ...whole, status: 'closed', quantity: ordered };
}

/** A kit is delivered as its components; each becomes a demand of its own (C2). */
function* takenApart(context: MappingContext, part: Part): Generator<Part> {
  if (!context.kits.isKit(part.item.product.id)) {
    yield part;
    return;
  }
  for (const component of context.kits.explode(part.item.product.id, part.quantity)) {
    const item = context.items.of(component.product);
    const name = `${part.name} kit ${component.product}`;
    if (item) yield { ...part, name, item, quantity: component.quantity };
    else context.report.skip('demand', name, context.items.reasonWithout(component.product));
  }
}

/** Open moves after which the goods are gone (or as far as Odoo has planned): not those that feed another one, no returns (C2). */
function lastSteps(context: MappingContext, moves: readonly OdooRow[]): OdooRow[] {
  const feeding = new Set(moves.flatMap((move) => links(move, 'move_orig_ids')));
  return moves.filter((move) => {
    const returned = context.locations.usage(link(move, 'location_id')) === 'customer';
    return !returned && !feeding.has(move.id);
  });
}

function* delivery(context: MappingContext, page: CreditedPage, name: string, move: OdooRow): Generator<Part> {
  if (context.locations.usage(link(move, 'location_id')) === 'supplier') {
    context.report.skip('demand', name, 'the vendor delivers straight to the customer');
    return;
  }
  const item = context.items.of(link(move, 'product_id'));
  const quantity = moveQuantity(context, move);
  if (!item || quantity === undefined) {
    context.report.skip(
      'demand',
      name,
      item ? 'its unit cannot be converted to the product’s' : context.items.reasonWithout(link(move, 'product_id')),
    );
    return;
  }
  const respected = context.settingsOf(context.company).respectReservations;
  const open = clean(
    quantity -
      (respected ? reservedInStock(context, move, page.moves, { need: quantity, credited: page.credited }) : 0),
  );
  const picking = page.pickings.get(link(move, 'picking_id') ?? 0);
  const urgent = Number(text(picking, 'priority') || 0) > 0;
  const due = context.wall(move.date);
  if (open > 1e-9) yield { name, item, quantity: open, due, status: 'open', urgent, grouped: true };
  else yield { name, item, quantity, due, status: 'closed', urgent, grouped: true };
}
