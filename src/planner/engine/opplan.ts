// Orders: how they come into being, put their movements and loads into the profiles, and go again.
// Lists of an order are walked through by index: iterators of lists of one or two were half of all garbage of a plan.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { bufferOf } from './build.ts';
import { hasAlternateLoads, primaryLoad, primaryOf } from './build-operations.ts';
import { producingOperation } from './build-supply.ts';
import { preferredResource } from './capacity-time.ts';
import { dropStart, noteStart } from './merge.ts';
import {
  dropFlow,
  dropLoad,
  flowDate,
  flowQuantity,
  insertFlow,
  insertLoad,
  splitTransfers,
  timeLoad,
} from './movements.ts';
import type { Buffer, Demand, Flow, Load, Network, Operation, Resource } from './network.ts';
import { FlowPlan, LoadPlan, NONE, Opplan, type OpplanDependency, withLast, without } from './order.ts';
import { setParameters } from './timing.ts';

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
    order.demand.deliveries = withLast(order.demand.deliveries, o);
  }
  if (order.owner) setOwner(net, o, order.owner);
  const roundDown = order.roundDown ?? false;
  const certain = order.flowLoads === true && !net.hasSetups && hasCertainLoads(operation);
  if (!certain) setParameters(net, o, order.quantity, order.start, order.end, true, true, roundDown, false);
  if (order.flowLoads) {
    createFlowLoads(net, o);
    // the resources that were chosen can have other working hours
    if (certain || o.loadplans.length > 0)
      setParameters(net, o, order.quantity, order.start, order.end, true, true, roundDown, false);
  }
  if (o.owner !== null) update(net, o.owner);
  return o;
}

/** Whether there is nothing to choose among resources, so that an order needs no dates to get its loads. */
function hasCertainLoads(operation: Operation): boolean {
  operation.certainLoads ??= operation.loads.every((l) => l.name === '' && l.skill === '' && !l.resource.isGroup);
  return operation.certainLoads;
}

/** Makes an order part of another one: steps come before those already there, an alternate replaces the one before. */
export function setOwner(net: Network, o: Opplan, owner: Opplan): void {
  if (o.owner === owner) return;
  if (owner.operation.kind === 'alternate') {
    for (const old of [...owner.subs]) {
      old.owner = null;
      remove(net, old);
    }
    owner.subs = [];
  }
  owner.subs = owner.subs.length === 0 ? [o] : [o].concat(owner.subs);
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
    const flows = op.flows.some((f) => f.name !== '') ? op.flows.filter((f) => primaryOf(f) === null) : op.flows;
    if (flows.length > 0) o.flowplans = flows.map((flow) => new FlowPlan(o, flow, bufferFor(net, flow, o)));
  }
}

function addLoad(net: Network, o: Opplan, load: Load): void {
  o.loadplans = withLast(o.loadplans, new LoadPlan(o, load, preferredResource(net, load, o)));
  if (load.resource.isGroup && load.quantity > 1 && net.options.individualPool) {
    for (let left = load.quantity; left > 1; left--) {
      o.loadplans = withLast(o.loadplans, new LoadPlan(o, load, preferredResource(net, load, o)));
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
  const { loadplans } = o;
  for (let i = 0; i < loadplans.length; i++) {
    const l = loadplans[i] as LoadPlan;
    timeLoad(net, l);
    insertLoad(l);
  }
}

/** Takes the order's movements and loads out of the profiles. */
export function unplace(o: Opplan): void {
  if (!o.placed) return;
  o.placed = false;
  const { flowplans, loadplans } = o;
  for (let i = 0; i < flowplans.length; i++) dropFlow(flowplans[i] as FlowPlan);
  for (let i = 0; i < loadplans.length; i++) dropLoad(loadplans[i] as LoadPlan);
}

/** After a change of dates or quantity: the profiles, and the orders above it. */
export function update(net: Network, o: Opplan): void {
  if (o.subs.length > 0) {
    let start = INFINITE_FUTURE;
    let end = INFINITE_PAST;
    const { subs } = o;
    for (let i = 0; i < subs.length; i++) {
      const s = subs[i] as Opplan;
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
  const { flowplans, loadplans } = o;
  for (let i = 0; i < flowplans.length; i++) {
    const f = flowplans[i] as FlowPlan;
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
  for (let i = 0; i < loadplans.length; i++) {
    const l = loadplans[i] as LoadPlan;
    const { start, end, quantity } = l;
    timeLoad(net, l);
    if (l.start === start && l.end === end && l.quantity === quantity) continue;
    const now = { start: l.start, end: l.end, quantity: l.quantity };
    l.start = start;
    l.end = end;
    l.quantity = quantity;
    dropLoad(l);
    l.start = now.start;
    l.end = now.end;
    l.quantity = now.quantity;
    insertLoad(l);
  }
}

function hasTransfers(o: Opplan): boolean {
  const { flowplans } = o;
  for (let i = 0; i < flowplans.length; i++) if ((flowplans[i] as FlowPlan).flow.isTransfer) return true;
  return false;
}

function placeFlows(net: Network, o: Opplan): void {
  if (hasTransfers(o)) splitTransfers(net, o);
  const { flowplans } = o;
  for (let i = 0; i < flowplans.length; i++) {
    const f = flowplans[i] as FlowPlan;
    if (!f.flow.isTransfer) {
      f.date = flowDate(net, o, f.flow);
      if (!f.confirmed) f.quantity = flowQuantity(net, o, f.flow);
    }
    insertFlow(f);
  }
}

/** Whether one of the order's loads has alternates, or a pool to choose from. */
export function hasChoice(l: LoadPlan): boolean {
  return l.load !== null && (hasAlternateLoads(l.load) || l.load.resource.isGroup || l.load.skill !== '');
}

/** Takes an order and its steps out of the profiles and off its demand and owner. */
export function remove(net: Network, o: Opplan): void {
  unplace(o);
  o.operation.opplans.delete(o);
  if (o.activated) dropStart(o, o.start);
  const { subs } = o;
  if (subs.length > 0) {
    o.subs = NONE;
    for (let i = 0; i < subs.length; i++) {
      const s = subs[i] as Opplan;
      s.owner = null;
      remove(net, s);
    }
  }
  if (o.demand?.deliveries.includes(o)) o.demand.deliveries = without(o.demand.deliveries, o);
  if (o.dependencies.length > 0) for (const d of [...o.dependencies]) unlink(d);
  if (o.setup !== '') dropSetup(o);
  const owner = o.owner;
  if (owner !== null) {
    o.owner = null;
    owner.subs = without(owner.subs, o);
  }
}

export function unlink(d: { first: Opplan; second: Opplan }): void {
  for (const o of [d.first, d.second]) o.dependencies = without(o.dependencies, d as OpplanDependency);
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
  noteStart(o);
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
