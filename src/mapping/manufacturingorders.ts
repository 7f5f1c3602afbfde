// Manufacturing orders -> orders of the plan, each with an operation of its own because an order may deviate from its bill of
// material (connector.md 2.16; C8-C11, C16, C18, E5).
import type { Flow, Load, Operation, Operationplan, OperationplanStatus, Suboperation } from '../planner/model.ts';
import { stepQuantity } from './addon-records.ts';
import type { MappingContext } from './context.ts';
import type { PlannedItem } from './items.ts';
import { type Credited, isOpen, moveQuantity, reservedInStock } from './moves.ts';
import { cut } from './names.ts';
import { isOwnDraft } from './purchaseorders.ts';
import { flag, link, number, type OdooRow, type Table, text } from './records.ts';
import { stepMinutes } from './routings.ts';
import { sendable } from './sequence.ts';
import { clean } from './units.ts';
import { fixedSeconds, mapWorkOrders, sortWorkOrders, workOrderBlockers, workOrderName } from './workorders.ts';

/** A page of manufacturing orders with what belongs to them. */
export interface ManufacturingPage {
  orders: readonly OdooRow[];
  /** Component moves by order, whatever their state. */
  components: ReadonlyMap<number, readonly OdooRow[]>;
  /** Moves of what comes out, by order. */
  outputs: ReadonlyMap<number, readonly OdooRow[]>;
  workorders: ReadonlyMap<number, readonly OdooRow[]>;
  /** Open moves by id, those that feed the components included. */
  moves: Table;
  /** Running clocks (mrp.workcenter.productivity without end) by work order. */
  clocks: ReadonlyMap<number, readonly OdooRow[]>;
  /** Assigned secondary work centers by work order. */
  secondary: ReadonlyMap<number, readonly OdooRow[]>;
  /** What the order is made for, by order: a sales order, or another manufacturing order. */
  batches: ReadonlyMap<number, string>;
  /** Purchase key of subcontracting orders, by order. */
  subcontracts: ReadonlyMap<number, string>;
}

export function* mapManufacturingOrders(context: MappingContext, page: ManufacturingPage): Generator<Operationplan> {
  const statuses = context.rules.statuses.get('mrp.production');
  for (const order of page.orders) {
    const name = text(order, 'name');
    const state = text(order, 'state');
    const status = statuses?.get(state) ?? 'off';
    if (status === 'off') continue;
    if (state === 'draft' && isOwnDraft(text(order, 'origin'))) {
      context.report.skip(
        'manufacturingorder',
        name,
        'a draft made from the plan: the next plan decides about it again',
      );
      continue;
    }
    const item = context.items.of(link(order, 'product_id'));
    const location = placeOf(context, order);
    const start = context.wall(order.date_start ?? order.date_planned_start) ?? context.wall(order.date_planned_start);
    if (!item || location === undefined || start === undefined) {
      const why = !item
        ? context.items.reasonWithout(link(order, 'product_id'))
        : location === undefined
          ? 'it is made in no exported warehouse'
          : 'it has no start date';
      context.report.skip('manufacturingorder', name, why);
      continue;
    }
    const ordered = context.units.convert(number(order, 'product_qty'), link(order, 'product_uom_id'), item.uom);
    if (ordered === undefined) {
      context.report.skip('manufacturingorder', name, 'its unit cannot be converted to the product’s');
      continue;
    }
    // What has not come out yet (C11): a quantity that is only being produced is still to come.
    const quantity = clean(ordered - producedOf(context, page, order));
    if (quantity <= 0) {
      context.report.skip('manufacturingorder', name, 'everything has been produced');
      continue;
    }
    yield* orderWithSteps(context, page, {
      order,
      item,
      location,
      start,
      quantity,
      status: status as OperationplanStatus,
    });
  }
}

export interface OpenOrder {
  order: OdooRow;
  item: PlannedItem;
  location: string;
  start: number;
  quantity: number;
  status: OperationplanStatus;
}

