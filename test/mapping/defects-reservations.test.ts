// C1: what is reserved is taken off stock and off whoever needs it, never off one of the two alone (connector.md 5.2).

import { describe, expect, test } from 'vitest';
import { type ExportedPlan, flowsOf, onhand } from '../support/export.ts';
import { type Product, type SmallOdoo, smallOdoo } from '../support/small-odoo.ts';
import { component, move, production, purchase, receipt, sale } from '../support/small-orders.ts';

/** Stock less what demands and orders still take: must be what lies there less all that was ordered. */
function balance(plan: ExportedPlan, item: string): number {
  const stock = Object.values(onhand(plan, item)).reduce((sum: number, quantity) => sum + (quantity ?? 0), 0);
  const open = plan.demands.filter((demand) => demand.item === item && demand.status === 'open');
  const used = plan.orders.map((order) => (flowsOf(order.operation)[item] ?? 0) * (order.quantity ?? 0));
  return stock - open.reduce((sum, demand) => sum + demand.quantity, 0) + used.reduce((sum, each) => sum + each, 0);
}

describe('C1: a delivery in one step', () => {
  function delivered(reserved: number, respectReservations = true) {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    const state = reserved === 5 ? 'assigned' : reserved > 0 ? 'partially_available' : 'confirmed';
    move(odoo, table, 5, { sale_line_id: line, state, quantity: reserved, procure_method: 'make_to_stock' });
    odoo.quant(table, 8, { reserved_quantity: reserved });
    return odoo.export({ options: { respectReservations } });
  }

  test('that is not reserved is open, and stock is whole', async () => {
    const plan = await delivered(0);
    expect(plan.demands).toMatchObject([{ name: 'S1 1', quantity: 5, status: 'open' }]);
    expect(onhand(plan, 'TABLE')).toEqual({ WH: 8 });
  });

  test('that is partly reserved is open for the rest', async () => {
    const plan = await delivered(2);
    expect(plan.demands).toMatchObject([{ quantity: 3, status: 'open' }]);
    expect(onhand(plan, 'TABLE')).toEqual({ WH: 6 });
  });

  test('that is fully reserved is closed: the plan does nothing more for it', async () => {
    const plan = await delivered(5);
    expect(plan.demands).toMatchObject([{ quantity: 5, status: 'closed' }]);
    expect(onhand(plan, 'TABLE')).toEqual({ WH: 3 });
  });

  test('counts whole, on both sides, where reservations are not respected', async () => {
    const plan = await delivered(5, false);
    expect(plan.demands).toMatchObject([{ quantity: 5, status: 'open' }]);
    expect(onhand(plan, 'TABLE')).toEqual({ WH: 8 });
  });

  test.each([0, 1, 2, 4, 5])('balances with %d of 5 reserved', async (reserved) => {
    expect(balance(await delivered(reserved), 'TABLE')).toBe(8 - 5);
  });
});

describe('C1: a delivery in three steps', () => {
  /** Pick, pack and ship, each bearing the order line, as Odoo 16 and 17 make them at once. */
  function chain(odoo: SmallOdoo, table: Product, line: number, pick: object, pack: object = {}, ship: object = {}) {
    const { stock, packing, output } = odoo.main;
    const picking = move(odoo, table, 5, { sale_line_id: line, location_dest_id: packing, ...pick });
    const waiting = { state: 'waiting', procure_method: 'make_to_order', sale_line_id: line };
    const packed = { ...waiting, location_id: packing, location_dest_id: output, move_orig_ids: [picking] };
    const packs = move(odoo, table, 5, { ...packed, ...pack });
    const shipped = { ...waiting, location_id: output, move_orig_ids: [packs], date: '2026-12-01 10:00:00' };
    return { pick: picking, pack: packs, ship: move(odoo, table, 5, { ...shipped, ...ship }), stock };
  }

  test('is one demand, due when it ships, less what its picking has reserved', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    const { ship } = chain(odoo, table, line, { state: 'partially_available', quantity: 2 });
    odoo.quant(table, 2, { reserved_quantity: 2 });
    const plan = await odoo.export();
    expect(plan.demands).toMatchObject([{ name: `S1 1 ${ship}`, quantity: 3, status: 'open', due: 1796119200 }]);
    expect(balance(plan, 'TABLE')).toBe(2 - 5);
  });

  test('has its goods when they are picked and wait to be packed', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    chain(odoo, table, line, { state: 'done', quantity: 5 }, { state: 'assigned', quantity: 5 });
    odoo.quant(table, 5, { reserved_quantity: 5, location_id: odoo.main.packing });
    odoo.quant(table, 1);
    const plan = await odoo.export();
    expect(plan.demands).toMatchObject([{ status: 'closed' }]);
    expect(onhand(plan, 'TABLE')).toEqual({ WH: 1 });
  });

  test('is one demand as well where only the picking exists yet (Odoo 18)', async () => {
    const odoo = smallOdoo({ major: 18 });
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    const packing = odoo.main.packing;
    move(odoo, table, 5, { sale_line_id: line, location_dest_id: packing, state: 'partially_available', quantity: 1 });
    odoo.quant(table, 4, { reserved_quantity: 1 });
    const plan = await odoo.export();
    expect(plan.demands).toMatchObject([{ name: 'S1 1', quantity: 4, status: 'open' }]);
    expect(balance(plan, 'TABLE')).toBe(4 - 5);
  });
});

