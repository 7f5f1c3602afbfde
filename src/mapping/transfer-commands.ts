// Posted distribution orders -> transfers between warehouses (connector.md 3.6; F7). Where one warehouse resupplies the other, the
// draft is the arrival from transit, and Odoo makes the departure by its rules when somebody confirms it; else it is an internal
// transfer. Warehouses are found by id, code or name, operation types and locations by them and by rules, never by English names.
import {
  type Commands,
  odooStamp,
  type PendingOrder,
  type RecordName,
  slotOf,
  type UpdateCommand,
  type Values,
} from './commands.ts';
import type { PostedTransfer, PostedWarehouse } from './posted.ts';
import { unusable } from './purchase-commands.ts';
import { flag, link, number, type OdooRow, text } from './records.ts';
import type { Instant } from './time.ts';
import { clean } from './units.ts';
import { nameOf, sameQuantity, transferMoveOf, type WriteContext, warehousesOf } from './write-context.ts';

export function transferCommands(context: WriteContext, orders: readonly PostedTransfer[], commands: Commands): void {
  for (const order of orders) {
    const { index, reference, type, item } = order;
    const record: RecordName = { index, reference, type, item };
    const refuse = (reason: string) => void commands.refusals.push({ ...record, reason });
    const product = context.table('product.product').get(order.product);
    const problem = unusable(context, order, product);
    if (problem) {
      refuse(problem);
      continue;
    }
    const moveId = order.change ? transferMoveOf(reference) : undefined;
    const move = moveId === undefined ? undefined : context.table('stock.move').get(moveId);
    if (moveId !== undefined && !move) refuse(`"${reference}" names no transfer of Odoo`);
    else {
      const made = move
        ? change(context, order, record, move, commands)
        : newTransfer(context, order, record, product!);
      if (typeof made === 'string') refuse(made);
      else if (made !== null) commands.pending.push(made);
    }
  }
}

function find(warehouses: readonly OdooRow[], { id, name }: PostedWarehouse): OdooRow | undefined {
  const byId = id === undefined ? undefined : warehouses.find((row) => row.id === id);
  return (
    byId ?? warehouses.find((row) => text(row, 'code') === name) ?? warehouses.find((row) => text(row, 'name') === name)
  );
}

function newTransfer(
  context: WriteContext,
  order: PostedTransfer,
  record: RecordName,
  product: OdooRow,
): PendingOrder | string {
  const warehouses = warehousesOf(context);
  const from = find(warehouses, order.origin);
  const to = find(warehouses, order.destination);
  if (!from) return `origin "${order.origin.name}" is no warehouse of Odoo`;
  if (!to) return `destination "${order.destination.name}" is no warehouse of Odoo`;
  if (from.id === to.id) return 'origin and destination are the same warehouse';
  if (text(product, 'type') === 'service') return `"${nameOf(product)}" is a service`;
  const way = resupply(context, from, to) ?? direct(context, from, to);
  if (way === undefined) return `warehouse "${nameOf(from)}" has no internal transfers`;
  const start = context.zone.toInstant(order.start);
  const end = context.zone.toInstant(order.end);
  const { company, type, dated, lane, move } = way;
  return {
    record,
    key: JSON.stringify(['DO', order.reference, order.product, from.id, to.id, order.quantity, start, end]),
    slot: slotOf('DO', order.reference, order.product, from.id, to.id),
    type: 'DO',
    model: 'stock.picking',
    company,
    group: `${from.id} ${to.id}`,
    line: `${order.product} ${order.uom}`,
    quantity: order.quantity,
    unit: order.uom,
    start,
    end,
    remark: order.remark,
    what: `${order.quantity} ${context.units.name(order.uom)} of ${nameOf(product)} on ${odooStamp(dated === 'end' ? end : start)} UTC`,
    groupName: `${way.name} from ${nameOf(from)} to ${nameOf(to)}`,
    dated,
    product: product.id,
    steps: [],
    // Odoo gives the date of the transfer to every move; those that differ get theirs afterwards.
    values: (lines) => ({
      ...lane,
      picking_type_id: type,
      scheduled_date: odooStamp(Math.min(...lines.map((line) => line[dated]))),
      move_type: 'direct',
      user_id: context.responsible,
      move_ids: lines.map((line) => [
        0,
        0,
        {
          ...lane,
          ...move,
          ...(context.major >= 19 ? {} : { name: nameOf(context.table('product.product').get(line.product)) }),
          product_id: line.product,
          product_uom_qty: line.quantity,
          product_uom: line.unit,
          date: odooStamp(line[dated]),
        },
      ]),
    }),
  };
}

interface Way {
  name: string;
  company: number;
  /** Operation type. */
  type: number;
  /** Which end of the order Odoo's date is. */
  dated: 'start' | 'end';
  /** Of the transfer and its moves. */
  lane: Values;
  /** Of the moves alone. */
  move: Values;
}

