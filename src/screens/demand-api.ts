// One demand with the whole chain that supplies it.
import { z } from 'zod';
import { notFound } from '../http/api.ts';
import type { Surroundings } from '../parts.ts';
import type { ScopeOf } from './scope.ts';

const moment = z.string().nullable().describe("on the plan's clock: 2026-03-02T08:00");

const Demand = z.object({
  name: z.string(),
  item: z.string().nullable(),
  location: z.string().nullable(),
  customer: z.string().nullable(),
  status: z.string(),
  state: z.string(),
  quantity: z.number(),
  planned: z.number(),
  due: moment,
  delivery: moment,
  lateSeconds: z.number(),
  reasons: z.array(z.string()),
});

const Step = z.object({
  reference: z.string().nullable().describe('null = stock'),
  level: z.number().describe('steps away from the delivery'),
  type: z.string().nullable(),
  status: z.string().nullable(),
  item: z.string().nullable(),
  location: z.string().nullable(),
  supplier: z.string().nullable(),
  operation: z.string().nullable(),
  owner: z.string().nullable(),
  resources: z.array(z.string()),
  quantity: z.number(),
  used: z.number().describe('of it for this demand'),
  start: moment,
  end: moment,
  number: z.string().nullable().describe('in Odoo'),
});

const Answer = z.object({ demand: Demand, chain: z.array(Step), planTime: z.string() });

const text = (seconds: string) => `to_char(to_timestamp(${seconds}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI')`;

/** A chain of thousands of orders is no picture any more. */
const LONGEST = 2_000;

export function addDemandRoutes({ api, store }: Pick<Surroundings, 'api' | 'store'>, scope: ScopeOf): void {
  api.route(
    {
      method: 'get',
      path: '/api/demands/:name',
      tag: 'Plan',
      summary: 'One demand: when it is delivered, why late, and every order of its chain',
      role: 'viewer',
      query: z.object({ company: z.string().default('') }),
      answer: Answer,
    },
    async ({ user, params, query }) => {
      const { odoo, company } = await scope(user, query.company);
      const [demand] = await store.query<z.infer<typeof Demand> & { planId: number; planTime: string }>(
        `select d.name, d.item, d.location, d.customer, d.status, d.state, d.quantity, d.planned,
           ${text('d.due')} as due, ${text('d.delivery')} as delivery, d.late_seconds::float8 as "lateSeconds",
           (select coalesce(jsonb_agg(coalesce(reason->>'text', reason#>>'{}')), '[]')
            from jsonb_array_elements(d.reasons) reason) as reasons,
           p.id::float8 as "planId", ${text('p.plan_time')} as "planTime"
         from planbridge.plan p join planbridge.plan_demand d on d.plan_id = p.id
         where p.odoo = $1 and p.company = $2 and p.state = 'current' and d.name = $3`,
        [odoo, company, params.name!],
      );
      if (!demand) throw notFound('demand in the plan');
      const { planId, planTime, ...shown } = demand;
      const chain = await store.query<z.infer<typeof Step>>(
        `select p.reference, p.level, o.type, o.status, o.item, o.location, coalesce(o.supplier, o.origin) as supplier,
           o.operation, o.owner, coalesce(o.quantity, p.quantity) as quantity, p.quantity as used,
           ${text('o.start_at')} as start, ${text('o.end_at')} as end, e.name as number,
           coalesce((select array_agg(distinct l.resource) from planbridge.plan_load l
             where l.plan_id = p.plan_id and l.reference = p.reference), '{}') as resources
         from planbridge.plan_peg p
         left join planbridge.plan_order o on o.plan_id = p.plan_id and o.reference = p.reference
         left join planbridge.plan_export e on e.plan_id = p.plan_id and e.reference = p.reference
         where p.plan_id = $1 and p.demand = $2 order by p.level, o.start_at, p.seq limit ${LONGEST}`,
        [planId, shown.name],
      );
      return { demand: shown, chain, planTime };
    },
  );
}
