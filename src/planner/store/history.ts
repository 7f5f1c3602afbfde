// The stored history of sales, for the forecast: pages of rows, or sums by bucket. Reads only.
import type { Store } from '../../store/database.ts';
import type { PlanTime } from '../model.ts';
import { findModel, type ModelScope } from './scope.ts';

export interface SoldLine {
  order: string;
  item: string;
  location: string;
  customer: string;
  /** On the plan's clock. */
  date: PlanTime;
  /** In the item's unit; negative = taken back. */
  quantity: number;
}

const PAGE = 5_000;
const COUNTS = `h.since <= s.version and (h.until is null or h.until > s.version)`;

/** Sales by order line, of one version. */
export async function* salesHistory(
  store: Store,
  scope: ModelScope,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<SoldLine[]> {
  const model = await findModel(store, scope);
  if (model === null) return;
  const [source] = await store.query<{ version: number }>(
    'select version from planbridge.model_source where model = $1 and source = 2 and version > 0',
    [model],
  );
  if (source === undefined) return;
  let after: readonly [number, number] = [Number.MIN_SAFE_INTEGER, 0];
  for (;;) {
    signal?.throwIfAborted();
    const page = await store.query<SoldLine & { record: number; seq: number }>(
      `select h.record::float8 as record, h.seq, h.sales_order as "order", h.item, h.location, h.customer,
         h.date::float8 as date, h.quantity
       from planbridge.sales_history h
       where h.model = $1 and (h.record, h.seq) > ($3, $4) and h.since <= $2 and (h.until is null or h.until > $2)
       order by h.record, h.seq limit ${PAGE}`,
      [model, source.version, ...after],
    );
    if (page.length > 0) yield page.map(({ record: _, seq: __, ...line }) => line);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = [last.record, last.seq];
  }
}

export interface SoldInBucket {
  item: string;
  location: string;
  customer: string;
  /** First second of the bucket on the plan's clock. */
  bucket: PlanTime;
  quantity: number;
}

/** Sums by item, location, customer and bucket; weeks begin on Monday. */
export async function salesByBucket(
  store: Store,
  scope: ModelScope,
  bucket: 'day' | 'week' | 'month',
): Promise<SoldInBucket[]> {
  const model = await findModel(store, scope);
  if (model === null) return [];
  return await store.query<SoldInBucket>(
    `select h.item, h.location, h.customer,
       extract(epoch from date_trunc('${bucket}', timestamp 'epoch' + h.date * interval '1 second'))::float8 as bucket,
       sum(h.quantity) as quantity
     from planbridge.sales_history h join planbridge.model_source s on s.model = h.model and s.source = 2
     where h.model = $1 and ${COUNTS} group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    [model],
  );
}
