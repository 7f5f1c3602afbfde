// The API of the plan that counts: what it amounts to, one order or demand in detail, and chosen orders written to Odoo.
import { z } from 'zod';
import { messageOf } from '../../connector/import-answer.ts';
import { PlanbridgeError } from '../../errors.ts';
import { type Api, notFound } from '../../http/api.ts';
import { parsePostedTime } from '../../mapping/posted.ts';
import type { PlannerSurroundings } from '../open.ts';
import { accountScope, odooKey } from '../store/scope.ts';
import { planFor, writingFor } from './caller.ts';
import { chosenExport, noteExport } from './export.ts';
import { type PlanRow, planHistory } from './plans.ts';
import { DemandDetail, demandDetail, orderDetail } from './read.ts';

const TAG = 'Plan';

const Plan = z.object({
  id: z.number(),
  state: z.string(),
  runId: z.number().nullable(),
  who: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  summary: z.record(z.string(), z.number()),
  begunAt: z.date(),
  completedAt: z.date().nullable(),
});
const Row = z.record(z.string(), z.unknown());

const stamp = z
  .string()
  .refine((text) => parsePostedTime(text) !== undefined, 'is no date; give it like 2026-01-05 08:00:00');
const Export = z.strictObject({
  orders: z
    .array(
      z.strictObject({
        reference: z.string().min(1).max(500),
        quantity: z.number().positive().max(1e12).optional(),
        end: stamp.optional().describe("on the plan's clock: the zone of the plan document"),
        supplier: z.string().min(1).max(500).optional().describe('as the plan names it, its id at the end'),
      }),
    )
    .min(1)
    .max(1_000),
  dryRun: z.boolean().default(false),
});
const Outcome = z.object({
  reference: z.string(),
  type: z.string(),
  outcome: z.string(),
  model: z.string().nullable(),
  id: z.number().nullable(),
  /** Odoo's number. */
  name: z.string().nullable(),
  note: z.string(),
});

export function addPlanRoutes(api: Api, surroundings: PlannerSurroundings): void {
  const { store, imports, now } = surroundings;

  const shown = ({ planTime: _, stored: __, ...plan }: PlanRow) => plan;

  api.route(
    { method: 'get', path: '/api/plan', tag: TAG, summary: 'The plan that counts', role: 'viewer', answer: Plan },
    async ({ user }) => shown(await planFor(surroundings, user)),
  );

  api.route(
    {
      method: 'get',
      path: '/api/plan/history',
      tag: TAG,
      summary: 'Plans with their summaries, newest first',
      role: 'viewer',
      query: z.strictObject({
        database: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
      answer: z.object({ plans: z.array(Plan) }),
    },
    async ({ user, query }) => {
      const { company } = await accountScope(surroundings);
      const odoo = odooKey(surroundings.odoo.url, user.database);
      const plans = await planHistory(store.query, { odoo, company: company ?? '' }, query.limit);
      return { plans: plans.map(shown) };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/plan/orders/:reference',
      tag: TAG,
      summary: 'An order: steps, materials, loads, the demands it serves, and what became of it in Odoo',
      role: 'viewer',
      answer: z.object({
        order: Row,
        steps: z.array(Row),
        materials: z.array(Row),
        loads: z.array(Row),
        demands: z.array(Row),
        notWritten: z.string().nullable(),
      }),
    },
    async ({ user, params }) => {
      const plan = await planFor(surroundings, user);
      const found = await orderDetail(store.query, plan.id, params.reference ?? '');
      if (!found) throw notFound('order in the plan');
      return found;
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/plan/demands/:name',
      tag: TAG,
      summary: 'A demand: when it is delivered, why late, and every order and stock of the chain behind it',
      role: 'viewer',
      answer: DemandDetail,
    },
    async ({ user, params }) => {
      const plan = await planFor(surroundings, user);
      const found = await demandDetail(store.query, plan, params.name ?? '');
      if (!found) throw notFound('demand in the plan');
      return found;
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/plan/orders/export',
      tag: TAG,
      summary:
        'Writes chosen orders to Odoo, as they are or with another quantity, end or supplier; twice makes nothing twice',
      role: 'planner',
      body: Export,
      answer: z.object({ message: z.string(), orders: z.array(Outcome), warnings: z.array(z.string()) }),
    },
    async ({ user, body }) => {
      const plan = await planFor(surroundings, user);
      const chosen = body.orders.map(({ end, ...one }) => ({ ...one, ...(end ? { end: parsePostedTime(end) } : {}) }));
      requireDifferent(chosen.map(({ reference }) => reference));
      const made = await chosenExport(store.query, plan, chosen);
      const { caller, request } = await writingFor(surroundings, user);
      if (body.dryRun) {
        const { result, message } = await imports.preview(caller, { request, posted: made.posted });
        const text = message.replace(/^Orders:/, 'Would be:');
        return { message: text, orders: result.records.map(outcomeOf), warnings: result.warnings };
      }
      const plans = { ...made, request, source: 'plan' as const, client: 'planbridge', repeats: null };
      const { id, result } = await imports.run(caller, plans);
      await noteExport(store.query, plan.id, id, result, user.login, now());
      return { message: messageOf(result), orders: result.records.map(outcomeOf), warnings: result.warnings };
    },
  );
}

function requireDifferent(references: readonly string[]): void {
  const twice = references.find((reference, position) => references.indexOf(reference) !== position);
  if (twice === undefined) return;
  throw new PlanbridgeError('PB_REQUEST_BODY', 400, `The order ${twice} is named twice.`, { remedy: 'Name it once.' });
}

function outcomeOf({ index: _, item: __, ...record }: z.infer<typeof Outcome> & { index: number; item: string }) {
  return record;
}
