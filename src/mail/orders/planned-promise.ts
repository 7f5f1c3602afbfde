// Promises out of the plan: what the live planner would deliver when, beside all that is promised already. Where there is no plan, or
// it does not know the product, another way of promising answers.
import type { Log } from '../../log.ts';
import { DAY, formatStamp, parseStamp } from '../../mapping/time.ts';
import type { LivePlanner } from '../../planner/live/live.ts';
import type { QuoteLine } from '../../planner/live/protocol.ts';
import { heldLines } from '../../planner/quotes/store.ts';
import { findModel, type ModelScope } from '../../planner/store/scope.ts';
import type { Store } from '../../store/database.ts';
import type { Promises } from './promise.ts';

export interface PlannedSurroundings {
  store: Store;
  live: LivePlanner;
  scope(): Promise<ModelScope>;
  /** Odoo's id of the warehouse that orders by mail are delivered from. */
  warehouse(): Promise<number | null>;
  log: Log;
}

interface Names {
  planId: number;
  items: ReadonlyMap<number, string>;
  locations: ReadonlyMap<number, string>;
}

/** A customer waits for his answer: a plan that is still being loaded is not waited for longer. */
const WITHIN_MS = 20_000;

export function plannedPromises(surroundings: PlannedSurroundings, otherwise: Promises): Promises {
  const { store, live, log } = surroundings;
  let known: Names | null = null;

  async function namesOf(scope: ModelScope, planId: number): Promise<Names | null> {
    if (known?.planId === planId) return known;
    const model = await findModel(store, scope);
    if (model === null) return null;
    const rows = await store.query<{ kind: string; key: string; id: string }>(
      `select e.kind, e.key, regexp_replace(e.value->>'subcategory', '^.*,', '') as id from planbridge.entity e
       join planbridge.model_source s on s.model = e.model and s.source = e.source
       where e.model = $1 and e.kind in ('item', 'location') and e.value->>'subcategory' ~ '(^|,)[0-9]{1,9}$'
         and e.since <= s.version and (e.until is null or e.until > s.version)`,
      [model],
    );
    const of = (kind: string) =>
      new Map(rows.filter((row) => row.kind === kind).map(({ id, key }) => [Number(id), key]));
    known = { planId, items: of('item'), locations: of('location') };
    return known;
  }

  /** null = the plan cannot be asked. */
  async function planned(lines: Parameters<Promises>[0], signal: AbortSignal): Promise<(string | null)[] | null> {
    const scope = await surroundings.scope();
    const plan = await live.plan(scope);
    const names = plan && (await namesOf(scope, plan.id));
    if (!plan || !names) return null;
    const warehouse = await surroundings.warehouse();
    const location = warehouse === null ? null : (names.locations.get(warehouse) ?? null);
    const asked = lines.map(({ product, quantity, day }): QuoteLine | null => {
      const item = names.items.get(product);
      if (item === undefined || !(quantity > 0)) return null;
      const wanted = day === null ? null : (parseStamp(day) ?? null);
      // until the end of the day that the customer named
      const date = wanted === null ? null : wanted + DAY - 1;
      return { item, location, quantity, date, minimumShipment: null, maximumLateness: null };
    });
    const known = asked.filter((line) => line !== null);
    if (known.length === 0) return null;
    const held = await heldLines(store.query, { odoo: scope.odoo, company: scope.company ?? '' });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
    const answers = await live.ask(scope, 'quote', { lines: known, together: false, held }, { signal: limit });
    let next = 0;
    return asked.map((line) => {
      if (line === null) return null;
      const promised = answers[next++]?.promised ?? null;
      return promised === null ? null : formatStamp(promised).slice(0, 10);
    });
  }

  return async (lines, given) => {
    const days = await planned(lines, given.signal).catch((error: Error) => {
      given.signal.throwIfAborted();
      log.warn({ reason: error.message }, 'the plan could not be asked for promises; lead times are');
      return null;
    });
    const missing = lines.filter((_, i) => days === null || days[i] === null);
    if (missing.length === 0) return days as string[];
    const others = await otherwise(missing, given);
    let next = 0;
    return lines.map((_, i) => {
      const day = days?.[i] ?? null;
      return day === null ? (others[next++] ?? null) : day < given.today ? given.today : day;
    });
  };
}
