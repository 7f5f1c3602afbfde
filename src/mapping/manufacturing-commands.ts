// Posted manufacturing orders -> new drafts, and changes of quantity, dates and steps (connector.md 3.7; defects 2, 3, 6, 9 of the
// reference). Components and steps are Odoo's to make from the bill of material; the plan gives times and work centers.
import {
  type AdditionCommand,
  type Commands,
  odooStamp,
  type PendingOrder,
  type RecordName,
  slotOf,
  type UpdateCommand,
} from './commands.ts';
import type { PostedManufacturing, PostedStep } from './posted.ts';
import { unusable } from './purchase-commands.ts';
import { link, number, type OdooRow, text } from './records.ts';
import type { Assigned } from './step-resources.ts';
import { clean } from './units.ts';
import { assignedOf, stepCommands } from './workorder-commands.ts';
import { billOf, fieldNames, nameOf, sameQuantity, type WriteContext, warehousesOf } from './write-context.ts';

/** @param stepped names of orders whose steps the document plans by themselves */
export function manufacturingCommands(
  context: WriteContext,
  orders: readonly PostedManufacturing[],
  stepped: ReadonlySet<string>,
  commands: Commands,
): void {
  const productions = Map.groupBy(context.table('mrp.production').values(), (row) => text(row, 'name'));
  for (const order of orders) {
    const { index, reference, type, item } = order;
    const record: RecordName = { index, reference, type, item };
    const named = productions.get(reference) ?? [];
    const production = named.find((row) => link(row, 'company_id') === context.company) ?? named[0];
    const product = context.table('product.product').get(order.product);
    const problem = unusable(context, order, product);
    let refused: string | null = problem;
    if (problem === null && production) {
      const bySteps = order.steps.length > 0 || stepped.has(reference);
      refused = change(context, order, bySteps, record, production, commands);
    } else if (problem === null && order.change) refused = `there is no manufacturing order "${reference}" in Odoo`;
    else if (problem === null) {
      const pending = newOrder(context, order, record, product!);
      if (typeof pending === 'string') refused = pending;
      else commands.pending.push(pending);
    }
    if (refused !== null) commands.refusals.push({ ...record, reason: refused });
  }
}

function newOrder(
  context: WriteContext,
  order: PostedManufacturing,
  record: RecordName,
  product: OdooRow,
): PendingOrder | string {
  const id = billOf(order.operation);
  const bill = id === undefined ? undefined : context.table('mrp.bom').get(id);
  if (!bill) return `operation "${order.operation}" ends in no bill of material of Odoo`;
  if (bill.active === false) return `the bill of material of "${order.operation}" is archived in Odoo`;
  if (text(bill, 'type') === 'phantom') return `"${order.operation}" is a kit; kits are not made but taken apart`;
  const variant = link(bill, 'product_id');
  if (
    link(bill, 'product_tmpl_id') !== link(product, 'product_tmpl_id') ||
    (variant !== undefined && variant !== product.id)
  ) {
    return `the bill of material of "${order.operation}" makes another product than "${nameOf(product)}"`;
  }
  const warehouses = warehousesOf(context);
  const warehouse =
    order.warehouse === undefined ? warehouses[0] : warehouses.find((row) => row.id === order.warehouse);
  if (!warehouse) return `warehouse ${order.warehouse ?? ''} is not in Odoo, or not one of the user's companies`;
  if (link(warehouse, 'manu_type_id') === undefined) return `warehouse "${nameOf(warehouse)}" does not manufacture`;
  const company = link(warehouse, 'company_id') ?? context.company;
  const ofBill = link(bill, 'company_id');
  if (ofBill !== undefined && ofBill !== company)
    return `the bill of material of "${order.operation}" belongs to another company`;
  const wrong = order.steps.map((step) => unknownStep(context, step)).find((text) => text !== null);
  if (wrong) return wrong;

  const start = context.zone.toInstant(order.start);
  const end = context.zone.toInstant(order.end);
  const { start: startField, finish } = fieldNames(context.major);
  const times = order.steps.map(({ id: step, start: from, end: until, resources }) => [
    step,
    from,
    until,
    resources.map((one) => one.id),
  ]);
  return {
    record,
    key: JSON.stringify([
      'MO',
      order.reference,
      order.product,
      bill.id,
      warehouse.id,
      order.quantity,
      start,
      end,
      times,
    ]),
    slot: slotOf('MO', order.reference, order.product, bill.id),
    type: 'MO',
    model: 'mrp.production',
    company,
    group: String(order.index),
    line: null,
    quantity: order.quantity,
    unit: order.uom,
    start,
    end,
    remark: order.remark,
    what: `${order.quantity} ${context.units.name(order.uom)} of ${nameOf(product)} from ${odooStamp(start)} UTC`,
    groupName: `manufacturing order in ${nameOf(warehouse)}`,
    product: product.id,
    steps: order.steps,
    values: () => ({
      product_id: product.id,
      product_qty: order.quantity,
      product_uom_id: order.uom,
      bom_id: bill.id,
      picking_type_id: link(warehouse, 'manu_type_id'),
      company_id: company,
      user_id: context.responsible,
      [startField]: odooStamp(start),
      [finish]: odooStamp(end),
    }),
  };
}