function placeOf(context: MappingContext, order: OdooRow): string | undefined {
  const { locations } = context;
  const destination = locations.ofWarehouse(locations.warehouseOf(link(order, 'location_dest_id')));
  if (destination !== undefined) return destination;
  const type = context.table('stock.picking.type').get(link(order, 'picking_type_id') ?? 0);
  return locations.ofWarehouse(link(type, 'warehouse_id'));
}

function producedOf(context: MappingContext, page: ManufacturingPage, order: OdooRow): number {
  let produced = 0;
  for (const move of page.outputs.get(order.id) ?? []) {
    if (text(move, 'state') === 'done' && link(move, 'product_id') === link(order, 'product_id')) {
      const uom = context.items.of(link(move, 'product_id'))?.uom;
      const quantity = move.quantity === undefined ? number(move, 'quantity_done') : number(move, 'quantity');
      produced += context.units.convert(quantity, link(move, 'product_uom'), uom) ?? 0;
    }
  }
  return produced;
}

function* orderWithSteps(context: MappingContext, page: ManufacturingPage, open: OpenOrder): Generator<Operationplan> {
  const { order, item, location, start, quantity, status } = open;
  const reference = page.subcontracts.get(order.id) ?? text(order, 'name');
  if (start < context.nowWall && text(order, 'state') !== 'progress') {
    context.report.notice('manufacturingorder', reference, 'should have started already');
  }
  const workorders = context.rules.statuses.get('mrp.workorder');
  const steps = sortWorkOrders(context, page.workorders.get(order.id) ?? []).filter(
    (row) => (workorders?.get(text(row, 'state')) ?? 'approved') !== 'off',
  );
  const flows = flowsByStep(context, page, open, steps);
  const operation: Operation = { name: reference, priority: 0, item: item.name, location };
  if (steps.length === 0) {
    operation.type = 'operation_fixed_time';
    operation.flows = [...(flows.get(0) ?? []), { type: 'flow_end', item: item.name, quantity: 1 }];
  } else {
    operation.type = 'operation_routing';
    operation.suboperations = steps.map((row, position) =>
      stepOf(context, page, open, row, position, flows.get(row.id) ?? [], steps),
    );
  }
  yield context.finish<Operationplan>('manufacturingorder', order, {
    reference,
    ordertype: 'MO',
    batch: page.batches.get(order.id) ?? reference,
    start,
    quantity,
    status,
    operation,
  });
  yield* mapWorkOrders(context, page, open, reference, steps);
}

function stepOf(
  context: MappingContext,
  page: ManufacturingPage,
  open: OpenOrder,
  row: OdooRow,
  position: number,
  flows: Flow[],
  steps: readonly OdooRow[],
): Suboperation {
  const bonds = flag(open.order, 'allow_workorder_dependencies') && sendable(steps, workOrderBlockers);
  const dependencies = (bonds ? workOrderBlockers(row) : []).flatMap((id) => {
    const other = steps.find((step) => step.id === id);
    return other ? [{ blockedby: stepName(context, open.order, other) }] : [];
  });
  return {
    operation: {
      name: stepName(context, open.order, row),
      type: 'operation_fixed_time',
      priority: (position + 1) * 10,
      duration: fixedSeconds(context, page, row),
      location: open.location,
      flows,
      loads: loadsOf(context, page, row),
      ...(dependencies.length > 0 ? { dependencies } : {}),
    },
  };
}

function stepName(context: MappingContext, order: OdooRow, row: OdooRow): string {
  return `${cut(workOrderName(context, order, row))} - ${row.id}`;
}

