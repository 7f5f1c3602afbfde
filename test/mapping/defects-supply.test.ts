// What is bought and kept: vendor terms, costs, reordering rules, numbers, make to order (connector.md 5.2).

import { describe, expect, test } from 'vitest';
import { at, flowsOf, said } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { move, purchase, receipt, sale } from '../support/small-orders.ts';

const DAY = 86_400;

describe('C12: vendor prices', () => {
  test('are in the product’s unit, where it is bought by the dozen', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG', { template: { uom_po_id: odoo.dozen } });
    odoo.vendorPrice(leg, odoo.vendor, { min_qty: 2, price: 24 });
    expect((await odoo.export()).itemsuppliers).toMatchObject([{ item: 'LEG', sizeMinimum: 24, cost: 2 }]);
  });

  test('have the vendor’s own unit from Odoo 19', async () => {
    const odoo = smallOdoo({ major: 19 });
    odoo.vendorPrice(odoo.product('LEG'), odoo.vendor, { min_qty: 2, price: 24, product_uom_id: odoo.dozen });
    expect((await odoo.export()).itemsuppliers).toMatchObject([{ sizeMinimum: 24, cost: 2 }]);
  });

  test('are lowest for the largest quantity: the plan takes quantity and price of one offer, the smallest', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    for (const [minimum, price] of [
      [100, 8],
      [1, 10],
      [50, 9],
    ] as const)
      odoo.vendorPrice(leg, odoo.vendor, { min_qty: minimum, price });
    expect((await odoo.export()).itemsuppliers).toMatchObject([{ sizeMinimum: 1, cost: 10 }]);
  });

  test('stay apart by vendor and first day', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    odoo.vendorPrice(leg, odoo.vendor, { price: 10, date_end: '2026-12-31' });
    odoo.vendorPrice(leg, odoo.vendor, { price: 11, date_start: '2027-01-01' });
    odoo.vendorPrice(leg, odoo.partner('Other'), { price: 9, sequence: 2 });
    expect((await odoo.export()).itemsuppliers).toMatchObject([
      { cost: 10, effectiveEnd: at('2027-01-01 00:00') },
      { cost: 11, effectiveStart: at('2027-01-01 00:00') },
      { cost: 9, priority: 2 },
    ]);
  });

  test('of one variant are not those of the others', async () => {
    const odoo = smallOdoo();
    const red = odoo.product('RED');
    const blue = odoo.add('product.product', { product_tmpl_id: red.template, default_code: 'BLUE' });
    odoo.vendorPrice(red, odoo.vendor, { price: 5, product_id: red.id });
    odoo.vendorPrice(red, odoo.partner('Dyer'), { price: 7, product_id: blue });
    const prices = (await odoo.export()).itemsuppliers.map(({ item, cost }) => [item, cost]);
    expect(prices).toEqual([
      ['RED', 5],
      ['BLUE', 7],
    ]);
  });

  describe('in another currency', () => {
    function inDollars(rates: ReadonlyArray<readonly [date: string, rate: number, company?: number]>) {
      const odoo = smallOdoo();
      odoo.vendorPrice(odoo.product('LEG'), odoo.vendor, { price: 11, currency_id: 2 });
      for (const [name, rate, company_id] of rates)
        odoo.add('res.currency.rate', { name, rate, currency_id: 2, company_id: company_id ?? false });
      return odoo.export().then((plan) => plan.itemsuppliers[0]?.cost);
    }

    test('are converted at the rate of the day', async () => {
      expect(
        await inDollars([
          ['2026-01-01', 2],
          ['2026-11-01', 1.1],
          ['2026-12-01', 5],
        ]),
      ).toBe(10);
    });

    test('the company’s own rate comes before the one for all', async () => {
      expect(
        await inDollars([
          ['2026-11-20', 2],
          ['2026-03-01', 1.1, 1],
          ['2026-11-21', 4, 2],
        ]),
      ).toBe(10);
    });

    test('without a rate before today, the first to come counts', async () => {
      expect(
        await inDollars([
          ['2027-06-01', 5],
          ['2027-01-01', 1.1],
        ]),
      ).toBe(10);
    });
  });
});

