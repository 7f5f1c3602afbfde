// After totals of a forecast were changed: nets open orders against them anew, and makes the demands for the plan of what is left.
import type { Query, Store } from '../../store/database.ts';
import { keyOf, type Leaf } from '../forecast/address.ts';
import { bucketOf } from '../forecast/buckets.ts';
import { forecastDemands } from '../forecast/demands.ts';
import { netOrders } from '../forecast/netting.ts';
import { addLeaf, type ForecastPlan } from '../forecast/plan.ts';
import type { PlanScope } from '../results/plans.ts';
import { findModel, type ModelScope } from '../store/scope.ts';
import { currentOf, openOrders } from './input.ts';
import { alone, type CurrentForecast, currentForecast, ownersOf } from './spread.ts';
import { writeDemands } from './write.ts';

/** Forecasts with more cells are netted by the next plan, where nobody waits for it. */
const SMALL = 20_000;
const DAY = 86_400;
const BATCH = 5_000;

export interface SettleOptions {
  now: number;
  signal: AbortSignal;
  /** Leaves large forecasts as they are. */
  small?: boolean;
}

/** @returns whether the demands fit the totals now */
export async function settleForecast(store: Store, scope: PlanScope, options: SettleOptions): Promise<boolean> {
  return await alone(store, scope, async () => {
    const forecast = await currentForecast(store.query, scope);
    if (!forecast || forecast.settled) return true;
    const model = await findModel(store, { odoo: scope.odoo, company: scope.company || null });
    if (options.small && (await isLarge(store.query, forecast))) return false;
    await settle(store, { odoo: scope.odoo, company: scope.company || null }, forecast, model, options);
    return true;
  });
}

async function isLarge(query: Query, { id }: CurrentForecast): Promise<boolean> {
  const rows = await query(`select 1 from planbridge.forecast_cell where forecast_id = $1 limit ${SMALL + 1}`, [id]);
  return rows.length > SMALL;
}

async function settle(
  store: Store,
  scope: ModelScope,
  forecast: CurrentForecast,
  model: number | null,
  { now, signal }: SettleOptions,
): Promise<void> {
  const { arguments: args, id } = forecast;
  const current = (await currentOf(store.query, scope)) ?? Math.floor(now / 1_000);
  const plan: ForecastPlan = {
    ...{ bucket: forecast.bucket, first: forecast.first, horizon: forecast.horizon },
    owners: await ownersOf(store.query, model),
    ...{ nodes: [], leaves: [], byKey: new Map(), comments: [] },
    whole: new Map(),
  };
  const before = await readCells(store.query, forecast, plan);
  const orders = await openOrders(store, scope, current, signal);
  plan.whole = await wholeItems(store.query, model, orders);
  const days = (name: string) => Number(args[name] ?? 0) * DAY;
  netOrders(plan, orders, { netEarlier: days('netEarlierDays'), netLater: days('netLaterDays') });
  const rows = changedCells(plan, before);
  const demands = [...forecastDemands(plan, { current, priority: Number(args.priority ?? 100) })];
  await store.transaction(async (query) => {
    for (let at = 0; at < rows.length; at += BATCH) {
      signal.throwIfAborted();
      await query(
        `update planbridge.forecast_cell c set orders = r.orders, consumed = r.consumed, net = r.net
         from jsonb_to_recordset($2::jsonb) as r (item text, location text, customer text, starts date, orders float8,
           consumed float8, net float8)
         where c.forecast_id = $1 and c.starts = r.starts and c.item = r.item and c.location = r.location
           and c.customer = r.customer`,
        [id, JSON.stringify(rows.slice(at, at + BATCH))],
      );
    }
    await query('delete from planbridge.forecast_demand where forecast_id = $1', [id]);
    await writeDemands(query, id, demands, signal);
    await query('update planbridge.forecast set settled = true where id = $1', [id]);
  });
}

interface Cell extends Leaf {
  starts: string;
  baseline: number;
  total: number;
  overridden: boolean;
  orders: number;
  consumed: number;
  net: number;
}

async function readCells(query: Query, { id, bucket, first, horizon }: CurrentForecast, plan: ForecastPlan) {
  const cells = await query<Cell>(
    `select item, location, customer, to_char(starts, 'YYYY-MM-DD') as starts, baseline, total,
       override is not null as overridden, orders, consumed, net
     from planbridge.forecast_cell where forecast_id = $1 order by item, location, customer, starts`,
    [id],
  );
  for (const cell of cells) {
    const leaf = plan.byKey.get(keyOf(cell)) ?? addLeaf(plan, cell);
    const at = bucketOf(bucket, Date.parse(`${cell.starts}T00:00:00Z`) / 1_000) - first;
    if (at < 0 || at >= horizon) continue;
    leaf.baseline[at] = cell.baseline;
    leaf.total[at] = cell.total;
    leaf.overridden[at] = cell.overridden ? 1 : 0;
  }
  return cells;
}

function changedCells({ byKey, bucket, first, horizon }: ForecastPlan, cells: readonly Cell[]) {
  return cells.flatMap(({ item, location, customer, starts, ...cell }) => {
    const leaf = byKey.get(keyOf({ item, location, customer }))!;
    const at = bucketOf(bucket, Date.parse(`${starts}T00:00:00Z`) / 1_000) - first;
    if (at < 0 || at >= horizon) return [];
    const [orders, consumed] = [rounded(leaf.orders[at]!), rounded(leaf.consumed[at]!)];
    const net = rounded(Math.max(0, leaf.total[at]! - leaf.consumed[at]!));
    const same = orders === cell.orders && consumed === cell.consumed && net === cell.net;
    return same ? [] : [{ item, location, customer, starts, orders, consumed, net }];
  });
}

/** Items of which nobody ever ordered a fraction. */
async function wholeItems(
  query: Query,
  model: number | null,
  orders: readonly { item: string; quantity: number }[],
): Promise<Map<string, boolean>> {
  const rows = await query<{ item: string; whole: boolean }>(
    `select r.item, bool_and(r.quantity = trunc(r.quantity)) as whole
     from planbridge.sales_history r join planbridge.model_source s on s.model = r.model and s.source = 2
     where r.model = $1 and r.since <= s.version and (r.until is null or r.until > s.version) group by 1`,
    [model],
  );
  const whole = new Map(rows.map((row) => [row.item, row.whole]));
  for (const { item, quantity } of orders) {
    if (whole.get(item) !== false) whole.set(item, Number.isInteger(quantity));
  }
  return whole;
}

function rounded(quantity: number): number {
  return Math.round(quantity * 1_000) / 1_000;
}
