// Work centers -> resources, pools and tools (connector.md 2.9, C7, E4).
import type { Resource } from '../planner/model.ts';
import { isOwnRow } from './addon-records.ts';
import { calendarName, resourceCalendarName, resourcesWithOwnTimes } from './calendars.ts';
import type { MappingContext } from './context.ts';
import { flag, groupBy, link, number, type OdooRow, text } from './records.ts';

export interface ResourceIndex {
  /** Name of a work center's resource; undefined when it is archived or not visible. */
  name(workcenter: number | undefined): string | undefined;
  row(workcenter: number | undefined): OdooRow | undefined;
  /** Whether a work center is a member of the pool. */
  isMember(workcenter: number | undefined, pool: number | undefined): boolean;
  /** Pieces that a work center makes at a time, and minutes of set-up and clean-up for an order of a product (C7). */
  capacity(workcenter: number | undefined, product: number | undefined): { pieces: number; fixedMinutes: number };
  /** How many orders it does at a time, or how many of it there are. */
  maximum(workcenter: number | undefined): number;
  /** Secondary work centers that our addon keeps for a step (mrp.routing.workcenter). */
  beside(step: number | undefined): readonly OdooRow[];
  /** Percent, 100 when unknown. */
  efficiency(workcenter: number | undefined): number;
}

/** A name that comes again gets the work center's id: two of one name would be one resource, with the hours of one of them (E1). */
function uniqueNames(rows: readonly OdooRow[]): Map<number, string> {
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const row of rows) {
    const name = text(row, 'name');
    names.set(row.id, taken.has(name) ? `${name} ${row.id}` : name);
    taken.add(name);
  }
  return names;
}

/** Pieces at a time; up to Odoo 15 the field has another name. */
function capacityOf(row: OdooRow | undefined): number {
  return number(row, row?.default_capacity === undefined ? 'capacity' : 'default_capacity');
}

export function indexResources(context: MappingContext): ResourceIndex {
  const rows = context.table('mrp.workcenter');
  const visible = (row: OdooRow | undefined): row is OdooRow =>
    row !== undefined && row.active !== false && context.visible(link(row, 'company_id'));
  const names = uniqueNames([...rows.values()].filter(visible));
  const byProduct = groupBy(context.rows('mrp.workcenter.capacity'), 'workcenter_id');
  const besides = context.rows('mrp.secondary.workcenter');
  const secondary = new Set(besides.map((row) => link(row, 'workcenter_id')));
  const ownBesides = groupBy(besides.filter(isOwnRow), 'routing_workcenter_id');

  return {
    name: (workcenter) => (workcenter === undefined ? undefined : names.get(workcenter)),
    row: (workcenter) => rows.get(workcenter ?? 0),
    isMember: (workcenter, pool) => pool !== undefined && link(rows.get(workcenter ?? 0), 'owner') === pool,
    capacity(workcenter, product) {
      const row = rows.get(workcenter ?? 0);
      const special = (byProduct.get(workcenter ?? 0) ?? []).find((entry) => link(entry, 'product_id') === product);
      const pieces = number(special, 'capacity') || capacityOf(row) || 1;
      const own = number(row, 'time_start') + number(row, 'time_stop');
      const extra = number(special, 'time_start') + number(special, 'time_stop');
      // Odoo 16 adds the product's times to the work center's, later versions put them in their place.
      const fixedMinutes = special ? (context.major <= 16 ? own + extra : extra) : own;
      return { pieces, fixedMinutes };
    },
    maximum(workcenter) {
      const row = rows.get(workcenter ?? 0);
      // A work center does one work order at a time; its capacity is how many pieces that order makes at once, which is in the
      // time per piece (C7). Tools and secondary work centers are counted by the piece.
      const counted = flag(row, 'tool') || secondary.has(workcenter);
      return counted ? capacityOf(row) || 1 : 1;
    },
    beside: (step) => ownBesides.get(step ?? 0) ?? [],
    efficiency(workcenter) {
      return number(rows.get(workcenter ?? 0), 'time_efficiency') || 100;
    },
  };
}

export function* mapResources(context: MappingContext): Generator<Resource> {
  const withOwnTimes = resourcesWithOwnTimes(context);
  for (const row of context.rows('mrp.workcenter')) {
    const name = context.resources.name(row.id);
    if (name === undefined) continue;
    const pool = context.resources.name(link(row, 'owner'));
    const calendar = context.table('resource.calendar').get(link(row, 'resource_calendar_id') ?? 0);
    const person = context.table('resource.resource').get(link(row, 'resource_id') ?? 0);
    const ownTimes = calendar && person && withOwnTimes.has(person.id);
    yield context.finish('resource', row, {
      name,
      category: String(row.id),
      subcategory: flag(row, 'tool') ? 'tool per piece' : '',
      maximum: context.resources.maximum(row.id),
      ...(row.planbridge_constrained === false ? { constrained: false } : {}),
      location: context.locations.making(link(row, 'company_id')),
      ...(pool ? { owner: pool } : {}),
      ...(calendar ? { available: ownTimes ? resourceCalendarName(person) : calendarName(calendar) } : {}),
    });
  }
}
