// Work orders: slots, and starting and finishing a step.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row } from '../values.ts';
import type { Behaviour } from './behaviour.ts';
import { expectedMinutes } from './durations.ts';
import { make } from './make.ts';
import { workorderNames } from './order-names.ts';
import { setFinish, setStart, settleFinish } from './production-lines.ts';
import { settleReservation, settleWorkorders } from './reservation-state.ts';
import { numberOf, rowsBy, target, textOf, timeOf, timeText } from './tools.ts';
import { endOfWork } from './working-time.ts';
import { settleSlot } from './workorder-plan.ts';

export const mrpWorkorder: Behaviour = {
  ...workorderNames,
  defaults: (env, given) => {
    const order = target(env, 'mrp.production', given.production_id);
    const workcenter = target(env, 'mrp.workcenter', given.workcenter_id);
    const operation = target(env, 'mrp.routing.workcenter', given.operation_id);
    return {
      state: 'waiting',
      product_uom_id: order?.product_uom_id ?? false,
      qty_produced: 0,
      duration: 0,
      duration_percent: 100,
      duration_expected:
        workcenter && order
          ? expectedMinutes(env, operation, workcenter, numberOf(order.product_id), numberOf(order.product_qty))
          : 0,
      blocked_by_workorder_ids: [],
      needed_by_workorder_ids: [],
      leave_id: false,
      costs_hour: 0,
    };
  },
  computed: {
    barcode: (env, row) => `${textOf(target(env, 'mrp.production', row.production_id)?.name)}/${row.id}`,
    qty_remaining: (env, row) =>
      Math.max(0, numberOf(target(env, 'mrp.production', row.production_id)?.product_qty) - numberOf(row.qty_produced)),
    is_user_working: (env, row) => runningClocks(env, row.id).some((clock) => clock.user_id === env.uid),
    progress: (_env, row) =>
      row.state === 'done'
        ? 100
        : numberOf(row.duration_expected) > 0
          ? (numberOf(row.duration) * 100) / numberOf(row.duration_expected)
          : 0,
  },
  afterCreate: (env, row) => {
    settleWorkorders(env, numberOf(row.production_id));
    if (target(env, 'mrp.production', row.production_id)?.is_planned !== true)
      settleFinish(env, numberOf(row.production_id));
  },
  afterWrite: (env, row, before, given) => {
    if (given.has('workcenter_id') && row.workcenter_id !== before.workcenter_id && !given.has('duration_expected'))
      changeWorkcenter(env, row);
    settleSlot(env, env.db.table('mrp.workorder').get(row.id)!, before, given);
    if (given.has('duration_expected')) settleFinish(env, numberOf(row.production_id));
    settleWorkorders(env, numberOf(row.production_id));
  },
  methods: {
    button_start: (env, ids) => {
      for (const id of ids) start(env, env.db.table('mrp.workorder').get(id)!);
      return true;
    },
    button_finish: (env, ids) => {
      for (const id of ids) finish(env, env.db.table('mrp.workorder').get(id)!);
      return true;
    },
    button_pending: (env, ids) => {
      for (const id of ids) stopClocks(env, id);
      return true;
    },
  },
};

function changeWorkcenter(env: Env, row: Row): void {
  const order = target(env, 'mrp.production', row.production_id);
  const workcenter = target(env, 'mrp.workcenter', row.workcenter_id);
  const operation = target(env, 'mrp.routing.workcenter', row.operation_id);
  if (!order || !workcenter || !operation) return;
  const minutes = expectedMinutes(env, operation, workcenter, numberOf(order.product_id), numberOf(order.product_qty));
  patch(env, 'mrp.workorder', row.id, { duration_expected: minutes });
}

function runningClocks(env: Env, id: number): Row[] {
  return rowsBy(env, 'mrp.workcenter.productivity', 'workorder_id', id).filter((clock) => !textOf(clock.date_end));
}

function start(env: Env, row: Row): void {
  const order = target(env, 'mrp.production', row.production_id);
  if (!order || row.state === 'done' || row.state === 'cancel') return;
  const now = nowText(env);
  const workcenter = target(env, 'mrp.workcenter', row.workcenter_id);
  const loss = [...env.db.table('mrp.workcenter.productivity.loss').rows()].find(
    (one) => one.loss_type === 'productive',
  );
  make(env, 'mrp.workcenter.productivity', {
    workorder_id: row.id,
    workcenter_id: row.workcenter_id,
    company_id: order.company_id,
    user_id: env.uid,
    loss_id: loss?.id ?? false,
    date_start: now,
  });
  const finishText = workcenter
    ? timeText(endOfWork(env, workcenter, timeOf(now), numberOf(row.duration_expected)))
    : now;
  patch(env, 'mrp.workorder', row.id, { state: 'progress', date_start: now, date_finished: finishText });
  if (order.state === 'confirmed') {
    setStart(env, order.id, now);
    patch(env, 'mrp.production', order.id, {
      state: 'progress',
      qty_producing: numberOf(order.qty_producing) || order.product_qty,
    });
  }
}

function stopClocks(env: Env, id: number): number {
  let minutes = 0;
  for (const clock of runningClocks(env, id)) {
    const now = nowText(env);
    const duration = (timeOf(now) - timeOf(clock.date_start)) / 60_000;
    patch(env, 'mrp.workcenter.productivity', clock.id, { date_end: now, duration });
    minutes += duration;
  }
  return minutes;
}

function finish(env: Env, row: Row): void {
  const order = target(env, 'mrp.production', row.production_id);
  if (!order || row.state === 'done' || row.state === 'cancel') return;
  const now = nowText(env);
  const duration = numberOf(row.duration) + stopClocks(env, row.id);
  patch(env, 'mrp.workorder', row.id, {
    state: 'done',
    qty_produced: order.product_qty,
    duration,
    date_finished: now,
    date_start: textOf(row.date_start) || now,
  });
  settleReservation(env, order.id);
  const steps = rowsBy(env, 'mrp.workorder', 'production_id', order.id).filter((step) => step.state !== 'cancel');
  if (steps.every((step) => step.state === 'done')) {
    setFinish(env, order.id, now);
    patch(env, 'mrp.production', order.id, { state: 'to_close' });
  } else patch(env, 'mrp.production', order.id, { state: 'progress' });
}
