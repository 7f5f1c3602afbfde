// The whole plan as lines of JSON: one object a line, `record` says of what. A generator; a large plan is never in memory as text.
import type { Network } from '../engine/network.ts';
import { demandOutputs } from './demands.ts';
import { flowplanOutputs, inventoryOutputs } from './inventory.ts';
import { allOrders, orderOutput, orderType, referencesOf } from './orders.ts';
import { planPegging } from './pegging.ts';
import { problemOutputs } from './problems.ts';
import { loadplanOutputs } from './resources.ts';

/**
 * Records `plan`, `demand` (with the chain of orders that supplies it), `order` (with the demands it serves),
 * `flowplan`, `loadplan`, `inventory` and `problem`. Dates are ISO 8601 without zone, on the plan's own clock.
 */
export function* planJson(net: Network): Generator<string> {
  const references = referencesOf(net);
  const pegging = planPegging(net);
  yield line('plan', { current: net.current, demands: net.demands.size });
  for (const demand of demandOutputs(net, pegging, references)) {
    const own = net.demands.get(demand.name);
    const supply = own === undefined ? [] : pegging.supplyOf(own);
    yield line('demand', {
      ...demand,
      supply: supply.map(({ order, quantity, level }) => ({ reference: references(order), quantity, level })),
    });
  }
  for (const o of allOrders(net)) {
    const serves =
      orderType(o) === 'DLVR' || orderType(o) === 'WO'
        ? []
        : pegging.demandsOf(o).map(({ demand, quantity }) => ({ demand: demand.name, quantity }));
    yield line('order', { ...orderOutput(o, references), serves });
  }
  for (const f of flowplanOutputs(net, references)) yield line('flowplan', f);
  for (const l of loadplanOutputs(net, references)) yield line('loadplan', l);
  for (const i of inventoryOutputs(net)) yield line('inventory', i);
  for (const p of problemOutputs(net, references)) yield line('problem', p);
}

const DATES = new Set(['current', 'start', 'end', 'setupEnd', 'date', 'due', 'promised', 'until']);

function line(record: string, value: object): string {
  return JSON.stringify({ record, ...value }, (key, inner: unknown) => {
    // the text is there: programs need no words to translate
    if (key === 'sentence') return undefined;
    if (typeof inner !== 'number') return inner;
    if (DATES.has(key)) return isoDate(inner);
    return Number.isInteger(inner) ? inner : Number(inner.toFixed(6));
  });
}

function isoDate(t: number): string {
  return new Date(t * 1000).toISOString().slice(0, 19);
}
