// The API of recommendations: the list, and what planners decide about one, many, or all that a filter lets through.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import type { Api, ApiUser } from '../../http/api.ts';
import { LOCAL_LOGIN, TOKEN_LOGIN } from '../../http/users.ts';
import type { PlannerSurroundings } from '../open.ts';
import type { PlanScope } from '../results/plans.ts';
import { accountScope, odooKey } from '../store/scope.ts';
import { acceptAdvice } from './accept.ts';
import { ADVICE_STATES, type AdviceRow, decide, listAdvice, noteAcceptances } from './store.ts';

const TAG = 'Recommendations';
const KINDS = ['purchase', 'produce', 'transfer', 'reschedule', 'late delivery', 'cancel'] as const;
const URGENCIES = ['overdue', 'today', 'this week', 'later'] as const;

const Shown = z.looseObject({ key: z.string(), kind: z.string(), state: z.enum(ADVICE_STATES) });
const List = z.strictObject({
  database: z.string().optional(),
  state: z.enum(ADVICE_STATES).optional(),
  kind: z.enum(KINDS).optional(),
  urgency: z.enum(URGENCIES).optional(),
  item: z.string().max(500).optional(),
  supplier: z.string().max(500).optional(),
  minimumValue: z.coerce.number().min(0).optional(),
  after: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
const Filter = z.strictObject({
  kinds: z.array(z.enum(KINDS)).optional(),
  urgencies: z.array(z.enum(URGENCIES)).optional(),
  item: z.string().max(500).optional(),
  supplier: z.string().max(500).optional(),
  minimumValue: z.number().min(0).optional(),
});
/** By key, or all open ones that the filter lets through. */
const chosen = {
  keys: z.array(z.string().max(200)).min(1).max(1_000).optional(),
  filter: Filter.optional(),
};
const Chosen = z.strictObject(chosen);
const MOST_AT_ONCE = 1_000;

export function addAdviceRoutes(api: Api, surroundings: PlannerSurroundings): void {
  const { store, imports, account, now } = surroundings;

  async function scopeOf({ database }: ApiUser): Promise<PlanScope> {
    const { company } = await accountScope(surroundings);
    return { odoo: odooKey(surroundings.odoo.url, database), company: company ?? '' };
  }

  /** @throws PlanbridgeError PB_REQUEST_BODY, PB_REQUEST_ARGUMENT (404) */
  async function chosenRows(user: ApiUser, { keys, filter }: z.output<typeof Chosen>): Promise<AdviceRow[]> {
    if ((keys === undefined) === (filter === undefined)) {
      throw new PlanbridgeError('PB_REQUEST_BODY', 400, 'Name recommendations by keys, or by a filter.');
    }
    const wanted = keys ? { keys } : { ...filter, states: ['open'] };
    const rows = await listAdvice(store.query, await scopeOf(user), { ...wanted, limit: MOST_AT_ONCE }, now());
    const missing = keys?.filter((key) => !rows.some((row) => row.key === key)) ?? [];
    if (missing.length === 0) return rows;
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `There is no recommendation ${missing[0]}.`, {
      remedy: 'Look again: there may be a new list.',
    });
  }

  api.route(
    {
      method: 'get',
      path: '/api/advice',
      tag: TAG,
      summary:
        'What the plan recommends, the most urgent first, with what was decided; `next` is the `after` of the page behind',
      role: 'viewer',
      query: List,
      answer: z.object({ advice: z.array(Shown), next: z.number().nullable() }),
    },
    async ({ user, query }) => {
      const { state, kind, urgency, limit, database: _, ...rest } = query;
      const one = <T>(value: T | undefined) => (value === undefined ? undefined : [value]);
      const filter = { ...rest, states: one(state), kinds: one(kind), urgencies: one(urgency), limit };
      const rows = await listAdvice(store.query, await scopeOf(user), filter, now());
      return { advice: rows.map(shown), next: rows.length === limit ? rows.at(-1)!.position : null };
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/advice/accept',
      tag: TAG,
      summary: 'Makes the drafts or changes in Odoo; twice makes nothing twice',
      role: 'planner',
      body: Chosen,
      answer: z.object({ advice: z.array(Shown), byHand: z.array(z.string()), warnings: z.array(z.string()) }),
    },
    async ({ user, body }) => {
      const rows = await chosenRows(user, body);
      // Of a filter, those that a person has to do in Odoo stay; named ones are refused with what to do.
      const able = body.filter ? rows.filter((row) => row.body.document !== null) : rows;
      const byHand = rows.filter((row) => !able.includes(row)).map(({ key }) => key);
      if (able.length === 0) return { advice: [], byHand, warnings: [] };
      const { company, ...own } = await account();
      const program = [TOKEN_LOGIN, LOCAL_LOGIN].includes(user.login);
      const caller = user.password === null ? own : { ...own, login: user.login, password: user.password };
      const actualUser = user.password === null && !program ? user.login : null;
      const done = await acceptAdvice(imports, caller, { company, actualUser }, able);
      const scope = await scopeOf(user);
      await noteAcceptances(store.query, scope, done.list, done.importId, user.login, now());
      const keys = able.map(({ key }) => key);
      const after = await listAdvice(store.query, scope, { keys, limit: MOST_AT_ONCE }, now());
      return { advice: after.map(shown), byHand, warnings: done.warnings };
    },
  );

  const Reason = z.strictObject({ ...chosen, reason: z.string().trim().min(1).max(2_000) });
  const Until = z.strictObject({ ...chosen, until: z.iso.datetime({ offset: true }).or(z.iso.date()) });
  const answer = z.object({ changed: z.number() });

  async function settle(
    user: ApiUser,
    { keys, filter }: z.output<typeof Chosen>,
    more: { state: 'open' | 'rejected' | 'snoozed'; reason?: string; until?: Date },
  ) {
    const rows = await chosenRows(user, { keys, filter });
    const decision = { ...more, who: user.login };
    const scope = await scopeOf(user);
    return {
      changed: await decide(
        store.query,
        scope,
        rows.map(({ key }) => key),
        decision,
        now(),
      ),
    };
  }

  const common = { method: 'post', tag: TAG, role: 'planner', answer } as const;
  api.route(
    { ...common, path: '/api/advice/reject', summary: 'Not to be done; with the reason', body: Reason },
    ({ user, body: { reason, ...which } }) => settle(user, which, { state: 'rejected', reason }),
  );
  api.route(
    { ...common, path: '/api/advice/snooze', summary: 'Not to be seen until a day', body: Until },
    ({ user, body: { until, ...which } }) => settle(user, which, { state: 'snoozed', until: new Date(until) }),
  );
  api.route(
    { ...common, path: '/api/advice/reopen', summary: 'Open again, whatever was decided', body: Chosen },
    ({ user, body }) => settle(user, body, { state: 'open' }),
  );
}

function shown({ body, ...row }: AdviceRow) {
  const { document, ...said } = body;
  return { ...said, ...row, byHand: document === null };
}
