// One line per item and place for inventory planning: what is there, how low it gets, when safety stock is first touched, what
// comes and goes. Reads only.
import type { Buffer, Network } from '../engine/network.ts';
import type { PlanTime } from '../model.ts';
import { inventoryOf } from './inventory.ts';
import { orderType } from './orders.ts';

export interface StockSummary {
  item: string;
  location: string;
  /** Of item to order of a sale: their stock is kept apart. */
  batches: number;
  onhand: number;
  /** Safety stock now, and how it changes. */
  safety: number;
  safetySteps: { date: PlanTime; quantity: number }[];
  lowest: number;
  /** When stock is first below safety stock, from now on; null = never. */
  missingAt: PlanTime | null;
  /** Supply that is confirmed or approved. */
  incoming: number;
  /** Supply that the plan proposes. */
  proposed: number;
  /** Everything that is taken out. */
  outgoing: number;
}

const EPSILON = 1e-6;

/** By item and place, in the order of their names. */
export function* stockSummaries(net: Network): Generator<StockSummary> {
  const places = Map.groupBy(
    [...net.buffers.values()].filter((b) => b.flowplans.length > 0 || b.minimum !== null),
    (b) => `${b.item?.name || b.name}\u0000${b.location?.name ?? ''}`,
  );
  const names = [...places.keys()].sort();
  for (const name of names) yield summaryOf(net, places.get(name)!);
}

function summaryOf(net: Network, buffers: readonly Buffer[]): StockSummary {
  const parts = buffers.map((b) => partOf(net, b, net.current));
  const sum = (pick: (part: StockSummary) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const missing = parts.flatMap(({ missingAt }) => (missingAt === null ? [] : [missingAt]));
  return {
    ...parts[0]!,
    batches: parts.length,
    onhand: sum((part) => part.onhand),
    lowest: Math.min(...parts.map(({ lowest }) => lowest)),
    missingAt: missing.length > 0 ? Math.min(...missing) : null,
    incoming: sum((part) => part.incoming),
    proposed: sum((part) => part.proposed),
    outgoing: sum((part) => part.outgoing),
  };
}

function partOf(net: Network, b: Buffer, now: PlanTime): StockSummary {
  const { item, location, onhand, points, safetyStock } = inventoryOf(net, b);
  const coming = points.filter(({ date }) => date > now);
  const levels = [onhand, ...coming.map((point) => point.onhand)];
  let [incoming, proposed, outgoing] = [0, 0, 0];
  for (const flow of b.flowplans) {
    if (orderType(flow.opplan) === 'STCK') continue;
    if (flow.quantity < 0) outgoing -= flow.quantity;
    else if (flow.opplan.proposed) proposed += flow.quantity;
    else incoming += flow.quantity;
  }
  return {
    item,
    location,
    batches: 1,
    onhand,
    safety: b.minimumAt(now),
    safetySteps: safetyStock,
    lowest: Math.min(...levels),
    missingAt: firstMissing(b, now, onhand, coming),
    incoming,
    proposed,
    outgoing,
  };
}

/** Stock and safety stock both are steps: it is enough to look where one of them changes. */
function firstMissing(
  b: Buffer,
  now: PlanTime,
  onhand: number,
  coming: readonly { date: PlanTime; onhand: number }[],
): PlanTime | null {
  if (onhand < b.minimumAt(now) - EPSILON) return now;
  const steps = (b.minimum?.dates ?? []).filter((date) => date > now);
  const moments = [...coming.map(({ date }) => date), ...steps].sort((x, y) => x - y);
  let at = 0;
  let level = onhand;
  for (const moment of moments) {
    while (at < coming.length && coming[at]!.date <= moment) level = coming[at++]!.onhand;
    if (level < b.minimumAt(moment) - EPSILON) return moment;
  }
  return null;
}
