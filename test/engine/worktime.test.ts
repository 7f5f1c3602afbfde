// Working time: forward and backward agree with counting second by second, and with each other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCalendar, valueAt } from '../../src/planner/engine/calendar.ts';
import { backward, between, forward, intersect } from '../../src/planner/engine/worktime.ts';
import type { CalendarBucket } from '../../src/planner/model.ts';

const MONDAY = Date.UTC(2026, 0, 5) / 1000;
const HOUR = 3600;
const bucket = fc.record({
  value: fc.constantFrom(0, 1),
  days: fc.integer({ min: 1, max: 127 }),
  priority: fc.integer({ min: 0, max: 3 }),
  starttime: fc.integer({ min: 0, max: 11 }).map((h) => h * HOUR),
  endtime: fc.integer({ min: 12, max: 24 }).map((h) => h * HOUR),
});
const calendar = fc.array(bucket, { minLength: 1, maxLength: 5 });

function open(buckets: CalendarBucket[], t: number): boolean {
  const day = new Date(t * 1000).getUTCDay();
  const second = t % 86_400;
  const ranked = buckets
    .map((b, order) => ({ ...b, order }))
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0) || b.order - a.order);
  const hit = ranked.find(
    (b) => (b.days ?? 127) & (1 << day) && second >= (b.starttime ?? 0) && second < (b.endtime ?? 86_400),
  );
  return hit?.value === 1;
}

describe('working time', () => {
  it('knows each hour of the week', () => {
    fc.assert(
      fc.property(calendar, (buckets) => {
        const step = compileCalendar({ name: 'c', default: 0, buckets }, 1, MONDAY - 86_400);
        for (let h = 0; h < 24 * 7; h++) {
          const t = MONDAY + h * HOUR + 60;
          expect(valueAt(step, t) === 1).toBe(open(buckets, t));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('does as much work as was asked, in open hours', () => {
    fc.assert(
      fc.property(
        calendar,
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (buckets, from, hours) => {
          const work = intersect([compileCalendar({ name: 'c', default: 0, buckets }, 1, MONDAY - 86_400 * 60)]);
          const start = MONDAY + from * HOUR;
          const span = forward(work, start, hours * HOUR);
          if (span.actual < hours * HOUR) return;
          expect(span.start).toBeGreaterThanOrEqual(start);
          expect(between(work, span.start, span.end).actual).toBe(hours * HOUR);
          const back = backward(work, span.end, hours * HOUR);
          expect(back.start).toBe(span.start);
          expect(back.end).toBe(span.end);
          expect(open(buckets, span.start)).toBe(true);
          expect(open(buckets, span.end - 1)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
