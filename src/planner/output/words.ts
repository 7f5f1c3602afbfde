// Dates, times and quantities in words, in English; sentences are made of structures (see sentence.ts), which screens translate.
import { INFINITE_FUTURE, INFINITE_PAST, type PlanTime } from '../model.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400;

/** `12 Jan`, with the year when it is another than that of `now`. */
export function dayWords(t: PlanTime, now: PlanTime): string {
  if (t >= INFINITE_FUTURE) return 'the end of the plan';
  if (t <= INFINITE_PAST) return 'the beginning';
  const date = new Date(t * 1000);
  const year = date.getUTCFullYear();
  const other = year === new Date(now * 1000).getUTCFullYear() ? '' : ` ${year}`;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}${other}`;
}

/** `3 days`, `8 hours`, `20 minutes`: the largest unit that says enough. */
export function spanWords(seconds: number): string {
  const { count, unit } = spanParts(seconds);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export function spanParts(seconds: number): { count: number; unit: 'day' | 'hour' | 'minute' } {
  if (seconds >= 2 * DAY || (seconds >= DAY && seconds % DAY === 0))
    return { count: Math.ceil(seconds / DAY - 1e-9), unit: 'day' };
  if (seconds >= 7200) return { count: Math.ceil(seconds / 3600 - 1e-9), unit: 'hour' };
  return { count: Math.max(1, Math.ceil(seconds / 60 - 1e-9)), unit: 'minute' };
}

/** A quantity without noise of the arithmetic. */
export function quantityWords(n: number): string {
  return String(Number(n.toPrecision(10)) === Math.round(n) ? Math.round(n) : Number(n.toFixed(3)));
}
