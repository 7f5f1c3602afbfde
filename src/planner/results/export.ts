// Orders of a stored plan as a document that is posted to Odoo: all that an export holds, by filter, or chosen ones as somebody has
// edited them. Goes the way of every posted plan, so each order is made once.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ORDER_LIMITS, readOrders } from '../../connector/document/orders.ts';
import type { ImportResult, RecordResult } from '../../connector/import-result.ts';
import { PlanbridgeError } from '../../errors.ts';
import { type PostedRecord, parsePostedTime } from '../../mapping/posted.ts';
import type { Query } from '../../store/database.ts';
import type { PlanTime } from '../model.ts';
import { attributeOf, movedBy, withAttribute } from './element.ts';
import type { PlanRow } from './plans.ts';

const compress = promisify(gzip);

export const EXPORT_TYPES = ['PO', 'MO', 'DO', 'WO', 'SO'] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

/** Limits new orders; what is absent does not. Changes of orders that Odoo has, and promised dates, go by type only. */
export interface ExportFilter {
  types?: readonly ExportType[] | undefined;
  /** Orders that start later than so many days from the plan's now stay. */
  daysAhead?: number | undefined;
  categories?: readonly string[] | undefined;
  suppliers?: readonly string[] | undefined;
  /** Items' cost times quantity. */
  minimumValue?: number | undefined;
}

export interface ExportDocument {
  posted: PostedRecord[];
  /** gzip */
  document: Buffer;
  /** Orders that an export should hold and cannot. */
  leftOut: { reference: string; type: string; reason: string }[];
}

interface Row {
  reference: string;
  type: ExportType;
  element: string | null;
  note: string;
  at: number;
}

const PAGE = 2_000;

