// The forecast of a whole company: series at the level that is forecast, spread over the combinations that are sold by what
// each sold lately. Sums up to any level of the hierarchy. Pure.
import { type Address, byLeaf, isUnder, keyOf, type Leaf, NO_OWNERS, type Owners } from './address.ts';
import { type BucketKind, seasonLength } from './buckets.ts';
import { type History, type LeafHistory, sumHistory } from './history.ts';
import { forecastSeries, type SeriesForecast, type SeriesOptions } from './series.ts';

/** What one series is: sales are told apart by this. */
export type ForecastLevel = 'item' | 'item-location' | 'item-location-customer';

export interface ForecastOptions {
  horizon: number;
  level?: ForecastLevel;
  /** Buckets of a season, when not those of a year. */
  period?: number;
  select?: SeriesOptions['select'];
  clipOutliers?: boolean;
  /** Buckets without a sale after which an item is dead; default: a season. */
  deadAfter?: number;
  owners?: Owners;
}

/** One series that was forecast. */
export interface ForecastNode {
  address: Address;
  /** The last bucket is the one before the current. */
  history: Float64Array;
  result: SeriesForecast;
  leaves: ForecastLeaf[];
}

/** The cells of one combination, one value per bucket from the current one on. */
export interface ForecastLeaf extends Leaf {
  history: Float64Array;
  baseline: Float64Array;
  /** Baseline, or what an override makes of it. */
  total: Float64Array;
  /** Buckets whose total was set by a person. */
  overridden: Uint8Array;
  /** Open orders due in the bucket. */
  orders: Float64Array;
  /** Part of the total that orders have used up; they may be due in another bucket. */
  consumed: Float64Array;
  node: ForecastNode | null;
}

export interface ForecastPlan {
  bucket: BucketKind;
  /** Number of the first bucket. */
  first: number;
  horizon: number;
  owners: Owners;
  nodes: ForecastNode[];
  /** In order of item, location and customer. */
  leaves: ForecastLeaf[];
  byKey: Map<string, ForecastLeaf>;
  whole: ReadonlyMap<string, boolean>;
  /** Remarks of people, in the order they were made. */
  comments: { address: Address; bucket: number; text: string }[];
}

/** Buckets whose sales tell how a series is spread over its combinations. */
const SHARE_BUCKETS = 12;

/** Forecasts series by series; returns the plan when it is through. Each step yields how many of how many are done. */
export function* forecastHistory(
  history: History,
  options: ForecastOptions,
): Generator<{ done: number; of: number }, ForecastPlan> {
  const { horizon, level = 'item-location', owners = NO_OWNERS } = options;
  const season = seasonLength(history.bucket);
  const period = options.period ?? season;
  const series: SeriesOptions = {
    period,
    horizon,
    select: options.select ?? 'combine',
    clipOutliers: options.clipOutliers ?? true,
    deadAfter: options.deadAfter ?? season,
  };
  const plan: ForecastPlan = {
    bucket: history.bucket,
    first: history.current,
    horizon,
    owners,
    nodes: [],
    leaves: [],
    byKey: new Map(),
    whole: history.whole,
    comments: [],
  };
  const groups = new Map<string, LeafHistory[]>();
  for (const leaf of history.leaves) {
    const key = keyOf({
      item: leaf.item,
      location: level === 'item' ? '' : leaf.location,
      customer: level === 'item-location-customer' ? leaf.customer : '',
    });
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [leaf]);
    else group.push(leaf);
  }
  let done = 0;
  for (const group of groups.values()) {
    const values = sumHistory(group);
    const [{ item, location, customer }] = group as [LeafHistory];
    const address: Address =
      level === 'item' ? { item } : level === 'item-location' ? { item, location } : { item, location, customer };
    const node: ForecastNode = { address, history: values, result: forecastSeries(values, series), leaves: [] };
    spreadBaseline(plan, node, group);
    plan.nodes.push(node);
    yield { done: ++done, of: groups.size };
  }
  plan.leaves.sort(byLeaf);
  return plan;
}

function spreadBaseline(plan: ForecastPlan, node: ForecastNode, group: readonly LeafHistory[]): void {
  const lately = group.map(({ values }) => {
    let sum = 0;
    for (let i = Math.max(0, values.length - SHARE_BUCKETS); i < values.length; i++) sum += values[i]!;
    return sum;
  });
  const all = lately.reduce((a, b) => a + b, 0);
  group.forEach((leaf, i) => {
    const share = all > 0 ? lately[i]! / all : 1 / group.length;
    const own = addLeaf(plan, leaf, leaf.values, node);
    for (let h = 0; h < plan.horizon; h++) {
      own.baseline[h] = node.result.values[h]! * share;
      own.total[h] = own.baseline[h]!;
    }
  });
}

/** A combination without forecast, such as one that was never sold. It is not yet in its place in the order. */
export function addLeaf(
  plan: ForecastPlan,
  { item, location, customer }: Leaf,
  history: Float64Array = new Float64Array(0),
  node: ForecastNode | null = null,
): ForecastLeaf {
  const zeros = () => new Float64Array(plan.horizon);
  const leaf: ForecastLeaf = {
    item,
    location,
    customer,
    history,
    baseline: zeros(),
    total: zeros(),
    overridden: new Uint8Array(plan.horizon),
    orders: zeros(),
    consumed: zeros(),
    node,
  };
  plan.leaves.push(leaf);
  plan.byKey.set(keyOf(leaf), leaf);
  node?.leaves.push(leaf);
  return leaf;
}

/** The leaves under an address. */
export function leavesUnder(plan: ForecastPlan, address: Address): ForecastLeaf[] {
  return plan.leaves.filter(isUnder(address, plan.owners));
}

export interface ForecastSums {
  /** From the first sale on; the last is the bucket before the current. */
  history: Float64Array;
  baseline: Float64Array;
  total: Float64Array;
  overridden: Uint8Array;
  orders: Float64Array;
  consumed: Float64Array;
  /** What is left for the plan: total less consumed. */
  net: Float64Array;
}

/** Sums of all cells under an address: one line of the forecast screen at any level. */
export function sumsOf(plan: ForecastPlan, address: Address): ForecastSums {
  return sumLeaves(plan, leavesUnder(plan, address));
}

export function sumLeaves(plan: ForecastPlan, leaves: readonly ForecastLeaf[]): ForecastSums {
  const zeros = () => new Float64Array(plan.horizon);
  const history = new Float64Array(leaves.reduce((most, l) => Math.max(most, l.history.length), 0));
  const sums = { baseline: zeros(), total: zeros(), orders: zeros(), consumed: zeros(), net: zeros() };
  const overridden = new Uint8Array(plan.horizon);
  for (const leaf of leaves) {
    const shift = history.length - leaf.history.length;
    for (let i = 0; i < leaf.history.length; i++) history[shift + i]! += leaf.history[i]!;
    for (let h = 0; h < plan.horizon; h++) {
      sums.baseline[h]! += leaf.baseline[h]!;
      sums.total[h]! += leaf.total[h]!;
      sums.orders[h]! += leaf.orders[h]!;
      sums.consumed[h]! += leaf.consumed[h]!;
      sums.net[h]! += Math.max(0, leaf.total[h]! - leaf.consumed[h]!);
      if (leaf.overridden[h] === 1) overridden[h] = 1;
    }
  }
  return { history, ...sums, overridden };
}
