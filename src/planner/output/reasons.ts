// Why a demand is late or short, in words that a planner understands: what was looked for, and until when it was missing.
// The engine notes the obstacles; the dates come from the orders that were made in the end. Reads only.
import { Buffer, type Constraint, type Demand, type Network, Operation, Resource } from '../engine/network.ts';
import type { Opplan } from '../engine/order.ts';
import { INFINITE_FUTURE, type PlanTime } from '../model.ts';
import { family } from './orders.ts';
import type { PlanPegging } from './pegging.ts';
import { day, english, type Sentence, sentence, span } from './sentence.ts';

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
  /** The same, to be said in other languages; absent where the engine itself has the words. */
  sentence?: Sentence;
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
  const { owner } = c;
  const name = String(reason.object);
  let said: Sentence | null = null;
  switch (c.kind) {
    case 'capacity': {
      // the order that got the capacity in the end begins when there is some
      const used = chain.filter((o) => o.loadplans.some((l) => isPartOf(l.resource, owner)));
      const late = used.filter((o) => o.start >= c.start);
      const at = late.length > 0 ? Math.min(...late.map((o) => o.start)) : null;
      reason.until = at ?? (used.length > 0 ? Math.max(...used.map((o) => o.start)) : null);
      said = untilThen(sentence('capacity of {resource}', { resource: name }), reason.until);
      break;
    }
    case 'leadtime': {
      const operation = owner instanceof Operation ? owner : c.operation;
      if (operation === null) break;
      const made = chain.filter((o) => o.operation === operation);
      reason.until = made.length > 0 ? Math.max(...made.map((o) => o.end)) : null;
      said = untilThen(leadTimeSaid(operation, reason), reason.until);
      break;
    }
    case 'material':
      said = sentence(
        'no supply of {item} at {location}: it has neither supplier nor bill of material',
        stockOf(owner, reason),
      );
      break;
    case 'await': {
      reason.until = c.end < INFINITE_FUTURE ? c.end : null;
      const waits =
        owner instanceof Buffer
          ? sentence('confirmed supply of {item} at {location} is waited for', stockOf(owner, reason))
          : sentence('{operation} waits for confirmed supply', { operation: name });
      said = untilThen(waits, reason.until);
      break;
    }
    case 'overdue':
      reason.object = demand.name;
      reason.until = now;
      said = sentence('it was due on {day}, which is past', { day: day(demand.due) });
      break;
    case 'sync':
      said =
        owner === null
          ? sentence('it is delivered together with others')
          : sentence("Demand '{demand}' is synchronized with {other}", { demand: demand.name, other: owner.name });
      break;
    case 'invalid':
      // other faults of the data are told by the engine in its own words
      if (owner === null && c.operation !== null)
        said = sentence("No available time found on operation '{operation}'", { operation: c.operation.name });
      break;
    default:
  }
  return said === null ? reason : { ...reason, text: english(said, now), sentence: said };
}

function untilThen(what: Sentence, until: PlanTime | null): Sentence {
  return until === null || until >= INFINITE_FUTURE ? what : sentence('{what} until {day}', { what, day: day(until) });
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

function leadTimeSaid(operation: Operation, reason: ReasonOutput): Sentence {
  const made = operation.flows.find((f) => f.quantity > 0);
  const item = operation.item?.name ?? made?.buffer.item?.name ?? null;
  const fenced = operation.fence > 0;
  reason.object = operation.name;
  reason.item = item;
  reason.location = made?.buffer.location?.name ?? operation.location?.name ?? null;
  const leadTime = leadTimeOf(operation);
  reason.leadTime = leadTime;
  const time = span(leadTime);
  const takes = (what: Sentence): Sentence => {
    if (!(leadTime > 0)) return what;
    return fenced
      ? sentence('{what} ({time}, after its fence)', { what, time })
      : sentence('{what} ({time})', { what, time });
  };
  if (operation.kind === 'purchase') {
    const supplier = operation.supplierName;
    reason.supplier = supplier;
    return takes(sentence('lead time of {item} from {supplier}', { item: String(item), supplier }));
  }
  if (operation.kind === 'distribution') {
    const origin = operation.flows.find((f) => f.quantity < 0)?.buffer.location?.name ?? '';
    const location = String(reason.location);
    return takes(sentence('transport of {item} from {origin} to {location}', { item: String(item), origin, location }));
  }
  // the time of a whole order depends on its size and the working hours: the least is said
  const what = sentence('time to make {item}', { item: item ?? operation.name });
  if (!(leadTime > 0)) return what;
  return fenced
    ? sentence('{what} ({time} at least, after its fence)', { what, time })
    : sentence('{what} ({time} at least)', { what, time });
}

/** Item and place of the stock that is meant; kept in the reason too. */
function stockOf(owner: Constraint['owner'], reason: ReasonOutput): { item: string; location: string } {
  if (owner instanceof Buffer) {
    reason.item = owner.item?.name ?? owner.name;
    reason.location = owner.location?.name ?? '';
  }
  return { item: String(reason.item), location: String(reason.location) };
}
