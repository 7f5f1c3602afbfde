// The API of quotes: ask for one or many lines, hold, confirm, cancel, list.
import { z } from 'zod';
import { type Api, type ApiUser, idOf } from '../../http/api.ts';
import type { LivePlanner } from '../live/live.ts';
import type { PlannerSurroundings } from '../open.ts';
import { accountScope, findModel, type ModelScope, odooKey } from '../store/scope.ts';
import { QUOTE_STATES, Question, Quote, type QuoteRow, shownQuote } from './quote.ts';
import type { Quotes } from './service.ts';

const TAG = 'Quotes';
const DAY_MS = 86_400_000;
const HELD_DAYS = 7;

const Company = z.object({ database: z.string().optional(), company: z.string().max(500).default('') });
const Hold = z.strictObject({
  days: z.number().int().min(1).max(365).default(HELD_DAYS).describe('how long it is held'),
  anyDate: z.boolean().default(false).describe('also when it can only be promised for later by now'),
});
const Confirm = z.strictObject({
  salesOrder: z.string().trim().max(100).default('').describe('number in Odoo; the quote ends when it is read'),
  anyDate: z.boolean().default(false),
});
const List = Company.extend({
  state: z
    .string()
    .optional()
    .describe('states separated by commas')
    .transform((text) => text?.split(',').filter(Boolean) ?? null)
    .pipe(z.array(z.enum(QUOTE_STATES)).nullable()),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export function addQuoteRoutes(api: Api, surroundings: PlannerSurroundings, quotes: Quotes, live: LivePlanner): void {
  const { store, now } = surroundings;

  async function scopeOf({ database }: ApiUser, company: string): Promise<ModelScope> {
    const own = await accountScope(surroundings);
    return { odoo: odooKey(surroundings.odoo.url, database), company: company || own.company };
  }

  api.route(
    {
      method: 'post',
      path: '/api/quote',
      tag: TAG,
      summary: 'When could this be delivered? Lines see what those before them take; nothing is held',
      role: 'viewer',
      query: Company,
      body: Question,
      answer: Quote,
    },
    async ({ user, query, body, signal }) => {
      const asked = await quotes.ask(await scopeOf(user, query.company), body, user.login, signal);
      return shownQuote(asked as QuoteRow);
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/quotes',
      tag: TAG,
      summary: 'Quotes, newest first',
      role: 'viewer',
      query: List,
      answer: z.object({ quotes: z.array(Quote) }),
    },
    async ({ user, query }) => {
      const { state: states, before = null, limit } = query;
      const rows = await quotes.list(await scopeOf(user, query.company), { states, before, limit });
      return { quotes: rows.map(shownQuote) };
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/quotes/:id/hold',
      tag: TAG,
      summary: 'Holds what a quote has promised: other quotes and the next plans respect it',
      role: 'planner',
      query: Company,
      body: Hold,
      answer: Quote,
    },
    async ({ user, params, query, body: { days, anyDate } }) => {
      const until = new Date(now() + days * DAY_MS);
      const scope = await scopeOf(user, query.company);
      return shownQuote(await quotes.hold(scope, idOf(params, 'quote'), until, anyDate, user.login));
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/quotes/:id/confirm',
      tag: TAG,
      summary: 'Makes a quote firm, until Odoo has the order',
      role: 'planner',
      query: Company,
      body: Confirm,
      answer: Quote,
    },
    async ({ user, params, query, body: { salesOrder, anyDate } }) => {
      const scope = await scopeOf(user, query.company);
      return shownQuote(await quotes.confirm(scope, idOf(params, 'quote'), salesOrder, anyDate, user.login));
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/quotes/:id/cancel',
      tag: TAG,
      summary: 'Gives up a quote: what it held is free',
      role: 'planner',
      query: Company,
      answer: Quote,
    },
    async ({ user, params, query }) =>
      shownQuote(await quotes.cancel(await scopeOf(user, query.company), idOf(params, 'quote'), user.login)),
  );

  api.route(
    {
      method: 'get',
      path: '/api/quotes/choices',
      tag: TAG,
      summary: 'Products by a part of their name, and warehouses, for the form; begins to load the live plan',
      role: 'viewer',
      query: Company.extend({ search: z.string().max(200).default('') }),
      answer: z.object({
        items: z.array(z.string()),
        locations: z.array(z.string()),
        now: z.number().nullable().describe('of the plan, on its clock'),
      }),
    },
    async ({ user, query }) => {
      const scope = await scopeOf(user, query.company);
      const plan = await live.plan(scope);
      if (plan) void live.warm(scope).catch(() => {});
      const model = await findModel(store, scope);
      return {
        items: await namesOf('item', query.search, model),
        locations: await namesOf('location', '', model),
        now: plan?.planTime ?? null,
      };
    },
  );

  /** Categories of products are items too, without an id of Odoo. */
  async function namesOf(kind: string, search: string, model: number | null): Promise<string[]> {
    if (model === null) return [];
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = await store.query<{ key: string }>(
      `select distinct e.key from planbridge.entity e
       join planbridge.model_source s on s.model = e.model and s.source = e.source
       where e.model = $1 and e.kind = $2 and e.since <= s.version and (e.until is null or e.until > s.version)
         and (e.kind <> 'item' or e.value ? 'subcategory')
         and (select coalesce(bool_and(position(w in lower(e.key)) > 0), true) from unnest($3::text[]) as w)
       order by e.key limit 30`,
      [model, kind, words],
    );
    return rows.map(({ key }) => key);
  }
}
