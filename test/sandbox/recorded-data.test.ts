// The sandbox answers recorded data sets as the Odoo that they came from did: every record, every field.

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freshName } from '../../src/sandbox/orm/value.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { GOLDEN, goldenRecords, NO_GOLDEN } from './golden.ts';

/** The recording left archived records out of these lists although it asked for them. */
const WITHOUT_ARCHIVED = new Set([
  'mrp.bom.operation_ids',
  'mrp.workcenter.routing_line_ids',
  'product.template.bom_ids',
  'product.template.product_variant_ids',
  'res.partner.user_ids',
  'stock.location.child_ids',
  'stock.route.rule_ids',
  'uom.category.uom_ids',
]);

function modelsOf(set: string): string[] {
  return readdirSync(`${GOLDEN}/${set}/records`)
    .filter((file) => !file.startsWith('_'))
    .map((file) => file.slice(0, -'.json'.length));
}

function close(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) < 1e-9;
  return JSON.stringify(a) === JSON.stringify(b);
}

describe.skipIf(NO_GOLDEN)('recorded Odoo 17 data (skipped when ../shared/golden is not there)', () => {
  for (const set of ['demo17', 'ref17', 'rich17']) {
    it(`gives back every field of every record of ${set}`, () => {
      const sandbox = createSandbox({ data: `${GOLDEN}/${set}` });
      const differences: string[] = [];
      for (const model of modelsOf(set)) {
        const golden = goldenRecords(set, model);
        const fields = Object.keys(golden[0] ?? {}).filter((name) => !WITHOUT_ARCHIVED.has(`${model}.${name}`));
        if (golden.length === 0) continue;
        const rows = sandbox.call('admin', model, 'search_read', [[]], {
          fields,
          order: 'id',
          context: { active_test: false, lang: 'en_US' },
        }) as Record<string, unknown>[];
        expect(rows.map((row) => row.id)).toEqual(golden.map((row) => row.id));
        for (const [i, row] of rows.entries()) {
          for (const field of fields) {
            if (!close(row[field], golden[i]![field])) {
              differences.push(
                `${model} ${row.id} ${field}: ${JSON.stringify(row[field])}, recorded ${JSON.stringify(golden[i]![field])}`,
              );
            }
          }
        }
      }
      expect(differences).toEqual([]);
    });

    it(`computes the names that Odoo gave the records of ${set}`, () => {
      const sandbox = createSandbox({ data: `${GOLDEN}/${set}` });
      const env = sandbox.superuser({ active_test: false });
      const differences: string[] = [];
      for (const model of modelsOf(set).filter((one) => one !== 'resource.calendar.attendance')) {
        for (const record of goldenRecords(set, model)) {
          if (typeof record.display_name !== 'string') continue;
          const name = freshName(env, model, sandbox.db.table(model).get(record.id)!);
          if (name !== record.display_name)
            differences.push(`${model} ${record.id}: ${name}, recorded ${record.display_name}`);
        }
      }
      expect(differences).toEqual([]);
    });
  }

  it('takes version, translations and costs by company from the data set', () => {
    const sandbox = createSandbox({ data: `${GOLDEN}/rich17` });
    expect(sandbox.version).toMatchObject({ server_version: '17.0', server_version_info: [17, 0, 0, 'final', 0, ''] });
    const french = sandbox.call(
      'admin',
      'product.product',
      'read',
      [[5], ['name', 'display_name', 'product_tmpl_id']],
      {
        context: { lang: 'fr_FR' },
      },
    );
    expect(french).toEqual([
      {
        id: 5,
        name: 'Chaise de bureau',
        display_name: '[FURN_7777] Chaise de bureau',
        product_tmpl_id: [5, '[FURN_7777] Chaise de bureau'],
      },
    ]);
    const cost = (company: number): unknown =>
      sandbox.call('admin', 'product.product', 'read', [[5], ['standard_price']], {
        context: { allowed_company_ids: [company] },
      });
    expect(cost(1)).toEqual([{ id: 5, standard_price: 55 }]);
    expect(cost(2)).toEqual([{ id: 5, standard_price: 0 }]);
  });
});
