// Creating, changing and deleting: conversion, required fields, lines and links, undoing, the journal.

import { describe, expect, it } from 'vitest';
import { OdooFault } from '../../src/sandbox/faults.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { smallCompany } from './small-company.ts';

const NOW = new Date('2026-11-20T10:00:00Z');

function sandbox(): Sandbox {
  return createSandbox({ data: smallCompany(), now: () => NOW });
}

function read(of: Sandbox, model: string, id: unknown, fields: readonly string[]): Record<string, unknown> {
  const [row] = of.call('anna', model, 'read', [[id], fields], { load: '' }) as Record<string, unknown>[];
  return row!;
}

function message(run: () => unknown): string {
  try {
    return `answered ${JSON.stringify(run())}`;
  } catch (error) {
    return error instanceof OdooFault ? error.message : String(error);
  }
}

function order(of: Sandbox, lines: readonly unknown[]): number {
  return of.call('anna', 'sale.order', 'create', [{ partner_id: 11, company_id: 1, order_line: lines }]) as number;
}

describe('values', () => {
  it('stamps who and when, and gives the number of the sequence', () => {
    const of = sandbox();
    const id = order(of, []);
    expect(
      read(of, 'sale.order', id, ['name', 'create_date', 'write_date', 'create_uid', 'write_uid', 'state']),
    ).toEqual({
      id,
      name: 'S00041',
      create_date: '2026-11-20 10:00:00',
      write_date: '2026-11-20 10:00:00',
      create_uid: 2,
      write_uid: 2,
      state: 'draft',
    });
    expect(read(of, 'sale.order', order(of, []), ['name']).name).toBe('S00042');
  });

  it.each([
    [
      'sale.order',
      { partner_id: 11, commitment_date: '2026-13-01 00:00:00' },
      "time data '2026-13-01 00:00:00' does not match format '%Y-%m-%d %H:%M:%S'",
    ],
    [
      'sale.order',
      { partner_id: 424_242 },
      'Record does not exist or has been deleted.\n(Record: res.partner(424242,), User: 2)',
    ],
    ['sale.order', { partner_id: 11, picking_policy: 'never' }, "Wrong value for sale.order.picking_policy: 'never'"],
    [
      'sale.order.line',
      { order_id: 5, product_id: 1, product_uom_qty: 'many' },
      "could not convert string to float: 'many'",
    ],
    ['sale.order', { partner_id: 11, order_line: 7 }, 'Wrong value for order_line: a list of commands is expected.'],
  ])('refuses %s %j', (model, values, text) => {
    const of = sandbox();
    expect(message(() => of.call('anna', model, 'create', [values]))).toBe(text);
    expect(of.changes()).toEqual([]);
  });

  it('names the field that is missing', () => {
    expect(message(() => sandbox().call('anna', 'sale.order', 'create', [{}]))).toContain(
      'Field: Customer (partner_id)',
    );
  });

  it('takes a day for midnight, and text for a number', () => {
    const of = sandbox();
    const id = order(of, [[0, 0, { product_id: 1, product_uom_qty: '3' }]]);
    of.call('anna', 'sale.order', 'write', [[id], { commitment_date: '2026-12-01' }]);
    expect(read(of, 'sale.order', id, ['commitment_date', 'amount_untaxed'])).toMatchObject({
      commitment_date: '2026-12-01 00:00:00',
      amount_untaxed: 15,
    });
  });

  it('converts units and prices by unit', () => {
    const of = sandbox();
    const id = order(of, [[0, 0, { product_id: 1, product_uom: 2, product_uom_qty: 2 }]]);
    of.call('anna', 'sale.order', 'action_confirm', [[id]]);
    expect(read(of, 'sale.order', id, ['amount_untaxed']).amount_untaxed).toBe(120);
    const [move] = of.call('anna', 'stock.move', 'search_read', [[['sale_line_id.order_id', '=', id]]], {
      fields: ['product_uom_qty', 'product_uom', 'product_qty', 'quantity', 'state'],
      load: '',
    }) as object[];
    expect(move).toMatchObject({
      product_uom_qty: 24,
      product_uom: 1,
      product_qty: 24,
      quantity: 10,
      state: 'partially_available',
    });
  });
});

