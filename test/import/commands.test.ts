// Posted orders and Odoo's records -> commands, without an Odoo.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupOrders, originOf, tokenIn, valuesOf } from '../../src/mapping/commands.ts';
import { planCommands } from '../../src/mapping/plan-commands.ts';
import { type PostedOrder, type RawOrder, readPostedOrder, readPostedPromise } from '../../src/mapping/posted.ts';
import type { OdooRow } from '../../src/mapping/records.ts';
import { zone } from '../../src/mapping/time.ts';
import { purchaseLineOf, type WriteContext, writeContext } from '../../src/mapping/write-context.ts';

const RECORDS: Record<string, OdooRow[]> = {
  'product.product': [
    { id: 12, display_name: 'Leg', active: true, uom_id: 1, uom_po_id: 2, product_tmpl_id: 112, type: 'product' },
    { id: 13, display_name: 'Old leg', active: false, uom_id: 1, uom_po_id: 1, product_tmpl_id: 113, type: 'product' },
    { id: 11, display_name: 'Table', active: true, uom_id: 1, uom_po_id: 1, product_tmpl_id: 111, type: 'product' },
  ],
  'uom.uom': [
    { id: 1, name: 'Units', factor: 1, category_id: 1 },
    { id: 2, name: 'Dozens', factor: 1 / 12, category_id: 1 },
    { id: 3, name: 'kg', factor: 1, category_id: 2 },
  ],
  'stock.warehouse': [
    {
      id: 1,
      name: 'Main',
      code: 'WH',
      company_id: 1,
      active: true,
      sequence: 1,
      lot_stock_id: 8,
      in_type_id: 1,
      int_type_id: 5,
      manu_type_id: 13,
    },
    {
      id: 2,
      name: 'Other',
      code: 'W2',
      company_id: 1,
      active: true,
      sequence: 2,
      lot_stock_id: 18,
      in_type_id: 6,
      int_type_id: 10,
      manu_type_id: null,
    },
    {
      id: 3,
      name: 'Foreign',
      code: 'W3',
      company_id: 9,
      active: true,
      sequence: 1,
      lot_stock_id: 28,
      in_type_id: 7,
      int_type_id: 11,
      manu_type_id: 14,
    },
  ],
  'res.partner': [
    {
      id: 9,
      name: 'Wood Corner',
      active: true,
      company_id: null,
      property_supplier_payment_term_id: 6,
      property_purchase_currency_id: null,
      property_account_position_id: 4,
    },
    { id: 10, name: 'Gone', active: false, company_id: null },
  ],
  'mrp.bom': [
    { id: 5, product_tmpl_id: 111, product_id: null, type: 'normal', active: true, company_id: null },
    { id: 6, product_tmpl_id: 111, product_id: null, type: 'phantom', active: true, company_id: null },
  ],
  'mrp.routing.workcenter': [{ id: 51, name: 'drill', bom_id: 5 }],
  'mrp.workcenter': [
    { id: 1, name: 'Pool', active: true, owner: null },
    { id: 2, name: 'Drill 1', active: true, owner: 1 },
    { id: 3, name: 'Press', active: true, owner: null },
    { id: 4, name: 'Jig 1', active: true, owner: 9 },
    { id: 5, name: 'Jig 2', active: true, owner: 9 },
    { id: 9, name: 'Jigs', active: true, owner: null },
  ],
  'purchase.order.line': [
    {
      id: 26,
      order_id: 15,
      product_id: 12,
      product_qty: 30,
      qty_received: 10,
      product_uom: 1,
      date_planned: '2026-11-23 07:00:00',
      state: 'purchase',
      display_type: null,
    },
  ],
  'purchase.order': [{ id: 15, name: 'P00015', state: 'purchase', company_id: 1, partner_id: 9 }],
  'stock.move': [
    {
      id: 202,
      purchase_line_id: 26,
      state: 'assigned',
      product_id: 12,
      product_uom: 1,
      product_uom_qty: 20,
      date: '2026-11-23 07:00:00',
    },
    { id: 94, production_id: 8, state: 'done', product_id: 11, product_uom: 1, quantity: 2 },
  ],
  'mrp.production': [
    {
      id: 8,
      name: 'WH/MO/00008',
      state: 'confirmed',
      company_id: 1,
      product_id: 11,
      product_qty: 9,
      product_uom_id: 1,
      workorder_ids: [6],
      date_start: '2026-11-23 07:00:00',
      date_finished: '2026-11-23 10:45:00',
    },
  ],
  'mrp.workorder': [
    {
      id: 6,
      display_name: 'WH/MO/00008 - drill',
      production_id: 8,
      operation_id: 51,
      workcenter_id: 1,
      state: 'ready',
      leave_id: 3,
      duration_expected: 135,
      date_start: '2026-11-23 07:00:00',
      date_finished: '2026-11-23 09:15:00',
    },
  ],
  'sale.order.line': [
    { id: 1, order_id: 7 },
    { id: 2, order_id: 7 },
  ],
  'sale.order': [{ id: 7, name: 'S00007', state: 'sale', commitment_date: null, company_id: 1 }],
};

