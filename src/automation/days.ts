// Calendar days of the shop's zone, and the stretches of time between them. Pure; a day may have 23 or 25 hours.
import { DAY, daysFromCivil, formatStamp, type Instant, type Zone } from '../mapping/time.ts';

/** `2026-11-21` */
export type Day = string;

const number = (day: Day) => daysFromCivil(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10)));

/** @example addDays('2026-02-28', 1) === '2026-03-01' */
export function addDays(day: Day, days: number): Day {
  return formatStamp((number(day) + days) * DAY).slice(0, 10);
}

/** The same date of another year; 29 February is 28 February where there is none. */
export function addYears(day: Day, years: number): Day {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const same = `${year}${day.slice(4)}`;
  return addDays(same, 0) === same ? same : `${year}-02-28`;
}

/** The first of a month so many months on. */
export function firstOfMonth(day: Day, months = 0): Day {
  const at = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}-01`;
}

/** The day's first instant. */
export function startOf(day: Day, zone: Zone): Instant {
  return zone.toInstant(number(day) * DAY);
}

export function dayOf(at: Instant, zone: Zone): Day {
  return formatStamp(zone.toWall(at)).slice(0, 10);
}

/** Whole days from the first one on. */
export function stretch(first: Day, days: number, zone: Zone): { from: Instant; until: Instant } {
  return { from: startOf(first, zone), until: startOf(addDays(first, days), zone) };
}

/** "The same 45 days last year": from a year ago forward. */
export function sameDaysLastYear(today: Day, days: number, zone: Zone): { from: Instant; until: Instant } {
  return stretch(addYears(today, -1), days, zone);
}

/** As names of files have it. @example fileDay('2026-03-07') === '03_07_26' */
export function fileDay(day: Day): string {
  return `${day.slice(5, 7)}_${day.slice(8, 10)}_${day.slice(2, 4)}`;
}
