// Figures of what stands in our own database: reads, the plan, runs, schedules and mails that go out. Every process that is asked
// tells the same. Asks nobody else, and a few short questions only.
import type { Metrics, Observation } from '../metrics.ts';
import { STEP_NAMES } from '../planner/runs/step.ts';
import type { Store } from './database.ts';

export interface FiguresOptions {
  metrics: Metrics;
  store: Pick<Store, 'query'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Figures that come of one question are asked for together. */
const TOGETHER_MS = 1_000;
const DAY_MS = 86_400_000;

export function addFigures({ metrics, store, now }: FiguresOptions): void {
  const { observe } = metrics;
  const age = (at: Date | null) => (at === null ? null : Math.max(0, (now() - at.getTime()) / 1_000));

  const reads = together(now, () =>
    store.query<ReadRow>(
      `select m.company, s.source, s.counts, s.read_at as "readAt", s.full_at as "fullAt",
         (select coalesce(sum((r ->> 'count')::float8), 0) from jsonb_array_elements(s.report) r
          where r ->> 'kind' = 'skipped') as skipped
       from planbridge.model_source s join planbridge.model m on m.id = s.model where s.version > 0 order by m.id, s.source`,
    ),
  );
  const ofReads = (value: (row: ReadRow) => number | null) => async () =>
    (await reads()).flatMap((row) => measured(labelsOf(row), value(row)));
  const source = ['company', 'source'];
  observe(
    'read_age_seconds',
    'Age of the last read of Odoo',
    source,
    ofReads(({ readAt }) => age(readAt)),
  );
  observe(
    'read_full_age_seconds',
    'Age of the last whole read',
    source,
    ofReads(({ fullAt }) => age(fullAt)),
  );
  observe(
    'read_skipped',
    'Records that the last read left out',
    source,
    ofReads(({ skipped }) => skipped),
  );
  observe(
    'read_records',
    'What the last read brought, by kind and by what became of it',
    [...source, 'what'],
    async () =>
      (await reads()).flatMap((row) =>
        Object.entries(row.counts).flatMap(([what, value]) => measured({ ...labelsOf(row), what }, value)),
      ),
  );

  const plans = together(now, () =>
    store.query<{ company: string; summary: Record<string, number>; completedAt: Date | null }>(
      `select company, summary, completed_at as "completedAt" from planbridge.plan where state = 'current' order by id`,
    ),
  );
  observe('plan_age_seconds', 'Age of the plan that counts', ['company'], async () =>
    (await plans()).flatMap(({ company, completedAt }) => measured({ company }, age(completedAt))),
  );
  observe('plan_summary', 'Figures of the plan that counts', ['company', 'what'], async () =>
    (await plans()).flatMap(({ company, summary }) =>
      Object.entries(summary).flatMap(([what, value]) => measured({ company, what }, value)),
    ),
  );

  const unfinished = together(now, () =>
    store.query<{ state: string; count: number; oldest: Date }>(
      `select state, count(*)::integer as count, min(requested_at) as oldest from planbridge.run
       where queue = 'runs' and state in ('waiting', 'queued', 'running') group by state order by state`,
    ),
  );
  observe('runs_unfinished', 'Runs that wait for another run, are queued, or run', ['state'], async () => {
    const rows = await unfinished();
    return ['waiting', 'queued', 'running'].map((state) => ({
      labels: { state },
      value: rows.find((row) => row.state === state)?.count ?? 0,
    }));
  });
  observe('run_oldest_unfinished_seconds', 'Age of the oldest run that has not ended', [], async () => {
    const ages = (await unfinished()).map(({ oldest }) => age(oldest) ?? 0);
    return [{ value: Math.max(0, ...ages) }];
  });
  observe('runs_ended_day', 'Runs that ended within a day', ['state'], async () => {
    const rows = await store.query<{ state: string; count: number }>(
      'select state, count(*)::integer as count from planbridge.run where queue = $2 and finished_at > $1 group by state',
      [new Date(now() - DAY_MS), 'runs'],
    );
    return ['done', 'failed', 'cancelled'].map((state) => ({
      labels: { state },
      value: rows.find((row) => row.state === state)?.count ?? 0,
    }));
  });

  const steps = together(now, () =>
    store.query<{ step: string; seconds: number | null; skipped: number; at: Date | null }>(
      `select n.step, s.at, s.skipped, s.seconds from unnest($1::text[]) as n (step) cross join lateral (
         select finished_at as at, extract(epoch from finished_at - started_at)::float8 as seconds,
           (select coalesce(sum((r ->> 'count')::float8), 0) from jsonb_array_elements(report) r
            where r ->> 'kind' = 'skipped') as skipped
         from planbridge.run_step where name = n.step and state = 'done' order by run_id desc limit 1) s`,
      [STEP_NAMES],
    ),
  );
  observe('run_step_seconds', 'How long a step took when it was last done', ['step'], async () =>
    (await steps()).flatMap(({ step, seconds }) => measured({ step }, seconds)),
  );
  observe('run_step_done_age_seconds', 'Seconds since a step was last done', ['step'], async () =>
    (await steps()).flatMap(({ step, at }) => measured({ step }, age(at))),
  );
  observe('run_step_skipped', 'What a step left out when it was last done', ['step'], async () =>
    (await steps()).flatMap(({ step, skipped }) => measured({ step }, skipped)),
  );
  observe('schedule_late_seconds', 'By how much the schedule that waits the longest is late', [], async () => {
    const [row] = await store.query<{ at: Date | null }>(
      'select min(next_at) as at from planbridge.schedule where enabled',
    );
    return [{ value: age(row?.at ?? null) ?? 0 }];
  });

  const outbox = together(now, () =>
    store.query<{ state: string; count: number; oldest: Date }>(
      `select state, count(*)::integer as count, min(created_at) as oldest from planbridge.mail_outbound
       where state in ('queued', 'sending', 'dead') group by state`,
    ),
  );
  observe('mail_outbox', 'Mails that wait to be sent, or could not be', ['state'], async () => {
    const rows = await outbox();
    return ['queued', 'sending', 'dead'].map((state) => ({
      labels: { state },
      value: rows.find((row) => row.state === state)?.count ?? 0,
    }));
  });
  observe('mail_outbox_oldest_seconds', 'Age of the oldest mail that waits to be sent', [], async () => {
    const ages = (await outbox()).filter(({ state }) => state !== 'dead').map(({ oldest }) => age(oldest) ?? 0);
    return [{ value: Math.max(0, ...ages) }];
  });
  const people = together(now, () =>
    store.query<{ count: number; oldest: Date | null }>(
      `select count(*)::integer as count, min(waits_since) as oldest from planbridge.mail_conversation
       where waits_for is not null`,
    ),
  );
  observe('mail_waits_for_person', 'Orders by mail that wait for a person', [], async () =>
    (await people()).map(({ count }) => ({ value: count })),
  );
  observe('mail_waits_for_person_oldest_seconds', 'How long the first of them has waited', [], async () =>
    (await people()).map(({ oldest }) => ({ value: age(oldest) ?? 0 })),
  );
}

interface ReadRow {
  company: string;
  source: number;
  counts: Record<string, number>;
  readAt: Date | null;
  fullAt: Date | null;
  skipped: number;
}

function labelsOf({ company, source }: ReadRow): { company: string; source: string } {
  return { company, source: `odoo_${source}` };
}

function measured(labels: Record<string, string>, value: number | null): Observation[] {
  return typeof value === 'number' && Number.isFinite(value) ? [{ labels, value }] : [];
}

function together<T>(now: () => number, ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  let at = 0;
  return () => {
    if (asked === null || now() - at > TOGETHER_MS) {
      asked = ask();
      at = now();
    }
    return asked;
  };
}
