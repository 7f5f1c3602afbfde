// Builders of orders and stock moves for a small Odoo. Each gives the id of its record.

import type { Values } from './odoo-rows.ts';
import type { Product, SmallOdoo } from './small-odoo.ts';

export const ORDERED = '2026-11-20 08:00:00';
export const DELIVERED = '2026-11-27 08:00:00';

/** A sales order with one line; gives the ids of both. */
export function sale(odoo: SmallOdoo, of: Product, quantity: number, values: Values & { line?: Values } = {}) {
  const { line: more = {}, ...own } = values;
  const order = odoo.add('sale.order', {
    name: `S${(odoo.rows['sale.order']?.length ?? 0) + 1}`,
    state: 'sale',
    partner_id: odoo.customer,
    warehouse_id: odoo.main.id,
    date_order: ORDERED,
    picking_policy: 'direct',
    ...own,
  });
  const unit = odoo.fitting('sale.order.line', { product_uom: of.unit, product_uom_id: of.unit });
  const line = odoo.add('sale.order.line', {
    order_id: order,
    product_id: of.id,
    product_uom_qty: quantity,
    ...unit,
    ...more,
  });
  return { order, line };
}

/** A stock move; out of the main stock to the customers unless the values say otherwise. */
export function move(odoo: SmallOdoo, of: Product, quantity: number, values: Values = {}): number {
  return odoo.add('stock.move', {
    state: 'confirmed',
    product_id: of.id,
    product_uom: of.unit,
    product_uom_qty: quantity,
    date: DELIVERED,
    location_id: odoo.main.stock,
    location_dest_id: odoo.customers,
    ...values,
  });
}

export function purchase(odoo: SmallOdoo, of: Product, quantity: number, values: Values & { line?: Values } = {}) {
  const { line: more = {}, ...own } = values;
  const order = odoo.add('purchase.order', {
    name: `P${(odoo.rows['purchase.order']?.length ?? 0) + 1}`,
    state: 'purchase',
    partner_id: odoo.vendor,
    date_order: ORDERED,
    date_planned: DELIVERED,
    ...own,
  });
  const unit = odoo.fitting('purchase.order.line', { product_uom: of.unit, product_uom_id: of.unit });
  const line = odoo.add('purchase.order.line', {
    order_id: order,
    product_id: of.id,
    product_qty: quantity,
    date_planned: DELIVERED,
    ...unit,
    ...more,
  });
  return { order, line };
}

/** A receipt that a purchase order line waits for. */
export function receipt(odoo: SmallOdoo, of: Product, quantity: number, line: number, values: Values = {}): number {
  const places = { location_id: odoo.suppliers, location_dest_id: odoo.main.stock };
  return move(odoo, of, quantity, { state: 'assigned', purchase_line_id: line, ...places, ...values });
}

export function production(odoo: SmallOdoo, of: Product, quantity: number, values: Values = {}): number {
  const start = '2026-11-25 08:00:00';
  return odoo.add('mrp.production', {
    name: `MO${(odoo.rows['mrp.production']?.length ?? 0) + 1}`,
    state: 'confirmed',
    product_id: of.id,
    product_qty: quantity,
    product_uom_id: of.unit,
    location_dest_id: odoo.main.stock,
    ...(odoo.major <= 16 ? { date_planned_start: start } : { date_start: start }),
    ...values,
  });
}

/** A move that takes a component out of stock into a manufacturing order. */
export function component(odoo: SmallOdoo, order: number, of: Product, quantity: number, values: Values = {}): number {
  return move(odoo, of, quantity, {
    raw_material_production_id: order,
    location_dest_id: odoo.production,
    date: '2026-11-25 08:00:00',
    ...values,
  });
}

export function workorder(odoo: SmallOdoo, order: number, name: string, minutes: number, values: Values = {}): number {
  return odoo.add('mrp.workorder', {
    production_id: order,
    name,
    state: 'ready',
    duration_expected: minutes,
    ...values,
  });
}
