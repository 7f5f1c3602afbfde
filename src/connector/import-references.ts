// Our table of references: which order of the plan is which record of Odoo, and what Odoo was asked to create and has not
// answered yet. Odoo is asked before anything is believed.
import type { CreateCommand, PendingOrder } from '../mapping/commands.ts';
import { tokenIn } from '../mapping/commands.ts';
import type { OdooRow } from '../mapping/records.ts';
import { text } from '../mapping/records.ts';
import type { Store } from '../store/database.ts';
import { DOUBT_MS } from './import-doubts.ts';
import { needsMore } from './import-follow-up.ts';
import { digest, tokenOf } from './import-keys.ts';
import type { OdooWriter } from './odoo/writer.ts';

export interface Reference {
  key: string;
  slot: string;
  company: number;
  /** Company of the plan that it came with. */
  planCompany: number;
  model: string;
  resId: number;
  token: string;
  reference: string;
  state: 'made' | 'done';
}

interface AttemptOrder {
  key: string;
  slot: string;
  reference: string;
}

interface Attempt {
  token: string;
  model: string;
  company: number;
  planCompany: number | null;
  origin: string;
  orders: AttemptOrder[];
  startedAt: Date;
}

/** A record that may be in Odoo twice. */
export interface Doubt {
  token: string;
  model: string;
  origin: string;
}

/** Which import a reference is from. */
export interface ImportOf {
  importId: number | null;
  /** Company of the plan. */
  company: number;
}

export interface References {
  /** References of these orders, by key, and of earlier forms of them, by slot. */
  find(keys: readonly string[], slots: readonly string[]): Promise<Reference[]>;
  ofRecords(model: string, ids: readonly number[]): Promise<Reference[]>;
  begin(commands: readonly { command: CreateCommand; token: string; origin: string }[], by: ImportOf): Promise<void>;
  /** Odoo made them: the attempt becomes references. `adopted` ones need nothing more. */
  keep(
    made: readonly { command: CreateCommand; token: string; id: number }[],
    by: ImportOf,
    state?: 'adopted',
  ): Promise<void>;
  /** Odoo did not. */
  drop(tokens: readonly string[]): Promise<void>;
  /** They are asked for again; Odoo may have made them all the same. */
  doubt(tokens: readonly string[]): Promise<void>;
  doubts(companies: readonly number[]): Promise<Doubt[]>;
  done(keys: readonly string[]): Promise<void>;
  forget(model: string, ids: readonly number[]): Promise<void>;
  /** Asks Odoo about attempts whose answer was lost, as long as one may still be on its way. */
  settle(companies: readonly number[], writer: OdooWriter): Promise<void>;
}

