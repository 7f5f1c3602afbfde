// The forecast as a table: series below an address in rows, buckets of the past and to come in columns. Sums are made by the database
// for the rows that are looked at. Setting and taking back is the forecast's own API.
import { z } from 'zod';
import type { Surroundings } from '../parts.ts';
import type { Leaf } from '../planner/forecast/address.ts';
import { type BucketKind, bucketName, bucketOf, bucketStart } from '../planner/forecast/buckets.ts';
import { findModel } from '../planner/store/scope.ts';
import { type Below, type Child, type ForecastTree, forecastTree, type Level } from './forecast-tree.ts';
import type { GridScope } from './grids/grid.ts';
import type { ScopeOf } from './scope.ts';

const name = z.string().min(1).max(500);

const Query = z.object({
  company: z.string().default(''),
  item: name.optional(),
  location: z.string().max(500).optional(),
  customer: z.string().max(500).optional(),
  search: z.string().max(200).default('').describe('items of which some combination holds all words'),
  self: z.enum(['yes', 'no']).default('no').describe('with the sum of all'),
  history: z.coerce.number().int().min(0).max(520).default(24).describe('buckets of the past'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const Series = z.object({
  item: z.string().nullable(),
  location: z.string().nullable(),
  customer: z.string().nullable(),
  level: z.enum(['all', 'item', 'location', 'customer']),
  children: z.boolean(),
  history: z.array(z.number()),
  orders: z.array(z.number()),
  baseline: z.array(z.number()),
  total: z.array(z.number()),
  net: z.array(z.number()),
  overridden: z.array(z.boolean()),
  method: z.string().nullable().describe('the method that counts most, where all below have the same'),
  smape: z.number().nullable(),
});
type Series = z.infer<typeof Series>;

const Bucket = z.object({ name: z.string(), starts: z.string(), ends: z.string() });

const Answer = z.object({
  forecast: z
    .object({
      id: z.number(),
      bucket: z.enum(['month', 'week']),
      horizon: z.number(),
      arguments: z.record(z.string(), z.unknown()),
      madeAt: z.string(),
      applied: z.number().describe('id of the last override that it holds'),
      settled: z
        .boolean()
        .describe('whether what is left for the plan fits the totals; else the next plan makes it so'),
    })
    .nullable(),
  hasHistory: z.boolean(),
  past: z.array(Bucket),
  future: z.array(Bucket),
  self: Series.nullable(),
  rows: z.array(Series),
  total: z.number(),
  locations: z.array(z.string()),
  customers: z.array(z.string()),
});

interface Made {
  id: number;
  bucket: BucketKind;
  first: number;
  horizon: number;
  arguments: Record<string, unknown>;
  madeAt: Date;
  applied: number;
  settled: boolean;
}

const MOST_NAMES = 2_000;
/** Trees that are kept: one for each company that somebody looks at. */
const MOST_TREES = 4;

export function addForecastScreenRoutes({ api, store }: Pick<Surroundings, 'api' | 'store'>, scopeOf: ScopeOf): void {
  const trees = new Map<number, Promise<ForecastTree>>();

  async function treeOf(forecast: Made, model: number | null): Promise<ForecastTree> {
    const known = trees.get(forecast.id);
    if (known) return await known;
    const made = readTree(forecast, model);
    trees.set(forecast.id, made);
    made.catch(() => trees.delete(forecast.id));
    for (const old of [...trees.keys()].slice(0, -MOST_TREES)) trees.delete(old);
    return await made;
  }

  async function readTree({ id, bucket, first }: Made, model: number | null): Promise<ForecastTree> {
    // Each combination has a cell in each bucket.
    const leaves = await store.query<Leaf>(
      'select item, location, customer from planbridge.forecast_cell where forecast_id = $1 and bucket = $2 order by 1, 2, 3',
      [id, bucketName(bucket, first)],
    );
    const owned = await store.query<{ name: string; owner: string }>(
      `select e.key as name, e.value->>'owner' as owner
       from planbridge.entity e join planbridge.model_source s on s.model = e.model and s.source = e.source
       where e.model = $1 and e.kind = 'item' and e.value ? 'owner' and e.since <= s.version
         and (e.until is null or e.until > s.version) order by e.source`,
      [model],
    );
    return forecastTree(leaves, new Map(owned.map((row) => [row.name, row.owner])));
  }

  api.route(
    {
      method: 'get',
      path: '/api/forecast/series',
      tag: 'Forecast',
      summary: 'What lies below an item, place or customer: history and forecast by bucket',
      role: 'viewer',
      query: Query,
      answer: Answer,
    },
    async ({ user, query }): Promise<z.infer<typeof Answer>> => {
      const scope = await scopeOf(user, query.company);
      const model = await findModel(store, { odoo: scope.odoo, company: scope.company || null });
      const forecast = await currentForecast(scope);
      const nothing = { past: [], future: [], self: null, rows: [], total: 0, locations: [], customers: [] };
      if (!forecast) return { forecast: null, hasHistory: await hasHistory(model), ...nothing };
      const tree = await treeOf(forecast, model);
      const { item, location, customer } = query;
      const address: Below = {
        ...(item === undefined ? {} : { item }),
        ...(location === undefined ? {} : { location }),
        ...(customer === undefined ? {} : { customer }),
      };
      const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
      const found =
        words.length > 0 ? { level: 'item' as const, children: tree.search(words, address) } : tree.below(address);
      const { level, children } = found ?? { level: 'item' as const, children: [] };
      const page = children.slice(query.offset, query.offset + query.limit);
      const past = query.history;
      const top = query.self === 'yes';
      const self = top ? await sums(forecast, model, address, 'item', [allOf(tree, address)], past) : [];
      const { bucket, first, horizon, id, madeAt, applied, settled } = forecast;
      return {
        forecast: {
          id,
          bucket,
          horizon,
          arguments: forecast.arguments,
          madeAt: madeAt.toISOString(),
          applied,
          settled,
        },
        hasHistory: true,
        past: buckets(bucket, first - past, past),
        future: buckets(bucket, first, horizon),
        self:
          self.map((row) => ({ ...row, item: item ?? null, level: item ? ('item' as const) : ('all' as const) }))[0] ??
          null,
        rows: await sums(forecast, model, address, level, page, past),
        total: children.length,
        locations: top ? tree.names('location').slice(0, MOST_NAMES) : [],
        customers: top ? tree.names('customer').slice(0, MOST_NAMES) : [],
      };
    },
  );

  function allOf(tree: ForecastTree, address: Below): Child {
    return { name: '', items: tree.items(address), children: true };
  }

  async function currentForecast({ odoo, company }: GridScope): Promise<Made | undefined> {
    const [row] = await store.query<Made>(
      `select id::float8 as id, bucket, first_bucket as first, horizon, arguments, made_at as "madeAt",
         applied::float8 as applied, settled from planbridge.forecast
       where odoo = $1 and company = $2 and state = 'current'`,
      [odoo, company],
    );
    return row;
  }

  async function hasHistory(model: number | null): Promise<boolean> {
    const rows = await store.query('select 1 from planbridge.sales_history where model = $1 limit 1', [model]);
    return rows.length > 0;
  }

  /** One row for each child, in their order. */
  async function sums(
    forecast: Made,
    model: number | null,
    address: Below,
    level: Level,
    children: readonly Child[],
    past: number,
  ): Promise<Series[]> {
    if (children.length === 0) return [];
    const { id, bucket, first, horizon } = forecast;
    // Which child a row of the database belongs to.
    const members = children.flatMap((child, at) =>
      level === 'item' ? child.items.map((item) => [at, item, null, null] as const) : [placed(at, child, level)],
    );
    const values = [
      members.map(([at]) => at),
      members.map(([, item]) => item),
      members.map(([, , location]) => location),
      members.map(([, , , customer]) => customer),
      address.location ?? null,
      address.customer ?? null,
    ];
    const joined = `unnest($2::integer[], $3::text[], $4::text[], $5::text[]) as m (at, item, location, customer) on r.item = m.item
      and (m.location is null or r.location = m.location) and (m.customer is null or r.customer = m.customer)
      and ($6::text is null or r.location = $6) and ($7::text is null or r.customer = $7)`;
    const cells = await store.query<CellSum>(
      `select m.at, to_char(r.starts, 'YYYY-MM-DD') as starts, sum(r.orders) as orders, sum(r.baseline) as baseline,
         sum(r.total) as total, sum(r.net) as net, bool_or(r.override is not null) as overridden,
         min(r.method) as method, max(r.method) as "otherMethod", avg(r.smape) as smape, count(*)::integer as cells
       from planbridge.forecast_cell r join ${joined} where r.forecast_id = $1 group by 1, 2`,
      [id, ...values],
    );
    const from = bucketStart(bucket, first - past);
    const sold = await store.query<{ at: number; starts: number; quantity: number }>(
      `select m.at, extract(epoch from date_trunc('${bucket === 'week' ? 'week' : 'month'}',
           timestamp 'epoch' + r.date * interval '1 second'))::float8 as starts, sum(r.quantity) as quantity
       from planbridge.sales_history r join planbridge.model_source s on s.model = r.model and s.source = 2
       join ${joined}
       where r.model = $1 and r.since <= s.version and (r.until is null or r.until > s.version)
         and r.date >= $8 and r.date < $9 group by 1, 2`,
      [model, ...values, from, bucketStart(bucket, first)],
    );
    const zeros = () => Array.from({ length: horizon }, () => 0);
    const rows = children.map(
      (child): Series => ({
        item: null,
        location: address.location ?? null,
        customer: address.customer ?? null,
        ...(address.item === undefined ? {} : { item: address.item }),
        [level]: child.name,
        level,
        children: child.children,
        history: Array.from({ length: past }, () => 0),
        orders: zeros(),
        baseline: zeros(),
        total: zeros(),
        net: zeros(),
        overridden: Array.from({ length: horizon }, () => false),
        method: null,
        smape: null,
      }),
    );
    for (const cell of cells) {
      const row = rows[cell.at]!;
      const at = bucketOf(bucket, Date.parse(`${cell.starts}T00:00:00Z`) / 1_000) - first;
      if (at < 0 || at >= horizon) continue;
      for (const what of ['orders', 'baseline', 'total', 'net'] as const)
        row[what][at] = rounded(cell[what], cell.cells);
      row.overridden[at] = cell.overridden;
      row.method = cell.method === cell.otherMethod ? cell.method : null;
      row.smape = cell.smape === null ? null : rounded(cell.smape);
    }
    for (const { at, starts, quantity } of sold) {
      const place = bucketOf(bucket, starts) - (first - past);
      if (place >= 0 && place < past) rows[at]!.history[place] = rounded(quantity);
    }
    return rows;
  }
}

interface CellSum {
  at: number;
  starts: string;
  orders: number;
  baseline: number;
  total: number;
  net: number;
  overridden: boolean;
  method: string;
  otherMethod: string;
  smape: number | null;
  cells: number;
}

function placed(at: number, { name: own, items }: Child, level: 'location' | 'customer') {
  return [at, items[0]!, level === 'location' ? own : null, level === 'customer' ? own : null] as const;
}

function buckets(kind: BucketKind, from: number, count: number): z.infer<typeof Bucket>[] {
  const day = (bucket: number) => new Date(bucketStart(kind, bucket) * 1_000).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, at) => ({
    name: bucketName(kind, from + at),
    starts: day(from + at),
    ends: day(from + at + 1),
  }));
}

/** Cells are kept in thousandths: a sum of many is known less well. */
function rounded(value: number, cells = 1): number {
  const digits = Math.max(0, 3 - Math.ceil(Math.log10(cells)));
  return Number(value.toFixed(digits));
}
