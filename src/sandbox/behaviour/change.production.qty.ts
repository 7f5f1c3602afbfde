// The wizard that changes the quantity of a manufacturing order: create with order and quantity, then change_prod_qty.

import { userError } from '../faults.ts';
import type { Env } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Behaviour } from './behaviour.ts';
import { assignMoves, unreserveMoves } from './moves.ts';
import { rescale } from './production-lines.ts';
import { numberOf, rowsBy, target } from './tools.ts';

export const changeProductionQuantity: Behaviour = {
  defaults: (env, given) => ({ product_qty: numberOf(target(env, 'mrp.production', given.mo_id)?.product_qty) }),
  methods: {
    change_prod_qty: (env, ids) => {
      for (const id of ids) {
        const wizard = env.db.table('change.production.qty').get(id);
        if (wizard) changeQuantity(env, numberOf(wizard.mo_id), numberOf(wizard.product_qty));
      }
      return {};
    },
  },
};

function changeQuantity(env: Env, id: number, quantity: number): void {
  const order = env.db.table('mrp.production').get(id);
  if (!order) return;
  if (quantity <= 0) throw userError('The quantity to produce must be positive.');
  if (order.state === 'done' || order.state === 'cancel') {
    throw userError('You cannot change the quantity of a manufacturing order that is done or cancelled.');
  }
  const reserved = [
    ...rowsBy(env, 'stock.move', 'raw_material_production_id', id),
    ...rowsBy(env, 'stock.move', 'production_id', id),
  ]
    .filter((move) => move.state === 'assigned' || move.state === 'partially_available')
    .map((move) => move.id);
  patch(env, 'mrp.production', id, { product_qty: quantity });
  unreserveMoves(env, reserved);
  rescale(env, id);
  assignMoves(env, reserved);
}
