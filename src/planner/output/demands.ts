// Demands as the plan leaves them: when delivered, how late, how much is missing, and why. Reads only.
import { byName, type Demand, type Network } from '../engine/network.ts';
import type { DemandStatus, PlanTime } from '../model.ts';
import { lastDelivery, type References } from './orders.ts';
import type { PlanPegging } from './pegging.ts';
import { type ReasonOutput, reasonsOf } from './reasons.ts';

export interface DemandOutput {
  name: string;
  item: string;
  location: string;
  priority: number;
  status: DemandStatus;
  quantity: number;
  due: PlanTime;
  /** In order of time. */
  deliveries: { reference: string; date: PlanTime; quantity: number }[];
  planned: number;
  /** The last delivery; null when nothing is delivered. It is the promise to the customer when nothing is short. */
  promised: PlanTime | null;
  /** Seconds that the last delivery is late; 0 when it is not. */
  late: number;
  /** Quantity that is not delivered at all. */
  short: number;
  /** Empty when it is delivered in full and on time, from supply that is there. */
  reasons: ReasonOutput[];
}

const EPSILON = 1e-6;

/** Whether the plan is to deliver it. */
export function isPlanned(d: Demand): boolean {
  return d.status === 'open' || d.status === 'quote' || (d.status === 'inquiry' && d.deliveries.length > 0);
}

export function demandOutput(net: Network, d: Demand, pegging: PlanPegging, references: References): DemandOutput {
  const promised = lastDelivery(d);
  const planned = d.planned();
  const late = promised === null ? 0 : Math.max(0, promised - d.due);
  const short = isPlanned(d) && d.quantity - planned > EPSILON ? d.quantity - planned : 0;
  return {
    name: d.name,
    item: d.item?.name ?? '',
    location: d.location?.name ?? '',
    priority: d.priority,
    status: d.status,
    quantity: d.quantity,
    due: d.due,
    deliveries: [...d.deliveries]
      .sort((a, b) => a.end - b.end || a.sequence - b.sequence)
      .map((o) => ({ reference: references(o), date: o.end, quantity: o.quantity })),
    planned,
    promised,
    late,
    short,
    reasons: late > 0 || short > 0 || isBroken(d) ? reasonsOf(net, d, pegging) : [],
  };
}

/** Whether there is something that nothing can supply; a plan may deliver it on paper all the same. */
export function isBroken(d: Demand): boolean {
  return d.constraints.some((c) => c.kind === 'material');
}

/** Demands by name. */
export function* demandOutputs(net: Network, pegging: PlanPegging, references: References): Generator<DemandOutput> {
  for (const d of [...net.demands.values()].sort(byName)) yield demandOutput(net, d, pegging, references);
}