describe('C13: subcontractors', () => {
  test('are an operation each, with their own terms; other vendors stay vendors', async () => {
    const odoo = smallOdoo();
    odoo.change('res.company', odoo.company, { po_lead: 2 });
    const [lamp, bulb] = [odoo.product('LAMP'), odoo.product('BULB')];
    const [first, second] = [odoo.partner('Rowan'), odoo.partner('Elm')];
    odoo.bomLine(odoo.bom(lamp, { type: 'subcontract', subcontractor_ids: [first, second] }), bulb, 2);
    odoo.vendorPrice(lamp, first, { delay: 3, min_qty: 10, sequence: 1 });
    odoo.vendorPrice(lamp, second, { delay: 7, min_qty: 1, sequence: 2 });
    odoo.vendorPrice(lamp, odoo.vendor);
    const plan = await odoo.export();
    expect(plan.operations).toMatchObject([
      { name: `LAMP @ Rowan ${first} 1`, category: 'subcontractor', duration: 3 * DAY, sizeMinimum: 10, priority: 51 },
      { name: `LAMP @ Elm ${second} 1`, subcategory: `Elm ${second}`, duration: 7 * DAY, posttime: 2 * DAY },
    ]);
    expect(plan.operations.map(flowsOf)).toEqual([{ BULB: -2 }, { BULB: -2 }]);
    expect(plan.itemsuppliers.map((row) => row.supplier)).toEqual([`Wood Corner ${odoo.vendor}`]);
  });
});

describe('C14: the cost of an item', () => {
  test('is what it costs, not what it is sold for', async () => {
    const odoo = smallOdoo();
    odoo.product('TABLE', { standard_price: 70, template: { list_price: 199 } });
    expect((await odoo.export()).items).toMatchObject([{ name: 'TABLE', cost: 70 }]);
  });
});

describe('C15: reordering rules', () => {
  function withRules(...rules: object[]) {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    odoo.vendorPrice(leg, odoo.vendor);
    odoo.bom(leg);
    for (const rule of rules)
      odoo.add('stock.warehouse.orderpoint', { product_id: leg.id, warehouse_id: odoo.main.id, ...rule });
    return odoo;
  }
  const policies = (calendars: Array<{ name: string; buckets: Array<{ value: number }> }>) =>
    Object.fromEntries(calendars.map((calendar) => [calendar.name, calendar.buckets[0]?.value]));

  test('bear the name of the buffer that they are for', async () => {
    const odoo = withRules({ product_min_qty: 10, product_max_qty: 25 });
    odoo.quant({ id: 1, template: 1, unit: 1 }, 3);
    const plan = await odoo.export();
    expect(policies(plan.calendars)).toEqual({ 'SS for LEG @ WH': 10, 'ROQ for LEG @ WH': 15 });
    expect(plan.buffers[0]?.name).toBe('LEG @ WH');
  });

  test('can bear the warehouse’s name, as an older receiver wants it', async () => {
    const plan = await withRules({ product_min_qty: 10 }).export({
      options: { reorderCalendarNames: 'warehouse name' },
    });
    expect(policies(plan.calendars)).toEqual({ 'SS for LEG @ WH warehouse': 10 });
  });

  test('of several places in one warehouse are one policy', async () => {
    const odoo = withRules({ product_min_qty: 10, product_max_qty: 25 }, { product_min_qty: 5, product_max_qty: 8 });
    expect(policies((await odoo.export()).calendars)).toEqual({ 'SS for LEG @ WH': 15, 'ROQ for LEG @ WH': 15 });
  });

  test('of what is made in steps are the least that its operation makes', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    odoo.step(odoo.bom(leg), 'Saw', odoo.workcenter('Saw'), 10);
    const rule = { product_min_qty: 10, product_max_qty: 25 };
    odoo.add('stock.warehouse.orderpoint', { product_id: leg.id, warehouse_id: odoo.main.id, ...rule });
    const plan = await odoo.export();
    expect(policies(plan.calendars)).toEqual({ 'SS for LEG @ WH': 10 });
    expect(plan.operations).toMatchObject([{ type: 'operation_routing', sizeMinimum: 15 }]);
  });

  test('pass on their order multiple to what is bought and made', async () => {
    const plan = await withRules({ product_min_qty: 10, qty_multiple: 6 }).export();
    expect(plan.itemsuppliers).toMatchObject([{ sizeMultiple: 6 }]);
    expect(plan.operations).toMatchObject([{ sizeMultiple: 6 }]);
  });

  test('with multiples that differ by warehouse leave purchases without, and say so', async () => {
    const odoo = withRules({ qty_multiple: 6 });
    const other = odoo.warehouse('W2');
    odoo.add('stock.warehouse.orderpoint', { product_id: 1, warehouse_id: other.id, qty_multiple: 4 });
    const plan = await odoo.export();
    expect(plan.itemsuppliers[0]).not.toHaveProperty('sizeMultiple');
    expect(said(plan, 'reorderrule')).toEqual(['order multiples differ by warehouse: purchases have none: LEG']);
  });

  test('that are archived count no more', async () => {
    expect((await withRules({ product_min_qty: 10, active: false }).export()).calendars).toEqual([]);
  });
});

