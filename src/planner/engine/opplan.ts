// Orders: how they come into being, put their movements and loads into the profiles, and go again.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { bufferOf } from './build.ts';
import { hasAlternateLoads, isConsumer, primaryLoad, primaryOf } from './build-operations.ts';
import { producingOperation } from './build-supply.ts';
import { indexAt } from './calendar.ts';
import { preferredResource, workTimeOf } from './capacity-time.ts';
import {
  type Buffer,
  CLOSED,
  COMPLETED,
  type Demand,
  type Flow,
  FlowPlan,
  type Load,
  LoadPlan,
  type Network,
  type Operation,
  Opplan,
  type Resource,
} from './network.ts';
import { setParameters } from './timing.ts';
import { between, forward } from './worktime.ts';

export interface NewOrder {
  quantity: number;
  start: number;
  end: number;
  batch?: string;
  demand?: Demand | null;
  owner?: Opplan | null;
  /** Make its movements and loads at once; otherwise when it becomes part of the plan. */
  flowLoads?: boolean;
  roundDown?: boolean;
}

/** A new order that is being tried: not yet in the plan, and its movements not yet in the profiles. */
export function createOpplan(net: Network, operation: Operation, order: NewOrder): Opplan {
  const o = new Opplan(operation);
  o.batch = order.batch ?? '';
  if (order.demand) {
    o.demand = order.demand;
    order.demand.deliveries.push(o);
  }
  if (order.owner) setOwner(net, o, order.owner);
  const roundDown = order.roundDown ?? false;
  setParameters(net, o, order.quantity, order.start, order.end, true, true, roundDown, false);
  if (order.flowLoads) {
    createFlowLoads(net, o);
    // the resources that were chosen can have other working hours
    if (o.loadplans.length > 0)
      setParameters(net, o, order.quantity, order.start, order.end, true, true, roundDown, false);
  }
  if (o.owner !== null) update(net, o.owner);
  return o;
}

/** Makes an order part of another one: steps come before those already there, an alternate replaces the one before. */
export function setOwner(net: Network, o: Opplan, owner: Opplan): void {
  if (o.owner === owner) return;
  if (owner.operation.kind === 'alternate') {
    for (const old of [...owner.subs]) {
      old.owner = null;
      remove(net, old);
    }
    owner.subs.length = 0;
  }
  owner.subs.unshift(o);
  o.owner = owner;
  if (owner.batch !== '') o.batch = owner.batch;
  else if (o.batch !== '') owner.batch = o.batch;
}

/** Creates movements and loads of an order, without putting them into the profiles. */
export function createFlowLoads(net: Network, o: Opplan): void {
  if (o.hasFlowLoads) return;
  o.hasFlowLoads = true;
  const op = o.operation;
  if (op.mto && o.batch === '' && o.proposed && op.kind !== 'inventory') {
    o.batch = `${net.nextReference++}`;
    const top = o.top();
    if (top !== o) top.batch = o.batch;
  }
  if (o.consumeCapacity && o.loadplans.length === 0) {
    for (const load of op.loads) if (primaryLoad(load) === null) addLoad(net, o, load);
  }
  if (!o.noFlowplans && o.flowplans.length === 0) {
    for (const flow of op.flows) {
      if (primaryOf(flow) === null) o.flowplans.push(new FlowPlan(o, flow, bufferFor(net, flow, o)));
    }
  }
}

function addLoad(net: Network, o: Opplan, load: Load): void {
  o.loadplans.push(new LoadPlan(o, load, preferredResource(net, load, o)));
  if (load.resource.isGroup && load.quantity > 1 && net.options.individualPool) {
    for (let left = load.quantity; left > 1; left--) {
      o.loadplans.push(new LoadPlan(o, load, preferredResource(net, load, o)));
    }
  }
}

export function bufferFor(net: Network, flow: Flow, o: Opplan): Buffer {
  if (!flow.item.mto || o.batch === '' || flow.buffer.location === null) return flow.buffer;
  const buffer = bufferOf(net, flow.item, flow.buffer.location, o.batch);
  if (buffer.producing === undefined) producingOperation(net, buffer);
  return buffer;
}

/** Puts the order's movements and loads into the profiles. */
export function place(net: Network, o: Opplan): void {
  if (o.placed) return;
  createFlowLoads(net, o);
  o.placed = true;
  placeFlows(net, o);
  for (const l of o.loadplans) {
    timeLoad(net, l);
    insertLoad(l);
  }
}

/** Takes the order's movements and loads out of the profiles. */
export function unplace(o: Opplan): void {
  if (!o.placed) return;
  o.placed = false;
  for (const f of o.flowplans) dropFlow(f);
  for (const l of o.loadplans) dropLoad(l);
}

/** After a change of dates or quantity: the profiles, and the orders above it. */
export function update(net: Network, o: Opplan): void {
  if (o.subs.length > 0) {
    let start = INFINITE_FUTURE;
    let end = INFINITE_PAST;
    for (const s of o.subs) {
      if (s.start < start) start = s.start;
      if (s.end > end) end = s.end;
    }
    if (end > INFINITE_PAST) {
      o.start = start;
      o.setupEnd = start;
      o.end = end;
    }
  }
  if (o.placed) sync(net, o);
  if (o.owner !== null) update(net, o.owner);
}