function contextOf(change: Partial<WriteContext> = {}, more: Record<string, OdooRow[]> = {}): WriteContext {
  const surroundings = {
    major: 17,
    company: 1,
    companies: [1],
    responsible: 2,
    zone: zone('Europe/Brussels'),
    mergePurchases: false,
    promises: true,
    ...change,
  };
  return writeContext(surroundings, new Map(Object.entries({ ...RECORDS, ...more })));
}

function posted(attributes: Record<string, string>, more: Partial<RawOrder> = {}, index = 0): PostedOrder {
  const dates = {
    start: '2026-07-01 08:00:00',
    end: '2026-07-02 08:00:00',
    quantity: '24',
    item: 'x',
    item_id: '1,12',
  };
  const record = readPostedOrder(
    { attributes: { ...dates, ...attributes }, resources: [], items: [], workorders: [], ...more },
    index,
  );
  if (!record.ok) throw new Error(record.refusal.reason);
  return record.order;
}

const po = (more: Record<string, string> = {}, index = 0) =>
  posted(
    { ordertype: 'PO', reference: String(index + 1), supplier: 'Wood Corner 9', location_id: '1', ...more },
    {},
    index,
  );
const mo = (more: Record<string, string> = {}, raw: Partial<RawOrder> = {}) =>
  posted(
    {
      ordertype: 'MO',
      reference: '4',
      operation: 'Table @ WH 5',
      location_id: '1',
      item_id: '1,11',
      quantity: '3',
      ...more,
    },
    raw,
  );
const run = (orders: PostedOrder[], change: Partial<WriteContext> = {}, more: Record<string, OdooRow[]> = {}) =>
  planCommands(contextOf(change, more), orders);

