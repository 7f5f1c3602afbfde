// Plan documents are valid by frePPLe's own schema. Every document that a test exports through test/support/export.ts is checked
// on the way; here are those of real Odoo data.

import { describe, expect, test } from 'vitest';
import { exportPlan } from '../support/export.ts';
import { GOLDEN_SETS, goldenFolder } from '../support/golden.ts';
import { goldenOdoo } from '../support/golden-odoo.ts';
import { checkSchema, NO_SCHEMA } from '../support/schema.ts';

const folder = goldenFolder();

describe.skipIf(NO_SCHEMA)('the schema (skipped where it is not there)', () => {
  test('refuses what is no plan document', () => {
    expect(() => checkSchema('<plan><items><item name="A" colour="red"/></items></plan>')).toThrow();
    expect(() => checkSchema('<plan><demands><demand name="D" quantity="many"/></demands></plan>')).toThrow();
    expect(() => checkSchema('<plan><items>')).toThrow();
    checkSchema('<plan><items><item name="A"/></items></plan>');
  });
});

describe.skipIf(NO_SCHEMA || folder === null).each(GOLDEN_SETS)('%s', (set) => {
  // Skipped suites are collected too.
  const odoo = folder === null ? undefined! : goldenOdoo(folder, set);

  test.each([
    ['everything', {}],
    ['what changes slowly', { mode: 2 }],
    ['one company', { singleCompany: true }],
    ['stock by lot', { apps: 'freppledb.shelflife' }],
    ['Tokyo’s clock', { timezone: 'Asia/Tokyo' }],
  ])('%s', async (_what, request) => {
    const plan = await exportPlan(odoo(), request);
    expect(plan.xml).toMatch(/<\/plan>\s*$/);
    expect(plan.items.length).toBeGreaterThan(20);
    expect(Object.keys(JSON.parse(plan.json))).toContain('items');
  });
});
