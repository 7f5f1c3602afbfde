// Quotes in the database, and the demands that hold what was quoted: those are records of the planners' own in the planning model,
// so that the next plan delivers them too.
import type { Query, Store } from '../../store/database.ts';
import { heldName } from '../live/names.ts';
import type { HeldLine, LinePromise, QuoteLine } from '../live/protocol.ts';
import type { Demand } from '../model.ts';
import type { PlanScope } from '../results/plans.ts';
import type { QuoteRow, QuoteState } from './quote.ts';

const COLUMNS = `id::float8 as id, state, customer, note, together, lines, promises, plan_id::float8 as "planId", until,
  sales_order as "salesOrder", who, asked_at as "askedAt", held_at as "heldAt"`;

export interface NewQuote {
  customer: string;
  note: string;
  together: boolean;
  lines: readonly QuoteLine[];
  promises: readonly LinePromise[];
  planId: number;
  who: string;
}

export async function insertQuote(query: Query, { odoo, company }: PlanScope, quote: NewQuote, now: number) {
  const { customer, note, together, lines, promises, planId, who } = quote;
  const [row] = await query<QuoteRow>(
    `insert into planbridge.quote
       (odoo, company, customer, note, together, lines, promises, plan_id, who, asked_at, changed_at, changed_by)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9, $10, $10, $9) returning ${COLUMNS}`,
    [
      ...[odoo, company, customer, note, together],
      ...[JSON.stringify(lines), JSON.stringify(promises), planId, who, new Date(now)],
    ],
  );
  return row!;
}

export async function findQuote(query: Query, { odoo, company }: PlanScope, id: number): Promise<QuoteRow | null> {
  const [row] = await query<QuoteRow>(
    `select ${COLUMNS} from planbridge.quote where odoo = $1 and company = $2 and id = $3`,
    [odoo, company, id],
  );
  return row ?? null;
}

/** Newest first. */
export async function listQuotes(
  query: Query,
  { odoo, company }: PlanScope,
  { states, before, limit }: { states: readonly string[] | null; before: number | null; limit: number },
): Promise<QuoteRow[]> {
  return await query<QuoteRow>(
    `select ${COLUMNS} from planbridge.quote where odoo = $1 and company = $2
       and ($3::text[] is null or state = any($3)) and ($4::bigint is null or id < $4) order by id desc limit $5`,
    [odoo, company, states, before, limit],
  );
}

/** What lies on the plan, in the order in which it was held. */
export async function heldLines(query: Query, { odoo, company }: PlanScope): Promise<HeldLine[]> {
  const rows = await query<Pick<QuoteRow, 'id' | 'lines' | 'promises'>>(
    `select id::float8 as id, lines, promises from planbridge.quote
     where odoo = $1 and company = $2 and state in ('held', 'confirmed') order by held_at, id`,
    [odoo, company],
  );
  return rows.flatMap(heldOf);
}

/** Of a quote, the lines that can be held: those that were promised. */
export function heldOf({ id, lines, promises }: Pick<QuoteRow, 'id' | 'lines' | 'promises'>): HeldLine[] {
  return lines.flatMap((line, i) => {
    const promise = promises[i];
    if (promise === undefined || promise.promised === null) return [];
    return [{ ...line, name: heldName(id, i + 1), location: promise.location, date: promise.promised }];
  });
}

/** After the confirmed demands of the same priority, before what has none. */
const PRIORITY = 20;

function demandOf(line: HeldLine, customer: string, status: 'quote' | 'open'): Demand {
  return {
    name: line.name,
    item: line.item,
    location: line.location,
    quantity: line.quantity,
    due: line.date,
    status,
    priority: PRIORITY,
    minshipment: Math.min(line.minimumShipment ?? line.quantity, line.quantity),
    description: customer === '' ? 'quoted' : `quoted to ${customer}`,
  };
}

export interface Change {
  who: string;
  now: number;
}

