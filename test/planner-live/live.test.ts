// Quotes and what-if moves through the running service, on both databases: what is held outlives a restart and is in the next plan;
// what is saved stays where it was put.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endServer, KINDS, startTestService, type TestService } from './support.ts';

afterAll(endServer);

const ITEM = 'PC-110';
const DAY = 86_400;

describe.each(KINDS)('the live planner on $kind', ({ kind, skip }) => {
  let service: TestService;
  let place = '';

  beforeAll(async () => {
    if (skip) return;
    service = await startTestService(kind);
    await service.run('odoo_read_1');
  }, 60_000);
  afterAll(() => service?.close());

  const quote = async (quantity: number, more: object = {}) => {
    const lines = [{ item: ITEM, location: place, quantity, ...more }];
    const { status, json } = await service.ask('/api/quote', { lines, customer: 'Acme' });
    expect(status, JSON.stringify(json)).toBe(200);
    return json;
  };
  const demand = async (name: string) =>
    (await service.ask(`/api/plan/demands/${encodeURIComponent(name)}`)).json.demand;

  it.skipIf(skip)(
    'says that there is no plan, then what can be chosen',
    async () => {
      const before = await service.ask('/api/quote', { lines: [{ item: ITEM, quantity: 1 }] });
      expect([before.status, before.json.code]).toEqual([409, 'PB_PLAN_REFUSED']);
      await service.run('plan');
      const { json } = await service.ask('/api/quotes/choices?search=pc-1');
      expect(json.items).toContain(ITEM);
      expect(json.items).not.toContain('All');
      place = json.locations.at(-1);
      expect((await service.ask('/api/whatif/choices')).json.same).toBe(true);
      // a day is meant to its end
      const asked = { item: ITEM, location: place, quantity: 1, date: '2027-01-15' };
      const onTime = (await service.ask('/api/quote', { lines: [asked], keep: false })).json;
      expect(onTime).toMatchObject({ id: null, promises: [{ late: 0, promised: Date.UTC(2027, 0, 16) / 1_000 - 1 }] });
      const wrong = await service.ask('/api/quote', { lines: [{ item: 'nothing', quantity: 1 }] });
      expect([wrong.status, wrong.json.code]).toEqual([400, 'PB_REQUEST_ARGUMENT']);
      const none = await service.ask('/api/quote', { lines: [{ item: ITEM, quantity: -1 }] });
      expect([none.status, none.json.code]).toEqual([400, 'PB_REQUEST_BODY']);
    },
    60_000,
  );

  it.skipIf(skip)(
    'holds, so that others see it, over a restart and in the next plan; cancels, and it is free',
    async () => {
      const first = await quote(500);
      const [line] = first.promises;
      expect(line).toMatchObject({ item: ITEM, short: 0 });
      expect(line.chain[0]).toMatchObject({ level: 0, type: 'DLVR' });
      const again = await quote(500);
      expect(again.promises).toEqual(first.promises);

      const held = await service.ask(`/api/quotes/${first.id}/hold`, { days: 3 });
      expect(held.json).toMatchObject({ state: 'held', customer: 'Acme' });
      const after = (await quote(500)).promises[0];
      expect(after.promised).toBeGreaterThan(line.promised);
      // what was promised before somebody else held it cannot be held unseen
      const late = await service.ask(`/api/quotes/${again.id}/hold`, {});
      expect([late.status, late.json.code]).toEqual([409, 'PB_PLAN_REFUSED']);

      await service.restart();
      expect((await quote(500)).promises[0].promised).toBe(after.promised);
      await service.run('plan');
      expect(await demand(`Quote ${first.id}/1`)).toMatchObject({ status: 'quote', planned: 500, state: 'on time' });
      expect((await quote(500)).promises[0].promised).toBeGreaterThan(line.promised);

      expect((await service.ask(`/api/quotes/${first.id}/cancel`, {})).json.state).toBe('cancelled');
      // on top of a plan that was made with it, to two hours; then exactly
      expect(Math.abs((await quote(500)).promises[0].promised - line.promised)).toBeLessThan(7_200);
      await service.run('plan');
      expect((await quote(500)).promises[0].promised).toBe(line.promised);
      expect(await demand(`Quote ${first.id}/1`)).toBeUndefined();
      const list = (await service.ask('/api/quotes?state=cancelled,held')).json.quotes;
      expect(list.map(({ id, state }: { id: number; state: string }) => [id, state])).toEqual([
        [first.id, 'cancelled'],
      ]);
    },
    90_000,
  );

  it.skipIf(skip)(
    'confirms: firm in the next plan, until Odoo has the order',
    async () => {
      const asked = await quote(20);
      expect((await service.ask(`/api/quotes/${asked.id}/confirm`, {})).json.state).toBe('confirmed');
      await service.run('plan');
      expect(await demand(`Quote ${asked.id}/1`)).toMatchObject({ status: 'open', planned: 20 });
      // an order that Odoo has: from the next look on it counts alone
      await service.ask(`/api/quotes/${asked.id}/confirm`, { salesOrder: 'S00089' });
      await service.restart();
      let state = '';
      for (let tries = 0; tries < 50 && state !== 'ordered'; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        state = (await service.ask('/api/quotes')).json.quotes.find(({ id }: { id: number }) => id === asked.id).state;
      }
      expect(state).toBe('ordered');
      const cancel = await service.ask(`/api/quotes/${asked.id}/cancel`, {});
      expect(cancel.status).toBe(409);
    },
    60_000,
  );

  it.skipIf(skip)(
    'answers many at once and tells its figures',
    async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => quote(1 + (i % 3))));
      expect(new Set(answers.map(({ id }) => id)).size).toBe(20);
      const text = await (await fetch(`${service.url}/metrics`)).text();
      expect(Number(/planbridge_live_planner_answers\{kind="quote"\} (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(
        20,
      );
      expect(Number(/planbridge_live_planner_heap_bytes (\d+)/.exec(text)?.[1])).toBeGreaterThan(1e6);
    },
    60_000,
  );

  it.skipIf(skip)(
    'moves on trial, undoes, saves: planning anew keeps what was saved',
    async () => {
      await service.run('plan');
      const bars = (await service.ask('/api/board?by=resource')).json.bars;
      const bar = bars.find((one: { status: string; owner: string | null; demands: string[] }) => {
        return one.status === 'proposed' && one.owner !== null && one.demands.length > 0;
      });
      const { json: begun } = await service.ask('/api/whatif', {});
      expect(begun).toMatchObject({ moves: 0, changed: [], problems: [], planChanged: false });
      const start = bar.start + 40 * DAY;
      const { json: moved } = await service.ask(`/api/whatif/${begun.id}/moves`, { reference: bar.reference, start });
      const step = moved.changed.find(({ reference }: { reference: string }) => reference === bar.reference);
      expect(step.start).toBeGreaterThanOrEqual(start);
      expect(moved.problems.some(({ kind }: { kind: string }) => kind === 'late')).toBe(true);
      const { json: undone } = await service.ask(`/api/whatif/${begun.id}/undo`, {});
      expect(undone).toMatchObject({ moves: 0, changed: [], problems: [] });
      await service.ask(`/api/whatif/${begun.id}/moves`, { reference: bar.reference, start });
      const nowhere = await service.ask(`/api/whatif/${begun.id}/moves`, { reference: 'no order', start });
      expect([nowhere.status, nowhere.json.code]).toEqual([409, 'PB_PLAN_REFUSED']);
      // what others plan meanwhile does not end the session
      await service.restart();
      expect((await service.ask('/api/whatif', {})).json.changed).toEqual(moved.changed);

      const { json: saved } = await service.ask(`/api/whatif/${begun.id}/save`, {});
      expect(saved.saved).toContain(bar.owner);
      await service.run('odoo_read_1,plan');
      for (const one of moved.changed) {
        if (one.type === 'DLVR') continue;
        const { json } = await service.ask(`/api/plan/orders/${encodeURIComponent(one.reference)}`);
        const { order } = json;
        const stamp = (time: number) => new Date(time * 1_000).toISOString().slice(0, 19);
        expect([one.reference, order.status, order.start, order.end, order.quantity]).toEqual([
          one.reference,
          'approved',
          stamp(one.start),
          stamp(one.end),
          one.quantity,
        ]);
      }
      const again = (await service.ask('/api/board?by=resource')).json.bars;
      const copies = again.filter(
        ({ operation, start: at }: typeof bar) => operation === bar.operation && at === step.start,
      );
      expect(copies).toHaveLength(1);
      expect((await service.ask(`/api/whatif/${begun.id}/undo`, {})).status).toBe(409);
    },
    90_000,
  );
});
