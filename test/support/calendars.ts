// Calendars by their meaning: frePPLe's rule for the buckets of a plan document, and Odoo's own rules for its records. The two
// know nothing of each other, and neither of the code under test.

import type { Calendar, PlanTime } from '../../src/planner/model.ts';

const DAY = 86_400;

/** Value at a moment of the plan's clock: of the buckets that hold there, the one with the lowest priority number decides. */
export function valueAt(calendar: Calendar, time: PlanTime): number {
  const weekday = 1 << ((Math.floor(time / DAY) + 4) % 7);
  const second = time % DAY;
  let best: { priority: number; value: number } | undefined;
  for (const bucket of calendar.buckets) {
    if (bucket.start !== undefined && time < bucket.start) continue;
    if (bucket.end !== undefined && time >= bucket.end) continue;
    if (((bucket.days ?? 127) & weekday) === 0) continue;
    if (second < (bucket.starttime ?? 0) || second >= (bucket.endtime ?? DAY)) continue;
    const priority = bucket.priority ?? 0;
    if (best === undefined || priority < best.priority) best = { priority, value: bucket.value };
  }
  return best?.value ?? calendar.default ?? 0;
}

/** The wall clock of a zone at an instant, by the runtime's own formatter. */
export function wallClock(zone: string): (instant: number) => PlanTime {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (instant) => Date.parse(`${format.format(instant * 1000).replace(' ', 'T')}Z`) / 1000;
}

export interface Attendance {
  /** Monday 0 … Sunday 6. */
  dayofweek: number;
  hour_from: number;
  hour_to: number;
  week_type: '0' | '1' | false;
  day_period: 'morning' | 'lunch';
  date_from: string | false;
  date_to: string | false;
}

export interface OdooCalendar {
  tz: string;
  two_weeks_calendar: boolean;
  attendances: Attendance[];
  /** UTC, as Odoo stores them. */
  leaves: Array<{ date_from: string; date_to: string }>;
}

/** Days since 1 January of year 1, that day being 1, as Python counts them. */
function toOrdinal(year: number, month: number, day: number): number {
  const before = year - 1;
  let ordinal = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  for (const length of lengths.slice(0, month - 1)) ordinal += length;
  return ordinal + day;
}

/** Odoo's week type of a date: `resource.calendar.attendance.get_week_type` (connector.md 6.4). */
export function odooWeekType(date: string): '0' | '1' {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return String(Math.floor((toOrdinal(year, month, day) - 1) / 7) % 2) as '0' | '1';
}

/** Whether Odoo has working time at an instant. */
export function odooWorks(calendar: OdooCalendar, local: (instant: number) => PlanTime, instant: number): boolean {
  const utc = (stamp: string) => Date.parse(`${stamp.replace(' ', 'T')}Z`) / 1000;
  if (calendar.leaves.some((leave) => utc(leave.date_from) <= instant && instant < utc(leave.date_to))) return false;
  const wall = new Date(local(instant) * 1000);
  const date = wall.toISOString().slice(0, 10);
  const weekday = (wall.getUTCDay() + 6) % 7;
  const hour = wall.getUTCHours() + wall.getUTCMinutes() / 60 + wall.getUTCSeconds() / 3600;
  return calendar.attendances.some(
    (row) =>
      row.day_period !== 'lunch' &&
      row.dayofweek === weekday &&
      row.hour_from <= hour &&
      hour < row.hour_to &&
      (row.date_from === false || row.date_from <= date) &&
      (row.date_to === false || date <= row.date_to) &&
      (!calendar.two_weeks_calendar || row.week_type === false || row.week_type === odooWeekType(date)),
  );
}

/** Whether a wall-clock time of a zone is that of just one instant: not skipped in spring, not twice in autumn. */
export function isOrdinary(local: (instant: number) => PlanTime, instant: number): boolean {
  const offset = local(instant) - instant;
  return [-2 * 3600, 2 * 3600].every((away) => local(instant + away) - (instant + away) === offset);
}
