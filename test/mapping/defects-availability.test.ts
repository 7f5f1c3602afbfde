// What made frePPLe's addon answer with an error, with a broken document or with silence (connector.md 5.1) does not here.

import { describe, expect, test } from 'vitest';
import { exportPlan, flowsOf, said } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { component, move, production, sale, workorder } from '../support/small-orders.ts';

describe('B1: an export without a company, or with one that is not there', () => {
  test('takes the company of the user, with its settings', async () => {
    const odoo = smallOdoo();
    odoo.change('res.company', odoo.company, { respect_reservations: false });
    odoo.quant(odoo.product('TABLE'), 8, { reserved_quantity: 5 });
    const plan = await odoo.export({ company: null });
    expect(plan.buffers).toMatchObject([{ item: 'TABLE', onhand: 8 }]);
  });

  test('answers an unknown company before anything is sent', async () => {
    await expect(smallOdoo().export({ company: 'Nobody Ltd' })).rejects.toMatchObject({
      code: 'PB_ODOO_COMPANY',
      message: expect.stringContaining('Nobody Ltd'),
    });
  });

  test('a company that the user may not see is unknown', async () => {
    const odoo = smallOdoo();
    odoo.add('res.company', { name: 'Hidden' });
    await expect(odoo.export({ company: 'Hidden' })).rejects.toMatchObject({ code: 'PB_ODOO_COMPANY' });
  });
});

describe('B2: a manufacturing warehouse that cannot be seen', () => {
  test.each(['archived', 'of another company'])('%s: the company’s first warehouse makes', async (why) => {
    const odoo = smallOdoo();
    const foreign = odoo.add('res.company', { name: 'Other' });
    const lost = odoo.warehouse('OLD', why === 'archived' ? { active: false } : { company_id: foreign });
    odoo.change('res.company', odoo.company, { manufacturing_warehouse: lost.id });
    odoo.workcenter('Saw');
    const plan = await odoo.export();
    expect(plan.resources).toMatchObject([{ name: 'Saw', location: 'WH' }]);
  });
});

describe('B3: reservations that are not respected', () => {
  test('leave manufacturing orders with all they need', async () => {
    const odoo = smallOdoo();
    const [table, leg] = [odoo.product('TABLE'), odoo.product('LEG')];
    const order = production(odoo, table, 2);
    component(odoo, order, leg, 8, { state: 'assigned', quantity: 8 });
    const plan = await odoo.export({ options: { respectReservations: false } });
    expect(flowsOf(plan.orders[0]?.operation)).toEqual({ LEG: -4, TABLE: 1 });
  });
});

describe('B4: a step without search mode', () => {
  test('is searched by priority', async () => {
    const odoo = smallOdoo();
    const bom = odoo.bom(odoo.product('TABLE'));
    odoo.step(bom, 'Saw', odoo.workcenter('Saw'), 10, { search_mode: false });
    const plan = await odoo.export();
    expect(plan.operations[0]?.suboperations?.[0]?.operation.loads).toMatchObject([{ search: 'PRIORITY' }]);
  });

  test('and so is a secondary work center without one', async () => {
    const odoo = smallOdoo();
    const step = odoo.step(odoo.bom(odoo.product('TABLE')), 'Saw', odoo.workcenter('Saw'), 10);
    const jig = odoo.workcenter('Jig');
    odoo.add('mrp.secondary.workcenter', { routing_workcenter_id: step, workcenter_id: jig, duration: 5 });
    const plan = await odoo.export();
    expect(plan.operations[0]?.suboperations?.[0]?.operation.loads).toMatchObject([
      { resource: 'Saw', quantity: 1 },
      { resource: 'Jig', quantity: 0.5, search: 'PRIORITY' },
    ]);
  });
});

describe('B5: a work order with a secondary work center of a pool', () => {
  test('loads the pool by its share of the time, and shows who is assigned', async () => {
    const odoo = smallOdoo();
    const [saw, pool] = [odoo.workcenter('Saw'), odoo.workcenter('Jigs')];
    const jig = odoo.workcenter('Jig 2', { owner: pool });
    const step = odoo.step(odoo.bom(odoo.product('DESK')), 'Saw', saw, 60);
    const order = production(odoo, odoo.product('TABLE'), 1);
    const work = workorder(odoo, order, 'Saw', 60, { workcenter_id: saw, operation_id: step });
    odoo.add('mrp.workorder.secondary.workcenter', { workorder_id: work, workcenter_id: jig, duration: 15 });
    const [made, sawing] = (await odoo.export()).orders;
    const operation = typeof made?.operation === 'object' ? made.operation : undefined;
    expect(operation?.suboperations?.[0]?.operation.loads).toEqual([
      { resource: 'Saw' },
      { resource: 'Jigs', quantity: 0.25 },
    ]);
    expect(sawing?.loadplans).toEqual([{ resource: 'Saw' }, { resource: 'Jig 2' }]);
  });
});

