// What a planner changes in mapping.xlsx arrives in the plan document: a workbook is written, read, and obeyed by an export of
// real Odoo data.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDocument } from '../../src/connector/document/write.ts';
import { openExport } from '../../src/connector/export.ts';
import { readMapping } from '../../src/connector/mapping-file.ts';
import { workbookBytes } from '../../src/connector/mapping-workbook.ts';
import { openRpcReader } from '../../src/connector/odoo/open.ts';
import type { SheetName } from '../../src/mapping/sheet.ts';
import { createSandbox, type RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { goldenFolder } from '../support/golden.ts';
import { COLUMN, rowOf, sheetOf, sheets, type TestSheet } from './sheet-fixtures.ts';

const folder = goldenFolder();

type Edit = (all: TestSheet[]) => void;

const attribute =
  (entity: string, name: string, change: Partial<Record<keyof typeof COLUMN, string>>): Edit =>
  (all) => {
    const { cells } = rowOf(all, entity, name);
    for (const [column, text] of Object.entries(change)) cells[COLUMN[column as keyof typeof COLUMN]] = text;
  };

const addRow =
  (name: SheetName, cells: string[]): Edit =>
  (all) => {
    sheetOf(all, name).push(cells);
  };

describe.skipIf(folder === null)('an edited mapping sheet', () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await createSandbox({ data: join(folder ?? '', 'demo17') }).listen(0);
  });
  afterAll(async () => {
    await sandbox?.close();
  });

  async function exported(mode: number, ...edits: Edit[]): Promise<string> {
    const all = sheets();
    for (const edit of edits) edit(all);
    const read = await readMapping(await workbookBytes(all));
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    const reader = await openRpcReader({ url: sandbox.url }, { login: 'admin', password: 'admin' });
    try {
      const plan = await openExport(
        { mode, company: null, singleCompany: false, language: null, timezone: null, delta: 999, apps: '' },
        { reader, rules: read.mapping.rules, now: Date.UTC(2026, 10, 21) },
      );
      let text = '';
      for await (const piece of writeDocument(plan, 'xml')) text += piece;
      return text;
    } finally {
      await reader.close();
    }
  }

  it('takes an attribute from another field', async () => {
    const text = await exported(
      1,
      attribute('item', 'cost', { field: 'product_tmpl_id.list_price', transform: 'positive number' }),
    );
    expect(await exported(1)).toContain('cost="600"');
    expect(text).toMatch(/<item name="E-COM06"[^>]* cost="147"/);
  });

  it('sends an attribute of the planner’s own as a property', async () => {
    const text = await exported(
      1,
      addRow('Mapping', ['item', 'sales price', 'product.product', 'product_tmpl_id.list_price', 'number', '1', '']),
      addRow('Mapping', ['item', 'barcode', 'product.product', 'barcode', 'text', '1', '']),
      addRow('Mapping', ['demand', 'salesperson', 'sale.order.line', 'order_id.user_id.name', 'text', '1', '']),
    );
    expect(text).toContain('<doubleproperty name="sales price" value="147"/>');
    expect(text).toContain('<stringproperty name="salesperson" value="Mitchell Admin"/>');
  });

  it('leaves out an attribute and an entity that is switched off', async () => {
    const text = await exported(
      1,
      attribute('item', 'volume', { mode: 'off' }),
      attribute('skill', 'name', { mode: 'off' }),
      attribute('demand', 'name', { mode: 'off' }),
    );
    expect(text).not.toContain(' volume="');
    expect(text).not.toContain('<demands>');
    expect(text).toContain('<operations>');
  });

  it('moves an entity to mode 2', async () => {
    const move = attribute('demand', 'name', { mode: '2' });
    expect(await exported(1, move)).not.toContain('<demand ');
    expect(await exported(2, move)).toContain('<demand ');
  });

  it('filters the records of an entity', async () => {
    const all = await exported(1);
    const some = await exported(1, addRow('Filters', ['demand', "[('order_id.state', '=', 'draft')]", '']));
    expect(all).toContain('status="closed"');
    expect(some).toContain('status="quote"');
    expect(some).not.toContain('status="closed"');
  });

  it('takes another status for a state', async () => {
    const text = await exported(1, (all) => {
      for (const row of sheetOf(all, 'Statuses')) {
        if (row[0] === 'purchase.order' && row[1] === 'draft') row[2] = 'off';
      }
    });
    expect(await exported(1)).toContain('ordertype="PO" start');
    expect(text).not.toContain('reference="P00001 - 1"');
  });

  it('names items as an option says', async () => {
    const text = await exported(1, (all) => {
      for (const row of sheetOf(all, 'Options')) if (row[0] === 'Item names') row[1] = 'long';
    });
    expect(text).toContain('<item name="[E-COM06] Corner Desk Right Sit"');
  });
});
