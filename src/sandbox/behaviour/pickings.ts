// Transfers: number, places and date from type and moves; state follows the moves.

import { userError } from '../faults.ts';
import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import type { Behaviour, Values } from './behaviour.ts';
import { assignMoves, cancelMoves, confirmMoves, unreserveMoves } from './moves.ts';
import { nextOf } from './sequences.ts';
import { rowsBy, target, textOf } from './tools.ts';
import { validate } from './validate.ts';

export const stockPicking: Behaviour = {
  searchNames: ['name', 'origin'],
  defaults: (env, given) => {
    const type = target(env, 'stock.picking.type', given.picking_type_id);
    const customers = locationOf(env, 'customer');
    const suppliers = locationOf(env, 'supplier');
    return {
      name: given.name ?? nextOf(env, type?.sequence_id) ?? '/',
      state: 'draft',
      move_type: 'direct',
      priority: '0',
      date: nowText(env),
      scheduled_date: nowText(env),
      location_id: type?.default_location_src_id || (type?.code === 'incoming' ? suppliers : false),
      location_dest_id: type?.default_location_dest_id || (type?.code === 'outgoing' ? customers : false),
      user_id: env.uid,
      is_locked: true,
      printed: false,
      company_id: type?.company_id ?? false,
    };
  },
  afterCreate: (env, row) => {
    for (const move of rowsBy(env, 'stock.move', 'picking_id', row.id)) {
      const product = target(env, 'product.product', move.product_id);
      const values: Values = { reference: row.name };
      values.description_picking = target(env, 'product.template', product?.product_tmpl_id)?.name ?? false;
      // Odoo's default counts as given: moves that come with a transfer take its date, whatever theirs was.
      values.date = row.scheduled_date ?? nowText(env);
      patch(env, 'stock.move', move.id, values);
    }
    settlePicking(env, row.id);
  },
  afterWrite: (env, row, _before, given) => {
    const moves = rowsBy(env, 'stock.move', 'picking_id', row.id).filter((move) => !isClosed(move));
    for (const move of moves) {
      const values: Values = {};
      if (given.has('scheduled_date')) values.date = row.scheduled_date;
      if (given.has('location_id')) values.location_id = row.location_id;
      if (given.has('location_dest_id')) values.location_dest_id = row.location_dest_id;
      if (Object.keys(values).length > 0) patch(env, 'stock.move', move.id, values);
    }
    settlePicking(env, row.id);
  },
  methods: {
    action_confirm: (env, ids) => {
      for (const id of ids) confirmMoves(env, movesOf(env, id));
      return true;
    },
    action_assign: (env, ids) => {
      for (const id of ids) {
        confirmMoves(env, movesOf(env, id));
        const open = movesOf(env, id).filter((move) => !isClosed(env.db.table('stock.move').get(move)!));
        if (open.length === 0) throw userError('Nothing to check the availability for.');
        assignMoves(env, open);
      }
      return true;
    },
    do_unreserve: (env, ids) => {
      for (const id of ids) unreserveMoves(env, movesOf(env, id));
      return true;
    },
    action_cancel: (env, ids) => {
      for (const id of ids) {
        cancelMoves(env, movesOf(env, id));
        patch(env, 'stock.picking', id, { state: 'cancel' });
      }
      return true;
    },
    button_validate: (env, ids) => {
      for (const id of ids) validate(env, id);
      return true;
    },
  },
};

function isClosed(move: Row): boolean {
  return move.state === 'done' || move.state === 'cancel';
}

function movesOf(env: Env, picking: number): number[] {
  return [...(env.db.table('stock.move').index('picking_id').get(picking) ?? [])];
}

export function locationOf(env: Env, usage: string): Value {
  for (const row of env.db.table('stock.location').rows())
    if (row.usage === usage && row.active !== false) return row.id;
  return false;
}

/** State and date of a transfer from its moves. */
export function settlePicking(env: Env, id: number): void {
  const picking = env.db.table('stock.picking').get(id);
  if (!picking) return;
  const moves = rowsBy(env, 'stock.move', 'picking_id', id);
  const values: Values = {};
  const state = moves.length === 0 ? 'draft' : stateOf(moves, picking.move_type === 'one');
  if (state !== picking.state && !(moves.length === 0 && picking.state === 'cancel')) values.state = state;
  const dates = moves.filter((move) => !isClosed(move)).map((move) => textOf(move.date));
  if (dates.length > 0) {
    dates.sort();
    const date = picking.move_type === 'one' ? dates.at(-1) : dates[0];
    if (date !== picking.scheduled_date) values.scheduled_date = date;
  }
  const deadlines = moves
    .map((move) => textOf(move.date_deadline))
    .filter(Boolean)
    .sort();
  if (deadlines.length > 0 && deadlines[0] !== picking.date_deadline) values.date_deadline = deadlines[0];
  const group = moves.find((move) => typeof move.group_id === 'number')?.group_id;
  if (group !== undefined && group !== picking.group_id) values.group_id = group;
  if (Object.keys(values).length > 0) patch(env, 'stock.picking', id, values);
}

function stateOf(moves: readonly Row[], atOnce: boolean): string {
  if (moves.some((move) => move.state === 'draft')) return 'draft';
  if (moves.every((move) => move.state === 'cancel')) return 'cancel';
  if (moves.every(isClosed)) return 'done';
  const states = new Set(moves.filter((move) => !isClosed(move)).map((move) => move.state));
  if (atOnce) {
    if (states.has('waiting')) return 'waiting';
    if (states.has('confirmed') || states.has('partially_available')) return 'confirmed';
    return 'assigned';
  }
  if (states.has('assigned') || states.has('partially_available')) return 'assigned';
  return states.has('confirmed') ? 'confirmed' : 'waiting';
}
