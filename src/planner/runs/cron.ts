// When a cron expression of a named time zone is due. A time of the day that a change of the clock leaves out comes when it would
// have come without the change; one that is repeated comes once. Expressions of every hour go by elapsed time. Pure.
import { Cron } from 'croner';
import { PlanbridgeError } from '../../errors.ts';
import { isZone, type Zone, zone } from '../../mapping/time.ts';

export interface CronSchedule {
  cron: string;
  /** Of the IANA database: `Europe/Berlin`. */
  zone: string;
}

/** More than any clock is turned by. */
const TURNED_SECONDS = 3 * 3600;
/** Matches of the wall clock that are looked at for one that is due. */
const MOST_LOOKED_AT = 1_000;

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT when the expression or the zone is none, or nothing is ever due */
export function checkCron(schedule: CronSchedule, now: number): void {
  const fields = schedule.cron.trim().split(/\s+/);
  if (fields.length !== 5) throw invalid(`"${schedule.cron}" has ${fields.length} fields instead of five.`);
  if (schedule.zone === '' || !isZone(schedule.zone)) throw invalid(`There is no time zone "${schedule.zone}".`);
  let first: number | null;
  try {
    first = nextTime(schedule, now);
  } catch (error) {
    throw invalid(
      `"${schedule.cron}" is no cron expression: ${(error as Error).message.replace(/^CronPattern: /, '')}.`,
    );
  }
  if (first === null) throw invalid(`"${schedule.cron}" is never due.`);
}

/** The first time after `after` (exclusive), in milliseconds since 1970; null when there is none. */
export function nextTime(schedule: CronSchedule, after: number): number | null {
  const cron = schedule.cron.trim();
  const everyHour = (cron.split(/\s+/)[1] ?? '*').includes('*');
  if (everyHour) return next(new Cron(cron, { timezone: schedule.zone, paused: true }), after);
  // The wall clock on its own has neither gaps nor repeats; each of its times is one moment.
  const clock = zoneOf(schedule.zone);
  const expression = new Cron(cron, { timezone: 'UTC', paused: true });
  let wall: number | null = (clock.toWall(Math.floor(after / 1000)) - TURNED_SECONDS) * 1000;
  for (let looked = 0; looked < MOST_LOOKED_AT; looked++) {
    wall = next(expression, wall);
    if (wall === null) return null;
    const time = clock.toInstant(wall / 1000) * 1000;
    if (time > after) return time;
  }
  return null;
}

function next(expression: Cron, after: number): number | null {
  return expression.nextRun(new Date(after))?.getTime() ?? null;
}

const ZONES = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  let known = ZONES.get(name);
  if (!known) {
    known = zone(name);
    ZONES.set(name, known);
  }
  return known;
}

function invalid(message: string): PlanbridgeError {
  const remedy = 'Give minute, hour, day, month and weekday as in "30 5 * * 1-5", and a zone like Europe/Berlin.';
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, { remedy });
}
