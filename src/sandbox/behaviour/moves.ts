// Stock moves from draft to done: confirmed, reserved from quants, done with the quants following.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import type { Behaviour, Values } from './behaviour.ts';
import { change, make, remove } from './make.ts';
import { moveName } from './order-names.ts';
import { settlePicking } from './pickings.ts';
import { unitOf } from './product.product.ts';
import { addToQuant, reserve, unreserve } from './quants.ts';
import { settleReservation } from './reservation-state.ts';
import { movesBefore } from './resupply.ts';
import { convert, idsOf, numberOf, rowsBy, target, textOf } from './tools.ts';

/** Locations that have what is asked of them. */
const ENDLESS = new Set<unknown>(['supplier', 'customer', 'inventory', 'production']);
const CLOSED = new Set<unknown>(['done', 'cancel']);

export const stockMove: Behaviour = {
  displayName: moveName,
  defaults: (env, given) => {
    const picking = target(env, 'stock.picking', given.picking_id);
    const product = target(env, 'product.product', given.product_id);
    const unit = given.product_uom ?? (product ? unitOf(env, product) : false);
    return {
      name: product ? textOf(productLabel(env, product)) : false,
      state: 'draft',
      date: picking?.scheduled_date || nowText(env),
      product_uom: unit,
      product_uom_qty: 1,
      quantity: 0,
      picked: false,
      procure_method: 'make_to_stock',
      priority: '0',
      sequence: 10,
      propagate_cancel: true,
      scrapped: false,
      is_inventory: false,
      additional: false,
      move_orig_ids: [],
      move_dest_ids: [],
      route_ids: [],
      company_id: picking?.company_id ?? env.companies[0] ?? false,
      location_id: picking?.location_id ?? false,
      location_dest_id: picking?.location_dest_id ?? false,
      picking_type_id: picking?.picking_type_id ?? false,
      partner_id: picking?.partner_id ?? false,
      group_id: picking?.group_id ?? false,
      unit_factor: 1,
      cost_share: 0,
    };
  },
  afterCreate: (env, row) => {
    settleMove(env, row.id);
    const picking = target(env, 'stock.picking', row.picking_id);
    if (picking) settlePicking(env, picking.id);
  },
  afterWrite: (env, row, before, given) => {
    if (given.has('product_uom_qty') || given.has('product_uom') || given.has('product_id')) settleMove(env, row.id);
    if (given.has('date') && row.date !== before.date && typeof row.picking_id === 'number') {
      settlePicking(env, row.picking_id);
    }
    if (given.has('state') && typeof row.picking_id === 'number') settlePicking(env, row.picking_id);
  },
  afterUnlink: (env, row) => {
    if (typeof row.picking_id === 'number' && env.db.table('stock.picking').has(row.picking_id)) {
      settlePicking(env, row.picking_id);
    }
  },
};

function productLabel(env: Env, product: Row): Value | undefined {
  return target(env, 'product.template', product.product_tmpl_id)?.name;
}

/** What follows from product, quantity and unit. */
function settleMove(env: Env, id: number): void {
  const row = env.db.table('stock.move').get(id)!;
  const product = target(env, 'product.product', row.product_id);
  const values: Values = { is_done: row.state === 'done' };
  if (product) {
    values.product_qty = convert(env, numberOf(row.product_uom_qty), row.product_uom, unitOf(env, product), 'half-up');
  }
  const owner = reference(env, row);
  if (owner) values.reference = owner;
  patch(env, 'stock.move', id, values);
}

function reference(env: Env, row: Row): Value | undefined {
  const picking = target(env, 'stock.picking', row.picking_id);
  if (picking) return picking.name;
  const order =
    target(env, 'mrp.production', row.raw_material_production_id ?? false) ??
    target(env, 'mrp.production', row.production_id);
  return order?.name;
}