describe('C1: one picking for two deliveries of a line', () => {
  test('has its reservation counted once', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 10);
    const output = odoo.main.output;
    const reserved = { state: 'partially_available', quantity: 5 };
    const pick = move(odoo, table, 10, { sale_line_id: line, location_dest_id: output, ...reserved });
    for (const quantity of [6, 4])
      move(odoo, table, quantity, {
        ...{ sale_line_id: line, state: 'waiting', location_id: output, move_orig_ids: [pick] },
      });
    odoo.quant(table, 5, { reserved_quantity: 5 });
    expect(balance(await odoo.export(), 'TABLE')).toBe(5 - 10);
  });
});

describe('C1: components', () => {
  test('that an order has reserved are not needed again', async () => {
    const odoo = smallOdoo();
    const [table, leg] = [odoo.product('TABLE'), odoo.product('LEG')];
    const order = production(odoo, table, 3);
    component(odoo, order, leg, 12, { state: 'partially_available', quantity: 6 });
    odoo.quant(leg, 10, { reserved_quantity: 6 });
    const plan = await odoo.export();
    expect(flowsOf(plan.orders[0]?.operation)).toMatchObject({ LEG: -2 });
    expect(balance(plan, 'LEG')).toBe(10 - 12);
  });

  test('brought to production by a picking count as reserved there', async () => {
    const odoo = smallOdoo();
    const [table, leg] = [odoo.product('TABLE'), odoo.product('LEG')];
    const before = odoo.location('internal', { name: 'Pre-production', warehouse_id: odoo.main.id });
    const order = production(odoo, table, 3);
    const brought = move(odoo, leg, 12, { state: 'assigned', quantity: 12, location_dest_id: before });
    component(odoo, order, leg, 12, { state: 'waiting', location_id: before, move_orig_ids: [brought] });
    odoo.quant(leg, 20, { reserved_quantity: 12 });
    const plan = await odoo.export();
    expect(flowsOf(plan.orders[0]?.operation)).toEqual({ TABLE: 1 });
    expect(onhand(plan, 'LEG')).toEqual({ WH: 8 });
  });
});

describe('C1: goods that are being put away', () => {
  test('are stock, although their move has reserved them', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    const { line } = purchase(odoo, leg, 7);
    const { input, stock } = odoo.main;
    const received = receipt(odoo, leg, 7, line, { state: 'done', quantity: 7, location_dest_id: input });
    move(odoo, leg, 7, {
      ...{ state: 'assigned', quantity: 7, location_id: input, location_dest_id: stock, move_orig_ids: [received] },
    });
    odoo.quant(leg, 7, { reserved_quantity: 7, location_id: input });
    odoo.quant(leg, 2);
    expect(onhand(await odoo.export(), 'LEG')).toEqual({ WH: 9 });
  });

  test('are not when a delivery waits for them: it needs that much less', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    const { line } = sale(odoo, leg, 7);
    const { input, stock } = odoo.main;
    const away = move(odoo, leg, 7, { state: 'assigned', quantity: 7, location_id: input, location_dest_id: stock });
    move(odoo, leg, 7, { sale_line_id: line, state: 'waiting', move_orig_ids: [away] });
    odoo.quant(leg, 7, { reserved_quantity: 7, location_id: input });
    const plan = await odoo.export();
    expect(onhand(plan, 'LEG')).toEqual({ WH: 0 });
    expect(plan.demands).toMatchObject([{ status: 'closed' }]);
  });

  test('nor when only the picking of that delivery exists yet (Odoo 18)', async () => {
    const odoo = smallOdoo({ major: 18 });
    const leg = odoo.product('LEG');
    const { line } = sale(odoo, leg, 7);
    const { input, stock, output } = odoo.main;
    const away = move(odoo, leg, 7, { state: 'assigned', quantity: 7, location_id: input, location_dest_id: stock });
    move(odoo, leg, 7, { sale_line_id: line, state: 'waiting', location_dest_id: output, move_orig_ids: [away] });
    odoo.quant(leg, 7, { reserved_quantity: 7, location_id: input });
    const plan = await odoo.export();
    expect(onhand(plan, 'LEG')).toEqual({ WH: 0 });
    expect(plan.demands).toMatchObject([{ status: 'closed' }]);
  });

  test('what a vendor still has to bring is no reservation of the delivery that waits for it', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    const bought = purchase(odoo, leg, 7);
    const arrival = receipt(odoo, leg, 7, bought.line, { quantity: 7 });
    const { line } = sale(odoo, leg, 7);
    move(odoo, leg, 7, { sale_line_id: line, state: 'waiting', move_orig_ids: [arrival] });
    const plan = await odoo.export();
    expect(plan.demands).toMatchObject([{ quantity: 7, status: 'open' }]);
    expect(plan.orders).toMatchObject([{ ordertype: 'PO', quantity: 7 }]);
  });
});
