// What a real Odoo 17 made of a plan's orders, recorded; the same creates in the sandbox give the same records.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { GOLDEN, type GoldenRecord, NO_GOLDEN } from './golden.ts';

interface Recorded {
  created: Record<string, GoldenRecord[]>;
  changed: Record<string, Record<string, Record<string, { before: unknown; after: unknown }>>>;
}

function recorded(name: string): Recorded {
  return JSON.parse(readFileSync(`${GOLDEN}/writeback/${name}.result.json`, 'utf8')) as Recorded;
}

function at(moment: string): Sandbox {
  return createSandbox({ data: `${GOLDEN}/ref17`, now: () => new Date(moment) });
}

function read(
  sandbox: Sandbox,
  login: string,
  model: string,
  domain: readonly unknown[],
  like: GoldenRecord,
): GoldenRecord[] {
  return sandbox.call(login, model, 'search_read', [domain], {
    fields: Object.keys(like).filter((name) => name !== 'id' && sandbox.db.models.get(model)?.fields.has(name)),
    order: 'id',
  }) as unknown as GoldenRecord[];
}

/** Ids of new records, and what the recording's extra modules and connector did, differ; everything else is compared. */
function expectSame(
  actual: readonly GoldenRecord[],
  golden: readonly GoldenRecord[],
  leaveOut: readonly string[],
): void {
  const known = new Set(Object.keys(actual[0] ?? {}));
  const comparable = (row: GoldenRecord): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => known.has(name) && !leaveOut.includes(name) && !ALWAYS_LEFT_OUT.has(name))
        .map(([name, value]) => [name, withoutIds(value)]),
    );
  expect(actual.map(comparable)).toEqual(golden.map(comparable));
}

const ALWAYS_LEFT_OUT = new Set([
  'id',
  'barcode',
  'secondary_workcenters',
  'create_date',
  'write_date',
  'picking_properties',
  'leave_id',
  'operation_note',
]);

function withoutIds(value: unknown): unknown {
  if (Array.isArray(value) && typeof value[1] === 'string') return value[1];
  return Array.isArray(value) ? value.length : value;
}

