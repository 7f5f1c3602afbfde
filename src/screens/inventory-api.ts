// An item at a place: its stock over time with the orders that make it, where it is used, who supplies it, its safety stock.
import { z } from 'zod';
import { notFound } from '../http/api.ts';
import type { Surroundings } from '../parts.ts';
import { addOwnEntity, editEntity, removeEdit } from '../planner/store/edits.ts';
import { type ListedEntity, listEntities } from '../planner/store/list.ts';
import type { ModelScope } from '../planner/store/scope.ts';
import type { ScopeOf } from './scope.ts';

const tag = 'Inventory';

const moment = z.string().describe("on the plan's clock: 2026-03-02T08:00");

const Answer = z.object({
  stock: z.object({
    item: z.string(),
    location: z.string(),
    onhand: z.number(),
    safety: z.number(),
    lowest: z.number(),
    missing: moment.nullable(),
    cost: z.number().nullable(),
    now: moment,
    editedBy: z.string().nullable(),
  }),
  reorder: z.object({
    quantity: z.number().describe('least quantity of new orders; 0 = as suppliers and operations have it'),
    editedBy: z.string().nullable(),
  }),
  safety: z.array(z.object({ at: moment, quantity: z.number() })),
  flows: z.array(
    z.object({
      at: moment,
      quantity: z.number(),
      onhand: z.number(),
      reference: z.string().nullable(),
      type: z.string().nullable(),
      status: z.string().nullable(),
      counterpart: z.string().nullable().describe('supplier, origin, demand or operation'),
    }),
  ),
  usedIn: z.array(z.object({ operation: z.string(), item: z.string().nullable(), quantity: z.number() })),
  places: z.array(z.string()).describe('other places of the item'),
});

const text = (seconds: string) => `to_char(to_timestamp(${seconds}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI')`;
const MOST_FLOWS = 5_000;
const MOST_USES = 200;

const PLAN = `select id from planbridge.plan where odoo = $1 and company = $2 and state = 'current'`;

