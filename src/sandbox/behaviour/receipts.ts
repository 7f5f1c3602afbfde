// What a confirmed purchase order brings: one receipt with a move per line of goods.

import type { Env } from '../orm/env.ts';
import { displayName } from '../orm/value.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { isService } from './deliveries.ts';
import { make } from './make.ts';
import { confirmMoves } from './moves.ts';
import { locationOf } from './pickings.ts';
import { unitOf } from './product.product.ts';
import { convert, numberOf, rowsBy, target, textOf } from './tools.ts';

/** Moves for the lines that have none yet, on the order's open receipt. */
export function receive(env: Env, order: Row): void {
  const lines = rowsBy(env, 'purchase.order.line', 'order_id', order.id).filter((line) => {
    const product = target(env, 'product.product', line.product_id);
    return (
      product !== undefined &&
      !textOf(line.display_type) &&
      !isService(env, product) &&
      rowsBy(env, 'stock.move', 'purchase_line_id', line.id).every((move) => move.state === 'cancel')
    );
  });
  if (lines.length === 0) return;
  const group = groupOf(env, order);
  const picking = openReceipt(env, order) ?? makeReceipt(env, order, group);
  const made = lines.map((line) => makeMove(env, order, line, picking, group));
  // The lines of a receipt stand in the order of their dates.
  const date = (id: number): string => textOf(env.db.table('stock.move').get(id)?.date);
  const byDate = [...made].sort((a, b) => (date(a) < date(b) ? -1 : date(a) > date(b) ? 1 : a - b));
  for (const [i, id] of byDate.entries()) patch(env, 'stock.move', id, { sequence: (i + 1) * 5 });
  confirmMoves(env, made);
}

function groupOf(env: Env, order: Row): number {
  if (typeof order.group_id === 'number') return order.group_id;
  const group = make(env, 'procurement.group', { name: order.name, move_type: 'direct', partner_id: order.partner_id });
  patch(env, 'purchase.order', order.id, { group_id: group.id });
  return group.id;
}

function openReceipt(env: Env, order: Row): Row | undefined {
  for (const line of rowsBy(env, 'purchase.order.line', 'order_id', order.id)) {
    for (const move of rowsBy(env, 'stock.move', 'purchase_line_id', line.id)) {
      const picking = target(env, 'stock.picking', move.picking_id);
      if (picking && picking.state !== 'done' && picking.state !== 'cancel') return picking;
    }
  }
  return undefined;
}

function makeReceipt(env: Env, order: Row, group: number): Row {
  const type = target(env, 'stock.picking.type', order.picking_type_id);
  const vendor = target(env, 'res.partner', order.partner_id);
  const picking = make(env, 'stock.picking', {
    picking_type_id: order.picking_type_id,
    partner_id: order.partner_id,
    origin: order.name,
    location_id: vendorLocation(env, vendor),
    location_dest_id: type?.default_location_dest_id ?? false,
    scheduled_date: order.date_planned,
    user_id: false,
  });
  patch(env, 'stock.picking', picking.id, { group_id: group });
  return env.db.table('stock.picking').get(picking.id)!;
}

function vendorLocation(env: Env, vendor: Row | undefined): Value {
  return vendor?.property_stock_supplier || locationOf(env, 'supplier');
}

function makeMove(env: Env, order: Row, line: Row, picking: Row, group: number): number {
  const product = target(env, 'product.product', line.product_id)!;
  const unit = unitOf(env, product);
  return make(env, 'stock.move', {
    name: (displayName(env, 'product.product', product.id) || textOf(line.name)).slice(0, 2000),
    description_picking: textOf(line.name) || false,
    product_id: product.id,
    product_uom: unit || line.product_uom,
    product_uom_qty: convert(env, numberOf(line.product_qty), line.product_uom, unit, 'half-up'),
    date: line.date_planned,
    date_deadline: line.date_planned,
    location_id: picking.location_id,
    location_dest_id: picking.location_dest_id,
    picking_id: picking.id,
    picking_type_id: order.picking_type_id,
    partner_id: order.dest_address_id || false,
    company_id: order.company_id,
    group_id: group,
    origin: order.name,
    price_unit: numberOf(line.price_unit),
    propagate_cancel: line.propagate_cancel ?? true,
    warehouse_id: target(env, 'stock.picking.type', order.picking_type_id)?.warehouse_id ?? false,
    purchase_line_id: line.id,
  }).id;
}
