// The API of schedules: what runs by itself, and when.
import { z } from 'zod';
import { type Api, idOf, notFound } from '../../http/api.ts';
import type { Sentence } from '../output/sentence.ts';
import { checkCron, nextTime } from './cron.ts';
import { viewOf } from './rows.ts';
import { RunView } from './run.ts';
import {
  findSchedule,
  listSchedules,
  MISSED,
  removeSchedule,
  type ScheduleInput,
  ScheduleView,
  saveSchedule,
  scheduleView,
} from './schedules.ts';
import type { Runs } from './service.ts';

export interface ScheduleRoutesOptions {
  api: Api;
  runs: Runs;
  odooOf(database: string): string;
  now: () => number;
}

const TAG = 'Schedules';

const Input = z.strictObject({
  name: z.string().trim().min(1).max(200),
  steps: z.union([z.string().max(200), z.array(z.string().max(60)).max(20)]),
  parameters: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  cron: z.string().max(200).describe('minute, hour, day, month, weekday: 30 5 * * 1-5'),
  zone: z.string().max(100).describe('of the IANA database: Europe/Berlin'),
  enabled: z.boolean().default(true),
  missed: z.enum(MISSED).default('once').describe('after an outage: one run for all times that were missed, or none'),
});
const Preview = z.strictObject({
  database: z.string().optional(),
  cron: z.string().max(200),
  zone: z.string().max(100),
  count: z.coerce.number().int().min(1).max(50).default(5),
});

export function addScheduleRoutes({ api, runs, odooOf, now }: ScheduleRoutesOptions): void {
  const { store, registry } = runs;

  /** @throws PlanbridgeError PB_REQUEST_ARGUMENT */
  function checked(body: z.output<typeof Input>): ScheduleInput {
    const steps = registry.chain(body.steps);
    // Kept as given: what is left out follows the defaults of the day.
    registry.parameters(steps, body.parameters);
    checkCron(body, now());
    return { ...body, steps, cron: body.cron.trim().replace(/\s+/g, ' ') };
  }

  api.route(
    {
      method: 'get',
      path: '/api/schedules',
      tag: TAG,
      summary: 'All schedules',
      role: 'viewer',
      answer: z.object({ schedules: z.array(ScheduleView) }),
    },
    async ({ user }) => ({
      schedules: (await listSchedules(store.query, odooOf(user.database))).map(scheduleView),
    }),
  );

  api.route(
    {
      method: 'get',
      path: '/api/schedules/preview',
      tag: TAG,
      summary: 'The next times of a cron expression in a time zone',
      role: 'viewer',
      query: Preview,
      answer: z.object({ times: z.array(z.date()) }),
    },
    ({ query }) => {
      checkCron(query, now());
      const times: Date[] = [];
      for (let time = nextTime(query, now()); time !== null && times.length < query.count; ) {
        times.push(new Date(time));
        time = nextTime(query, time);
      }
      return { times };
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/schedules',
      tag: TAG,
      summary: 'A new schedule',
      role: 'administrator',
      body: Input,
      answer: ScheduleView,
      status: 201,
    },
    async ({ user, body }) => {
      const input = checked(body);
      const row = await saveSchedule(store.query, odooOf(user.database), null, input, user.login, now());
      return scheduleView(row!);
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/schedules/:id',
      tag: TAG,
      summary: 'One schedule',
      role: 'viewer',
      answer: ScheduleView,
    },
    async ({ user, params }) => {
      const row = await findSchedule(store.query, odooOf(user.database), idOf(params, 'schedule'));
      if (!row) throw notFound('schedule');
      return scheduleView(row);
    },
  );

  api.route(
    {
      method: 'put',
      path: '/api/schedules/:id',
      tag: TAG,
      summary: 'Changes a schedule; its next time counts from now',
      role: 'administrator',
      body: Input,
      answer: ScheduleView,
    },
    async ({ user, params, body }) => {
      const id = idOf(params, 'schedule');
      const row = await saveSchedule(store.query, odooOf(user.database), id, checked(body), user.login, now());
      if (!row) throw notFound('schedule');
      return scheduleView(row);
    },
  );

  api.route(
    {
      method: 'delete',
      path: '/api/schedules/:id',
      tag: TAG,
      summary: 'Removes a schedule; its runs stay',
      role: 'administrator',
      answer: z.object({ removed: z.boolean() }),
    },
    async ({ user, params }) => {
      if (!(await removeSchedule(store.query, odooOf(user.database), idOf(params, 'schedule'))))
        throw notFound('schedule');
      return { removed: true };
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/schedules/:id/run',
      tag: TAG,
      summary: 'Begins the run of a schedule now, besides its times',
      role: 'planner',
      answer: z.object({ run: RunView, outcome: z.string(), message: z.string(), sentence: z.custom<Sentence>() }),
      status: 202,
    },
    async ({ user, params }) => {
      const row = await findSchedule(store.query, odooOf(user.database), idOf(params, 'schedule'));
      if (!row) throw notFound('schedule');
      const { run, ...rest } = await runs.request({
        steps: row.steps,
        parameters: registry.parameters(registry.chain(row.steps), row.parameters),
        trigger: 'planner',
        who: user.login,
        whenRunning: 'join',
        schedule: row.id,
      });
      return { run: viewOf(run, now()), ...rest };
    },
  );
}
