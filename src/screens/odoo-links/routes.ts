// Links between Odoo's records and the screens: `/open/<model>/<id>`, which buttons in Odoo lead to, and the way back from names.
import { z } from 'zod';
import { type Domain, readAll } from '../../connector/odoo/reader.ts';
import { notFound } from '../../http/api.ts';
import { errorFields } from '../../log.ts';
import type { OdooRow } from '../../mapping/records.ts';
import type { Surroundings } from '../../parts.ts';
import { EDITABLE } from '../../planner/store/editable.ts';
import type { EntityKind } from '../../planner/store/parts.ts';
import { recordsOfEntities } from '../../planner/store/references.ts';
import { findModel } from '../../planner/store/scope.ts';
import type { ScopeOf } from '../scope.ts';
import { FINDS, type Found } from './find.ts';
import { nameOf, type Reason, readRecord, whyNot } from './why.ts';

const tag = 'Links';

const Opened = z.object({
  name: z.string().describe('of the record, in Odoo'),
  places: z.array(z.object({ screen: z.enum(['demand', 'orders', 'inventory', 'board']), address: z.string() })),
  reasons: z.array(z.custom<Reason>()).describe('why there is none'),
});

const Names = z.object({
  names: z.array(z.object({ kind: z.string().max(40), key: z.string().max(1_000) })).max(200),
});

const Records = z.object({
  records: z.array(z.object({ kind: z.string(), key: z.string(), model: z.string(), id: z.number() })),
});

type Needed = Pick<Surroundings, 'api' | 'store' | 'access' | 'account' | 'log'>;

export function addOdooLinkRoutes({ api, store, access, account, log }: Needed, scopeOf: ScopeOf): void {
  const company = z.object({ company: z.string().default('') });

  api.route(
    {
      method: 'get',
      path: '/api/open/:model/:id',
      tag,
      summary: 'The screens that show a record of Odoo; where there is none, why',
      role: 'viewer',
      query: company,
      answer: Opened,
    },
    async ({ user, params, query }) => {
      const find = Object.hasOwn(FINDS, params.model!) ? FINDS[params.model!] : undefined;
      const id = Number(params.id);
      if (!find || !Number.isSafeInteger(id) || id <= 0) throw notFound('screen for records of this kind');
      const scope = await scopeOf(user, query.company);
      const model = await findModel(store, { odoo: scope.odoo, company: scope.company || null });
      const { database, login, password } = await account();
      const reader = await access
        .open(user.database || database, { login, password })
        .catch((error: unknown) => void log.warn(errorFields(error), 'Odoo was not asked about a record'));
      try {
        const read = async (name: string, domain: Domain, fields: readonly string[]) =>
          reader && (await reader.fields(name)) ? await readAll(reader, { model: name, domain, fields }) : [];
        const search = { query: store.query, scope, id, read };
        const found: Found = model === null ? { places: [], known: [] } : await find({ ...search, model });
        const row: OdooRow | null | undefined = reader ? await readRecord(reader, params.model!, id) : undefined;
        const name = nameOf(params.model!, id, row);
        if (found.places.length > 0) return { name, places: found.places, reasons: [] };
        return { name, places: [], reasons: await whyNot({ query: store.query, scope, model }, row, found.known) };
      } finally {
        await reader?.close();
      }
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/odoo-records',
      tag,
      summary: "Odoo's records behind names of planning entities",
      role: 'viewer',
      query: company,
      body: Names,
      answer: Records,
    },
    async ({ user, query, body }) => {
      const scope = await scopeOf(user, query.company);
      const model = await findModel(store, { odoo: scope.odoo, company: scope.company || null });
      if (model === null) return { records: [] };
      const records: z.infer<typeof Records>['records'] = [];
      for (const [kind, names] of Map.groupBy(body.names, (name) => name.kind)) {
        if (!Object.hasOwn(EDITABLE, kind)) continue;
        const keys = names.map(({ key }) => key);
        const found = await recordsOfEntities(store.query, model, kind as EntityKind, keys);
        for (const [key, record] of found) records.push({ kind, key, ...record });
      }
      return { records };
    },
  );
}
