import { isConsumer } from './build-operations.ts';
import { indexAt } from './calendar.ts';
import { workTimeOf } from './capacity-time.ts';
import type { Flow, Load, Network, Resource } from './network.ts';
import { CLOSED, COMPLETED, FlowPlan, type LoadPlan, type Opplan, without } from './order.ts';
import { between, forward } from './worktime.ts';

export function insertFlow(f: FlowPlan): void {
  const b = f.buffer;
  f.slot = b.flowplans.length;
  b.flowplans.push(f);
  b.stock.insert(f.date, f.quantity);
  if (b.net !== b.stock) b.net.insert(f.date, f.quantity);
  if (f.quantity > 0) {
    b.produced += f.quantity;
    if (!f.opplan.activated) b.pending.push(f);
    else b.receipts.insert(f.date, f.quantity);
  }
}

export function dropFlow(f: FlowPlan): void {
  if (f.slot < 0) return;
  const b = f.buffer;
  const last = b.flowplans.pop() as FlowPlan;
  if (last !== f) {
    b.flowplans[f.slot] = last;
    last.slot = f.slot;
  }
  f.slot = -1;
  b.stock.remove(f.date, f.quantity);
  if (b.net !== b.stock) b.net.remove(f.date, f.quantity);
  if (f.quantity > 0) {
    b.produced -= f.quantity;
    if (!f.opplan.activated) b.pending.splice(b.pending.lastIndexOf(f), 1);
    else b.receipts.remove(f.date, f.quantity);
  }
}

export function insertLoad(l: LoadPlan): void {
  const r = l.resource;
  l.slot = r.loadplans.length;
  r.loadplans.push(l);
  r.version++;
  if (!l.opplan.activated) r.pending.push(l);
  if (r.kind === 'buckets') addToBucket(r, l.start, l.quantity);
  else if (l.quantity !== 0) {
    r.free.insert(l.start, -l.quantity);
    r.free.insert(l.end, l.quantity);
  }
}

export function dropLoad(l: LoadPlan): void {
  if (l.slot < 0) return;
  const r = l.resource;
  const last = r.loadplans.pop() as LoadPlan;
  if (last !== l) {
    r.loadplans[l.slot] = last;
    last.slot = l.slot;
  }
  l.slot = -1;
  r.version++;
  if (!l.opplan.activated) {
    const i = r.pending.lastIndexOf(l);
    if (i >= 0) r.pending.splice(i, 1);
  }
  if (r.kind === 'buckets') addToBucket(r, l.start, -l.quantity);
  else if (l.quantity !== 0) {
    r.free.remove(l.start, -l.quantity);
    r.free.remove(l.end, l.quantity);
  }
}

function addToBucket(r: Resource, date: number, quantity: number): void {
  if (r.buckets === null) return;
  const i = Math.max(indexAt(r.buckets.starts, date), 0);
  (r.buckets.used[i] as number) += quantity;
}

/** Date of a movement: start or end of the order, moved by the flow's offset in working time. */
export function flowDate(net: Network, o: Opplan, f: Flow): number {
  let date = f.atEnd ? o.end : o.setupEnd;
  if (f.offset !== 0 && o.status !== COMPLETED) {
    const inside = f.atEnd ? f.offset < 0 : f.offset > 0;
    const span = forward(workTimeOf(net, f.operation, o, inside), date, f.offset);
    date = f.offset > 0 ? span.end : span.start;
  }
  // what is confirmed but not done yet lies ahead
  if (o.locked && o.status !== COMPLETED && date < net.current && o.operation.kind !== 'inventory')
    date = net.current + 1;
  return date;
}

export function flowQuantity(net: Network, o: Opplan, f: Flow): number {
  const consumes = isConsumer(f);
  if (consumes ? !o.consumeMaterial : !o.produceMaterial) return 0;
  if (o.quantity === 0 || o.end < f.start || o.end >= f.end) return 0;
  const q = f.fixed + o.quantity * f.quantity;
  if (o.completed > 0 && (consumes || !net.options.wipProduceFull))
    return (q * Math.max(o.quantity - o.completed, 0)) / o.quantity;
  return q;
}

