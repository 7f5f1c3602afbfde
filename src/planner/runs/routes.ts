// The API of runs: ask for one, look at them, follow one, cancel it.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import type { Api } from '../../http/api.ts';
import { type ApiUser, idOf, notFound } from '../../http/api.ts';
import { LOCAL_LOGIN, TOKEN_LOGIN } from '../../http/users.ts';
import type { Sentence } from '../output/sentence.ts';
import { sendEvents } from './events.ts';
import { findRun, listRuns, logOf, type RunRow, stepsOf, viewOf } from './rows.ts';
import { LogLine, RUN_STATES, RunView, StepView, TRIGGERS, type Trigger, WHEN_RUNNING } from './run.ts';
import type { Runs } from './service.ts';
import { STEP_NAMES } from './step.ts';

export interface RunRoutesOptions {
  api: Api;
  runs: Runs;
  /** Name under which runs of a database are kept. */
  odooOf(database: string): string;
  now: () => number;
}

const TAG = 'Runs';

const RunInput = z.strictObject({
  steps: z.union([z.string().max(200), z.array(z.string().max(60)).max(20)]).describe('odoo_read_1,plan or its parts'),
  parameters: z.record(z.string(), z.record(z.string(), z.unknown())).default({}).describe('by name of the step'),
  whenRunning: z
    .enum(WHEN_RUNNING)
    .default('join')
    .describe('join: an unfinished run with the same steps and parameters is answered; wait: behind it; refuse: 409'),
});
const RunAnswer = z.object({
  run: RunView,
  outcome: z.enum(['started', 'joined', 'waiting', 'repeated']),
  message: z.string(),
  sentence: z.custom<Sentence>().describe('the message, for other languages than English'),
});
const RunDetail = z.object({ run: RunView, steps: z.array(StepView), log: z.array(LogLine) });

