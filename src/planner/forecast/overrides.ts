// What people know better: an override sets the total of a cell at any level, and is spread over the combinations below it
// in proportion. Overrides are applied in the order they were made; the last word counts, and sums always fit. Pure.
import { type Address, byLeaf, chainOf } from './address.ts';
import { addLeaf, type ForecastLeaf, type ForecastPlan, leavesUnder } from './plan.ts';

export interface ForecastOverride extends Address {
  /** Number of the bucket. */
  bucket: number;
  /** New total; absent = only a comment. */
  quantity?: number;
  comment?: string;
}

/** An override that was not applied, and why. */
export interface OverrideRefusal {
  override: ForecastOverride;
  reason: string;
}

/** Applies overrides in place. Net and consumed quantities have to be computed after it. */
export function applyOverrides(plan: ForecastPlan, overrides: readonly ForecastOverride[]): OverrideRefusal[] {
  const refusals: OverrideRefusal[] = [];
  for (const override of overrides) {
    const reason = apply(plan, override);
    if (reason !== null) refusals.push({ override, reason });
  }
  return refusals;
}

function apply(plan: ForecastPlan, override: ForecastOverride): string | null {
  const { item, location, customer, bucket, quantity, comment } = override;
  const at = bucket - plan.first;
  if (at < 0 || at >= plan.horizon) return 'its bucket is not among those that are forecast';
  const address: Address = { item, location, customer };
  if (comment !== undefined && comment !== '') plan.comments.push({ address, bucket, text: comment });
  if (quantity === undefined) return null;
  if (!(quantity >= 0) || !Number.isFinite(quantity)) return `its quantity is ${quantity}, not a number of 0 or more`;
  let leaves = leavesUnder(plan, address);
  if (leaves.length === 0) {
    if (item === undefined || location === undefined) {
      return 'nothing is sold there, and it does not name an item and a location to make a new forecast of';
    }
    leaves = [addLeaf(plan, { item, location, customer: customer ?? '' })];
    plan.leaves.sort(byLeaf);
  }
  spread(leaves, at, quantity);
  return null;
}

/** Sets the sum of cells: in proportion to what they hold, else to their baseline, else to their history, else evenly. */
export function spread(leaves: readonly ForecastLeaf[], at: number, quantity: number): void {
  const weights = [
    (l: ForecastLeaf) => l.total[at]!,
    (l: ForecastLeaf) => sum(l.baseline),
    (l: ForecastLeaf) => sum(l.history),
    () => 1,
  ];
  for (const weight of weights) {
    const parts = leaves.map(weight);
    const all = parts.reduce((a, b) => a + b, 0);
    if (!(all > 0)) continue;
    leaves.forEach((leaf, i) => {
      leaf.total[at] = (quantity * parts[i]!) / all;
      leaf.overridden[at] = 1;
    });
    return;
  }
}

function sum(values: Float64Array): number {
  let all = 0;
  for (const v of values) all += v;
  return all;
}

/** Comments on a cell, those of the levels above it too. */
export function commentsOn(plan: ForecastPlan, address: Address, bucket: number): string[] {
  const covers = (level: 'item' | 'location' | 'customer', theirs: Address): boolean => {
    const wanted = theirs[level];
    const own = address[level];
    if (wanted === undefined) return true;
    return own !== undefined && chainOf(own, plan.owners[level]).includes(wanted);
  };
  return plan.comments
    .filter((c) => c.bucket === bucket && covers('item', c.address) && covers('location', c.address))
    .filter((c) => covers('customer', c.address))
    .map((c) => c.text);
}
