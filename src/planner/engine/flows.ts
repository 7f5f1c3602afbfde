// Movements of stock seen from the order: dates moved by offsets, quantities turned into order sizes, alternates switched.
import { INFINITE_PAST } from '../model.ts';
import { workTimeOf } from './capacity-time.ts';
import { dropFlow, flowDate, insertFlow } from './movements.ts';
import type { Buffer, Flow, Network } from './network.ts';
import { bufferFor, sync, update } from './opplan.ts';
import { COMPLETED, type FlowPlan, type Opplan, without } from './order.ts';
import { EPSILON } from './profile.ts';
import { setParameters } from './timing.ts';
import { forward } from './worktime.ts';

/** Start or end that an order must have to move stock at `date`. */
export function flowToOrderDate(net: Network, f: Flow, o: Opplan | null, date: number): number {
  if (f.offset === 0 || f.isTransfer || o?.status === COMPLETED) return date;
  const inside = f.atEnd ? f.offset < 0 : f.offset > 0;
  const span = forward(workTimeOf(net, f.operation, o, inside), date, -f.offset);
  return f.offset > 0 ? span.start : span.end;
}

/** When an order moves stock that starts or ends at `date`. */
export function orderToFlowDate(net: Network, f: Flow, o: Opplan | null, date: number): number {
  if (f.offset === 0 || f.isTransfer || o?.status === COMPLETED) return date;
  const inside = f.atEnd ? f.offset < 0 : f.offset > 0;
  const span = forward(workTimeOf(net, f.operation, o, inside), date, f.offset);
  return f.offset > 0 ? span.end : span.start;
}

/** Switches a movement, with all parts of its transfer batch, to an alternate flow of its operation. */
export function setFlow(net: Network, g: FlowPlan, flow: Flow): void {
  if (g.flow === flow) return;
  const o = g.opplan;
  const was = g.slot >= 0;
  const parts = g.flow.isTransfer ? o.flowplans.filter((f) => f !== g && f.flow === g.flow) : [];
  for (const f of parts) {
    dropFlow(f);
    o.flowplans = without(o.flowplans, f);
  }
  if (was) dropFlow(g);
  g.flow = flow;
  g.buffer = bufferFor(net, flow, o);
  g.following = false;
  if (was && flow.isTransfer) {
    insertFlow(g);
    sync(net, o);
  } else if (was) {
    g.date = flowDate(net, o, flow);
    const effective = o.quantity !== 0 && o.end >= flow.start && o.end < flow.end;
    g.quantity = effective ? flow.fixed + o.quantity * flow.quantity : 0;
    insertFlow(g);
  }
}

/** Makes the order as large as a movement of `quantity` (negative consumes) allows, keeping its end. */
export function setFlowQuantity(net: Network, g: FlowPlan, quantity: number, roundDown: boolean): void {
  const f = g.flow;
  const o = g.opplan;
  const effective = g.date >= f.start && g.date < f.end;
  const tooSmall = f.fixed !== 0 && Math.abs(quantity) < Math.abs(f.fixed) + EPSILON;
  let size: number;
  if (!effective || (tooSmall && o.quantity !== 0)) size = 0;
  else if (f.quantity === 0) {
    if (tooSmall || o.quantity !== 0) return;
    size = 0.001;
  } else size = Math.max((quantity - f.fixed) / f.quantity, 0);
  setParameters(net, o, size, INFINITE_PAST, o.end, true, true, roundDown, false);
  if (o.owner !== null) for (const sub of o.owner.subs) if (sub !== o) update(net, sub);
  if (o.placed) sync(net, o);
}

/** Lowest stock between two moments, less the safety stock if wanted. */
export function minimumOnhand(b: Buffer, from: number, to: number, safety: boolean): number {
  const profile = safety ? b.net : b.stock;
  let best = profile.at(from);
  profile.scan(from, (date, value) => {
    if (date > to) return false;
    if (date > from && value < best) best = value;
    return true;
  });
  return best;
}