/** Transfer batches: the movement of a flow in several parts, spread over the order's working time. */
export function splitTransfers(net: Network, o: Opplan): void {
  const flows = new Set(o.flowplans.filter((f) => f.flow.isTransfer).map((f) => f.flow));
  for (const flow of flows) {
    const parts = o.flowplans.filter((f) => f.flow === flow);
    const first = parts[0] as FlowPlan;
    const total = flowQuantity(net, o, flow);
    const consumes = isConsumer(flow);
    let batch = flow.transferBatch;
    let count = 1;
    if (batch > 0 && o.setupEnd < o.end && total !== 0) {
      count = Math.max(1, Math.ceil(Math.abs(total) / batch - 1e-9));
      if (count > 50) {
        count = 50;
        batch = Math.abs(total) / 50;
      }
    } else batch = Math.abs(total);
    while (parts.length < count) {
      const more = new FlowPlan(o, flow, first.buffer);
      more.following = true;
      o.flowplans = [...o.flowplans, more];
      parts.push(more);
    }
    for (const surplus of parts.splice(count)) {
      dropFlow(surplus);
      o.flowplans = without(o.flowplans, surplus);
    }
    const work = workTimeOf(net, o.operation, o);
    const span = between(work, o.setupEnd, o.end);
    parts.forEach((p, i) => {
      const share = Math.floor(span.actual / count) * (consumes ? i : i + 1);
      p.date = count === 1 ? (consumes ? o.setupEnd : o.end) : forward(work, span.start, share).end;
      const left = Math.max(Math.abs(total) - i * batch, 0);
      p.quantity = Math.sign(total) * Math.min(left, batch);
      if (o.locked && o.status !== COMPLETED && p.date < net.current) p.date = net.current + 1;
    });
  }
}

/** Dates and size of a load, out of the order and the kind of load. */
export function timeLoad(net: Network, l: LoadPlan): void {
  const o = l.opplan;
  const load = l.load;
  if (load === null) {
    l.start = o.start;
    l.end = o.end;
    return;
  }
  if (l.resource.kind === 'buckets') {
    l.start = bucketDate(net, o, load);
    l.end = l.start;
  } else {
    l.start = Math.max(o.start, load.start);
    l.end = Math.max(Math.min(o.end, load.end), l.start);
  }
  l.quantity = loadQuantity(net, l, load);
}

export function bucketDate(net: Network, o: Opplan, load: Load): number {
  const work = workTimeOf(net, o.operation, o);
  switch (load.kind) {
    case 'from_end':
      return load.offset === 0 ? o.end : Math.max(forward(work, o.end, -load.offset).start, o.start);
    case 'from_start':
      return load.offset === 0 ? o.start : Math.min(forward(work, o.start, load.offset).end, o.end);
    case 'percentage': {
      if (load.offset === 0) return o.start;
      if (load.offset === 100) return o.end;
      return forward(work, o.start, Math.trunc(((o.end - o.start) * load.offset) / 100)).end;
    }
    default:
      return Math.max(o.start, load.start);
  }
}

export function loadQuantity(net: Network, l: LoadPlan, load: Load): number {
  const o = l.opplan;
  if ((!o.proposed && !o.consumeCapacity) || o.quantity === 0 || o.status === CLOSED || o.status === COMPLETED)
    return 0;
  if (l.confirmed) return l.quantity;
  const overlaps = o.start < load.end && o.end > load.start;
  if (!overlaps && (o.end > o.start || o.start < load.start || o.start >= load.end)) return 0;
  if (l.resource.kind === 'buckets') {
    const efficiency = l.resource.efficiencyAt(l.start) / 100;
    if (efficiency <= 0) return Number.MIN_VALUE;
    let q = (load.fixed + load.quantity * o.quantity) / efficiency;
    if (o.completed > 0) q *= Math.max(o.quantity - o.completed, 0) / o.quantity;
    return q;
  }
  if (load.resource.isGroup && load.quantity > 1 && net.options.individualPool) return 1;
  if (l.resource.toolPerPiece) return load.quantity * o.quantity;
  return load.quantity;
}
