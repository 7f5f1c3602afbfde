// Quants: what lies where, and what of it is reserved. First in, first out.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { make } from './make.ts';
import { unitOf } from './product.product.ts';
import { convert, numberOf, roundTo, rowsBy, target, textOf } from './tools.ts';

/** Reserves up to `wanted` (in the product's unit) below the move's source; answers what was found. */
export function reserve(env: Env, move: Row, wanted: number): number {
  let left = wanted;
  for (const quant of quantsBelow(env, move)) {
    if (left <= 1e-9) break;
    const free = numberOf(quant.quantity) - numberOf(quant.reserved_quantity);
    const taken = Math.min(left, free);
    if (taken <= 1e-9) continue;
    patch(env, 'stock.quant', quant.id, { reserved_quantity: round(numberOf(quant.reserved_quantity) + taken) });
    const product = target(env, 'product.product', move.product_id)!;
    make(env, 'stock.move.line', {
      move_id: move.id,
      product_id: move.product_id,
      product_uom_id: move.product_uom,
      quantity: convert(env, taken, unitOf(env, product), move.product_uom, 'half-up'),
      quantity_product_uom: taken,
      lot_id: quant.lot_id ?? false,
      package_id: quant.package_id ?? false,
      owner_id: quant.owner_id ?? false,
      location_id: quant.location_id,
      location_dest_id: move.location_dest_id,
    });
    left -= taken;
  }
  return round(wanted - left);
}

function quantsBelow(env: Env, move: Row): Row[] {
  const locations = new Set<Value | undefined>([move.location_id]);
  const children = env.db.table('stock.location').index('location_id');
  for (const id of locations) for (const child of children.get(id as number) ?? []) locations.add(child);
  return rowsBy(env, 'stock.quant', 'product_id', numberOf(move.product_id))
    .filter((quant) => locations.has(quant.location_id))
    .sort((a, b) =>
      textOf(a.in_date) < textOf(b.in_date) ? -1 : textOf(a.in_date) > textOf(b.in_date) ? 1 : a.id - b.id,
    );
}

/** Gives back what a move line reserved. */
export function unreserve(env: Env, line: Row): void {
  const quant = rowsBy(env, 'stock.quant', 'product_id', numberOf(line.product_id)).find(
    (one) =>
      one.location_id === line.location_id &&
      (one.lot_id ?? false) === (line.lot_id ?? false) &&
      numberOf(one.reserved_quantity) > 0,
  );
  if (!quant) return;
  const reserved = numberOf(quant.reserved_quantity) - numberOf(line.quantity_product_uom);
  patch(env, 'stock.quant', quant.id, { reserved_quantity: round(Math.max(0, reserved)) });
}

/** Adds to (or takes from) what lies at a location. */
export function addToQuant(env: Env, move: Row, location: Value | undefined, quantity: number): void {
  if (typeof location !== 'number' || quantity === 0) return;
  const quant = rowsBy(env, 'stock.quant', 'product_id', numberOf(move.product_id)).find(
    (one) => one.location_id === location && typeof one.lot_id !== 'number' && typeof one.package_id !== 'number',
  );
  if (quant) {
    patch(env, 'stock.quant', quant.id, { quantity: round(numberOf(quant.quantity) + quantity) });
    return;
  }
  const usage = target(env, 'stock.location', location)?.usage;
  make(env, 'stock.quant', {
    product_id: move.product_id,
    location_id: location,
    quantity: round(quantity),
    reserved_quantity: 0,
    in_date: nowText(env),
    company_id: usage === 'internal' || usage === 'transit' ? move.company_id : false,
  });
}

function round(quantity: number): number {
  return roundTo(quantity, 1e-9);
}
