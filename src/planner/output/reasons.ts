// Why a demand is late or short, in words that a planner understands: what was looked for, and until when it was missing.
// The engine notes the obstacles; the dates come from the orders that were made in the end. Reads only.
import { Buffer, type Constraint, type Demand, type Network, Operation, Resource } from '../engine/network.ts';
import type { Opplan } from '../engine/order.ts';
import { INFINITE_FUTURE, type PlanTime } from '../model.ts';
import { family } from './orders.ts';
import type { PlanPegging } from './pegging.ts';
import { dayWords, spanWords } from './words.ts';

export interface ReasonOutput {
  kind: Constraint['kind'];
  /** What is in the way: name of a resource, operation or buffer. */
  object: string | null;
  item: string | null;
  location: string | null;
  supplier: string | null;
  /** When it stopped being in the way; null when it never does. */
  until: PlanTime | null;
  /** Lead time in seconds, where it is one. */
  leadTime: number | null;
  /** `capacity of Drill 1 until 12 Jan` */
  text: string;
}

/** Reasons of one demand, each object once, in the order the engine met them. */
export function reasonsOf(net: Network, demand: Demand, pegging: PlanPegging): ReasonOutput[] {
  if (demand.constraints.length === 0) return [];
  const chain = pegging.supplyOf(demand).flatMap(({ order }) => family(order));
  const reasons = new Map<string, ReasonOutput>();
  for (const c of demand.constraints) {
    const reason = reasonOf(net, demand, c, chain);
    const key = `${reason.kind}\u0000${reason.text}`;
    if (!reasons.has(key)) reasons.set(key, reason);
  }
  return [...reasons.values()];
}

function reasonOf(net: Network, demand: Demand, c: Constraint, chain: readonly Opplan[]): ReasonOutput {
  const now = net.current;
  const reason: ReasonOutput = {
    kind: c.kind,
    object: c.owner?.name ?? null,
    item: null,
    location: null,
    supplier: null,
    until: null,
    leadTime: null,
    text: c.text,
  };
  const until = (t: PlanTime | null): string =>
    t === null || t >= INFINITE_FUTURE ? '' : ` until ${dayWords(t, now)}`;
  const { owner } = c;
  switch (c.kind) {
    case 'capacity': {
      // the order that got the capacity in the end begins when there is some
      const used = chain.filter((o) => o.loadplans.some((l) => isPartOf(l.resource, owner)));
      const late = used.filter((o) => o.start >= c.start);
      const at = late.length > 0 ? Math.min(...late.map((o) => o.start)) : null;
      reason.until = at ?? (used.length > 0 ? Math.max(...used.map((o) => o.start)) : null);
      reason.text = `capacity of ${reason.object}${until(reason.until)}`;
      break;
    }
    case 'leadtime': {
      const operation = owner instanceof Operation ? owner : c.operation;
      if (operation === null) break;
      const made = chain.filter((o) => o.operation === operation);
      reason.until = made.length > 0 ? Math.max(...made.map((o) => o.end)) : null;
      leadTimeWords(operation, reason);
      reason.text += until(reason.until);
      break;
    }
    case 'material':
      stockWords(owner, reason);
      reason.text = `no supply of ${reason.item} at ${reason.location}: it has neither supplier nor bill of material`;
      break;
    case 'await':
      if (owner instanceof Buffer) stockWords(owner, reason);
      reason.until = c.end < INFINITE_FUTURE ? c.end : null;
      reason.text =
        owner instanceof Buffer
          ? `confirmed supply of ${reason.item} at ${reason.location} is waited for${until(reason.until)}`
          : `${reason.object} waits for confirmed supply${until(reason.until)}`;
      break;
    case 'overdue':
      reason.object = demand.name;
      reason.until = now;
      reason.text = `it was due on ${dayWords(demand.due, now)}, which is past`;
      break;
    case 'sync':
      reason.text = c.text === '' ? 'it is delivered together with others' : c.text;
      break;
    default:
  }
  return reason;
}

function isPartOf(resource: Resource, owner: Constraint['owner']): boolean {
  return owner instanceof Resource && (resource === owner || resource.isMemberOf(owner) || owner.isMemberOf(resource));
}

/** Lead time in seconds of what an operation takes for a usual order; purchases and transports have nothing else. */
export function leadTimeOf(operation: Operation): number {
  if (operation.steps.length > 0) return operation.steps.reduce((sum, s) => sum + leadTimeOf(s.operation), 0);
  const least = Number.isFinite(operation.sizeMinimum) ? Math.max(operation.sizeMinimum, 1) : 1;
  return operation.duration + operation.durationPer * least;
}

function leadTimeWords(operation: Operation, reason: ReasonOutput): void {
  const made = operation.flows.find((f) => f.quantity > 0);
  const item = operation.item?.name ?? made?.buffer.item?.name ?? null;
  const fence = operation.fence > 0 ? ', after its fence' : '';
  reason.object = operation.name;
  reason.item = item;
  reason.location = made?.buffer.location?.name ?? operation.location?.name ?? null;
  reason.leadTime = leadTimeOf(operation);
  const takes = reason.leadTime > 0 ? ` (${spanWords(reason.leadTime)}${fence})` : '';
  if (operation.kind === 'purchase') {
    reason.supplier = operation.supplierName;
    reason.text = `lead time of ${item} from ${operation.supplierName}${takes}`;
  } else if (operation.kind === 'distribution') {
    const origin = operation.flows.find((f) => f.quantity < 0)?.buffer.location?.name ?? '';
    reason.text = `transport of ${item} from ${origin} to ${reason.location}${takes}`;
  } else {
    // the time of a whole order depends on its size and the working hours: the least is said
    const least = reason.leadTime > 0 ? ` (${spanWords(reason.leadTime)} at least${fence})` : '';
    reason.text = `time to make ${item ?? operation.name}${least}`;
  }
}

function stockWords(owner: Constraint['owner'], reason: ReasonOutput): void {
  if (!(owner instanceof Buffer)) return;
  reason.item = owner.item?.name ?? owner.name;
  reason.location = owner.location?.name ?? '';
}
