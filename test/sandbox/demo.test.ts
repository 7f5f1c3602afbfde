// The demo company: consistent, the same in every run, and fit for the example order mail.

import { describe, expect, it } from 'vitest';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import type { Row } from '../../src/sandbox/values.ts';

const NOW = new Date('2026-11-19T09:30:00Z');
const demo = createSandbox({ data: demoCompany(NOW), now: () => NOW });

function rows(model: string): Row[] {
  return [...demo.db.table(model).rows()];
}

function tally(model: string, field: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows(model)) counts[String(row[field])] = (counts[String(row[field])] ?? 0) + 1;
  return counts;
}

describe('the demo company', () => {
  it('points to records that exist, everywhere', () => {
    const broken: string[] = [];
    for (const model of demo.db.models.values()) {
      for (const row of demo.db.table(model.name).rows()) {
        for (const field of model.fields.values()) {
          if (!field.relation || !demo.db.hasTable(field.relation)) continue;
          const value = row[field.name];
          const ids = typeof value === 'number' ? [value] : Array.isArray(value) ? value : [];
          const comodel = demo.db.table(field.relation);
          for (const id of ids)
            if (!comodel.has(id)) broken.push(`${model.name} ${row.id} ${field.name}: ${field.relation} ${id}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it('is the same in every run on the same day', () => {
    expect(demoCompany(NOW)).toEqual(demoCompany(NOW));
  });

  it('is dated around the clock, also at a weekend and in summer time', () => {
    for (const now of [
      new Date('2027-03-27T12:00:00Z'),
      new Date('2027-03-28T12:00:00Z'),
      new Date('2027-07-01T02:00:00Z'),
    ]) {
      const set = demoCompany(now);
      const latest = [...set.records['sale.order']!]
        .map((row) => String(row.date_order))
        .sort()
        .at(-1)!;
      expect(Date.parse(`${latest.replace(' ', 'T')}Z`)).toBeLessThanOrEqual(now.getTime());
      expect(now.getTime() - Date.parse(`${latest.replace(' ', 'T')}Z`)).toBeLessThan(4 * 86_400_000);
    }
  });

  it('answers the example order mail: product 21 in stock, 5 short, 1 not sold, the customer unknown', () => {
    const products = demo.call('sales', 'product.product', 'search_read', [[['id', 'in', [1, 5, 21]]]], {
      fields: ['sale_ok', 'free_qty', 'qty_available'],
      order: 'id',
    }) as { id: number; free_qty: number; sale_ok: boolean }[];
    expect(products.map(({ id }) => id)).toEqual([5, 21]);
    expect(products[0]).toMatchObject({ sale_ok: true, free_qty: 0, qty_available: 6 });
    expect(products[1]!.free_qty).toBeGreaterThan(100);
    expect(demo.db.table('product.product').get(1)?.active).toBe(false);
    expect(
      demo.call('sales', 'res.partner', 'search_count', [[['email', '=ilike', '%customer1029@example.com%']]]),
    ).toBe(0);
  });

  it('has orders in every state', () => {
    expect(tally('sale.order', 'state')).toMatchObject({ draft: 5, sent: 3, cancel: 2, sale: 80 });
    expect(Object.keys(tally('mrp.production', 'state')).sort()).toEqual([
      'cancel',
      'confirmed',
      'done',
      'draft',
      'progress',
      'to_close',
    ]);
    expect(Object.keys(tally('mrp.workorder', 'state')).sort()).toEqual([
      'cancel',
      'done',
      'pending',
      'progress',
      'ready',
      'waiting',
    ]);
    expect(Object.keys(tally('purchase.order', 'state')).sort()).toEqual(['cancel', 'draft', 'purchase']);
    expect(rows('product.product').length).toBeGreaterThanOrEqual(40);
  });

  it('never reserves more than there is, and keeps move lines equal to the reservations', () => {
    for (const quant of rows('stock.quant')) {
      const usage = demo.db.table('stock.location').get(quant.location_id as number)?.usage;
      if (usage !== 'internal' && usage !== 'transit') continue;
      expect(Number(quant.reserved_quantity)).toBeLessThanOrEqual(Number(quant.quantity) + 1e-6);
    }
    const reserved = new Map<string, number>();
    for (const line of rows('stock.move.line')) {
      if (['done', 'cancel'].includes(String(demo.db.table('stock.move').get(line.move_id as number)?.state))) continue;
      const key = `${line.product_id} at ${line.location_id}`;
      reserved.set(key, (reserved.get(key) ?? 0) + Number(line.quantity_product_uom));
    }
    for (const quant of rows('stock.quant').filter((row) => Number(row.reserved_quantity) > 0)) {
      expect(reserved.get(`${quant.product_id} at ${quant.location_id}`)).toBeCloseTo(
        Number(quant.reserved_quantity),
        6,
      );
    }
  });

  it('is a plain Odoo: nothing of a planning addon', () => {
    const fields = demo.call('admin', 'res.company', 'fields_get') as object;
    expect(Object.keys(fields).filter((name) => /frepple|webtoken|manufacturing_warehouse/.test(name))).toEqual([]);
    expect([...demo.db.models.keys()].filter((name) => name.includes('skill') || name.includes('frepple'))).toEqual([]);
  });

  it('has users who may sign in, the planner in the group that plans', () => {
    const group = rows('res.groups').find((row) => row.name === 'frePPLe user');
    expect(group?.users).toContain(rows('res.users').find((row) => row.login === 'planner')?.id);
    expect(
      rows('res.users')
        .filter((row) => row.active)
        .map((row) => row.login),
    ).toEqual(['admin', 'planner', 'sales', 'portal']);
  });

  it('subcontracts plating, sells a kit, and gets sprue back', () => {
    expect(tally('mrp.bom', 'type')).toMatchObject({ phantom: 1, subcontract: 2 });
    const vendors = demo.call('admin', 'product.supplierinfo', 'search_read', [[['product_tmpl_id', '=', 22]]], {
      fields: ['is_subcontractor'],
    });
    expect(vendors).toMatchObject([{ is_subcontractor: true }, { is_subcontractor: true }]);
    expect(demo.call('admin', 'product.product', 'read', [[20], ['qty_available']])).toMatchObject([
      { qty_available: 64 },
    ]);
    expect(rows('mrp.bom.byproduct').length).toBeGreaterThan(15);
  });
});