describe('B6: a secondary work center that is archived', () => {
  test('is left out and reported; the step stays', async () => {
    const odoo = smallOdoo();
    const step = odoo.step(odoo.bom(odoo.product('TABLE')), 'Saw', odoo.workcenter('Saw'), 10);
    const gone = odoo.workcenter('Gone', { active: false });
    odoo.add('mrp.secondary.workcenter', { routing_workcenter_id: step, workcenter_id: gone });
    const plan = await odoo.export();
    expect(plan.operations[0]?.suboperations?.[0]?.operation.loads).toMatchObject([{ resource: 'Saw' }]);
    expect(said(plan, 'load')).toEqual([`its secondary work center is archived or not exported: step ${step}`]);
  });
});

describe('B7: an unusual calendar', () => {
  test('a leave of a resource whose calendar has no hours costs no other calendar', async () => {
    const odoo = smallOdoo();
    odoo.hours(odoo.calendar('Standard'), 0, 8, 12);
    const empty = odoo.calendar('Empty');
    odoo.workcenter('Saw', { resource_calendar_id: empty });
    odoo.leave('2026-12-01 00:00:00', '2026-12-02 00:00:00', { calendar_id: empty, resource_id: 1 });
    const plan = await odoo.export();
    expect(plan.calendars.map((calendar) => calendar.name)).toEqual(['Standard 1', 'calendar for Saw']);
  });

  test('a two-week row with dates is written, and the document goes on', async () => {
    const odoo = smallOdoo();
    const shifts = odoo.calendar('Shifts', { two_weeks_calendar: true });
    odoo.hours(shifts, 0, 8, 12, { week_type: '0', date_from: '2026-12-01', date_to: '2026-12-31' });
    const plan = await odoo.export();
    expect(plan.calendars[0]?.buckets.length).toBe(2);
    expect(plan.lists).toContain('buffers');
  });
});

describe('B8: a calendar that is not there', () => {
  test('costs no resource: it goes without', async () => {
    const odoo = smallOdoo();
    odoo.workcenter('Saw', { resource_calendar_id: 99 });
    const plan = await odoo.export();
    expect(plan.resources).toMatchObject([{ name: 'Saw' }]);
    expect(plan.resources[0]).not.toHaveProperty('available');
  });
});

describe('B9: apps that are not installed', () => {
  test.each([
    ['subcontracting', ['subcontracting']],
    ['frePPLe’s addon', ['addon']],
    ['manufacturing', ['mrp.bom', 'mrp.bom.line', 'mrp.production', 'mrp.workorder', 'mrp.workcenter']],
    ['purchase', ['purchase.order', 'purchase.order.line', 'stock.move.purchase_line_id']],
    ['receipt status (before Odoo 16)', ['purchase.order.receipt_status']],
  ])('without %s the rest is exported', async (_app, without) => {
    const odoo = smallOdoo({ without });
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    move(odoo, table, 5, { sale_line_id: line });
    const plan = await odoo.export();
    expect(plan.demands).toMatchObject([{ item: 'TABLE', quantity: 5, status: 'open' }]);
  });

  test('without sales there is still everything else', async () => {
    const odoo = smallOdoo({ without: ['sale.order', 'sale.order.line', 'stock.move.sale_line_id'] });
    odoo.quant(odoo.product('TABLE'), 3);
    expect((await odoo.export()).buffers).toMatchObject([{ item: 'TABLE', onhand: 3 }]);
  });
});

describe('B10: the rights of the connector user', () => {
  test('no model is read that only administrators may read', async () => {
    const odoo = smallOdoo();
    const reader = odoo.reader();
    const asked = new Set<string>();
    const note = <T>(model: string, answer: T): T => {
      asked.add(model);
      return answer;
    };
    const watched = (inner: typeof reader): typeof reader => ({
      ...inner,
      scoped: (scope) => watched(inner.scoped(scope)),
      fields: (model) => note(model, inner.fields(model)),
      pages: (request) => note(request.model, inner.pages(request)),
    });
    await exportPlan(watched(reader));
    expect([...asked].filter((model) => model.startsWith('ir.'))).toEqual([]);
    expect(asked.has('sale.order.line')).toBe(true);
  });
});

describe('A1: what is left out', () => {
  test('is reported by entity and reason, and in the document', async () => {
    const odoo = smallOdoo();
    const old = odoo.product('OLD', { active: false });
    sale(odoo, old, 2, { name: 'S77' });
    odoo.quant(old, 4);
    const plan = await odoo.export();
    expect(plan.report).toEqual([
      { kind: 'skipped', entity: 'demand', reason: 'its product is archived', count: 1, records: ['S77 1'] },
      expect.objectContaining({ kind: 'skipped', entity: 'stock', reason: 'its product is archived', count: 1 }),
    ]);
    expect(plan.xml).toContain('skipped 1 demand: its product is archived (S77 1)');
    expect(JSON.parse(plan.json).report).toHaveLength(2);
  });

  test('an open order of an archived customer is not left out', async () => {
    const odoo = smallOdoo();
    odoo.change('res.partner', odoo.customer, { active: false });
    sale(odoo, odoo.product('TABLE'), 2);
    expect((await odoo.export()).demands).toMatchObject([{ customer: `Azure (archived) ${odoo.customer}` }]);
  });
});
