// Working time of a calendar: when a number of minutes from a start is over, and how many minutes lie between two times.
// Attendances by weekday (and week, in two-week calendars) in the calendar's zone, less its time off.

import type { Env } from '../orm/env.ts';
import { offsetAt, toUtc } from '../orm/zone.ts';
import type { Row } from '../values.ts';
import { numberOf, rowsBy, target, textOf, timeOf } from './tools.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** 1 January of year 1. */
const FIRST_DAY = Date.parse('0001-01-01T00:00:00Z');
/** Calendars without working time end a search after this many days. */
const HORIZON_DAYS = 700;

interface Interval {
  from: number;
  to: number;
}

/** End of `minutes` of work from a start (both in milliseconds); without calendar, time runs through. */
export function endOfWork(env: Env, workcenter: Row, start: number, minutes: number): number {
  let left = minutes * 60_000;
  if (left <= 0) return start;
  const calendar = target(env, 'resource.calendar', workcenter.resource_calendar_id);
  if (!calendar) return start + left;
  for (const { from, to } of intervals(env, calendar, workcenter, start)) {
    if (to - from >= left) return from + left;
    left -= to - from;
  }
  return start + minutes * 60_000;
}

/** Minutes of work between two times. */
export function workBetween(env: Env, workcenter: Row, start: number, end: number): number {
  const calendar = target(env, 'resource.calendar', workcenter.resource_calendar_id);
  if (!calendar) return Math.max(0, end - start) / 60_000;
  let total = 0;
  for (const { from, to } of intervals(env, calendar, workcenter, start)) {
    if (from >= end) break;
    total += Math.min(to, end) - from;
  }
  return total / 60_000;
}

/** Start of the first working time that is not before an instant. */
export function nextWork(env: Env, workcenter: Row, start: number): number {
  const calendar = target(env, 'resource.calendar', workcenter.resource_calendar_id);
  if (!calendar) return start;
  for (const { from } of intervals(env, calendar, workcenter, start)) return from;
  return start;
}

function* intervals(env: Env, calendar: Row, workcenter: Row, start: number): Generator<Interval> {
  const zone = textOf(calendar.tz) || 'UTC';
  const rows = rowsBy(env, 'resource.calendar.attendance', 'calendar_id', calendar.id).filter(
    (row) =>
      !textOf(row.display_type) &&
      row.day_period !== 'lunch' &&
      (typeof row.resource_id !== 'number' || row.resource_id === workcenter.resource_id),
  );
  if (rows.length === 0) return;
  const off = timeOff(env, calendar, workcenter);
  const local = start + offsetAt(start, zone);
  const firstDay = Math.floor(local / DAY) * DAY;
  for (let day = firstDay - DAY; day < firstDay + HORIZON_DAYS * DAY; day += DAY) {
    const today = rows
      .filter((row) => worksOn(row, day, calendar))
      .sort((a, b) => numberOf(a.hour_from) - numberOf(b.hour_from));
    for (const row of today) {
      const from = toUtc(new Date(day + numberOf(row.hour_from) * HOUR), zone).getTime();
      const to = toUtc(new Date(day + numberOf(row.hour_to) * HOUR), zone).getTime();
      for (const part of without({ from: Math.max(from, start), to }, off)) if (part.to > part.from) yield part;
    }
  }
}

/** Day of the week (Monday = 0), validity, and in two-week calendars the parity of the week since year 1. */
function worksOn(row: Row, day: number, calendar: Row): boolean {
  const weekday = (new Date(day).getUTCDay() + 6) % 7;
  if (Number(row.dayofweek) !== weekday) return false;
  const date = new Date(day).toISOString().slice(0, 10);
  if (textOf(row.date_from) && textOf(row.date_from) > date) return false;
  if (textOf(row.date_to) && textOf(row.date_to) < date) return false;
  if (!calendar.two_weeks_calendar || !textOf(row.week_type)) return true;
  const ordinal = (day - FIRST_DAY) / DAY;
  return Number(row.week_type) === Math.floor(ordinal / 7) % 2;
}

function timeOff(env: Env, calendar: Row, workcenter: Row): Interval[] {
  return [...env.db.table('resource.calendar.leaves').rows()]
    .filter(
      (row) =>
        row.time_type !== 'other' &&
        (typeof row.resource_id === 'number'
          ? row.resource_id === workcenter.resource_id
          : row.calendar_id === calendar.id ||
            (typeof row.calendar_id !== 'number' && (!row.company_id || row.company_id === workcenter.company_id))),
    )
    .map((row) => ({ from: timeOf(row.date_from), to: timeOf(row.date_to) }));
}

function without(whole: Interval, off: readonly Interval[]): Interval[] {
  let parts = [whole];
  for (const gap of off) {
    parts = parts.flatMap((part) => {
      if (gap.to <= part.from || gap.from >= part.to) return [part];
      return [
        { from: part.from, to: gap.from },
        { from: gap.to, to: part.to },
      ].filter((rest) => rest.to > rest.from);
    });
  }
  return parts;
}
