// Planning entities as rows of the stored model: which record each belongs to, its key, its columns, its hash.
import { hash } from 'node:crypto';
import type { PlanPart } from '../../connector/export.ts';
import type { MappingContext } from '../../mapping/context.ts';
import { link, type OdooRow } from '../../mapping/records.ts';
import type { EntityName } from '../../mapping/rules.ts';
import type { PlanEntity } from '../model.ts';
import { COLUMN_NAMES, columnsOf } from './columns.ts';
import { keyOf } from './keys.ts';
import { leaderOf } from './parts.ts';
import type { NewRow } from './tables.ts';

/** @param document Odoo's record that people open to see it, where that is not `record` */
export function entityRow(record: number, seq: number, entity: PlanEntity, document: number | null = null): NewRow {
  const value = JSON.stringify(entity.value);
  if (UNSTORABLE.test(value)) return entityRow(record, seq, storable(entity), document);
  const columns = columnsOf(entity);
  const key = keyOf(entity);
  return {
    record,
    seq,
    hash: hash('md5', `${entity.entity}\n${key}\n${value}${document === null ? '' : `\n${document}`}`),
    values: [entity.entity, key, ...COLUMN_NAMES.map((name) => columns[name]), value, document],
  };
}

/** Halves of characters, and zeros: Odoo's own API may hand them on, PostgreSQL keeps neither. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;
const REPLACED = /\0|\\u(?:0000|d[89a-f])/gi;

/** The same without them; a text that only looks so loses the look, so that this ends. */
function storable(entity: PlanEntity): PlanEntity {
  const text = JSON.stringify(entity.value, (_, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll(REPLACED, '') : inner,
  );
  return { entity: entity.entity, value: JSON.parse(text) as unknown } as PlanEntity;
}

/** Remembers from which of Odoo's records each entity of an export was made. */
export interface Origins {
  of(value: object): { entity: EntityName; row: OdooRow } | undefined;
}

/** Listens where the mapping gives each entity its last touch. */
export function watchOrigins(context: MappingContext): Origins {
  const origins = new WeakMap<object, { entity: EntityName; row: OdooRow }>();
  const finish = context.finish.bind(context);
  context.finish = (entity, row, target) => {
    const finished = finish(entity, row, target);
    origins.set(finished, { entity, row });
    return finished;
  };
  return { of: (value) => origins.get(value) };
}

export interface RecordOfRows {
  record: number;
  rows: NewRow[];
}

/** From one record to the next when a record comes a second time; Odoo's ids are far below. */
const AGAIN = 2 ** 40;

/**
 * The rows of a part, record by record, in the order of the document as long as Odoo's records come in ascending id.
 * Each record comes once.
 */
export async function* recordsOf(
  part: PlanPart,
  pages: AsyncIterable<readonly PlanEntity[]>,
  origins: Origins,
): AsyncGenerator<RecordOfRows> {
  const leader = leaderOf(part);
  const times = new Map<number, number>();
  let place = 0;
  let id: number | undefined;
  let current: RecordOfRows | undefined;
  for await (const page of pages) {
    for (const entity of page) {
      const origin = origins.of(entity.value);
      // What has no record of its own stands alone, at its place.
      const leads = leader === null || origin === undefined || origin.entity === leader;
      const own = leader === null || origin === undefined ? place++ : idOf(origin);
      if (current === undefined || (leads && own !== id)) {
        if (current !== undefined) yield current;
        const time = times.get(own) ?? 0;
        times.set(own, time + 1);
        id = own;
        current = { record: own + time * AGAIN, rows: [] };
      }
      current.rows.push(entityRow(current.record, current.rows.length, entity, documentOf(origin)));
    }
  }
  if (current !== undefined) yield current;
}

const DOCUMENT_FIELDS: Readonly<Partial<Record<EntityName, string>>> = {
  purchaseorder: 'order_id',
  distributionorder: 'picking_id',
  workorder: 'id',
};

function documentOf(origin: { entity: EntityName; row: OdooRow } | undefined): number | null {
  const field = origin && DOCUMENT_FIELDS[origin.entity];
  if (origin === undefined || field === undefined) return null;
  return (field === 'id' ? origin.row.id : link(origin.row, field)) ?? null;
}

/** Odoo makes and removes rows of stock as goods move: stock goes by product. */
function idOf({ entity, row }: { entity: EntityName; row: OdooRow }): number {
  return entity === 'stock' ? (link(row, 'product_id') ?? row.id) : row.id;
}
