// The profile against the plainest implementation of the same thing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Profile } from '../../src/planner/engine/profile.ts';

class Plain {
  changes: [number, number][] = [];
  at(date: number): number {
    return this.changes.reduce((sum, [d, q]) => (d <= date ? sum + q : sum), 0);
  }
  dates(): number[] {
    return [...new Set(this.changes.map(([d]) => d))].sort((a, b) => a - b);
  }
}

const step = fc.record({
  date: fc.integer({ min: 1, max: 400 }),
  change: fc.integer({ min: -9, max: 9 }),
  remove: fc.boolean(),
});

describe('profile', () => {
  it('finds the last stretch that is long enough', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 100, maxLength: 300 }),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: -1, max: 300 }),
        (steps, level, length, floor) => {
          const profile = new Profile();
          const plain = new Plain();
          for (const { date, change } of steps) {
            plain.changes.push([date, change]);
            profile.insert(date, change);
          }
          const dates = plain.dates();
          const full = dates.filter((d) => plain.at(d) < level);
          for (const from of full.slice(-3)) {
            let wanted: { from: number; to: number } | null = null;
            for (let to = from; ; ) {
              const room = dates.findLast((d) => d < to && plain.at(d) >= level);
              if (room === undefined) break;
              to = dates.find((d) => d > room) as number;
              const before = dates.findLast((d) => d < room && plain.at(d) < level);
              const begin = before === undefined ? -Infinity : (dates.find((d) => d > before) as number);
              wanted = { from: to <= floor ? -Infinity : begin, to };
              if (to <= floor || to - begin >= length) break;
              wanted = null;
              to = begin;
            }
            expect(profile.previousStretch(from, level, length, floor)).toEqual(wanted);
          }
        },
      ),
    );
  });

  it('answers as a list of changes does', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300 }),
        fc.integer({ min: 0, max: 401 }),
        fc.integer({ min: -20, max: 20 }),
        (steps, t, level) => {
          const profile = new Profile();
          const plain = new Plain();
          for (const { date, change, remove } of steps) {
            const last = plain.changes[plain.changes.length - 1];
            if (remove && last !== undefined) {
              plain.changes.pop();
              profile.remove(last[0], last[1]);
            } else {
              plain.changes.push([date, change]);
              profile.insert(date, change);
            }
          }
          const dates = plain.dates();
          expect(profile.at(t)).toBe(plain.at(t));
          expect(profile.before(t)).toBe(plain.at(t - 1));
          expect(profile.last()).toBe(plain.at(1000));
          expect(profile.size).toBe(dates.length);
          expect(profile.nextBelow(t, level)).toBe(dates.find((d) => d >= t && plain.at(d) < level) ?? Infinity);
          expect(profile.nextAbove(t, level, true)).toBe(dates.find((d) => d > t && plain.at(d) >= level) ?? Infinity);
          expect(profile.previousBelow(t, level)).toBe(
            dates.findLast((d) => d < t && plain.at(d) < level) ?? -Infinity,
          );
          expect(profile.minimumFrom(t)).toBe(
            Math.min(plain.at(t), ...dates.filter((d) => d > t).map((d) => plain.at(d))),
          );
          expect(profile.next(t)).toBe(dates.find((d) => d > t) ?? Infinity);
        },
      ),
      { numRuns: 300 },
    );
  });
});
