// What a manufacturing order is made of: component moves, finished and by-product moves, work orders, all from its bill.

import type { Env } from '../orm/env.ts';
import { modelOf } from '../orm/env.ts';
import { comparator } from '../orm/order.ts';
import { patch } from '../orm/write.ts';
import type { Row } from '../values.ts';
import type { Values } from './behaviour.ts';
import { appliesTo, type Component, explode } from './bills.ts';
import { isService } from './deliveries.ts';
import { expectedMinutes } from './durations.ts';
import { make, remove } from './make.ts';
import { convert, idsOf, numberOf, rowsBy, target, timeOf, timeText } from './tools.ts';

/** Batches of the bill that an order is. */
function batches(env: Env, order: Row, bom: Row): number {
  return (
    convert(env, numberOf(order.product_qty), order.product_uom_id, bom.product_uom_id, 'half-up') /
    (numberOf(bom.product_qty) || 1)
  );
}

function componentsOf(env: Env, order: Row): Component[] {
  const bom = target(env, 'mrp.bom', order.bom_id);
  const product = target(env, 'product.product', order.product_id);
  if (!bom || !product) return [];
  const found = explode(env, bom, product, batches(env, order, bom), { company: numberOf(order.company_id) });
  return found.filter((component) => !isService(env, component.product));
}

/** Moves and work orders of a new order, or of one with another bill. */
export function makeLines(env: Env, id: number): void {
  const order = env.db.table('mrp.production').get(id)!;
  if (rowsBy(env, 'stock.move', 'raw_material_production_id', id).length === 0) {
    for (const component of componentsOf(env, order)) makeComponent(env, order, component);
  }
  if (rowsBy(env, 'mrp.workorder', 'production_id', id).length === 0) makeWorkorders(env, order);
  settleFinish(env, id);
  if (rowsBy(env, 'stock.move', 'production_id', id).length === 0)
    makeOutputs(env, env.db.table('mrp.production').get(id)!);
}

function common(env: Env, order: Row): Record<string, unknown> {
  return {
    name: order.name,
    origin: order.name,
    reference: order.name,
    company_id: order.company_id,
    group_id: order.procurement_group_id ?? false,
    picking_type_id: order.picking_type_id,
    warehouse_id: target(env, 'stock.picking.type', order.picking_type_id)?.warehouse_id ?? false,
    propagate_cancel: order.propagate_cancel ?? false,
    procure_method: 'make_to_stock',
  };
}

function makeComponent(env: Env, order: Row, component: Component): void {
  make(env, 'stock.move', {
    ...common(env, order),
    product_id: component.product.id,
    product_uom: component.line.product_uom_id,
    product_uom_qty: component.quantity,
    unit_factor: component.quantity / (numberOf(order.product_qty) || 1),
    sequence: numberOf(component.line.sequence),
    date: order.date_start,
    date_deadline: order.date_start,
    location_id: order.location_src_id,
    location_dest_id: order.production_location_id ?? false,
    raw_material_production_id: order.id,
    bom_line_id: component.line.id,
    operation_id: component.operation,
    manual_consumption: component.line.manual_consumption ?? false,
  });
}

function makeOutputs(env: Env, order: Row): void {
  const output = (values: Record<string, unknown>): void => {
    make(env, 'stock.move', {
      ...common(env, order),
      date: order.date_finished,
      date_deadline: order.date_deadline ?? false,
      sequence: 10,
      location_id: order.production_location_id ?? false,
      location_dest_id: order.location_dest_id,
      production_id: order.id,
      ...values,
    });
  };
  const move_dest_ids = [[6, 0, idsOf(order.move_dest_ids)]];
  output({
    product_id: order.product_id,
    product_uom: order.product_uom_id,
    product_uom_qty: order.product_qty,
    unit_factor: 1,
    move_dest_ids,
  });
  const bom = target(env, 'mrp.bom', order.bom_id);
  const product = target(env, 'product.product', order.product_id);
  if (!bom || !product) return;
  for (const byproduct of rowsBy(env, 'mrp.bom.byproduct', 'bom_id', bom.id)) {
    if (!appliesTo(env, byproduct, product)) continue;
    const quantity = numberOf(byproduct.product_qty) * batches(env, order, bom);
    output({
      product_id: byproduct.product_id,
      product_uom: byproduct.product_uom_id,
      product_uom_qty: quantity,
      unit_factor: quantity / (numberOf(order.product_qty) || 1),
      byproduct_id: byproduct.id,
      operation_id: byproduct.operation_id ?? false,
      cost_share: numberOf(byproduct.cost_share),
    });
  }
}

