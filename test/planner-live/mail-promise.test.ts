// Promises for mail orders out of the plan: by Odoo's ids, from the warehouse that orders are delivered from, beside what is held; by
// lead times where there is no plan.
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.ts';
import type { Catalogue } from '../../src/mail/catalogue.ts';
import { plannedPromises } from '../../src/mail/orders/planned-promise.ts';
import type { PromiseLine } from '../../src/mail/orders/promise.ts';
import { createLivePlanner } from '../../src/planner/live/live.ts';
import { beginPlan, completePlan } from '../../src/planner/results/plans.ts';
import type { ModelScope } from '../../src/planner/store/scope.ts';
import { openTestOdoo, openTestStore, readsOf } from '../planner-store/support.ts';

describe('promises of mail orders', () => {
  it('come from the plan where there is one, else from lead times', async () => {
    const { store, close } = await openTestStore('embedded');
    const odoo = await openTestOdoo();
    const live = createLivePlanner({ store, databaseUrl: null, log: silentLog });
    try {
      const scope: ModelScope = odoo.scope;
      const asked: PromiseLine[][] = [];
      const given = { catalogue: {} as Catalogue, today: '2026-11-23', signal: new AbortController().signal };
      let warehouse: number | null = null;
      const promise = plannedPromises(
        { store, live, log: silentLog, scope: async () => scope, warehouse: async () => warehouse },
        async (lines) => {
          asked.push([...lines]);
          return lines.map(() => '2030-01-01');
        },
      );
      expect(await promise([{ product: 1, quantity: 40, day: null }], given)).toEqual(['2030-01-01']);

      await readsOf(odoo, store).run('odoo_read_1');
      const planScope = { odoo: scope.odoo, company: '' };
      const plan = { scope: planScope, runKey: 'a', runId: null, who: 'tester', args: {} };
      const { id } = await beginPlan(store, plan, odoo.clock.now);
      await completePlan(store, planScope, id, { planTime: 0, summary: {} }, odoo.clock.now);
      asked.length = 0;
      const rows = await store.query<{ key: string; id: string }>(
        `select key, regexp_replace(value->>'subcategory', '.*,', '') as id from planbridge.entity
         where key in ('MAR', 'PC-110') and kind in ('location', 'item')`,
      );
      const product = Number(rows.find(({ key }) => key === 'PC-110')?.id);
      const line = { product, quantity: 40, day: null };
      warehouse = Number(rows.find(({ key }) => key === 'MAR')?.id);
      const [day, unknown] = await promise([line, { product: 999_999, quantity: 1, day: null }], given);
      expect(day).toMatch(/^2026-1[12]-\d\d$/);
      expect(unknown).toBe('2030-01-01');
      expect(asked).toEqual([[{ product: 999_999, quantity: 1, day: null }]]);
      const [later] = await promise([{ ...line, day: '2027-03-01' }], given);
      expect(later).toBe('2027-03-01');
      // much more takes longer
      const [much] = await promise([{ ...line, quantity: 5_000 }], given);
      expect(much! > day!).toBe(true);
      expect(asked).toHaveLength(1);
    } finally {
      await live.end();
      await odoo.close();
      await close();
    }
  }, 60_000);
});