describe('commands', () => {
  const lines = (of: Sandbox, id: number): unknown =>
    (
      of.call('anna', 'sale.order.line', 'search_read', [[['order_id', '=', id]]], {
        fields: ['name', 'product_uom_qty'],
        order: 'id',
      }) as { name: string; product_uom_qty: number }[]
    ).map((line) => [line.name, line.product_uom_qty]);

  it('creates, updates, unlinks, clears lines, and keeps the order’s total', () => {
    const of = sandbox();
    const id = order(of, [
      [0, 0, { product_id: 1, product_uom_qty: 2 }],
      [0, 0, { product_id: 2 }],
      [0, 0, { display_type: 'line_note', name: 'Vorsicht' }],
    ]);
    expect(lines(of, id)).toEqual([
      ['[V-1] Ventil', 2],
      ['[P-1] Pumpe', 1],
      ['Vorsicht', 0],
    ]);
    const [first, second] = read(of, 'sale.order', id, ['order_line']).order_line as number[];
    of.call('anna', 'sale.order', 'write', [
      [id],
      {
        order_line: [
          [1, first, { product_uom_qty: 5 }],
          [2, second],
        ],
      },
    ]);
    expect(lines(of, id)).toEqual([
      ['[V-1] Ventil', 5],
      ['Vorsicht', 0],
    ]);
    expect(read(of, 'sale.order', id, ['amount_total', 'order_line']).amount_total).toBe(25);
    of.call('anna', 'sale.order', 'write', [[id], { order_line: [[5]] }]);
    expect([lines(of, id), read(of, 'sale.order', id, ['amount_total']).amount_total]).toEqual([[], 0]);
  });

  it('links, unlinks, replaces and creates in many2many fields', () => {
    const of = sandbox();
    const tags = (commands: unknown): unknown => {
      of.call('anna', 'res.partner', 'write', [[11], { category_id: commands }]);
      return read(of, 'res.partner', 11, ['category_id']).category_id;
    };
    expect(tags([[4, 2]])).toEqual([1, 2]);
    expect(tags([[3, 1]])).toEqual([2]);
    expect(tags([[6, 0, [1]]])).toEqual([1]);
    expect(tags([[0, 0, { name: 'Neu' }]])).toEqual([1, 3]);
    expect(tags([[5]])).toEqual([]);
    expect(tags([1, 2])).toEqual([1, 2]);
  });

  it('keeps both sides of a relation', () => {
    const of = sandbox();
    const move = (): number =>
      of.call('anna', 'stock.move', 'create', [
        { name: 'm', product_id: 1, product_uom_qty: 1, location_id: 2, location_dest_id: 3, company_id: 1 },
      ]) as number;
    const [a, b] = [move(), move()];
    of.call('anna', 'stock.move', 'write', [[b], { move_orig_ids: [[4, a]] }]);
    expect(read(of, 'stock.move', a, ['move_dest_ids']).move_dest_ids).toEqual([b]);
    of.call('anna', 'stock.move', 'write', [[a], { move_dest_ids: [[5]] }]);
    expect(read(of, 'stock.move', b, ['move_orig_ids']).move_orig_ids).toEqual([]);
  });
});

describe('products', () => {
  it('makes a variant with a product, and a product with a variant', () => {
    const of = sandbox();
    const template = of.call('anna', 'product.template', 'create', [
      { name: 'Deckel', default_code: 'D-1', list_price: 3 },
    ]) as number;
    const [variant] = of.call('anna', 'product.product', 'search_read', [[['product_tmpl_id', '=', template]]], {
      fields: ['display_name', 'lst_price'],
    }) as object[];
    expect(variant).toMatchObject({ display_name: '[D-1] Deckel', lst_price: 3 });
    const id = of.call('anna', 'product.product', 'create', [
      { name: 'Griff', default_code: 'G-1', list_price: 4 },
    ]) as number;
    expect(read(of, 'product.product', id, ['display_name', 'list_price'])).toEqual({
      id,
      display_name: '[G-1] Griff',
      list_price: 4,
    });
    expect(of.call('anna', 'product.template', 'search_count', [[['name', '=', 'Griff']]])).toBe(1);
  });

  it('writes through to the product, and every name follows', () => {
    const of = sandbox();
    of.call('anna', 'product.product', 'write', [[1], { name: 'Hahn' }]);
    expect(read(of, 'product.template', 1, ['display_name']).display_name).toBe('[V-1] Hahn');
    expect(read(of, 'product.product', 1, ['display_name']).display_name).toBe('[V-1] Hahn');
  });
});

