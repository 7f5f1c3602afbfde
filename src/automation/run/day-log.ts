// The day's file: a section for each process that ended on that day, how long it took, what it did, and at the end the number of
// errors. Written anew from the store whenever a run ends, so nothing is missing after a crash and nothing stands there twice.
import { join } from 'node:path';
import { errorFields, type Log } from '../../log.ts';
import { DAY, formatStamp, parseStamp, type Zone } from '../../mapping/time.ts';
import type { Store } from '../../store/database.ts';
import { dayName } from '../csv.ts';
import { replaceFile } from './files.ts';
import { type AutomationRun, type DayLine, endedBetween, linesOf } from './rows.ts';

export interface DayLog {
  /** A run has ended. */
  ended(): void;
  /** Of a day like `2026-11-21`. */
  text(day: string): Promise<string>;
  close(): Promise<void>;
}

export interface DayLogOptions {
  store: Store;
  odoo(): Promise<string>;
  folder: string;
  zone: Zone;
  titles: ReadonlyMap<string, string>;
  log: Log;
  now: () => number;
}

/** Several runs that end together are written together. */
const WAIT_MS = 1_000;
const MOST_LINES = 50_000;
const LINES_OF_ONE = 500;

export function createDayLog(options: DayLogOptions): DayLog {
  const { store, odoo, folder, zone, titles, log, now } = options;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const dayOf = (instantMs: number) => formatStamp(zone.toWall(Math.floor(instantMs / 1_000))).slice(0, 10);
  const startOf = (day: string) => new Date(zone.toInstant(parseStamp(`${day} 00:00:00`) ?? 0) * 1_000);

  async function text(day: string): Promise<string> {
    const next = formatStamp((parseStamp(`${day} 00:00:00`) ?? 0) + DAY).slice(0, 10);
    const runs = await endedBetween(store.query, await odoo(), startOf(day), startOf(next));
    const ids = runs.map(({ id }) => id);
    const lines = ids.length === 0 ? [] : await linesOf(store.query, ids, MOST_LINES);
    return dayText(day, runs, lines, titles, zone);
  }

  async function write(): Promise<void> {
    const day = dayOf(now());
    try {
      await replaceFile(join(folder, `${dayName('automations', day)}.txt`), await text(day));
    } catch (error) {
      log.warn(errorFields(error), "the day's file of the automations could not be written");
    }
  }

  return {
    ended() {
      timer ??= setTimeout(() => {
        timer = undefined;
        writing = writing.then(write);
      }, WAIT_MS);
    },
    text,
    async close() {
      if (timer) writing = writing.then(write);
      clearTimeout(timer);
      timer = undefined;
      await writing;
    },
  };
}

/** Pure. */
export function dayText(
  day: string,
  runs: readonly AutomationRun[],
  lines: readonly DayLine[],
  titles: ReadonlyMap<string, string>,
  zone: Zone,
): string {
  const byRun = Map.groupBy(lines, ({ runId }) => runId);
  const clock = (at: Date | null) =>
    at ? formatStamp(zone.toWall(Math.floor(at.getTime() / 1_000))).slice(11, 19) : '';
  const sections = runs.map((run) => {
    const own = byRun.get(run.id) ?? [];
    const head = `${titles.get(run.automation) ?? run.automation} (${run.automation}, run ${run.id})`;
    const how = run.state === 'done' ? '' : ` ${run.state}`;
    return [
      head,
      '-'.repeat(head.length),
      `Started ${clock(run.startedAt ?? run.requestedAt)} by ${run.who}`,
      ...own.slice(0, LINES_OF_ONE).map(({ at, level, message }) => {
        return `  ${clock(at)} ${level === 'info' ? '' : `${level.toUpperCase()} `}${message.replaceAll('\n', ' ')}`;
      }),
      ...(own.length > LINES_OF_ONE ? [`  ... and ${own.length - LINES_OF_ONE} more`] : []),
      `Ended${how} ${clock(run.finishedAt)} after ${(run.durationSeconds ?? 0).toFixed(1)} s: ${run.changes} changes, ${run.errors} errors`,
      '',
    ].join('\n');
  });
  const errors = runs.reduce((sum, run) => sum + run.errors, 0);
  return [`Business automations, ${day} (${zone.name})`, '', ...sections, `Total errors: ${errors}`, ''].join('\n');
}