function direct(context: WriteContext, from: OdooRow, to: OdooRow): Way | undefined {
  const type = link(from, 'int_type_id');
  const source = link(from, 'lot_stock_id');
  const target = link(to, 'lot_stock_id');
  if (type === undefined || source === undefined || target === undefined) return undefined;
  const company = link(from, 'company_id') ?? context.company;
  const lane = { location_id: source, location_dest_id: target, company_id: company };
  return { name: 'transfer', company, type, dated: 'start', lane, move: {} };
}

/** By the rule that brings goods into a warehouse out of transit, as Odoo's own replenishment does. */
function resupply(context: WriteContext, from: OdooRow, to: OdooRow): Way | undefined {
  for (const route of context.table('stock.route').values()) {
    if (route.active === false || link(route, 'supplier_wh_id') !== from.id) continue;
    if (link(route, 'supplied_wh_id') !== to.id) continue;
    for (const rule of context.table('stock.rule').values()) {
      if (link(rule, 'route_id') !== route.id || rule.active === false || link(rule, 'warehouse_id') !== to.id)
        continue;
      const [type, source, target] = [
        link(rule, 'picking_type_id'),
        link(rule, 'location_src_id'),
        link(rule, 'location_dest_id'),
      ];
      if (!/^pull/.test(text(rule, 'action')) || text(rule, 'procure_method') !== 'make_to_order') continue;
      if (type === undefined || source === undefined || target === undefined) continue;
      const company = link(to, 'company_id') ?? context.company;
      return {
        name: 'resupply',
        company,
        type,
        dated: 'end',
        lane: { location_id: source, location_dest_id: target, company_id: company },
        move: {
          procure_method: 'make_to_order',
          rule_id: rule.id,
          // Whose rules bring the goods into transit.
          warehouse_id: link(rule, 'propagate_warehouse_id') ?? from.id,
          route_ids: [[6, 0, [route.id]]],
          propagate_cancel: flag(rule, 'propagate_cancel'),
        },
      };
    }
  }
  return undefined;
}

/** A transfer of ours in Odoo, with the orders that it holds. */
export interface DatedTransfer {
  order: PendingOrder;
  id: number;
  name: string;
}

/** Whether the moves of one transfer have different dates, which Odoo does not keep when it is made. */
export function datesDiffer(
  lines: readonly { orders: readonly PendingOrder[]; start: Instant; end: Instant }[],
): boolean {
  const dates = lines.map((line) => line[line.orders[0]?.dated ?? 'start']);
  return lines[0]?.orders[0]?.dated !== undefined && new Set(dates).size > 1;
}

/** Dates of the moves of new transfers. @param moves of these transfers */
export function moveDateCommands(transfers: readonly DatedTransfer[], moves: readonly OdooRow[]): UpdateCommand[] {
  const updates: UpdateCommand[] = [];
  const lines = Map.groupBy(transfers, ({ order, id }) => JSON.stringify([id, order.product, order.unit]));
  for (const move of moves) {
    const key = [link(move, 'picking_id'), link(move, 'product_id'), link(move, 'product_uom')];
    const orders = lines.get(JSON.stringify(key)) ?? [];
    const [first] = orders;
    if (!first || text(move, 'state') !== 'draft') continue;
    const dated = first.order.dated ?? 'start';
    const date = odooStamp(Math.min(...orders.map(({ order }) => order[dated])));
    if (text(move, 'date') === date) continue;
    updates.push({
      records: orders.map(({ order }) => order.record),
      model: 'stock.move',
      id: move.id,
      name: first.name,
      values: { date },
      context: {},
      stage: 0,
      what: `${first.name}: date ${date} UTC`,
    });
  }
  return updates;
}

function change(
  context: WriteContext,
  order: PostedTransfer,
  record: RecordName,
  move: OdooRow,
  commands: Commands,
): string | null {
  const name = text(move, 'reference') || order.reference;
  const state = text(move, 'state');
  if (state === 'done' || state === 'cancel') return `${name} is ${state === 'done' ? 'done' : 'cancelled'} in Odoo`;
  if (link(move, 'product_id') !== order.product) return `${name} moves another product`;
  const quantity = context.units.convert(order.quantity, order.uom, link(move, 'product_uom'));
  if (quantity === undefined) return `its unit cannot be converted to that of ${name}`;
  const date = odooStamp(context.zone.toInstant(order.start));
  const values: Record<string, unknown> = {};
  if (!sameQuantity(quantity, number(move, 'product_uom_qty'))) values.product_uom_qty = clean(quantity);
  if (text(move, 'date') !== date) values.date = date;
  if (Object.keys(values).length === 0) {
    commands.settled.push({
      record,
      outcome: 'unchanged',
      model: 'stock.picking',
      id: link(move, 'picking_id') ?? null,
      name,
      note: 'as in Odoo',
    });
    return null;
  }
  const what = [
    values.product_uom_qty === undefined ? '' : `quantity ${quantity}`,
    values.date === undefined ? '' : `date ${date} UTC`,
  ]
    .filter(Boolean)
    .join(', ');
  commands.updates.push({
    records: [record],
    model: 'stock.move',
    id: move.id,
    name,
    values,
    context: {},
    stage: 0,
    what: `${name}: ${what}`,
  });
  return null;
}