/** Holds a quote, or makes a held one firm. The demands come with it, in one transaction. */
export async function holdQuote(
  store: Store,
  model: number,
  row: QuoteRow,
  change: Change & { state: 'held' | 'confirmed'; until: Date | null; salesOrder: string; planId: number },
): Promise<QuoteRow> {
  const { who, now, state, until, salesOrder, planId } = change;
  const lines = heldOf(row);
  return await store.transaction(async (query) => {
    for (const line of lines) {
      const demand = demandOf(line, row.customer, state === 'held' ? 'quote' : 'open');
      await query(
        `insert into planbridge.own_entity (model, kind, key, origin, value, who, at)
         values ($1, 'demand', $2, 'planner', $3::jsonb, $4, $5)
         on conflict (model, kind, key) do update set value = excluded.value, who = excluded.who, at = excluded.at`,
        [model, demand.name, JSON.stringify(demand), who, new Date(now)],
      );
    }
    const [changed] = await query<QuoteRow>(
      `update planbridge.quote set state = $2, until = $3, sales_order = $4, promises = $5::jsonb, plan_id = $6,
         held_at = coalesce(held_at, $7), changed_at = $7, changed_by = $8 where id = $1 returning ${COLUMNS}`,
      [row.id, state, until, salesOrder, JSON.stringify(row.promises), planId, new Date(now), who],
    );
    return changed!;
  });
}

/** Ends a quote: what it held is free again. */
export async function releaseQuote(
  store: Store,
  row: Pick<QuoteRow, 'id'>,
  state: Extract<QuoteState, 'cancelled' | 'expired' | 'ordered'>,
  { who, now }: Change,
): Promise<QuoteRow> {
  return await store.transaction(async (query) => {
    const [changed] = await query<QuoteRow & { odoo: string; company: string }>(
      `update planbridge.quote set state = $2, changed_at = $3, changed_by = $4 where id = $1
       returning ${COLUMNS}, odoo, company`,
      [row.id, state, new Date(now), who],
    );
    const { odoo, company, ...quote } = changed!;
    const names = quote.lines.map((_, i) => heldName(quote.id, i + 1));
    const models = company === '' ? 'own or company = $2' : 'company = $2';
    await query(
      `delete from planbridge.own_entity where kind = 'demand' and origin = 'planner' and key = any($3)
         and model in (select id from planbridge.model where odoo = $1 and (${models}))`,
      [odoo, company, names],
    );
    await query(
      `delete from planbridge.edit where kind = 'demand' and key = any($3)
         and model in (select id from planbridge.model where odoo = $1 and (${models}))`,
      [odoo, company, names],
    );
    return quote;
  });
}

const KEPT_INQUIRY_MS = 86_400_000;

/**
 * Ends what was held until now, and confirmed quotes whose order Odoo has by now; forgets old inquiries.
 * @returns how many were ended
 */
export async function endQuotes(store: Store, now: number): Promise<number> {
  const due = await store.query<{ id: number; state: 'expired' | 'ordered' }>(
    `select q.id::float8 as id, case when q.state = 'held' then 'expired' else 'ordered' end as state from planbridge.quote q
     where (q.state = 'held' and q.until <= $1)
        or (q.state = 'confirmed' and q.sales_order <> '' and exists (
          select 1 from planbridge.model m
          join planbridge.model_source s on s.model = m.id
          join planbridge.entity e on e.model = m.id and e.source = s.source and e.kind = 'demand'
          where m.odoo = q.odoo and (m.company = q.company or (q.company = '' and m.own))
            and e.key >= q.sales_order and e.key < q.sales_order || '!'
            and e.since <= s.version and (e.until is null or e.until > s.version)))`,
    [new Date(now)],
  );
  for (const { id, state } of due) await releaseQuote(store, { id }, state, { who: 'planbridge', now });
  await store.query(`delete from planbridge.quote where state = 'inquiry' and asked_at < $1`, [
    new Date(now - KEPT_INQUIRY_MS),
  ]);
  return due.length;
}
