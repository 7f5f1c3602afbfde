// Capacity of a bucketized resource: an order takes its load from the bucket in which its loading moment falls. What
// does not fit is made smaller, or moved to an earlier bucket; otherwise the answer is a later bucket with room.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { indexAt } from './calendar.ts';
import { workTimeOf } from './capacity-time.ts';
import { timeLoad } from './movements.ts';
import type { Load, Resource } from './network.ts';
import type { LoadPlan, Opplan } from './order.ts';
import { minimumSize, setQuantity } from './sizing.ts';
import { checkLeadTime } from './solve-leadtime.ts';
import { workSeconds } from './solve-resource.ts';
import { EPSILON, isLeadTimeConstrained, type Solver } from './solver.ts';
import { type OpplanState, restore, setParameters, setStart, stateOf } from './timing.ts';
import { backward, between, forward } from './worktime.ts';

export function solveBuckets(solver: Solver, resource: Resource): void {
  new BucketSearch(solver, resource).run();
}

class BucketSearch {
  private readonly solver: Solver;
  private readonly resource: Resource;
  private readonly l: LoadPlan;
  private readonly o: Opplan;
  private readonly load: Load;
  private readonly original: OpplanState;
  /** An order whose time depends on its size fills buckets one by one. */
  private readonly fills: boolean;
  private readonly asked: number;

  constructor(solver: Solver, resource: Resource) {
    this.solver = solver;
    this.resource = resource;
    this.l = solver.s.loadplan as LoadPlan;
    this.o = this.l.opplan;
    this.load = this.l.load as Load;
    this.original = stateOf(this.o);
    this.fills =
      this.o.operation.kind === 'timeper' && this.o.operation.durationPer > 0 && this.load.kind === 'default';
    timeLoad(solver.net, this.l);
    this.asked = this.l.quantity;
  }

  run(): void {
    const { solver, resource, o, original } = this;
    const s = solver.s;
    s.hasBuckets = true;
    s.aDate = s.qDate;
    s.aQty = this.asked;
    let noRestore = s.forceLate;
    if (!s.forceLate) noRestore = this.fills ? this.fill() : this.moveEarlier();
    if (s.aQty === 0 || (s.forceLate && this.room() < -EPSILON)) {
      s.aQty = 0;
      if (solver.constrained) this.moveLater(noRestore);
    }
    if (!solver.constrained && s.aQty === 0) {
      restore(solver.net, o, original);
      s.aDate = s.qDate;
      s.aQty = this.asked;
    }
    if (s.aQty > 0) {
      if (resource.cost !== 0) s.aCost += (s.aQty * resource.cost * workSeconds(solver, o)) / 3600;
      if (original.end > o.end) {
        s.aPenalty += (((original.end - o.end) * 0.05) / 3600) * (resource.cost > 0 ? resource.cost : 1);
      }
    } else {
      solver.logConstraint({
        kind: 'capacity',
        owner: resource,
        operation: o.operation,
        start: original.start,
        end: original.end,
      });
    }
    if (s.aQty < this.asked - EPSILON) solver.acceptPartial = true;
    if (original.start > o.start) {
      solver.logConstraint({
        kind: 'capacity',
        owner: resource,
        operation: o.operation,
        start: o.start,
        end: original.start,
        keep: true,
      });
    }
  }

  private bucketAt(date: number): number {
    return Math.max(indexAt((this.resource.buckets as NonNullable<Resource['buckets']>).starts, date), 0);
  }

  private bucketStart(i: number): number {
    return this.resource.buckets?.starts[i] ?? INFINITE_FUTURE;
  }

  /** Capacity left in a bucket, without this order. */
  private left(i: number): number {
    const b = this.resource.buckets as NonNullable<Resource['buckets']>;
    return (b.capacity[i] as number) - (b.used[i] as number);
  }

  /** Capacity left in the order's bucket after it; negative when it does not fit. */
  private room(): number {
    timeLoad(this.solver.net, this.l);
    return this.left(this.bucketAt(this.l.start)) - this.l.quantity;
  }

  /** Order quantity per capacity. */
  private perCapacity(): number {
    const efficiency = this.resource.efficiencyAt(this.l.start) / 100;
    return this.load.quantity === 0 ? 0 : efficiency / this.load.quantity;
  }

  private leadTimeFails(): boolean {
    const { solver, o } = this;
    return solver.constrained && isLeadTimeConstrained(solver, o.operation) && !checkLeadTime(solver, o, false);
  }

