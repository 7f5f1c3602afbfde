// Work orders: order of the steps, remaining time, and the records that carry their dates (connector.md 2.16; C8, C18, E5).
import type { Loadplan, Operationplan, OperationplanStatus } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import type { ManufacturingPage, OpenOrder } from './manufacturingorders.ts';
import { cut } from './names.ts';
import { link, links, number, type OdooRow, text } from './records.ts';
import { afterBlockers } from './sequence.ts';
import { parseStamp } from './time.ts';

/** By what blocks what, then by the routing's sequence (C18). */
export function sortWorkOrders(context: MappingContext, rows: readonly OdooRow[]): OdooRow[] {
  const steps = context.table('mrp.routing.workcenter');
  const rank = (row: OdooRow): [number, number, number] => {
    const step = steps.get(link(row, 'operation_id') ?? 0);
    return [step ? number(step, 'sequence') : number(row, 'sequence') || 1e9, step?.id ?? 1e9, row.id];
  };
  const bySequence = rows.toSorted((a, b) => {
    const left = rank(a);
    const right = rank(b);
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
  });
  return afterBlockers(bySequence, workOrderBlockers);
}

export const workOrderBlockers = (row: OdooRow) => links(row, 'blocked_by_workorder_ids');

/** Odoo's display name: `<order> - <operation>`, up to 16 `<order> - <product> - <operation>`, numbered when there are several. */
export function workOrderName(context: MappingContext, order: OdooRow, row: OdooRow): string {
  const name = text(row, 'name');
  if (context.major >= 17) return `${text(order, 'name')} - ${name}`;
  const siblings = links(order, 'workorder_ids');
  const product = context.table('product.product').get(link(row, 'product_id') ?? link(order, 'product_id') ?? 0);
  const template = context.table('product.template').get(link(product, 'product_tmpl_id') ?? 0);
  const display = `${text(order, 'name')} - ${text(template, 'name')} - ${name}`;
  return siblings.length > 1 ? `${siblings.indexOf(row.id) + 1} - ${display}` : display;
}

/**
 * Seconds that a step still takes: expected less spent, running clocks of anybody included, at least a minute (C8). Odoo's
 * expectation already holds the work center's efficiency, which the engine applies again; it is taken out (C7).
 */
export function fixedSeconds(context: MappingContext, page: ManufacturingPage, row: OdooRow): number {
  const running = (page.clocks.get(row.id) ?? []).reduce((sum, clock) => {
    const since = parseStamp(clock.date_start);
    return since === undefined ? sum : sum + Math.max(0, context.now - since) / 60;
  }, 0);
  const left = Math.max(1, number(row, 'duration_expected') - number(row, 'duration') - running);
  return Math.round((left * 60 * context.resources.efficiency(link(row, 'workcenter_id'))) / 100);
}

/** Records of the work orders, the last step first, as frePPLe's addon sends them. */
export function* mapWorkOrders(
  context: MappingContext,
  page: ManufacturingPage,
  open: OpenOrder,
  owner: string,
  steps: readonly OdooRow[],
): Generator<Operationplan> {
  const statuses = context.rules.statuses.get('mrp.workorder');
  const names = steps.map((row) => workOrderName(context, open.order, row));
  for (let position = steps.length - 1; position >= 0; position--) {
    const row = steps[position]!;
    const name = names[position]!;
    // A name that comes again in its order would be taken for the same record (E5).
    const reference = names.indexOf(name) === position ? name : `${name} - ${row.id}`;
    yield context.finish<Operationplan>('workorder', row, {
      reference,
      ordertype: 'MO',
      ...datesOf(context, page, open, row),
      quantity: open.quantity,
      status: (statuses?.get(text(row, 'state')) ?? 'approved') as OperationplanStatus,
      operation: `${cut(name)} - ${row.id}`,
      owner,
      loadplans: loadplansOf(context, page, row),
    });
  }
}

function datesOf(
  context: MappingContext,
  page: ManufacturingPage,
  open: OpenOrder,
  row: OdooRow,
): { start?: number; end?: number } {
  // Up to 16 the dates without "planned" are those of what has happened.
  const finished = context.wall(row.date_finished);
  if (finished !== undefined) return { end: finished };
  if ((page.clocks.get(row.id) ?? []).length > 0) return { start: context.nowWall };
  const planned = context.wall(row.date_planned_start) ?? context.wall(row.date_start) ?? open.start;
  return { start: Math.max(planned, context.nowWall) };
}

function loadplansOf(context: MappingContext, page: ManufacturingPage, row: OdooRow): Loadplan[] {
  const assigned = link(row, 'workcenter_id');
  const plans: Loadplan[] = [];
  const primary = context.resources.name(assigned);
  if (primary !== undefined && link(row, 'operation_id') !== undefined) plans.push({ resource: primary });
  for (const extra of page.secondary.get(row.id) ?? []) {
    const resource = context.resources.name(link(extra, 'workcenter_id'));
    if (resource !== undefined && link(extra, 'workcenter_id') !== assigned) plans.push({ resource });
  }
  return plans;
}
