// Manufacturing and work orders: what is still to be made, and still to be used and done for it (connector.md 2.16 and 5.2).

import { describe, expect, test } from 'vitest';
import type { Operation, Operationplan } from '../../src/planner/model.ts';
import { flowsOf, NOW, said } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { component, move, production, workorder } from '../support/small-orders.ts';

function stepsOf(order: Operationplan | undefined): Operation[] {
  const operation = typeof order?.operation === 'object' ? order.operation : undefined;
  return operation?.suboperations?.map((step) => step.operation) ?? [];
}

/** An order for tables, and a leg to use. */
function tables(quantity: number, major = 17, values: object = {}) {
  const odoo = smallOdoo({ major });
  const [table, leg] = [odoo.product('TABLE'), odoo.product('LEG')];
  return { odoo, table, leg, order: production(odoo, table, quantity, { ...values }) };
}

describe('C8: the time that a work order still takes', () => {
  test.each([
    ['nothing done', { duration: 0 }, [], 120],
    ['some done', { duration: 30 }, [], 90],
    ['clocks of two people running', { duration: 30 }, ['2026-11-23 08:40:00', '2026-11-23 08:50:00'], 60],
    ['more done than expected', { duration: 500 }, [], 1],
    ['time per piece does not count', { duration: 30, duration_unit: 15 }, [], 90],
  ])('%s', async (_what, values, clocks, minutes) => {
    const { odoo, order } = tables(2);
    const work = workorder(odoo, order, 'Saw', 120, { workcenter_id: odoo.workcenter('Saw'), ...values });
    for (const [user, since] of clocks.entries())
      odoo.add('mrp.workcenter.productivity', { workorder_id: work, user_id: user + 5, date_start: since });
    odoo.add('mrp.workcenter.productivity', {
      ...{ workorder_id: work, user_id: 9, date_start: '2026-11-20 08:00:00', date_end: '2026-11-20 08:30:00' },
    });
    const [step] = stepsOf((await odoo.export({ now: NOW })).orders[0]);
    expect((step?.duration ?? 0) / 60).toBe(minutes);
  });

  test('whoever works on it, it starts now', async () => {
    const { odoo, order } = tables(2);
    const work = workorder(odoo, order, 'Saw', 120, { state: 'progress', date_start: '2026-11-20 08:00:00' });
    odoo.add('mrp.workcenter.productivity', { workorder_id: work, user_id: 77, date_start: '2026-11-23 08:00:00' });
    const plan = await odoo.export();
    expect(plan.orders[1]).toMatchObject({ reference: 'MO1 - Saw', start: plan.header.current, status: 'confirmed' });
  });
});

describe('C9: units of components', () => {
  test.each([17, 16])('are converted once, the reserved part too (Odoo %d)', async (major) => {
    const { odoo, leg, order } = tables(4, major);
    const inDozens = { product_uom: odoo.dozen, state: 'partially_available' };
    const reserved = major === 17 ? { quantity: 1 } : {};
    const needed = component(odoo, order, leg, 2, { ...inDozens, ...reserved });
    if (major === 16) odoo.add('stock.move.line', { move_id: needed, reserved_qty: 12 });
    odoo.quant(leg, 12, { reserved_quantity: 12 });
    const plan = await odoo.export();
    expect(flowsOf(plan.orders[0]?.operation)).toMatchObject({ LEG: -3 });
  });

  test('the order itself in dozens', async () => {
    const { odoo, leg, order } = tables(2, 17, { product_uom_id: 2 });
    component(odoo, order, leg, 96);
    const plan = await odoo.export();
    expect(plan.orders[0]).toMatchObject({ quantity: 24 });
    expect(flowsOf(plan.orders[0]?.operation)).toMatchObject({ LEG: -4 });
  });
});

describe('C10: components that were used, or given up', () => {
  test.each([true, false])('are not planned again (reservations respected: %s)', async (respectReservations) => {
    const { odoo, leg, order } = tables(4);
    component(odoo, order, leg, 12, { state: 'done', quantity: 12 });
    component(odoo, order, leg, 3, { state: 'cancel' });
    component(odoo, order, leg, 4);
    const plan = await odoo.export({ options: { respectReservations } });
    expect(flowsOf(plan.orders[0]?.operation)).toMatchObject({ LEG: -1 });
  });
});