function makeWorkorders(env: Env, order: Row): void {
  const bom = target(env, 'mrp.bom', order.bom_id);
  const product = target(env, 'product.product', order.product_id);
  if (!bom || !product) return;
  const compare = comparator(env, modelOf(env, 'mrp.routing.workcenter'), 'sequence, id');
  const operations = rowsBy(env, 'mrp.routing.workcenter', 'bom_id', bom.id)
    .filter((operation) => operation.active !== false && appliesTo(env, operation, product))
    .sort(compare);
  for (const operation of operations) {
    const workcenter = target(env, 'mrp.workcenter', operation.workcenter_id);
    if (!workcenter) continue;
    make(env, 'mrp.workorder', {
      name: operation.name,
      production_id: order.id,
      operation_id: operation.id,
      workcenter_id: workcenter.id,
      product_uom_id: order.product_uom_id,
      duration_expected: expectedMinutes(env, operation, workcenter, product.id, numberOf(order.product_qty)),
      state: 'waiting',
    });
  }
}

/** Another quantity: components, outputs and expected durations follow; done moves stay. */
export function rescale(env: Env, id: number): void {
  const order = env.db.table('mrp.production').get(id)!;
  const wanted = new Map(componentsOf(env, order).map((component) => [component.line.id, component]));
  for (const move of rowsBy(env, 'stock.move', 'raw_material_production_id', id)) {
    if (move.state === 'done' || move.state === 'cancel') continue;
    const component = wanted.get(numberOf(move.bom_line_id));
    const quantity = component?.quantity ?? numberOf(move.unit_factor) * numberOf(order.product_qty);
    setDemand(env, move, quantity, { unit_factor: quantity / (numberOf(order.product_qty) || 1) });
  }
  for (const move of rowsBy(env, 'stock.move', 'production_id', id)) {
    if (move.state === 'done' || move.state === 'cancel') continue;
    const main = move.product_id === order.product_id;
    setDemand(
      env,
      move,
      main ? numberOf(order.product_qty) : numberOf(move.unit_factor) * numberOf(order.product_qty),
      {},
    );
  }
  for (const row of rowsBy(env, 'mrp.workorder', 'production_id', id)) {
    const workcenter = target(env, 'mrp.workcenter', row.workcenter_id);
    if (!workcenter || row.state === 'done' || row.state === 'cancel') continue;
    const operation = target(env, 'mrp.routing.workcenter', row.operation_id);
    if (!operation) continue;
    const minutes = expectedMinutes(
      env,
      operation,
      workcenter,
      numberOf(order.product_id),
      numberOf(order.product_qty),
    );
    patch(env, 'mrp.workorder', row.id, { duration_expected: minutes });
  }
  settleFinish(env, id);
}

function setDemand(env: Env, move: Row, quantity: number, more: Values): void {
  const ratio = numberOf(move.product_uom_qty) === 0 ? 1 : quantity / numberOf(move.product_uom_qty);
  patch(env, 'stock.move', move.id, {
    ...more,
    product_uom_qty: quantity,
    product_qty: numberOf(move.product_qty) * ratio,
  });
}

/** The end of an order that is not planned: its start plus the expected minutes of its steps, an hour without steps. */
export function settleFinish(env: Env, id: number): void {
  const order = env.db.table('mrp.production').get(id)!;
  if (order.is_planned === true) return;
  const bom = target(env, 'mrp.bom', order.bom_id);
  const days = numberOf(bom?.produce_delay);
  const minutes = rowsBy(env, 'mrp.workorder', 'production_id', id).reduce(
    (sum, row) => sum + numberOf(row.duration_expected),
    0,
  );
  const start = timeOf(order.date_start);
  const finish = timeText(start + days * 86_400_000 + (minutes || (days > 0 ? 0 : 60)) * 60_000);
  setFinish(env, id, finish);
}

export function setFinish(env: Env, id: number, finish: string): void {
  patch(env, 'mrp.production', id, { date_finished: finish });
  for (const move of rowsBy(env, 'stock.move', 'production_id', id)) {
    if (move.state !== 'done' && move.state !== 'cancel') patch(env, 'stock.move', move.id, { date: finish });
  }
}

/** Components are wanted at the start. */
export function setStart(env: Env, id: number, start: string): void {
  patch(env, 'mrp.production', id, { date_start: start });
  for (const move of rowsBy(env, 'stock.move', 'raw_material_production_id', id)) {
    if (move.state !== 'done' && move.state !== 'cancel') {
      patch(env, 'stock.move', move.id, { date: start, date_deadline: start });
    }
  }
}

export function removeLines(env: Env, id: number): void {
  const moves = [
    ...rowsBy(env, 'stock.move', 'raw_material_production_id', id),
    ...rowsBy(env, 'stock.move', 'production_id', id),
  ];
  remove(
    env,
    'stock.move',
    moves.map((move) => move.id),
  );
  remove(
    env,
    'mrp.workorder',
    rowsBy(env, 'mrp.workorder', 'production_id', id).map((row) => row.id),
  );
}
