// Calendars that say by their names what they are for, as frePPLe's server links them after an import: `SS for <item> @ <location>`
// is the safety stock of that buffer, `ROQ for …` the least quantity to reorder. Changes the model that it is given, nothing else.
import { type Calendar, type CalendarBucket, INFINITE_FUTURE, INFINITE_PAST, type PlanTime } from '../model.ts';
import type { PlanModel } from '../plan-document.ts';

const NAME = /^(SS|ROQ) for (.+) @ (.+?)$/s;

export function linkReorderCalendars(model: PlanModel): void {
  const at = model.header.current ?? 0;
  const quantities = new Map<string, number>();
  const places = new Map<string, string>();
  // The sheet may have them end with the warehouse's full name.
  for (const { name, description } of model.locations.values()) if (description) places.set(description, name);
  for (const { name } of model.locations.values()) places.set(name, name);
  for (const calendar of model.calendars.values()) {
    const [, kind, item = '', place = ''] = NAME.exec(calendar.name) ?? [];
    const location = places.get(place);
    if (location === undefined || !model.items.has(item)) continue;
    if (kind === 'SS') linkSafetyStock(model, calendar.name, item, location);
    else quantities.set(placeOf(item, location), valueAt(calendar, at));
  }
  if (quantities.size > 0) linkQuantities(model, quantities);
}

function placeOf(item: string, location: string | undefined): string {
  return `${item}\u0000${location ?? ''}`;
}

/** A minimum that a planner gave the buffer goes before the rule. */
function linkSafetyStock(model: PlanModel, calendar: string, item: string, location: string): void {
  const name = `${item} @ ${location}`;
  const buffer = model.buffers.get(name) ?? { name, item, location };
  if (buffer.minimum === undefined && buffer.minimumCalendar === undefined) buffer.minimumCalendar = calendar;
  model.buffers.set(name, buffer);
}

/** Raises the least size of whatever replenishes the place. */
function linkQuantities(model: PlanModel, quantities: ReadonlyMap<string, number>): void {
  const byItem = new Map<string, number>();
  for (const [place, quantity] of quantities) {
    const item = place.slice(0, place.indexOf('\u0000'));
    byItem.set(item, Math.max(byItem.get(item) ?? 0, quantity));
  }
  const raise = (record: { sizeMinimum?: number }, quantity: number | undefined) => {
    if (quantity !== undefined && quantity > (record.sizeMinimum ?? 1)) record.sizeMinimum = quantity;
  };
  for (const offer of model.itemsuppliers) {
    raise(offer, offer.location ? quantities.get(placeOf(offer.item, offer.location)) : byItem.get(offer.item));
  }
  for (const lane of model.itemdistributions) raise(lane, quantities.get(placeOf(lane.item, lane.destination)));
  for (const operation of model.operations.values()) {
    if (operation.item) raise(operation, quantities.get(placeOf(operation.item, operation.location)));
  }
}

function valueAt({ buckets, default: usual = 0 }: Calendar, at: PlanTime): number {
  const holds = ({ start = INFINITE_PAST, end = INFINITE_FUTURE }: CalendarBucket) => start <= at && at < end;
  const valid = buckets.filter(holds).sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  return valid[0]?.value ?? usual;
}
