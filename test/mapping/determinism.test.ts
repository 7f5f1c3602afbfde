// The same records give the same document, however they are paged and in whatever order they lie in memory.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportPlan } from '../support/export.ts';
import { goldenFolder } from '../support/golden.ts';
import { goldenOdoo } from '../support/golden-odoo.ts';
import { odooModels } from '../support/odoo-models.ts';
import { rowsReader } from '../support/odoo-rows.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { component, move, production, purchase, receipt, sale, workorder } from '../support/small-orders.ts';

/** A shop with a dozen of everything. */
function shop() {
  const odoo = smallOdoo();
  const other = odoo.warehouse('W2');
  const saw = odoo.workcenter('Saw', { resource_calendar_id: odoo.calendar('Shop', { tz: 'Asia/Tokyo' }) });
  for (let day = 0; day < 7; day++) odoo.hours(1, day, 8, 16);
  const products = Array.from({ length: 12 }, (_, index) => odoo.product(`P${index}`));
  for (const [index, product] of products.entries()) {
    const next = products[(index + 1) % products.length]!;
    const bom = odoo.bom(product, { type: index === 5 ? 'phantom' : 'normal' });
    odoo.bomLine(bom, next, index + 1);
    const step = odoo.step(bom, 'Saw', saw, index + 1);
    odoo.vendorPrice(product, odoo.vendor, { min_qty: index });
    const { line } = sale(odoo, product, index + 1);
    const pick = move(odoo, product, 2, { sale_line_id: line, state: 'assigned', quantity: 1 });
    move(odoo, product, 2, { sale_line_id: line, state: 'waiting', move_orig_ids: [pick] });
    receipt(odoo, product, 3, purchase(odoo, product, 3).line);
    move(odoo, product, 1, { location_dest_id: other.stock });
    const order = production(odoo, product, 4);
    component(odoo, order, next, 4, { state: 'assigned', quantity: index });
    workorder(odoo, order, 'Saw', 30, { operation_id: step, workcenter_id: saw });
    odoo.quant(product, index, { reserved_quantity: 1 });
    odoo.add('stock.warehouse.orderpoint', { product_id: product.id, warehouse_id: 1, product_min_qty: index });
  }
  return odoo;
}

describe('the same document', () => {
  const odoo = shop();
  const whole = odoo.export();

  test('is the same twice', async () => {
    expect((await odoo.export()).xml).toBe((await whole).xml);
  });

  test('for any size of pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
        const plan = await exportPlan(odoo.reader(size));
        expect(plan.xml).toBe((await whole).xml);
        expect(plan.report).toEqual((await whole).report);
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  test('for any order of rows', async () => {
    const shuffled = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(shuffled, async (chance) => {
        const rows = Object.fromEntries(
          Object.entries(odoo.rows).map(([model, list]) => [
            model,
            list
              .map((row) => ({ row, at: chance.next().value }))
              .toSorted((a, b) => a.at - b.at)
              .map(({ row }) => row),
          ]),
        );
        const plan = await exportPlan(rowsReader(rows, { models: odooModels(17) }));
        expect(plan.xml).toBe((await whole).xml);
      }),
      { seed: 2, numRuns: 8 },
    );
  });
});

const folder = goldenFolder();

test.skipIf(folder === null)('real Odoo data, in pages of any size', async () => {
  const odoo = goldenOdoo(folder!, 'rich17');
  const whole = await exportPlan(odoo(100_000));
  for (const size of [7, 64]) expect((await exportPlan(odoo(size))).xml).toBe(whole.xml);
});
