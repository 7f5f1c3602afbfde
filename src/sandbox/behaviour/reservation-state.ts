// Whether the components of a manufacturing order are there, and what that means for its work orders.

import type { Env } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { idsOf, rowsBy } from './tools.ts';

/** `reservation_state` of an order, and the state of work orders that wait for components. */
export function settleReservation(env: Env, id: number): void {
  const order = env.db.table('mrp.production').get(id);
  if (!order) return;
  const state = reservationState(env, order);
  if (state !== order.reservation_state) patch(env, 'mrp.production', id, { reservation_state: state });
  settleWorkorders(env, id);
}

function reservationState(env: Env, order: Row): Value {
  if (['draft', 'done', 'cancel'].includes(String(order.state))) return false;
  const moves = rowsBy(env, 'stock.move', 'raw_material_production_id', order.id).filter(
    (move) => move.state !== 'cancel',
  );
  const states = new Set(moves.map((move) => move.state).filter((state) => state !== 'done'));
  if (states.size === 0) return 'assigned';
  if (states.has('waiting')) return 'waiting';
  if (states.has('confirmed') || states.has('partially_available') || states.has('draft')) return 'confirmed';
  return 'assigned';
}

const OPEN = new Set<unknown>(['pending', 'waiting', 'ready']);

/** A step is pending while one before it is open, ready when the components are there, waiting otherwise. */
export function settleWorkorders(env: Env, production: number): void {
  const order = env.db.table('mrp.production').get(production);
  const table = env.db.table('mrp.workorder');
  for (const row of rowsBy(env, 'mrp.workorder', 'production_id', production)) {
    if (!OPEN.has(row.state)) continue;
    const blocked = idsOf(row.blocked_by_workorder_ids).some(
      (id) => !['done', 'cancel'].includes(String(table.get(id)?.state)),
    );
    const state = blocked ? 'pending' : order?.reservation_state === 'assigned' ? 'ready' : 'waiting';
    if (state !== row.state) patch(env, 'mrp.workorder', row.id, { state });
  }
}
