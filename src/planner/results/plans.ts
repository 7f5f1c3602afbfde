// Which plan counts. A new one is begun, written, and made the current one in a single update; of those before the last one, only
// the summary is kept.
import type { Query, Store } from '../../store/database.ts';
import { PLAN_TABLES } from './rows.ts';

export interface PlanScope {
  odoo: string;
  /** Empty = the user's own. */
  company: string;
}

export interface PlanRow {
  id: number;
  state: 'writing' | 'current' | 'past' | 'abandoned';
  stored: boolean;
  runId: number | null;
  who: string;
  arguments: Record<string, unknown>;
  planTime: number;
  summary: Record<string, number>;
  begunAt: Date;
  completedAt: Date | null;
}

const COLUMNS = `id::float8 as id, state, stored, run_id::float8 as "runId", who, arguments, plan_time::float8 as "planTime",
  summary, begun_at as "begunAt", completed_at as "completedAt"`;

export interface NewPlan {
  scope: PlanScope;
  runKey: string;
  runId: number | null;
  who: string;
  args: object;
}

/**
 * Begins a plan. What was begun and not completed is abandoned, and will not become current any more: one step plans at a time.
 * @returns the plan, or the one that this step has completed already
 */
export async function beginPlan(
  store: Store,
  { scope, runKey, runId, who, args }: NewPlan,
  now: number,
): Promise<{ id: number; done: PlanRow | null }> {
  return await store.transaction(async (query) => {
    const [done] = await query<PlanRow>(
      `select ${COLUMNS} from planbridge.plan
       where odoo = $1 and company = $2 and run_key = $3 and state in ('current', 'past')`,
      [scope.odoo, scope.company, runKey],
    );
    if (done) return { id: done.id, done };
    await query(
      `update planbridge.plan set state = 'abandoned' where odoo = $1 and company = $2 and state = 'writing'`,
      [scope.odoo, scope.company],
    );
    const [made] = await query<{ id: number }>(
      `insert into planbridge.plan (odoo, company, run_key, run_id, who, state, arguments, begun_at)
       values ($1, $2, $3, $4, $5, 'writing', $6::jsonb, $7) returning id::float8 as id`,
      [scope.odoo, scope.company, runKey, runId, who, JSON.stringify(args), new Date(now)],
    );
    return { id: made!.id, done: null };
  });
}

/** @returns false when another try of the same step has taken over meanwhile */
export async function completePlan(
  store: Store,
  scope: PlanScope,
  id: number,
  { planTime, summary }: { planTime: number; summary: object },
  now: number,
): Promise<boolean> {
  return await store.transaction(async (query) => {
    const writing = `select id from planbridge.plan where id = $1 and state = 'writing' for update`;
    if ((await query(writing, [id])).length === 0) return false;
    await query(`update planbridge.plan set state = 'past' where odoo = $1 and company = $2 and state = 'current'`, [
      scope.odoo,
      scope.company,
    ]);
    await query(
      `update planbridge.plan set state = 'current', plan_time = $2, summary = $3::jsonb, completed_at = $4 where id = $1`,
      [id, planTime, JSON.stringify(summary), new Date(now)],
    );
    return true;
  });
}

export async function abandonPlan(store: Store, id: number): Promise<void> {
  await store.query(`update planbridge.plan set state = 'abandoned' where id = $1 and state = 'writing'`, [id]);
}

/** Rows at a time, so that others get their turn. */
const CLEARED_AT_ONCE = 10_000;

/** Removes the rows of plans that nobody reads any more: all but the current one and the one before. */
export async function clearPlans(store: Store, { odoo, company }: PlanScope, signal?: AbortSignal): Promise<void> {
  const old = await store.query<{ id: number }>(
    `select id::float8 as id from planbridge.plan p where odoo = $1 and company = $2 and stored
       and state in ('past', 'abandoned') and id not in (select id from planbridge.plan
         where odoo = $1 and company = $2 and state = 'past' order by id desc limit 1)`,
    [odoo, company],
  );
  for (const { id } of old) {
    for (const table of PLAN_TABLES) {
      for (let gone = CLEARED_AT_ONCE; gone === CLEARED_AT_ONCE; ) {
        signal?.throwIfAborted();
        const [row] = await store.query<{ count: number }>(
          `with gone as (delete from planbridge.${table} t using
             (select ctid from planbridge.${table} where plan_id = $1 limit ${CLEARED_AT_ONCE}) x
             where t.ctid = x.ctid returning 1) select count(*)::integer as count from gone`,
          [id],
        );
        gone = row!.count;
      }
    }
    await store.query('update planbridge.plan set stored = false where id = $1', [id]);
    await store.query(`delete from planbridge.plan where id = $1 and state = 'abandoned'`, [id]);
  }
}

export async function currentPlan(query: Query, { odoo, company }: PlanScope): Promise<PlanRow | null> {
  const sql = `select ${COLUMNS} from planbridge.plan where odoo = $1 and company = $2 and state = 'current'`;
  const [row] = await query<PlanRow>(sql, [odoo, company]);
  return row ?? null;
}

/** Newest first. */
export async function planHistory(query: Query, { odoo, company }: PlanScope, limit: number): Promise<PlanRow[]> {
  const sql = `select ${COLUMNS} from planbridge.plan where odoo = $1 and company = $2 and state in ('current', 'past')
    order by id desc limit $3`;
  return await query<PlanRow>(sql, [odoo, company, limit]);
}
