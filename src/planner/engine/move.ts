// What-if: an order is moved in time or to another resource, and those that hang together with it follow where they must: the other
// steps of its routing, orders that wait for it, orders that take what now comes later, orders that bring what is now needed
// earlier. Nothing goes before now. What cannot follow stays, and shows as a problem of the plan. All of it can be put back.
import { isConsumer } from './build-operations.ts';
import { flowToOrderDate } from './flows.ts';
import type { Buffer, Network, Resource } from './network.ts';
import type { FlowPlan, Opplan } from './order.ts';
import { changeResource, type Journal, placeOrder } from './place-order.ts';
import { EPSILON } from './profile.ts';

export interface Move {
  /** An order, or a step of one. */
  order: Opplan;
  start: number;
  resource: { from: Resource; to: Resource } | null;
}

/** Why a move cannot be made. */
export type Obstacle =
  | { kind: 'confirmed' | 'no time' | 'no time for a step' }
  | { kind: 'not used' | 'not able'; resource: Resource };

/** Orders that follow at most, so that a move in a tangled plan ends. */
const MOST = 5_000;

/** @returns why it cannot be made; null = it was made */
export function moveOrder(net: Network, journal: Journal, { order, start: wanted, resource }: Move): Obstacle | null {
  if (order.locked || order.top().locked) return { kind: 'confirmed' };
  const pegs = pegsBefore();
  const unit = unitOf(order);
  pegs.see(unit);
  const dates = datesOf(unit);
  if (resource !== null) {
    const l = [order, ...order.subs].flatMap((o) => o.loadplans).find((x) => x.resource === resource.from);
    if (l === undefined) return { kind: 'not used', resource: resource.from };
    if (!changeResource(net, journal, l, resource.to)) return { kind: 'not able', resource: resource.to };
  }
  const start = Math.max(wanted, net.current);
  if (order.subs.length === 0) {
    if (!placeOrder(net, journal, order, { start })) return { kind: 'no time' };
  } else {
    const shift = start - order.start;
    const steps = shift > 0 ? [...order.subs].reverse() : [...order.subs];
    for (const step of steps) {
      if (step.locked) continue;
      if (!placeOrder(net, journal, step, { start: Math.max(step.start + shift, net.current) }))
        return { kind: 'no time for a step' };
    }
  }
  keepSteps(net, journal, unit, order.subs.length === 0 ? unit.subs.indexOf(order) : 0);
  follow(net, journal, pegs, unit, dates);
  return null;
}

/** The order whose steps belong together. */
function unitOf(o: Opplan): Opplan {
  return o.owner !== null && o.owner.operation.kind === 'routing' ? o.owner : o;
}

function familyOf(o: Opplan): readonly Opplan[] {
  return o.subs.length === 0 ? [o] : [o, ...o.subs.flatMap(familyOf)];
}

/** Steps before the one at `at` end when it begins, those after it begin when it has ended. */
function keepSteps(net: Network, journal: Journal, unit: Opplan, at: number): void {
  const { subs } = unit;
  if (unit.operation.kind !== 'routing' || subs.length < 2) return;
  if (subs.some((step) => step.dependencies.length > 0)) {
    keepDependencies(net, journal, unit, at);
    return;
  }
  for (let i = at - 1; i >= 0; i--) {
    const step = subs[i] as Opplan;
    const next = subs[i + 1] as Opplan;
    if (step.locked || step.end <= next.start) continue;
    const placed = placeOrder(net, journal, step, { end: next.start });
    if (!placed || step.start < net.current) placeOrder(net, journal, step, { start: net.current });
  }
  for (let i = 1; i < subs.length; i++) {
    const before = subs[i - 1] as Opplan;
    const step = subs[i] as Opplan;
    if (!step.locked && step.start < before.end) placeOrder(net, journal, step, { start: before.end });
  }
}

/** Steps that wait for each other explicitly need not follow one another: only what is waited for counts. */
function keepDependencies(net: Network, journal: Journal, unit: Opplan, at: number): void {
  const links = new Set(unit.subs.flatMap((step) => step.dependencies));
  const inside = [...links].filter(({ first, second }) => first.owner === unit && second.owner === unit);
  const earlier = [unit.subs[at] as Opplan];
  for (const step of earlier) {
    for (const { first, second, dependency } of inside) {
      const end = step.start - (dependency?.hardSafety ?? 0);
      if (second !== step || first.locked || first.end <= end) continue;
      earlierOrNow(net, journal, first, end);
      if (!earlier.includes(first)) earlier.push(first);
    }
  }
  // as often as there are steps: a chain is no longer
  for (let round = 0; round < unit.subs.length; round++) {
    for (const { first, second, dependency } of inside) {
      const start = first.end + (dependency?.hardSafety ?? 0);
      if (!second.locked && second.start < start) placeOrder(net, journal, second, { start });
    }
  }
}

type Dates = Map<FlowPlan, number>;

function datesOf(unit: Opplan): Dates {
  return new Map(familyOf(unit).flatMap((o) => o.flowplans.map((f) => [f, f.date] as const)));
}

/** Who takes from whom in a buffer, as it was before anything in it moved. */
interface Pegs {
  see(unit: Opplan): void;
  /** Movements on the other side. */
  others(f: FlowPlan): readonly FlowPlan[];
}

