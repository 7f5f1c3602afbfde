// Slots of work orders: a slot is a "busy" entry in the work center's calendar; the order's dates follow its first and last step.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { displayName } from '../orm/value.ts';
import { patch } from '../orm/write.ts';
import type { Row } from '../values.ts';
import { make, remove } from './make.ts';
import { setFinish, setStart } from './production-lines.ts';
import { settleWorkorders } from './reservation-state.ts';
import { idsOf, numberOf, rowsBy, target, textOf, timeOf, timeText } from './tools.ts';
import { endOfWork, nextWork, workBetween } from './working-time.ts';

/** After a write of dates: the slot as Odoo would keep it. */
export function settleSlot(env: Env, row: Row, before: Row, given: ReadonlySet<string>): void {
  if (!given.has('date_start') && !given.has('date_finished')) return;
  if (!textOf(row.date_start)) {
    dropSlot(env, row);
    return;
  }
  const workcenter = target(env, 'mrp.workcenter', row.workcenter_id);
  const planned = textOf(before.date_start) !== '' && typeof before.leave_id === 'number';
  const start = timeOf(row.date_start);
  const sent = textOf(row.date_finished);
  const bothGiven = given.has('date_start') && given.has('date_finished');
  const keepsEnd = planned && sent !== '' && (!bothGiven || env.context.bypass_duration_calculation === true);
  let finish = sent;
  if (!keepsEnd || timeOf(sent) < start) {
    finish = workcenter ? timeText(endOfWork(env, workcenter, start, numberOf(row.duration_expected))) : sent;
  } else if (!bothGiven && workcenter && env.context.bypass_duration_calculation !== true) {
    patch(env, 'mrp.workorder', row.id, { duration_expected: workBetween(env, workcenter, start, timeOf(sent)) });
  }
  patch(env, 'mrp.workorder', row.id, { date_finished: finish });
  setSlot(env, env.db.table('mrp.workorder').get(row.id)!);
  carryToOrder(env, row, given, sent);
}

function setSlot(env: Env, row: Row): void {
  const workcenter = target(env, 'mrp.workcenter', row.workcenter_id);
  const values = {
    name: displayName(env, 'mrp.workorder', row.id),
    calendar_id: workcenter?.resource_calendar_id ?? false,
    company_id: workcenter?.company_id ?? false,
    resource_id: workcenter?.resource_id ?? false,
    date_from: row.date_start,
    date_to: row.date_finished,
    time_type: 'other',
  };
  if (typeof row.leave_id === 'number' && env.db.table('resource.calendar.leaves').has(row.leave_id)) {
    patch(env, 'resource.calendar.leaves', row.leave_id, values as never);
  } else patch(env, 'mrp.workorder', row.id, { leave_id: make(env, 'resource.calendar.leaves', values).id });
}

/** The first step gives the order its start, the last one its end. */
function carryToOrder(env: Env, row: Row, given: ReadonlySet<string>, sentFinish: string): void {
  const order = target(env, 'mrp.production', row.production_id);
  if (!order || order.state === 'done' || order.state === 'cancel') return;
  const steps = rowsBy(env, 'mrp.workorder', 'production_id', order.id);
  if (given.has('date_start') && steps[0]?.id === row.id) {
    setStart(env, order.id, textOf(row.date_start));
    if (order.is_planned !== true) {
      const minutes = steps.reduce((sum, step) => sum + numberOf(step.duration_expected), 0);
      setFinish(env, order.id, timeText(timeOf(row.date_start) + minutes * 60_000));
    }
  }
  if (given.has('date_finished') && steps.at(-1)?.id === row.id)
    setFinish(env, order.id, sentFinish || textOf(row.date_finished));
  patch(env, 'mrp.production', order.id, { is_planned: true });
}

function dropSlot(env: Env, row: Row): void {
  if (typeof row.leave_id === 'number') remove(env, 'resource.calendar.leaves', [row.leave_id]);
  patch(env, 'mrp.workorder', row.id, { leave_id: false, date_start: false, date_finished: false });
}

/** Takes the slots of steps that have not begun away. */
export function unplan(env: Env, production: number): void {
  for (const row of rowsBy(env, 'mrp.workorder', 'production_id', production)) {
    if (['pending', 'waiting', 'ready'].includes(textOf(row.state))) dropSlot(env, row);
  }
  patch(env, 'mrp.production', production, { is_planned: false });
}

/** One step after the other from the order's start, each in its work center's working time. */
export function planWorkorders(env: Env, production: number): void {
  const order = env.db.table('mrp.production').get(production)!;
  let at = Math.max(timeOf(order.date_start), timeOf(nowText(env)));
  let first: number | null = null;
  for (const row of rowsBy(env, 'mrp.workorder', 'production_id', production)) {
    const workcenter = target(env, 'mrp.workcenter', row.workcenter_id);
    if (!workcenter || !['pending', 'waiting', 'ready'].includes(textOf(row.state))) continue;
    const start = nextWork(env, workcenter, at);
    at = endOfWork(env, workcenter, start, numberOf(row.duration_expected));
    first ??= start;
    patch(env, 'mrp.workorder', row.id, { date_start: timeText(start), date_finished: timeText(at) });
    setSlot(env, env.db.table('mrp.workorder').get(row.id)!);
  }
  if (first === null) return;
  setStart(env, production, timeText(first));
  setFinish(env, production, timeText(at));
  patch(env, 'mrp.production', production, { is_planned: true });
}

/** On confirmation: which step waits for which, and which step uses which move. */
export function linkWorkorders(env: Env, production: number): void {
  const order = env.db.table('mrp.production').get(production)!;
  const steps = rowsBy(env, 'mrp.workorder', 'production_id', production);
  const byOperation = new Map(steps.map((step) => [step.operation_id, step.id]));
  if (order.allow_workorder_dependencies === true) {
    for (const step of steps) {
      const operation = target(env, 'mrp.routing.workcenter', step.operation_id);
      const blocked = idsOf(operation?.blocked_by_operation_ids)
        .map((id) => byOperation.get(id))
        .filter((id) => id !== undefined);
      patch(env, 'mrp.workorder', step.id, { blocked_by_workorder_ids: blocked });
      for (const id of blocked) {
        const needed = idsOf(env.db.table('mrp.workorder').get(id)?.needed_by_workorder_ids);
        patch(env, 'mrp.workorder', id, { needed_by_workorder_ids: [...needed, step.id] });
      }
    }
  }
  const last = steps.at(-1)?.id;
  for (const field of ['raw_material_production_id', 'production_id'] as const) {
    for (const move of rowsBy(env, 'stock.move', field, production)) {
      const step = byOperation.get(move.operation_id ?? false) ?? last;
      if (step !== undefined) patch(env, 'stock.move', move.id, { workorder_id: step });
    }
  }
  settleWorkorders(env, production);
}
