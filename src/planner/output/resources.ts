// Load of resources: which order takes how much when, and load against capacity per bucket. Reads only.
import { indexAt, type StepFunction, valueAt } from '../engine/calendar.ts';
import { singles, workTimeOf } from '../engine/capacity-time.ts';
import { byName, type Network, type Resource } from '../engine/network.ts';
import { between, intersect, type WorkTime } from '../engine/worktime.ts';
import { INFINITE_FUTURE, type PlanTime } from '../model.ts';
import { type References, subjectOf, unitOf } from './orders.ts';

/** One order on one resource: a bar of the Gantt. */
export interface LoadplanOutput {
  resource: string;
  /** Of the order, and of its MO when it is a step. */
  reference: string;
  unit: string;
  operation: string;
  item: string;
  start: PlanTime;
  end: PlanTime;
  /** Units of the resource. */
  quantity: number;
  /** What the resource is set up for. */
  setup: string | null;
}

export interface ResourceBucketOutput {
  resource: string;
  start: PlanTime;
  end: PlanTime;
  /** Unit hours that are there; for bucketized resources in their own measure; null: no limit. */
  capacity: number | null;
  load: number;
  /** Load by capacity; null where there is no capacity. */
  utilization: number | null;
}

export function* loadplanOutputs(net: Network, references: References): Generator<LoadplanOutput> {
  for (const r of [...net.resources.values()].sort(byName)) {
    const inOrder = r.loadplans
      .filter((l) => l.quantity !== 0)
      .sort((a, b) => a.start - b.start || a.end - b.end || a.opplan.sequence - b.opplan.sequence);
    for (const l of inOrder) {
      const o = l.opplan;
      yield {
        resource: r.name,
        reference: references(o),
        unit: references(unitOf(o)),
        operation: o.operation.name,
        item: subjectOf(o).item,
        start: l.start,
        end: l.end,
        quantity: Math.abs(l.quantity),
        setup: o.setup === '' ? null : o.setup,
      };
    }
  }
}

/**
 * Load of one resource per bucket; a pool has that of its members too.
 * @param starts begin of each bucket, and the end of the last one
 */
export function resourceBuckets(net: Network, r: Resource, starts: readonly PlanTime[]): ResourceBucketOutput[] {
  const count = Math.max(0, starts.length - 1);
  const load = new Float64Array(count);
  const capacity = new Float64Array(count);
  addLoads(net, r, starts, load);
  if (r.isGroup) {
    for (const member of singles(r)) {
      addLoads(net, member, starts, load);
      addCapacity(member, starts, capacity);
    }
  } else addCapacity(r, starts, capacity);
  const limited = r.kind !== 'infinite';
  return Array.from({ length: count }, (_, k) => ({
    resource: r.name,
    start: starts[k]!,
    end: starts[k + 1]!,
    capacity: limited ? capacity[k]! : null,
    load: load[k]!,
    utilization: limited && capacity[k]! > 0 ? load[k]! / capacity[k]! : null,
  }));
}

function addLoads(net: Network, r: Resource, starts: readonly PlanTime[], load: Float64Array): void {
  if (r.buckets !== null) {
    r.buckets.starts.forEach((date, i) => {
      const k = bucketAt(starts, date);
      if (k >= 0 && k < load.length) load[k]! += r.buckets?.used[i] ?? 0;
    });
    return;
  }
  for (const l of r.loadplans) {
    // working time: an order that is interrupted by the night does not load the night
    const work = workTimeOf(net, l.opplan.operation, l.opplan);
    for (let k = Math.max(0, bucketAt(starts, l.start)); k < load.length && starts[k]! < l.end; k++) {
      const [from, to] = [Math.max(starts[k]!, l.start), Math.min(starts[k + 1]!, l.end)];
      if (to > from) load[k]! += (between(work, from, to).actual * l.quantity) / 3600;
    }
  }
}

function addCapacity(r: Resource, starts: readonly PlanTime[], capacity: Float64Array): void {
  if (r.buckets !== null) {
    r.buckets.starts.forEach((date, i) => {
      const k = bucketAt(starts, date);
      if (k >= 0 && k < capacity.length) capacity[k]! += r.buckets?.capacity[i] ?? 0;
    });
    return;
  }
  const work = workingHours(r);
  for (let k = 0; k < capacity.length; k++) capacity[k]! += unitHours(r.maximum, work, starts[k]!, starts[k + 1]!);
}

/** Load per bucket of all resources. */
export function* resourceBucketOutputs(net: Network, starts: readonly PlanTime[]): Generator<ResourceBucketOutput> {
  for (const r of [...net.resources.values()].sort(byName)) yield* resourceBuckets(net, r, starts);
}

/** The bucket in which a moment lies; -1 before the first, the number of buckets after the last. */
function bucketAt(starts: readonly PlanTime[], t: PlanTime): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** When the resource works: its own calendar, and that of its place. */
function workingHours(r: Resource): WorkTime | undefined {
  return intersect([r.available, r.location?.available ?? null].filter((c) => c !== null));
}

/** Hours of work times units that are there. */
function unitHours(maximum: StepFunction | null, work: WorkTime | undefined, from: PlanTime, to: PlanTime): number {
  if (maximum === null) return 0;
  let sum = 0;
  for (let at = from; at < to; ) {
    const end = Math.min(maximum.dates[indexAt(maximum.dates, at) + 1] ?? INFINITE_FUTURE, to);
    sum += (between(work, at, end).actual * Math.max(0, valueAt(maximum, at))) / 3600;
    at = end;
  }
  return sum;
}