  /** Start of the order for a loading moment. */
  private startFor(date: number): number {
    const { solver, o, load } = this;
    const { net } = solver;
    const work = workTimeOf(net, o.operation, o);
    switch (load.kind) {
      case 'from_end': {
        const end = forward(work, date, load.offset).end;
        const at = setParameters(net, o, o.quantity, INFINITE_PAST, end, true, false, false, false);
        return at.start <= date ? at.start : date;
      }
      case 'from_start': {
        const start = backward(work, date, load.offset).start;
        const at = setParameters(net, o, o.quantity, start, INFINITE_PAST, true, false, false, false);
        if (at.end >= date) return at.start;
        return setParameters(net, o, o.quantity, INFINITE_PAST, date, true, false, false, false).start;
      }
      case 'percentage': {
        const lasts = between(work, o.start, o.end).actual;
        return backward(work, date, Math.trunc((lasts * load.offset) / 100)).start;
      }
      default:
        return date;
    }
  }

  /** Fixed moment of loading: smaller, or into an earlier bucket. True: lead times forbid. */
  private moveEarlier(): boolean {
    const { solver, o, original, resource } = this;
    const s = solver.s;
    for (let round = 0; round < 1000; round++) {
      if (this.leadTimeFails()) return true;
      let over = this.room();
      if (over < -EPSILON && this.squeeze(over)) over = 0;
      if (over >= -EPSILON) return s.forceLate;
      const from = this.bucketAt(this.l.start);
      const found = this.earlierBucket(from, original.end - Math.min(resource.maxEarly, o.operation.keeps));
      if (found === null) {
        s.aQty = 0;
        return s.forceLate;
      }
      setStart(solver.net, o, this.startFor(found), false);
      timeLoad(solver.net, this.l);
      if (this.l.start > found || o.quantity === 0) {
        s.aQty = 0;
        return s.forceLate;
      }
      if (this.leadTimeFails()) return true;
    }
    s.aQty = 0;
    return s.forceLate;
  }

  /** Makes the order as small as what is left in its bucket, if lot sizes allow. */
  private squeeze(over: number): boolean {
    const { solver, o } = this;
    const s = solver.s;
    if (this.l.quantity <= -over + EPSILON || this.load.quantity === 0) return false;
    const before = stateOf(o);
    const bucket = this.bucketAt(this.l.start);
    const size = o.quantity + over * this.perCapacity();
    if (size <= EPSILON) return false;
    setParameters(solver.net, o, size, INFINITE_PAST, before.end, true, true, true, false);
    if (o.quantity > 0 && o.quantity <= size + EPSILON && o.end <= before.end) {
      // a smaller order takes less time: it must not slip into the next bucket
      timeLoad(solver.net, this.l);
      const end = this.bucketStart(bucket + 1);
      if (this.l.start >= end) setStart(solver.net, o, this.startFor(end - 1), false);
      timeLoad(solver.net, this.l);
      s.aQty = this.l.quantity;
      return true;
    }
    restore(solver.net, o, before);
    return false;
  }

  /** Last working moment in an earlier bucket with room; null when there is none before `limit`. */
  private earlierBucket(from: number, limit: number): number | null {
    const { solver, o } = this;
    const work = workTimeOf(solver.net, o.operation, o);
    for (let i = from - 1; i >= 0; i--) {
      const end = this.bucketStart(i + 1);
      if (end <= limit) return null;
      if (this.left(i) <= EPSILON) continue;
      const moment = backward(work, end, 1).start;
      if (moment >= this.bucketStart(i) && moment < end) return moment;
    }
    return null;
  }

  /** As much as fits into the bucket of the asked end, or into an earlier one. True: lead times forbid. */
  private fill(): boolean {
    const { solver, o, original, resource } = this;
    const { net } = solver;
    const s = solver.s;
    setParameters(net, o, s.qQtyMin / 10, INFINITE_PAST, original.end, true, true, false, false);
    let over = this.room();
    if (over > EPSILON && o.quantity < original.quantity - EPSILON) {
      const start = Math.max(this.bucketStart(this.bucketAt(this.l.start)), INFINITE_PAST + 1);
      setParameters(net, o, original.quantity, start, original.end, true, true, false, false);
      over = this.room();
      if (over > -EPSILON) return this.took();
      const { end } = o;
      const size = o.quantity + over * this.perCapacity();
      if (size > EPSILON) {
        setParameters(net, o, size, INFINITE_PAST, end, true, true, true, false);
        if (o.quantity > 0 && o.quantity <= size + EPSILON && o.end <= end) return this.took();
      }
      setParameters(net, o, s.qQtyMin / 10, INFINITE_PAST, original.end, true, true, false, false);
    } else if (over > -EPSILON && o.quantity >= original.quantity - EPSILON) return this.took();
    if (this.leadTimeFails()) return true;
    timeLoad(net, this.l);
    for (let from = this.bucketAt(this.l.start); ; ) {
      const moment = this.earlierBucket(from, original.end - Math.min(resource.maxEarly, o.operation.keeps));
      if (moment === null) break;
      from = this.bucketAt(moment);
      if (!this.startIn(moment)) continue;
      if (this.leadTimeFails()) return true;
      return this.took();
    }
    s.aQty = 0;
    return s.forceLate;
  }

