// The stored model into memory: what Odoo says, source by source, with the planners' edits laid over it. Read page by page of one
// version, so that it is the same model from the first row to the last, whatever is being read in meanwhile.
import { PlanbridgeError } from '../../errors.ts';
import type { Store } from '../../store/database.ts';
import type { Operationplan, PlanEntity, PlanHeader } from '../model.ts';
import { addEntity, emptyPlanModel, type PlanModel } from '../plan-document.ts';
import { overlayOf } from './edits.ts';
import { addImplied } from './implied.ts';
import { PART_OF_KIND, placeOf } from './parts.ts';
import { linkReorderCalendars } from './reorder-calendars.ts';
import { findModel, type ModelScope } from './scope.ts';
import type { SourceNumber } from './source.ts';

export interface LoadOptions {
  signal?: AbortSignal;
  /** Closed and cancelled demands, most of all in years of sales: no plan needs them. Default `with`. */
  closedDemands?: 'with' | 'without';
  /** @param part from 0 to 1 */
  progress?(part: number, what: string): void;
}

/**
 * @throws PlanbridgeError PB_PLAN_REFUSED when nothing was read from Odoo yet
 * @example await loadModel(store, await accountScope(surroundings))
 */
export async function loadModel(store: Store, scope: ModelScope, options: LoadOptions = {}): Promise<PlanModel> {
  const id = await findModel(store, scope);
  for (let tries = 0; id !== null && tries < 3; tries++) {
    const model = emptyPlanModel();
    const pins = await pin(store, id);
    if (pins.length === 0) break;
    Object.assign(model.header, headerOf(pins));
    for await (const entity of storedEntities(store, id, pins, options)) add(model, entity);
    linkReorderCalendars(model);
    // Rows of this version may have been cleared away by reads that began meanwhile.
    if (await areWhole(store, id, pins)) return model;
  }
  if (id !== null && (await pin(store, id)).length > 0) {
    throw new PlanbridgeError('PB_STORE', 503, 'The planning model was replaced several times while it was loaded.', {
      remedy: 'Try again, and read Odoo less often.',
    });
  }
  throw new PlanbridgeError('PB_PLAN_REFUSED', 409, 'There is no planning model yet: Odoo was not read.', {
    remedy: 'Run odoo_read_1 first.',
  });
}

/** All entities as a plan has them, in the order of a plan document. */
export async function* modelEntities(
  store: Store,
  scope: ModelScope,
  options: LoadOptions = {},
): AsyncGenerator<PlanEntity> {
  const id = await findModel(store, scope);
  if (id !== null) yield* storedEntities(store, id, await pin(store, id), options);
}

function add(model: PlanModel, entity: PlanEntity): void {
  addImplied(model, entity);
  if (entity.entity !== 'operationplan' || typeof entity.value.operation !== 'object') {
    addEntity(model, entity);
    return;
  }
  const { operation, ...order } = entity.value;
  addImplied(model, { entity: 'operation', value: operation });
  addEntity(model, { entity: 'operation', value: operation });
  const value: Operationplan = { ...order, operation: operation.name };
  addEntity(model, { entity: 'operationplan', value });
}

interface Pin {
  source: SourceNumber;
  version: number;
  header: PlanHeader | null;
  parts: number[];
  rows: number;
}

async function pin(store: Store, model: number): Promise<Pin[]> {
  return await store.query<Pin>(
    `select source, version, header, parts, coalesce((counts->>'rows')::float8, 0) as rows
     from planbridge.model_source where model = $1 and version > 0 order by source`,
    [model],
  );
}

async function areWhole(store: Store, model: number, pins: readonly Pin[]): Promise<boolean> {
  const now = await store.query<{ source: number; oldest: number }>(
    'select source, oldest from planbridge.model_source where model = $1',
    [model],
  );
  return pins.every(({ source, version }) => now.some((row) => row.source === source && row.oldest <= version));
}

function headerOf(pins: readonly Pin[]): PlanHeader {
  return pins.find((one) => one.header !== null)?.header ?? {};
}

