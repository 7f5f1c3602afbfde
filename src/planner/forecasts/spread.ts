// What people set, spread at once over the forecast that counts: the bucket it was set for, up and down the hierarchy, as the next
// forecast would spread it. What is left after orders follows in settle.ts.
import type { Query, Store } from '../../store/database.ts';
import { isUnder, keyOf, type Leaf, type Owners } from '../forecast/address.ts';
import { type BucketKind, bucketName } from '../forecast/buckets.ts';
import { applyOverrides, type ForecastOverride } from '../forecast/overrides.ts';
import { addLeaf, type ForecastLeaf, type ForecastPlan, leavesUnder } from '../forecast/plan.ts';
import type { PlanScope } from '../results/plans.ts';
import { findModel } from '../store/scope.ts';
import { listOverrides, overrideOf, type StoredOverride } from './input.ts';

export interface CurrentForecast {
  id: number;
  bucket: BucketKind;
  /** Number of the first bucket. */
  first: number;
  horizon: number;
  arguments: Record<string, unknown>;
  /** The last override that its totals hold. */
  applied: number;
  settled: boolean;
}

const WAIT_MS = 30_000;

/** One change of a forecast at a time. */
export function alone<T>(store: Store, { odoo, company }: PlanScope, run: () => Promise<T>): Promise<T> {
  return store.locked(`forecast ${odoo} ${company}`, WAIT_MS, run);
}

export async function currentForecast(query: Query, { odoo, company }: PlanScope): Promise<CurrentForecast | null> {
  const [row] = await query<CurrentForecast>(
    `select id::float8 as id, bucket, first_bucket as first, horizon, arguments, applied::float8 as applied, settled
     from planbridge.forecast where odoo = $1 and company = $2 and state = 'current'`,
    [odoo, company],
  );
  return row ?? null;
}

/** Spreads what was set since. @returns ids of what is in the totals now and was not before */
export async function spreadNew(store: Store, scope: PlanScope): Promise<number[]> {
  return await alone(store, scope, async () => {
    const forecast = await currentForecast(store.query, scope);
    if (!forecast) return [];
    const fresh = (await listOverrides(store.query, scope)).filter(({ id }) => id > forecast.applied);
    const spread: number[] = [];
    for (const one of fresh) {
      const override = overrideOf(forecast.bucket, one);
      const held = one.quantity === null || (await change(store, scope, forecast, override.bucket, [override], null));
      if (held) spread.push(one.id);
    }
    if (fresh.length > 0) {
      await store.query('update planbridge.forecast set applied = $2 where id = $1', [forecast.id, fresh.at(-1)!.id]);
    }
    return spread;
  });
}

/** Makes a bucket anew without what was taken back: from its baseline, with what others set there. */
export async function spreadWithout(store: Store, scope: PlanScope, gone: readonly StoredOverride[]): Promise<void> {
  await alone(store, scope, async () => {
    const forecast = await currentForecast(store.query, scope);
    if (!forecast) return;
    const left = (await listOverrides(store.query, scope))
      .filter(({ id }) => id <= forecast.applied)
      .map((one) => overrideOf(forecast.bucket, one));
    for (const one of gone) {
      const override = overrideOf(forecast.bucket, one);
      if (one.quantity === null || one.id > forecast.applied) continue;
      const here = left.filter(({ bucket }) => bucket === override.bucket);
      await change(store, scope, forecast, override.bucket, here, override);
    }
  });
}

/** @param gone null = on top of what the totals hold; else what no longer holds */
async function change(
  store: Store,
  scope: PlanScope,
  forecast: CurrentForecast,
  bucket: number,
  overrides: readonly ForecastOverride[],
  gone: ForecastOverride | null,
): Promise<boolean> {
  if (bucket < forecast.first || bucket >= forecast.first + forecast.horizon) return false;
  const model = await findModel(store, { odoo: scope.odoo, company: scope.company || null });
  const owners = await ownersOf(store.query, model);
  const plan = await bucketPlan(store.query, forecast, bucket, owners);
  const before = new Map(plan.leaves.map((leaf) => [leaf, [leaf.total[0]!, leaf.overridden[0]!] as const]));
  // A combination that the forecast does not have comes with the next one.
  const known = overrides.filter((one) => one.quantity !== undefined && leavesUnder(plan, one).length > 0);
  if (gone) {
    for (const leaf of setBy([gone, ...known], plan)) {
      leaf.total[0] = leaf.baseline[0]!;
      leaf.overridden[0] = 0;
    }
  }
  await addWeights(store.query, forecast, model, plan, known);
  applyOverrides(plan, known);
  const changed = plan.leaves.filter((leaf) => {
    const [total, overridden] = before.get(leaf)!;
    return total !== rounded(leaf.total[0]!) || overridden !== leaf.overridden[0];
  });
  await writeBucket(store, forecast, bucket, changed);
  return known.length > 0;
}