/** Brings the profiles in line with the order. */
export function sync(net: Network, o: Opplan): void {
  let transfers = false;
  for (const f of o.flowplans) {
    if (f.flow.isTransfer) {
      transfers = true;
      continue;
    }
    const date = flowDate(net, o, f.flow);
    const quantity = f.confirmed ? f.quantity : flowQuantity(net, o, f.flow);
    if (date === f.date && quantity === f.quantity) continue;
    dropFlow(f);
    f.date = date;
    f.quantity = quantity;
    insertFlow(f);
  }
  if (transfers) {
    for (const f of o.flowplans) dropFlow(f);
    placeFlows(net, o);
  }
  for (const l of o.loadplans) {
    const { start, end, quantity } = l;
    timeLoad(net, l);
    if (l.start === start && l.end === end && l.quantity === quantity) continue;
    const now = { start: l.start, end: l.end, quantity: l.quantity };
    l.start = start;
    l.end = end;
    l.quantity = quantity;
    dropLoad(l);
    Object.assign(l, now);
    insertLoad(l);
  }
}

function placeFlows(net: Network, o: Opplan): void {
  if (o.flowplans.some((f) => f.flow.isTransfer)) splitTransfers(net, o);
  for (const f of o.flowplans) {
    if (!f.flow.isTransfer) {
      f.date = flowDate(net, o, f.flow);
      if (!f.confirmed) f.quantity = flowQuantity(net, o, f.flow);
    }
    insertFlow(f);
  }
}

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

function flowQuantity(net: Network, o: Opplan, f: Flow): number {
  const consumes = isConsumer(f);
  if (consumes ? !o.consumeMaterial : !o.produceMaterial) return 0;
  if (o.quantity === 0 || o.end < f.start || o.end >= f.end) return 0;
  const q = f.fixed + o.quantity * f.quantity;
  if (o.completed > 0 && (consumes || !net.options.wipProduceFull))
    return (q * Math.max(o.quantity - o.completed, 0)) / o.quantity;
  return q;
}

/** Transfer batches: the movement of a flow in several parts, spread over the order's working time. */
function splitTransfers(net: Network, o: Opplan): void {
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
      o.flowplans.push(more);
      parts.push(more);
    }
    for (const surplus of parts.splice(count)) {
      dropFlow(surplus);
      o.flowplans.splice(o.flowplans.indexOf(surplus), 1);
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

/** Whether one of the order's loads has alternates, or a pool to choose from. */
export function hasChoice(l: LoadPlan): boolean {
  return l.load !== null && (hasAlternateLoads(l.load) || l.load.resource.isGroup || l.load.skill !== '');
}

/** Takes an order and its steps out of the profiles and off its demand and owner. */
export function remove(net: Network, o: Opplan): void {
  unplace(o);
  o.operation.opplans.delete(o);
  for (const s of [...o.subs]) {
    s.owner = null;
    remove(net, s);
  }
  o.subs.length = 0;
  if (o.demand !== null) {
    const i = o.demand.deliveries.indexOf(o);
    if (i >= 0) o.demand.deliveries.splice(i, 1);
  }
  for (const d of [...o.dependencies]) unlink(d);
  if (o.setup !== '') dropSetup(o);
  const owner = o.owner;
  if (owner !== null) {
    o.owner = null;
    owner.subs.splice(owner.subs.indexOf(o), 1);
  }
}

export function unlink(d: { first: Opplan; second: Opplan }): void {
  for (const o of [d.first, d.second]) {
    const i = o.dependencies.indexOf(d as never);
    if (i >= 0) o.dependencies.splice(i, 1);
  }
}

export function dropSetup(o: Opplan): void {
  for (const l of o.loadplans) {
    const i = l.resource.setups.findIndex((s) => s.opplan === o);
    if (i >= 0) l.resource.setups.splice(i, 1);
  }
}

/** Makes a tried order, and its steps, part of the plan. */
export function activate(net: Network, o: Opplan): void {
  if (o.activated) return;
  place(net, o);
  for (const f of o.flowplans) {
    if (f.quantity <= 0 || f.slot < 0) continue;
    f.buffer.pending.splice(f.buffer.pending.lastIndexOf(f), 1);
    f.buffer.receipts.insert(f.date, f.quantity);
  }
  for (const l of o.loadplans) {
    const i = l.resource.pending.indexOf(l);
    if (i >= 0) l.resource.pending.splice(i, 1);
  }
  o.activated = true;
  o.operation.opplans.add(o);
  for (const s of o.subs) activate(net, s);
}

/** Changes the resource of a load; the order keeps its end and gets the working hours of the new resource. */
export function setResource(net: Network, l: LoadPlan, resource: Resource, keepStart = false): void {
  if (l.resource === resource) return;
  const o = l.opplan;
  dropSetup(o);
  const was = l.slot >= 0;
  if (was) dropLoad(l);
  l.resource = resource;
  if (was) {
    timeLoad(net, l);
    insertLoad(l);
  }
  if (keepStart) setParameters(net, o, o.quantity, o.start, INFINITE_PAST, false, true, false, false);
  else setParameters(net, o, o.quantity, INFINITE_PAST, o.end, true, true, false, false);
}
