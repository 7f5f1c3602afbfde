// Groups of dates for read_group: the bounds of the day, week, month, quarter or year of a value, and the label of it.
// Weeks follow the language: from Sunday in American English, from Monday elsewhere. Bounds of times are local midnights in UTC.

import { offsetAt, toUtc } from './zone.ts';

export interface DateGroup {
  /** Inclusive, as Odoo writes dates and times. */
  from: string;
  /** Exclusive. */
  to: string;
  label: string;
}

const GRANULARITIES = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

export function isGranularity(value: string): value is Granularity {
  return (GRANULARITIES as readonly string[]).includes(value);
}

export function dateGroup(
  value: string,
  granularity: Granularity,
  isTime: boolean,
  zone: string,
  lang: string,
): DateGroup {
  const instant = Date.parse(isTime ? `${value.replace(' ', 'T')}Z` : `${value}T00:00:00Z`);
  // A local wall clock, kept as if it were UTC.
  const local = new Date(instant + (isTime ? offsetAt(instant, zone) : 0));
  const from = startOf(local, granularity, weekStart(lang));
  const to = next(from, granularity);
  const text = (wall: Date): string => (isTime ? timeText(toUtc(wall, zone)) : wall.toISOString().slice(0, 10));
  return { from: text(from), to: text(to), label: label(from, granularity, lang) };
}

/** First day of the week: 0 Sunday, 1 Monday. */
function weekStart(lang: string): number {
  return lang === 'en_US' ? 0 : 1;
}

function startOf(wall: Date, granularity: Granularity, firstDay: number): Date {
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
  switch (granularity) {
    case 'hour':
      return new Date(Date.UTC(year, month, day, wall.getUTCHours()));
    case 'day':
      return new Date(Date.UTC(year, month, day));
    case 'week':
      return new Date(Date.UTC(year, month, day - ((wall.getUTCDay() - firstDay + 7) % 7)));
    case 'month':
      return new Date(Date.UTC(year, month, 1));
    case 'quarter':
      return new Date(Date.UTC(year, month - (month % 3), 1));
    case 'year':
      return new Date(Date.UTC(year, 0, 1));
  }
}

function next(from: Date, granularity: Granularity): Date {
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()];
  switch (granularity) {
    case 'hour':
      return new Date(from.getTime() + 3_600_000);
    case 'day':
      return new Date(Date.UTC(year, month, day + 1));
    case 'week':
      return new Date(Date.UTC(year, month, day + 7));
    case 'month':
      return new Date(Date.UTC(year, month + 1, 1));
    case 'quarter':
      return new Date(Date.UTC(year, month + 3, 1));
    case 'year':
      return new Date(Date.UTC(year + 1, 0, 1));
  }
}

function label(from: Date, granularity: Granularity, lang: string): string {
  const locale = lang.replace('_', '-');
  const format = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }).format(from);
  switch (granularity) {
    case 'hour':
      return `${String(from.getUTCHours()).padStart(2, '0')}:00 ${format({ day: '2-digit', month: 'short' })}`;
    case 'day': {
      const month = format({ month: 'short' });
      return `${String(from.getUTCDate()).padStart(2, '0')} ${month} ${from.getUTCFullYear()}`;
    }
    case 'week': {
      const { year, week } = weekOf(from, weekStart(lang));
      return `W${week} ${year}`;
    }
    case 'month':
      return `${format({ month: 'long' })} ${from.getUTCFullYear()}`;
    case 'quarter':
      return `Q${from.getUTCMonth() / 3 + 1} ${from.getUTCFullYear()}`;
    case 'year':
      return String(from.getUTCFullYear());
  }
}

/** The week that holds 1 January is the first one where weeks begin on Sunday, the one with 4 January elsewhere. */
function weekOf(first: Date, firstDay: number): { year: number; week: number } {
  const decisive = new Date(first.getTime() + (firstDay === 0 ? 6 : 3) * 86_400_000);
  const year = decisive.getUTCFullYear();
  const days = (decisive.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  return { year, week: Math.floor(days / 7) + 1 };
}

function timeText(date: Date): string {
  const iso = date.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}
