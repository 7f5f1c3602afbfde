// Collects the demo's records, and tells its times: wall clocks in Zurich, in days from the clock that is passed in.

import { toUtc } from '../orm/zone.ts';
import { instant } from '../store/load.ts';

export const ZONE = 'Europe/Zurich';
const DAY = 86_400_000;

export type DemoRecord = { id: number } & Record<string, unknown>;

export interface Demo {
  readonly records: Record<string, DemoRecord[]>;
  /** Adds a record; without an id it gets the next one. */
  add(model: string, values: Record<string, unknown>): number;
  /** Odoo's UTC text of a wall clock some days from now, for example `at(-3, '08:30')`. */
  at(days: number, clock?: string): string;
  /** Odoo's text of a day. */
  day(days: number): string;
}

export function createDemo(now: Date): Demo {
  const records: Record<string, DemoRecord[]> = {};
  const at = (days: number, clock = '08:00'): string => wallClock(now, days, clock);
  return {
    records,
    at,
    day: (days) => at(days, '12:00').slice(0, 10),
    add: (model, values) => {
      records[model] ??= [];
      const rows = records[model];
      const id = typeof values.id === 'number' ? values.id : (rows.at(-1)?.id ?? 0) + 1;
      rows.push({ create_date: at(-700), write_date: at(-30), create_uid: 2, write_uid: 2, ...values, id });
      return id;
    },
  };
}

/** A day some days from now that is no Saturday or Sunday: those become the Monday after. */
export function wallClock(now: Date, days: number, clock: string): string {
  let date = new Date(now.getTime() + days * DAY);
  const weekday = date.getUTCDay();
  if (weekday === 6) date = new Date(date.getTime() + 2 * DAY);
  if (weekday === 0) date = new Date(date.getTime() + DAY);
  const wall = new Date(`${date.toISOString().slice(0, 10)}T${clock}:00Z`);
  return instant(toUtc(wall, ZONE));
}
