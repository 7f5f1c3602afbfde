// Stretches of the calendar that the rules speak of: the same days last year, the first of a month. Pure; in the shop's zone, whose
// days may have 23 or 25 hours.
import type { Instant, Zone } from '../mapping/time.ts';
import { dayAfter, startOfDay } from './days.ts';

/** The same date of another year; 29 February is the 28th where there is none. */
export function addYears(day: string, years: number): string {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const same = `${year}${day.slice(4)}`;
  return dayAfter(same, 0) === same ? same : `${year}-02-28`;
}

/** The first of a month so many months on. */
export function firstOfMonth(day: string, months = 0): string {
  const at = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}-01`;
}

/** Whole days from the first one on. */
export function wholeDays(first: string, days: number, zone: Zone): { from: Instant; until: Instant } {
  return { from: startOfDay(zone, first), until: startOfDay(zone, dayAfter(first, days)) };
}

/** "The same 45 days last year": from a year ago forward. */
export function sameDaysLastYear(today: string, days: number, zone: Zone): { from: Instant; until: Instant } {
  return wholeDays(addYears(today, -1), days, zone);
}
