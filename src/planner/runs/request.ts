// Asking for a run, and letting runs go: of one scope, no two that share a step are with the workers at a time, in the order in
// which they were asked for. All of it in one transaction each, so that a run that may go always has its job.
import { PlanbridgeError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { english, list, type Sentence, sentence } from '../output/sentence.ts';
import type { RunQueue } from './queue.ts';
import { addLines, findRun, type RunRow, sameness, unfinishedRuns } from './rows.ts';
import type { RunParameters, RunScope, Trigger, WhenRunning } from './run.ts';
import type { StepName } from './step.ts';

export interface RunRequest {
  scope: RunScope;
  steps: readonly StepName[];
  parameters: RunParameters;
  trigger: Trigger;
  who: string;
  whenRunning: WhenRunning;
  /** The same key is the same run, whenever it is asked for again. */
  requestKey?: string | null;
  schedule?: number | null;
}

export interface RunAnswer {
  run: RunRow;
  /** `repeated`: this very request was made before. */
  outcome: 'started' | 'joined' | 'waiting' | 'repeated';
  /** For a person; and to be said in other languages. */
  message: string;
  sentence: Sentence;
}

/** Unfinished runs of one scope; more are refused. */
const MOST_UNFINISHED = 50;

/** One at a time decides about the runs of a scope; to be called first in a transaction. */
export async function lockScope(query: Query, { odoo, company }: RunScope): Promise<void> {
  await query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [`runs ${odoo} ${company}`]);
}

/**
 * In a transaction of the caller's, who wakes the queue after it.
 * @throws PlanbridgeError PB_RUN_BUSY when one runs and that is to be refused, or when too many wait
 */
export async function requestRun(query: Query, queue: RunQueue, request: RunRequest, now: number): Promise<RunAnswer> {
  const { scope, steps, parameters, whenRunning, requestKey = null } = request;
  await lockScope(query, scope);
  if (requestKey !== null) {
    const before = await byRequestKey(query, requestKey);
    if (before) {
      return answer(before, 'repeated', sentence('This is run {id}, asked for before.', { id: String(before.id) }));
    }
  }
  const unfinished = await unfinishedRuns(query, scope);
  const inTheWay = unfinished.filter((run) => run.steps.some((step) => steps.includes(step)));
  if (inTheWay.length > 0 && whenRunning === 'refuse') throw busy(inTheWay);
  if (whenRunning === 'join') {
    const wanted = sameness(steps, parameters);
    const same = inTheWay.find((run) => run.cancelBy === null && sameness(run.steps, run.parameters) === wanted);
    if (same) {
      const line = `${request.who} joined this run (${request.trigger})`;
      await addLines(query, same.id, [{ at: now, step: '', level: 'info', message: line }]);
      const said = sentence('Joined run {id} of {who}, which is unfinished.', { id: String(same.id), who: same.who });
      return answer(same, 'joined', said);
    }
  }
  if (unfinished.length >= MOST_UNFINISHED) {
    throw new PlanbridgeError('PB_RUN_BUSY', 503, `${unfinished.length} runs are unfinished; no more are taken.`, {
      remedy: 'Wait for them, or cancel some.',
      retryAfterSeconds: 60,
    });
  }
  const id = await insert(query, queue, request, now);
  await letGo(query, queue, scope);
  const run = (await findRun(query, id))!;
  if (run.state !== 'waiting')
    return answer(run, 'started', sentence('Run {id} is with the workers.', { id: String(id) }));
  const others = inTheWay.map((other) =>
    sentence('run {id} ({steps})', { id: String(other.id), steps: other.steps.join(',') }),
  );
  const runs = list(others, others.length);
  return answer(run, 'waiting', sentence('Run {id} waits for {runs}.', { id: String(id), runs }));
}

function answer(run: RunRow, outcome: RunAnswer['outcome'], said: Sentence): RunAnswer {
  return { run, outcome, message: english(said, 0), sentence: said };
}

async function byRequestKey(query: Query, key: string): Promise<RunRow | null> {
  const [row] = await query<{ id: number }>('select id::float8 as id from planbridge.run where request_key = $1', [
    key,
  ]);
  return row ? await findRun(query, row.id) : null;
}

async function insert(query: Query, queue: RunQueue, request: RunRequest, now: number): Promise<number> {
  const { scope, steps, parameters, trigger, who, requestKey = null, schedule = null } = request;
  const [row] = await query<{ id: number }>(
    `insert into planbridge.run (odoo, company, steps, parameters, trigger, who, request_key, schedule_id, state, requested_at, queue)
     values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, 'waiting', $9, $10) returning id::float8 as id`,
    [
      scope.odoo,
      scope.company,
      steps,
      JSON.stringify(parameters),
      trigger,
      who,
      requestKey,
      schedule,
      new Date(now),
      queue.name,
    ],
  );
  await query(
    `insert into planbridge.run_step (run_id, position, name)
     select $1, s.position - 1, s.name from unnest($2::text[]) with ordinality as s (name, position)`,
    [row!.id, steps],
  );
  return row!.id;
}

/** Gives the workers each waiting run that nothing older is in the way of. The scope is locked. */
export async function letGo(query: Query, queue: RunQueue, scope: RunScope): Promise<void> {
  const taken = new Set<StepName>();
  for (const run of await unfinishedRuns(query, scope)) {
    if (run.state === 'waiting' && !run.steps.some((step) => taken.has(step))) {
      const job = await queue.send(query, run.id);
      await query(`update planbridge.run set state = 'queued', job_id = $2 where id = $1`, [run.id, job]);
    }
    for (const step of run.steps) taken.add(step);
  }
}

function busy(inTheWay: readonly RunRow[]): PlanbridgeError {
  const [first] = inTheWay;
  const text = `Run ${first!.id} (${first!.steps.join(',')}) of ${first!.who} is unfinished.`;
  return new PlanbridgeError('PB_RUN_BUSY', 409, text, {
    remedy: 'Wait for it or cancel it; or ask with whenRunning "join" or "wait".',
  });
}
