// Sales orders become what customers still wait for, each thing once (connector.md 2.13 and 5.2).

import { describe, expect, test } from 'vitest';
import { at, said } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { DELIVERED, move, ORDERED, sale } from '../support/small-orders.ts';

/** A set of one table and four chairs. */
function withKit(major = 17) {
  const odoo = smallOdoo({ major });
  const [set, table, chair] = [odoo.product('SET'), odoo.product('TABLE'), odoo.product('CHAIR')];
  const kit = odoo.bom(set, { type: 'phantom' });
  odoo.bomLine(kit, table, 1);
  odoo.bomLine(kit, chair, 4);
  return { odoo, set, table, chair };
}

describe('C2: a kit that is sold', () => {
  test('is a demand for each component, as it is delivered', async () => {
    const { odoo, set, table, chair } = withKit();
    const { line } = sale(odoo, set, 2);
    const [first, second] = [table, chair].map((part, position) =>
      move(odoo, part, position ? 8 : 2, { sale_line_id: line }),
    );
    expect((await odoo.export()).demands).toMatchObject([
      { name: `S1 1 ${first}`, item: 'TABLE', quantity: 2, status: 'open' },
      { name: `S1 1 ${second}`, item: 'CHAIR', quantity: 8, status: 'open' },
    ]);
  });

  test.each(['draft', 'sent'])('is taken apart in a quotation (%s) as well', async (state) => {
    const { odoo, set } = withKit();
    sale(odoo, set, 2, { state });
    expect((await odoo.export()).demands).toMatchObject([
      { item: 'TABLE', quantity: 2, status: 'quote' },
      { item: 'CHAIR', quantity: 8, status: 'quote' },
    ]);
  });

  test('a kit inside a kit is taken apart, too', async () => {
    const { odoo, set } = withKit();
    const house = odoo.product('HOUSE');
    odoo.bomLine(odoo.bom(house, { type: 'phantom', product_qty: 2 }), set, 6);
    sale(odoo, house, 1, { state: 'draft' });
    expect((await odoo.export()).demands).toMatchObject([
      { item: 'TABLE', quantity: 3 },
      { item: 'CHAIR', quantity: 12 },
    ]);
  });
});

describe('C2: an open return of a customer', () => {
  test('is no demand', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5, { line: { qty_delivered: 5 } });
    const sent = move(odoo, table, 5, { sale_line_id: line, state: 'done', quantity: 5 });
    const back = { location_id: odoo.customers, location_dest_id: odoo.main.stock, origin_returned_move_id: sent };
    move(odoo, table, 2, { sale_line_id: line, state: 'assigned', quantity: 2, ...back });
    expect((await odoo.export()).demands).toMatchObject([{ name: 'S1 1', quantity: 5, status: 'closed' }]);
  });

  test('does not hide the delivery that is still open', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5, { line: { qty_delivered: 2 } });
    const back = { location_id: odoo.customers, location_dest_id: odoo.main.stock };
    move(odoo, table, 1, { sale_line_id: line, state: 'assigned', ...back });
    const rest = move(odoo, table, 3, { sale_line_id: line });
    expect((await odoo.export()).demands).toMatchObject([{ name: `S1 1 ${rest}`, quantity: 3, status: 'open' }]);
  });
});

describe('C2: several deliveries of one line', () => {
  test('picking, packing and shipping one after the other are one demand', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { packing, output } = odoo.main;
    const { line } = sale(odoo, table, 5);
    const pick = move(odoo, table, 5, { sale_line_id: line, location_dest_id: packing });
    const waiting = { sale_line_id: line, state: 'waiting', date: '2026-12-01 10:00:00' };
    const packed = { location_id: packing, location_dest_id: output, move_orig_ids: [pick] };
    const pack = move(odoo, table, 5, { ...waiting, ...packed });
    const ship = move(odoo, table, 5, { ...waiting, location_id: output, move_orig_ids: [pack] });
    expect((await odoo.export()).demands).toMatchObject([
      { name: `S1 1 ${ship}`, quantity: 5, due: at('2026-12-01 10:00') },
    ]);
  });

  test('are a demand each', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    move(odoo, table, 2, { sale_line_id: line });
    move(odoo, table, 3, { sale_line_id: line, date: '2026-12-10 08:00:00' });
    expect((await odoo.export()).demands).toMatchObject([
      { name: 'S1 1 1', quantity: 2, due: at('2026-11-27 08:00') },
      { name: 'S1 1 2', quantity: 3, due: at('2026-12-10 08:00') },
    ]);
  });

  test('what a vendor sends straight to the customer is not taken from stock', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    move(odoo, table, 5, { sale_line_id: line, location_id: odoo.suppliers });
    const plan = await odoo.export();
    expect(plan.demands).toEqual([]);
    expect(said(plan, 'demand')).toEqual(['the vendor delivers straight to the customer: S1 1']);
  });
});