describe('C11: what is still to come out of an order', () => {
  test('is all of it, although a quantity is being produced', async () => {
    const { odoo, leg, order } = tables(10, 17, { qty_producing: 2, state: 'progress' });
    component(odoo, order, leg, 40);
    const plan = await odoo.export();
    expect(plan.orders).toMatchObject([{ reference: 'MO1', quantity: 10 }]);
    expect(flowsOf(plan.orders[0]?.operation)).toMatchObject({ LEG: -4 });
  });

  test('is the rest where some has been put into stock', async () => {
    const { odoo, table, leg, order } = tables(10);
    const out = { production_id: order, location_id: odoo.production, location_dest_id: odoo.main.stock };
    move(odoo, table, 4, { ...out, state: 'done', quantity: 4 });
    move(odoo, table, 6, out);
    component(odoo, order, leg, 24);
    const plan = await odoo.export();
    expect(plan.orders).toMatchObject([{ quantity: 6 }]);
    expect(flowsOf(plan.orders[0]?.operation)).toMatchObject({ LEG: -4 });
  });

  test('is nothing where everything has been: the order is reported', async () => {
    const { odoo, table, order } = tables(10, 17, { state: 'to_close' });
    const out = { production_id: order, location_id: odoo.production, location_dest_id: odoo.main.stock };
    move(odoo, table, 10, { ...out, state: 'done', quantity: 10 });
    const plan = await odoo.export();
    expect(plan.orders).toEqual([]);
    expect(said(plan, 'manufacturingorder')).toEqual(['everything has been produced: MO1']);
  });
});

describe('C18: the steps of an order', () => {
  /** Three work orders that Odoo lists in another order than they are done. */
  function steps(values: Record<string, object> = {}, order: object = {}) {
    const { odoo, leg, order: id } = tables(2, 17, order);
    const bom = odoo.bom(leg);
    const saw = odoo.workcenter('Saw');
    const works = new Map<string, number>();
    for (const [name, sequence] of [
      ['Paint', 30],
      ['Saw', 10],
      ['Sand', 20],
    ] as const) {
      const step = odoo.step(bom, name, saw, 10, { sequence });
      works.set(name, workorder(odoo, id, name, 10, { operation_id: step, workcenter_id: saw, ...values[name] }));
    }
    return { odoo, leg, id, works };
  }
  const names = (order: Operationplan | undefined) => stepsOf(order).map((step) => step.name.split(' - ')[1]);

  test('come in the routing’s sequence', async () => {
    const [order] = (await steps().odoo.export()).orders;
    expect(names(order)).toEqual(['Saw', 'Sand', 'Paint']);
    expect(stepsOf(order).map((step) => step.priority)).toEqual([10, 20, 30]);
  });

  test('come after what blocks them', async () => {
    const { odoo, works } = steps({}, { allow_workorder_dependencies: true });
    odoo.change('mrp.workorder', works.get('Saw')!, { blocked_by_workorder_ids: [works.get('Paint')] });
    const [order] = (await odoo.export()).orders;
    expect(names(order)).toEqual(['Sand', 'Paint', 'Saw']);
    expect(stepsOf(order)[2]?.dependencies).toEqual([{ blockedby: `MO1 - Paint - ${works.get('Paint')}` }]);
  });

  test('that are cancelled are left out, and their parts go to the first step that is left', async () => {
    const { odoo, leg, id, works } = steps({ Saw: { state: 'cancel' } });
    component(odoo, id, leg, 8, { workorder_id: works.get('Saw'), operation_id: 2 });
    const plan = await odoo.export();
    expect(names(plan.orders[0])).toEqual(['Sand', 'Paint']);
    expect(flowsOf(stepsOf(plan.orders[0])[0])).toEqual({ LEG: -4 });
    expect(plan.orders.map((order) => order.status)).not.toContain('completed');
  });

  test('that are done are completed, and parts still missing go to the next', async () => {
    const { odoo, leg, id } = steps({ Saw: { state: 'done' } });
    component(odoo, id, leg, 8);
    const plan = await odoo.export();
    expect(plan.orders.find((order) => order.reference === 'MO1 - Saw')).toMatchObject({ status: 'completed' });
    expect(flowsOf(stepsOf(plan.orders[0])[1])).toEqual({ LEG: -4 });
  });

  test('of a bill of material have Odoo’s dependencies where it uses them', async () => {
    const odoo = smallOdoo();
    const [table, saw] = [odoo.product('TABLE'), odoo.workcenter('Saw')];
    const bom = odoo.bom(table, { allow_operation_dependencies: true });
    const cut = odoo.step(bom, 'Cut', saw, 5);
    odoo.step(bom, 'Glue', saw, 5, { sequence: 20, blocked_by_operation_ids: [cut] });
    const [operation] = (await odoo.export()).operations;
    const [first, second] = operation?.suboperations?.map((step) => step.operation) ?? [];
    expect(second?.dependencies).toEqual([{ blockedby: first?.name }]);
  });
});