describe('purchase orders', () => {
  it('are bought in the purchase unit, at times of the zone, with what the vendor is known for', () => {
    const [command] = groupOrders(run([po()]).pending);
    expect(valuesOf(command!, 'token12345')).toEqual({
      ...{
        partner_id: 9,
        company_id: 1,
        picking_type_id: 1,
        user_id: 2,
        payment_term_id: 6,
        fiscal_position_id: 4,
        origin: 'planbridge token12345',
      },
      ...{ date_order: '2026-07-01 06:00:00', date_planned: '2026-07-02 06:00:00' },
      order_line: [[0, 0, { product_id: 12, product_qty: 2, product_uom: 2, date_planned: '2026-07-02 06:00:00' }]],
    });
  });

  it('take other field names in Odoo 19', () => {
    const [command] = groupOrders(run([po()], { major: 19 }).pending);
    expect(valuesOf(command!, 'token12345').order_line).toMatchObject([[0, 0, { product_uom_id: expect.any(Number) }]]);
  });

  it('are grouped by vendor and warehouse; merged lines keep the earlier dates (mode 2)', () => {
    const orders = [po({}, 0), po({ location_id: '2' }, 1), po({ end: '2026-07-05 08:00:00' }, 2)];
    expect(groupOrders(run(orders).pending).map(({ lines }) => lines.length)).toEqual([2, 1]);
    const [merged] = groupOrders(run(orders, { mergePurchases: true }).pending);
    expect(merged!.lines).toMatchObject([
      { quantity: 4, orders: [{ record: { reference: '1' } }, { record: { reference: '3' } }] },
    ]);
    expect(valuesOf(merged!, 't').order_line).toMatchObject([[0, 0, { date_planned: '2026-07-02 06:00:00' }]]);
  });

  it.each([
    ['archived product', { item_id: '1,13' }, 'archived'],
    ['unknown product', { item_id: '1,99' }, 'product 99 is not in Odoo'],
    ['unknown unit', { item_id: '7,12' }, 'unit 7 is not in Odoo'],
    ['unit of another kind', { item_id: '3,12' }, 'cannot be converted'],
    ['unknown vendor', { supplier: 'Nobody 77' }, 'not in Odoo'],
    ['archived vendor', { supplier: 'Gone 10' }, 'archived'],
    ['unknown warehouse', { location_id: '44' }, 'warehouse 44'],
    ['warehouse of another company', { location_id: '3' }, 'warehouse 3'],
    ['change of nothing', { status: 'confirmed' }, 'names no purchase order line'],
  ])('are refused with the reason: %s', (_, attributes, reason) => {
    const { pending, updates, refusals } = run([po(attributes)]);
    expect([...pending, ...updates]).toEqual([]);
    expect(refusals).toMatchObject([{ reference: '1', type: 'PO', reason: expect.stringContaining(reason) }]);
  });

  const change = {
    reference: 'P00015 - WH/IN/00007 - 202 - 26',
    end: '2026-11-23 08:00:00',
    start: '2026-11-20 08:00:00',
  };
  it('change by what is more than was still to come; price, text and unit stay', () => {
    expect(run([po({ ...change, status: 'confirmed', quantity: '25' })]).updates).toMatchObject([
      { model: 'purchase.order.line', id: 26, values: { product_qty: 35 } },
    ]);
    expect(run([po({ ...change, quantity: '20' })])).toMatchObject({
      updates: [],
      pending: [],
      settled: [{ outcome: 'unchanged', name: 'P00015' }],
    });
    expect(run([po({ ...change, quantity: '20', end: '2026-11-24 08:00:00' })]).updates).toMatchObject([
      { values: { date_planned: '2026-11-24 07:00:00' } },
    ]);
  });

  it.each([
    [{ item_id: '1,11' }, 'another product'],
    [{ supplier: 'Other 77' }, 'another vendor'],
    [{ reference: 'P00015 - WH/IN/00007 - 201 - 26' }, 'done or cancelled'],
  ])('are not changed into something else: %o', (more, reason) => {
    expect(run([po({ ...change, status: 'approved', ...more })]).refusals).toMatchObject([
      { reason: expect.stringContaining(reason) },
    ]);
  });

  it.each([
    ['P00015 - WH/IN/00007 - 202 - 26', { order: 'P00015', line: 26, move: 202 }],
    ['P00015 - 26', { order: 'P00015', line: 26, move: undefined }],
    ['101', undefined],
    ['P00015 - x', undefined],
  ])('of Odoo are known by their reference: %s', (reference, found) =>
    expect(purchaseLineOf(reference)).toEqual(found),
  );
});

