// Orders and stock that are there already: with their status, their own movements and loads.
import { INFINITE_PAST, type Operationplan } from '../model.ts';
import type { PlanModel } from '../plan-document.ts';
import { addFlow, bufferOf, deliveryOperation, itemOf, newOperation, placeOf, resourceOf } from './build.ts';
import { ensureProducingFlow, producingOperation, purchaseOperation, transportOperation } from './build-supply.ts';
import { singles, skillPriority } from './capacity-time.ts';
import { dropFlow, insertFlow, insertLoad, timeLoad } from './movements.ts';
import type { Buffer, Network, Operation } from './network.ts';
import {
  activate,
  bufferFor,
  createFlowLoads,
  createOpplan,
  place,
  remove,
  setOwner,
  setResource,
  unplace,
  update,
} from './opplan.ts';
import { APPROVED, CLOSED, CONFIRMED, FlowPlan, LoadPlan, Opplan, PROPOSED, STATUS_NAMES, withLast } from './order.ts';
import { noteLot } from './shelf-life.ts';
import { setEnd, setParameters, setStart } from './timing.ts';
import { sharedToolLoads } from './tools.ts';

export function buildOrders(net: Network, model: PlanModel): void {
  for (const b of [...net.buffers.values()]) if (b.onhand !== 0) stockOf(net, b);
  const byReference = new Map<string, Opplan>();
  for (const order of model.operationplans) {
    if (order.ordertype === 'STCK') {
      stockLot(net, order);
      continue;
    }
    const o = existingOrder(net, order, byReference);
    if (o === null) continue;
    net.orders.push(o);
    if (order.reference !== undefined) byReference.set(order.reference, o);
  }
  dropProposals(net);
  if (!model.header.suppressFlowplanCreation) for (const o of net.orders) completeMovements(net, o);
}

/** What an earlier plan proposed is proposed anew, or not. */
function dropProposals(net: Network): void {
  const all = net.orders.splice(0);
  for (const o of all) {
    if (!o.top().proposed) net.orders.push(o);
    else if (o.owner === null) remove(net, o);
  }
}

/** When the document allows it in the end, orders without movements of their own get those of their operation. */
function completeMovements(net: Network, o: Opplan): void {
  for (const x of [o, ...o.subs]) {
    if (!x.noFlowplans) continue;
    x.noFlowplans = false;
    if (x.flowplans.length > 0) continue;
    unplace(x);
    x.hasFlowLoads = false;
    place(net, x);
  }
}

/** Stock on hand is what an order of its own has produced before all time. */
export function stockOf(net: Network, b: Buffer): void {
  addStock(net, b, `Inventory ${b.name}`, b.onhand);
}

/** Stock that a document gives as an order, by lot. */
function stockLot(net: Network, order: Operationplan): void {
  const quantity = order.quantity ?? 0;
  if (order.item === undefined || order.location === undefined || quantity === 0) return;
  const b = bufferOf(net, itemOf(net, order.item), placeOf(net, order.location), order.batch ?? '');
  producingOperation(net, b);
  b.onhand += quantity;
  let name = `Inventory ${b.name}`;
  for (let n = 2; net.operations.has(name); n++) name = `Inventory ${b.name} ${n}`;
  addStock(net, b, name, quantity, order.expiry);
}

function addStock(net: Network, b: Buffer, name: string, quantity: number, expiry?: number): void {
  const operation = newOperation(net, name, 'inventory');
  operation.hidden = true;
  operation.sizeMinimum = 0;
  operation.level = 0;
  addFlow(operation, b, quantity >= 0 ? 1 : -1, true);
  // the flow is not one of the buffer's ways of replenishment
  b.flows.pop();
  const o = new Opplan(operation);
  o.status = CLOSED;
  o.quantity = Math.abs(quantity);
  o.start = INFINITE_PAST;
  o.end = INFINITE_PAST;
  o.setupEnd = INFINITE_PAST;
  o.batch = b.batch;
  o.reference = b.name;
  o.hasFlowLoads = true;
  const flow = operation.flows[0];
  if (flow === undefined) return;
  const plan = new FlowPlan(o, flow, b);
  plan.date = INFINITE_PAST;
  plan.quantity = quantity;
  o.flowplans = [plan];
  o.placed = true;
  o.activated = true;
  noteLot(b, plan, net.current, expiry);
  insertFlow(plan);
  operation.opplans.add(o);
}

