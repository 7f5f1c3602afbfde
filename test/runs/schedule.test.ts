// When schedules are due: across changes of the clock, after an outage, and with several processes that look.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { zone } from '../../src/mapping/time.ts';
import { checkCron, nextTime } from '../../src/planner/runs/cron.ts';
import { openQueue, type RunQueue } from '../../src/planner/runs/queue.ts';
import { createRegistry } from '../../src/planner/runs/registry.ts';
import { createScheduler } from '../../src/planner/runs/scheduler.ts';
import { findSchedule, type ScheduleInput, saveSchedule } from '../../src/planner/runs/schedules.ts';
import type { Store } from '../../src/store/database.ts';
import { endServer, KINDS, ledStep, newPlace, type Place, SCOPE } from './support.ts';

const HOUR = 3_600_000;

/** Times within [from, until), as the zone's wall clock shows them. */
function wallTimes(cron: string, name: string, from: string, until: string): string[] {
  const clock = zone(name);
  const times: string[] = [];
  for (let time = nextTime({ cron, zone: name }, Date.parse(from)); time !== null && time < Date.parse(until); ) {
    const shift = clock.offsetAt(time / 1000);
    const wall = new Date(time + shift * 1000).toISOString();
    times.push(`${wall.slice(5, 16).replace('T', ' ')} ${shift >= 0 ? '+' : ''}${shift / 3600}`);
    time = nextTime({ cron, zone: name }, time);
  }
  return times;
}

