// Lines of a quote into wishes that the engine can solve: products and warehouses by name, numbers within reason. Pure.
import { PlanbridgeError } from '../../errors.ts';
import type { Item, Network, Place } from '../engine/network.ts';
import type { QuoteWish } from '../engine/quote.ts';
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import type { QuoteLine } from './protocol.ts';

const NAMES_SHOWN = 10;

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT, naming the line */
export function wishOf(net: Network, line: QuoteLine, name: string, place: number): QuoteWish {
  const where = `Line ${place + 1}`;
  const item = net.items.get(line.item);
  if (item === undefined) {
    throw refused(`${where}: there is no product "${line.item}" in the plan.`, 'Use the name of the planning model.');
  }
  if (!(line.quantity > 0) || !Number.isFinite(line.quantity)) {
    throw refused(`${where}: the quantity must be above 0.`, 'Give a quantity in the unit of the product.');
  }
  const location = placeOf(net, item, line.location, where);
  const { date, minimumShipment, maximumLateness } = line;
  if (date !== null && (date >= INFINITE_FUTURE || date <= INFINITE_PAST)) {
    throw refused(`${where}: the date is out of range.`, 'Give a date like 2026-01-05.');
  }
  return {
    name,
    item,
    location,
    quantity: line.quantity,
    due: date ?? net.current,
    ...(minimumShipment === null ? {} : { minShipment: minimumShipment }),
    ...(maximumLateness === null ? {} : { maxLateness: maximumLateness }),
    batch: item.mto ? name : '',
  };
}

function placeOf(net: Network, item: Item, name: string | null, where: string): Place {
  if (name !== null) {
    const place = net.places.get(name);
    if (place !== undefined) return place;
    throw refused(
      `${where}: there is no warehouse "${name}" in the plan.`,
      `There are: ${listed([...net.places.keys()])}.`,
    );
  }
  const having = new Set(item.buffers.flatMap((b) => (b.location === null ? [] : [b.location])));
  const candidates = net.places.size === 1 ? [...net.places.values()] : [...having];
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const names = (candidates.length > 0 ? candidates : [...net.places.values()]).map((place) => place.name);
  throw refused(
    `${where}: name the warehouse from which "${item.name}" is to be delivered.`,
    `For example: ${listed(names)}.`,
  );
}

function listed(names: readonly string[]): string {
  return names.length > NAMES_SHOWN ? `${names.slice(0, NAMES_SHOWN).join(', ')}, …` : names.join(', ');
}

function refused(message: string, remedy: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, { remedy });
}