describe('manufacturing orders', () => {
  const step = (attributes: Record<string, string>, resources: Record<string, string>[] = []) => ({
    workorders: [
      {
        attributes: {
          operation: 'Table @ WH 5 - drill 51',
          start: '2026-07-01 08:00:00',
          end: '2026-07-01 09:00:00',
          ...attributes,
        },
        resources,
        items: [],
      },
    ],
  });

  it('are made from their bill in the warehouse’s operation type, at times of the zone', () => {
    const [command] = groupOrders(run([mo()]).pending);
    expect(valuesOf(command!, 't')).toMatchObject({
      product_id: 11,
      bom_id: 5,
      picking_type_id: 13,
      product_qty: 3,
      date_start: '2026-07-01 06:00:00',
      date_finished: '2026-07-02 06:00:00',
    });
    const [older] = groupOrders(run([mo()], { major: 16 }).pending);
    expect(valuesOf(older!, 't')).toMatchObject({ date_planned_start: '2026-07-01 06:00:00' });
  });

  it.each([
    ['kit', { operation: 'Table @ WH 6' }, {}, 'is a kit'],
    ['no bill', { operation: 'Table' }, {}, 'no bill of material'],
    ['bill of another product', { item_id: '1,12' }, {}, 'another product'],
    ['warehouse that does not make', { location_id: '2' }, {}, 'does not manufacture'],
    ['unknown step', {}, step({ operation: 'x 99' }), 'step "x 99" is not in Odoo'],
    ['unknown work center', {}, step({}, [{ id: '88', name: 'Saw' }]), 'work center "Saw" is not in Odoo'],
    ['unknown order', { status: 'approved', reference: 'WH/MO/99999' }, {}, 'no manufacturing order'],
  ])('are refused with the reason: %s', (_, attributes, raw, reason) => {
    expect(run([mo(attributes, raw)]).refusals).toMatchObject([
      { type: 'MO', reason: expect.stringContaining(reason) },
    ]);
  });

  const existing = {
    reference: 'WH/MO/00008',
    status: 'confirmed',
    start: '2026-11-23 08:00:00',
    end: '2026-11-24 08:00:00',
  };
  it('change by Odoo’s own wizard, what was produced added; nothing where nothing differs', () => {
    expect(run([mo({ ...existing, quantity: '10' })]).quantities).toMatchObject([{ production: 8, quantity: 12 }]);
    expect(run([mo({ ...existing, quantity: '7' })])).toMatchObject({
      quantities: [],
      updates: [],
      settled: [{ outcome: 'unchanged' }],
    });
    expect(run([mo({ ...existing, quantity: '7', start: '2026-11-23 09:00:00' })]).updates).toMatchObject([
      { values: { date_start: '2026-11-23 08:00:00' }, context: { force_date: true } },
    ]);
  });

  const wo = (more: Record<string, string>, resources: Record<string, string>[]) =>
    posted(
      {
        ordertype: 'WO',
        reference: 'WH/MO/00008 - drill',
        owner: 'WH/MO/00008',
        operation: 'WH/MO/00008 - drill - 6',
        start: '2026-11-23 08:00:00',
        end: '2026-11-23 10:15:00',
        ...more,
      },
      { resources },
    );
  it('have their steps moved to a member of the pool, else to the first resource (9), both times together (F8)', () => {
    const pool = run([wo({}, [{ id: '3' }, { id: '2' }])]).updates;
    expect(pool.map(({ stage, values }) => [stage, values])).toEqual([
      [1, { workcenter_id: 2 }],
      [2, { date_start: '2026-11-23 07:00:00', date_finished: '2026-11-23 09:15:00' }],
    ]);
    expect(run([wo({}, [{ id: '3' }])]).updates[0]).toMatchObject({ values: { workcenter_id: 3 } });
    expect(run([wo({}, [{ id: '1' }])])).toMatchObject({ updates: [], settled: [{ outcome: 'unchanged' }] });
  });

  const SECONDARY = 'mrp.workorder.secondary.workcenter';
  const wanting = (rows: OdooRow[], orders: PostedOrder[]) =>
    planCommands(contextOf({}, { [SECONDARY]: rows }), orders);
  it.each([
    ['another of the pool takes the place of the one assigned', [{ id: 1 }, { id: 5 }], [[SECONDARY, 70, 5]], []],
    [
      'whatever comes first: a tool never becomes the work center',
      [{ id: 5 }, { id: 2 }],
      [
        ['mrp.workorder', 6, 2],
        [SECONDARY, 70, 5],
      ],
      [],
    ],
    ['what stands there stays', [{ id: 1 }, { id: 4 }], [], []],
    [
      'what has no place gets one, for its part of the time',
      [{ id: 1 }, { id: 3, quantity: '0.5' }],
      [],
      [[6, 3, 67.5]],
    ],
    ['alone, it is the step that moves (9)', [{ id: 3 }], [['mrp.workorder', 6, 3]], []],
  ])('have secondary work centers: %s', (_, resources, changed, added) => {
    const rows = [{ id: 70, workorder_id: 6, workcenter_id: 4 }];
    const given = resources.map((one) =>
      Object.fromEntries(Object.entries(one).map(([key, value]) => [key, String(value)])),
    );
    const { updates, additions, refusals } = wanting(rows, [wo({}, given)]);
    expect(refusals).toEqual([]);
    const moves = updates.filter(({ values }) => 'workcenter_id' in values);
    expect(moves.map(({ model, id, values }) => [model, id, values.workcenter_id])).toEqual(changed);
    const what = additions.map(({ values }) => [values.workorder_id, values.workcenter_id, values.duration]);
    expect(what).toEqual(added);
  });

  const OWN = 'planbridge.workorder.secondary';
  it('have those of our addon, alone or beside the other one: rows change where they are, new ones are ours', () => {
    const run = (theirs: OdooRow[] | null, ours: OdooRow[], resources: string[]) => {
      const records = { ...(theirs ? { [SECONDARY]: theirs } : {}), [OWN]: ours };
      const given = resources.map((id) => ({ id }));
      const { updates, additions } = planCommands(contextOf({}, records), [wo({}, given)]);
      return [
        ...updates
          .filter(({ values }) => 'workcenter_id' in values)
          .map(({ model, id, values }) => [model, id, values.workcenter_id]),
        ...additions.map(({ model, values }) => [model, null, values.workcenter_id]),
      ];
    };
    const row = (id: number) => ({ id, workorder_id: 6, workcenter_id: 4 });
    expect(run(null, [row(80)], ['1', '5'])).toEqual([[OWN, 80, 5]]);
    expect(run(null, [], ['1', '3'])).toEqual([[OWN, null, 3]]);
    expect(run([row(70)], [], ['1', '5'])).toEqual([[SECONDARY, 70, 5]]);
    expect(run([row(70)], [], ['1', '4', '3'])).toEqual([[OWN, null, 3]]);
    // Of what both have of one pool, ours counts.
    expect(run([row(70)], [{ ...row(80), workcenter_id: 5 }], ['1', '5'])).toEqual([]);
    expect(run([row(70)], [row(80)], ['1', '5'])).toEqual([[OWN, 80, 5]]);
  });

  it('are not moved against their steps: where the plan dates those, Odoo moves the order with them', () => {
    const moved = { ...existing, quantity: '7', start: '2026-11-23 06:00:00' };
    const { updates } = run([mo(moved), wo({ start: '2026-11-23 09:00:00', end: '2026-11-23 11:00:00' }, [])]);
    expect(updates.map(({ model }) => model)).toEqual(['mrp.workorder']);
    expect(run([mo(moved)]).updates).toMatchObject([{ values: { date_start: '2026-11-23 05:00:00' } }]);
  });

  it('leave what stands beside the work center alone where Odoo knows no such thing', () => {
    const { updates, additions, settled } = run([wo({}, [{ id: '1' }, { id: '3' }])]);
    expect([...updates, ...additions]).toEqual([]);
    expect(settled).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it.each([
    [{ owner: 'WH/MO/1' }, 'no manufacturing order "WH/MO/1"'],
    [{ operation: 'x - 7', reference: 'WH/MO/00008 - sand' }, 'no work order'],
  ])('steps that are not there are refused (F7): %o', (more, reason) => {
    expect(run([wo(more, [])]).refusals).toMatchObject([{ type: 'WO', reason: expect.stringContaining(reason) }]);
  });

  it('take along steps that name them as their owner', () => {
    const orders = [
      mo(),
      posted({ ordertype: 'WO', reference: 's', owner: '4', operation: 'Table @ WH 5 - drill 51' }, {}, 1),
    ];
    const { pending, settled } = run(orders);
    expect(pending).toMatchObject([{ steps: [{ id: 51 }] }]);
    expect(settled).toMatchObject([{ record: { index: 1 }, outcome: 'skipped' }]);
  });
});

describe('transfers', () => {
  const transfer = (more: Record<string, string> = {}) =>
    posted({ ordertype: 'DO', reference: '9', origin: 'WH', destination: 'W2', ...more });
  it('find warehouses by id, code or name', () => {
    const ways: Record<string, string>[] = [
      { origin_id: '1', origin: '', destination: '', destination_id: '2' },
      {},
      { origin: 'Main', destination: 'Other' },
    ];
    for (const names of ways) {
      const [command] = groupOrders(run([transfer(names)]).pending);
      expect(valuesOf(command!, 't')).toMatchObject({
        picking_type_id: 5,
        location_id: 8,
        location_dest_id: 18,
        move_ids: [[0, 0, { product_id: 12, product_uom_qty: 24, product_uom: 1 }]],
      });
    }
  });

  it.each([
    [{ destination: 'NOWHERE' }, 'destination "NOWHERE"'],
    [{ destination: 'WH' }, 'same warehouse'],
    [{ status: 'approved', reference: 'WH/INT/1 - 99' }, 'names no transfer'],
  ])('are refused with the reason: %o', (more, reason) => {
    expect(run([transfer(more)]).refusals).toMatchObject([{ type: 'DO', reason: expect.stringContaining(reason) }]);
  });
});

describe('promised dates', () => {
  const promise = (line: number, date: string, index: number): PostedOrder => {
    const record = readPostedPromise({ name: `S00007 ${line}`, deliverydate: date }, index);
    if (!record.ok) throw new Error(record.refusal.reason);
    return record.order;
  };
  const both = [promise(1, '2026-07-09 16:00:00', 0), promise(2, '2026-07-08 16:00:00', 1)];

  it('are those of the last line, where the option says so', () => {
    expect(run(both).updates).toMatchObject([
      {
        model: 'sale.order',
        id: 7,
        values: { commitment_date: '2026-07-09 14:00:00' },
        records: [{ index: 0 }, { index: 1 }],
      },
    ]);
    expect(run(both, { promises: false })).toMatchObject({
      updates: [],
      settled: [{ outcome: 'skipped' }, { outcome: 'skipped' }],
    });
    expect(run([promise(5, '2026-07-09 16:00:00', 0)]).refusals).toHaveLength(1);
  });

  it('are later by the margin of sales, by which goods leave before', () => {
    const { updates } = run(both, {}, { 'res.company': [{ id: 1, name: 'Us', security_lead: 2.5 }] });
    expect(updates).toMatchObject([{ values: { commitment_date: '2026-07-12 02:00:00' } }]);
  });

  it.each(['S00007 1 55', 'S00007 2 kit 9'])('are of the line that "%s" is a part of', (name) => {
    const record = readPostedPromise({ name, deliverydate: '2026-07-09 16:00:00' }, 0);
    if (!record.ok) throw new Error(record.refusal.reason);
    expect(run([record.order]).updates).toMatchObject([{ id: 7, records: [{ reference: name }] }]);
  });
});

describe('keys', () => {
  it('are the same for the same order wherever it stands in the document, and differ with anything that matters', () => {
    const key = (more: Record<string, string>, index = 0) =>
      run([po({ reference: '1', ...more }, index)]).pending[0]!.key;
    expect(key({}, 5)).toBe(key({}));
    expect(key({ remark: 'x', item: 'renamed' })).toBe(key({}));
    const others: Record<string, string>[] = [
      { reference: '2' },
      { quantity: '25' },
      { start: '2026-07-01 09:00:00' },
      { end: '2026-07-02 09:00:00' },
      { location_id: '2' },
    ];
    for (const more of others) {
      expect(key(more)).not.toBe(key({}));
    }
  });

  it('twice in a document is one order; without a name two', () => {
    const twice = run([po({ reference: '1' }, 0), po({ reference: '1' }, 1)]);
    expect(twice.pending).toHaveLength(1);
    expect(twice.refusals).toMatchObject([{ index: 1, reason: expect.stringContaining('twice') }]);
    const nameless = run([po({ reference: '' }, 0), po({ reference: '' }, 1)]);
    expect(new Set(nameless.pending.map(({ key }) => key)).size).toBe(2);
  });

  it('come back out of an origin, whatever planners remark', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-z]{14}$/), fc.string({ maxLength: 400 }), (token, remark) => {
        const [command] = groupOrders(run([po({ remark })]).pending);
        const origin = originOf(command!, token);
        expect(origin.length).toBeLessThanOrEqual(200);
        expect(tokenIn(origin)).toBe(token);
      }),
    );
    expect(tokenIn('planbridge is what I like')).toBeNull();
    expect(tokenIn('frePPLe')).toBeNull();
  });
});

describe('quantities and dates', () => {
  it('of a whole day in autumn and spring are instants of the zone', () => {
    const dates = (start: string) => run([po({ start, end: '2027-12-31 00:00:00' })]).pending[0]!.start;
    expect(dates('2026-10-25 02:30:00')).toBe(Date.parse('2026-10-25T00:30:00Z') / 1000);
    expect(dates('2026-10-25 03:30:00')).toBe(Date.parse('2026-10-25T02:30:00Z') / 1000);
    expect(dates('2026-03-29 02:30:00')).toBe(Date.parse('2026-03-29T01:30:00Z') / 1000);
  });
});