describe('cron in a time zone', () => {
  it('does not lose the time that is skipped in spring', () => {
    expect(wallTimes('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '03-28 02:30 +1',
      '03-29 03:30 +2',
      '03-30 02:30 +2',
    ]);
    expect(wallTimes('15 2 * * *', 'America/New_York', '2026-03-08T00:00Z', '2026-03-10T00:00Z')).toEqual([
      '03-08 03:15 -4',
      '03-09 02:15 -4',
    ]);
    // Half an hour only, and south of the equator.
    expect(wallTimes('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T18:00Z', '2026-10-04T18:00Z')).toEqual([
      '10-04 02:45 +11',
      '10-05 02:15 +11',
    ]);
    // At midnight: the day begins at one.
    expect(wallTimes('0 0 * * *', 'America/Santiago', '2026-09-05T12:00Z', '2026-09-07T12:00Z')).toEqual([
      '09-06 01:00 -3',
      '09-07 00:00 -3',
    ]);
    expect(wallTimes('*/20 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toHaveLength(3);
  });

  it('does not double the time that comes twice in autumn', () => {
    expect(wallTimes('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:00Z', '2026-10-27T00:00Z')).toEqual([
      '10-24 02:30 +2',
      '10-25 02:30 +2',
      '10-26 02:30 +1',
    ]);
    expect(wallTimes('0 1-3 * * *', 'Europe/London', '2026-10-24T20:00Z', '2026-10-25T20:00Z')).toEqual([
      '10-25 01:00 +1',
      '10-25 02:00 +0',
      '10-25 03:00 +0',
    ]);
    expect(wallTimes('0 0 * * *', 'America/Havana', '2026-10-31T12:00Z', '2026-11-02T12:00Z')).toHaveLength(2);
    // Two hours back.
    expect(wallTimes('15 1 * * *', 'Antarctica/Troll', '2026-10-24T12:00Z', '2026-10-25T20:00Z')).toEqual([
      '10-25 01:15 +2',
    ]);
  });

  it('goes by elapsed time where it is of every hour', () => {
    for (const [day, until] of [
      ['2026-03-29T00:00Z', '2026-03-29T06:00Z'],
      ['2026-10-25T00:00Z', '2026-10-25T06:00Z'],
    ] as const) {
      expect(wallTimes('*/30 * * * *', 'Europe/Berlin', day, until)).toHaveLength(11);
      expect(wallTimes('15 * * * *', 'America/New_York', day, until)).toHaveLength(6);
    }
  });

  it('comes once a day, whatever the zone and the day', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Asia/Kolkata',
      'Pacific/Chatham',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 364 }),
        (name, hour, minute, day) => {
          const cron = `${minute} ${hour} * * *`;
          let time = Date.parse('2026-01-01T00:00Z') + day * 24 * HOUR;
          for (let i = 0; i < 3; i++) {
            const next = nextTime({ cron, zone: name }, time)!;
            if (i > 0) expect(Math.abs(next - time - 24 * HOUR)).toBeLessThanOrEqual(2 * HOUR);
            expect(nextTime({ cron, zone: name }, next - 1)).toBe(next);
            time = next;
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('says what is wrong with an expression', () => {
    const said = (cron: string, name = 'UTC') => {
      try {
        checkCron({ cron, zone: name }, 0);
        return 'fine';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(said('30 5 * * MON-FRI')).toBe('fine');
    expect(said('61 * * * *')).toContain('minute');
    expect(said('* * * * * *')).toContain('6 fields');
    expect(said('0 0 31 2 *')).toContain('never');
    expect(said('0 0 * * *', 'Mars/Olympus')).toContain('Mars/Olympus');
  });
});

afterAll(endServer);

describe.each(KINDS)('schedules on $kind', ({ kind, skip }) => {
  let place: Place;
  let store: Store;
  let queue: RunQueue;
  const registry = createRegistry([ledStep('odoo_read_1').step, ledStep('plan').step]);
  let clock = Date.parse('2026-06-01T00:00Z');
  const now = () => clock;

  beforeAll(async () => {
    if (skip) return;
    place = await newPlace(kind);
    store = await place.open();
    queue = await openQueue({ store, log: silentLog, concurrency: 1 });
  });
  afterEach(async () => {
    if (!skip) await store.query('truncate planbridge.run, planbridge.schedule cascade');
  });
  afterAll(async () => {
    await queue?.stop(1_000);
    await store?.close();
    await place?.remove();
  });

  const scheduler = () => createScheduler({ store, queue, registry, scope: async () => SCOPE, log: silentLog, now });

  async function made(input: Partial<ScheduleInput>): Promise<number> {
    const whole: ScheduleInput = {
      name: 'x',
      steps: ['odoo_read_1'],
      parameters: {},
      cron: '0 * * * *',
      zone: 'UTC',
      enabled: true,
      missed: 'once',
      ...input,
    };
    return (await saveSchedule(store.query, SCOPE.odoo, null, whole, 'boss', now()))!.id;
  }

  /** As when all runs of before have ended. */
  const endRuns = () => store.query(`update planbridge.run set state = 'done'`);

  it.skipIf(skip)('fires at its times, one run each, in the schedule’s name', async () => {
    clock = Date.parse('2026-06-01T00:10Z');
    const id = await made({ parameters: { odoo_read_1: { size: 4 } } });
    expect(await scheduler().tick()).toEqual([]);
    clock = Date.parse('2026-06-01T01:00:01Z');
    const [answer] = await scheduler().tick();
    expect(answer).toMatchObject({
      outcome: 'started',
      run: { trigger: 'schedule', who: 'schedule', scheduleId: id, parameters: { odoo_read_1: { size: 4 } } },
    });
    expect(await scheduler().tick()).toEqual([]);
    expect(await findSchedule(store.query, SCOPE.odoo, id)).toMatchObject({
      nextAt: new Date('2026-06-01T02:00Z'),
      lastAt: new Date(clock),
      lastRun: answer!.run.id,
    });
    clock = Date.parse('2026-06-01T02:00:00Z');
    expect(await scheduler().tick()).toMatchObject([{ outcome: 'joined', run: { id: answer!.run.id } }]);
  });

  it.skipIf(skip)('makes up for an outage of two hours with one run, or with none', async () => {
    clock = Date.parse('2026-06-01T00:10Z');
    const quarter = '*/15 * * * *';
    const once = await made({ name: 'a', cron: quarter });
    const skips = await made({ name: 'b', cron: quarter, missed: 'skip', steps: ['plan'] });
    clock += 2 * HOUR + 8 * 60_000;
    const fired = await scheduler().tick();
    expect(fired.map(({ run }) => run.scheduleId)).toEqual([once]);
    expect(await scheduler().tick()).toEqual([]);
    expect((await findSchedule(store.query, SCOPE.odoo, skips))!.lastNote).toBe('9 missed, skipped');
    expect((await findSchedule(store.query, SCOPE.odoo, once))!.lastNote).toContain('9 due since 2026-06-01T00:15');
    await endRuns();
    // Both go on at the next time, as if nothing had been.
    clock = Date.parse('2026-06-01T02:30:05Z');
    expect((await scheduler().tick()).map(({ run }) => run.scheduleId).toSorted()).toEqual([once, skips].toSorted());
  });

  it.skipIf(skip)('back in time for the next, one that skips what was missed still fires that', async () => {
    clock = Date.parse('2026-06-01T00:10Z');
    const id = await made({ missed: 'skip' });
    clock = Date.parse('2026-06-01T03:00:30Z');
    expect((await scheduler().tick()).map(({ run }) => run.scheduleId)).toEqual([id]);
  });

  it.skipIf(skip)(
    'fires once on the nights when the clock changes, looked at every half minute',
    async () => {
      for (const [night, expected] of [
        ['2026-03-28T22:00Z', '2026-03-29T01:30:00.000Z'],
        ['2026-10-24T22:00Z', '2026-10-25T00:30:00.000Z'],
      ] as const) {
        clock = Date.parse(night);
        await made({ cron: '30 2 * * *', zone: 'Europe/Berlin' });
        const one = scheduler();
        const at: string[] = [];
        for (const until = clock + 8 * HOUR; clock < until; clock += 30_000) {
          if ((await one.tick()).length > 0) at.push(new Date(clock).toISOString());
          await endRuns();
        }
        expect(at).toEqual([expected]);
        await store.query('truncate planbridge.run, planbridge.schedule cascade');
      }
    },
    60_000,
  );

  it.skipIf(skip)('is fired by one of many that look at the same moment', async () => {
    clock = Date.parse('2026-06-01T00:10Z');
    for (let i = 0; i < 5; i++) await made({ name: `s${i}`, parameters: { odoo_read_1: { size: i } } });
    clock = Date.parse('2026-06-01T01:00Z');
    const fired = (await Promise.all(Array.from({ length: 6 }, () => scheduler().tick()))).flat();
    expect(fired).toHaveLength(5);
    const [{ count } = { count: 0 }] = await store.query<{ count: number }>(
      'select count(*)::integer as count from planbridge.run',
    );
    expect(count).toBe(5);
  });

  it.skipIf(skip)('says when its run cannot be, and comes again', async () => {
    clock = Date.parse('2026-06-01T00:10Z');
    const id = await made({ parameters: { odoo_read_1: { size: 'big' } } });
    clock = Date.parse('2026-06-01T01:00Z');
    expect(await scheduler().tick()).toEqual([]);
    expect(await findSchedule(store.query, SCOPE.odoo, id)).toMatchObject({
      lastNote: expect.stringContaining('size'),
      nextAt: new Date('2026-06-01T02:00Z'),
    });
  });
});
