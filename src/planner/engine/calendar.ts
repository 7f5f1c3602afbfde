// Calendars compiled into step functions of time. A bucket applies between its dates, on its weekdays, within its hours;
// of several the lowest priority number wins, then the later start.
import { type Calendar, type CalendarBucket, INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';

const DAY = 86_400;

/** A value over time: `values[i]` holds from `dates[i]` (included) to `dates[i + 1]`; before `dates[0]` as at `dates[0]`. */
export interface StepFunction {
  readonly id: number;
  readonly dates: number[];
  readonly values: number[];
  /** When another bucket begins to apply, be its value the same or not. */
  readonly moments?: number[];
}

/** Index of the last date that is not after `t`; -1 when all are later. */
export function indexAt(dates: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = dates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((dates[middle] as number) <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Value at a moment. */
export function valueAt(step: StepFunction, t: number): number {
  const i = indexAt(step.dates, t);
  return step.values[i < 0 ? 0 : i] as number;
}

/** Day of the week of a moment, Sunday 0. */
export function weekday(t: number): number {
  return (((Math.floor(t / DAY) + 4) % 7) + 7) % 7;
}

interface Bucket {
  start: number;
  end: number;
  value: number;
  days: number;
  from: number;
  to: number;
}

/**
 * Compiles a calendar. Weekly patterns are unrolled from `horizonStart` to the end of time only, because an order
 * never starts before it.
 */
export function compileCalendar(calendar: Calendar, id: number, horizonStart: number): StepFunction {
  const byRank = calendar.buckets
    .map((b: CalendarBucket, order) => ({
      bucket: {
        start: b.start ?? INFINITE_PAST,
        end: b.end ?? INFINITE_FUTURE,
        value: b.value,
        days: b.days ?? 127,
        from: b.starttime ?? 0,
        to: b.endtime ?? DAY,
      },
      priority: b.priority ?? 0,
      order,
    }))
    .filter(({ bucket: b }) => b.start < b.end && b.days !== 0 && b.from < b.to)
    .sort((a, b) => a.priority - b.priority || b.bucket.start - a.bucket.start || b.order - a.order)
    .map(({ bucket }) => bucket);

  const cuts = new Set<number>([INFINITE_PAST, horizonStart]);
  for (const b of byRank) {
    cuts.add(b.start);
    if (b.end < INFINITE_FUTURE) cuts.add(b.end);
  }
  const bounds = [...cuts].filter((c) => c < INFINITE_FUTURE).sort((a, b) => a - b);
  const dates: number[] = [];
  const values: number[] = [];
  const moments: number[] = [];
  let applies: Bucket | null | undefined;
  const step = (t: number, bucket: Bucket | null): void => {
    const value = bucket === null ? (calendar.default ?? 0) : bucket.value;
    if (bucket !== applies) moments.push(t);
    applies = bucket;
    if (dates.length > 0 && dates[dates.length - 1] === t) values[values.length - 1] = value;
    else if (values.length === 0 || values[values.length - 1] !== value) {
      dates.push(t);
      values.push(value);
    }
  };
  let active: Bucket[] = [];
  for (let i = 0; i < bounds.length; i++) {
    const from = bounds[i] as number;
    const to = bounds[i + 1] ?? INFINITE_FUTURE;
    active = byRank.filter((b) => b.start <= from && b.end >= to);
    const first = active[0];
    if (first === undefined || isWhole(first)) {
      step(from, first ?? null);
      continue;
    }
    unroll(active, from, Math.min(to, INFINITE_FUTURE), horizonStart, step);
  }
  return { id, dates, values, moments };
}

function isWhole(b: Bucket): boolean {
  return b.days === 127 && b.from <= 0 && b.to >= DAY;
}

/** Steps of the days between two moments in which the same buckets apply. */
function unroll(
  active: Bucket[],
  from: number,
  to: number,
  horizonStart: number,
  step: (t: number, bucket: Bucket | null) => void,
): void {
  const week = Array.from({ length: 7 }, (_, day) => dayPattern(active, day));
  const at = (t: number): Bucket | null => {
    const pattern = week[weekday(t)] as [number, Bucket | null][];
    const second = t - Math.floor(t / DAY) * DAY;
    let applies: Bucket | null = null;
    for (const [start, b] of pattern) if (start <= second) applies = b;
    return applies;
  };
  step(from, at(from));
  if (to <= horizonStart) return;
  for (let day = Math.floor(Math.max(from, horizonStart) / DAY) * DAY; day < to; day += DAY) {
    for (const [start, bucket] of week[weekday(day)] as [number, Bucket | null][]) {
      if (day + start > from && day + start < to) step(day + start, bucket);
    }
  }
}

function dayPattern(active: Bucket[], day: number): [number, Bucket | null][] {
  const today = active.filter((b) => b.days & (1 << day));
  const cuts = new Set<number>([0]);
  for (const b of today) {
    if (b.from > 0 && b.from < DAY) cuts.add(b.from);
    if (b.to > 0 && b.to < DAY) cuts.add(b.to);
  }
  return [...cuts].sort((a, b) => a - b).map((t) => [t, today.find((b) => t >= b.from && t < b.to) ?? null]);
}
