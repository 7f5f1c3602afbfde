// One order or one demand of the current plan with what hangs together with it. Reads only.
import { z } from 'zod';
import { formatStamp } from '../../mapping/time.ts';
import type { Query } from '../../store/database.ts';
import type { PlanRow } from './plans.ts';

/** Of the plan's clock, as `2026-01-05T08:00:00`. */
const DATES = ['start', 'end', 'at', 'due', 'delivery'];

type Row = Record<string, unknown>;

function dated(rows: readonly Row[]): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        DATES.includes(name) && typeof value === 'number' ? formatStamp(value) : value,
      ]),
    ),
  );
}

const ORDER = `o.reference, o.type, o.status, o.item, o.category, o.location, o.origin, o.supplier, o.operation, o.owner, o.demand,
  o.batch, o.start_at::float8 as start, o.end_at::float8 as end, o.quantity, o.completed, o.value, o.detail,
  e.outcome, e.model, e.res_id as "resId", e.name as number, e.note, e.who as "exportedBy", e.at as "exportedAt"`;
const ORDERS = `planbridge.plan_order o
  left join planbridge.plan_export e on e.plan_id = o.plan_id and e.reference = o.reference`;

export interface OrderDetail {
  order: Row;
  /** Steps of a manufacturing order. */
  steps: Row[];
  materials: Row[];
  loads: Row[];
  /** Demands that it serves, with the quantity of the order that does. */
  demands: Row[];
  /** Why it cannot be written to Odoo; null = it can. */
  notWritten: string | null;
}

export async function orderDetail(query: Query, planId: number, reference: string): Promise<OrderDetail | null> {
  const [order] = await query(`select ${ORDER} from ${ORDERS} where o.plan_id = $1 and o.reference = $2`, [
    planId,
    reference,
  ]);
  if (!order) return null;
  const ask = async (sql: string) => dated(await query(sql, [planId, reference]));
  const [posted] = await query<{ note: string; element: boolean }>(
    `select note, element is not null as element from planbridge.plan_posted
     where plan_id = $1 and reference = $2 and type <> 'SO'`,
    [planId, reference],
  );
  return {
    order: dated([order])[0]!,
    steps: await ask(
      `select ${ORDER} from ${ORDERS} where o.plan_id = $1 and o.owner = $2 order by o.start_at, o.reference`,
    ),
    materials: await ask(
      `select item, location, at::float8 as at, quantity, onhand from planbridge.plan_flow
       where plan_id = $1 and reference = $2 order by at, seq`,
    ),
    loads: await ask(
      `select resource, start_at::float8 as start, end_at::float8 as end, quantity, reference from planbridge.plan_load
       where plan_id = $1 and (reference = $2 or reference in
         (select reference from planbridge.plan_order where plan_id = $1 and owner = $2)) order by start_at, seq`,
    ),
    demands: await ask(
      `select p.demand as name, sum(p.quantity) as quantity, d.item, d.customer, d.due::float8 as due,
         d.delivery::float8 as delivery, d.state
       from planbridge.plan_peg p left join planbridge.plan_demand d on d.plan_id = p.plan_id and d.name = p.demand
       where p.plan_id = $1 and p.reference = $2
       group by p.demand, d.item, d.customer, d.due, d.delivery, d.state order by d.due, p.demand limit 500`,
    ),
    notWritten: posted ? (posted.element ? null : posted.note) : 'orders of this kind and status are not written',
  };
}

const moment = z.string().nullable().describe("on the plan's clock: 2026-03-02T08:00:00");
const name = z.string().nullable();

export const DemandDetail = z.object({
  planTime: z.string(),
  demand: z.object({
    name: z.string(),
    item: name,
    location: name,
    customer: name,
    status: z.string(),
    state: z.string(),
    quantity: z.number(),
    planned: z.number(),
    due: moment,
    delivery: moment,
    lateSeconds: z.number(),
    reasons: z.array(z.looseObject({ text: z.string() })),
    /** What became of its promised date in Odoo. */
    promise: z.object({ outcome: z.string(), number: name, resId: z.number().nullable(), note: z.string() }).nullable(),
  }),
  supply: z
    .array(
      z.looseObject({
        reference: name.describe('null = stock'),
        level: z.number().describe('steps away from the delivery'),
        pegged: z.number().describe('of it for this demand'),
        quantity: z.number(),
        type: name,
        status: name,
        item: name,
        location: name,
        supplier: name,
        origin: name,
        operation: name,
        owner: name,
        resources: z.array(z.string()),
        start: moment,
        end: moment,
        number: name.describe('in Odoo'),
      }),
    )
    .describe('nearest first; what is proposed of it is what an export may offer together'),
});
export type DemandDetail = z.infer<typeof DemandDetail>;

/** Stock is no order: the peg says how much of which item it is. */
const SUPPLY = ORDER.replace('o.reference', 'p.reference')
  .replace('o.quantity', 'coalesce(o.quantity, p.quantity) as quantity')
  .replace('o.item', 'coalesce(o.item, p.item) as item')
  .replace('o.location', 'coalesce(o.location, p.location) as location');

/** A chain of more orders is no picture any more. */
const LONGEST = 5_000;

export async function demandDetail(
  query: Query,
  { id, planTime }: PlanRow,
  demandName: string,
): Promise<DemandDetail | null> {
  const [found] = await query<Row & { reasons: unknown[]; outcome: string | null }>(
    `select d.name, d.item, d.location, d.customer, d.status, d.state, d.quantity, d.planned, d.due::float8 as due,
       d.delivery::float8 as delivery, d.late_seconds::float8 as "lateSeconds", d.reasons,
       e.outcome, e.name as number, e.res_id as "resId", e.note
     from planbridge.plan_demand d
     left join planbridge.plan_export e on e.plan_id = d.plan_id and e.reference = d.name and e.type = 'SO'
     where d.plan_id = $1 and d.name = $2`,
    [id, demandName],
  );
  if (!found) return null;
  const { outcome, number, resId, note, reasons, ...demand } = found;
  const supply = await query(
    `select p.level, p.quantity as pegged, ${SUPPLY},
       coalesce((select array_agg(distinct l.resource) from planbridge.plan_load l
         where l.plan_id = p.plan_id and l.reference = p.reference), '{}') as resources
     from planbridge.plan_peg p
     left join planbridge.plan_order o on o.plan_id = p.plan_id and o.reference = p.reference
     left join planbridge.plan_export e on e.plan_id = p.plan_id and e.reference = p.reference
     where p.plan_id = $1 and p.demand = $2 order by p.level, o.start_at, p.seq limit ${LONGEST}`,
    [id, demandName],
  );
  return {
    planTime: formatStamp(planTime),
    demand: {
      ...dated([demand])[0]!,
      reasons: reasons.map((reason) => (typeof reason === 'string' ? { text: reason } : reason)),
      promise: outcome === null ? null : { outcome, number, resId, note },
    } as DemandDetail['demand'],
    supply: dated(supply) as DemandDetail['supply'],
  };
}
