// What is wrong with a plan, as a list to work through: demands late or short, stock missing, resources overloaded, orders
// that should have begun before now, data that cannot be planned with. Reads only.
import { byName, type Network } from '../engine/network.ts';
import { COMPLETED } from '../engine/order.ts';
import { problemsOf } from '../engine/problems.ts';
import type { Profile } from '../engine/profile.ts';
import { INFINITE_FUTURE, type PlanTime } from '../model.ts';
import { isPlanned } from './demands.ts';
import { allOrders, lastDelivery, orderType, type References, subjectOf } from './orders.ts';
import { dayWords, quantityWords, spanWords } from './words.ts';

export interface ProblemOutput {
  kind:
    | 'late'
    | 'short'
    | 'material shortage'
    | 'overload'
    | 'precedence'
    | 'before current'
    | 'overdue'
    | 'invalid data';
  /** What the object is that has the problem. */
  object: 'demand' | 'buffer' | 'resource' | 'order' | 'model';
  /** Its name, or the order's reference. */
  name: string;
  start: PlanTime;
  end: PlanTime;
  /** Missing or late quantity, overload in units of the resource; null where there is none. */
  quantity: number | null;
  text: string;
}

const EPSILON = 1e-6;
const DAY = 86_400;

/** Problems in a fixed order: demands, buffers, resources, orders, data. */
export function* problemOutputs(net: Network, references: References): Generator<ProblemOutput> {
  yield* demandProblems(net);
  for (const b of [...net.buffers.values()].sort(byName)) {
    if (b.infinite) continue;
    for (const { start, end, worst } of below(b.stock)) {
      const text = `${b.name}: stock is ${quantityWords(-worst)} short from ${dayWords(start, net.current)}`;
      yield { kind: 'material shortage', object: 'buffer', name: b.name, start, end, quantity: -worst, text };
    }
  }
  yield* overloads(net);
  yield* orderProblems(net, references);
  for (const p of problemsOf(net)) {
    if (p.type !== 'invalid data' && p.type !== 'precedence') continue;
    const { start, end, description: text } = p;
    yield {
      kind: p.type,
      object: p.type === 'precedence' ? 'order' : 'model',
      name: '',
      start,
      end,
      quantity: null,
      text,
    };
  }
}

function* demandProblems(net: Network): Generator<ProblemOutput> {
  for (const d of [...net.demands.values()].sort(byName)) {
    const last = lastDelivery(d);
    if (last !== null && last > d.due) {
      const quantity = d.deliveries.reduce((sum, o) => sum + (o.end > d.due ? o.quantity : 0), 0);
      const text = `${d.name}: ${quantityWords(quantity)} will be delivered ${spanWords(last - d.due)} late`;
      yield { kind: 'late', object: 'demand', name: d.name, start: d.due, end: last, quantity, text };
    }
    const missing = d.quantity - d.planned();
    if (isPlanned(d) && missing > EPSILON) {
      const text = `${d.name}: ${quantityWords(missing)} of ${quantityWords(d.quantity)} cannot be delivered`;
      yield {
        kind: 'short',
        object: 'demand',
        name: d.name,
        start: d.due,
        end: INFINITE_FUTURE,
        quantity: missing,
        text,
      };
    }
  }
}

function* overloads(net: Network): Generator<ProblemOutput> {
  for (const r of [...net.resources.values()].sort(byName)) {
    if (r.kind === 'infinite') continue;
    const found: { start: number; end: number; worst: number }[] = [];
    const { buckets } = r;
    if (buckets === null) found.push(...below(r.free));
    else {
      buckets.starts.forEach((start, i) => {
        const left = (buckets.capacity[i] ?? 0) - (buckets.used[i] ?? 0);
        if (left < -EPSILON) found.push({ start, end: buckets.starts[i + 1] ?? INFINITE_FUTURE, worst: left });
      });
    }
    for (const { start, end, worst } of found) {
      const text = `${r.name}: overloaded by ${quantityWords(-worst)} from ${dayWords(start, net.current)}`;
      yield { kind: 'overload', object: 'resource', name: r.name, start, end, quantity: -worst, text };
    }
  }
}

function* orderProblems(net: Network, references: References): Generator<ProblemOutput> {
  for (const o of allOrders(net)) {
    const type = orderType(o);
    if (o.status >= COMPLETED || type === 'DLVR' || type === 'WO') continue;
    const { item } = subjectOf(o);
    const common = { object: 'order', name: references(o), quantity: null } as const;
    if (!o.locked && o.start < net.current) {
      const text = `${common.name} (${item}) would have to start on ${dayWords(o.start, net.current)}, before now`;
      yield { kind: 'before current', ...common, start: o.start, end: net.current, text };
    } else if (o.locked && o.end < Math.floor(net.current / DAY) * DAY) {
      const text = `${common.name} (${item}) should have ended on ${dayWords(o.end, net.current)} and is not reported done`;
      yield { kind: 'overdue', ...common, start: o.end, end: net.current, text };
    }
  }
}

/** Times in which a profile is below 0, with the lowest value. */
export function* below(profile: Profile): Generator<{ start: number; end: number; worst: number }> {
  for (let from = 0, strict = false; ; strict = true) {
    const start = profile.nextBelow(from, -EPSILON, strict);
    if (start === Infinity) return;
    const end = Math.min(profile.nextAbove(start, -EPSILON, true), INFINITE_FUTURE);
    let worst = 0;
    profile.scan(start, (date, value) => {
      if (date >= end) return false;
      worst = Math.min(worst, value);
      return true;
    });
    yield { start, end, worst };
    if (end >= INFINITE_FUTURE) return;
    from = end;
  }
}