function unknownStep(context: WriteContext, step: PostedStep): string | null {
  if (!context.table('mrp.routing.workcenter').has(step.id)) return `step "${step.operation}" is not in Odoo`;
  for (const { id, name } of step.resources) {
    const row = context.table('mrp.workcenter').get(id);
    if (!row) return `work center "${name || id}" is not in Odoo`;
    if (row.active === false) return `work center "${nameOf(row)}" is archived in Odoo`;
  }
  return null;
}

/**
 * Times and work centers of a new order's steps, after Odoo has made them.
 * @param workorders of this order
 * @param assigned secondary work centers of orders; null where Odoo has none
 */
export function newStepCommands(
  context: WriteContext,
  order: PendingOrder,
  production: { id: number; name: string },
  workorders: readonly OdooRow[],
  assigned: Assigned | null,
): { updates: UpdateCommand[]; additions: AdditionCommand[]; problems: string[] } {
  const updates: UpdateCommand[] = [];
  const additions: AdditionCommand[] = [];
  const problems: string[] = [];
  for (const step of order.steps) {
    const workorder = workorders.find((row) => link(row, 'operation_id') === step.id);
    if (!workorder) {
      problems.push(`Odoo made no work order for step "${step.operation}"`);
      continue;
    }
    const own = (row: OdooRow) => link(row, 'workorder_id') === workorder.id;
    const beside = assigned && { ...assigned, rows: assigned.rows.filter(own) };
    const target = { record: order.record, owner: production.name, workorder, assigned: beside };
    const made = stepCommands(context, target, step);
    if (typeof made === 'string') problems.push(made);
    else {
      updates.push(...made.updates);
      additions.push(...made.additions);
    }
  }
  return { updates, additions, problems };
}

/** @returns why it is refused, or null */
function change(
  context: WriteContext,
  order: PostedManufacturing,
  bySteps: boolean,
  record: RecordName,
  production: OdooRow,
  commands: Commands,
): string | null {
  const name = text(production, 'name');
  const state = text(production, 'state');
  if (state === 'done' || state === 'cancel') return `${name} is ${state === 'done' ? 'done' : 'cancelled'} in Odoo`;
  if (link(production, 'product_id') !== order.product) return `${name} makes another product`;
  const unit = link(production, 'product_uom_id');
  // The plan counts what is still to come (connector.md C11).
  const produced = (context.by('stock.move', 'production_id').get(production.id) ?? [])
    .filter((row) => link(row, 'product_id') === order.product)
    .reduce(
      (sum, row) => sum + (context.units.convert(movedQuantity(row), link(row, 'product_uom'), order.uom) ?? 0),
      0,
    );
  const quantity = context.units.convert(order.quantity + produced, order.uom, unit);
  if (quantity === undefined) return `its unit cannot be converted to that of ${name}`;

  const steps = context.by('mrp.workorder', 'production_id').get(production.id) ?? [];
  const updates: UpdateCommand[] = [];
  const additions: AdditionCommand[] = [];
  for (const step of order.steps) {
    const workorder =
      steps.find((row) => row.id === step.id) ?? steps.find((row) => link(row, 'operation_id') === step.id);
    if (!workorder) return `${name} has no work order "${step.operation}"`;
    const target = { record, owner: name, workorder, assigned: assignedOf(context, workorder.id) };
    const made = stepCommands(context, target, step);
    if (typeof made === 'string') return made;
    updates.push(...made.updates);
    additions.push(...made.additions);
  }

  const { start, finish } = fieldNames(context.major);
  const values: Record<string, unknown> = {};
  const from = odooStamp(context.zone.toInstant(order.start));
  const until = odooStamp(context.zone.toInstant(order.end));
  // Odoo moves the order with its steps; an order that has begun keeps its start.
  const begun = state === 'progress' || state === 'to_close';
  if (!begun && !(bySteps && steps.length > 0) && text(production, start) !== from) values[start] = from;
  if (order.steps.length === 0 && steps.length === 0 && text(production, finish) !== until) values[finish] = until;
  const changed = clean(quantity);
  const differs = !sameQuantity(changed, number(production, 'product_qty'));
  if (differs && state === 'draft') values.product_qty = changed;
  else if (differs) {
    const what = `${name}: quantity ${number(production, 'product_qty')} -> ${changed}`;
    commands.quantities.push({ record, production: production.id, name, quantity: changed, what });
  }
  if (Object.keys(values).length > 0) {
    const what = [
      values.product_qty === undefined ? '' : `quantity ${number(production, 'product_qty')} -> ${changed}`,
      values[start] === undefined ? '' : `start ${from} UTC`,
      values[finish] === undefined ? '' : `end ${until} UTC`,
    ].filter(Boolean);
    const command = {
      records: [record],
      model: 'mrp.production',
      id: production.id,
      name,
      context: { force_date: true },
    };
    updates.push({ ...command, values, stage: 0, what: `${name}: ${what.join(', ')}` });
    // Odoo computes the end anew when the start or the quantity changes; alone it stays as given.
    if (values[finish] !== undefined) {
      updates.push({ ...command, values: { [finish]: until }, stage: 1, check: true, what: '' });
    }
  }
  commands.updates.push(...updates);
  commands.additions.push(...additions);
  if (updates.length + additions.length === 0 && (!differs || state === 'draft')) {
    commands.settled.push({
      record,
      outcome: 'unchanged',
      model: 'mrp.production',
      id: production.id,
      name,
      note: 'as in Odoo',
    });
  }
  return null;
}

function movedQuantity(row: OdooRow): number {
  return row.quantity === undefined ? number(row, 'quantity_done') : number(row, 'quantity');
}