describe.skipIf(NO_GOLDEN)('recorded write-back to Odoo 17 (skipped when ../shared/golden is not there)', () => {
  it('makes the purchase orders of mode1_interleaved_suppliers', () => {
    const golden = recorded('mode1_interleaved_suppliers').created;
    const sandbox = at('2026-11-21T02:33:42Z');
    const buy = (
      partner_id: number,
      date_order: string,
      lines: readonly (readonly [number, number, string])[],
    ): void => {
      sandbox.call('admin', 'purchase.order', 'create', [
        {
          partner_id,
          origin: 'frePPLe',
          date_order,
          order_line: lines.map(([product_id, product_qty, date_planned]) => [
            0,
            0,
            { product_id, product_qty, date_planned, ...(product_id === 59 ? { price_unit: 3 } : {}) },
          ]),
        },
      ]);
    };
    buy(10, '2026-11-23 23:00:00', [[59, 120, '2026-11-30 23:00:00']]);
    buy(15, '2026-11-25 07:00:00', [
      [56, 25, '2026-12-05 07:00:00'],
      [59, 60, '2026-12-02 23:00:00'],
    ]);
    const orders = golden['purchase.order']!;
    // The order's own date is the one that the connector wrote, not the earliest of its lines.
    expectSame(read(sandbox, 'admin', 'purchase.order', [['id', '>', 18]], orders[0]!), orders, ['date_planned']);
    const lines = golden['purchase.order.line']!;
    // Vendor 15 has no price for product 59: the connector took the price of the vendor it was planned for.
    expectSame(read(sandbox, 'admin', 'purchase.order.line', [['order_id', '>', 18]], lines[0]!), lines, []);
  });

  it('makes the manufacturing order with work orders of mode1_orders_only', () => {
    const golden = recorded('mode1_orders_only').created;
    const sandbox = at('2026-11-21T02:33:47Z');
    const id = sandbox.call('admin', 'mrp.production', 'create', [
      { product_id: 58, product_qty: 12, bom_id: 11, date_start: '2026-11-24 07:00:00', origin: 'frePPLe' },
    ]) as number;
    const [varnish, polish] = sandbox.call('admin', 'mrp.workorder', 'search', [[['production_id', '=', id]]], {
      order: 'id',
    }) as number[];
    const slot = (step: number | undefined, date_start: string, date_finished: string): void => {
      sandbox.call('admin', 'mrp.workorder', 'write', [[step], { date_start, date_finished }], {
        context: { bypass_duration_calculation: true },
      });
    };
    slot(varnish, '2026-11-24 07:00:00', '2026-11-24 10:00:00');
    slot(polish, '2026-11-24 12:00:00', '2026-11-24 14:00:00');
    const [order] = golden['mrp.production']!;
    expectSame(
      read(sandbox, 'admin', 'mrp.production', [['id', '=', id]], order!),
      [order!],
      ['subcontractor_id', 'subcontracting_has_been_recorded'],
    );
    const steps = golden['mrp.workorder']!.slice(0, 2);
    expectSame(read(sandbox, 'admin', 'mrp.workorder', [['production_id', '=', id]], steps[0]!), steps, []);
    const moves = golden['stock.move']!.filter((move) => move.reference === 'WH/MO/00009');
    const ours = read(
      sandbox,
      'admin',
      'stock.move',
      ['|', ['production_id', '=', id], ['raw_material_production_id', '=', id]],
      moves[0]!,
    );
    expectSame(ours, moves, []);
    const slots = golden['resource.calendar.leaves']!.filter((leave) => String(leave.name).startsWith('WH/MO/00009'));
    expectSame(
      read(sandbox, 'admin', 'resource.calendar.leaves', [['name', 'like', 'WH/MO/00009 - ']], slots[0]!),
      slots,
      [],
    );
  });

  it('makes the records of mode2_approve on behalf of another user', () => {
    const { created, changed } = recorded('mode2_approve');
    const sandbox = at('2026-11-21T02:34:00Z');
    sandbox.call('demo', 'purchase.order', 'create', [
      {
        partner_id: 14,
        origin: 'frePPLe',
        date_order: '2026-11-25 23:00:00',
        order_line: [[0, 0, { product_id: 6, product_qty: 4, date_planned: '2026-11-26 23:00:00' }]],
      },
    ]);
    const orders = created['purchase.order']!.filter((order) => withoutIds(order.partner_id) === 'Azure Interior');
    expectSame(read(sandbox, 'demo', 'purchase.order', [['id', '>', 18]], orders[0]!), orders, [
      'name',
      'display_name',
    ]);
    const lines = created['purchase.order.line']!.filter((line) => withoutIds(line.partner_id) === 'Azure Interior');
    expectSame(read(sandbox, 'demo', 'purchase.order.line', [['order_id', '>', 18]], lines[0]!), lines, ['order_id']);
    const picking = sandbox.call('demo', 'stock.picking', 'create', [
      {
        picking_type_id: 5,
        location_id: 8,
        location_dest_id: 28,
        scheduled_date: '2026-11-24 23:00:00',
        origin: 'frePPLe',
      },
    ]) as number;
    for (const [product_id, product_uom_qty, date] of [
      [20, 8, '2026-11-24 23:00:00'],
      [18, 2, '2026-11-25 23:00:00'],
    ] as const) {
      sandbox.call('demo', 'stock.move', 'create', [
        {
          name: 'x',
          picking_id: picking,
          product_id,
          product_uom_qty,
          date,
          location_id: 8,
          location_dest_id: 28,
          origin: 'frePPLe',
        },
      ]);
    }
    const pickings = created['stock.picking']!;
    expectSame(read(sandbox, 'demo', 'stock.picking', [['id', '=', picking]], pickings[0]!), pickings, []);
    const moves = created['stock.move']!.filter((move) => withoutIds(move.picking_id) === 'WH/INT/00001');
    expectSame(read(sandbox, 'demo', 'stock.move', [['picking_id', '=', picking]], moves[0]!), moves, ['name']);
    sandbox.call(
      'demo',
      'mrp.workorder',
      'write',
      [[7], { date_start: '2026-11-27 08:00:00', date_finished: '2026-11-27 09:30:00' }],
      {
        context: { bypass_duration_calculation: true },
      },
    );
    for (const model of ['mrp.production', 'mrp.workorder', 'resource.calendar.leaves', 'stock.move']) {
      for (const [id, fields] of Object.entries(changed[model] ?? {})) {
        const row = sandbox.db.table(model).get(Number(id))!;
        for (const [field, { after }] of Object.entries(fields).filter(([name]) => name !== 'display_name')) {
          expect(`${model} ${id} ${field} ${String(row[field])}`).toBe(`${model} ${id} ${field} ${String(after)}`);
        }
      }
    }
  });
});