const List = z.strictObject({
  database: z.string().optional(),
  state: z
    .string()
    .optional()
    .describe(`one or more of ${RUN_STATES.join(', ')}, separated by commas`),
  step: z.enum(STEP_NAMES).optional(),
  trigger: z.enum(TRIGGERS).optional(),
  who: z.string().max(200).optional(),
  schedule: z.coerce.number().int().optional(),
  before: z.coerce.number().int().optional().describe('runs older than this one'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const LogQuery = z.strictObject({
  database: z.string().optional(),
  after: z.coerce.number().int().min(0).default(0).describe('id of the last line that is known'),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});

/** Lines that come with a run; more are at …/log. */
const LINES_SHOWN = 1_000;

export function addRunRoutes({ api, runs, odooOf, now }: RunRoutesOptions): void {
  const { store, registry } = runs;

  /** @throws PlanbridgeError PB_REQUEST_ARGUMENT (404), for runs of other databases too */
  async function runOf(params: Readonly<Record<string, string>>, user: ApiUser): Promise<RunRow> {
    const run = await findRun(store.query, idOf(params, 'run'));
    if (run === null || run.odoo !== odooOf(user.database)) throw notFound('run');
    return run;
  }

  api.route(
    {
      method: 'get',
      path: '/api/steps',
      tag: TAG,
      summary: 'The steps that runs are made of, with the schema of their parameters',
      role: 'viewer',
      answer: z.object({
        steps: z.array(
          z.object({ name: z.string(), title: z.string(), parameters: z.record(z.string(), z.unknown()) }),
        ),
      }),
    },
    () => ({
      steps: registry.steps.map(({ name, title, parameters }) => ({
        name,
        title,
        parameters: z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }),
      })),
    }),
  );

  api.route(
    {
      method: 'post',
      path: '/api/runs',
      tag: TAG,
      summary: 'Begins a run; with a header Idempotency-Key the same request sent twice is one run',
      role: 'planner',
      headers: { 'Idempotency-Key': 'the same key is the same run, however often it is sent' },
      body: RunInput,
      answer: RunAnswer,
      status: 202,
    },
    async ({ user, body, request }) => {
      await requireOwnDatabase(user);
      const steps = registry.chain(body.steps);
      const parameters = registry.parameters(steps, body.parameters);
      const { login } = user;
      const key = request.get('idempotency-key')?.slice(0, 200);
      const { run, ...rest } = await runs.request({
        steps,
        parameters,
        trigger: triggerOf(user),
        who: login,
        whenRunning: body.whenRunning,
        requestKey: key ? `${login} ${key}` : null,
      });
      return { run: viewOf(run, now()), ...rest };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/runs',
      tag: TAG,
      summary: 'Runs, newest first; `next` is the `before` of the page behind',
      role: 'viewer',
      query: List,
      answer: z.object({ runs: z.array(RunView), next: z.number().nullable() }),
    },
    async ({ user, query }) => {
      const { state, limit, database: _, ...rest } = query;
      const rows = await listRuns(store.query, odooOf(user.database), { ...rest, state: statesOf(state), limit });
      return { runs: rows.map((row) => viewOf(row, now())), next: rows.length === limit ? rows.at(-1)!.id : null };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/runs/:id',
      tag: TAG,
      summary: `One run with its steps, what they left out, and the first ${LINES_SHOWN} lines of its log`,
      role: 'viewer',
      answer: RunDetail,
    },
    async ({ user, params }) => {
      const run = await runOf(params, user);
      const steps = await stepsOf(store.query, run.id, registry);
      return { run: viewOf(run, now()), steps, log: await logOf(store.query, run.id, 0, LINES_SHOWN) };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/runs/:id/log',
      tag: TAG,
      summary: 'Lines of a run’s log',
      role: 'viewer',
      query: LogQuery,
      answer: z.object({ log: z.array(LogLine) }),
    },
    async ({ user, params, query }) => {
      const run = await runOf(params, user);
      return { log: await logOf(store.query, run.id, query.after, query.limit) };
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/runs/:id/cancel',
      tag: TAG,
      summary: 'Cancels a run: at once when it waits, within a moment when it is at work',
      role: 'planner',
      answer: z.object({ run: RunView, cancelled: z.boolean() }),
    },
    async ({ user, params }) => {
      const { id } = await runOf(params, user);
      const cancelled = await runs.cancel(id, user.login);
      return { run: viewOf((await findRun(store.query, id))!, now()), cancelled };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/runs/:id/events',
      tag: TAG,
      summary:
        'Server-sent events: `progress` (a run), `log` (a line), `end` (the run); Last-Event-ID goes on behind a line',
      role: 'viewer',
      headers: { 'Last-Event-ID': 'id of the last line that is known' },
      contentType: 'text/event-stream',
    },
    async ({ user, params, request, response, signal }) => {
      const run = await runOf(params, user);
      const query = new URLSearchParams(request.originalUrl.split(/\?(.*)/s)[1] ?? '');
      const last = request.get('last-event-id') ?? query.get('lastEventId');
      const both = AbortSignal.any([signal, runs.ending]);
      await sendEvents(response, run.id, last, { store, changes: runs.changes, now, signal: both });
      return undefined;
    },
  );

  /** Runs work on one database of Odoo. */
  async function requireOwnDatabase(user: ApiUser): Promise<void> {
    const { odoo } = await runs.scope();
    if (odoo === odooOf(user.database)) return;
    throw new PlanbridgeError('PB_ODOO_DATABASE', 404, `Runs do not work on the database ${user.database}.`, {
      remedy: 'They work on ODOO_DATABASE.',
    });
  }
}

function triggerOf({ login, password }: ApiUser): Trigger {
  if (password !== null) return 'planner';
  return login === LOCAL_LOGIN ? 'command' : login === TOKEN_LOGIN ? 'api' : 'planner';
}

function statesOf(text: string | undefined): (typeof RUN_STATES)[number][] | undefined {
  if (text === undefined) return undefined;
  const parsed = z.array(z.enum(RUN_STATES)).safeParse(text.split(','));
  if (parsed.success) return parsed.data;
  throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `state: "${text.slice(0, 60)}" is none of a run's states.`, {
    remedy: `They are ${RUN_STATES.join(', ')}.`,
  });
}
