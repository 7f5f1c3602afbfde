// A forecast into the store: written beside the one that counts, which it then replaces all at once.
import type { Query, Store } from '../../store/database.ts';
import { forecastDemands } from '../forecast/demands.ts';
import type { ForecastPlan } from '../forecast/plan.ts';
import { forecastRows } from '../forecast/rows.ts';
import type { Demand, PlanTime } from '../model.ts';
import type { PlanScope } from '../results/plans.ts';

export interface NewForecast {
  scope: PlanScope;
  runKey: string;
  plan: ForecastPlan;
  current: PlanTime;
  priority: number;
  args: object;
  summary: Readonly<Record<string, number>>;
  /** Id of the last override that is in it. */
  applied: number;
}

const BATCH = 2_000;
const CELL = `item text, location text, customer text, bucket text, start date, "end" date, orders float8, baseline float8,
  override float8, total float8, consumed float8, net float8, method text, smape float8, mase float8`;

/** @returns what this step has made already, when it is begun again after that */
export async function madeBefore(
  query: Query,
  { odoo, company }: PlanScope,
  runKey: string,
): Promise<Record<string, number> | null> {
  const [row] = await query<{ summary: Record<string, number> }>(
    `select summary from planbridge.forecast where odoo = $1 and company = $2 and run_key = $3 and state = 'current'`,
    [odoo, company, runKey],
  );
  return row?.summary ?? null;
}

export async function writeForecast(
  store: Store,
  made: NewForecast,
  now: number,
  signal: AbortSignal,
): Promise<number> {
  const { scope, runKey, plan, current, priority, args, summary, applied } = made;
  const { odoo, company } = scope;
  await store.query(`delete from planbridge.forecast where odoo = $1 and company = $2 and state <> 'current'`, [
    odoo,
    company,
  ]);
  const [row] = await store.query<{ id: number }>(
    `insert into planbridge.forecast (odoo, company, run_key, state, bucket, first_bucket, horizon, arguments, summary, made_at, applied)
     values ($1, $2, $3, 'writing', $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10) returning id::float8 as id`,
    [
      odoo,
      company,
      runKey,
      plan.bucket,
      plan.first,
      plan.horizon,
      JSON.stringify(args),
      JSON.stringify(summary),
      new Date(now),
      applied,
    ],
  );
  const { id } = row!;
  for (const batch of batches(forecastRows(plan))) {
    signal.throwIfAborted();
    await store.query(
      `insert into planbridge.forecast_cell (forecast_id, item, location, customer, bucket, starts, ends, orders, baseline,
         override, total, consumed, net, method, smape, mase)
       select $1, item, location, customer, bucket, start, "end", orders, baseline, override, total, consumed, net, method, smape, mase
       from jsonb_to_recordset($2::jsonb) as r (${CELL})`,
      [id, JSON.stringify(batch)],
    );
  }
  const seq = await writeDemands(store.query, id, forecastDemands(plan, { current, priority }), signal);
  await store.transaction(async (query) => {
    await query(
      `update planbridge.forecast set state = 'past' where odoo = $1 and company = $2 and state = 'current'`,
      [odoo, company],
    );
    await query(`update planbridge.forecast set state = 'current' where id = $1 and state = 'writing'`, [id]);
  });
  return seq;
}

/** @returns how many there are */
export async function writeDemands(
  query: Query,
  forecastId: number,
  demands: Iterable<Demand>,
  signal: AbortSignal,
): Promise<number> {
  let seq = 0;
  for (const batch of batches(demands)) {
    signal.throwIfAborted();
    const rows = batch.map((demand) => ({ seq: seq++, demand }));
    await query(
      `insert into planbridge.forecast_demand (forecast_id, seq, demand)
       select $1, seq, demand from jsonb_to_recordset($2::jsonb) as r (seq integer, demand jsonb)`,
      [forecastId, JSON.stringify(rows)],
    );
  }
  return seq;
}

function* batches<T>(rows: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Demands of the forecast that counts, for the plan. */
export async function storedForecastDemands(query: Query, { odoo, company }: PlanScope): Promise<Demand[]> {
  const rows = await query<{ demand: Demand }>(
    `select d.demand from planbridge.forecast_demand d join planbridge.forecast f on f.id = d.forecast_id
     where f.odoo = $1 and f.company = $2 and f.state = 'current' order by d.seq`,
    [odoo, company],
  );
  return rows.map(({ demand }) => demand);
}
