// Net forecast as demands for the planning engine: after all orders, one per item, location and bucket. Pure.
import type { Demand, PlanTime } from '../model.ts';
import { bucketName, bucketStart } from './buckets.ts';
import type { ForecastLeaf, ForecastPlan } from './plan.ts';

export interface ForecastDemandOptions {
  /** Nothing is due before it. */
  current: PlanTime;
  /** Larger than that of any order, so that orders come first. */
  priority: number;
  /** When in its bucket it is due. Default: in the middle. */
  due?: 'start' | 'middle' | 'end';
  /** One demand per customer too. */
  byCustomer?: boolean;
  /** Only the first so many buckets. */
  buckets?: number;
}

/** Demands in order of item, location, customer and bucket. Items that are sold in whole units get whole demands; what is
 * rounded off goes to the next bucket. */
export function* forecastDemands(plan: ForecastPlan, options: ForecastDemandOptions): Generator<Demand> {
  for (const leaves of groups(plan, options.byCustomer ?? false)) {
    const { item, location, customer } = leaves[0]!;
    const unit = plan.whole.get(item) === true ? 1 : 1e-3;
    let carried = 0;
    for (let h = 0; h < Math.min(plan.horizon, options.buckets ?? plan.horizon); h++) {
      let net = carried;
      for (const l of leaves) net += Math.max(0, l.total[h]! - l.consumed[h]!);
      const quantity = Number((Math.round(net / unit + 1e-9) * unit).toFixed(3));
      carried = net - quantity;
      if (quantity <= 0) continue;
      const named = options.byCustomer && customer !== '' ? ` for ${customer}` : '';
      yield {
        name: `Forecast ${item} @ ${location}${named} ${bucketName(plan.bucket, plan.first + h)}`,
        category: 'forecast',
        item,
        ...(location === '' ? {} : { location }),
        ...(options.byCustomer && customer !== '' ? { customer } : {}),
        quantity,
        due: dueOf(plan, h, options),
        priority: options.priority,
        status: 'open',
      };
    }
  }
}

function* groups(plan: ForecastPlan, byCustomer: boolean): Generator<ForecastLeaf[]> {
  let group: ForecastLeaf[] = [];
  for (const leaf of plan.leaves) {
    const [head] = group;
    const same =
      head !== undefined &&
      head.item === leaf.item &&
      head.location === leaf.location &&
      (!byCustomer || head.customer === leaf.customer);
    if (!same && group.length > 0) {
      yield group;
      group = [];
    }
    group.push(leaf);
  }
  if (group.length > 0) yield group;
}

function dueOf(plan: ForecastPlan, h: number, { current, due = 'middle' }: ForecastDemandOptions): PlanTime {
  const start = bucketStart(plan.bucket, plan.first + h);
  const end = bucketStart(plan.bucket, plan.first + h + 1);
  const at = due === 'start' ? start : due === 'end' ? end - 1 : Math.floor((start + end) / 2);
  return Math.max(at, current);
}
