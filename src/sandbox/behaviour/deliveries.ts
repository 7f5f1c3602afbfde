// What a confirmed sales order asks of the stock: moves by the warehouse's rules, kits taken apart, one transfer per group and type.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { displayName } from '../orm/value.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { explode, findBom } from './bills.ts';
import { make } from './make.ts';
import { confirmMoves } from './moves.ts';
import { unitOf } from './product.product.ts';
import { convert, idsOf, numberOf, plusDays, roundTo, rowsBy, target, textOf } from './tools.ts';

interface Need {
  product: Row;
  /** In `unit`. */
  quantity: number;
  unit: Value;
  location: number;
  date: string;
  deadline: Value;
  partner: Value;
  line: Row;
  order: Row;
  group: number;
  warehouse: Row;
  bomLine: number | false;
  next: number | false;
}

/** Moves for the lines of an order that are not covered yet. */
export function deliver(env: Env, order: Row, group: number): void {
  const made: number[] = [];
  const warehouse = target(env, 'stock.warehouse', order.warehouse_id);
  if (!warehouse) return;
  for (const line of rowsBy(env, 'sale.order.line', 'order_id', order.id)) {
    const product = target(env, 'product.product', line.product_id);
    if (!product || textOf(line.display_type) || isService(env, product)) continue;
    const open = numberOf(line.product_uom_qty) - coveredQuantity(env, line);
    if (open <= 1e-9) continue;
    const company = target(env, 'res.company', order.company_id);
    const deadline =
      textOf(order.commitment_date) || plusDays(order.date_order || nowText(env), numberOf(line.customer_lead));
    const base: Omit<Need, 'product' | 'quantity' | 'unit' | 'bomLine'> = {
      location: customerLocation(env, order),
      date: plusDays(deadline, -numberOf(company?.security_lead)),
      deadline,
      partner: order.partner_shipping_id ?? false,
      line,
      order,
      group,
      warehouse,
      next: false,
    };
    const kit = findBom(env, product, { company: numberOf(order.company_id), type: 'phantom' });
    if (!kit) {
      const unit = unitOf(env, product);
      const quantity = convert(env, open, line.product_uom, unit, 'half-up');
      made.push(
        ...pull(env, { ...base, product, quantity, unit: unit || (line.product_uom ?? false), bomLine: false }),
      );
      continue;
    }
    const batches =
      convert(env, open, line.product_uom, kit.product_uom_id, 'half-up') / (numberOf(kit.product_qty) || 1);
    for (const { product: component, quantity, line: bomLine } of explode(env, kit, product, batches)) {
      if (isService(env, component)) continue;
      made.push(
        ...pull(env, {
          ...base,
          product: component,
          quantity,
          unit: bomLine.product_uom_id ?? false,
          bomLine: bomLine.id,
        }),
      );
    }
  }
  confirmMoves(env, made);
}

export function isService(env: Env, product: Row): boolean {
  const template = target(env, 'product.template', product.product_tmpl_id);
  return (template?.detailed_type ?? template?.type) === 'service';
}

function coveredQuantity(env: Env, line: Row): number {
  return rowsBy(env, 'stock.move', 'sale_line_id', line.id)
    .filter((move) => move.state !== 'cancel')
    .reduce(
      (sum, move) =>
        sum +
        (target(env, 'stock.location', move.location_dest_id)?.usage === 'customer'
          ? numberOf(move.product_uom_qty)
          : 0),
      0,
    );
}

function customerLocation(env: Env, order: Row): number {
  const partner = target(env, 'res.partner', order.partner_shipping_id);
  if (typeof partner?.property_stock_customer === 'number') return partner.property_stock_customer;
  for (const row of env.db.table('stock.location').rows())
    if (row.usage === 'customer' && row.active !== false) return row.id;
  return 0;
}

