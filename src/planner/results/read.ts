// One order or one demand of the current plan with what hangs together with it. Reads only.
import { formatStamp } from '../../mapping/time.ts';
import type { Query } from '../../store/database.ts';

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

export interface DemandDetail {
  demand: Row;
  /** Orders and stock that supply it, nearest first; what is proposed of it is what an export may offer together. */
  supply: Row[];
}

export async function demandDetail(query: Query, planId: number, name: string): Promise<DemandDetail | null> {
  const [demand] = await query(
    `select name, item, location, customer, status, due::float8 as due, quantity, planned, delivery::float8 as delivery,
       late_seconds::float8 as "lateSeconds", state, reasons
     from planbridge.plan_demand where plan_id = $1 and name = $2`,
    [planId, name],
  );
  if (!demand) return null;
  const supply = await query(
    `select p.level, p.quantity as pegged, ${ORDER.replace('o.reference', 'p.reference')}
     from planbridge.plan_peg p
     left join planbridge.plan_order o on o.plan_id = p.plan_id and o.reference = p.reference
     left join planbridge.plan_export e on e.plan_id = p.plan_id and e.reference = p.reference
     where p.plan_id = $1 and p.demand = $2 order by p.level, o.end_at desc, p.seq limit 5000`,
    [planId, name],
  );
  return { demand: dated([demand])[0]!, supply: dated(supply) };
}
