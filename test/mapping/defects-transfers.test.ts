// C17: goods on their way between warehouses are in the plan, and taken from a stock once (connector.md 5.2).

import { describe, expect, test } from 'vitest';
import { at, type ExportedPlan, onhand, said } from '../support/export.ts';
import { type Product, type SmallOdoo, smallOdoo, type Warehouse } from '../support/small-odoo.ts';
import { move } from '../support/small-orders.ts';

function twoWarehouses() {
  const odoo = smallOdoo();
  return { odoo, leg: odoo.product('LEG'), other: odoo.warehouse('W2') };
}

/** What the plan sees of an item in a warehouse in the end: stock, less what leaves, plus what arrives. */
function ends(plan: ExportedPlan, item: string): Record<string, number> {
  const stock: Record<string, number> = {};
  for (const [location, quantity] of Object.entries(onhand(plan, item))) stock[location] = quantity ?? 0;
  for (const order of plan.orders) {
    stock[order.location!] = (stock[order.location!] ?? 0) + (order.quantity ?? 0);
    if (order.consumeMaterial !== false) stock[order.origin!] = (stock[order.origin!] ?? 0) - (order.quantity ?? 0);
  }
  return stock;
}

describe('C17: a transfer straight from warehouse to warehouse', () => {
  const transfer = (odoo: SmallOdoo, leg: Product, other: Warehouse, values: object) =>
    move(odoo, leg, 10, {
      location_dest_id: other.stock,
      picking_id: odoo.add('stock.picking', { name: 'INT/1' }),
      ...values,
    });

  test('is a distribution order that takes from the one and brings to the other', async () => {
    const { odoo, leg, other } = twoWarehouses();
    const id = transfer(odoo, leg, other, {});
    odoo.quant(leg, 30);
    const plan = await odoo.export();
    expect(plan.orders).toEqual([
      {
        ...{ reference: `INT/1 - ${id}`, ordertype: 'DO', status: 'confirmed', item: 'LEG', quantity: 10 },
        ...{ origin: 'WH', location: 'W2', start: at('2026-11-27 08:00'), end: at('2026-11-27 08:00') },
      },
    ]);
    expect(ends(plan, 'LEG')).toEqual({ WH: 20, W2: 10 });
  });

  test.each([
    ['reserved', 'assigned', 10],
    ['partly reserved', 'partially_available', 4],
  ])('%s: what is reserved has left the stock already', async (_what, state, quantity) => {
    const { odoo, leg, other } = twoWarehouses();
    transfer(odoo, leg, other, { state, quantity });
    odoo.quant(leg, 30, { reserved_quantity: quantity });
    const plan = await odoo.export();
    expect(onhand(plan, 'LEG')).toEqual({ WH: 30 - quantity });
    expect(ends(plan, 'LEG')).toEqual({ WH: 20, W2: 10 });
  });

  test('inside one warehouse there is none', async () => {
    const { odoo, leg } = twoWarehouses();
    move(odoo, leg, 10, { location_dest_id: odoo.main.output });
    expect((await odoo.export()).orders).toEqual([]);
  });
});

describe('C17: a transfer in two steps', () => {
  function underWay(left: number, total = 10) {
    const { odoo, leg, other } = twoWarehouses();
    const out = (quantity: number, values: object) =>
      move(odoo, leg, quantity, { location_dest_id: odoo.transit, date: '2026-11-24 08:00:00', ...values });
    const departures = [
      ...(left > 0 ? [out(left, { state: 'done', quantity: left })] : []),
      ...(left < total ? [out(total - left, {})] : []),
    ];
    const way = { location_id: odoo.transit, location_dest_id: other.stock, move_orig_ids: departures };
    move(odoo, leg, total, { state: 'waiting', ...way });
    odoo.quant(leg, 30 - left);
    if (left > 0) odoo.quant(leg, left, { location_id: odoo.transit });
    return odoo.export();
  }

  test.each([0, 4, 10])('with %d of 10 under way arrives whole, and is taken from stock once', async (left) => {
    const plan = await underWay(left);
    expect(plan.orders.reduce((sum, order) => sum + (order.quantity ?? 0), 0)).toBe(10);
    expect(ends(plan, 'LEG')).toEqual({ WH: 20, W2: 10 });
  });

  test('partly under way is two records: one that is still taken, one that is not', async () => {
    const plan = await underWay(4);
    expect(
      plan.orders.map(({ reference, quantity, consumeMaterial }) => [reference, quantity, consumeMaterial]),
    ).toEqual([
      ['transfer - 3', 6, undefined],
      ['transfer - 3 - under way', 4, false],
    ]);
    expect(plan.orders[0]).toMatchObject({ start: at('2026-11-24 08:00'), end: at('2026-11-27 08:00') });
  });

  test('of unknown origin is reported', async () => {
    const { odoo, leg, other } = twoWarehouses();
    move(odoo, leg, 5, { state: 'assigned', location_id: odoo.transit, location_dest_id: other.stock });
    const plan = await odoo.export();
    expect(said(plan, 'distributionorder')).toEqual(['the warehouse that it comes from is not known: transfer - 1']);
  });
});

describe('C17: resupply routes', () => {
  function resupplied(values: { template?: object; product?: (odoo: SmallOdoo, route: number) => void } = {}) {
    const { odoo, other } = twoWarehouses();
    const lane = { name: 'W2: from WH', supplier_wh_id: odoo.main.id, supplied_wh_id: other.id };
    const route = odoo.add('stock.route', { ...lane, product_selectable: true });
    odoo.add('stock.rule', { route_id: route, action: 'pull', delay: 2 });
    odoo.add('stock.rule', { route_id: route, action: 'pull', delay: 1 });
    odoo.add('stock.rule', { route_id: route, action: 'pull', delay: 50, active: false });
    values.product?.(odoo, route);
    return { odoo, other, route };
  }

  test.each([
    ['product', (odoo: SmallOdoo, route: number) => odoo.change('product.template', 1, { route_ids: [route] })],
    [
      'category',
      (odoo: SmallOdoo, route: number) =>
        odoo.change('product.template', 1, {
          categ_id: odoo.add('product.category', { complete_name: 'All', route_ids: [route] }),
        }),
    ],
    [
      'reordering rule',
      (odoo: SmallOdoo, route: number) =>
        void odoo.add('stock.warehouse.orderpoint', { product_id: 1, warehouse_id: 2, route_id: route }),
    ],
  ])('of a %s are lanes for the item, with the time of their rules', async (_of, product) => {
    const { odoo } = resupplied({ product });
    expect((await odoo.export()).itemdistributions).toEqual([
      { item: 'LEG', origin: 'WH', destination: 'W2', leadtime: 3 * 86_400, priority: 1 },
    ]);
  });

  test('are none for items that do not take them', async () => {
    expect((await resupplied().odoo.export()).itemdistributions).toEqual([]);
  });
});
