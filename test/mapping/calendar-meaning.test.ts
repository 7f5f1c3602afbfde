// Exported calendars mean what Odoo's mean, hour by hour over two years, whatever their rows and zones (D1 to D4).

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Calendar, CalendarBucket } from '../../src/planner/model.ts';
import { type Attendance, isOrdinary, type OdooCalendar, odooWorks, valueAt, wallClock } from '../support/calendars.ts';
import { at } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';

const ZONES = [
  'UTC',
  'Europe/Brussels',
  'America/New_York',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
const DAY = 86_400;
const FROM = at('2026-06-01 00:00');
const UNTIL = at('2028-06-01 00:00');

const day = fc
  .integer({ min: 0, max: 729 })
  .map((days) => new Date((FROM + days * DAY) * 1000).toISOString().slice(0, 10));

/** Rows of one day of one week: one after the other, in quarters of an hour, as Odoo insists. */
const rowsOfDay = (dayofweek: number, week: '0' | '1' | false): fc.Arbitrary<Attendance[]> =>
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 0, maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    )
    .map(([quarters, lunch]) => {
      const marks = quarters.toSorted((a, b) => a - b);
      return Array.from({ length: Math.floor(marks.length / 2) }, (_, index) => ({
        dayofweek,
        hour_from: marks[2 * index]! / 4,
        hour_to: marks[2 * index + 1]! / 4,
        week_type: week,
        day_period: lunch[index] ? ('lunch' as const) : ('morning' as const),
        date_from: false as const,
        date_to: false as const,
      }));
    });

const dates = fc.option(fc.tuple(day, day), { nil: null, freq: 5 });

const calendars: fc.Arbitrary<OdooCalendar> = fc
  .record({ tz: fc.constantFrom(...ZONES), two_weeks_calendar: fc.boolean() })
  .chain(({ tz, two_weeks_calendar }) => {
    const weeks = two_weeks_calendar ? (['0', '1'] as const) : ([false] as const);
    const days = weeks.flatMap((week) => [0, 1, 2, 3, 4, 5, 6].map((weekday) => rowsOfDay(weekday, week)));
    return fc.record({
      tz: fc.constant(tz),
      two_weeks_calendar: fc.constant(two_weeks_calendar),
      attendances: fc.tuple(fc.tuple(...days), dates).map(([rows, limits]) =>
        rows.flat().map((row, index) => {
          // Some rows hold for some time only.
          if (limits === null || index % 3 !== 0) return row;
          const [first, last] = limits.toSorted() as [string, string];
          return { ...row, date_from: first, date_to: last };
        }),
      ),
      leaves: fc.array(
        fc.tuple(fc.integer({ min: 0, max: 700 * 96 }), fc.integer({ min: 1, max: 14 * 96 })).map(([from, length]) => ({
          date_from: stamp(FROM + from * 900),
          date_to: stamp(FROM + (from + length) * 900),
        })),
        { maxLength: 5 },
      ),
    });
  });

const stamp = (instant: number) => new Date(instant * 1000).toISOString().slice(0, 19).replace('T', ' ');

async function exported(calendar: OdooCalendar, timezone: string): Promise<Calendar> {
  const odoo = smallOdoo();
  const id = odoo.calendar('Any', { tz: calendar.tz, two_weeks_calendar: calendar.two_weeks_calendar });
  for (const { dayofweek, hour_from, hour_to, ...row } of calendar.attendances)
    odoo.hours(id, dayofweek, hour_from, hour_to, row);
  for (const leave of calendar.leaves) odoo.leave(leave.date_from, leave.date_to, { calendar_id: id });
  return (await odoo.export({ timezone })).calendars[0] ?? { name: 'Any', default: 0, buckets: [] };
}

/** Wall clocks by zone, remembered: asking the runtime takes its time. */
const clocks = new Map<string, (instant: number) => number>();
function clockOf(zone: string): (instant: number) => number {
  const ask = wallClock(zone);
  const known = new Map<number, number>();
  const clock = (instant: number) => {
    const wall = known.get(instant) ?? ask(instant);
    known.set(instant, wall);
    return wall;
  };
  clocks.set(zone, clocks.get(zone) ?? clock);
  return clocks.get(zone)!;
}

/** First moment at which the exported calendar does not say what Odoo says. */
function firstDifference(calendar: OdooCalendar, plan: Calendar, timezone: string, offset: number): string | undefined {
  const [own, wall] = [clockOf(calendar.tz), clockOf(timezone)];
  let today: Calendar = plan;
  let date = 0;
  for (let instant = FROM + offset; instant < UNTIL; instant += 3600) {
    const time = wall(instant);
    if (Math.floor(time / DAY) !== date) {
      date = Math.floor(time / DAY);
      const holds = ({ start = 0, end = UNTIL * 2 }: CalendarBucket) => start < (date + 1) * DAY && end > date * DAY;
      today = { ...plan, buckets: plan.buckets.filter(holds) };
    }
    // A wall clock cannot tell the hour that comes twice.
    if (!isOrdinary(wall, instant) || !isOrdinary(own, instant)) continue;
    const works = odooWorks(calendar, own, instant);
    if (valueAt(today, time) !== Number(works)) return `${stamp(instant)} UTC: Odoo ${works ? 'works' : 'rests'}`;
  }
  return undefined;
}

test('random calendars in random zones', async () => {
  const request = fc.tuple(calendars, fc.constantFrom(...ZONES), fc.constantFrom(0, 900, 1800, 2700));
  await fc.assert(
    fc.asyncProperty(request, async ([calendar, timezone, offset]) => {
      expect(firstDifference(calendar, await exported(calendar, timezone), timezone, offset)).toBeUndefined();
    }),
    { seed: 20261121, numRuns: 12 },
  );
});