function setBy(overrides: readonly ForecastOverride[], plan: ForecastPlan): ForecastLeaf[] {
  const tests = overrides.map((one) => isUnder(one, plan.owners));
  return plan.leaves.filter((leaf) => tests.some((test) => test(leaf)));
}

/** Who belongs to whom, as Odoo says. */
export async function ownersOf(query: Query, model: number | null): Promise<Owners> {
  const owners = { item: new Map(), location: new Map(), customer: new Map() } satisfies Owners;
  const rows = await query<{ kind: keyof Owners; name: string; owner: string }>(
    `select e.kind, e.key as name, e.value->>'owner' as owner
     from planbridge.entity e join planbridge.model_source s on s.model = e.model and s.source = e.source
     where e.model = $1 and e.kind in ('item', 'location', 'customer') and e.value ? 'owner' and e.since <= s.version
       and (e.until is null or e.until > s.version) order by e.source`,
    [model],
  );
  for (const { kind, name, owner } of rows) owners[kind].set(name, owner);
  return owners;
}

interface Cell extends Leaf {
  baseline: number;
  total: number;
  overridden: boolean;
}

/** All combinations with the cell of one bucket. */
async function bucketPlan(query: Query, forecast: CurrentForecast, bucket: number, owners: Owners) {
  const cells = await query<Cell>(
    `select item, location, customer, baseline, total, override is not null as overridden
     from planbridge.forecast_cell where forecast_id = $1 and bucket = $2 order by 1, 2, 3`,
    [forecast.id, bucketName(forecast.bucket, bucket)],
  );
  const plan: ForecastPlan = {
    ...{ bucket: forecast.bucket, first: bucket, horizon: 1, owners },
    ...{ nodes: [], leaves: [], byKey: new Map(), whole: new Map(), comments: [] },
  };
  for (const { baseline, total, overridden, ...leaf } of cells) {
    const own = addLeaf(plan, leaf);
    own.baseline[0] = baseline;
    own.total[0] = total;
    own.overridden[0] = overridden ? 1 : 0;
  }
  return plan;
}

/** Where a bucket holds nothing to share by, other buckets and the history say what is sold more. */
async function addWeights(
  query: Query,
  forecast: CurrentForecast,
  model: number | null,
  plan: ForecastPlan,
  overrides: readonly ForecastOverride[],
): Promise<void> {
  const empty = overrides.some((one) => leavesUnder(plan, one).every((leaf) => leaf.total[0] === 0));
  if (!empty) return;
  type Weight = Leaf & { quantity: number };
  const others = await query<Weight>(
    `select item, location, customer, sum(baseline) as quantity from planbridge.forecast_cell
     where forecast_id = $1 group by 1, 2, 3`,
    [forecast.id],
  );
  const sold = await query<Weight>(
    `select r.item, r.location, r.customer, sum(r.quantity) as quantity
     from planbridge.sales_history r join planbridge.model_source s on s.model = r.model and s.source = 2
     where r.model = $1 and r.since <= s.version and (r.until is null or r.until > s.version) group by 1, 2, 3`,
    [model],
  );
  for (const one of others) {
    const leaf = plan.byKey.get(keyOf(one));
    if (leaf) leaf.baseline = Float64Array.of(leaf.baseline[0]!, Math.max(0, one.quantity - leaf.baseline[0]!));
  }
  for (const one of sold) {
    const leaf = plan.byKey.get(keyOf(one));
    if (leaf) leaf.history = Float64Array.of(Math.max(0, one.quantity));
  }
}

const BATCH = 5_000;

async function writeBucket(
  store: Store,
  { id, bucket: kind }: CurrentForecast,
  bucket: number,
  leaves: readonly ForecastLeaf[],
): Promise<void> {
  const rows = leaves.map(({ item, location, customer, total, overridden }) => {
    const quantity = rounded(total[0]!);
    return { item, location, customer, total: quantity, override: overridden[0] === 1 ? quantity : null };
  });
  if (rows.length === 0) return;
  await store.transaction(async (query) => {
    await query('update planbridge.forecast set settled = false where id = $1', [id]);
    for (let at = 0; at < rows.length; at += BATCH) {
      await query(
        `update planbridge.forecast_cell c
         set total = r.total, override = r.override, net = greatest(0, r.total - c.consumed)
         from jsonb_to_recordset($3::jsonb) as r (item text, location text, customer text, total float8, override float8)
         where c.forecast_id = $1 and c.bucket = $2 and c.item = r.item and c.location = r.location and c.customer = r.customer`,
        [id, bucketName(kind, bucket), JSON.stringify(rows.slice(at, at + BATCH))],
      );
    }
  });
}

function rounded(quantity: number): number {
  return Math.round(quantity * 1_000) / 1_000;
}
