// Instants and wall clocks. Odoo stores UTC; a plan document carries the wall clock of one zone, without offset.
// The only place where zones are known. Wall-clock times are counted as seconds since 1970 (PlanTime).
import type { PlanTime } from '../planner/model.ts';

/** Seconds since 1970 in UTC. */
export type Instant = number;

export const DAY = 86_400;

/** Whether the name is a zone that this runtime knows (`Europe/Brussels`). */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `2026-11-21 08:30:00`, `2026-11-21T08:30:00` or `2026-11-21` -> seconds, read as UTC; undefined when it is none of these. */
export function parseStamp(stamp: unknown): number | undefined {
  if (typeof stamp !== 'string' || stamp.length < 10) return undefined;
  const year = Number(stamp.slice(0, 4));
  const month = Number(stamp.slice(5, 7));
  const day = Number(stamp.slice(8, 10));
  if (!(year > 0 && month > 0 && day > 0)) return undefined;
  const days = daysFromCivil(year, month, day);
  if (stamp.length < 19) return days * DAY;
  return (
    days * DAY + Number(stamp.slice(11, 13)) * 3600 + Number(stamp.slice(14, 16)) * 60 + Number(stamp.slice(17, 19))
  );
}

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** `2026-11-21T08:30:00` of a wall-clock time. */
export function formatStamp(time: PlanTime): string {
  const date = new Date(Math.floor(time) * 1000);
  return date.toISOString().slice(0, 19);
}

/** Day of the week of a wall-clock time: Sunday 0 … Saturday 6. */
export function weekday(time: PlanTime): number {
  return (((Math.floor(time / DAY) + 4) % 7) + 7) % 7;
}

/** Odoo's week type of a date: parity of the whole weeks since 1 January of year 1 (connector.md D3; resource.calendar.attendance). */
export function weekType(time: PlanTime): 0 | 1 {
  const ordinal = Math.floor(time / DAY) + 719_163;
  return (Math.floor((ordinal - 1) / 7) % 2) as 0 | 1;
}

export interface Zone {
  readonly name: string;
  /** Seconds that this zone's clock is ahead of UTC at an instant. */
  offsetAt(instant: Instant): number;
  /** The wall clock at an instant. */
  toWall(instant: Instant): PlanTime;
  /** The instant of a wall-clock time. A time that is skipped in spring counts from before the change; of one that comes
   * twice in autumn the first is taken. */
  toInstant(wall: PlanTime): Instant;
}

// Offsets only change at full quarters of an hour; looking them up by the hour keeps the formatter out of the hot path.
const GRAIN = 900;

export function zone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const days = new Map<number, number | null>();
  const grains = new Map<number, number>();

  function lookUp(instant: Instant): number {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant * 1000)) part[type] = Number(value);
    const wall =
      daysFromCivil(part.year ?? 1970, part.month ?? 1, part.day ?? 1) * DAY +
      (part.hour ?? 0) * 3600 +
      (part.minute ?? 0) * 60 +
      (part.second ?? 0);
    return wall - instant;
  }

  function offsetAt(instant: Instant): number {
    const day = Math.floor(instant / DAY);
    let whole = days.get(day);
    if (whole === undefined) {
      const first = lookUp(day * DAY);
      whole = first === lookUp((day + 1) * DAY - 1) ? first : null;
      days.set(day, whole);
    }
    if (whole !== null) return whole;
    const grain = Math.floor(instant / GRAIN);
    let offset = grains.get(grain);
    if (offset === undefined) {
      offset = lookUp(grain * GRAIN);
      grains.set(grain, offset);
    }
    return offset;
  }

  return {
    name,
    offsetAt,
    toWall: (instant) => instant + offsetAt(instant),
    toInstant(wall) {
      const early = wall - offsetAt(wall - DAY);
      if (early + offsetAt(early) === wall) return early;
      const late = wall - offsetAt(wall + DAY);
      return late + offsetAt(late) === wall ? late : early;
    },
  };
}

/** The stretches of [from, until) in which the difference of two zones' clocks (`to` ahead of `from`) stays the same. */
export function offsetStretches(
  own: Zone,
  plan: Zone,
  from: Instant,
  until: Instant,
): Array<{ from: Instant; until: Instant; shift: number }> {
  const shiftAt = (instant: Instant) => plan.offsetAt(instant) - own.offsetAt(instant);
  const stretches: Array<{ from: Instant; until: Instant; shift: number }> = [];
  let start = from;
  let shift = shiftAt(from);
  for (let day = from + DAY; day < until + DAY; day += DAY) {
    const at = Math.min(day, until);
    if (shiftAt(at) === shift) continue;
    let low = Math.max(start, at - DAY);
    let high = at;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (shiftAt(middle) === shift) low = middle;
      else high = middle;
    }
    stretches.push({ from: start, until: high, shift });
    start = high;
    shift = shiftAt(high);
  }
  if (start < until) stretches.push({ from: start, until, shift });
  return stretches;
}