function loadsOf(context: MappingContext, page: ManufacturingPage, row: OdooRow): Load[] {
  const step = context.table('mrp.routing.workcenter').get(link(row, 'operation_id') ?? 0);
  const assigned = link(row, 'workcenter_id');
  const planned = link(step, 'workcenter_id');
  // A member that was chosen from a pool may be chosen anew; another work center was somebody's decision.
  const primary = context.resources.isMember(assigned, planned) ? planned : assigned;
  const loads: Load[] = [];
  const resource = context.resources.name(primary) ?? context.resources.name(assigned);
  if (resource !== undefined) {
    const { quantity } = stepQuantity(step, context.resources.maximum(primary));
    loads.push({ resource, ...(quantity === 1 ? {} : { quantity }) });
  } else
    context.report.skip('load', text(row, 'name') || String(row.id), 'its work center is archived or not exported');
  const expected = number(row, 'duration_expected');
  for (const extra of page.secondary.get(row.id) ?? []) {
    const workcenter = link(extra, 'workcenter_id');
    const pool = link(context.resources.row(workcenter), 'owner');
    const name = context.resources.name(pool) ?? context.resources.name(workcenter);
    const own = number(extra, 'duration');
    if (name !== undefined && workcenter !== assigned) {
      loads.push({ resource: name, quantity: own > 0 && expected > 0 ? clean(own / expected) : 1 });
    }
  }
  // Our addon keeps secondary work centers with the step only; who does it, the plan chooses.
  const minutes = step ? stepMinutes(step) : 0;
  for (const extra of page.secondary.has(row.id) ? [] : context.resources.beside(step?.id)) {
    const name = context.resources.name(link(extra, 'workcenter_id'));
    const own = number(extra, 'duration');
    if (name !== undefined && link(extra, 'workcenter_id') !== assigned) {
      loads.push({ resource: name, quantity: own > 0 && minutes > 0 ? clean(own / minutes) : 1 });
    }
  }
  return loads;
}

/** Consuming and by-product flows per unit of the order, by work order id (0 when the order has no steps). */
function flowsByStep(
  context: MappingContext,
  page: ManufacturingPage,
  open: OpenOrder,
  steps: readonly OdooRow[],
): Map<number, Flow[]> {
  const { order, quantity } = open;
  const respected = context.settingsOf(context.company).respectReservations;
  const statuses = context.rules.statuses.get('mrp.workorder');
  const running = steps.filter((row) => statuses?.get(text(row, 'state')) !== 'completed');
  const first = running[0]?.id ?? steps[0]?.id ?? 0;
  const last = running.at(-1)?.id ?? steps.at(-1)?.id ?? 0;
  const stepOfMove = (move: OdooRow, otherwise: number) => {
    const id = link(move, 'operation_id') === undefined ? undefined : link(move, 'workorder_id');
    return running.some((row) => row.id === id) ? id! : otherwise;
  };

  const credited: Credited = new Map();
  const needs = new Map<string, { step: number; item: string; quantity: number }>();
  for (const move of page.components.get(order.id) ?? []) {
    if (!isOpen(move) && text(move, 'state') !== 'draft') continue;
    const component = context.items.of(link(move, 'product_id'));
    const needed = moveQuantity(context, move);
    if (!component || needed === undefined) {
      context.report.skip(
        'flow',
        `component move ${move.id} of ${text(order, 'name')}`,
        component
          ? 'its unit cannot be converted to the product’s'
          : context.items.reasonWithout(link(move, 'product_id')),
      );
      continue;
    }
    const left = needed - (respected ? reservedInStock(context, move, page.moves, { need: needed, credited }) : 0);
    const step = stepOfMove(move, first);
    // Moves of one component are one flow where the order has no steps, as frePPLe's addon has it.
    const key = step === 0 ? component.name : String(move.id);
    const known = needs.get(key);
    if (known) known.quantity += Math.max(0, left);
    else needs.set(key, { step, item: component.name, quantity: Math.max(0, left) });
  }
  const flows = new Map<number, Flow[]>();
  const add = (step: number, flow: Flow) => flows.set(step, [...(flows.get(step) ?? []), flow]);
  for (const need of needs.values()) {
    const per = clean(need.quantity / quantity);
    if (per > 1e-12)
      add(need.step, { ...(need.step ? {} : { type: 'flow_start' as const }), item: need.item, quantity: -per });
  }
  for (const move of page.outputs.get(order.id) ?? []) {
    const byproduct = context.items.of(link(move, 'product_id'));
    if (!isOpen(move) || !byproduct || byproduct === open.item) continue;
    const made = moveQuantity(context, move);
    if (made && made > 0)
      add(stepOfMove(move, last), { type: 'flow_end', item: byproduct.name, quantity: clean(made / quantity) });
  }
  return flows;
}