/** The move that brings the goods to a place, and those before it while the rules say "from another operation". */
function pull(env: Env, need: Need): number[] {
  const rule = findRule(env, need.product, need.location, need.warehouse, need.line.route_id);
  if (!rule || (rule.action !== 'pull' && rule.action !== 'pull_push')) return [];
  const date = plusDays(need.date, -numberOf(rule.delay));
  const picking = pickingFor(env, need, rule, date);
  const toOrder = rule.procure_method === 'make_to_order';
  const move = make(env, 'stock.move', {
    name: textOf(need.line.name).split('\n')[0] || displayName(env, 'product.product', need.product.id),
    description_picking: textOf(target(env, 'product.template', need.product.product_tmpl_id)?.name) || false,
    product_id: need.product.id,
    product_uom: need.unit,
    product_uom_qty: roundTo(need.quantity, numberOf(target(env, 'uom.uom', need.unit)?.rounding) || 0.01),
    date,
    date_deadline: need.deadline,
    location_id: rule.location_src_id,
    location_dest_id: need.location,
    partner_id: need.partner,
    picking_id: picking.id,
    picking_type_id: rule.picking_type_id ?? false,
    company_id: need.order.company_id,
    group_id: need.group,
    rule_id: rule.id,
    origin: need.order.name,
    procure_method: toOrder ? 'make_to_order' : 'make_to_stock',
    propagate_cancel: rule.propagate_cancel ?? false,
    warehouse_id: need.warehouse.id,
    sale_line_id: need.line.id,
    bom_line_id: need.bomLine,
    reservation_date: nowText(env).slice(0, 10),
    move_dest_ids: need.next ? [[6, 0, [need.next]]] : [],
  });
  const before =
    toOrder && typeof rule.location_src_id === 'number'
      ? pull(env, { ...need, location: rule.location_src_id, date, next: move.id })
      : [];
  return [...before, move.id];
}

/** Rules of the line's, the product's, its category's and the warehouse's routes, in that order; the place or one above it. */
export function findRule(env: Env, product: Row, location: number, warehouse: Row, lineRoute?: Value): Row | undefined {
  const template = target(env, 'product.template', product.product_tmpl_id);
  const routes: (readonly number[])[] = [
    typeof lineRoute === 'number' ? [lineRoute] : [],
    idsOf(template?.route_ids),
    categoryRoutes(env, template?.categ_id),
    idsOf(warehouse.route_ids),
  ];
  for (
    let place: Row | undefined = target(env, 'stock.location', location);
    place;
    place = target(env, 'stock.location', place.location_id)
  ) {
    for (const group of routes) {
      const rule = rulesOf(env, group, place.id, warehouse)[0];
      if (rule) return rule;
    }
  }
  return undefined;
}

function rulesOf(env: Env, routes: readonly number[], location: number, warehouse: Row): Row[] {
  const sequence = (row: Row, field: string): number => numberOf(row[field]);
  return rowsBy(env, 'stock.rule', 'location_dest_id', location)
    .filter(
      (rule) =>
        rule.active !== false &&
        rule.action !== 'push' &&
        routes.includes(numberOf(rule.route_id)) &&
        target(env, 'stock.route', rule.route_id)?.active !== false &&
        (typeof rule.warehouse_id !== 'number' || rule.warehouse_id === warehouse.id) &&
        (typeof rule.company_id !== 'number' || rule.company_id === warehouse.company_id),
    )
    .sort(
      (a, b) =>
        sequence(target(env, 'stock.route', a.route_id) ?? a, 'sequence') -
          sequence(target(env, 'stock.route', b.route_id) ?? b, 'sequence') ||
        sequence(a, 'sequence') - sequence(b, 'sequence') ||
        a.id - b.id,
    );
}

function categoryRoutes(env: Env, category: Value | undefined): number[] {
  const row = target(env, 'product.category', category);
  return row ? [...idsOf(row.route_ids), ...categoryRoutes(env, row.parent_id)] : [];
}

/** The open transfer of this group, type and way, or a new one. */
function pickingFor(env: Env, need: Need, rule: Row, date: string): Row {
  const open = rowsBy(env, 'stock.picking', 'group_id', need.group).find(
    (picking) =>
      picking.picking_type_id === rule.picking_type_id &&
      picking.location_id === rule.location_src_id &&
      picking.location_dest_id === need.location &&
      picking.printed !== true &&
      !['done', 'cancel'].includes(textOf(picking.state)),
  );
  if (open) return open;
  const picking = make(env, 'stock.picking', {
    picking_type_id: rule.picking_type_id,
    partner_id: need.partner,
    origin: need.order.name,
    location_id: rule.location_src_id,
    location_dest_id: need.location,
    scheduled_date: date,
    move_type: need.order.picking_policy ?? 'direct',
    user_id: false,
  });
  patch(env, 'stock.picking', picking.id, { group_id: need.group, sale_id: need.order.id });
  return env.db.table('stock.picking').get(picking.id)!;
}