interface Share {
  plan: FlowPlan;
  from: number;
  to: number;
}

function pegsBefore(): Pegs {
  const ledgers = new Map<Buffer, { supply: Share[]; use: Share[] }>();
  return {
    see(unit) {
      for (const o of familyOf(unit)) {
        for (const { buffer } of o.flowplans) if (!ledgers.has(buffer)) ledgers.set(buffer, ledgerOf(buffer));
      }
    },
    others(f) {
      const ledger = ledgers.get(f.buffer);
      if (ledger === undefined) return [];
      const [own, other] = f.quantity > 0 ? [ledger.supply, ledger.use] : [ledger.use, ledger.supply];
      const mine = own.find(({ plan }) => plan === f);
      if (mine === undefined) return [];
      return other
        .filter(({ from, to }) => from < mine.to - EPSILON && to > mine.from + EPSILON)
        .map(({ plan }) => plan);
    },
  };
}

function ledgerOf(buffer: Buffer): { supply: Share[]; use: Share[] } {
  const ledger = { supply: [] as Share[], use: [] as Share[] };
  const inOrder = buffer.flowplans.toSorted(
    (a, b) => a.date - b.date || b.quantity - a.quantity || a.opplan.sequence - b.opplan.sequence,
  );
  for (const plan of inOrder) {
    const side = plan.quantity > 0 ? ledger.supply : ledger.use;
    const from = side.at(-1)?.to ?? 0;
    if (plan.quantity !== 0) side.push({ plan, from, to: from + Math.abs(plan.quantity) });
  }
  return ledger;
}

function follow(net: Network, journal: Journal, pegs: Pegs, first: Opplan, before: Dates): void {
  const queue: { unit: Opplan; before: Dates }[] = [{ unit: first, before }];
  const moved = new Set<Opplan>([first]);

  function take(o: Opplan, change: () => void): void {
    const unit = unitOf(o);
    pegs.see(unit);
    const dates = datesOf(unit);
    change();
    keepSteps(net, journal, unit, Math.max(0, unit.subs.indexOf(o)));
    moved.add(unit);
    queue.push({ unit, before: dates });
  }

  for (let i = 0; i < queue.length && i < MOST; i++) {
    const { unit, before: dates } = queue[i] as (typeof queue)[number];
    for (const o of familyOf(unit)) {
      for (const { first: before, second, dependency } of o.dependencies) {
        const gap = dependency?.hardSafety ?? 0;
        if (before === o && second.start < o.end + gap && !second.locked && unitOf(second) !== unit)
          take(second, () => placeOrder(net, journal, second, { start: o.end + gap }));
        if (second === o && before.end > o.start - gap && !before.locked && unitOf(before) !== unit)
          take(before, () => earlierOrNow(net, journal, before, o.start - gap));
      }
      for (const f of o.flowplans) {
        const was = dates.get(f) ?? f.date;
        if (f.buffer.infinite || f.slot < 0) continue;
        if (!isConsumer(f.flow) && f.date > was) later(f);
        if (isConsumer(f.flow) && f.date < was) earlier(f);
      }
    }
  }

  /** Something comes later: those that were to take it wait for it, as far as stock does not do. */
  function later(f: FlowPlan): void {
    const { stock } = f.buffer;
    const takers = pegs.others(f).filter((c) => isMovable(c.opplan) && unitOf(c.opplan) !== unitOf(f.opplan));
    for (let tries = 0; tries <= takers.length; tries++) {
      const short = stock.nextBelow(-Infinity, -EPSILON);
      if (!(short < f.date)) return;
      const waiting = takers.filter((c) => c.slot >= 0 && c.date <= short && c.date < f.date);
      const last = waiting.reduce<FlowPlan | null>((best, c) => (best === null || c.date > best.date ? c : best), null);
      if (last === null) return;
      const at = flowToOrderDate(net, last.flow, last.opplan, f.date);
      take(last.opplan, () => placeOrder(net, journal, last.opplan, last.flow.atEnd ? { end: at } : { start: at }));
      if (last.date < f.date) return;
    }
  }

  /** Something is needed earlier: those that bring it come earlier, not before now. */
  function earlier(f: FlowPlan): void {
    const { stock } = f.buffer;
    const givers = pegs
      .others(f)
      .filter((s) => isMovable(s.opplan) && !moved.has(unitOf(s.opplan)))
      .sort((a, b) => a.date - b.date || a.opplan.sequence - b.opplan.sequence);
    for (const giver of givers) {
      const short = stock.nextBelow(f.date, -EPSILON);
      if (short === Infinity) return;
      if (giver.date <= short) continue;
      const at = flowToOrderDate(net, giver.flow, giver.opplan, Math.max(f.date, net.current));
      take(giver.opplan, () => {
        if (giver.flow.atEnd) earlierOrNow(net, journal, giver.opplan, at);
        else placeOrder(net, journal, giver.opplan, { start: Math.max(at, net.current) });
      });
    }
  }
}

function isMovable(o: Opplan): boolean {
  return !o.locked && o.operation.kind !== 'inventory';
}

/** Ends by then, or as soon as it can when that would be before now. */
function earlierOrNow(net: Network, journal: Journal, o: Opplan, end: number): void {
  const placed = placeOrder(net, journal, o, { end });
  if (!placed || o.start < net.current) placeOrder(net, journal, o, { start: net.current });
}
