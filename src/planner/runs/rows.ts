// Runs as they are kept: reading them, their steps and their log. Changes are in request.ts, lease.ts and finish.ts.
import { createHash } from 'node:crypto';
import type { Query } from '../../store/database.ts';
import type { Registry } from './registry.ts';
import type { LogLine, RunError, RunParameters, RunScope, RunState, RunView, StepView, Trigger } from './run.ts';
import { isFinished } from './run.ts';
import type { StepName } from './step.ts';

export interface RunRow {
  id: number;
  odoo: string;
  company: string;
  steps: StepName[];
  parameters: RunParameters;
  trigger: Trigger;
  who: string;
  scheduleId: number | null;
  state: RunState;
  step: number;
  part: number;
  what: string;
  attempt: number;
  worker: string;
  jobId: string | null;
  beatAt: Date | null;
  cancelBy: string | null;
  error: RunError | null;
  requestedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  waitsFor: number[];
}

const UNFINISHED_SQL = `('waiting', 'queued', 'running')`;

export const RUN_COLUMNS = `r.id::float8 as id, r.odoo, r.company, r.steps, r.parameters, r.trigger, r.who,
  r.schedule_id::float8 as "scheduleId", r.state, r.step, r.part, r.what, r.attempt, r.worker, r.job_id as "jobId",
  r.beat_at as "beatAt", r.cancel_by as "cancelBy", r.error, r.requested_at as "requestedAt", r.started_at as "startedAt",
  r.finished_at as "finishedAt", case when r.state = 'waiting' then array(select o.id::float8 from planbridge.run o
    where o.odoo = r.odoo and o.company = r.company and o.state in ${UNFINISHED_SQL} and o.id < r.id and o.steps && r.steps
    order by o.id) else '{}' end as "waitsFor"`;

export async function findRun(query: Query, id: number): Promise<RunRow | null> {
  const [row] = await query<RunRow>(`select ${RUN_COLUMNS} from planbridge.run r where r.id = $1`, [id]);
  return row ?? null;
}

/** Oldest first. */
export async function unfinishedRuns(query: Query, { odoo, company }: RunScope): Promise<RunRow[]> {
  const sql = `select ${RUN_COLUMNS} from planbridge.run r
    where r.odoo = $1 and r.company = $2 and r.state in ${UNFINISHED_SQL} order by r.id`;
  return await query<RunRow>(sql, [odoo, company]);
}

export interface RunFilter {
  state?: readonly RunState[];
  step?: StepName;
  trigger?: Trigger;
  who?: string;
  schedule?: number;
  /** Go on behind this run. */
  before?: number;
  limit: number;
}

/** Newest first. */
export async function listRuns(query: Query, odoo: string, filter: RunFilter): Promise<RunRow[]> {
  const { state = null, step = null, trigger = null, who = null, schedule = null, before = null, limit } = filter;
  const sql = `select ${RUN_COLUMNS} from planbridge.run r where r.odoo = $1
    and ($2::text[] is null or r.state = any($2)) and ($3::text is null or $3 = any(r.steps))
    and ($4::text is null or r.trigger = $4) and ($5::text is null or r.who = $5)
    and ($6::bigint is null or r.schedule_id = $6) and ($7::bigint is null or r.id < $7)
    order by r.id desc limit $8`;
  return await query<RunRow>(sql, [odoo, state, step, trigger, who, schedule, before, limit]);
}

export async function stepsOf(query: Query, runId: number, registry: Registry): Promise<StepView[]> {
  const rows = await query<Omit<StepView, 'title'>>(
    `select name, state, tries, counts, report, started_at as "startedAt", finished_at as "finishedAt"
     from planbridge.run_step where run_id = $1 order by position`,
    [runId],
  );
  return rows.map((row) => ({ ...row, title: registry.find(row.name)?.title ?? row.name }));
}

/** Lines behind `after`, oldest first. */
export async function logOf(query: Query, runId: number, after: number, limit: number): Promise<LogLine[]> {
  const sql = `select id::float8 as id, at, step, level, message from planbridge.run_log
    where run_id = $1 and id > $2 order by id limit $3`;
  return await query<LogLine>(sql, [runId, after, limit]);
}

export function viewOf(row: RunRow, now: number): RunView {
  const ended = isFinished(row.state);
  const whole = row.state === 'done' ? 1 : (row.step + row.part) / row.steps.length;
  const until = row.finishedAt?.getTime() ?? now;
  return {
    id: row.id,
    kind: row.steps.join(','),
    company: row.company,
    state: row.state,
    trigger: row.trigger,
    who: row.who,
    parameters: row.parameters as RunView['parameters'],
    percent: Math.round(Math.min(1, whole) * 1000) / 10,
    step: ended ? null : (row.steps[row.step] ?? null),
    what: ended ? '' : row.what,
    waitsFor: row.waitsFor,
    cancelBy: row.cancelBy,
    error: row.error,
    schedule: row.scheduleId,
    requestedAt: row.requestedAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    durationSeconds: row.startedAt ? Math.max(0, until - row.startedAt.getTime()) / 1000 : null,
  };
}

export interface NewLine {
  at: number;
  step: string;
  level: LogLine['level'];
  message: string;
}

const LINE_LENGTH = 4_000;

export async function addLines(query: Query, runId: number, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map(({ at, step, level, message }) => ({
    at: new Date(at).toISOString(),
    step,
    level,
    message: message.slice(0, LINE_LENGTH),
  }));
  await query(
    `insert into planbridge.run_log (run_id, at, step, level, message)
     select $1, l.at, l.step, l.level, l.message
     from jsonb_to_recordset($2::jsonb) as l (at timestamptz, step text, level text, message text)`,
    [runId, JSON.stringify(rows)],
  );
}

/** Requests for the same with the same parameters have the same. */
export function sameness(steps: readonly string[], parameters: RunParameters): string {
  const sorted = JSON.stringify([steps, parameters], (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}
