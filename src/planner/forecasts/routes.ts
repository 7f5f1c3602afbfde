// The API of the forecast: its cells, and what people know better.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { type Api, type ApiUser, idOf, notFound } from '../../http/api.ts';
import type { PlannerSurroundings } from '../open.ts';
import type { PlanScope } from '../results/plans.ts';
import { accountScope, odooKey } from '../store/scope.ts';
import { listOverrides } from './input.ts';
import { settleForecast } from './settle.ts';
import { spreadNew, spreadWithout } from './spread.ts';

const TAG = 'Forecast';
const Row = z.record(z.string(), z.unknown());
const name = z.string().min(1).max(500);

const Cells = z.strictObject({
  database: z.string().optional(),
  item: name.optional(),
  location: name.optional(),
  customer: z.string().max(500).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});
const Override = z.strictObject({
  item: name.optional(),
  location: name.optional(),
  customer: name.optional(),
  starts: z.iso.date().describe('a day of the bucket'),
  quantity: z.number().min(0).max(1e12).nullable().default(null),
  comment: z.string().max(2_000).default(''),
});

export function addForecastRoutes(api: Api, surroundings: PlannerSurroundings): void {
  const { store, now } = surroundings;

  async function scopeOf({ database }: ApiUser): Promise<PlanScope> {
    const { company } = await accountScope(surroundings);
    return { odoo: odooKey(surroundings.odoo.url, database), company: company ?? '' };
  }

  api.route(
    {
      method: 'get',
      path: '/api/forecast',
      tag: TAG,
      summary: 'The forecast that counts, cell by cell: item, location, customer and bucket',
      role: 'viewer',
      query: Cells,
      answer: z.object({ forecast: Row, cells: z.array(Row) }),
    },
    async ({ user, query }) => {
      const { odoo, company } = await scopeOf(user);
      const [forecast] = await store.query<{ id: number }>(
        `select id::float8 as id, bucket, horizon, arguments, summary, made_at as "madeAt" from planbridge.forecast
         where odoo = $1 and company = $2 and state = 'current'`,
        [odoo, company],
      );
      if (!forecast) {
        throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, 'There is no forecast yet.', {
          remedy: 'Begin a run of odoo_read_2,forecast.',
        });
      }
      const { item = null, location = null, customer = null, offset, limit } = query;
      const cells = await store.query(
        `select item, location, customer, bucket, to_char(starts, 'YYYY-MM-DD') as starts, to_char(ends, 'YYYY-MM-DD') as ends,
           orders, baseline, override, total, consumed, net, method, smape, mase
         from planbridge.forecast_cell where forecast_id = $1 and ($2::text is null or item = $2)
           and ($3::text is null or location = $3) and ($4::text is null or customer = $4)
         order by item, location, customer, bucket offset $5 limit $6`,
        [forecast.id, item, location, customer, offset, limit],
      );
      return { forecast, cells };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/forecast/overrides',
      tag: TAG,
      summary: 'What people have set, in the order in which it is applied',
      role: 'viewer',
      answer: z.object({ overrides: z.array(Row) }),
    },
    async ({ user }) => ({ overrides: await listOverrides(store.query, await scopeOf(user)) }),
  );

  api.route(
    {
      method: 'post',
      path: '/api/forecast/overrides',
      tag: TAG,
      summary: 'Sets the total of a bucket at any level, or remarks on it; it is spread over what lies below at once',
      role: 'planner',
      body: Override,
      answer: z.object({
        id: z.number(),
        spread: z.boolean().describe('whether the forecast holds it now; else the next one will'),
      }),
      status: 201,
    },
    async ({ user, body, signal }) => {
      const { item = null, location = null, customer = null, starts, quantity, comment } = body;
      if (quantity === null && comment === '') {
        throw new PlanbridgeError('PB_REQUEST_BODY', 400, 'Give a quantity, a comment, or both.');
      }
      const scope = await scopeOf(user);
      const { odoo, company } = scope;
      const [row] = await store.query<{ id: number }>(
        `insert into planbridge.forecast_override (odoo, company, item, location, customer, starts, quantity, comment, who, at)
         values ($1, $2, $3, $4, $5, $6::date, $7, $8, $9, $10) returning id::float8 as id`,
        [odoo, company, item, location, customer, starts, quantity, comment, user.login, new Date(now())],
      );
      const spread = await spreadNew(store, scope);
      await settleForecast(store, scope, { now: now(), signal, small: true });
      return { id: row!.id, spread: spread.includes(row!.id) };
    },
  );

  api.route(
    {
      method: 'delete',
      path: '/api/forecast/overrides/:id',
      tag: TAG,
      summary: 'Takes back what somebody set',
      role: 'planner',
      answer: z.object({ removed: z.boolean() }),
    },
    async ({ user, params, signal }) => {
      const scope = await scopeOf(user);
      const id = idOf(params, 'override');
      const gone = (await listOverrides(store.query, scope)).filter((one) => one.id === id);
      const removed = await store.query(
        'delete from planbridge.forecast_override where odoo = $1 and company = $2 and id = $3 returning 1',
        [scope.odoo, scope.company, id],
      );
      if (removed.length === 0) throw notFound('override');
      await spreadWithout(store, scope, gone);
      await settleForecast(store, scope, { now: now(), signal, small: true });
      return { removed: true };
    },
  );
}
