// Orders use up the forecast: first that of the bucket they are due in, then earlier ones, then later ones, as far as is
// allowed (frePPLe's forecast netting). What is left is planned. Pure.
import type { PlanTime } from '../model.ts';
import { chainOf, compare } from './address.ts';
import { bucketOf, bucketStart } from './buckets.ts';
import type { SalesRow } from './history.ts';
import type { ForecastLeaf, ForecastPlan } from './plan.ts';

export interface NettingOptions {
  /** Seconds before an order's due date in which forecast may be used up. Default 0. */
  netEarlier?: number;
  /** Seconds after it. Default 0. */
  netLater?: number;
  /** Orders use the forecast of their own customer (and that of his owners) before that of others; else of the item and
   * location as a whole. */
  byCustomer?: boolean;
}

export interface Netting {
  /** Orders of which something found no forecast. */
  unmatched: { order: SalesRow; quantity: number }[];
}

const EPSILON = 1e-9;

/** Nets orders against the forecast, in place. The earlier due order takes first. */
export function netOrders(plan: ForecastPlan, orders: readonly SalesRow[], options: NettingOptions = {}): Netting {
  const { netEarlier = 0, netLater = 0, byCustomer = false } = options;
  for (const leaf of plan.leaves) {
    leaf.consumed.fill(0);
    leaf.orders.fill(0);
  }
  const groups = groupsOf(plan);
  const unmatched: Netting['unmatched'] = [];
  const inOrder = orders
    .map((order, i) => ({ order, i }))
    .sort((a, b) => a.order.date - b.order.date || compare(a.order.name ?? '', b.order.name ?? '') || a.i - b.i);
  for (const { order } of inOrder) {
    const at = bucketOf(plan.bucket, order.date) - plan.first;
    if (at < 0 || order.quantity <= 0) continue;
    noteOrder(groups, order, at, plan);
    let left = order.quantity;
    const leaves = match(plan, groups, order, byCustomer);
    if (leaves !== null) {
      for (const bucket of bucketsOf(plan, order.date, at, netEarlier, netLater)) {
        left -= consume(leaves, bucket, left);
        if (left <= EPSILON) break;
      }
    }
    if (left > EPSILON) unmatched.push({ order, quantity: left });
  }
  return { unmatched };
}

type Groups = Map<string, Map<string, Map<string, ForecastLeaf[]>>>;

/** Leaves by item, location and customer. */
function groupsOf(plan: ForecastPlan): Groups {
  const groups: Groups = new Map();
  for (const leaf of plan.leaves) {
    const locations = getOr(groups, leaf.item, (): Map<string, Map<string, ForecastLeaf[]>> => new Map());
    const customers = getOr(locations, leaf.location, (): Map<string, ForecastLeaf[]> => new Map());
    getOr(customers, leaf.customer, (): ForecastLeaf[] => []).push(leaf);
  }
  return groups;
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Open orders of the combination itself are shown beside its forecast. */
function noteOrder(groups: Groups, order: SalesRow, at: number, plan: ForecastPlan): void {
  if (at >= plan.horizon) return;
  const leaf = groups.get(order.item)?.get(order.location)?.get(order.customer)?.[0];
  if (leaf !== undefined) leaf.orders[at]! += order.quantity;
}

/** The forecast that an order may use, the most specific one: customer, then item, then location go up to their owners. */
function match(
  plan: ForecastPlan,
  groups: Groups,
  order: SalesRow,
  byCustomer: boolean,
): readonly ForecastLeaf[] | null {
  for (const location of chainOf(order.location, plan.owners.location)) {
    for (const item of chainOf(order.item, plan.owners.item)) {
      const customers = groups.get(item)?.get(location);
      if (customers === undefined) continue;
      if (byCustomer) {
        for (const customer of [...chainOf(order.customer, plan.owners.customer), '']) {
          const leaves = customers.get(customer);
          if (leaves?.some(hasForecast)) return leaves;
        }
      } else {
        const leaves = [...customers.values()].flat();
        if (leaves.some(hasForecast)) return leaves;
      }
    }
  }
  return null;
}

function hasForecast(leaf: ForecastLeaf): boolean {
  return leaf.total.some((v) => v > 0);
}

/** Positions of the buckets that an order may use: its own, earlier ones backwards, later ones forwards. */
function* bucketsOf(plan: ForecastPlan, due: PlanTime, at: number, earlier: number, later: number): Generator<number> {
  if (at < plan.horizon) yield at;
  for (let i = Math.min(at, plan.horizon) - 1; i >= 0; i--) {
    if (bucketStart(plan.bucket, plan.first + i + 1) <= due - earlier) break;
    yield i;
  }
  for (let i = at + 1; i < plan.horizon; i++) {
    if (bucketStart(plan.bucket, plan.first + i) > due + later) break;
    yield i;
  }
}

/** Uses up the forecast of one bucket, of all leaves in proportion. @returns what was there */
function consume(leaves: readonly ForecastLeaf[], at: number, wanted: number): number {
  let free = 0;
  for (const l of leaves) free += Math.max(0, l.total[at]! - l.consumed[at]!);
  if (free <= EPSILON) return 0;
  const taken = Math.min(free, wanted);
  for (const l of leaves) {
    const own = Math.max(0, l.total[at]! - l.consumed[at]!);
    l.consumed[at]! += (own / free) * taken;
  }
  return taken;
}
