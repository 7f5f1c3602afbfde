// What is wrong with a plan, as a list to work through: demands late or short, stock missing, resources overloaded, orders
// that should have begun before now, data that cannot be planned with. Reads only.
import { Buffer, byName, type Network } from '../engine/network.ts';
import { COMPLETED } from '../engine/order.ts';
import { precedencesOf } from '../engine/precedence.ts';
import type { Profile } from '../engine/profile.ts';
import { INFINITE_FUTURE, type PlanTime } from '../model.ts';
import { isPlanned } from './demands.ts';
import { allOrders, lastDelivery, orderType, type References, subjectOf } from './orders.ts';
import { day, english, type Sentence, sentence, span } from './sentence.ts';

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
  /** The text, to be said in other languages; absent where the engine itself has the words. */
  sentence?: Sentence;
}

const EPSILON = 1e-6;
const DAY = 86_400;

/** Problems in a fixed order: demands, buffers, resources, orders, data. */
export function* problemOutputs(net: Network, references: References): Generator<ProblemOutput> {
  yield* demandProblems(net);
  for (const b of [...net.buffers.values()].sort(byName)) {
    if (b.infinite) continue;
    for (const { start, end, worst } of below(b.stock)) {
      const said = sentence('{buffer}: stock is {quantity} short from {day}', {
        buffer: b.name,
        quantity: -worst,
        day: day(start),
      });
      yield problem(net, said, {
        kind: 'material shortage',
        object: 'buffer',
        name: b.name,
        start,
        end,
        quantity: -worst,
      });
    }
  }
  yield* overloads(net);
  yield* orderProblems(net, references);
  for (const operation of [...net.operations.values()].sort(byName)) {
    for (const o of operation.opplans) {
      for (const { before, after, start, end } of precedencesOf(o)) {
        const said = sentence("Operation '{after}' starts before operation '{before}' ends", {
          after: after.operation.name,
          before: before.operation.name,
        });
        yield problem(net, said, { kind: 'precedence', object: 'order', name: '', start, end, quantity: null });
      }
    }
  }
  for (const { owner, text, start, end } of net.invalid) {
    const facts = { kind: 'invalid data', object: 'model', name: '', start, end, quantity: null } as const;
    if (owner instanceof Buffer)
      yield problem(net, sentence("No replenishment defined for '{buffer}'", { buffer: owner.name }), facts);
    else yield { ...facts, text };
  }
}

function problem(net: Network, said: Sentence, facts: Omit<ProblemOutput, 'text' | 'sentence'>): ProblemOutput {
  return { ...facts, text: english(said, net.current), sentence: said };
}

function* demandProblems(net: Network): Generator<ProblemOutput> {
  for (const d of [...net.demands.values()].sort(byName)) {
    const last = lastDelivery(d);
    if (last !== null && last > d.due) {
      const quantity = d.deliveries.reduce((sum, o) => sum + (o.end > d.due ? o.quantity : 0), 0);
      const said = sentence('{demand}: {quantity} will be delivered {time} late', {
        demand: d.name,
        quantity,
        time: span(last - d.due),
      });
      yield problem(net, said, { kind: 'late', object: 'demand', name: d.name, start: d.due, end: last, quantity });
    }
    const missing = d.quantity - d.planned();
    if (isPlanned(d) && missing > EPSILON) {
      const said = sentence('{demand}: {quantity} of {all} cannot be delivered', {
        demand: d.name,
        quantity: missing,
        all: d.quantity,
      });
      const end = INFINITE_FUTURE;
      yield problem(net, said, { kind: 'short', object: 'demand', name: d.name, start: d.due, end, quantity: missing });
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
      const said = sentence('{resource}: overloaded by {quantity} from {day}', {
        resource: r.name,
        quantity: -worst,
        day: day(start),
      });
      yield problem(net, said, { kind: 'overload', object: 'resource', name: r.name, start, end, quantity: -worst });
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
      const said = sentence('{order} ({item}) would have to start on {day}, before now', {
        order: common.name,
        item,
        day: day(o.start),
      });
      yield problem(net, said, { kind: 'before current', ...common, start: o.start, end: net.current });
    } else if (o.locked && o.end < Math.floor(net.current / DAY) * DAY) {
      const said = sentence('{order} ({item}) should have ended on {day} and is not reported done', {
        order: common.name,
        item,
        day: day(o.end),
      });
      yield problem(net, said, { kind: 'overdue', ...common, start: o.end, end: net.current });
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
