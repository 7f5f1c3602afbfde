// What automations stand on: words of schedules, the settings file, runs one beside the other, the day's file, the ledger.
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Automation, automation } from '../../src/automation/automation.ts';
import { AUTOMATIONS } from '../../src/automation/automations.ts';
import { csvText, dayName } from '../../src/automation/csv.ts';
import { ENGINES } from '../../src/automation/engines/engines.ts';
import { openLedger, RunLost } from '../../src/automation/run/ledger.ts';
import { cronOf } from '../../src/automation/schedule.ts';
import { readSettings } from '../../src/automation/settings.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { nextTime } from '../../src/planner/runs/cron.ts';
import { clearOld } from '../../src/store/retention.ts';
import { endHouses, type House, openHouse, shop } from './house.ts';

let house: House | null = null;
afterEach(async () => {
  await house?.close();
  house = null;
});
afterAll(endHouses);

const variable = (name: string) => `\${${name}}`;
const HOURS = { from: 6, until: 20 };

describe('schedules in words', () => {
  it.each([
    ['twice per hour', '0,30 * * * *'],
    ['Hourly', '0 * * * *'],
    ['even hours', '0 6-20/2 * * *'],
    ['even hours 7–19', '0 8-19/2 * * *'],
    ['daily at 23:30', '30 23 * * *'],
    ['Sunday at 18:00', '0 18 * * 0'],
    ['first of the month at 09:00', '0 9 1 * *'],
    ['15 4 * * 1-5', '15 4 * * 1-5'],
  ])('%s is %s', (words, cron) => expect(cronOf(words, HOURS)).toBe(cron));

  it.each(['now and then', 'daily at 25:00', 'even hours 20-6', 'Someday at 09:00', '61 * * * *'])(
    'refuses %s',
    (words) => {
      expect(() => cronOf(words, HOURS)).toThrow(PlanbridgeError);
    },
  );

  it('of every automation are understood, and each comes once at a full hour', () => {
    for (const { name, schedule } of AUTOMATIONS) {
      const at = { cron: cronOf(schedule, HOURS), zone: 'America/New_York' };
      const first = nextTime(at, 0)!;
      expect(nextTime(at, first)!, name).toBeGreaterThanOrEqual(first + 30 * 60_000);
    }
  });
});

describe('the settings file', () => {
  const read = (text: string, variables: Record<string, string> = {}) =>
    readSettings({ text, name: 'shop.yaml', variable: (name) => variables[name] }, AUTOMATIONS, ENGINES);
  const refusal = (text: string) => {
    try {
      read(text);
    } catch (error) {
      if (error instanceof PlanbridgeError && error.code === 'PB_CONFIG_INVALID') return error.message;
      throw error;
    }
    throw new Error('it was taken');
  };

  it('takes YAML and JSON, fills in the numbers of the specification, and puts variables in', () => {
    const yaml = read(
      `zone: Europe/Berlin\nautomations:\n  stock-buffers:\n  follow-up-mail:\n    to: ["${variable('SALES')}"]\n    on: false\n`,
      {
        SALES: 'sales@example.com',
      },
    );
    expect(yaml.automations.get('stock-buffers')).toMatchObject({
      on: true,
      cron: '0 6-20/2 * * *',
      settings: { default: 5 },
    });
    expect(yaml.automations.get('follow-up-mail')).toMatchObject({
      on: false,
      settings: { to: ['sales@example.com'] },
    });
    const json = read('{"zone":"UTC","automations":{"customer-list":{"schedule":"daily at 5:00"}}}');
    expect(json.automations.get('customer-list')).toMatchObject({ cron: '0 5 * * *' });
  });

  it('names the line of everything that is wrong', () => {
    const message = refusal(
      [
        'zone: Europe/Berlin',
        'automations:',
        '  stock-buffers:',
        '    default: -3',
        '    colour: red',
        '  brands:',
        '    patterns:',
        '      - { pattern: "(", brand: X }',
        '  make-coffee: true',
        '  customer-list:',
        '    schedule: now and then',
        '  follow-up-mail: {}',
        '  featured-products: {}',
      ].join('\n'),
    );
    expect(message).toContain('line 4: automations.stock-buffers.default');
    expect(message).toContain('line 5: automations.stock-buffers.colour is not known here');
    expect(message).toContain('line 8: automations.brands.patterns.0.pattern is no regular expression');
    expect(message).toContain('line 9: automations.make-coffee is no automation');
    expect(message).toContain('line 11: automations.customer-list.schedule "now and then" is no schedule');
    expect(message).toContain('line 12: automations.follow-up-mail.to is missing; name who gets it');
    expect(message).toContain('line 13: automations.featured-products needs the engine storefront');
  });

  it.each([
    ['zone: Mars/Olympus\nautomations: {}', 'line 1: zone is no time zone'],
    ['automations: {}', 'zone is missing'],
    ['zone: UTC\nautomations:\n  brands: {\n', 'line 4'],
    [
      `zone: UTC\nautomations:\n  customer-list:\n    file: ${variable('NOWHERE')}`,
      'line 4: automations.customer-list.file names the variable NOWHERE',
    ],
    ['zone: UTC\nforms:\n  origins: [shop.example.com]\nautomations: {}', 'line 3: forms.origins.0 is no origin'],
  ])('refuses %j', (text, message) => expect(refusal(text)).toContain(message));
});

const noSettings = z.object({});
function simple(name: string, run: Automation['run']): Automation {
  return automation({
    ...{ name, title: `The ${name}`, seed: '0', description: '', schedule: 'hourly', missed: 'once' },
    ...{ needs: ['odoo'], settings: noSettings },
    run: run as never,
  });
}

