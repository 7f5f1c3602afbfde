// Delivery dates that the plan promises, of chosen demands, for the sales orders they belong to. An order is promised as a whole: for
// the day on which the last of its lines is delivered, so its other lines come along. Changes nothing.
import { z } from 'zod';
import type { RecordResult } from '../../connector/import-result.ts';
import { PlanbridgeError } from '../../errors.ts';
import { parsePostedTime, promisedLines } from '../../mapping/posted.ts';
import { formatStamp } from '../../mapping/time.ts';
import type { Query } from '../../store/database.ts';
import type { PlanTime } from '../model.ts';
import { english, type Sentence, sentence } from '../output/sentence.ts';
import { attributeOf } from './element.ts';
import type { PlanRow } from './plans.ts';

/** A sales order as Odoo has it. */
export interface SalesOrder {
  id: number;
  name: string;
  /** Its delivery date on the plan's clock. */
  date: PlanTime | null;
  /** Days that goods leave before the date that is promised. */
  margin: number;
  /** The date to promise for goods that leave then; both on the plan's clock. */
  promise(leaves: PlanTime): PlanTime;
}

/** A demand of the plan, and the element that promises it; null = it cannot be promised. */
export interface PromiseRow {
  name: string;
  status: string;
  quantity: number;
  planned: number;
  delivery: number | null;
  element: string | null;
}

export interface PromisedOrder {
  order: SalesOrder;
  lines: PromiseRow[];
  /** The date to promise. */
  date: PlanTime;
  /** What the date does not cover. */
  notes: Sentence[];
}

/** The demands, and all others that may be of the same orders. @throws PlanbridgeError PB_REQUEST_ARGUMENT when one is not there */
export async function promiseRows(query: Query, plan: PlanRow, names: readonly string[]): Promise<PromiseRow[]> {
  const orders = new Set(names.flatMap((name) => promisedLines(name).map(({ order }) => order)));
  const rows = await query<PromiseRow>(
    `select d.name, d.status, d.quantity, d.planned, d.delivery::float8 as delivery, p.element
     from planbridge.plan_demand d
     left join planbridge.plan_posted p on p.plan_id = d.plan_id and p.type = 'SO' and p.reference = d.name
     where d.plan_id = $1 and (d.name = any($2) or regexp_replace(d.name, '\\s+\\d{1,9}$', '') = any($3)
       or regexp_replace(d.name, '\\s+\\d{1,9}\\s+(kit\\s+)?\\d{1,9}$', '') = any($3))
     order by d.name`,
    [plan.id, names, [...orders]],
  );
  const known = new Set(rows.map(({ name }) => name));
  const missing = names.filter((name) => !known.has(name));
  if (missing.length === 0) return rows;
  throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `The plan has no demand ${missing.slice(0, 5).join(', ')}.`, {
    remedy: 'Look again: there may be a new plan.',
  });
}

/** @param orderOf the sales order of each demand that is a line of one */
export function promisedOrders(
  rows: readonly PromiseRow[],
  names: readonly string[],
  orderOf: ReadonlyMap<string, SalesOrder>,
): { orders: PromisedOrder[]; leftOut: LeftOut[] } {
  const wanted = new Set(names.flatMap((name) => orderOf.get(name)?.id ?? []));
  const byOrder = Map.groupBy(
    rows.filter(({ name }) => wanted.has(orderOf.get(name)?.id ?? 0)),
    ({ name }) => orderOf.get(name)!.id,
  );
  const orders = [...byOrder.values()].flatMap((all): PromisedOrder[] => {
    const lines = all.filter(({ element }) => element !== null);
    if (lines.length === 0) return [];
    const order = orderOf.get(lines[0]!.name)!;
    const leaves = lines.map(({ element }) => parsePostedTime(attributeOf(element!, 'deliverydate')) ?? 0);
    return [{ order, lines, date: order.promise(Math.max(...leaves)), notes: all.flatMap(noteOf) }];
  });
  const promised = new Set(orders.flatMap(({ lines }) => lines.map(({ name }) => name)));
  const leftOut = rows
    .filter(({ name }) => names.includes(name) && !promised.has(name))
    .map((row) => {
      const said = orderOf.has(row.name) ? reasonOf(row) : NO_LINE;
      return { reference: row.name, reason: english(said, 0), sentence: said };
    });
  return { orders, leftOut };
}

const NO_LINE = sentence('it is no line of a sales order');

function noteOf(row: PromiseRow): Sentence[] {
  const demand = row.name;
  if (row.element === null)
    return row.status === 'open' ? [sentence('without {demand}: {reason}', { demand, reason: reasonOf(row) })] : [];
  const short = row.quantity - row.planned > 1e-6;
  return short
    ? [sentence('{demand}: only {quantity} of {all} by then', { demand, quantity: row.planned, all: row.quantity })]
    : [];
}

function reasonOf({ status, delivery }: PromiseRow): Sentence {
  if (status !== 'open') return sentence('it is no confirmed order ({status})', { status: { words: status } });
  return delivery === null ? sentence('the plan delivers nothing of it') : NO_LINE;
}

const moment = z.string().nullable().describe("on the plan's clock: 2026-03-02T08:00:00");
export const PromiseOutcome = z.object({
  order: z.string().describe('number of the sales order'),
  id: z.number().nullable().describe('in Odoo'),
  demands: z.array(z.string()).describe('its lines in the plan'),
  before: moment.describe("the order's delivery date in Odoo; null = none"),
  after: moment.describe('what it is then'),
  outcome: z.enum(['updated', 'unchanged', 'skipped', 'refused']),
  note: z.string(),
  notes: z.array(z.object({ text: z.string(), sentence: z.custom<Sentence>().optional() })).describe('of the note'),
});
export type PromiseOutcome = z.infer<typeof PromiseOutcome>;

export const LeftOut = z.object({ reference: z.string(), reason: z.string(), sentence: z.custom<Sentence>() });
type LeftOut = z.infer<typeof LeftOut>;

/** What became of each order, from what became of its lines. */
export function promiseOutcomes(orders: readonly PromisedOrder[], records: readonly RecordResult[]): PromiseOutcome[] {
  const byLine = new Map(records.map((record) => [record.reference, record]));
  const stamp = (time: PlanTime | null) => (time === null ? null : formatStamp(time));
  return orders.map(({ order, lines, date, notes }) => {
    const own = lines.flatMap(({ name }) => byLine.get(name) ?? []);
    const refused = own.filter(({ outcome }) => outcome === 'refused');
    const { outcome = 'skipped', note = '' } =
      refused[0] ?? own.find((record) => record.outcome === 'updated') ?? own[0] ?? {};
    const told = outcome === 'skipped' ? [note] : [...new Set(refused.map((record) => record.note))];
    const said = [
      ...told.filter(Boolean).map((text) => ({ text })),
      ...notes.map((one) => ({ text: english(one, 0), sentence: one })),
    ];
    return {
      order: order.name,
      id: order.id,
      demands: lines.map(({ name }) => name),
      before: stamp(order.date),
      after: stamp(outcome === 'updated' ? date : order.date),
      outcome: outcome === 'updated' || outcome === 'unchanged' || outcome === 'refused' ? outcome : 'skipped',
      note: said.map(({ text }) => text).join('; '),
      notes: said,
    };
  });
}