describe('C20: an urgent delivery', () => {
  test.each([
    ['0', 1],
    ['1', 0],
  ])('picking priority %s is demand priority %d', async (priority, expected) => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const { line } = sale(odoo, table, 5);
    move(odoo, table, 5, { sale_line_id: line, picking_id: odoo.add('stock.picking', { name: 'OUT/1', priority }) });
    expect((await odoo.export()).demands).toMatchObject([{ priority: expected }]);
  });
});

describe('C23: an order line without deliveries', () => {
  test.each([16, 17, 18, 19])('is open while Odoo has not made one (Odoo %d)', async (major) => {
    const odoo = smallOdoo({ major });
    sale(odoo, odoo.product('TABLE'), 5);
    expect((await odoo.export()).demands).toMatchObject([
      { name: 'S1 1', quantity: 5, status: 'open', due: at(ORDERED) },
    ]);
  });

  test('is due on the date that was promised', async () => {
    const odoo = smallOdoo();
    sale(odoo, odoo.product('TABLE'), 5, { commitment_date: DELIVERED });
    expect((await odoo.export()).demands).toMatchObject([{ due: at(DELIVERED) }]);
  });

  test('is closed when all is delivered, or when its delivery was cancelled', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const sent = sale(odoo, table, 5, { line: { qty_delivered: 5 } });
    move(odoo, table, 5, { sale_line_id: sent.line, state: 'done', quantity: 5 });
    const dropped = sale(odoo, table, 3);
    move(odoo, table, 3, { sale_line_id: dropped.line, state: 'cancel' });
    expect((await odoo.export()).demands).toMatchObject([{ status: 'closed' }, { status: 'closed' }]);
  });

  test('a kit without deliveries is open as its components', async () => {
    const { odoo, set } = withKit();
    sale(odoo, set, 2);
    expect((await odoo.export()).demands.map(({ item, quantity, status }) => [item, quantity, status])).toEqual([
      ['TABLE', 2, 'open'],
      ['CHAIR', 8, 'open'],
    ]);
  });
});

describe('C24: an export of what changed lately', () => {
  function withOldOrders() {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const old = { line: { write_date: '2026-01-05 08:00:00' } };
    const open = sale(odoo, table, 5, { name: 'OPEN', ...old });
    move(odoo, table, 5, { sale_line_id: open.line });
    sale(odoo, table, 5, { name: 'QUOTE', state: 'draft', ...old });
    const sent = sale(odoo, table, 5, { name: 'SENT', ...old });
    move(odoo, table, 5, { sale_line_id: sent.line, state: 'done', quantity: 5 });
    sale(odoo, table, 5, { name: 'GONE', state: 'cancel', ...old });
    sale(odoo, table, 5, { name: 'NEW', state: 'cancel', line: { write_date: '2026-11-22 08:00:00' } });
    return odoo;
  }
  const names = async (delta: number) => (await withOldOrders().export({ delta })).demands.map((row) => row.batch);

  test('keeps what is open, however old it is', async () => {
    expect(await names(7)).toEqual(['OPEN', 'QUOTE', 'NEW']);
  });

  test('999 days and more filter nothing', async () => {
    expect(await names(999)).toEqual(['OPEN', 'QUOTE', 'SENT', 'GONE', 'NEW']);
  });

  test('keeps an old confirmed order whose deliveries Odoo has not made (C23)', async () => {
    const odoo = smallOdoo();
    sale(odoo, odoo.product('TABLE'), 5, { line: { write_date: '2026-01-05 08:00:00' } });
    expect((await odoo.export({ delta: 7 })).demands).toMatchObject([{ quantity: 5, status: 'open' }]);
  });
});
