// The API of automations: what there is and when it runs, runs and what they changed, run now, dry run, on and off.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { type Api, type ApiUser, idOf, notFound } from '../../http/api.ts';
import { LOCAL_LOGIN, TOKEN_LOGIN } from '../../http/users.ts';
import { parseStamp } from '../../mapping/time.ts';
import { sendEvents } from '../../planner/runs/events.ts';
import { logOf } from '../../planner/runs/rows.ts';
import { LogLine, type Trigger } from '../../planner/runs/run.ts';
import type { Automation } from '../automation.ts';
import type { AutomationSettings } from '../settings.ts';
import { AutomationChange, AutomationRun, automationRunById, automationRuns, changesOf, lastRuns } from './rows.ts';
import type { AutomationRuns } from './service.ts';

export interface AutomationRoutesOptions {
  api: Api;
  /** null: no settings file says what runs. */
  on: { service: AutomationRuns; settings: AutomationSettings; odooKey(): Promise<string> } | null;
  automations: readonly Automation[];
  odooOf(database: string): string;
  now: () => number;
}

const TAG = 'Automations';
const LINES = 1_000;

const AutomationView = z.object({
  name: z.string(),
  title: z.string(),
  seed: z.string(),
  description: z.string(),
  needs: z.array(z.string()),
  /** Whether the settings file names it. */
  configured: z.boolean(),
  /** Whether its schedule is on. */
  enabled: z.boolean(),
  schedule: z.string(),
  cron: z.string().nullable(),
  zone: z.string().nullable(),
  missed: z.enum(['once', 'skip']),
  nextAt: z.date().nullable(),
  changedBy: z.string().nullable(),
  last: AutomationRun.nullable().describe('the last run that ended and was no dry run'),
  unfinished: AutomationRun.nullable(),
});
const Asked = z.object({ run: AutomationRun, outcome: z.string(), message: z.string() });
const Paging = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  database: z.string().optional(),
};

