// Posted distribution orders -> internal transfers between warehouses (connector.md 3.6; F7). Warehouses are found by id, code or
// name, their operation types and locations by the warehouse itself, never by English names.
import { type Commands, odooStamp, type PendingOrder, type RecordName, slotOf } from './commands.ts';
import type { PostedTransfer, PostedWarehouse } from './posted.ts';
import { unusable } from './purchase-commands.ts';
import { link, number, type OdooRow, text } from './records.ts';
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
  const type = link(from, 'int_type_id');
  const source = link(from, 'lot_stock_id');
  const target = link(to, 'lot_stock_id');
  if (type === undefined || source === undefined || target === undefined)
    return `warehouse "${nameOf(from)}" has no internal transfers`;
  if (text(product, 'type') === 'service') return `"${nameOf(product)}" is a service`;
  const company = link(from, 'company_id') ?? context.company;
  const start = context.zone.toInstant(order.start);
  const end = context.zone.toInstant(order.end);
  const lane = { location_id: source, location_dest_id: target, company_id: company };
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
    what: `${order.quantity} ${context.units.name(order.uom)} of ${nameOf(product)} on ${odooStamp(start)} UTC`,
    groupName: `transfer from ${nameOf(from)} to ${nameOf(to)}`,
    product: product.id,
    steps: [],
    // Odoo takes the earliest of the moves for the transfer's date; one that is given would be every move's.
    values: (lines) => ({
      ...lane,
      picking_type_id: type,
      move_type: 'direct',
      user_id: context.responsible,
      move_ids: lines.map((line) => [
        0,
        0,
        {
          ...lane,
          ...(context.major >= 19 ? {} : { name: nameOf(context.table('product.product').get(line.product)) }),
          product_id: line.product,
          product_uom_qty: line.quantity,
          product_uom: line.unit,
          date: odooStamp(line.start),
        },
      ]),
    }),
  };
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
