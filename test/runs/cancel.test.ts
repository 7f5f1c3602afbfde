// The real steps cancelled in their middle: each ends soon, and the next run of the chain does all that is left, once.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { openImports } from '../../src/connector/import-open.ts';
import { silentLog } from '../../src/log.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { createMetrics } from '../../src/metrics.ts';
import { openRuns, type Runs } from '../../src/planner/runs/service.ts';
import { createSteps } from '../../src/planner/steps/steps.ts';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { serviceAccount } from '../../src/serve.ts';
import type { Store } from '../../src/store/database.ts';
import { ask, ended, look, newPlace, type Place, SCOPE, until } from './support.ts';

describe('the steps of a chain', () => {
  let place: Place;
  let store: Store;
  let sandbox: Sandbox;
  let odoo: RunningSandbox;
  let runs: Runs;
  /** Of each statement, so that a step has a middle. */
  let delayMs = 0;

  beforeAll(async () => {
    const now = new Date('2026-11-21T08:00:00Z');
    sandbox = createSandbox({ data: demoCompany(now), database: 'demo', now: () => now });
    odoo = await sandbox.listen(0);
    place = await newPlace('embedded');
    store = await place.open();
    const slow: Store = {
      ...store,
      async query(...given) {
        await sleep(delayMs);
        return (await store.query(...given)) as never;
      },
      async transaction(...given) {
        await sleep(delayMs);
        return (await store.transaction(...given)) as never;
      },
    };
    const config = readConfig({ ODOO_URL: odoo.url, ODOO_USER: 'admin', ODOO_PASSWORD: 'admin' });
    const access = createOdooAccess(config.odoo!);
    const imports = openImports(slow, config, config.odoo!, defaultRules, createMetrics());
    const account = serviceAccount(config, access);
    const given = { config, odoo: config.odoo!, access, rules: defaultRules, store: slow, imports, account };
    const steps = createSteps({ ...given, log: silentLog, now: Date.now });
    runs = await openRuns({ store, steps, scope: async () => SCOPE, log: silentLog, now: Date.now });
    await runs.start();
  });
  afterAll(async () => {
    await runs?.stop(1_000);
    await store?.close();
    await place?.remove();
    await odoo?.close();
  });

  const chain = 'odoo_read_1,plan,odoo_write';
  const given = { odoo_write: { daysAhead: 60 } };

  it('end soon when they are cancelled, and what they have made is not made again', async () => {
    for (const [position, name] of chain.split(',').entries()) {
      delayMs = 0;
      const { run } = await ask(runs, chain, { given });
      await until(async () => {
        const seen = await look(runs, run.id);
        if (seen.run.step === position) delayMs = 80;
        return seen.steps[position]!.state === 'running';
      }, 20_000);
      await sleep(400);
      const began = performance.now();
      expect(await runs.cancel(run.id, 'anna'), name).toBe(true);
      expect(await ended(runs, run.id), name).toMatchObject({ state: 'cancelled', cancelBy: 'anna' });
      expect(performance.now() - began, name).toBeLessThan(4_000);
      const seen = await look(runs, run.id);
      expect(seen.steps[position], name).toMatchObject({ state: 'cancelled' });
    }
    delayMs = 0;
    const { run } = await ask(runs, chain, { given });
    expect(await ended(runs, run.id, 60_000)).toMatchObject({ state: 'done' });
    const keys = [...sandbox.db.table('mrp.production').rows()].flatMap(
      ({ origin }) => /^planbridge (\w+)/.exec(String(origin))?.[1] ?? [],
    );
    expect(keys.length).toBeGreaterThan(5);
    expect(new Set(keys).size).toBe(keys.length);
  }, 120_000);
});
