// Which of Odoo's records stands behind an entity of the planning model, and which entities come of a record. By ids that the reads
// keep, so that a record that is called otherwise by now is found all the same. Reads only.
import type { PlanPart } from '../../connector/export.ts';
import type { Query } from '../../store/database.ts';
import { type EntityKind, partAt, placeOf } from './parts.ts';

export interface OdooRecord {
  model: string;
  id: number;
}

export interface EntityOfRecord {
  kind: EntityKind;
  key: string;
  type: string | null;
  item: string | null;
  location: string | null;
  party: string | null;
  status: string | null;
}

/** A record that comes again in a part counts on from here (rows.ts). */
const AGAIN = 2 ** 40;
const MOST_TIMES = 4;

/** What rows of a part are made from; `document` = their order, where that is what people open. */
const MODELS: Readonly<Partial<Record<PlanPart, { record: string; document?: string }>>> = {
  location: { record: 'stock.warehouse' },
  resource: { record: 'mrp.workcenter' },
  itemcategory: { record: 'product.category' },
  item: { record: 'product.product' },
  operation: { record: 'mrp.bom' },
  demand: { record: 'sale.order.line', document: 'sale.order' },
  purchaseorder: { record: 'purchase.order.line', document: 'purchase.order' },
  distributionorder: { record: 'stock.move', document: 'stock.picking' },
  manufacturingorder: { record: 'mrp.production', document: 'mrp.workorder' },
  stock: { record: 'product.product' },
};

/** Customers and suppliers carry their partner's id, whoever of its people came first (mapping/partners.ts). */
const PARTNER_ID = / (\d{1,9})$/;

/** Rows that count, in either source. */
const COUNTING = `from planbridge.entity e join planbridge.model_source s on s.model = e.model and s.source = e.source
  where e.model = $1 and e.since <= s.version and (e.until is null or e.until > s.version)`;

/** Odoo's record by the entity's key; what has none is not in it. */
export async function recordsOfEntities(
  query: Query,
  model: number,
  kind: EntityKind,
  keys: readonly string[],
): Promise<Map<string, OdooRecord>> {
  const found = new Map<string, OdooRecord>();
  if (keys.length === 0) return found;
  if (kind === 'customer' || kind === 'supplier') {
    for (const key of keys) {
      const id = Number(PARTNER_ID.exec(key)?.[1] ?? 0);
      if (id > 0) found.set(key, { model: 'res.partner', id });
    }
    return found;
  }
  const rows = await query<{ key: string; part: number; record: number; document: number | null }>(
    `select e.key, e.part, e.record::float8 as record, e.document::float8 as document ${COUNTING}
     and e.kind = $2 and e.key = any($3::text[]) order by e.source desc`,
    [model, kind, [...keys]],
  );
  for (const { key, part, record, document } of rows) {
    const place = partAt(part);
    const models = place && MODELS[place];
    if (!models) continue;
    if (document !== null && models.document) found.set(key, { model: models.document, id: document });
    else found.set(key, { model: models.record, id: record % AGAIN });
  }
  return found;
}

/** Entities that a part made of these records, or of the lines or moves of these documents. */
export async function entitiesOfRecords(
  query: Query,
  model: number,
  part: PlanPart,
  by: 'record' | 'document',
  ids: readonly number[],
): Promise<EntityOfRecord[]> {
  if (ids.length === 0) return [];
  const wanted =
    by === 'document'
      ? [...ids]
      : ids.flatMap((id) => Array.from({ length: MOST_TIMES }, (_, time) => id + time * AGAIN));
  return await query<EntityOfRecord>(
    `select e.kind, e.key, e.type, e.item, e.location, e.party, e.status ${COUNTING}
     and e.source in (1, 2) and e.part = $2 and e.${by === 'document' ? 'document' : 'record'} = any($3::bigint[])
     order by e.source, e.record, e.seq`,
    [model, placeOf(part), wanted],
  );
}

/** Customers or suppliers that stand for these partners. */
export async function partiesOfPartners(
  query: Query,
  model: number,
  kind: 'customer' | 'supplier',
  partners: readonly number[],
): Promise<string[]> {
  const rows = await query<{ key: string }>(
    `select distinct e.key ${COUNTING} and e.part = $2 and e.kind = $3
     and substring(e.key from ' ([0-9]{1,9})$') = any($4::text[]) order by e.key`,
    [model, placeOf(kind), kind, partners.map(String)],
  );
  return rows.map(({ key }) => key);
}
