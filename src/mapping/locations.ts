// Warehouses -> locations, and the stock locations that belong to them (connector.md 2.6).
import type { Location } from '../planner/model.ts';
import { calendarName } from './calendars.ts';
import type { MappingContext } from './context.ts';
import { link, type OdooRow, text } from './records.ts';

export interface LocationIndex {
  /** Name of a warehouse's location; undefined when the warehouse is not exported. */
  ofWarehouse(warehouse: number | undefined): string | undefined;
  /** Warehouse of an internal stock location; undefined for transit, customers, suppliers, production … */
  warehouseOf(location: number | undefined): number | undefined;
  usage(location: number | undefined): string;
  /** Where a company makes: location for planning. */
  making(company: number | undefined): string;
  /** What stands for that place in the names of operations (connector.md 2.2; E4). */
  makingInNames(company: number | undefined): string;
}

export function indexLocations(context: MappingContext): LocationIndex {
  const { options } = context.rules;
  const byName = options.locationNames === 'name' || (options.locationNames === 'as frePPLe' && context.major <= 16);
  const names = new Map<number, string>();
  for (const row of context.rows('stock.warehouse')) {
    if (row.active === false || !context.visible(link(row, 'company_id'))) continue;
    names.set(row.id, text(row, byName ? 'name' : 'code') || text(row, 'name'));
  }

  const warehouses = new Map<number, number>();
  const usages = new Map<number, string>();
  const views = new Map(context.rows('stock.warehouse').map((row) => [link(row, 'view_location_id'), row.id]));
  for (const row of context.rows('stock.location')) {
    usages.set(row.id, text(row, 'usage'));
    const warehouse = row.warehouse_id === undefined ? warehouseAbove(context, row, views) : link(row, 'warehouse_id');
    if (row.usage === 'internal' && warehouse !== undefined && names.has(warehouse)) warehouses.set(row.id, warehouse);
  }

  const ofWarehouse = (warehouse: number | undefined) => (warehouse === undefined ? undefined : names.get(warehouse));
  const making = (company: number | undefined) => {
    const settings = context.settingsOf(company);
    return ofWarehouse(settings.manufacturingWarehouse) ?? settings.name;
  };
  return {
    ofWarehouse,
    warehouseOf: (location) => (location === undefined ? undefined : warehouses.get(location)),
    usage: (location) => (location === undefined ? '' : (usages.get(location) ?? '')),
    making,
    makingInNames(company) {
      if (options.operationNames === 'own warehouse') return making(company);
      // frePPLe's addon puts every operation at the planning company's warehouse, or at its bare name when none is set.
      const settings = context.settingsOf(context.company);
      return settings.hasAddon && !settings.warehouseWasSet ? settings.name : making(context.company);
    },
  };
}

/** Before Odoo 16 a location does not know its warehouse; the warehouse's view location stands somewhere above it. */
function warehouseAbove(
  context: MappingContext,
  location: OdooRow,
  views: ReadonlyMap<number | undefined, number>,
): number | undefined {
  let row: OdooRow | undefined = location;
  for (let depth = 0; row && depth < 50; depth++) {
    const warehouse = views.get(row.id);
    if (warehouse !== undefined) return warehouse;
    row = context.table('stock.location').get(link(row, 'location_id') ?? 0);
  }
  return undefined;
}

export function* mapLocations(context: MappingContext): Generator<Location> {
  for (const row of context.rows('stock.warehouse')) {
    const name = context.locations.ofWarehouse(row.id);
    if (name === undefined) continue;
    const calendar = context.table('resource.calendar').get(context.settingsOf(link(row, 'company_id')).calendar ?? 0);
    const location = context.finish<Location>('location', row, {
      name,
      subcategory: String(row.id),
      ...(calendar ? { available: calendarName(calendar) } : {}),
    });
    if (location.description === name) delete location.description;
    yield location;
  }
}
