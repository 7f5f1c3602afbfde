// Runs of automations as the store has them, for the API, the day's file and the figures.
import { z } from 'zod';
import { RUN_COLUMNS, type RunRow } from '../../planner/runs/rows.ts';
import { isFinished, type LogLine, RUN_STATES, RunError, TRIGGERS } from '../../planner/runs/run.ts';
import type { Query } from '../../store/database.ts';

export const AutomationRun = z.object({
  id: z.number(),
  automation: z.string(),
  state: z.enum(RUN_STATES),
  dryRun: z.boolean(),
  trigger: z.enum(TRIGGERS),
  who: z.string(),
  /** 0 to 100. */
  percent: z.number(),
  what: z.string(),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  durationSeconds: z.number().nullable(),
  /** In a dry run: what it would change. */
  changes: z.number(),
  errors: z.number(),
  /** Figures of its result. */
  counts: z.record(z.string(), z.number()),
  error: RunError.nullable(),
});
export type AutomationRun = z.infer<typeof AutomationRun>;

export const AutomationChange = z.object({
  id: z.number(),
  state: z.enum(['begun', 'done', 'failed', 'dry', 'unclear']),
  subject: z.string(),
  description: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  error: z.string().nullable(),
  at: z.date(),
});
export type AutomationChange = z.infer<typeof AutomationChange>;

interface Row extends RunRow {
  counts: Record<string, number> | null;
  changes: number;
  errors: number;
}

const COLUMNS = `${RUN_COLUMNS}, s.counts,
  (select count(*)::integer from planbridge.automation_effect e where e.run_id = r.id and e.state in ('done', 'dry')) as changes,
  (select count(*)::integer from planbridge.run_log l where l.run_id = r.id and l.level = 'error') as errors`;
const FROM = `planbridge.run r join planbridge.run_step s on s.run_id = r.id and s.position = 0`;

export interface RunQuestion {
  automation?: string;
  before?: number;
  limit: number;
}

/** Newest first. */
export async function automationRuns(query: Query, odoo: string, question: RunQuestion): Promise<AutomationRun[]> {
  const { automation = null, before = null, limit } = question;
  const rows = await query<Row>(
    `select ${COLUMNS} from ${FROM} where r.odoo = $1 and ($2::text is null or r.steps[1] = $2)
       and ($3::bigint is null or r.id < $3) order by r.id desc limit $4`,
    [odoo, automation, before, limit],
  );
  return rows.map(automationRun);
}

export async function automationRunById(query: Query, odoo: string, id: number): Promise<AutomationRun | null> {
  const [row] = await query<Row>(`select ${COLUMNS} from ${FROM} where r.odoo = $1 and r.id = $2`, [odoo, id]);
  return row ? automationRun(row) : null;
}

/** The last run of each that is no dry run, and one that is unfinished, whatever it is. */
export async function lastRuns(query: Query, odoo: string, names: readonly string[]): Promise<AutomationRun[]> {
  const one = (condition: string) =>
    `select ${COLUMNS} from unnest($2::text[]) n (name) cross join lateral (
       select id from planbridge.run where odoo = $1 and queue = 'automations' and steps[1] = n.name and ${condition}
       order by id desc limit 1) last join ${FROM} on r.id = last.id`;
  const real = `not coalesce((parameters -> n.name ->> 'dryRun')::boolean, false)`;
  const rows = await query<Row>(
    `${one(`state in ('done', 'failed', 'cancelled') and ${real}`)}
     union all ${one(`state in ('waiting', 'queued', 'running')`)}`,
    [odoo, names],
  );
  return rows.map(automationRun);
}

/** Of a stretch of time, in the order in which they began; without dry runs. */
export async function endedBetween(query: Query, odoo: string, from: Date, until: Date): Promise<AutomationRun[]> {
  const rows = await query<Row>(
    `select ${COLUMNS} from ${FROM} where r.odoo = $1 and r.finished_at >= $2 and r.finished_at < $3
     order by coalesce(r.started_at, r.finished_at), r.id`,
    [odoo, from, until],
  );
  return rows.map(automationRun).filter(({ dryRun }) => !dryRun);
}

/** Oldest first, behind `after`. */
export async function changesOf(
  query: Query,
  runId: number,
  after: number,
  limit: number,
): Promise<AutomationChange[]> {
  return await query<AutomationChange>(
    `select id::float8 as id, state, subject, description, before, after, error, begun_at as at
     from planbridge.automation_effect where run_id = $1 and id > $2 order by id limit $3`,
    [runId, after, limit],
  );
}

export interface DayLine {
  runId: number;
  at: Date;
  level: z.infer<typeof LogLine>['level'];
  message: string;
}

/** What was said and done in these runs, oldest first. */
export async function linesOf(query: Query, runIds: readonly number[], limit: number): Promise<DayLine[]> {
  return await query<DayLine>(
    `select * from (
       select run_id::float8 as "runId", at, level, message from planbridge.run_log where run_id = any($1::bigint[])
       union all
       select run_id::float8, begun_at, 'info', subject || ': ' || description from planbridge.automation_effect
       where run_id = any($1::bigint[]) and state = 'done') l
     order by "runId", at limit $2`,
    [runIds, limit],
  );
}

function automationRun(row: Row): AutomationRun {
  const name = row.steps[0]!;
  const { errors = 0, ...counts } = row.counts ?? {};
  const ended = isFinished(row.state);
  return {
    id: row.id,
    automation: name,
    state: row.state,
    dryRun: (row.parameters[name] as { dryRun?: boolean } | undefined)?.dryRun === true,
    trigger: row.trigger,
    who: row.who,
    percent: ended ? 100 : Math.round(row.part * 1_000) / 10,
    what: ended ? '' : row.what,
    requestedAt: row.requestedAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    durationSeconds:
      row.startedAt && row.finishedAt ? (row.finishedAt.getTime() - row.startedAt.getTime()) / 1_000 : null,
    changes: row.changes,
    errors: Math.max(errors, row.errors),
    counts,
    error: row.error,
  };
}
