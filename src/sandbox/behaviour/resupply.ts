// What a confirmed move that waits for another rule brings about: the moves before it, by the rules of its routes, back to where
// goods are taken from stock. One transfer per operation and place.

import type { Env } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row } from '../values.ts';
import { findRule } from './deliveries.ts';
import { make } from './make.ts';
import { idsOf, numberOf, plusDays, target, textOf } from './tools.ts';

/** @returns the moves made, those that take from stock first; they are drafts still */
export function movesBefore(env: Env, ids: readonly number[]): number[] {
  const made: number[] = [];
  const pickings = new Map<string, Row>();
  for (const id of ids) {
    for (let move = env.db.table('stock.move').get(id); move; ) {
      const before = moveBefore(env, move, pickings);
      if (before) made.unshift(before.id);
      move = before;
    }
  }
  return made;
}

function moveBefore(env: Env, move: Row, pickings: Map<string, Row>): Row | undefined {
  if (move.procure_method !== 'make_to_order' || idsOf(move.move_orig_ids).length > 0) return undefined;
  const product = target(env, 'product.product', move.product_id);
  const warehouse =
    target(env, 'stock.warehouse', move.warehouse_id) ??
    target(env, 'stock.warehouse', target(env, 'stock.picking.type', move.picking_type_id)?.warehouse_id);
  const [route] = idsOf(move.route_ids);
  if (!product || !warehouse || route === undefined) return undefined;
  const rule = findRule(env, product, numberOf(move.location_id), warehouse, route);
  if (!rule || (rule.action !== 'pull' && rule.action !== 'pull_push')) return undefined;
  const date = plusDays(textOf(move.date), -numberOf(rule.delay));
  const origin = textOf(target(env, 'stock.picking', move.picking_id)?.name) || textOf(move.origin) || false;
  const key = `${origin} ${rule.id}`;
  const lane = { location_id: rule.location_src_id, location_dest_id: move.location_id };
  const picking =
    pickings.get(key) ??
    make(env, 'stock.picking', { ...lane, picking_type_id: rule.picking_type_id, origin, scheduled_date: date });
  pickings.set(key, picking);
  const toOrder = rule.procure_method === 'make_to_order';
  const before = make(env, 'stock.move', {
    ...lane,
    name: move.name,
    product_id: move.product_id,
    product_uom: move.product_uom,
    product_uom_qty: move.product_uom_qty,
    date,
    picking_id: picking.id,
    picking_type_id: rule.picking_type_id ?? false,
    company_id: rule.company_id || move.company_id,
    rule_id: rule.id,
    origin,
    route_ids: [[6, 0, [route]]],
    procure_method: toOrder ? 'make_to_order' : 'make_to_stock',
    propagate_cancel: rule.propagate_cancel ?? false,
    warehouse_id: rule.propagate_warehouse_id || warehouse.id,
    move_dest_ids: [[6, 0, [move.id]]],
  });
  patch(env, 'stock.move', move.id, { move_orig_ids: [...idsOf(move.move_orig_ids), before.id] });
  return before;
}
