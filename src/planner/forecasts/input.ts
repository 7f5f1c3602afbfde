// What a forecast is made from: the stored history of sales, open orders of the stored model, who belongs to whom, and what people
// have set. Reads only.
import { PlanbridgeError } from '../../errors.ts';
import type { Query, Store } from '../../store/database.ts';
import type { Owners } from '../forecast/address.ts';
import { type BucketKind, bucketOf, bucketStart } from '../forecast/buckets.ts';
import { collectHistory, type History, type SalesRow } from '../forecast/history.ts';
import type { ForecastOverride } from '../forecast/overrides.ts';
import type { Demand, PlanTime } from '../model.ts';
import type { PlanScope } from '../results/plans.ts';
import { salesHistory } from '../store/history.ts';
import { modelEntities } from '../store/load.ts';
import { findModel, type ModelScope } from '../store/scope.ts';

export interface ForecastInput {
  history: History;
  owners: Owners;
  /** Lines of the history. */
  sold: number;
  /** The plan's now. */
  current: PlanTime;
}

export interface InputOptions {
  bucket: BucketKind;
  /** Older buckets are left out; 0 = all. */
  historyBuckets: number;
  now: number;
  signal: AbortSignal;
}

/** @throws PlanbridgeError PB_PLAN_REFUSED when no history was read */
export async function readForecastInput(
  store: Store,
  scope: ModelScope,
  { bucket, historyBuckets, now, signal }: InputOptions,
): Promise<ForecastInput> {
  const current = (await currentOf(store.query, scope)) ?? Math.floor(now / 1000);
  const collector = collectHistory({ bucket, current, buckets: historyBuckets });
  // What was sold in the bucket that is not over is neither history nor open.
  const over = bucketStart(bucket, bucketOf(bucket, current));
  let sold = 0;
  for await (const page of salesHistory(store, scope, { signal })) {
    for (const { order, item, location, customer, date, quantity } of page) {
      if (date >= over) continue;
      sold += 1;
      collector.add({ item, location, customer, date, quantity, name: order });
    }
  }
  if (sold === 0) {
    throw new PlanbridgeError('PB_PLAN_REFUSED', 409, 'There is no history of sales to forecast from.', {
      remedy: 'Run odoo_read_2 first.',
    });
  }
  const owners = { item: new Map(), location: new Map(), customer: new Map() } satisfies Owners;
  for await (const { entity, value } of modelEntities(store, scope, { signal })) {
    if (entity === 'item' || entity === 'location' || entity === 'customer') {
      if (value.owner !== undefined) owners[entity].set(value.name, value.owner);
    } else if (entity === 'demand' && isOpen(value)) collector.add(orderOf(value, current));
  }
  return { history: collector.finish(), owners, sold, current };
}

const isOpen = ({ status }: Demand) => (status ?? 'open') === 'open';

/** What is overdue takes from what is forecast now. */
function orderOf({ name, item, location = '', customer = '', quantity, due }: Demand, current: PlanTime): SalesRow {
  return { item, location, customer, quantity, date: Math.max(due, current), name };
}

/** Orders that take from the forecast. */
export async function openOrders(
  store: Store,
  scope: ModelScope,
  current: PlanTime,
  signal: AbortSignal,
): Promise<SalesRow[]> {
  const orders: SalesRow[] = [];
  for await (const { entity, value } of modelEntities(store, scope, { signal, closedDemands: 'without' })) {
    if (entity === 'demand' && isOpen(value)) orders.push(orderOf(value, current));
  }
  return orders;
}

/** The plan's now. */
export async function currentOf(query: Query, scope: ModelScope): Promise<PlanTime | null> {
  const model = await findModel({ query }, scope);
  if (model === null) return null;
  const [row] = await query<{ current: number | null }>(
    `select (header->>'current')::float8 as current from planbridge.model_source
     where model = $1 and version > 0 and header is not null order by read_at desc nulls last limit 1`,
    [model],
  );
  return row?.current ?? null;
}

export interface StoredOverride {
  id: number;
  item: string | null;
  location: string | null;
  customer: string | null;
  /** First day of the bucket. */
  starts: string;
  quantity: number | null;
  comment: string;
  who: string;
  at: Date;
}

/** In the order in which they were made. */
export async function listOverrides(query: Query, { odoo, company }: PlanScope): Promise<StoredOverride[]> {
  return await query<StoredOverride>(
    `select id::float8 as id, item, location, customer, to_char(starts, 'YYYY-MM-DD') as starts, quantity, comment, who, at
     from planbridge.forecast_override where odoo = $1 and company = $2 order by id`,
    [odoo, company],
  );
}

export function overrideOf(bucket: BucketKind, stored: StoredOverride): ForecastOverride {
  const { item, location, customer, starts, quantity, comment } = stored;
  return {
    ...(item === null ? {} : { item }),
    ...(location === null ? {} : { location }),
    ...(customer === null ? {} : { customer }),
    bucket: bucketOf(bucket, Date.parse(`${starts}T00:00:00Z`) / 1000),
    ...(quantity === null ? {} : { quantity }),
    ...(comment === '' ? {} : { comment }),
  };
}