export interface ReferenceSurroundings {
  store: Store;
  /** Name of the Odoo. */
  odoo: string;
  /** How long Odoo may still be working on a call whose answer was lost. */
  settleMs: number;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

const COLUMNS =
  'key, slot, company, coalesce(plan_company, company) as "planCompany", model, res_id as "resId", token, reference, state';
const POLL_MS = 1_000;

export function attemptOrder({ key, slot, record }: PendingOrder): AttemptOrder {
  return { key: digest(key), slot: digest(slot), reference: record.reference };
}

function ordersOf(command: CreateCommand): AttemptOrder[] {
  return command.lines.flatMap(({ orders }) => orders.map(attemptOrder));
}

export function createReferences({ store, odoo, settleMs, now, sleep }: ReferenceSurroundings): References {
  const insert = `insert into planbridge.reference (odoo, key, slot, company, model, res_id, token, reference, state, import_id, plan_company)
    select $1, o.key, o.slot, $2, $3, $4, $5, o.reference, $6, $7, $9
    from jsonb_to_recordset($8::jsonb) as o (key text, slot text, reference text)
    on conflict (odoo, key) do update set slot = excluded.slot, company = excluded.company, model = excluded.model,
      res_id = excluded.res_id, token = excluded.token, state = excluded.state, import_id = excluded.import_id,
      plan_company = excluded.plan_company`;
  const doubt = `insert into planbridge.doubt (odoo, token, company, model, origin)
    select odoo, token, company, model, origin from planbridge.attempt where odoo = $1 and token = any($2)
    on conflict (odoo, token) do update set since = now()`;
  const remove = 'delete from planbridge.attempt where odoo = $1 and token = any($2)';

  async function keepAll(
    made: readonly {
      token: string;
      id: number;
      model: string;
      company: number;
      planCompany: number | null;
      orders: readonly AttemptOrder[];
      state: string;
    }[],
    importId: number | null,
  ): Promise<void> {
    if (made.length === 0) return;
    await store.transaction(async (query) => {
      for (const { token, id, model, company, planCompany, orders, state } of made) {
        const values = [odoo, company, model, id, token, state, importId, JSON.stringify(orders), planCompany];
        await query(insert, values);
      }
      await query(remove, [odoo, made.map(({ token }) => token)]);
    });
  }

  return {
    async find(keys, slots) {
      const sql = `select ${COLUMNS} from planbridge.reference where odoo = $1 and (key = any($2) or (slot <> '' and slot = any($3)))`;
      return await store.query<Reference>(sql, [odoo, keys, slots]);
    },
    async ofRecords(model, ids) {
      const sql = `select ${COLUMNS} from planbridge.reference where odoo = $1 and model = $2 and res_id = any($3)`;
      return await store.query<Reference>(sql, [odoo, model, ids]);
    },
    async begin(commands, by) {
      const rows = commands.map(({ command, token, origin }) => ({
        token,
        origin,
        company: command.company,
        model: command.model,
        orders: ordersOf(command),
      }));
      await store.query(
        `insert into planbridge.attempt (odoo, token, company, model, origin, orders, import_id, plan_company)
         select $1, a.token, a.company, a.model, a.origin, a.orders, $3, $4
         from jsonb_to_recordset($2::jsonb) as a (token text, company integer, model text, origin text, orders jsonb)
         on conflict (odoo, token) do update set started_at = now(), import_id = excluded.import_id`,
        [odoo, JSON.stringify(rows), by.importId, by.company],
      );
    },
    keep: (made, by, adopted) =>
      keepAll(
        made.map(({ command, token, id }) => {
          const { model, company } = command;
          // Prices of one that stood there for long may be somebody's by now.
          const settled = adopted === 'adopted' && model === 'purchase.order';
          const state = needsMore(command) && !settled ? 'made' : 'done';
          return { token, id, model, company, planCompany: by.company, orders: ordersOf(command), state };
        }),
        by.importId,
      ),
    async drop(tokens) {
      await store.query(remove, [odoo, tokens]);
    },
    async doubt(tokens) {
      await store.query(doubt, [odoo, tokens]);
    },
    async doubts(companies) {
      await store.query('delete from planbridge.doubt where odoo = $1 and since < $2', [
        odoo,
        new Date(now() - DOUBT_MS),
      ]);
      const sql = 'select token, model, origin from planbridge.doubt where odoo = $1 and company = any($2)';
      return await store.query<Doubt>(sql, [odoo, companies]);
    },
    async done(keys) {
      if (keys.length === 0) return;
      await store.query(`update planbridge.reference set state = 'done' where odoo = $1 and key = any($2)`, [
        odoo,
        keys,
      ]);
    },
    async forget(model, ids) {
      if (ids.length === 0) return;
      await store.query('delete from planbridge.reference where odoo = $1 and model = $2 and res_id = any($3)', [
        odoo,
        model,
        ids,
      ]);
    },
    async settle(companies, writer) {
      for (;;) {
        const sql = `select token, model, company, plan_company as "planCompany", origin, orders, started_at as "startedAt" from planbridge.attempt where odoo = $1 and company = any($2)`;
        const open = await store.query<Attempt>(sql, [odoo, companies]);
        if (open.length === 0) return;
        const found = await findByOrigin(writer, open);
        const made = open.flatMap((attempt) => {
          const row = found.get(`${attempt.model} ${attempt.token}`);
          // What they need once they are made is done again; that does no harm.
          return row ? [{ ...attempt, id: row.id, state: 'made' }] : [];
        });
        await keepAll(made, null);
        const missing = open.filter(({ model, token }) => !found.has(`${model} ${token}`));
        const youngest = Math.max(0, ...missing.map(({ startedAt }) => startedAt.getTime()));
        const wait = missing.length === 0 ? 0 : youngest + settleMs - now();
        if (wait <= 0) {
          const tokens = missing.map(({ token }) => token);
          await store.transaction(async (query) => {
            await query(doubt, [odoo, tokens]);
            await query(remove, [odoo, tokens]);
          });
          return;
        }
        await sleep(Math.min(wait, POLL_MS));
      }
    },
  };
}

/** Records of Odoo that carry these origins, by model and key. */
export async function findByOrigin(
  writer: OdooWriter,
  wanted: readonly { model: string; origin: string; token: string }[],
): Promise<Map<string, OdooRow>> {
  const found = new Map<string, OdooRow>();
  for (const [model, list] of Map.groupBy(wanted, ({ model }) => model)) {
    const origins = list.map(({ origin }) => origin);
    const rows = await writer.read({ model, domain: [['origin', 'in', origins]], fields: ['name', 'state', 'origin'] });
    for (const row of rows) {
      const token = tokenIn(text(row, 'origin'));
      if (token !== null && !found.has(`${model} ${token}`)) found.set(`${model} ${token}`, row);
    }
  }
  return found;
}

export { tokenOf };
