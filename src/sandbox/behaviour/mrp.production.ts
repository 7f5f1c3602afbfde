// Manufacturing orders: bill, unit, places and lines from the product; confirmation, reservation, quantity, start to done.

import { userError } from '../faults.ts';
import { asSuperuser, type Env, nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import type { Behaviour } from './behaviour.ts';
import { findBom } from './bills.ts';
import { make, remove } from './make.ts';
import { withMessages } from './messages.ts';
import { assignMoves, cancelMoves, confirmMoves, finishMoves, unreserveMoves } from './moves.ts';
import { warehouseOf } from './partners.ts';
import { unitOf } from './product.product.ts';
import { makeLines, removeLines, rescale, setFinish, setStart, settleFinish } from './production-lines.ts';
import { settleReservation } from './reservation-state.ts';
import { nextOf } from './sequences.ts';
import { convert, idsOf, numberOf, rowsBy, target, textOf, timeOf } from './tools.ts';
import { linkWorkorders, planWorkorders, unplan } from './workorder-plan.ts';

export const mrpProduction: Behaviour = withMessages('mrp.production', {
  searchNames: ['name'],
  defaults: (env, given) => {
    const company = given.company_id ?? env.companies[0] ?? false;
    const product = target(env, 'product.product', given.product_id);
    const bom =
      given.bom_id === undefined
        ? product &&
          findBom(env, product, {
            company: numberOf(company),
            pickingType: pickingTypeId(given.picking_type_id),
            type: 'normal',
          })
        : target(env, 'mrp.bom', given.bom_id);
    const type = target(
      env,
      'stock.picking.type',
      given.picking_type_id ?? (bom?.picking_type_id || manufacturingType(env, company)),
    );
    const name = given.name ?? nextOf(env, type?.sequence_id) ?? 'New';
    return {
      name,
      state: 'draft',
      priority: '0',
      company_id: company,
      bom_id: bom?.id ?? false,
      product_qty: numberOf(bom?.product_qty) || 1,
      product_uom_id: bom?.product_uom_id ?? (product ? unitOf(env, product) : false),
      picking_type_id: type?.id ?? false,
      location_src_id: type?.default_location_src_id ?? false,
      location_dest_id: type?.default_location_dest_id ?? false,
      production_location_id: productionLocation(env, company),
      date_start: nowText(env),
      consumption: 'flexible',
      user_id: env.uid,
      qty_producing: 0,
      is_planned: false,
      is_locked: !isInGroup(env, 'Unlocked by default'),
      propagate_cancel: false,
      allow_workorder_dependencies: false,
      backorder_sequence: 0,
      reservation_state: false,
      extra_cost: 0,
    };
  },
  computed: {
    product_uom_qty: (env, row) => {
      const product = target(env, 'product.product', row.product_id);
      return product
        ? convert(env, numberOf(row.product_qty), row.product_uom_id, unitOf(env, product), 'half-up')
        : numberOf(row.product_qty);
    },
    qty_produced: (env, row) =>
      rowsBy(env, 'stock.move', 'production_id', row.id)
        .filter((move) => move.state === 'done' && move.product_id === row.product_id)
        .reduce((sum, move) => sum + numberOf(move.quantity), 0),
    duration_expected: (env, row) =>
      rowsBy(env, 'mrp.workorder', 'production_id', row.id).reduce(
        (sum, one) => sum + numberOf(one.duration_expected),
        0,
      ),
    components_availability_state: (_env, row) =>
      row.reservation_state === 'assigned' ? 'available' : row.reservation_state ? 'unavailable' : false,
  },
  afterCreate: (env, row) => {
    const group =
      row.procurement_group_id || make(env, 'procurement.group', { name: row.name, move_type: 'direct' }).id;
    patch(env, 'mrp.production', row.id, { procurement_group_id: group });
    makeLines(env, row.id);
  },
  afterWrite: (env, row, before, given) => {
    const id = row.id;
    if (given.has('date_start') && row.date_start !== before.date_start) {
      setStart(env, id, textOf(row.date_start));
      if (before.is_planned === true && env.context.force_date !== true) unplan(env, id);
      settleFinish(env, id);
    } else if (given.has('date_finished') && row.date_finished !== before.date_finished) {
      setFinish(env, id, textOf(row.date_finished));
    }
    if (given.has('bom_id') && row.bom_id !== before.bom_id && row.state === 'draft') {
      removeLines(env, id);
      makeLines(env, id);
    } else if (given.has('product_qty') && row.product_qty !== before.product_qty) rescale(env, id);
    if (given.has('location_src_id') || given.has('location_dest_id'))
      moveLocations(env, env.db.table('mrp.production').get(id)!);
  },
  beforeUnlink: (env, row) => {
    if (row.state === 'done') throw userError('Cannot delete a manufacturing order in done state.');
    if (row.state !== 'draft' && row.state !== 'cancel') cancel(env, row.id);
    unplan(env, row.id);
    removeLines(env, row.id);
  },
  methods: {
    action_confirm: (env, ids) => {
      for (const id of ids) confirm(env, env.db.table('mrp.production').get(id)!);
      return true;
    },
    action_assign: (env, ids) => {
      for (const id of ids) assignMoves(env, components(env, id));
      return true;
    },
    do_unreserve: (env, ids) => {
      for (const id of ids) unreserveMoves(env, components(env, id));
      return true;
    },
    button_plan: (env, ids) => {
      for (const id of ids) {
        confirm(env, env.db.table('mrp.production').get(id)!);
        planWorkorders(asSuperuser(env), id);
      }
      return true;
    },
    button_unplan: (env, ids) => {
      for (const id of ids) unplan(env, id);
      return true;
    },
    action_cancel: (env, ids) => {
      for (const id of ids) cancel(env, id);
      return true;
    },
    button_mark_done: (env, ids) => {
      for (const id of ids) finish(env, env.db.table('mrp.production').get(id)!);
      return true;
    },
  },
});

/** Whether the user is in a group of that name. */
function isInGroup(env: Env, name: string): boolean {
  return idsOf(target(env, 'res.users', env.uid)?.groups_id).some((id) => target(env, 'res.groups', id)?.name === name);
}

function pickingTypeId(value: Value | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function manufacturingType(env: Env, company: Value): Value {
  const own = warehouseOf(env, company || undefined)?.manu_type_id;
  if (typeof own === 'number') return own;
  for (const row of env.db.table('stock.picking.type').rows()) {
    if (row.code === 'mrp_operation' && row.company_id === company && row.active !== false) return row.id;
  }
  return false;
}

function productionLocation(env: Env, company: Value): Value {
  let common: Value = false;
  for (const row of env.db.table('stock.location').rows()) {
    if (row.usage !== 'production' || row.active === false) continue;
    if (row.company_id === company) return row.id;
    if (typeof row.company_id !== 'number' && common === false) common = row.id;
  }
  return common;
}

function components(env: Env, id: number): number[] {
  return rowsBy(env, 'stock.move', 'raw_material_production_id', id).map((move) => move.id);
}

function outputs(env: Env, id: number): number[] {
  return rowsBy(env, 'stock.move', 'production_id', id).map((move) => move.id);
}

function moveLocations(env: Env, order: Row): void {
  for (const id of components(env, order.id)) patch(env, 'stock.move', id, { location_id: order.location_src_id });
  for (const id of outputs(env, order.id)) patch(env, 'stock.move', id, { location_dest_id: order.location_dest_id });
}

function confirm(env: Env, order: Row): void {
  if (order.state !== 'draft') return;
  const bom = target(env, 'mrp.bom', order.bom_id);
  patch(env, 'mrp.production', order.id, {
    state: 'confirmed',
    consumption: bom?.consumption ?? 'flexible',
    allow_workorder_dependencies: bom?.allow_operation_dependencies ?? false,
  });
  linkWorkorders(env, order.id);
  confirmMoves(env, [...components(env, order.id), ...outputs(env, order.id)]);
  settleReservation(env, order.id);
}

function cancel(env: Env, id: number): void {
  for (const row of rowsBy(env, 'mrp.workorder', 'production_id', id)) {
    if (row.state === 'done') continue;
    if (typeof row.leave_id === 'number') remove(env, 'resource.calendar.leaves', [row.leave_id]);
    patch(env, 'mrp.workorder', row.id, { state: 'cancel', leave_id: false });
  }
  cancelMoves(env, [...components(env, id), ...outputs(env, id)]);
  patch(env, 'mrp.production', id, { state: 'cancel', reservation_state: false });
}

/** Everything that is still to be consumed and produced is; open steps are done. */
function finish(env: Env, order: Row): void {
  if (order.state === 'done' || order.state === 'cancel') return;
  confirm(env, order);
  const now = nowText(env);
  for (const row of rowsBy(env, 'mrp.workorder', 'production_id', order.id)) {
    if (row.state === 'cancel') continue;
    const start = textOf(row.date_start) && timeOf(row.date_start) < timeOf(now) ? row.date_start : now;
    patch(env, 'mrp.workorder', row.id, {
      state: 'done',
      qty_produced: order.product_qty,
      duration: numberOf(row.duration) || numberOf(row.duration_expected),
      date_start: start,
      date_finished: row.state === 'done' ? row.date_finished : now,
    });
  }
  finishMoves(env, components(env, order.id), now);
  finishMoves(env, outputs(env, order.id), now);
  patch(env, 'mrp.production', order.id, {
    state: 'done',
    date_finished: now,
    qty_producing: order.product_qty,
    reservation_state: false,
  });
}
