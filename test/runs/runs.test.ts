// Runs as people see them: chains, one of a kind at a time, cancelling, errors, and what an ending process gives back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PlanbridgeError } from '../../src/errors.ts';
import { viewOf } from '../../src/planner/runs/rows.ts';
import type { Runs } from '../../src/planner/runs/service.ts';
import { isStoreAway } from '../../src/store/away.ts';
import type { Store } from '../../src/store/database.ts';
import { ask, ended, endServer, KINDS, ledStep, look, newPlace, type Place, startRuns, until } from './support.ts';

afterAll(endServer);

describe.each(KINDS)('runs on $kind', ({ kind, skip }) => {
  let place: Place;
  let store: Store;
  const opened: Runs[] = [];

  beforeAll(async () => {
    if (skip) return;
    place = await newPlace(kind);
    store = await place.open();
  });
  afterEach(async () => {
    for (const runs of opened.splice(0)) await runs.stop(1_000);
    if (!skip) await store.query('truncate planbridge.run, planbridge.schedule cascade');
    if (skip) return;
    const [jobs] = await store.query<{ there: boolean }>(
      `select to_regclass('planbridge_jobs.job') is not null as there`,
    );
    if (jobs?.there) await store.query('delete from planbridge_jobs.job');
  });
  afterAll(async () => {
    await store?.close();
    await place?.remove();
  });

  async function start(...args: Parameters<typeof startRuns> extends [unknown, ...infer R] ? R : never): Promise<Runs> {
    const runs = await startRuns(store, ...args);
    opened.push(runs);
    return runs;
  }

  it.skipIf(skip || kind === 'embedded')('lets several processes begin at once on an empty database', async () => {
    const empty = await newPlace(kind, 'none');
    const begun = await Promise.allSettled(
      Array.from({ length: 4 }, async () => {
        const own = await empty.open();
        const runs = await startRuns(own, [ledStep('plan').step]);
        await runs.stop(1_000);
        await own.close();
      }),
    );
    await empty.remove();
    expect(begun.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'fulfilled'));
  });

  it.skipIf(skip)('works through a chain, and tells how far it is and what came of it', async () => {
    const [read, plan] = [ledStep('odoo_read_1'), ledStep('plan')];
    const runs = await start([read.step, plan.step]);
    const { run, outcome } = await ask(runs, 'odoo_read_1,plan', { given: { plan: { size: 7 } } });
    expect(outcome).toBe('started');
    const first = await read.began();
    expect(first.who).toBe('anna');
    first.progress(0.5, 'half of the items');
    first.log('info', 'hello');
    await until(async () => viewOf((await look(runs, run.id)).run, Date.now()).percent === 25);
    expect(viewOf((await look(runs, run.id)).run, Date.now())).toMatchObject({
      state: 'running',
      step: 'odoo_read_1',
      what: 'half of the items',
    });
    const entry = { kind: 'skipped' as const, entity: 'item', reason: 'no unit', count: 3, records: ['a', 'b', 'c'] };
    read.finish({ counts: { items: 12 }, report: [entry] });
    expect((await plan.began()).parameters).toEqual({ size: 7 });
    plan.finish({ counts: { orders: 4 } });
    await ended(runs, run.id);
    const seen = await look(runs, run.id);
    expect(viewOf(seen.run, Date.now())).toMatchObject({ state: 'done', percent: 100, step: null, error: null });
    expect(seen.steps.map(({ state, counts, report, tries }) => ({ state, counts, report, tries }))).toEqual([
      { state: 'done', counts: { items: 12 }, report: [entry], tries: 1 },
      { state: 'done', counts: { orders: 4 }, report: [], tries: 1 },
    ]);
    expect(seen.lines).toEqual([
      'info odoo_read_1: hello',
      'info odoo_read_1: done: items 12, left out 3',
      'info plan: done: orders 4',
    ]);
  });

  it.skipIf(skip)(
    'joins, waits or refuses when one of the kind is unfinished, and lets others run beside it',
    async () => {
      const [read, plan, forecast] = [ledStep('odoo_read_1'), ledStep('plan'), ledStep('forecast')];
      const runs = await start([read.step, plan.step, forecast.step]);
      const first = await ask(runs, 'odoo_read_1,plan');
      await read.began();
      const joined = await ask(runs, 'odoo_read_1,plan', { who: 'bert' });
      expect(joined).toMatchObject({ outcome: 'joined', run: { id: first.run.id } });
      expect(joined.message).toContain('anna');
      const other = await ask(runs, 'odoo_read_1,plan', { given: { plan: { size: 2 } } });
      expect(other).toMatchObject({ outcome: 'waiting', run: { waitsFor: [first.run.id] } });
      const third = await ask(runs, 'plan', { whenRunning: 'wait' });
      expect(third.run.waitsFor).toEqual([first.run.id, other.run.id]);
      await expect(ask(runs, 'plan', { whenRunning: 'refuse' })).rejects.toMatchObject({
        code: 'PB_RUN_BUSY',
        status: 409,
      });
      const beside = await ask(runs, 'forecast', { whenRunning: 'refuse' });
      expect(beside.outcome).toBe('started');
      await forecast.began();
      forecast.finish();
      await ended(runs, beside.run.id);

      read.finish();
      await plan.began();
      // The first is past its read, and yet no other reads: chains are whole.
      expect(read.begun).toHaveLength(1);
      plan.finish();
      await ended(runs, first.run.id);
      expect((await read.began(2)).runId).toBe(other.run.id);
      read.finish();
      expect((await plan.began(2)).parameters).toEqual({ size: 2 });
      plan.finish();
      await ended(runs, other.run.id);
      expect((await plan.began(3)).runId).toBe(third.run.id);
      plan.finish();
      await ended(runs, third.run.id);
      expect((await look(runs, first.run.id)).lines[0]).toBe('info : bert joined this run (planner)');
    },
  );

  it.skipIf(skip)('makes one run of a request that is sent twice, even after its end', async () => {
    const plan = ledStep('plan');
    const runs = await start([plan.step]);
    const { run } = await ask(runs, 'plan', { requestKey: 'k1', whenRunning: 'wait' });
    expect(await ask(runs, 'plan', { requestKey: 'k1', whenRunning: 'wait' })).toMatchObject({ outcome: 'repeated' });
    plan.finish();
    await ended(runs, run.id);
    const again = await ask(runs, 'plan', { requestKey: 'k1', whenRunning: 'wait' });
    expect(again).toMatchObject({ outcome: 'repeated', run: { id: run.id, state: 'done' } });
    expect(plan.begun).toHaveLength(1);
  });

  it.skipIf(skip)('cancels what waits at once and what runs within a moment, and goes on with the next', async () => {
    const [read, plan] = [ledStep('odoo_read_1'), ledStep('plan')];
    const runs = await start([read.step, plan.step]);
    const first = await ask(runs, 'odoo_read_1,plan');
    await read.began();
    const waiting = await ask(runs, 'plan', { whenRunning: 'wait' });
    const next = await ask(runs, 'plan', { whenRunning: 'wait', given: { plan: { size: 3 } } });
    expect(await runs.cancel(waiting.run.id, 'carla')).toBe(true);
    expect((await look(runs, waiting.run.id)).run).toMatchObject({ state: 'cancelled', cancelBy: 'carla' });
    const began = performance.now();
    expect(await runs.cancel(first.run.id, 'carla')).toBe(true);
    const cut = await ended(runs, first.run.id);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(cut).toMatchObject({ state: 'cancelled', cancelBy: 'carla', error: null });
    const seen = await look(runs, first.run.id);
    expect(seen.steps.map(({ state }) => state)).toEqual(['cancelled', 'waiting']);
    expect(seen.lines.at(-1)).toBe('warn odoo_read_1: cancelled by carla');
    expect((await plan.began()).runId).toBe(next.run.id);
    plan.finish();
    await ended(runs, next.run.id);
    expect(await runs.cancel(next.run.id, 'carla')).toBe(false);
    expect(plan.begun).toHaveLength(1);
  });

  it.skipIf(skip)('ends with the error of a step, for people, and does not begin the steps behind it', async () => {
    const [read, plan] = [ledStep('odoo_read_1'), ledStep('plan')];
    const runs = await start([read.step, plan.step]);
    read.finish(new PlanbridgeError('PB_ODOO_ACCESS', 403, 'No right to read.', { remedy: 'Ask for it.' }));
    const { run } = await ask(runs, 'odoo_read_1,plan');
    expect(await ended(runs, run.id)).toMatchObject({
      state: 'failed',
      error: { code: 'PB_ODOO_ACCESS', message: 'No right to read.', remedy: 'Ask for it.' },
    });
    expect(plan.begun).toHaveLength(0);
    read.finish(new TypeError('x is not a function'));
    const second = await ask(runs, 'odoo_read_1');
    expect((await ended(runs, second.run.id)).error).toMatchObject({ code: 'PB_INTERNAL' });
    expect((await look(runs, second.run.id)).lines.at(-1)).toContain('error odoo_read_1: Planbridge made a mistake');
  });

  it.skipIf(skip)('tries a step again while Odoo cannot be reached, a few times', async () => {
    const read = ledStep('odoo_read_1');
    const runs = await start([read.step], { retryDelaysMs: [100, 100] });
    const away = () => new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'Odoo does not answer.');
    read.finish(away());
    read.finish({ counts: {} });
    const { run } = await ask(runs, 'odoo_read_1');
    expect(await ended(runs, run.id)).toMatchObject({ state: 'done' });
    expect(new Set(read.begun.map(({ key }) => key)).size).toBe(1);
    for (let i = 0; i < 3; i++) read.finish(away());
    const second = await ask(runs, 'odoo_read_1');
    expect(await ended(runs, second.run.id)).toMatchObject({ state: 'failed', error: { code: 'PB_ODOO_UNREACHABLE' } });
    expect(read.begun).toHaveLength(5);
  });

  it.skipIf(skip || kind === 'embedded')('goes on when the database was away for a moment', async () => {
    const read = ledStep('odoo_read_1');
    const runs = await start([read.step], { retryDelaysMs: [100] });
    const { run } = await ask(runs, 'odoo_read_1');
    const cut = () =>
      store.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
    await read.began();
    // Between two statements of a transaction too.
    const failed = await store
      .transaction(async (query) => {
        await cut();
        await new Promise((resolve) => setTimeout(resolve, 100));
        await query('select 1');
      })
      .catch((error: Error) => error);
    expect(isStoreAway(failed)).toBe(true);
    read.finish(failed as Error);
    await read.began(2);
    await cut();
    read.finish();
    await until(async () => (await look(runs, run.id).catch(() => null))?.run.state === 'done', 15_000);
    expect((await look(runs, run.id)).lines.join('\n')).toContain('was lost. Tried again');
  });

  it.skipIf(skip)('is given back by a process that ends, and goes on at the step that was cut', async () => {
    const [read, plan] = [ledStep('odoo_read_1'), ledStep('plan', true)];
    const runs = await start([read.step, plan.step]);
    const { run } = await ask(runs, 'odoo_read_1,plan');
    read.finish();
    const cut = await plan.began();
    const began = performance.now();
    opened.splice(0);
    await runs.stop(8_000);
    expect(performance.now() - began).toBeLessThan(8_000);
    expect((await look(runs, run.id)).run).toMatchObject({ state: 'queued', step: 1, worker: '' });
    cut.progress(0.9, 'too late');

    const [again, planAgain] = [ledStep('odoo_read_1'), ledStep('plan')];
    const others = await start([again.step, planAgain.step]);
    const context = await planAgain.began();
    expect(context.key).toBe(cut.key);
    planAgain.finish();
    expect(await ended(others, run.id)).toMatchObject({ state: 'done' });
    expect(again.begun).toHaveLength(0);
    const seen = await look(others, run.id);
    expect(seen.steps.map(({ tries }) => tries)).toEqual([1, 1]);
    expect(seen.lines.join('\n')).toContain('given back by');
  });

  it.skipIf(skip)('refuses what a process still writes that has lost its run', async () => {
    const plan = ledStep('plan', true);
    const runs = await start([plan.step]);
    const { run } = await ask(runs, 'plan');
    await plan.began();
    await store.query('update planbridge.run set attempt = attempt + 1 where id = $1', [run.id]);
    plan.finish({ counts: { orders: 1 } });
    await until(
      async () => (await store.query(`select 1 from planbridge_jobs.job where state = 'active'`)).length === 0,
    );
    const seen = await look(runs, run.id);
    expect(seen.run.state).toBe('running');
    expect(seen.steps[0]).toMatchObject({ state: 'running', counts: {} });
  });

  it.skipIf(skip)('does not begin a step again and again that takes its process down', async () => {
    const plan = ledStep('plan');
    const runs = await start([plan.step]);
    await store.query(
      `insert into planbridge.run (odoo, steps, trigger, who, state, requested_at, parameters)
       values ('http://odoo.example.com demo', '{plan}', 'planner', 'anna', 'waiting', now(), '{}')`,
    );
    const [row] = await store.query<{ id: number }>('select id::float8 as id from planbridge.run');
    await store.query(`insert into planbridge.run_step (run_id, position, name, tries) values ($1, 0, 'plan', 3)`, [
      row!.id,
    ]);
    const behind = await ask(runs, 'plan', { given: { plan: { size: 2 } } });
    expect(await ended(runs, row!.id)).toMatchObject({ state: 'failed', error: { code: 'PB_RUN_CUT' } });
    await plan.began();
    plan.finish();
    await ended(runs, behind.run.id);
    expect(plan.begun).toHaveLength(1);
  });

  it.skipIf(skip)('gives a run a new place in the queue when its job is lost', async () => {
    const plan = ledStep('plan');
    const runs = await start([plan.step]);
    await runs.stop(1_000);
    opened.splice(0);
    const asking = await startRuns(store, [plan.step]);
    asking.queue.rest();
    const { run } = await ask(asking, 'plan');
    await store.query('delete from planbridge_jobs.job');
    await asking.stop(1_000);
    const others = await start([plan.step]);
    plan.finish();
    expect(await ended(others, run.id)).toMatchObject({ state: 'done' });
  });
});
