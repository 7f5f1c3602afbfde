// Lets schedules begin their runs. Any number of processes may look: a schedule is held while it is decided about, and the run and
// its next time are noted in one transaction, so that each time is one run or, after an outage, what the schedule says.
import { describeError } from '../../errors.ts';
import { errorFields, type Log } from '../../log.ts';
import type { Store } from '../../store/database.ts';
import { nextTime } from './cron.ts';
import type { RunQueue } from './queue.ts';
import type { Registry } from './registry.ts';
import { type RunAnswer, requestRun } from './request.ts';
import type { RunScope } from './run.ts';
import { noteFired, type ScheduleRow, takeDue } from './schedules.ts';

export interface SchedulerOptions {
  store: Store;
  queue: RunQueue;
  registry: Registry;
  scope: () => Promise<RunScope>;
  log: Log;
  now: () => number;
}

export interface Scheduler {
  /** Fires what is due. @returns the runs that were asked for */
  tick(): Promise<RunAnswer[]>;
  start(): void;
  stop(): Promise<void>;
}

const LOOK_MS = 2_000;
/** Later than this a time counts as missed. */
const ON_TIME_MS = 120_000;
/** Times of one outage that are counted; the rest is as one. */
const MOST_COUNTED = 10_000;
const SCHEDULE_LOGIN = 'schedule';

export function createScheduler({ store, queue, registry, scope, log, now }: SchedulerOptions): Scheduler {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let complained = false;

  async function tick(): Promise<RunAnswer[]> {
    const where = await scope();
    const answers: RunAnswer[] = [];
    // Each decision is a transaction of its own; a schedule that was decided about is no longer due.
    for (;;) {
      const fired = await store.transaction(async (query) => {
        const at = now();
        const schedule = await takeDue(query, where.odoo, at);
        if (!schedule) return null;
        const { last, count } = dueTimes(schedule, at);
        const missed = at - last > ON_TIME_MS;
        const next = nextTime(schedule, at);
        if (missed && schedule.missed === 'skip') {
          const note = `${count} missed, skipped`;
          await noteFired(query, schedule.id, { next, at, run: null, note });
          log.warn({ schedule: schedule.name, count }, 'a schedule was missed');
          return { answer: null };
        }
        try {
          const parameters = registry.parameters(registry.chain(schedule.steps), schedule.parameters);
          const answer = await requestRun(
            query,
            queue,
            {
              scope: where,
              steps: schedule.steps,
              parameters,
              trigger: 'schedule',
              who: SCHEDULE_LOGIN,
              whenRunning: 'join',
              requestKey: `schedule ${schedule.id} ${new Date(last).toISOString()}`,
              schedule: schedule.id,
            },
            at,
          );
          const late = missed || count > 1 ? `; ${count} due since ${schedule.nextAt!.toISOString()}` : '';
          await noteFired(query, schedule.id, { next, at, run: answer.run.id, note: `${answer.message}${late}` });
          return { answer };
        } catch (error) {
          // What the schedule asks for cannot be: it is said, and comes again at its next time.
          if ((error as { code?: string }).code?.startsWith('PB_') !== true) throw error;
          await noteFired(query, schedule.id, { next, at, run: null, note: describeError(error) });
          log.error({ schedule: schedule.name, ...errorFields(error) }, 'a schedule could not begin its run');
          return { answer: null };
        }
      });
      if (fired === null) break;
      if (fired.answer) answers.push(fired.answer);
    }
    if (answers.length > 0) queue.wake();
    return answers;
  }

  function again(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = tick()
        .then(() => {
          complained = false;
        })
        .catch((error) => {
          if (!complained) log.error(errorFields(error), 'schedules could not be looked at');
          complained = true;
        })
        .finally(again);
    }, LOOK_MS);
  }

  return {
    tick,
    start: again,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** The times from the one that is noted up to now: the last of them, and how many. */
function dueTimes(schedule: ScheduleRow, now: number): { last: number; count: number } {
  let last = schedule.nextAt!.getTime();
  let count = 1;
  for (let time = nextTime(schedule, last); time !== null && time <= now && count < MOST_COUNTED; count++) {
    last = time;
    time = nextTime(schedule, last);
  }
  return { last, count };
}