describe('C21: numbers', () => {
  test('that are very small are kept', async () => {
    const odoo = smallOdoo();
    const bom = odoo.bom(odoo.product('PILL'), { product_qty: 1000 });
    odoo.bomLine(bom, odoo.product('DYE', { uom: odoo.kg }), 0.4, { product_uom_id: odoo.gram });
    const plan = await odoo.export();
    expect(flowsOf(plan.operations[0])).toEqual({ DYE: -4e-7 });
    expect(plan.xml).toContain('quantity="-0.0000004"');
  });

  test('in units that cannot be compared are reported, never guessed', async () => {
    const odoo = smallOdoo();
    const [table, leg] = [odoo.product('TABLE'), odoo.product('LEG')];
    sale(odoo, table, 5, { line: { product_uom: odoo.kg } });
    odoo.bomLine(odoo.bom(table), leg, 4, { product_uom_id: odoo.kg });
    const { line } = purchase(odoo, leg, 5);
    receipt(odoo, leg, 5, line, { product_uom: odoo.kg });
    move(odoo, leg, 1, { product_uom: odoo.kg });
    const plan = await odoo.export();
    expect(plan.demands).toEqual([]);
    expect(plan.orders).toEqual([]);
    expect(flowsOf(plan.operations[0])).toEqual({});
    expect(plan.report.map((entry) => entry.entity).toSorted()).toEqual(['demand', 'flow', 'purchaseorder']);
  });
});

describe('C22: what is made or bought to order', () => {
  function withRoute(route: object, rule: object = {}) {
    const odoo = smallOdoo();
    const id = odoo.add('stock.route', { name: 'Auf Bestellung', product_selectable: true, ...route });
    const takes = { location_src_id: odoo.main.stock, location_dest_id: odoo.customers };
    odoo.add('stock.rule', { route_id: id, action: 'pull', procure_method: 'make_to_order', ...takes, ...rule });
    return { odoo, route: id };
  }

  test('is known by what its route does, in any language', async () => {
    const { odoo, route } = withRoute({ name: { en_US: 'Replenish on Order (MTO)', de_DE: 'Auf Bestellung' } });
    odoo.product('TABLE', { template: { route_ids: [route] } });
    expect((await odoo.export({ language: 'de_DE' })).items).toMatchObject([{ type: 'item_mto' }]);
  });

  test('by its category, or the category above', async () => {
    const { odoo, route } = withRoute({});
    const all = odoo.add('product.category', { complete_name: 'All', route_ids: [route] });
    const own = odoo.add('product.category', { complete_name: 'All / Own', parent_id: all });
    odoo.product('TABLE', { template: { categ_id: own } });
    const item = (await odoo.export()).items.find((row) => row.name === 'TABLE');
    expect(item).toMatchObject({ type: 'item_mto', owner: 'All / Own' });
  });

  test.each([
    ['archived', { active: false }, {}],
    ['that takes from stock', {}, { procure_method: 'make_to_stock' }],
    ['between warehouses', { supplied_wh_id: 1 }, {}],
  ])('not by a route %s', async (_what, values, rule) => {
    const { odoo, route } = withRoute(values, rule);
    odoo.product('TABLE', { template: { route_ids: [route] } });
    expect((await odoo.export()).items[0]).not.toHaveProperty('type');
  });
});
