// Processes that are killed while they read Odoo: the model stays the old one or is the new one, and the next read completes.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/planner/store/load.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { startPostgres } from '../support/postgres.ts';
import type { CrashTask } from './crash-child.ts';
import {
  documentModel,
  openTestOdoo,
  openTestStore,
  plainModel,
  readsOf,
  stopPostgres,
  storeKinds,
  type TestOdoo,
  type TestStore,
} from './support.ts';

const kinds = (await storeKinds()).filter(({ skip }) => !skip);

/** Runs a child and kills it at a statement; @returns how many it came to */
async function killedAt(task: CrashTask, statement: number): Promise<number> {
  const child = fork(join(import.meta.dirname, 'crash-child.ts'), [JSON.stringify(task)], { stdio: 'inherit' });
  let statements = 0;
  child.on('message', () => {
    if (++statements === statement) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('exit', resolve));
  return statements;
}

afterAll(stopPostgres);

describe.each(kinds)('a killed read in $kind', ({ kind }) => {
  let odoo: TestOdoo;
  let own: TestStore;
  let store: Store;

  beforeEach(async () => {
    odoo = await openTestOdoo();
    own = await openTestStore(kind);
    store = own.store;
  });
  afterEach(async () => {
    own.store = store;
    await own.close();
    await odoo.close();
  });

  // The embedded database takes seconds to start.
  it(`leaves the old model or the new one, whichever statement it dies at`, async () => {
    await readsOf(odoo, store).run('odoo_read_1');
    const old = plainModel(await loadModel(store, odoo.scope));
    for (const { id } of [...odoo.sandbox.db.table('product.product').rows()].slice(0, 25)) {
      odoo.sandbox.call('admin', 'product.product', 'write', [[id], { default_code: `K-${id}` }]);
    }
    const renewed = plainModel(await documentModel(odoo));
    expect(renewed).not.toEqual(old);
    const task = { options: own.options, url: odoo.config.url, now: odoo.clock.now };
    const points = kind === 'postgres' ? [3, 9, 17, 26, 35, 44] : [9, 30];
    const seen: string[] = [];
    let current = old;
    for (const point of points) {
      await store.close();
      const reached = await killedAt(task, point);
      store = await openStore(own.options);
      const model = plainModel(await loadModel(store, odoo.scope));
      const isNew = JSON.stringify(model) === JSON.stringify(renewed);
      expect(isNew ? renewed : current).toEqual(model);
      seen.push(isNew ? 'new' : 'old');
      current = model;
      expect(reached).toBeGreaterThanOrEqual(Math.min(point, 3));
    }
    expect(seen).toContain('old');
    const { counts } = await readsOf(odoo, store).run('odoo_read_1', { how: 'full' });
    if (!seen.includes('new')) expect(counts.changed! + counts.added!).toBeGreaterThan(25);
    expect(plainModel(await loadModel(store, odoo.scope))).toEqual(renewed);
    // Nothing of the reads that died is left.
    const [rows] = await store.query<{ all: number; counting: number }>(
      `select count(*)::integer as all, (count(*) filter (where e.since <= s.version and (e.until is null or e.until > s.version)))::integer as counting
       from planbridge.entity e join planbridge.model_source s using (model, source) where e.since > s.prior and e.until is null`,
    );
    expect(rows!.all).toBe(rows!.counting);
  }, 120_000);
});

describe.skipIf(kinds.every(({ kind }) => kind !== 'postgres'))('processes that start at once', () => {
  it('bring the tables up to date once', async () => {
    const server = await startPostgres();
    try {
      const database = await server.create();
      const task = { options: { databaseUrl: database.url, dataDirectory: '' }, url: null, now: 0 };
      const codes = await Promise.all(
        [1, 2, 3].map(
          () =>
            new Promise((resolve) => {
              fork(join(import.meta.dirname, 'crash-child.ts'), [JSON.stringify(task)]).once('exit', resolve);
            }),
        ),
      );
      expect(codes).toEqual([0, 0, 0]);
      const store = await openStore(task.options);
      const [twice] = await store.query('select name from planbridge.migration group by name having count(*) > 1');
      expect(twice).toBeUndefined();
      await store.close();
    } finally {
      await server.stop();
    }
  }, 60_000);
});
