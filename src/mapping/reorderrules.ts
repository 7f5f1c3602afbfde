// Reordering rules -> calendars of safety stock and reorder quantity, which frePPLe links to buffers by their names
// (connector.md 2.17, C15).
import type { Calendar } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { link, number, type OdooRow, text } from './records.ts';
import { DAY } from './time.ts';
import { clean } from './units.ts';

/** Rules of one product and warehouse, summed: frePPLe keeps one stock for a warehouse. */
interface Policy {
  product: number;
  warehouse: number;
  minimum: number;
  reorder: number;
  multiple: number;
  row: OdooRow;
}

function policies(context: MappingContext): Policy[] {
  const found = new Map<string, Policy>();
  for (const row of context.rows('stock.warehouse.orderpoint')) {
    if (row.active === false || !context.visible(link(row, 'company_id'))) continue;
    const product = link(row, 'product_id');
    const warehouse = link(row, 'warehouse_id');
    if (product === undefined || warehouse === undefined) continue;
    const minimum = number(row, 'product_min_qty');
    const reorder = Math.max(0, number(row, 'product_max_qty') - minimum);
    const multiple = number(row, 'qty_multiple');
    const known = found.get(`${product}/${warehouse}`);
    if (!known) found.set(`${product}/${warehouse}`, { product, warehouse, minimum, reorder, multiple, row });
    else {
      known.minimum += minimum;
      known.reorder = Math.max(known.reorder, reorder);
      known.multiple = Math.max(known.multiple, multiple);
    }
  }
  return [...found.values()];
}

/** Order multiples above 1 by product and location (`<product id>\n<location>`). */
export function orderMultiples(context: MappingContext): Map<string, number> {
  const multiples = new Map<string, number>();
  for (const { product, warehouse, multiple } of policies(context)) {
    const location = context.locations.ofWarehouse(warehouse);
    if (location !== undefined && multiple > 0 && multiple !== 1) multiples.set(`${product}\n${location}`, multiple);
  }
  return multiples;
}

/** Reorder quantities by product and location (`<product id>\n<location>`). */
export function reorderQuantities(context: MappingContext): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { product, warehouse, reorder } of policies(context)) {
    const location = context.locations.ofWarehouse(warehouse);
    if (location !== undefined && reorder > 0) quantities.set(`${product}\n${location}`, reorder);
  }
  return quantities;
}

export function* mapReorderRules(context: MappingContext): Generator<Calendar> {
  const warehouses = context.table('stock.warehouse');
  const byName = context.rules.options.reorderCalendarNames === 'warehouse name';
  for (const { product, warehouse, minimum, reorder, row } of policies(context)) {
    const item = context.items.of(product);
    const location = context.locations.ofWarehouse(warehouse);
    if (!item || location === undefined) {
      context.report.skip(
        'reorderrule',
        text(row, 'name') || String(row.id),
        item ? 'its warehouse is archived or not exported' : context.items.reasonWithout(product),
      );
      continue;
    }
    const place = byName ? text(warehouses.get(warehouse), 'name') : location;
    const policy = context.finish('reorderrule', row, { safetyStock: minimum, reorderQuantity: reorder });
    if (policy.safetyStock) yield calendar(context, `SS for ${item.name} @ ${place}`, policy.safetyStock);
    // What is made in steps gets the quantity as the least that its operation makes (see operations.ts): frePPLe puts such a calendar on
    // each step of a routing and then does not find an end.
    if (policy.reorderQuantity > 0 && !context.kits.isRouted(product))
      yield calendar(context, `ROQ for ${item.name} @ ${place}`, policy.reorderQuantity);
  }
}

function calendar(context: MappingContext, name: string, value: number): Calendar {
  return {
    name,
    default: 0,
    buckets: [{ start: context.nowWall, value: clean(value), days: 127, priority: 998, starttime: 0, endtime: DAY }],
  };
}