interface StoredRow {
  part: number;
  record: number;
  seq: number;
  kind: PlanEntity['entity'];
  key: string;
  value: object;
}

async function* storedEntities(
  store: Store,
  model: number,
  pins: readonly Pin[],
  { signal, progress, closedDemands }: LoadOptions,
): AsyncGenerator<PlanEntity> {
  const without = closedDemands === 'without';
  const overlay = await overlayOf(store, model);
  const second = pins.find(({ source }) => source === 2);
  const first = pins.find(({ source }) => source === 1);
  const slow = second ? await slowRows(store, model, second, without) : new Map<number, Map<string, StoredRow>>();
  const total = pins.reduce((sum, one) => sum + one.rows, 0);
  let seen = 0;
  let place = -1;
  let counted = 0;

  /** What belongs to a part beside the first source's rows, when it is over. */
  function* rest(upTo: number): Generator<PlanEntity> {
    for (const [part, rows] of [...slow].sort(([a], [b]) => a - b)) {
      if (part > upTo) continue;
      slow.delete(part);
      // What the first source reads completely is there or not as that source says.
      if (first?.parts.includes(part)) continue;
      for (const row of rows.values()) yield overlay.apply(entityOf(row));
    }
    yield* overlay.own((kind) => placeOf(PART_OF_KIND[kind]) <= upTo);
  }

  for await (const row of first ? pages(store, model, first, without, signal) : []) {
    if (row.part !== place) {
      yield* rest(row.part - 1);
      place = row.part;
    }
    seen += 1;
    if (++counted === 5_000) {
      counted = 0;
      progress?.(total > 0 ? Math.min(1, seen / total) : 0, 'loading the planning model');
    }
    const id = `${row.kind}\n${row.key}`;
    const other = slow.get(row.part)?.get(id);
    if (other) slow.get(row.part)!.delete(id);
    yield overlay.apply(entityOf(other ? { ...row, value: { ...other.value, ...row.value } } : row));
  }
  yield* rest(Number.MAX_SAFE_INTEGER);
}

function entityOf({ kind, value }: StoredRow): PlanEntity {
  return { entity: kind, value } as PlanEntity;
}

/** The slow source's rows, by part: few, since a part comes with one source only unless the mapping sheet splits it. */
async function slowRows(
  store: Store,
  model: number,
  second: Pin,
  without: boolean,
): Promise<Map<number, Map<string, StoredRow>>> {
  const parts = new Map<number, Map<string, StoredRow>>();
  for await (const row of pages(store, model, second, without, undefined)) {
    const rows = parts.get(row.part) ?? new Map<string, StoredRow>();
    rows.set(`${row.kind}\n${row.key}`, row);
    parts.set(row.part, rows);
  }
  return parts;
}

const PAGE = 4_000;

async function* pages(
  store: Store,
  model: number,
  { source, version }: Pin,
  without: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredRow> {
  // One that planners edited may be open by that.
  const open = without
    ? `and (kind <> 'demand' or status not in ('closed', 'canceled')
        or exists (select 1 from planbridge.edit x where x.model = $1 and x.kind = 'demand' and x.key = e.key))`
    : '';
  const ask = (after: readonly [number, number, number]) =>
    store.query<StoredRow>(
      `select part, record::float8 as record, seq, kind, key, value from planbridge.entity e
       where model = $1 and source = $2 and (part, record, seq) > ($3, $4, $5) and since <= $6 and (until is null or until > $6) ${open}
       order by e.part, e.record, e.seq limit ${PAGE}`,
      [model, source, ...after, version],
    );
  let next = ask([0, Number.MIN_SAFE_INTEGER, 0]);
  next.catch(() => {});
  for (;;) {
    const page = await next;
    signal?.throwIfAborted();
    const last = page.at(-1);
    if (last !== undefined && page.length === PAGE) {
      next = ask([last.part, last.record, last.seq]);
      next.catch(() => {});
    }
    yield* page;
    if (page.length < PAGE) return;
  }
}
