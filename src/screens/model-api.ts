// The planning model over the API: its records as Odoo has them, and what planners change over that.
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';
import type { ApiUser } from '../http/api.ts';
import type { Surroundings } from '../parts.ts';
import { EDITABLE } from '../planner/store/editable.ts';
import { editEntity, removeEdit } from '../planner/store/edits.ts';
import { listEntities } from '../planner/store/list.ts';
import type { EntityKind } from '../planner/store/parts.ts';
import type { ModelScope } from '../planner/store/scope.ts';
import type { ScopeOf } from './scope.ts';

const tag = 'Model';

const Query = z.object({
  company: z.string().default(''),
  search: z.string().max(200).optional(),
  item: z.string().optional(),
  location: z.string().optional(),
  sort: z.string().max(60).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
});

const Stored = z.object({
  key: z.string(),
  source: z.enum(['odoo_1', 'odoo_2', 'own']),
  value: z.record(z.string(), z.unknown()),
  edited: z.record(z.string(), z.object({ who: z.string(), at: z.string() })),
});

export function addModelRoutes(
  { api, store, now }: Pick<Surroundings, 'api' | 'store' | 'now'>,
  scopeOf: ScopeOf,
): void {
  const scope = async (user: ApiUser, company: string): Promise<ModelScope> => {
    const { odoo, company: name } = await scopeOf(user, company);
    return { odoo, company: name || null };
  };
  const kindOf = (text: string | undefined): EntityKind => {
    if (text !== undefined && Object.hasOwn(EDITABLE, text)) return text as EntityKind;
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `There is no kind of record "${text}".`, {
      remedy: `They are ${Object.keys(EDITABLE).join(', ')}.`,
    });
  };

  api.route(
    {
      method: 'get',
      path: '/api/model/:kind',
      tag,
      summary: 'Records of the planning model, with what planners changed',
      role: 'viewer',
      query: Query,
      answer: z.object({ total: z.number(), rows: z.array(Stored) }),
    },
    async ({ user, params, query }) => {
      const { company, item, location, sort, ...rest } = query;
      const is = (field: string, value: string | undefined) =>
        value === undefined ? [] : [{ field, operator: 'is' as const, value }];
      return await listEntities(store, await scope(user, company), {
        ...rest,
        kind: kindOf(params.kind),
        filters: [...is('item', item), ...is('location', location)],
        ...(sort ? { sort: [{ field: sort.replace(/^-/, ''), descending: sort.startsWith('-') }] } : {}),
      });
    },
  );

  api.route(
    {
      method: 'patch',
      path: '/api/model/:kind/:key',
      tag,
      summary: 'Changes attributes of a record over what Odoo says; null takes one away, so that the default counts',
      role: 'planner',
      query: z.object({ company: z.string().default('') }),
      body: z.record(z.string(), z.unknown()),
      edits: true,
      answer: z.object({ changed: z.array(z.string()) }),
    },
    async ({ user, params, query, body }) => {
      const by = { who: user.login, at: now() };
      await editEntity(store, await scope(user, query.company), kindOf(params.kind), params.key!, body, by);
      return { changed: Object.keys(body) };
    },
  );

  api.route(
    {
      method: 'delete',
      path: '/api/model/:kind/:key/edits',
      tag,
      summary: 'Gives a record back to Odoo: one attribute, or all of them',
      role: 'planner',
      query: z.object({ company: z.string().default(''), field: z.string().optional() }),
      answer: z.object({ removed: z.number() }),
    },
    async ({ user, params, query }) => {
      const where = await scope(user, query.company);
      return { removed: await removeEdit(store, where, kindOf(params.kind), params.key!, query.field) };
    },
  );
}
