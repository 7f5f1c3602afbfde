// OdooReader over Odoo's external API. Access rights and record rules are Odoo's own. Reads only: nothing here writes.
// Calls are transactions of their own, so there is no snapshot (connector.md 6.1).

import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { chunkDomain, mergeById } from './chunks.ts';
import { aborted, isMissingModel, unreachable } from './faults.ts';
import { UNREADABLE_TYPES } from './field-types.ts';
import { rowNormaliser } from './normalise.ts';
import type { Domain, FieldInfo, OdooReader, OdooRow, OdooServer, OdooUser, ReadRequest, ReadScope } from './reader.ts';
import { scopeCompanies } from './scope.ts';
import type { OdooSession, OdooTransport, OdooVersion } from './transport.ts';
import { readWindows } from './windows.ts';

export interface RpcReaderOptions {
  /** Rows of a page when the request says nothing. Default 5000. */
  pageSize?: number;
  /** Requests in flight for one read, and pages held. Default 3. */
  ahead?: number;
  /** Values of an `in` list sent at once. Default 5000. */
  listSize?: number;
}

type Fields = ReadonlyMap<string, FieldInfo> | null;

/** Fields per transport, by database, user and model: they change with installed modules only, and with the user's groups. */
const FIELD_CACHE_MS = 5 * 60_000;
const caches = new WeakMap<OdooTransport, LRUCache<string, Promise<{ fields: Fields }>>>();

function fieldCache(transport: OdooTransport): LRUCache<string, Promise<{ fields: Fields }>> {
  let cache = caches.get(transport);
  if (cache === undefined) {
    cache = new LRUCache({ max: 2000, ttl: FIELD_CACHE_MS });
    caches.set(transport, cache);
  }
  return cache;
}

const flag = z.union([z.string(), z.literal(false), z.null()]);
const User = z.object({
  id: z.number(),
  login: z.string(),
  tz: flag,
  lang: flag,
  company_id: z.union([z.number(), z.array(z.unknown())]),
  company_ids: z.array(z.number()),
});

const Field = z.object({
  type: z.string(),
  relation: z.string().optional(),
  relation_field: z.string().optional(),
  store: z.boolean().default(true),
  translate: z.boolean().optional().catch(undefined),
  company_dependent: z.boolean().optional().catch(undefined),
});

async function readUser(session: OdooSession, signal?: AbortSignal): Promise<OdooUser> {
  const names = ['login', 'tz', 'lang', 'company_id', 'company_ids'];
  const kwargs = { fields: names, load: '' };
  const rows = await session.call('res.users', 'read', [[session.uid]], kwargs, { idempotent: true, signal });
  const parsed = z.array(User).safeParse(rows);
  const user = parsed.data?.[0];
  if (user === undefined) throw unreachable(session.transport.url, 'does not show the user of the connection');
  const companyId = Array.isArray(user.company_id) ? Number(user.company_id[0]) : user.company_id;
  return {
    id: user.id,
    login: user.login,
    tz: user.tz || null,
    lang: user.lang || null,
    companyId,
    companyIds: user.company_ids.toSorted((a, b) => a - b),
  };
}

/** A reader in the name of the session's user. `onClose` ends what was opened for it (the transport, when nobody else
 * uses it).
 * @throws PlanbridgeError see OdooSession.call */
export async function openRpc(
  session: OdooSession,
  version: OdooVersion,
  options: RpcReaderOptions & { signal?: AbortSignal; onClose?: () => Promise<void> } = {},
): Promise<OdooReader> {
  const user = await readUser(session, options.signal);
  const server: OdooServer = { ...version, database: session.database };
  const counter = { calls: 1 };
  return makeReader(session, server, user, {}, counter, options);
}

