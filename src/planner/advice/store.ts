// The list of recommendations that planners work on: published from a plan, with what was decided about each. A decision lasts as
// long as the recommendation comes again and again; what returns after an absence is open.
import type { Query, Store } from '../../store/database.ts';
import type { PlanScope } from '../results/plans.ts';

export const ADVICE_STATES = ['open', 'accepted', 'rejected', 'snoozed'] as const;
export type AdviceState = (typeof ADVICE_STATES)[number];

export interface AdviceRow {
  key: string;
  position: number;
  kind: string;
  urgency: string;
  item: string;
  location: string;
  supplier: string | null;
  value: number;
  state: AdviceState;
  snoozedUntil: Date | null;
  reason: string;
  who: string | null;
  decidedAt: Date | null;
  model: string | null;
  resId: number | null;
  /** Odoo's. */
  number: string | null;
  note: string;
  body: Record<string, unknown>;
}

/** A snooze that is over is none. */
const STATE = `case when a.state = 'snoozed' and a.snoozed_until <= $3 then 'open' else a.state end`;
const COLUMNS = `a.key, a.position, a.kind, a.urgency, a.item, a.location, a.supplier, a.value, ${STATE} as state,
  a.snoozed_until as "snoozedUntil", a.reason, a.who, a.decided_at as "decidedAt", a.model, a.res_id as "resId", a.number,
  a.note, a.body`;
const LISTED = `planbridge.advice a join planbridge.advice_list l
  on l.odoo = a.odoo and l.company = a.company and l.plan_id = a.plan_id where a.odoo = $1 and a.company = $2`;

/** Makes what a plan recommends the list. @returns how many, by state */
export async function publishAdvice(
  store: Store,
  { odoo, company }: PlanScope,
  planId: number,
  now: number,
): Promise<Record<string, number>> {
  return await store.transaction(async (query) => {
    await query(
      `insert into planbridge.advice_list (odoo, company, plan_id, published_at) values ($1, $2, 0, $3)
       on conflict (odoo, company) do nothing`,
      [odoo, company, new Date(now)],
    );
    const [before] = await query<{ plan: number }>(
      'select plan_id::float8 as plan from planbridge.advice_list where odoo = $1 and company = $2 for update',
      [odoo, company],
    );
    await query(
      `insert into planbridge.advice as a
         (odoo, company, key, plan_id, position, kind, urgency, item, location, supplier, value, decide_by, body)
       select distinct on (r.key) $1, $2, r.key, r.plan_id, r.seq, r.kind, r.urgency, r.item, r.location, r.supplier, r.value,
         r.decide_by, r.body
       from planbridge.plan_recommendation r where r.plan_id = $3 order by r.key, r.seq
       on conflict (odoo, company, key) do update set plan_id = excluded.plan_id, position = excluded.position,
         kind = excluded.kind, urgency = excluded.urgency, item = excluded.item, location = excluded.location,
         supplier = excluded.supplier, value = excluded.value, decide_by = excluded.decide_by, body = excluded.body,
         state = case when a.plan_id < $4 or (a.state = 'snoozed' and a.snoozed_until <= $5) then 'open' else a.state end,
         number = case when a.plan_id < $4 then null else a.number end,
         res_id = case when a.plan_id < $4 then null else a.res_id end,
         note = case when a.plan_id < $4 then '' else a.note end,
         reason = case when a.plan_id < $4 then '' else a.reason end`,
      [odoo, company, planId, before!.plan, new Date(now)],
    );
    await query('update planbridge.advice_list set plan_id = $3, published_at = $4 where odoo = $1 and company = $2', [
      odoo,
      company,
      planId,
      new Date(now),
    ]);
    const counts = await query<{ state: string; count: number }>(
      `select ${STATE} as state, count(*)::integer as count from ${LISTED} group by 1`,
      [odoo, company, new Date(now)],
    );
    return Object.fromEntries(
      ADVICE_STATES.map((state) => [state, counts.find((row) => row.state === state)?.count ?? 0]),
    );
  });
}

export interface AdviceFilter {
  keys?: readonly string[] | undefined;
  states?: readonly string[] | undefined;
  kinds?: readonly string[] | undefined;
  urgencies?: readonly string[] | undefined;
  item?: string | undefined;
  supplier?: string | undefined;
  minimumValue?: number | undefined;
  /** Go on behind this position. */
  after?: number | undefined;
  limit: number;
}

/** In the order of the list: the most urgent first. */
export async function listAdvice(
  query: Query,
  { odoo, company }: PlanScope,
  filter: AdviceFilter,
  now: number,
): Promise<AdviceRow[]> {
  const { keys = null, states = null, kinds = null, urgencies = null, item = null, supplier = null } = filter;
  return await query<AdviceRow>(
    `select ${COLUMNS} from ${LISTED}
     and ($4::text[] is null or a.key = any($4)) and ($5::text[] is null or ${STATE} = any($5))
     and ($6::text[] is null or a.kind = any($6)) and ($7::text[] is null or a.urgency = any($7))
     and ($8::text is null or a.item = $8) and ($9::text is null or a.supplier = $9)
     and ($10::float8 is null or a.value >= $10) and a.position > $11
     order by a.position limit $12`,
    [
      ...[odoo, company, new Date(now), keys, states, kinds, urgencies, item, supplier],
      ...[filter.minimumValue ?? null, filter.after ?? -1, filter.limit],
    ],
  );
}

export interface Decision {
  state: AdviceState;
  until?: Date | null;
  reason?: string;
  who: string;
}

/** @returns how many it was */
export async function decide(
  query: Query,
  { odoo, company }: PlanScope,
  keys: readonly string[],
  { state, until = null, reason = '', who }: Decision,
  now: number,
): Promise<number> {
  const done = await query(
    `update planbridge.advice set state = $4, snoozed_until = $5, reason = $6, who = $7, decided_at = $8
     where odoo = $1 and company = $2 and key = any($3) returning 1`,
    [odoo, company, keys, state, until, reason, who, new Date(now)],
  );
  return done.length;
}

export interface Acceptance {
  key: string;
  accepted: boolean;
  model: string | null;
  resId: number | null;
  number: string | null;
  note: string;
}

export async function noteAcceptances(
  query: Query,
  { odoo, company }: PlanScope,
  list: readonly Acceptance[],
  importId: number,
  who: string,
  now: number,
): Promise<void> {
  await query(
    `update planbridge.advice a set state = case when r.accepted then 'accepted' else a.state end, model = r.model,
       res_id = r.res_id, number = r.number, note = r.note, import_id = $3, who = $4, decided_at = $5
     from jsonb_to_recordset($6::jsonb) as r (key text, accepted boolean, model text, res_id integer, number text, note text)
     where a.odoo = $1 and a.company = $2 and a.key = r.key`,
    [
      ...[odoo, company, importId, who, new Date(now)],
      JSON.stringify(list.map(({ resId, ...row }) => ({ ...row, res_id: resId }))),
    ],
  );
}
