// Makes the current plan again in memory: the stored model, planned with the plan's own arguments. It is the stored plan, unless
// Odoo was read or edits were made since; which of both is told. What was held after the plan was made is left out: it is put on top.
import type { Store } from '../../store/database.ts';
import type { Network } from '../engine/network.ts';
import { type PlanArguments, planModel } from '../engine/run.ts';
import { allOrders, type References, referencesOf } from '../output/orders.ts';
import type { PlanModel } from '../plan-document.ts';
import { modelToPlan } from '../results/plan-model.ts';
import type { ModelScope } from '../store/scope.ts';
import { HELD_PREFIX } from './names.ts';
import type { LiveFacts } from './protocol.ts';

export interface LivePlan {
  net: Network;
  model: PlanModel;
  references: References;
  /** Demands of quotes that the plan itself delivers. */
  planned: ReadonlySet<string>;
  facts: Omit<LiveFacts, 'heapBytes'>;
}

export interface LiveTask {
  planId: number;
  scope: ModelScope;
  args: PlanArguments;
  forecast: boolean;
}

/** Part of loading in the whole. */
const LOADED = 0.3;

/** @throws PlanbridgeError PB_PLAN_REFUSED when nothing was read from Odoo yet */
export async function livePlan(
  { planId, scope, args, forecast }: LiveTask,
  store: Store,
  progress: (part: number, what: string) => void,
): Promise<LivePlan> {
  const begun = performance.now();
  const model = await modelToPlan(store, scope, forecast, { progress: (part, what) => progress(part * LOADED, what) });
  const rows = await store.query<{ name: string }>(
    `select name from planbridge.plan_demand where plan_id = $1 and starts_with(name, $2)`,
    [planId, HELD_PREFIX],
  );
  const planned = new Set(rows.map(({ name }) => name));
  for (const name of [...model.demands.keys()]) {
    if (name.startsWith(HELD_PREFIX) && !planned.has(name)) model.demands.delete(name);
  }
  const loaded = performance.now();
  const net = planModel(model, args, {
    progress: (part, step) => progress(LOADED + part * (1 - LOADED), `planning: ${step}`),
  });
  const ended = performance.now();
  const references = referencesOf(net);
  const own = digestOf(net, references);
  const [stored] = await store.query<{ orders: string; starts: string; ends: string; names: string }>(
    `select count(*)::text as orders, coalesce(sum(start_at), 0)::text as starts, coalesce(sum(end_at), 0)::text as ends,
       coalesce(sum(length(reference)), 0)::text as names from planbridge.plan_order where plan_id = $1`,
    [planId],
  );
  const same = JSON.stringify(stored) === JSON.stringify(own);
  return {
    net,
    model,
    references,
    planned,
    facts: {
      planId,
      planTime: net.current,
      same,
      orders: Number(own.orders),
      loadSeconds: (loaded - begun) / 1_000,
      planSeconds: (ended - loaded) / 1_000,
    },
  };
}

/** Sums by which two plans are told apart. */
function digestOf(net: Network, references: References) {
  let orders = 0;
  let starts = 0n;
  let ends = 0n;
  let names = 0;
  for (const o of allOrders(net)) {
    orders += 1;
    starts += BigInt(Math.round(o.start));
    ends += BigInt(Math.round(o.end));
    names += [...references(o)].length;
  }
  return { orders: `${orders}`, starts: `${starts}`, ends: `${ends}`, names: `${names}` };
}
