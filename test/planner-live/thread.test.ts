// The live planner's thread: a question that nobody waits for any more, a thread that breaks, a plan that is exchanged.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { DEFAULT_ARGUMENTS } from '../../src/planner/engine/run.ts';
import { createLivePlanner, type LivePlanner } from '../../src/planner/live/live.ts';
import { startLiveThread } from '../../src/planner/live/thread.ts';
import { beginPlan, completePlan } from '../../src/planner/results/plans.ts';
import { openTestOdoo, openTestStore, readsOf, type TestOdoo, type TestStore } from '../planner-store/support.ts';

let odoo: TestOdoo;
let place: TestStore;

beforeAll(async () => {
  odoo = await openTestOdoo();
  place = await openTestStore('embedded');
  await readsOf(odoo, place.store).run('odoo_read_1');
}, 60_000);
afterAll(async () => {
  await place?.close();
  await odoo?.close();
});

async function newPlan(key: string): Promise<number> {
  const scope = { odoo: odoo.scope.odoo, company: '' };
  const { id } = await beginPlan(place.store, { scope, runKey: key, runId: null, who: 'tester', args: {} }, 0);
  await completePlan(place.store, scope, id, { planTime: 0, summary: {} }, 0);
  return id;
}

const question = {
  lines: [{ item: 'PC-110', location: 'MAR', quantity: 3, date: null, minimumShipment: null, maximumLateness: null }],
  together: false,
  held: [],
};

/** Takes seconds. */
const long = { ...question, lines: Array.from({ length: 3_000 }, () => ({ ...question.lines[0]!, quantity: 900 })) };

describe('the thread of the live planner', () => {
  it('answers; leaves what nobody waits for; says that it broke to all who wait', async () => {
    const broken: string[] = [];
    const task = { planId: 0, scope: odoo.scope, args: DEFAULT_ARGUMENTS, forecast: false };
    const thread = startLiveThread(task, {
      store: place.store,
      databaseUrl: null,
      answered() {},
      broken: (reason) => void broken.push(reason),
    });
    const early = new AbortController();
    const left = thread.ask('quote', question, { signal: early.signal });
    early.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const [answer] = await thread.ask('quote', question);
    expect(answer).toMatchObject({ item: 'PC-110', short: 0 });
    expect(thread.heapBytes).toBeGreaterThan(1_000_000);
    // refused questions do not end it
    const wrong = { ...question, lines: [{ ...question.lines[0]!, item: 'x' }] };
    await expect(thread.ask('quote', wrong)).rejects.toMatchObject({ code: 'PB_REQUEST_ARGUMENT', status: 400 });
    const late = new AbortController();
    const waiting = thread.ask('quote', question, { signal: late.signal });
    late.abort(new Error('gone too'));
    await expect(waiting).rejects.toThrow('gone too');
    await expect(thread.ask('quote', long, { withinMs: 50 })).rejects.toMatchObject({ code: 'PB_PLAN_LIVE' });
    expect(broken).toEqual(['it did not answer within 0.05 s']);
    expect(thread.alive).toBe(false);
    await expect(thread.ask('quote', question)).rejects.toMatchObject({ code: 'PB_PLAN_LIVE', status: 503 });
    await thread.end();
  }, 60_000);

  it('is started again after it broke, and anew with another plan', async () => {
    const live: LivePlanner = createLivePlanner({ store: place.store, databaseUrl: null, log: silentLog });
    try {
      await expect(live.ask(odoo.scope, 'facts', {})).rejects.toMatchObject({ code: 'PB_PLAN_REFUSED' });
      const first = await newPlan('a');
      expect((await live.ask(odoo.scope, 'facts', {})).planId).toBe(first);
      await expect(live.ask(odoo.scope, 'quote', long, { withinMs: 50 })).rejects.toMatchObject({
        code: 'PB_PLAN_LIVE',
      });
      expect((await live.ask(odoo.scope, 'facts', {})).planId).toBe(first);
      // a plan that was stored otherwise is not the one in memory, and it says so
      expect((await live.ask(odoo.scope, 'facts', {})).same).toBe(false);
      const second = await newPlan('b');
      await live.refresh();
      expect((await live.ask(odoo.scope, 'facts', {})).planId).toBe(second);
    } finally {
      await live.end();
    }
    await expect(live.ask(odoo.scope, 'facts', {})).rejects.toMatchObject({ code: 'PB_PLAN_LIVE' });
  }, 60_000);
});