export function addInventoryRoutes(
  { api, store, now }: Pick<Surroundings, 'api' | 'store' | 'now'>,
  scopeOf: ScopeOf,
): void {
  const found = async (scope: ModelScope, kind: 'calendar' | 'location', key: string) => {
    const filters = [{ field: 'key', operator: 'is' as const, value: key }];
    const { rows } = await listEntities(store, scope, { kind, filters });
    return rows[0];
  };

  /** The calendar of the reorder quantity; the sheet may have its name end with the warehouse's. */
  async function calendarOf(scope: ModelScope, item: string, location: string): Promise<ListedEntity | undefined> {
    const here = await found(scope, 'calendar', `ROQ for ${item} @ ${location}`);
    if (here) return here;
    const { description } = (await found(scope, 'location', location))?.value ?? {};
    return description ? await found(scope, 'calendar', `ROQ for ${item} @ ${String(description)}`) : undefined;
  }

  const bufferOf = async (scope: ModelScope, key: string): Promise<ListedEntity | undefined> => {
    const { rows } = await listEntities(store, scope, {
      kind: 'buffer',
      filters: [{ field: 'key', operator: 'is', value: key }],
    });
    return rows[0];
  };

  api.route(
    {
      method: 'get',
      path: '/api/inventory/:item',
      tag,
      summary: 'Stock of an item at a place over time, and what it hangs together with',
      role: 'viewer',
      query: z.object({ company: z.string().default(''), location: z.string().default('') }),
      answer: Answer,
    },
    async ({ user, params, query }) => {
      const scope = await scopeOf(user, query.company);
      const model = { odoo: scope.odoo, company: scope.company || null };
      const item = params.item!;
      const places = await store.query<{ location: string }>(
        `select location from planbridge.plan_stock where plan_id = (${PLAN}) and item = $3 order by location`,
        [scope.odoo, scope.company, item],
      );
      const location = query.location || places[0]?.location;
      if (location === undefined) throw notFound('item in the plan');
      const [stock] = await store.query<z.infer<typeof Answer>['stock'] & { steps: [number, number][] }>(
        `select s.item, s.location, s.onhand, s.safety, s.lowest, ${text('s.missing_at')} as missing, s.cost,
           ${text('p.plan_time')} as now, s.safety_steps as steps
         from planbridge.plan_stock s join planbridge.plan p on p.id = s.plan_id
         where s.plan_id = (${PLAN}) and s.item = $3 and s.location = $4`,
        [scope.odoo, scope.company, item, location],
      );
      if (!stock) throw notFound('place of this item in the plan');
      const flows = await store.query<z.infer<typeof Answer>['flows'][number]>(
        `select ${text('f.at')} as at, f.quantity, f.onhand, f.reference, o.type, o.status,
           coalesce(o.supplier, o.origin, o.demand, o.operation) as counterpart
         from planbridge.plan_flow f
         left join planbridge.plan_order o on o.plan_id = f.plan_id and o.reference = f.reference
         where f.plan_id = (${PLAN}) and f.item = $3 and f.location = $4 order by f.at, f.seq limit ${MOST_FLOWS}`,
        [scope.odoo, scope.company, item, location],
      );
      const usedIn = await store.query<z.infer<typeof Answer>['usedIn'][number]>(
        `select o.operation, o.item, -sum(f.quantity) as quantity
         from planbridge.plan_flow f
         join planbridge.plan_order o on o.plan_id = f.plan_id and o.reference = f.reference
         where f.plan_id = (${PLAN}) and f.item = $3 and f.location = $4 and f.quantity < 0 and o.type = 'MO'
         group by o.operation, o.item order by 3 desc limit ${MOST_USES}`,
        [scope.odoo, scope.company, item, location],
      );
      const buffer = await bufferOf(model, `${item} @ ${location}`);
      const editedBy = buffer?.edited.minimum?.who ?? (buffer?.source === 'own' ? 'planner' : null);
      const { steps, ...shown } = stock;
      const time = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 16);
      return {
        stock: { ...shown, editedBy },
        reorder: reorderOf(await calendarOf(model, item, location)),
        safety: steps.map(([at, quantity]) => ({ at: time(at), quantity })),
        flows,
        usedIn,
        places: places.map((place) => place.location).filter((place) => place !== location),
      };
    },
  );

  api.route(
    {
      method: 'put',
      path: '/api/inventory/:item/safety-stock',
      tag,
      summary: 'Another safety stock than Odoo says, for the next plan',
      role: 'planner',
      query: z.object({ company: z.string().default(''), location: z.string().min(1) }),
      body: z.object({ quantity: z.number().min(0).max(1e12) }),
      edits: true,
      answer: z.object({ quantity: z.number() }),
    },
    async ({ user, params, query, body }) => {
      const { odoo, company } = await scopeOf(user, query.company);
      const scope = { odoo, company: company || null };
      const by = { who: user.login, at: now() };
      const [item, { location }, { quantity }] = [params.item!, query, body];
      const name = `${item} @ ${location}`;
      const known = await bufferOf(scope, name);
      if (known) await editEntity(store, scope, 'buffer', name, { minimum: quantity }, by);
      else
        await addOwnEntity(store, scope, { entity: 'buffer', value: { name, item, location, minimum: quantity } }, by);
      return { quantity };
    },
  );

  api.route(
    {
      method: 'delete',
      path: '/api/inventory/:item/safety-stock',
      tag,
      summary: 'The safety stock as Odoo says again',
      role: 'planner',
      query: z.object({ company: z.string().default(''), location: z.string().min(1) }),
      answer: z.object({}),
    },
    async ({ user, params, query }) => {
      const { odoo, company } = await scopeOf(user, query.company);
      const scope = { odoo, company: company || null };
      const name = `${params.item!} @ ${query.location}`;
      const known = await bufferOf(scope, name);
      // One of our own has nothing else to it.
      if (known) await removeEdit(store, scope, 'buffer', name, known.source === 'own' ? null : 'minimum');
      return {};
    },
  );

  api.route(
    {
      method: 'put',
      path: '/api/inventory/:item/reorder-quantity',
      tag,
      summary: 'Another reorder quantity than Odoo says, for the next plan',
      role: 'planner',
      query: z.object({ company: z.string().default(''), location: z.string().min(1) }),
      body: z.object({ quantity: z.number().min(0).max(1e12) }),
      edits: true,
      answer: z.object({ quantity: z.number() }),
    },
    async ({ user, params, query: { company: wanted, location }, body: { quantity } }) => {
      const { odoo, company } = await scopeOf(user, wanted);
      const scope = { odoo, company: company || null };
      const by = { who: user.login, at: now() };
      const known = await calendarOf(scope, params.item!, location);
      const always = { default: quantity, buckets: [] };
      if (known) await editEntity(store, scope, 'calendar', known.key, always, by);
      else {
        const name = `ROQ for ${params.item!} @ ${location}`;
        await addOwnEntity(store, scope, { entity: 'calendar', value: { name, ...always } }, by);
      }
      return { quantity };
    },
  );

  api.route(
    {
      method: 'delete',
      path: '/api/inventory/:item/reorder-quantity',
      tag,
      summary: 'The reorder quantity as Odoo says again',
      role: 'planner',
      query: z.object({ company: z.string().default(''), location: z.string().min(1) }),
      answer: z.object({}),
    },
    async ({ user, params, query }) => {
      const { odoo, company } = await scopeOf(user, query.company);
      const scope = { odoo, company: company || null };
      const known = await calendarOf(scope, params.item!, query.location);
      if (known) await removeEdit(store, scope, 'calendar', known.key);
      return {};
    },
  );
}

/** What holds now: rules of Odoo have one value, and planners set one. */
function reorderOf(calendar: ListedEntity | undefined): { quantity: number; editedBy: string | null } {
  const { default: usual = 0, buckets = [] } = (calendar?.value ?? {}) as {
    default?: number;
    buckets?: { value: number }[];
  };
  const edited = calendar ? Object.values(calendar.edited)[0]?.who : undefined;
  return { quantity: buckets[0]?.value ?? usual, editedBy: edited ?? (calendar?.source === 'own' ? 'planner' : null) };
}
