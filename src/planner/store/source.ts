// One read of one source into the stored model: rows of a new version beside those that count, then one update that makes them
// count. Nobody who reads is kept waiting, and a read that ends half way leaves nothing behind that counts.
import { randomUUID } from 'node:crypto';
import { PlanbridgeError } from '../../errors.ts';
import type { ReportEntry } from '../../mapping/report.ts';
import type { Query, Store } from '../../store/database.ts';
import type { PlanHeader } from '../model.ts';
import { ENTITY_TABLE, SALES_TABLE, type VersionedTable } from './tables.ts';

export type SourceNumber = 1 | 2;

/** What counts of a source now. */
export interface SourceState {
  version: number;
  header: PlanHeader | null;
  /** Places of the parts that were read completely. */
  parts: number[];
  counts: Record<string, number>;
  basis: string;
  fullAt: Date | null;
  readAt: Date | null;
}

export interface OpenSource {
  store: Store;
  model: number;
  source: SourceNumber;
  /** What counts while this read writes. */
  current: number;
  /** Version of the rows that it writes. */
  next: number;
  token: string;
  /** As the last read left it. */
  before: SourceState & { memory: Buffer | null };
}

const STATE = `version, header, parts, counts, basis, full_at as "fullAt", read_at as "readAt"`;

export async function sourceState(query: Query, model: number, source: SourceNumber): Promise<SourceState | null> {
  const sql = `select ${STATE} from planbridge.model_source where model = $1 and source = $2 and version > 0`;
  const [row] = await query<SourceState>(sql, [model, source]);
  return row ?? null;
}

/**
 * Takes the source for this read, and clears away what nobody needs any more: rows of reads that did not end, and rows that
 * stopped counting before the last read. Only one read of a source at a time: see `withSource`.
 */
async function beginRead(store: Store, model: number, source: SourceNumber): Promise<OpenSource> {
  const token = randomUUID();
  await store.query(
    'insert into planbridge.model_source (model, source) values ($1, $2) on conflict (model, source) do nothing',
    [model, source],
  );
  const [row] = await store.query<SourceState & { next: number; memory: Buffer | null; left: boolean; prior: number }>(
    `update planbridge.model_source s set writing = $3, last_version = s.last_version + 1, oldest = s.prior
     from (select model, source, writing is not null as left from planbridge.model_source
           where model = $1 and source = $2 for update) before
     where s.model = before.model and s.source = before.source
     returning s.last_version as next, s.prior, s.memory, before.left, ${STATE.replaceAll(/(^|, )(\w)/g, '$1s.$2')}`,
    [model, source, token],
  );
  const { next, left, prior, ...before } = row!;
  if (left) await undo({ store, model, source }, before.version + 1, next - 1);
  for (const table of tablesOf(source)) await clear(store, table, model, source, prior);
  return { store, model, source, current: before.version, next, token, before };
}

const MANY_ROWS = 2_000;

/** Rows at a time, so that others get their turn. */
const CLEARED_AT_ONCE = 5_000;

/** Takes back what reads wrote that did not end: those of the versions from `first` to `last`. */
async function undo(
  { store, model, source }: Pick<OpenSource, 'store' | 'model' | 'source'>,
  first: number,
  last: number,
): Promise<void> {
  for (const { table, where } of tablesOf(source)) {
    await repeat(
      store,
      `delete from ${table} t using (select ctid from ${table} where ${where} and since between $3 and $4 limit $5) x
       where t.ctid = x.ctid returning 1`,
      [model, source, first, last],
    );
    const sql = `update ${table} set until = null where ${where} and until between $3 and $4`;
    await store.query(sql, [model, source, first, last]);
  }
}

function tablesOf(source: SourceNumber): readonly VersionedTable[] {
  return source === 1 ? [ENTITY_TABLE] : [ENTITY_TABLE, SALES_TABLE];
}

async function clear(
  store: Store,
  { table, where }: VersionedTable,
  model: number,
  source: SourceNumber,
  prior: number,
): Promise<void> {
  await repeat(
    store,
    `delete from ${table} t using (select ctid from ${table} where ${where} and until <= $3 limit $4) x
    where t.ctid = x.ctid returning 1`,
    [model, source, prior],
  );
}

async function repeat(store: Store, sql: string, values: readonly number[]): Promise<void> {
  const counted = `with gone as (${sql}) select count(*)::integer as count from gone`;
  for (;;) {
    const [row] = await store.query<{ count: number }>(counted, [...values, CLEARED_AT_ONCE]);
    if (row!.count < CLEARED_AT_ONCE) return;
  }
}