function makeReader(
  session: OdooSession,
  server: OdooServer,
  user: OdooUser,
  scope: ReadScope,
  counter: { calls: number },
  options: RpcReaderOptions & { onClose?: () => Promise<void> },
): OdooReader {
  const companies = scopeCompanies(user, scope);
  const context = { active_test: false, lang: scope.lang ?? 'en_US', tz: false, allowed_company_ids: companies };

  async function call(
    model: string,
    method: string,
    kwargs: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    counter.calls++;
    return await session.call(model, method, [], kwargs, { idempotent: true, signal });
  }

  async function loadFields(model: string): Promise<{ fields: Fields }> {
    try {
      const attributes = ['type', 'relation', 'relation_field', 'store', 'translate', 'company_dependent'];
      const [answer] = await Promise.all([
        call(model, 'fields_get', { attributes, context }),
        // fields_get answers to everybody; only a read shows whether reading is allowed.
        call(model, 'search', { domain: [['id', '=', 0]], limit: 1, context }),
      ]);
      return { fields: parseFields(answer) };
    } catch (error) {
      if (error instanceof PlanbridgeError && error.code === 'PB_ODOO_ACCESS') return { fields: null };
      if (isMissingModel(error)) return { fields: null };
      throw error;
    }
  }

  async function fields(model: string): Promise<Fields> {
    const cache = fieldCache(session.transport);
    const key = `${session.database} ${session.uid} ${model}`;
    let entry = cache.get(key);
    if (entry === undefined) {
      entry = loadFields(model);
      cache.set(key, entry);
      entry.catch(() => cache.delete(key));
    }
    return (await entry).fields;
  }

  async function* pages(request: ReadRequest): AsyncGenerator<OdooRow[]> {
    const { model, signal } = request;
    const known = await fields(model);
    if (known === null) {
      throw new PlanbridgeError('PB_ODOO_ACCESS', 403, `Model ${model} is not installed or may not be read.`, {
        remedy: `Install its module in Odoo, or give ${user.login} the right to read it.`,
      });
    }
    const names = [...new Set(request.fields)].filter((name) => known.has(name));
    const normalise = rowNormaliser(names, known);
    const wanted = names.length > 0 ? names : ['id'];
    const pageSize = request.pageSize ?? options.pageSize ?? 5000;
    const inner = new AbortController();
    const both = signal ? AbortSignal.any([signal, inner.signal]) : inner.signal;

    const windowsOf = (domain: Domain, size: number, ahead: number): AsyncGenerator<OdooRow[]> =>
      readWindows({
        pageSize: size,
        ahead,
        async readRange(after, upto, limit) {
          const range: Domain = [
            ...domain,
            ['id', '>', after],
            ...(upto === null ? [] : [['id', '<=', upto] as const]),
          ];
          const kwargs = { domain: range, fields: wanted, limit, order: 'id asc', load: '', context };
          const answer = await call(model, 'search_read', kwargs, both);
          return normalise(z.array(z.looseObject({ id: z.number() })).parse(answer));
        },
        async maxId() {
          const answer = await call(model, 'search', { domain, limit: 1, order: 'id desc', context }, both);
          return z.array(z.number()).parse(answer)[0] ?? 0;
        },
      });

    try {
      const chunks = chunkDomain(request.domain ?? [], options.listSize ?? 5000);
      const { domains } = chunks;
      if (chunks.ordered) {
        yield* concat(domains.map((domain) => () => windowsOf(domain, pageSize, options.ahead ?? 3)));
      } else {
        // All parts are open at once; together they hold no more than a few pages.
        const size = Math.max(Math.min(pageSize, 200), Math.ceil(pageSize / domains.length));
        yield* mergeById(
          domains.map((domain) => windowsOf(domain, size, 1)),
          pageSize,
        );
      }
      if (signal?.aborted) throw aborted(signal.reason);
    } finally {
      // Whoever stops early does not wait for the pages that were asked for ahead.
      inner.abort();
    }
  }

  return {
    kind: 'rpc',
    server,
    user,
    scoped: (other) => makeReader(session, server, user, { ...scope, ...other }, counter, options),
    fields,
    pages,
    get calls() {
      return counter.calls;
    },
    close: async () => await options.onClose?.(),
  };
}

/** One source after the other; the first page of the next is asked for while the last one's are worked on. */
async function* concat(sources: (() => AsyncGenerator<OdooRow[]>)[]): AsyncGenerator<OdooRow[]> {
  let ahead: { source: AsyncGenerator<OdooRow[]>; first: Promise<IteratorResult<OdooRow[]>> } | undefined;
  const start = (index: number): typeof ahead => {
    const source = sources[index]?.();
    if (source === undefined) return undefined;
    const first = source.next();
    first.catch(() => {});
    return { source, first };
  };
  ahead = start(0);
  for (let index = 1; ahead !== undefined; index++) {
    const current = ahead;
    let step = await current.first;
    ahead = start(index);
    while (!step.done) {
      yield step.value;
      step = await current.source.next();
    }
  }
}

function parseFields(answer: unknown): ReadonlyMap<string, FieldInfo> {
  const fields = new Map<string, FieldInfo>();
  for (const [name, field] of Object.entries(z.record(z.string(), Field).parse(answer))) {
    if (UNREADABLE_TYPES.has(field.type)) continue;
    const info: FieldInfo = { type: field.type, stored: field.store };
    if (field.relation) info.relation = field.relation;
    if (field.relation_field) info.relationField = field.relation_field;
    if (field.translate) info.translated = true;
    if (field.company_dependent) info.companyDependent = true;
    fields.set(name, info);
  }
  return fields;
}