/** Draft moves become demands; those that can be reserved at once are. */
export function confirmMoves(env: Env, ids: readonly number[]): void {
  const drafts = ids.filter((id) => env.db.table('stock.move').get(id)?.state === 'draft');
  const touched = [...movesBefore(env, drafts), ...drafts];
  for (const id of touched) {
    const row = env.db.table('stock.move').get(id)!;
    const waitsForMoves = idsOf(row.move_orig_ids).some(
      (other) => !CLOSED.has(env.db.table('stock.move').get(other)?.state),
    );
    const waits = waitsForMoves || row.procure_method === 'make_to_order';
    patch(env, 'stock.move', id, { state: waits ? 'waiting' : 'confirmed' });
  }
  assignMoves(
    env,
    touched.filter((id) => reservesAtOnce(env, id)),
  );
  settleOwners(env, touched);
}

function reservesAtOnce(env: Env, id: number): boolean {
  const row = env.db.table('stock.move').get(id)!;
  if (comesByItself(env, row)) return true;
  return target(env, 'stock.picking.type', row.picking_type_id)?.reservation_method === 'at_confirm';
}

function comesByItself(env: Env, row: Row): boolean {
  return ENDLESS.has(target(env, 'stock.location', row.location_id)?.usage);
}

function isStorable(env: Env, row: Row): boolean {
  const product = target(env, 'product.product', row.product_id);
  const template = target(env, 'product.template', product?.product_tmpl_id);
  return (template?.detailed_type ?? template?.type) === 'product';
}

/** Reserves what is there; consumables and what comes from outside are always there. */
export function assignMoves(env: Env, ids: readonly number[]): void {
  for (const id of ids) {
    const row = env.db.table('stock.move').get(id);
    if (!row || !['confirmed', 'waiting', 'partially_available'].includes(textOf(row.state))) continue;
    if (row.state === 'waiting' && originsOpen(env, row)) continue;
    const missing = numberOf(row.product_qty) - inProductUnit(env, row, numberOf(row.quantity));
    const found = comesByItself(env, row) || !isStorable(env, row) ? missing : reserve(env, row, missing);
    if (found <= 0 && missing > 0) {
      if (row.state === 'waiting') patch(env, 'stock.move', id, { state: 'confirmed' });
      continue;
    }
    if (comesByItself(env, row) || !isStorable(env, row)) makeLine(env, row, missing);
    const quantity = numberOf(row.quantity) + inMoveUnit(env, row, found);
    const state = quantity >= numberOf(row.product_uom_qty) - 1e-9 ? 'assigned' : 'partially_available';
    patch(env, 'stock.move', id, { quantity, state });
  }
  settleOwners(env, ids);
}

function originsOpen(env: Env, row: Row): boolean {
  const origins = idsOf(row.move_orig_ids);
  if (origins.length === 0) return row.procure_method === 'make_to_order';
  return origins.some((id) => !CLOSED.has(env.db.table('stock.move').get(id)?.state));
}

/** Serial numbers take a line for each piece. */
function makeLine(env: Env, row: Row, quantity: number): void {
  if (quantity <= 0) return;
  const product = target(env, 'product.product', row.product_id);
  const serial = target(env, 'product.template', product?.product_tmpl_id)?.tracking === 'serial';
  const pieces = serial && Number.isInteger(quantity) ? quantity : 1;
  for (let i = 0; i < pieces; i++) {
    make(env, 'stock.move.line', {
      move_id: row.id,
      product_id: row.product_id,
      product_uom_id: row.product_uom,
      quantity: inMoveUnit(env, row, quantity / pieces),
      quantity_product_uom: quantity / pieces,
      location_id: row.location_id,
      location_dest_id: row.location_dest_id,
    });
  }
}

function inMoveUnit(env: Env, row: Row, quantity: number): number {
  const product = target(env, 'product.product', row.product_id);
  return product ? convert(env, quantity, unitOf(env, product), row.product_uom, 'half-up') : quantity;
}

function inProductUnit(env: Env, row: Row, quantity: number): number {
  const product = target(env, 'product.product', row.product_id);
  return product ? convert(env, quantity, row.product_uom, unitOf(env, product), 'half-up') : quantity;
}

/** Gives back what was reserved. */
export function unreserveMoves(env: Env, ids: readonly number[]): void {
  for (const id of ids) {
    const row = env.db.table('stock.move').get(id);
    if (!row || !['assigned', 'partially_available'].includes(textOf(row.state))) continue;
    release(env, row);
    patch(env, 'stock.move', id, { quantity: 0, state: 'confirmed' });
  }
  settleOwners(env, ids);
}