/**
 * Runs a read while nobody else reads this source into this model, in this process or another.
 * @throws PlanbridgeError PB_REQUEST_BUSY when another read does not end within `waitMs`
 */
export async function withSource<T>(
  store: Store,
  { model, source }: { model: number; source: SourceNumber },
  waitMs: number,
  run: (open: OpenSource) => Promise<T>,
): Promise<T> {
  let begun = false;
  try {
    return await store.locked(`model ${model} source ${source}`, waitMs, async () => {
      begun = true;
      return await run(await beginRead(store, model, source));
    });
  } catch (error) {
    if (begun || !(error instanceof PlanbridgeError) || error.code !== 'PB_REQUEST_BUSY') throw error;
    throw new PlanbridgeError('PB_REQUEST_BUSY', 503, `Odoo is being read for this company already (odoo_${source}).`, {
      remedy: 'Wait until that read is done.',
      retryAfterSeconds: 30,
    });
  }
}

export interface ReadResult {
  header: PlanHeader;
  /** Places of the parts that were read completely. */
  parts: readonly number[];
  counts: Readonly<Record<string, number>>;
  report: readonly ReportEntry[];
  basis: string;
  memory: Buffer | null;
  /** Whether everything was read. */
  full: boolean;
  at: Date;
}

/**
 * Makes the rows of this read count, all at once. Records that Odoo has no more but planners edited stay, as the planners' own.
 * @returns how many records were kept so
 */
export async function completeRead(open: OpenSource, result: ReadResult): Promise<number> {
  const { model, source, next, token, store } = open;
  const { added = 0, changed = 0 } = result.counts;
  // Else the database looks for rows as if there were few of them; nobody else tells the embedded one.
  if (added + changed > MANY_ROWS) await store.query('analyze planbridge.entity');
  return await store.transaction(async (query) => {
    const done = await query(
      `update planbridge.model_source set prior = version, version = $4, writing = null, header = $5::jsonb, parts = $6::jsonb,
         counts = $7::jsonb, report = $8::jsonb, basis = $9, memory = $10, read_at = $11,
         full_at = case when $12 then $11 else full_at end
       where model = $1 and source = $2 and writing = $3 returning 1`,
      [
        ...[model, source, token, next, JSON.stringify(result.header), JSON.stringify(result.parts)],
        ...[JSON.stringify(result.counts), JSON.stringify(result.report), result.basis, result.memory, result.at],
        result.full,
      ],
    );
    if (done.length === 0) throw lostSource(source);
    return await keepEdited(query, open, result.at);
  });
}

/** Leaves the model as it was; what was written is cleared away by the next read. */
export async function abandonRead(open: OpenSource): Promise<void> {
  const { store, model, source, token, next } = open;
  await undo(open, next, next);
  const sql = 'update planbridge.model_source set writing = null where model = $1 and source = $2 and writing = $3';
  await store.query(sql, [model, source, token]);
}

export function lostSource(source: SourceNumber): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BUSY', 503, `Another process has begun to read odoo_${source} meanwhile.`, {
    remedy: 'Nothing is lost: look at its run.',
  });
}

/** Which rows of a kind and key count now, in any source. */
const STILL_THERE = `select 1 from planbridge.entity n join planbridge.model_source s on s.model = n.model and s.source = n.source
  where n.model = $1 and n.kind = k.kind and n.key = k.key and n.since <= s.version and (n.until is null or n.until > s.version)`;

async function keepEdited(query: Query, { model, source, next }: OpenSource, at: Date): Promise<number> {
  await query(
    `delete from planbridge.own_entity k where k.model = $1 and k.origin = 'odoo' and exists (${STILL_THERE})`,
    [model],
  );
  const kept = await query(
    `insert into planbridge.own_entity (model, kind, key, origin, value, who, at)
     select distinct on (k.kind, k.key) k.model, k.kind, k.key, 'odoo', k.value, e.who, $4::timestamptz
     from planbridge.entity k
     join (select kind, key, min(who) as who from planbridge.edit where model = $1 group by kind, key) e
       on e.kind = k.kind and e.key = k.key
     where k.model = $1 and k.source = $2 and k.until = $3 and not exists (${STILL_THERE})
     order by k.kind, k.key, k.part, k.record, k.seq
     on conflict (model, kind, key) do nothing returning 1`,
    [model, source, next, at],
  );
  return kept.length;
}
