// Days of a zone as instants, for reports and rules that speak of today, yesterday and this time last year. Pure.
import { DAY, formatStamp, type Instant, parseStamp, weekday, type Zone } from '../mapping/time.ts';

/** `2026-11-21` some days later. */
export function dayAfter(day: string, days: number): string {
  return formatStamp((parseStamp(day) ?? 0) + days * DAY).slice(0, 10);
}

/** The instant at which a day begins in the zone. */
export function startOfDay(zone: Zone, day: string): Instant {
  return zone.toInstant(parseStamp(day) ?? 0);
}

/** The day of an instant in the zone. */
export function dayOf(zone: Zone, at: Instant): string {
  return formatStamp(zone.toWall(at)).slice(0, 10);
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function weekdayName(day: string): string {
  return WEEKDAYS[weekday(parseStamp(day) ?? 0)]!;
}

/** Each day of [from, until). */
export function daysBetween(from: string, until: string): string[] {
  const days: string[] = [];
  for (let day = from; day < until; day = dayAfter(day, 1)) days.push(day);
  return days;
}