function existingOrder(net: Network, order: Operationplan, known: Map<string, Opplan>): Opplan | null {
  const operation = operationOf(net, order);
  if (operation === null) return null;
  if (operation.item !== null && operation.location !== null && isMade(operation))
    ensureProducingFlow(net, operation, bufferOf(net, operation.item, operation.location));
  const status = Math.max(STATUS_NAMES.indexOf(order.status ?? 'proposed'), PROPOSED);
  const quantity = order.quantity ?? 0;
  let start = order.start ?? INFINITE_PAST;
  const end = order.end ?? INFINITE_PAST;
  if (start > INFINITE_PAST && end > INFINITE_PAST && start > end) start = end;
  if (start <= INFINITE_PAST && end <= INFINITE_PAST) start = net.current;
  const o = createOpplan(net, operation, { quantity, start, end, batch: order.batch ?? '', flowLoads: false });
  o.reference = order.reference ?? '';
  o.completed = order.quantityCompleted ?? 0;
  o.source = order.source ?? '';
  o.consumeMaterial = order.consumeMaterial ?? true;
  o.produceMaterial = order.produceMaterial ?? true;
  o.consumeCapacity = order.consumeCapacity ?? true;
  o.noFlowplans = order.suppressFlowplanCreation ?? false;
  if (order.resources !== undefined) assign(net, o, order.resources);
  o.status = status;
  if (status === APPROVED || (status === CONFIRMED && o.completed > 0)) {
    createFlowLoads(net, o);
    setParameters(net, o, quantity, start > INFINITE_PAST ? start : o.start, INFINITE_PAST, false, true, false, true);
  } else if (status >= CONFIRMED) {
    if (start > INFINITE_PAST) o.start = start;
    if (end > INFINITE_PAST) o.end = end;
    if (o.end < o.start) o.end = o.start;
    o.setupEnd = o.start;
    o.quantity = Math.max(quantity, 0);
  }
  if (o.quantity === 0 && status === PROPOSED) return null;
  const owner = order.owner === undefined ? undefined : known.get(order.owner);
  if (owner !== undefined) joinOwner(net, o, owner);
  else instantiateSteps(net, o, start > INFINITE_PAST);
  if (status === APPROVED && owner === undefined) {
    // with both dates the end counts: it is when the receipt is expected
    if (start > INFINITE_PAST) setStart(net, o, start);
    if (end > INFINITE_PAST) setEnd(net, o, end);
  }
  if (order.demand !== undefined) {
    const demand = net.demands.get(order.demand);
    if (demand !== undefined) {
      o.demand = demand;
      demand.deliveries = withLast(demand.deliveries, o);
    }
  }
  activate(net, o);
  ownMovements(net, o, order);
  ownLoads(net, o, order);
  return o;
}

function isMade(o: Operation): boolean {
  return o.kind !== 'purchase' && o.kind !== 'distribution' && o.kind !== 'delivery';
}

function operationOf(net: Network, order: Operationplan): Operation | null {
  const type = order.ordertype ?? 'MO';
  if (type === 'MO') {
    const name = typeof order.operation === 'string' ? order.operation : order.operation?.name;
    return name === undefined ? null : (net.operations.get(name) ?? impliedOperation(net, name));
  }
  if (order.item === undefined || order.location === undefined) return null;
  const item = itemOf(net, order.item);
  const buffer = bufferOf(net, item, placeOf(net, order.location));
  producingOperation(net, buffer);
  const into = buffer.flows.map((f) => f.operation);
  switch (type) {
    case 'PO': {
      const supplier = order.supplier;
      if (supplier === undefined) return into.find((o) => o.kind === 'purchase') ?? null;
      const ancestors = new Set<string>();
      for (let s: string | null = supplier; s !== null && !ancestors.has(s); s = net.suppliers.get(s)?.owner ?? null)
        ancestors.add(s);
      const found = into.find((o) => o.kind === 'purchase' && ancestors.has(o.supplierName));
      return (
        found ?? purchaseOperation(net, buffer, { item: order.item, supplier, location: order.location, priority: 0 })
      );
    }
    case 'DO': {
      const origin = order.origin === undefined ? null : placeOf(net, order.origin);
      const found = into.find(
        (o) =>
          o.kind === 'distribution' &&
          (origin === null || o.flows.some((f) => f.quantity < 0 && f.buffer.location === origin)),
      );
      if (found !== undefined || origin === null) return found ?? null;
      const d = { item: order.item, origin: origin.name, destination: order.location, priority: 0 };
      return transportOperation(net, item, origin, buffer, d);
    }
    case 'DLVR': {
      const demand = order.demand === undefined ? undefined : net.demands.get(order.demand);
      return demand === undefined ? null : deliveryOperation(net, demand);
    }
    default:
      return null;
  }
}