describe('runs', () => {
  it('go on when one fails, count errors, and fill the file of the day', async () => {
    house = await openHouse({
      data: shop({}),
      now: '2026-03-11T02:00:00Z',
      automations: [
        simple('first', async () => {
          throw new PlanbridgeError('PB_FILE', 500, 'There is no paper.', { remedy: 'Fill it in.' });
        }),
        simple('second', async ({ effect, log, count }) => {
          const change = { once: 'run' as const, description: 'moved', before: 1, after: 2 };
          await effect({ ...change, key: 'a', subject: 'Chair' }, async () => true);
          await effect({ ...change, key: 'b', subject: 'Table' }, async () => {
            throw new Error('it is too heavy');
          });
          log('error', 'the door is shut');
          count('doors', 2);
        }),
      ],
    });
    const [first, second] = [await house.run('first'), await house.run('second')];
    expect(first).toMatchObject({ state: 'failed', error: { code: 'PB_FILE' } });
    expect(second).toMatchObject({ state: 'done', counts: { changes: 1, errors: 2, doors: 2 } });
    expect(second.changes.map(({ state }) => state)).toEqual(['done', 'failed']);
    await house.service.dayLog.close();
    const text = await house.file(`${dayName('automations', '2026-03-10')}.txt`);
    expect(text).toMatch(/The first \(first, run \d+\)\n-+\nStarted 22:00:00 by anna/);
    expect(text).toContain('ERROR There is no paper. Fill it in.');
    expect(text).toContain('Chair: moved');
    expect(text).toContain('ERROR Table: moved: it is too heavy');
    expect(text).toMatch(/Ended 22:00:00 after 0\.0 s: 1 changes, 2 errors/);
    expect(text.trimEnd().endsWith('Total errors: 3')).toBe(true);
  });

  it('are tried again when the other side is away, and do nothing twice', async () => {
    let tries = 0;
    const done: string[] = [];
    house = await openHouse({
      data: shop({}),
      automations: [
        simple('away', async ({ effect }) => {
          const change = { description: 'sent', before: null, after: null };
          await effect({ ...change, key: 'a', once: 'ever', subject: 'A' }, async () => {
            done.push('a');
            return true;
          });
          await effect(
            { ...change, key: 'b', once: 'ever', subject: 'B' },
            async () => {
              tries += 1;
              done.push('b');
              throw new PlanbridgeError('PB_AUTOMATION_UNREACHABLE', 502, 'Nobody answers.');
            },
            async () => (done.includes('b') ? 'found' : null),
          );
        }),
      ],
    });
    const { state, changes } = await house.run('away');
    expect(state).toBe('done');
    expect(tries).toBe(1);
    expect(done).toEqual(['a', 'b']);
    expect(changes.map(({ subject }) => subject)).toEqual(['A', 'B']);
    expect((await house.run('away')).changes).toEqual([]);
  });

  it('follow the file with their schedules until somebody switches one', async () => {
    house = await openHouse({
      data: shop({}),
      automations: [simple('one', async () => {}), simple('two', async () => {})],
      settings: { one: { on: true } },
    });
    const before = await house.service.schedules();
    expect(before.get('one')).toMatchObject({ enabled: true, cron: '0 * * * *', zone: 'America/New_York' });
    expect(before.get('one')!.nextAt!.toISOString()).toBe('2026-03-10T16:00:00.000Z');
    expect(before.get('two')).toMatchObject({ enabled: false, nextAt: null });
    await house.service.switch('two', true, 'anna');
    await house.service.switch('one', false, 'anna');
    const after = await house.service.schedules();
    expect([after.get('one')!.enabled, after.get('two')!.enabled]).toEqual([false, true]);
    await expect(house.service.switch('three', true, 'anna')).rejects.toMatchObject({ status: 404 });
  });

  it('that lost their run to another process change nothing more', async () => {
    house = await openHouse({ data: shop({}), automations: [simple('one', async () => {})] });
    const { id } = await house.run('one');
    const late = openLedger(
      house.store,
      { odoo: 'x', automation: 'one', runId: id, attempt: 0 },
      () => house!.clock.now,
    );
    const effect = { key: 'a', once: 'run' as const, subject: 'A', description: '', before: null, after: null };
    await expect(late.begin([effect])).rejects.toThrow(RunLost);
  });
});

describe('what is kept', () => {
  it('goes with its run after a while, but what happens once ever stays known', async () => {
    let sent = 0;
    house = await openHouse({
      data: shop({}),
      automations: [
        simple('one', async ({ effect }) => {
          const change = { description: 'sent', before: null, after: null };
          await effect({ ...change, key: 'a', once: 'ever', subject: 'Ann' }, async () => ++sent);
          await effect({ ...change, key: 'b', once: 'run', subject: 'Flag' }, async () => true);
        }),
      ],
    });
    await house.run('one', { dryRun: true });
    await house.run('one');
    const later = house.clock.now + 500 * 86_400_000;
    const keep = { days: 400, logDays: 60, documentDays: 90 };
    const kept = () =>
      house!.store.query(
        `select subject, state from planbridge.automation_effect where subject in ('Ann', 'Flag') order by id`,
      );
    expect(await kept()).toHaveLength(4);
    await clearOld(house.store, keep, later);
    expect(await kept()).toEqual([{ subject: 'Ann', state: 'done' }]);
    await house.run('one');
    expect(sent).toBe(1);
  });
});

describe('CSV', () => {
  it('keeps numbers and telephone numbers, and lets nothing be a formula', () => {
    expect(csvText([['=1+1', '+1 555 010', '-3', '@x', '-HYPERLINK(1)', 'a "b", c', null, -2.5]])).toBe(
      '\'=1+1,+1 555 010,-3,\'@x,\'-HYPERLINK(1),"a ""b"", c",,-2.5\r\n',
    );
  });
});