describe('deleting', () => {
  it('takes lines along, and refuses what others need', () => {
    const of = sandbox();
    const id = order(of, [[0, 0, { product_id: 1 }]]);
    expect(message(() => of.call('anna', 'res.partner', 'unlink', [[11]]))).toContain(
      'another model requires the record being deleted',
    );
    of.call('anna', 'sale.order', 'unlink', [[id]]);
    expect(of.call('anna', 'sale.order.line', 'search_count', [[]])).toBe(0);
    expect(of.call('anna', 'sale.order', 'exists', [[id, 5]])).toEqual([5]);
  });
});

describe('all or nothing', () => {
  it('undoes a call that fails half way', () => {
    const of = sandbox();
    expect(
      message(() =>
        order(of, [
          [0, 0, { product_id: 1 }],
          [0, 0, { product_id: 99 }],
        ]),
      ),
    ).toContain('product.product(99,)');
    expect([
      of.call('anna', 'sale.order', 'search_count', [[]]),
      of.call('anna', 'sale.order.line', 'search_count', [[]]),
      of.changes(),
    ]).toEqual([1, 0, []]);
    expect(of.db.table('ir.sequence').get(2)?.number_next_actual).toBe(41);
  });

  it('tells what changed, by which call, and goes back on reset', () => {
    const of = sandbox();
    of.call('anna', 'res.partner', 'write', [[11], { name: 'Kundin' }]);
    const id = of.call('bert', 'res.partner', 'create', [{ name: 'Neu' }]) as number;
    of.call('anna', 'res.partner', 'unlink', [[12]]);
    const told = of.changes().map(({ kind, model, id: record, call, uid }) => [kind, model, record, call, uid]);
    expect(told).toEqual([
      ['write', 'res.partner', 11, 'res.partner.write', 2],
      ['create', 'res.partner', id, 'res.partner.create', 3],
      ['unlink', 'res.partner', 12, 'res.partner.unlink', 2],
    ]);
    expect(of.changes()[0]).toMatchObject({ before: { name: 'Kunde' }, after: { name: 'Kundin' } });
    of.reset();
    expect([
      of.changes(),
      read(of, 'res.partner', 11, ['name']).name,
      of.call('anna', 'res.partner', 'search', [[]], { order: 'id' }),
    ]).toEqual([[], 'Kunde', [10, 11, 12]]);
    expect(of.call('anna', 'res.partner', 'create', [{ name: 'Neu' }])).toBe(id);
  });

  it('does not change anything on reading', () => {
    const of = sandbox();
    of.call('anna', 'sale.order', 'search_read', [[]]);
    of.call('anna', 'product.product', 'name_search', ['V']);
    of.call('anna', 'stock.move', 'read_group', [[], [], ['state']]);
    expect(of.changes()).toEqual([]);
  });
});

describe('messages', () => {
  it('escapes text, and can be read back', () => {
    const of = sandbox();
    const id = of.call('anna', 'sale.order', 'message_post', [[5]], { body: 'a < b & c', partner_ids: [11] }) as number;
    expect(
      read(of, 'mail.message', id, ['body', 'model', 'res_id', 'record_name', 'partner_ids', 'message_type']),
    ).toEqual({
      id,
      body: '<p>a &lt; b &amp; c</p>',
      model: 'sale.order',
      res_id: 5,
      record_name: 'S00005',
      partner_ids: [11],
      message_type: 'notification',
    });
  });
});
