// Working time: the moments in which all calendars of an order are open, as sorted intervals with running totals,
// so that "so many hours of work from here" is two binary searches.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { indexAt, type StepFunction } from './calendar.ts';

/** Open intervals, in whole seconds, so that what is reckoned from them stays a small integer; `before[i]` is the working time of all intervals before the i-th. */
export interface WorkTime {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly before: Int32Array;
  /** All moments at which one of the calendars changes. */
  readonly moments: readonly number[];
}

/** Where a piece of work lies, and how much of it found room. */
export interface Span {
  start: number;
  end: number;
  /** Working seconds found; less than asked when the calendar ends. */
  actual: number;
}

/** The moments in which every calendar has a value other than 0. No calendars: undefined, which means always. */
export function intersect(calendars: readonly StepFunction[]): WorkTime | undefined {
  if (calendars.length === 0) return undefined;
  const all = new Set<number>([INFINITE_PAST]);
  for (const c of calendars) for (const d of c.moments ?? c.dates) all.add(d);
  const dates = [...all].sort((a, b) => a - b);
  const next = calendars.map(() => 0);
  const starts: number[] = [];
  const ends: number[] = [];
  let open = false;
  for (const t of dates) {
    let now = true;
    calendars.forEach((c, i) => {
      let k = next[i] as number;
      while (k + 1 < c.dates.length && (c.dates[k + 1] as number) <= t) k++;
      next[i] = k;
      if (c.values[k] === 0) now = false;
    });
    if (now && !open) starts.push(t);
    if (!now && open) ends.push(t);
    open = now;
  }
  if (open) ends.push(INFINITE_FUTURE);
  const before = new Int32Array(starts.length);
  let total = 0;
  for (let i = 0; i < starts.length; i++) {
    before[i] = total;
    total += (ends[i] as number) - (starts[i] as number);
  }
  return { starts: Int32Array.from(starts), ends: Int32Array.from(ends), before, moments: dates };
}

/** Work of `duration` seconds that begins at `t` or as soon as it opens. */
export function forward(work: WorkTime | undefined, t: number, duration: number): Span {
  if (duration < 0) return backward(work, t, -duration);
  if (work === undefined) return { start: t, end: Math.min(t + duration, INFINITE_FUTURE), actual: duration };
  const { starts, ends, before } = work;
  let i = indexAt(starts, t);
  // a moment at the very end of an interval is good enough for work that takes no time
  if (duration === 0 && i >= 0 && (ends[i] as number) >= t) return { start: t, end: t, actual: 0 };
  if (i < 0 || (ends[i] as number) <= t) i++;
  if (i >= starts.length) return { start: INFINITE_FUTURE, end: INFINITE_FUTURE, actual: 0 };
  const start = Math.max(t, starts[i] as number);
  if (duration === 0) {
    // what takes no time needs not wait for the opening: it stays where a calendar last changed before that
    const at = start === t ? t : Math.max(t, work.moments[indexAt(work.moments, start) - 1] ?? t);
    return { start: at, end: at, actual: 0 };
  }
  const target = (before[i] as number) + (start - (starts[i] as number)) + duration;
  // the last interval that begins with less than the target done holds the end
  let k = indexAt(before, target);
  while (k > i && (before[k] as number) >= target) k--;
  const end = (starts[k] as number) + (target - (before[k] as number));
  if (end > (ends[k] as number)) {
    return { start, end: INFINITE_FUTURE, actual: duration - (end - (ends[k] as number)) };
  }
  return { start, end, actual: duration };
}

/** Work of `duration` seconds that ends at `t` or when it was last open before. */
export function backward(work: WorkTime | undefined, t: number, duration: number): Span {
  if (duration < 0) return forward(work, t, -duration);
  if (work === undefined) {
    return { start: Math.max(t - duration, INFINITE_PAST), end: t, actual: Math.min(duration, t - INFINITE_PAST) };
  }
  const { starts, ends, before } = work;
  let i = indexAt(starts, t);
  if (duration === 0 && i >= 0 && (ends[i] as number) >= t) return { start: t, end: t, actual: 0 };
  if (i >= 0 && (starts[i] as number) >= t) i--;
  if (i < 0) return { start: INFINITE_PAST, end: INFINITE_PAST, actual: 0 };
  const end = Math.min(t, ends[i] as number);
  if (duration === 0) return { start: end, end, actual: 0 };
  const target = (before[i] as number) + (end - (starts[i] as number)) - duration;
  if (target < 0) return { start: INFINITE_PAST, end, actual: duration + target };
  // the first interval whose work reaches beyond the target holds the start
  const k = Math.min(indexAt(before, target), i);
  return { start: (starts[k] as number) + (target - (before[k] as number)), end, actual: duration };
}

/** Working seconds between two moments, and the first open moment. */
export function between(work: WorkTime | undefined, from: number, to: number): Span {
  const start = Math.min(from, to);
  const end = Math.max(from, to);
  if (work === undefined) return { start, end, actual: end - start };
  const i = indexAt(work.starts, start);
  let first = start;
  if (i < 0 || (work.ends[i] as number) <= start) first = Math.min(work.starts[i + 1] ?? end, end);
  const last = indexAt(work.starts, end);
  const actual = workUntil(work, end, last) - workUntil(work, start, i);
  return { start: first, end: last >= 0 ? Math.max(first, Math.min(end, work.ends[last] as number)) : first, actual };
}

/** Working seconds before `t`, which is in the i-th interval or behind it. */
function workUntil(work: WorkTime, t: number, i: number): number {
  if (i < 0) return 0;
  return (work.before[i] as number) + Math.min(t, work.ends[i] as number) - (work.starts[i] as number);
}