/** Purchases, transports and deliveries can be called by the names that they will have. */
function impliedOperation(net: Network, name: string): Operation | null {
  for (const b of net.buffers.values()) producingOperation(net, b);
  return net.operations.get(name) ?? null;
}

/** Creates the orders of the steps, or of the alternate that is used, below an order that has none yet. */
function instantiateSteps(net: Network, o: Opplan, fromStart: boolean): void {
  const { operation } = o;
  if (o.subs.length > 0) return;
  if (operation.kind === 'routing') {
    let date = fromStart ? o.start : o.end;
    const steps = fromStart ? operation.steps : [...operation.steps].reverse();
    const { start, end } = o;
    const made: Opplan[] = [];
    let previous: Operation | null = null;
    for (const { operation: step } of steps) {
      if (previous !== null) date += fromStart ? previous.posttime : -step.posttime;
      previous = step;
      const sub = createOpplan(net, step, {
        quantity: o.quantity,
        start: fromStart ? date : INFINITE_PAST,
        end: fromStart ? INFINITE_PAST : date,
        batch: o.batch,
        flowLoads: true,
      });
      sub.quantity = o.quantity;
      setParameters(
        net,
        sub,
        o.quantity,
        fromStart ? date : INFINITE_PAST,
        fromStart ? INFINITE_PAST : date,
        !fromStart,
        true,
        false,
        false,
      );
      sub.quantity = o.quantity;
      sub.status = o.status;
      sub.noFlowplans = o.noFlowplans;
      if (o.noFlowplans) sub.flowplans = [];
      sub.source = o.source;
      date = fromStart ? sub.end : sub.start;
      made.push(sub);
    }
    if (!fromStart) made.reverse();
    for (const sub of made) sub.owner = o;
    o.subs = [...o.subs, ...made];
    if (made.length > 0 && o.status < CONFIRMED) update(net, o);
    else if (made.length > 0) {
      // a confirmed routing lasts as long as its steps
      o.start = Math.min(start, ...made.map((s) => s.start));
      o.end = Math.max(...made.map((s) => s.end));
      if (end > o.end && !fromStart) o.end = end;
      o.setupEnd = o.start;
    }
  } else if (operation.kind === 'alternate') {
    const step = operation.steps.find((s) => s.priority !== 0 && o.end >= s.start && o.end < s.end);
    if (step !== undefined) addSub(net, o, step.operation, o.quantity);
  } else if (operation.kind === 'split') {
    const parts = operation.steps.filter((s) => s.priority !== 0 && o.end >= s.start && o.end < s.end);
    const percent = parts.reduce((sum, s) => sum + s.priority, 0);
    for (const s of parts) addSub(net, o, s.operation, (o.quantity * s.priority) / percent);
  }
}

function addSub(net: Network, o: Opplan, operation: Operation, quantity: number): void {
  const { start, end } = o;
  const sub = createOpplan(net, operation, { quantity, start, end, batch: o.batch, flowLoads: true });
  sub.status = o.status;
  setOwner(net, sub, o);
  instantiateSteps(net, sub, true);
  update(net, o);
}

/** A step that the document lists on its own takes the place of the one created for it. */
function joinOwner(net: Network, o: Opplan, owner: Opplan): void {
  const instead = owner.operation.kind === 'alternate';
  const index = instead ? owner.subs.length - 1 : owner.subs.findIndex((s) => s.operation === o.operation);
  const order = owner.operation.steps.map((s) => s.operation);
  if (index >= 0) {
    const old = owner.subs[index] as Opplan;
    old.owner = null;
    unplace(old);
    old.operation.opplans.delete(old);
    owner.subs = owner.subs.with(index, o);
  } else {
    let at = owner.subs.findIndex((s) => order.indexOf(s.operation) > order.indexOf(o.operation));
    if (at < 0) at = owner.subs.length;
    owner.subs = owner.subs.toSpliced(at, 0, o);
  }
  o.owner = owner;
  if (owner.batch !== '') o.batch = owner.batch;
  const at = owner.subs.indexOf(o);
  for (let i = at; i > 0; i--) {
    const later = owner.subs[i] as Opplan;
    const earlier = owner.subs[i - 1] as Opplan;
    if (!later.locked && earlier.end > later.start) setEnd(net, earlier, later.start);
  }
  for (let i = at; i < owner.subs.length; i++) {
    const before = owner.subs[i - 1];
    const step = owner.subs[i] as Opplan;
    if (before !== undefined && !step.locked && before.end > step.start) setStart(net, step, before.end);
  }
  if (o.status !== PROPOSED && owner.status === PROPOSED) owner.status = APPROVED;
  update(net, owner);
}

