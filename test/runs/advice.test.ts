// The list of recommendations over plans: what planners decided lasts while it comes again; accepted ones are drafts in Odoo, once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide, listAdvice, publishAdvice } from '../../src/planner/advice/store.ts';
import type { Store } from '../../src/store/database.ts';
import { endServer, KINDS, newPlace, type Place } from './support.ts';

afterAll(endServer);

describe.each(KINDS)('the list of recommendations on $kind', ({ kind, skip }) => {
  const scope = { odoo: 'http://odoo demo', company: '' };
  let place: Place;
  let store: Store;
  let now = Date.parse('2026-06-01T08:00Z');

  beforeAll(async () => {
    if (skip) return;
    place = await newPlace(kind);
    store = await place.open();
  });
  afterAll(async () => {
    await store?.close();
    await place?.remove();
  });

  /** As the plan of this number recommends. */
  async function publish(plan: number, keys: readonly string[]): Promise<Record<string, number>> {
    for (const [seq, key] of keys.entries()) {
      await store.query(
        `insert into planbridge.plan_recommendation
           (plan_id, seq, key, kind, urgency, item, location, value, decide_by, body)
         values ($1, $2, $3, 'purchase', 'today', 'Leg', 'WH', 10, 0, $4::jsonb)`,
        [plan, seq, key, JSON.stringify({ title: `${key} of ${plan}` })],
      );
    }
    return await publishAdvice(store, scope, plan, now);
  }
  const list = async () =>
    (await listAdvice(store.query, scope, { limit: 100 }, now)).map(({ key, state, body }) => [key, state, body.title]);
  const settle = (key: string, state: 'rejected' | 'snoozed', until: Date | null = null) =>
    decide(store.query, scope, [key], { state, until, reason: 'because', who: 'anna' }, now);

  it.skipIf(skip)('keeps decisions while they come again, and forgets them after an absence', async () => {
    expect(await publish(1, ['a', 'b', 'c'])).toMatchObject({ open: 3 });
    await settle('a', 'rejected');
    await settle('b', 'snoozed', new Date(now + 3_600_000));
    expect(await publish(2, ['b', 'a', 'd'])).toEqual({ open: 1, accepted: 0, rejected: 1, snoozed: 1 });
    expect(await list()).toEqual([
      ['b', 'snoozed', 'b of 2'],
      ['a', 'rejected', 'a of 2'],
      ['d', 'open', 'd of 2'],
    ]);
    now += 7_200_000;
    expect((await list())[0]).toEqual(['b', 'open', 'b of 2']);
    await publish(3, ['d']);
    expect(await list()).toEqual([['d', 'open', 'd of 3']]);
    await publish(4, ['a', 'd']);
    expect(await list()).toEqual([
      ['a', 'open', 'a of 4'],
      ['d', 'open', 'd of 4'],
    ]);
    // Published again, as after a process was killed: nothing changes.
    await settle('a', 'rejected');
    expect(await publishAdvice(store, scope, 4, now)).toMatchObject({ open: 1, rejected: 1 });
  });
});
