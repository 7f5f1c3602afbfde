// The plan as a board: resources with the orders that load them, or orders with their steps.
import { z } from 'zod';
import type { Surroundings } from '../parts.ts';
import type { ScopeOf } from './scope.ts';

const Bar = z.object({
  id: z.string().describe('reference of the order, with the resource behind it where it loads several'),
  reference: z.string(),
  row: z.string(),
  start: z.number().describe('seconds on the plan’s clock'),
  end: z.number(),
  item: z.string().nullable(),
  operation: z.string().nullable(),
  owner: z.string().nullable(),
  type: z.string(),
  status: z.string(),
  quantity: z.number(),
  lateSeconds: z.number().describe('of the latest demand that it serves'),
  demands: z.array(z.string()),
});

const Answer = z.object({
  planId: z.number().nullable(),
  now: z.number(),
  rows: z.array(z.object({ key: z.string(), label: z.string(), hint: z.string() })),
  bars: z.array(Bar),
  /** More than are sent. */
  cut: z.boolean(),
});

const MOST_BARS = 50_000;

const SERVED = `select p.reference, max(d.late_seconds)::float8 as late, array_agg(distinct p.demand) as demands
  from planbridge.plan_peg p join planbridge.plan_demand d on d.plan_id = p.plan_id and d.name = p.demand
  where p.plan_id = $1 and p.reference is not null group by p.reference`;

/** A step serves what its order serves. */
const BARS = {
  resource: `with served as (${SERVED})
    select l.reference || ' ' || l.resource as id, l.reference, l.resource as row, l.start_at::float8 as start,
      l.end_at::float8 as "end", coalesce(o.item, m.item) as item, o.operation, o.owner, o.type, o.status, o.quantity,
      coalesce(s.late, t.late, 0) as "lateSeconds", coalesce(s.demands, t.demands, '{}') as demands
    from planbridge.plan_load l
    join planbridge.plan_order o on o.plan_id = l.plan_id and o.reference = l.reference
    left join planbridge.plan_order m on m.plan_id = o.plan_id and m.reference = o.owner
    left join served s on s.reference = o.reference
    left join served t on t.reference = o.owner
    where l.plan_id = $1 and ($2::float8 is null or l.end_at >= $2) and ($3::float8 is null or l.start_at <= $3)
    order by l.start_at, l.seq limit ${MOST_BARS}`,
  order: `with served as (${SERVED})
    select o.reference as id, o.reference, coalesce(o.item, '') || case when o.type = 'DLVR' then '' else ' · ' || o.type end as row,
      o.start_at::float8 as start, o.end_at::float8 as "end", o.item, o.operation, o.owner, o.type, o.status, o.quantity,
      coalesce(s.late, 0) as "lateSeconds", coalesce(s.demands, '{}') as demands
    from planbridge.plan_order o left join served s on s.reference = o.reference
    where o.plan_id = $1 and o.owner is null and o.type in ('MO', 'PO', 'DO')
      and ($2::float8 is null or o.end_at >= $2) and ($3::float8 is null or o.start_at <= $3)
    order by o.start_at, o.reference limit ${MOST_BARS}`,
} as const;

export function addBoardRoutes({ api, store }: Pick<Surroundings, 'api' | 'store'>, scope: ScopeOf): void {
  api.route(
    {
      method: 'get',
      path: '/api/board',
      tag: 'Plan',
      summary: 'The plan as bars in rows: by resource, or by item and kind of order',
      role: 'viewer',
      query: z.object({
        company: z.string().default(''),
        by: z.enum(['resource', 'order']).default('resource'),
        from: z.coerce.number().optional().describe('seconds on the plan’s clock'),
        to: z.coerce.number().optional(),
      }),
      answer: Answer,
    },
    async ({ user, query }) => {
      const { odoo, company } = await scope(user, query.company);
      const [plan] = await store.query<{ id: number; now: number }>(
        `select id::float8 as id, plan_time::float8 as now from planbridge.plan
         where odoo = $1 and company = $2 and state = 'current'`,
        [odoo, company],
      );
      if (!plan) return { planId: null, now: 0, rows: [], bars: [], cut: false };
      const bars = await store.query<z.infer<typeof Bar>>(BARS[query.by], [
        plan.id,
        query.from ?? null,
        query.to ?? null,
      ]);
      const hours = new Map<string, number>();
      for (const { row, start, end } of bars) hours.set(row, (hours.get(row) ?? 0) + (end - start) / 3_600);
      const rows = [...hours]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([key, sum]) => ({ key, label: key, hint: query.by === 'resource' ? `${Math.round(sum)} h` : '' }));
      return { planId: plan.id, now: plan.now, rows, bars, cut: bars.length === MOST_BARS };
    },
  );
}