function assign(net: Network, o: Opplan, names: readonly string[]): void {
  o.hasFlowLoads = false;
  for (const name of names) {
    const resource = resourceOf(net, name);
    for (const member of singles(resource)) {
      const load = o.operation.loads.find(
        (l) =>
          member.isMemberOf(l.resource) && (l.skill === '' || skillPriority(member, l.skill, o.start, o.start) >= 0),
      );
      o.loadplans = [...o.loadplans, new LoadPlan(o, load ?? null, member)];
    }
  }
}

/** Movements that the document gives replace those that follow from the operation. */
function ownMovements(net: Network, o: Opplan, order: Operationplan): void {
  const used = new Set<FlowPlan>();
  for (const f of order.flowplans ?? []) {
    const item = f.item ?? net.buffers.get(f.buffer ?? '')?.item?.name;
    if (item === undefined) continue;
    const family = [o, ...o.subs];
    let plan: FlowPlan | null = null;
    for (const x of family) plan ??= x.flowplans.find((p) => p.flow.item.name === item && !used.has(p)) ?? null;
    if (plan === null) plan = newMovement(net, o, family, item);
    if (plan === null) continue;
    used.add(plan);
    dropFlow(plan);
    plan.confirmed = f.status === 'confirmed' || f.quantity !== undefined;
    if (f.quantity !== undefined) plan.quantity = f.quantity;
    if (f.date !== undefined && f.status === 'confirmed') plan.date = f.date;
    insertFlow(plan);
  }
}

function newMovement(net: Network, o: Opplan, family: Opplan[], name: string): FlowPlan | null {
  const item = itemOf(net, name);
  for (const x of family) {
    const flow = x.operation.flows.find((f) => f.item === item);
    if (flow !== undefined) return addMovement(net, x, flow);
  }
  const home = o.subs[0] ?? o;
  const place = home.operation.location ?? o.operation.location;
  if (place === null) return null;
  const buffer = bufferOf(net, item, place, o.batch);
  addFlow(home.operation, buffer, -1, false);
  const flow = home.operation.flows.pop();
  buffer.flows.pop();
  if (flow === undefined) return null;
  flow.end = INFINITE_PAST;
  return addMovement(net, home, flow);
}

function addMovement(net: Network, o: Opplan, flow: Parameters<typeof bufferFor>[1]): FlowPlan {
  const plan = new FlowPlan(o, flow, bufferFor(net, flow, o));
  plan.date = flow.atEnd ? o.end : o.start;
  if (o.locked && plan.date < net.current && o.status === CONFIRMED) plan.date = net.current + 1;
  o.flowplans = [...o.flowplans, plan];
  return plan;
}

/** Resources that the document gives replace those that were chosen. */
function ownLoads(net: Network, o: Opplan, order: Operationplan): void {
  for (const l of order.loadplans ?? []) {
    const resource = resourceOf(net, l.resource);
    const individual = net.options.individualPool;
    const plan = o.loadplans.find((p) => (individual ? p.resource === resource : p.resource.top() === resource.top()));
    unplace(o);
    if (plan !== undefined) {
      plan.resource = resource;
      if (l.status === 'confirmed' && l.quantity !== undefined) {
        plan.quantity = l.quantity;
        plan.confirmed = true;
      }
    } else {
      const load = o.operation.loads.find((x) => x.resource.top() === resource.top()) ?? null;
      const made = new LoadPlan(o, load, resource);
      made.quantity = l.quantity ?? load?.quantity ?? 1;
      made.confirmed = l.status === 'confirmed' || load === null;
      o.loadplans = [...o.loadplans, made];
    }
    o.placed = true;
    for (const f of o.flowplans) insertFlow(f);
    for (const p of o.loadplans) {
      timeLoad(net, p);
      insertLoad(p);
    }
    setStart(net, o, o.start);
    if (plan !== undefined)
      for (const other of sharedToolLoads(plan, plan.load)) setResource(net, other, resource, true);
  }
}
