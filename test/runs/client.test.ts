// Following a run in the database while that is away for a while: what was asked goes on in the workers, and so does the command.
import { describe, expect, it } from 'vitest';
import { type RunNews, storeClient } from '../../src/planner/runs/client.ts';
import type { Query } from '../../src/store/database.ts';
import { ask, ended, endServer, KINDS, ledStep, newPlace, startRuns } from './support.ts';

const [EMBEDDED] = KINDS;

describe('a command that follows a run', () => {
  it('waits for a database that is away, and tells everything once', { timeout: 60_000 }, async () => {
    const place = await newPlace(EMBEDDED!.kind);
    const store = await place.open();
    const led = ledStep('plan');
    const runs = await startRuns(store, [led.step]);
    let away = 0;
    const gone = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const query = (async (sql: string, values?: never) => {
      if (away-- > 0) throw gone();
      return await store.query(sql, values);
    }) as Query;
    const seen = { ...runs, store: { ...store, query } };
    const client = storeClient({ runs: seen, who: 'anna', now: Date.now, close: async () => {}, pauseMs: 5 });
    try {
      const { run } = await ask(runs, 'plan');
      const context = await led.began();
      context.log('info', 'one');
      const news: RunNews[] = [];
      const following = (async () => {
        for await (const each of client.follow(run.id, AbortSignal.timeout(30_000))) {
          if (news.length === 0) away = 4;
          news.push(each);
        }
      })();
      led.finish({ counts: { orders: 1 } });
      await ended(runs, run.id);
      await following;
      expect(away).toBeLessThanOrEqual(0);
      const lines = news.flatMap((each) => (each.kind === 'line' ? [each.line.message] : []));
      expect(lines).toEqual(['one', 'done: orders 1']);
      away = 3;
      expect(await client.steps(run.id)).toMatchObject([{ name: 'plan', state: 'done' }]);

      // For ever is too long; other mistakes are none of that.
      away = 1_000;
      await expect(client.steps(run.id)).rejects.toMatchObject({
        code: 'PB_STORE',
        remedy: expect.stringContaining(`Look at run ${run.id}`),
      });
      expect(away).toBe(970);
      away = 0;
    } finally {
      await runs.stop(1_000);
      await store.close();
      await place.remove();
      await endServer();
    }
  });
});
