// Wall clocks of many zones: to the plan's clock and back, through skipped and repeated hours.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysFromCivil, formatStamp, parseStamp, weekday, weekType, zone } from '../../src/mapping/time.ts';
import { isOrdinary, odooWeekType, wallClock } from '../support/calendars.ts';

const ZONES = [
  ...['UTC', 'Europe/Brussels', 'Europe/London', 'America/New_York', 'America/St_Johns', 'America/Sao_Paulo'],
  ...['Asia/Tokyo', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tehran', 'Australia/Lord_Howe', 'Australia/Adelaide'],
  ...['Pacific/Chatham', 'Pacific/Apia', 'Pacific/Kiritimati', 'Africa/Casablanca', 'America/Havana', 'Asia/Beirut'],
];
const [FROM, UNTIL] = [Date.UTC(2012, 0, 2) / 1000, Date.UTC(2035, 0, 1) / 1000];
const instant = fc.integer({ min: FROM, max: UNTIL });
/** Moments around changes of the clock, where it is difficult. */
const change = fc
  .tuple(fc.integer({ min: 2013, max: 2034 }), fc.constantFrom(2, 3, 8, 9, 10), fc.integer({ min: 0, max: 31 * 96 }))
  .map(([year, month, quarters]) => Date.UTC(year, month, 1) / 1000 + quarters * 900);

describe.each(ZONES)('%s', (name) => {
  const here = zone(name);
  const clock = wallClock(name);

  test('shows the time that the runtime shows', () => {
    fc.assert(
      fc.property(fc.oneof(instant, change), (time) => {
        expect(here.toWall(time)).toBe(clock(time));
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  test('a time shown is found again; of one that comes twice the first', () => {
    fc.assert(
      fc.property(fc.oneof(instant, change), (time) => {
        const wall = here.toWall(time);
        const found = here.toInstant(wall);
        expect(here.toWall(found)).toBe(wall);
        expect(found).toBeLessThanOrEqual(time);
        if (isOrdinary(clock, time)) expect(found).toBe(time);
      }),
      { seed: 2, numRuns: 150 },
    );
  });
});

test('an hour that is skipped counts on from before the change', () => {
  const brussels = zone('Europe/Brussels');
  const skipped = parseStamp('2026-03-29 02:30:00')!;
  expect(formatStamp(brussels.toWall(brussels.toInstant(skipped)))).toBe('2026-03-29T03:30:00');
});

test('dates are those of the calendar, with their weekday and Odoo’s week type', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), (date) => {
      const text = date.toISOString().slice(0, 10);
      const time = parseStamp(text)!;
      expect(daysFromCivil(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()) * 86_400).toBe(time);
      expect(formatStamp(time)).toBe(`${text}T00:00:00`);
      expect(weekday(time)).toBe(date.getUTCDay());
      expect(String(weekType(time))).toBe(odooWeekType(text));
    }),
    { seed: 3, numRuns: 500 },
  );
});