/** @throws PlanbridgeError PB_PLAN_REFUSED when it is more than one document may hold */
export async function wholeExport(query: Query, plan: PlanRow, filter: ExportFilter): Promise<ExportDocument> {
  const { types = null, daysAhead, categories = null, suppliers, minimumValue = null } = filter;
  const until = daysAhead === undefined ? null : plan.planTime + daysAhead * 86_400;
  const elements: string[] = [];
  const leftOut: ExportDocument['leftOut'] = [];
  for (let after: [number, string] = [Number.MIN_SAFE_INTEGER, '']; ; ) {
    const rows = await query<Row>(
      `select p.reference, p.type, p.element, p.note, coalesce(o.start_at, 0)::float8 as at
       from planbridge.plan_posted p
       left join planbridge.plan_order o on o.plan_id = p.plan_id and o.reference = p.reference and p.type <> 'SO'
       where p.plan_id = $1 and p.whole and ($2::text[] is null or p.type = any($2))
         and (p.type = 'SO' or o.status <> 'proposed' or (
           ($3::bigint is null or o.start_at <= $3) and ($4::text[] is null or o.category = any($4))
           and ($5::float8 is null or o.value >= $5)))
         and (coalesce(o.start_at, 0), p.type || ' ' || p.reference) > ($6, $7)
       order by coalesce(o.start_at, 0), p.type || ' ' || p.reference limit ${PAGE}`,
      [plan.id, types, until, categories, minimumValue, ...after],
    );
    for (const { reference, type, element, note } of rows) {
      if (element === null) leftOut.push({ reference, type, reason: note });
      else if (!suppliers || type !== 'PO' || isOf(element, suppliers)) elements.push(element);
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = [last.at, `${last.type} ${last.reference}`];
  }
  return { ...(await documentOf(elements)), leftOut };
}

function isOf(element: string, suppliers: readonly string[]): boolean {
  return attributeOf(element, 'status') !== '' || suppliers.includes(attributeOf(element, 'supplier'));
}

export interface ChosenOrder {
  reference: string;
  quantity?: number | undefined;
  /** On the plan's clock. */
  end?: PlanTime | undefined;
  supplier?: string | undefined;
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT when one is not in the plan; PB_PLAN_REFUSED when one cannot be written */
export async function chosenExport(
  query: Query,
  plan: PlanRow,
  chosen: readonly ChosenOrder[],
): Promise<ExportDocument> {
  const references = chosen.map(({ reference }) => reference);
  const rows = await query<Row>(
    `select reference, type, element, note, 0 as at from planbridge.plan_posted
     where plan_id = $1 and type <> 'SO' and reference = any($2)`,
    [plan.id, references],
  );
  const found = new Map(rows.map((row) => [row.reference, row]));
  const missing = references.filter((reference) => !found.has(reference));
  if (missing.length > 0) {
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `The plan has no order ${missing.slice(0, 5).join(', ')}.`, {
      remedy: 'Look again: there may be a new plan. Steps are written with their manufacturing order.',
    });
  }
  const elements = chosen.map((one) => {
    const { element, note } = found.get(one.reference)!;
    if (element !== null) return edited(element, one);
    throw new PlanbridgeError('PB_PLAN_REFUSED', 409, `${one.reference} cannot be written to Odoo: ${note}.`);
  });
  return { ...(await documentOf(elements)), leftOut: [] };
}

function edited(element: string, { quantity, end, supplier }: ChosenOrder): string {
  let text = element;
  if (end !== undefined) text = movedBy(text, end - (parsePostedTime(attributeOf(text, 'end')) ?? end));
  if (quantity !== undefined) text = withAttribute(text, 'quantity', String(quantity));
  if (supplier !== undefined && attributeOf(text, 'ordertype') === 'PO')
    text = withAttribute(text, 'supplier', supplier);
  return text;
}

/** @throws PlanbridgeError PB_PLAN_REFUSED when it is more than one document may hold */
export async function documentOf(elements: readonly string[]): Promise<Pick<ExportDocument, 'posted' | 'document'>> {
  if (elements.length > ORDER_LIMITS.records) {
    throw new PlanbridgeError('PB_PLAN_REFUSED', 409, `${elements.length} orders are more than one export may hold.`, {
      remedy: 'Write fewer days ahead (daysAhead), or single types.',
    });
  }
  const orders = elements.filter((element) => element.startsWith('<operationplan'));
  const demands = elements.filter((element) => element.startsWith('<demand'));
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    '<operationplans>',
    ...orders,
    '</operationplans>',
    ...(demands.length > 0 ? ['<demands>', ...demands, '</demands>'] : []),
    '</plan>',
    '',
  ].join('\n');
  const bytes = Buffer.from(text);
  const posted: PostedRecord[] = [];
  await readOrders(once(bytes), (record) => posted.push(record));
  return { posted, document: await compress(bytes) };
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Notes what became of each order, with Odoo's number. A later export of the same order takes the place of an earlier one. */
export async function noteExport(
  query: Query,
  planId: number,
  importId: number,
  { records }: ImportResult,
  who: string,
  now: number,
): Promise<void> {
  const rows = [...latest(records).values()].map(({ reference, type, outcome, model, id, name, note }) => ({
    reference,
    type,
    outcome,
    model,
    res_id: id,
    name,
    note: note.slice(0, 2_000),
  }));
  for (let at = 0; at < rows.length; at += PAGE) {
    await query(
      `insert into planbridge.plan_export (plan_id, reference, type, outcome, model, res_id, name, note, import_id, who, at)
       select $1, r.reference, r.type, r.outcome, r.model, r.res_id, r.name, r.note, $2, $3, $4
       from jsonb_to_recordset($5::jsonb) as r (reference text, type text, outcome text, model text, res_id integer, name text, note text)
       on conflict (plan_id, reference) do update set type = excluded.type, outcome = excluded.outcome,
         model = coalesce(excluded.model, plan_export.model), res_id = coalesce(excluded.res_id, plan_export.res_id),
         name = coalesce(excluded.name, plan_export.name), note = excluded.note, import_id = excluded.import_id,
         who = excluded.who, at = excluded.at`,
      [planId, importId, who, new Date(now), JSON.stringify(rows.slice(at, at + PAGE))],
    );
  }
}

function latest(records: readonly RecordResult[]): Map<string, RecordResult> {
  return new Map(records.filter(({ reference }) => reference !== '').map((record) => [record.reference, record]));
}