  private took(): boolean {
    timeLoad(this.solver.net, this.l);
    this.solver.s.aQty = this.l.quantity;
    this.solver.s.aDate = this.l.start;
    return this.solver.s.forceLate;
  }

  /** Starts the order at a moment, as large as time until the asked end and the bucket's capacity allow. */
  private startIn(moment: number): boolean {
    const { solver, o, original } = this;
    const { net } = solver;
    setParameters(net, o, original.quantity, moment, original.end, false, true, true, false);
    if (o.quantity <= EPSILON) return false;
    const over = this.room();
    if (over <= -EPSILON) {
      const size = o.quantity + over * this.perCapacity();
      if (size < EPSILON) return false;
      setParameters(net, o, size, moment, INFINITE_PAST, false, true, true, false);
      if (!(o.quantity > 0 && o.quantity <= size + EPSILON)) return false;
    }
    timeLoad(net, this.l);
    return o.end <= original.end && this.l.start <= moment;
  }

  private moveLater(noRestore: boolean): void {
    const { solver, o, original, l, load } = this;
    const { net } = solver;
    const s = solver.s;
    if (this.fills) setParameters(net, o, original.quantity, INFINITE_PAST, original.end, true, true, false, false);
    else if (!noRestore) restore(net, o, original);
    timeLoad(net, l);
    const work = workTimeOf(net, o.operation, o);
    const buckets = this.resource.buckets as NonNullable<Resource['buckets']>;
    let moment = l.start;
    for (let i = this.bucketAt(l.start); i < buckets.starts.length; i++, moment = this.bucketStart(i)) {
      if (this.left(i) <= EPSILON) continue;
      const first = forward(work, moment, 1).start;
      if (first >= this.bucketStart(i + 1)) continue;
      const least = Math.max(minimumSize(o, first), this.fills ? 0 : s.qQtyMin);
      if (this.fills) {
        setParameters(
          net,
          o,
          original.quantity,
          first,
          Math.max(this.bucketStart(i + 1), first + 1),
          false,
          true,
          false,
          false,
        );
        if (o.quantity <= EPSILON || this.room() < -this.l.quantity + EPSILON) continue;
      } else {
        setQuantity(net, o, least, false);
        setParameters(net, o, o.quantity, this.startFor(first), INFINITE_PAST, true, true, false, false);
        if (this.room() < -EPSILON) continue;
      }
      s.aDate = o.end > original.end ? o.end : original.end + (solver.options.minimumdelay || solver.options.lazydelay);
      return;
    }
    if (this.fills && this.startLater()) return;
    s.aDate = load.end < INFINITE_FUTURE && load.end > original.end ? load.end : INFINITE_FUTURE;
  }

  /** An order that lasts longer than a bucket begins in the first bucket that has room for all of it. */
  private startLater(): boolean {
    const { solver, o, original, l } = this;
    const { net } = solver;
    const s = solver.s;
    setParameters(net, o, original.quantity, INFINITE_PAST, original.end, true, true, false, false);
    timeLoad(net, l);
    const count = this.resource.buckets?.starts.length ?? 0;
    let moment = l.start;
    for (let i = this.bucketAt(l.start); i < count; i++, moment = this.bucketStart(i)) {
      if (this.left(i) <= EPSILON) continue;
      setParameters(net, o, original.quantity, moment, INFINITE_PAST, true, true, false, false);
      if (this.room() < -EPSILON || l.start >= this.bucketStart(i + 1)) continue;
      s.aDate = o.end > original.end ? o.end : original.end + (solver.options.minimumdelay || solver.options.lazydelay);
      return true;
    }
    return false;
  }
}