function release(env: Env, row: Row): void {
  const lines = rowsBy(env, 'stock.move.line', 'move_id', row.id);
  if (!comesByItself(env, row) && isStorable(env, row)) for (const line of lines) unreserve(env, line);
  remove(
    env,
    'stock.move.line',
    lines.map((line) => line.id),
  );
}

export function cancelMoves(env: Env, ids: readonly number[]): void {
  for (const id of ids) {
    const row = env.db.table('stock.move').get(id);
    if (!row || CLOSED.has(row.state)) continue;
    if (row.state === 'assigned' || row.state === 'partially_available') release(env, row);
    patch(env, 'stock.move', id, { state: 'cancel', quantity: 0 });
  }
  settleOwners(env, ids);
}

/** The goods move: quants follow, and moves that waited for these may be reserved. */
export function finishMoves(env: Env, ids: readonly number[], when: string): void {
  for (const id of ids) {
    const row = env.db.table('stock.move').get(id);
    if (!row || CLOSED.has(row.state)) continue;
    const quantity = numberOf(row.quantity) || numberOf(row.product_uom_qty);
    const wanted = inProductUnit(env, row, quantity);
    const left = wanted - takeReserved(env, row, wanted);
    patch(env, 'stock.move', id, {
      state: 'done',
      quantity,
      product_uom_qty: quantity,
      picked: true,
      date: when,
      is_done: true,
    });
    if (left > 1e-9) {
      makeLine(env, row, left);
      if (isStorable(env, row)) addToQuant(env, row, row.location_id, -left);
    }
    for (const line of rowsBy(env, 'stock.move.line', 'move_id', id)) {
      patch(env, 'stock.move.line', line.id, { state: 'done', date: when, picked: true });
    }
    if (isStorable(env, row)) addToQuant(env, row, row.location_dest_id, wanted);
  }
  settleOwners(env, ids);
  for (const id of ids) assignMoves(env, idsOf(env.db.table('stock.move').get(id)?.move_dest_ids));
}

/** Takes what was reserved from where it lies; lines beyond what is wanted are given back. */
function takeReserved(env: Env, row: Row, wanted: number): number {
  let taken = 0;
  for (const line of rowsBy(env, 'stock.move.line', 'move_id', row.id)) {
    const stocked = !comesByItself(env, row) && isStorable(env, row);
    if (stocked) unreserve(env, line);
    const quantity = Math.min(numberOf(line.quantity_product_uom), wanted - taken);
    if (quantity <= 1e-9) {
      remove(env, 'stock.move.line', [line.id]);
      continue;
    }
    patch(env, 'stock.move.line', line.id, {
      quantity: inMoveUnit(env, row, quantity),
      quantity_product_uom: quantity,
    });
    if (isStorable(env, row)) addToQuant(env, { ...row, lot_id: line.lot_id ?? false }, line.location_id, -quantity);
    taken += quantity;
  }
  return taken;
}

/** Pickings, orders and order lines look at their moves. */
function settleOwners(env: Env, ids: readonly number[]): void {
  const pickings = new Set<number>();
  const productions = new Set<number>();
  const sales = new Set<number>();
  const purchases = new Set<number>();
  const note = (set: Set<number>, value: Value | undefined): void => {
    if (typeof value === 'number') set.add(value);
  };
  for (const id of ids) {
    const row = env.db.table('stock.move').get(id);
    note(pickings, row?.picking_id);
    note(productions, row?.raw_material_production_id);
    if (row?.state === 'done') {
      note(sales, row.sale_line_id);
      note(purchases, row.purchase_line_id);
    }
  }
  for (const id of pickings) settlePicking(env, id);
  for (const id of productions) settleReservation(env, id);
  for (const id of sales)
    change(env, 'sale.order.line', [id], { qty_delivered: doneQuantity(env, 'sale_line_id', id) });
  for (const id of purchases) {
    change(env, 'purchase.order.line', [id], { qty_received: doneQuantity(env, 'purchase_line_id', id) });
  }
}

function doneQuantity(env: Env, field: string, id: number): number {
  return rowsBy(env, 'stock.move', field, id)
    .filter((move) => move.state === 'done')
    .reduce((sum, move) => sum + numberOf(move.quantity), 0);
}
