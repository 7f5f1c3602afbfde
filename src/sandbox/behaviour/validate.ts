// Validating a transfer: what is picked (or, if nothing is marked, what is there) is done; the rest goes on a backorder.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row } from '../values.ts';
import { make } from './make.ts';
import { assignMoves, confirmMoves, finishMoves } from './moves.ts';
import { settlePicking } from './pickings.ts';
import { numberOf, rowsBy, target, textOf } from './tools.ts';

export function validate(env: Env, id: number): void {
  const open = (): Row[] =>
    rowsBy(env, 'stock.move', 'picking_id', id).filter((move) => !['done', 'cancel'].includes(textOf(move.state)));
  confirmMoves(
    env,
    open().map((move) => move.id),
  );
  const moves = open();
  const picked = moves.filter((move) => move.picked === true);
  const there = moves.filter((move) => numberOf(move.quantity) > 0);
  const done = picked.length > 0 ? picked : there.length > 0 ? there : moves;
  const rest = moves.filter((move) => !done.includes(move)).map((move) => move.id);
  for (const move of done) {
    const left = numberOf(move.product_uom_qty) - (numberOf(move.quantity) || numberOf(move.product_uom_qty));
    if (left > 1e-9) rest.push(split(env, move, left));
  }
  finishMoves(
    env,
    done.map((move) => move.id),
    nowText(env),
  );
  if (rest.length > 0) backorder(env, id, rest);
  patch(env, 'stock.picking', id, { date_done: nowText(env) });
  settlePicking(env, id);
}

/** A move for what is left of another one. */
function split(env: Env, move: Row, left: number): number {
  const { id: _id, display_name: _name, ...values } = move;
  const copy: Record<string, unknown> = {
    ...values,
    product_uom_qty: left,
    quantity: 0,
    state: 'draft',
    picked: false,
  };
  for (const field of ['move_orig_ids', 'move_dest_ids', 'route_ids', 'created_purchase_line_ids']) {
    if (Array.isArray(copy[field])) copy[field] = [[6, 0, copy[field]]];
  }
  for (const field of ['move_line_ids', 'returned_move_ids', 'product_qty']) delete copy[field];
  return make(env, 'stock.move', copy).id;
}

function backorder(env: Env, id: number, moves: readonly number[]): void {
  const picking = target(env, 'stock.picking', id)!;
  const copy = make(env, 'stock.picking', {
    picking_type_id: picking.picking_type_id,
    partner_id: picking.partner_id ?? false,
    origin: picking.origin ?? false,
    location_id: picking.location_id,
    location_dest_id: picking.location_dest_id,
    move_type: picking.move_type,
    user_id: picking.user_id ?? false,
    backorder_id: id,
  });
  for (const move of moves) patch(env, 'stock.move', move, { picking_id: copy.id, reference: copy.name });
  for (const move of moves) {
    for (const line of rowsBy(env, 'stock.move.line', 'move_id', move))
      patch(env, 'stock.move.line', line.id, { picking_id: copy.id });
  }
  patch(env, 'stock.picking', copy.id, { group_id: picking.group_id ?? false, sale_id: picking.sale_id ?? false });
  confirmMoves(env, moves);
  assignMoves(env, moves);
  settlePicking(env, copy.id);
}