export function addAutomationRoutes({ api, on, automations, odooOf, now }: AutomationRoutesOptions): void {
  /** @throws PlanbridgeError PB_AUTOMATION_ENGINE; PB_ODOO_DATABASE (404) for users of other databases */
  async function require(user: ApiUser) {
    if (on === null) throw switchedOff();
    const odoo = await on.odooKey();
    if (odoo === odooOf(user.database)) return { ...on, odoo, query: on.service.runs.store.query };
    throw new PlanbridgeError('PB_ODOO_DATABASE', 404, `Automations do not work on the database ${user.database}.`, {
      remedy: 'They work on ODOO_DATABASE.',
    });
  }

  async function runOf(user: ApiUser, params: Readonly<Record<string, string>>) {
    const known = await require(user);
    const run = await automationRunById(known.query, known.odoo, idOf(params, 'run'));
    if (run === null) throw notFound('run');
    return { ...known, run };
  }

  api.route(
    {
      method: 'get',
      path: '/api/automations',
      tag: TAG,
      summary: 'All automations: what each does, when it runs, and its last run',
      role: 'viewer',
      answer: z.object({ on: z.boolean(), automations: z.array(AutomationView) }),
    },
    async ({ user }) => {
      const bare = automations.map((automation) => viewOf(automation, on?.settings ?? null));
      if (on === null) return { on: false, automations: bare };
      const { service, odoo, query } = await require(user);
      const schedules = await service.schedules();
      const runs = await lastRuns(query, odoo, [...schedules.keys()]);
      return {
        on: true,
        automations: bare.map((view) => {
          const schedule = schedules.get(view.name);
          if (!schedule) return view;
          const own = runs.filter(({ automation }) => automation === view.name);
          return {
            ...view,
            enabled: schedule.enabled,
            nextAt: schedule.nextAt,
            changedBy: schedule.changedBy,
            last: own.find(({ finishedAt }) => finishedAt !== null) ?? null,
            unfinished: own.find(({ finishedAt }) => finishedAt === null) ?? null,
          };
        }),
      };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/automations/runs',
      tag: TAG,
      summary: 'Runs of automations, newest first; `next` is the `before` of the page behind',
      role: 'viewer',
      query: z.strictObject({
        ...Paging,
        automation: z.string().max(100).optional(),
        before: z.coerce.number().int().optional(),
      }),
      answer: z.object({ runs: z.array(AutomationRun), next: z.number().nullable() }),
    },
    async ({ user, query: { automation, before, limit } }) => {
      if (on === null) return { runs: [], next: null };
      const { odoo, query } = await require(user);
      const runs = await automationRuns(query, odoo, { automation, before, limit });
      return { runs, next: runs.length === limit ? runs.at(-1)!.id : null };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/automations/runs/:id',
      tag: TAG,
      summary: `One run with the first ${LINES} lines of its log`,
      role: 'viewer',
      answer: z.object({ run: AutomationRun, log: z.array(LogLine) }),
    },
    async ({ user, params }) => {
      const { run, query } = await runOf(user, params);
      return { run, log: await logOf(query, run.id, 0, LINES) };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/automations/runs/:id/changes',
      tag: TAG,
      summary:
        'What a run changed, or a dry run would change, record by record; `next` is the `after` of the page behind',
      role: 'viewer',
      query: z.strictObject({ ...Paging, after: z.coerce.number().int().min(0).default(0) }),
      answer: z.object({ changes: z.array(AutomationChange), next: z.number().nullable() }),
    },
    async ({ user, params, query: { after, limit } }) => {
      const { run, query } = await runOf(user, params);
      const changes = await changesOf(query, run.id, after, limit);
      return { changes, next: changes.length === limit ? changes.at(-1)!.id : null };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/automations/runs/:id/events',
      tag: TAG,
      summary: 'Server-sent events: `progress`, `log` (a line), `end`; Last-Event-ID goes on behind a line',
      role: 'viewer',
      headers: { 'Last-Event-ID': 'id of the last line that is known' },
      contentType: 'text/event-stream',
    },
    async ({ user, params, request, response, signal }) => {
      const { run, service } = await runOf(user, params);
      const { store, changes, ending } = service.runs;
      const both = AbortSignal.any([signal, ending]);
      await sendEvents(response, run.id, request.get('last-event-id') ?? null, { store, changes, now, signal: both });
      return undefined;
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/automations/runs/:id/cancel',
      tag: TAG,
      summary: 'Cancels a run; what it has changed stays',
      role: 'planner',
      answer: z.object({ cancelled: z.boolean() }),
    },
    async ({ user, params }) => {
      const { run, service } = await runOf(user, params);
      return { cancelled: await service.runs.cancel(run.id, user.login) };
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/automations/:name/run',
      tag: TAG,
      summary: 'Runs an automation now; a dry run changes nothing and says what it would change',
      role: 'planner',
      body: z.strictObject({ dryRun: z.boolean().default(false) }),
      answer: Asked,
      status: 202,
    },
    async ({ user, params, body: { dryRun } }) => {
      const { service, odoo, query } = await require(user);
      const wish = { dryRun, who: user.login, trigger: triggerOf(user) };
      const { run, outcome, message } = await service.request(params.name ?? '', wish);
      return { run: (await automationRunById(query, odoo, run.id))!, outcome, message };
    },
  );

  api.route(
    {
      method: 'put',
      path: '/api/automations/:name',
      tag: TAG,
      summary: 'Switches the schedule of an automation on or off',
      role: 'administrator',
      body: z.strictObject({ enabled: z.boolean() }),
      answer: z.object({ name: z.string(), enabled: z.boolean(), nextAt: z.date().nullable() }),
    },
    async ({ user, params, body: { enabled } }) => {
      const { service } = await require(user);
      const { name, nextAt, enabled: now } = await service.switch(params.name ?? '', enabled, user.login);
      return { name, enabled: now, nextAt };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/automations/log',
      tag: TAG,
      summary: "The day's file: a section for each process that ended on the day, and the number of errors",
      role: 'viewer',
      query: z.strictObject({ database: z.string().optional(), day: z.string().max(10).describe('2026-11-21') }),
      contentType: 'text/plain',
    },
    async ({ user, query: { day }, response }) => {
      const { service } = await require(user);
      if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || parseStamp(`${day} 00:00:00`) === undefined) {
        throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `day: "${day}" is no day like 2026-11-21.`);
      }
      response.type('text/plain; charset=utf-8').send(await service.dayLog.text(day));
      return undefined;
    },
  );
}

function viewOf(automation: Automation, settings: AutomationSettings | null): z.output<typeof AutomationView> {
  const { name, title, seed, description, needs, schedule, missed } = automation;
  const configured = settings?.automations.get(name);
  return {
    name,
    title,
    seed,
    description,
    needs: [...needs],
    configured: configured !== undefined,
    enabled: false,
    schedule: configured?.words ?? schedule,
    cron: configured?.cron ?? null,
    zone: settings?.zone ?? null,
    missed,
    nextAt: null,
    changedBy: null,
    last: null,
    unfinished: null,
  };
}

function switchedOff(): PlanbridgeError {
  return new PlanbridgeError('PB_AUTOMATION_ENGINE', 409, 'Automations are not switched on here.', {
    remedy: 'Name a settings file in AUTOMATIONS_FILE; docs/automations.md shows one.',
  });
}

function triggerOf({ login, password }: ApiUser): Trigger {
  if (password !== null) return 'planner';
  return login === LOCAL_LOGIN ? 'command' : login === TOKEN_LOGIN ? 'api' : 'planner';
}
