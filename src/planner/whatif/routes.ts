// The API of the plan editor: a session of what-if moves on the current plan, undone one by one, discarded or saved.
import { z } from 'zod';
import { type Api, type ApiUser, idOf } from '../../http/api.ts';
import type { LivePlanner } from '../live/live.ts';
import type { PlannerSurroundings } from '../open.ts';
import type { Sentence } from '../output/sentence.ts';
import { accountScope, type ModelScope, odooKey } from '../store/scope.ts';
import type { Whatifs } from './service.ts';

const TAG = 'Plan editor';

const Company = z.object({ database: z.string().optional(), company: z.string().max(500).default('') });
const MoveBody = z
  .strictObject({
    reference: z.string().min(1).max(500),
    start: z.number().min(0).max(1e11).describe('seconds on the plan’s clock; before now means now'),
    from: z.string().max(500).nullable().default(null).describe('resource that it is on'),
    to: z.string().max(500).nullable().default(null).describe('resource that it is to be on'),
  })
  .transform((wish) => ({ ...wish, start: Math.round(wish.start) }));

/** In words with blanks and what fills them, for other languages than English. */
const Said = z.custom<Sentence>();
const Dates = z.object({ start: z.number(), end: z.number(), resources: z.array(z.string()) });
const Changed = Dates.extend({
  reference: z.string(),
  type: z.string(),
  item: z.string(),
  location: z.string(),
  operation: z.string(),
  owner: z.string().nullable(),
  demand: z.string().nullable(),
  quantity: z.number(),
  status: z.string(),
  was: Dates,
  chosen: z.boolean().describe('moved by the planner; others follow'),
});
const Problem = z.object({
  kind: z.string(),
  object: z.string(),
  name: z.string(),
  start: z.number(),
  end: z.number(),
  quantity: z.number().nullable(),
  text: z.string(),
  sentence: Said.optional(),
});
const View = z.object({
  id: z.number(),
  moves: z.number(),
  planChanged: z.boolean(),
  changed: z.array(Changed),
  problems: z.array(Problem).describe('what the plan did not have before the moves'),
  solved: z.array(Problem),
  lost: z
    .array(z.object({ move: z.number(), reason: z.string(), sentence: Said }))
    .describe('moves that cannot be made any more'),
});

export function addWhatifRoutes(
  api: Api,
  surroundings: PlannerSurroundings,
  whatifs: Whatifs,
  live: LivePlanner,
): void {
  async function scopeOf({ database }: ApiUser, company: string): Promise<ModelScope> {
    const own = await accountScope(surroundings);
    return { odoo: odooKey(surroundings.odoo.url, database), company: company || own.company };
  }
  const common = { tag: TAG, role: 'planner', query: Company } as const;

  api.route(
    {
      ...common,
      method: 'post',
      path: '/api/whatif',
      summary: 'Begins a session of moves, or finds the open one',
      answer: View,
    },
    async ({ user, query, signal }) => whatifs.begin(await scopeOf(user, query.company), user.login, signal),
  );
  api.route(
    {
      ...common,
      method: 'get',
      path: '/api/whatif/choices',
      summary: 'Resources that can stand in for each other, by operation; begins to load the live plan',
      answer: z.object({ operations: z.record(z.string(), z.array(z.array(z.string()))), same: z.boolean() }),
    },
    async ({ user, query, signal }) => {
      const scope = await scopeOf(user, query.company);
      const { operations } = await live.ask(scope, 'choices', {}, { signal });
      const { same } = await live.ask(scope, 'facts', {}, { signal });
      return { operations, same };
    },
  );
  api.route(
    {
      ...common,
      method: 'get',
      path: '/api/whatif/open',
      summary: 'The open session of who asks, when there are moves in it',
      answer: z.object({ session: View.nullable() }),
    },
    async ({ user, query, signal }) => ({
      session: await whatifs.current(await scopeOf(user, query.company), user.login, signal),
    }),
  );
  api.route(
    { ...common, method: 'get', path: '/api/whatif/:id', summary: 'What the moves change', answer: View },
    async ({ user, query, params, signal }) =>
      whatifs.view(await scopeOf(user, query.company), idOf(params, 'session'), signal),
  );
  api.route(
    {
      ...common,
      method: 'post',
      path: '/api/whatif/:id/moves',
      summary: 'Moves an order or a step; those that hang together with it follow',
      body: MoveBody,
      answer: View,
    },
    async ({ user, query, params, body, signal }) =>
      whatifs.move(await scopeOf(user, query.company), idOf(params, 'session'), body, signal),
  );
  api.route(
    { ...common, method: 'post', path: '/api/whatif/:id/undo', summary: 'Takes the last move back', answer: View },
    async ({ user, query, params, signal }) =>
      whatifs.undo(await scopeOf(user, query.company), idOf(params, 'session'), signal),
  );
  api.route(
    {
      ...common,
      method: 'post',
      path: '/api/whatif/:id/save',
      summary: 'Approves the changed orders with these dates: the next plan keeps them',
      answer: z.object({ saved: z.array(z.string()) }),
      edits: true,
    },
    async ({ user, query, params }) => ({
      saved: await whatifs.save(await scopeOf(user, query.company), idOf(params, 'session'), user.login),
    }),
  );
  api.route(
    {
      ...common,
      method: 'delete',
      path: '/api/whatif/:id',
      summary: 'Discards the moves',
      answer: z.object({ discarded: z.boolean() }),
    },
    async ({ user, query, params }) => {
      await whatifs.discard(await scopeOf(user, query.company), idOf(params, 'session'));
      return { discarded: true };
    },
  );
}
