// Work in progress made consistent, before anything is planned: what is done lies in the past, the steps before a step
// that is done are done too, and what a finished order consumed must have come from supply that has arrived.
// Orders from Odoo are left as they are, apart from their steps; Odoo knows best.
import { INFINITE_FUTURE } from '../model.ts';
import { stockOf } from './build-orders.ts';
import { dropFlow, insertFlow } from './movements.ts';
import type { Buffer, Network, Operation } from './network.ts';
import { place, unplace } from './opplan.ts';
import { APPROVED, byStart, CLOSED, COMPLETED, CONFIRMED, type FlowPlan, type Opplan, PROPOSED } from './order.ts';
import { EPSILON } from './profile.ts';
import { link } from './solve-operation.ts';

export function propagateStatus(net: Network): void {
  const operations = [...net.operations.values()].sort((a, b) => a.level - b.level || a.id - b.id);
  for (const operation of operations) {
    if (operation.level < 0 || operation.opplans.size === 0) continue;
    for (const o of [...operation.opplans].sort(byStart)) {
      if (operation.dependencies.length > 0) matchDependencies(o, operation);
      if (o.subs.length === 0 && isDone(o)) propagate(net, o);
    }
  }
}

function isDone(o: Opplan): boolean {
  return o.status === COMPLETED || o.status === CLOSED;
}

/** An order that waits for others gets those that are there already. */
function matchDependencies(o: Opplan, operation: Operation): void {
  if (isDone(o)) return;
  for (const d of operation.dependencies) {
    if (d.operation !== operation || d.blockedBy === operation) continue;
    let needed = o.quantity * d.quantity;
    for (const e of o.dependencies) if (e.second === o && e.first.operation === d.blockedBy) needed -= e.first.quantity;
    for (const first of [...d.blockedBy.opplans].sort(byStart)) {
      if (needed < EPSILON) break;
      if (o.batch !== '' && first.batch !== o.batch) continue;
      let free = first.quantity;
      for (const e of first.dependencies)
        if (e.first === first) free -= e.second.quantity * (e.dependency?.quantity ?? 1);
      if (free <= EPSILON) continue;
      link(first, o, d);
      needed -= free;
    }
  }
}

function propagate(net: Network, o: Opplan): void {
  if (o.operation.kind === 'inventory') return;
  for (const s of o.subs) if (s.status !== o.status) setStatus(net, s, o.status);
  if (o.source.startsWith('odoo') || !isDone(o)) return;
  if (!net.options.completedAllowFuture && o.end > net.current)
    redate(net, o, Math.min(o.start, net.current), net.current);
  const routing = o.owner;
  if (routing !== null && routing.operation.kind === 'routing') fromStep(net, o, routing);
  for (const f of o.flowplans) if (f.quantity < 0 && !f.buffer.infinite) coverUse(net, o, f);
}

/** Steps before a step that is done are done; the routing is when all its steps are, and approved at least. */
function fromStep(net: Network, o: Opplan, routing: Opplan): void {
  for (const s of routing.subs.slice(0, routing.subs.indexOf(o))) {
    if (s.status !== o.status) setStatus(net, s, o.status);
  }
  if (routing.subs.every((s) => s.status === CLOSED)) setOwn(net, routing, CLOSED);
  else if (routing.subs.every((s) => s.status === COMPLETED)) setOwn(net, routing, COMPLETED);
  else if (routing.status === PROPOSED) {
    for (const s of routing.subs) if (s.status === PROPOSED) setOwn(net, s, APPROVED);
    setOwn(net, routing, APPROVED);
  }
}

/** What a finished order used has come from somewhere: from orders that are finished too, or it was in stock. */
function coverUse(net: Network, o: Opplan, use: FlowPlan): void {
  const b = use.buffer;
  let balance = 0;
  for (const f of b.flowplans) if (isDone(f.opplan) && f.date <= use.date) balance += f.quantity;
  const supplies = (which: (x: Opplan) => boolean): FlowPlan[] =>
    b.flowplans.filter((f) => f.quantity > 0 && which(f.opplan)).sort((x, y) => x.date - y.date);
  const short = (): boolean => balance < -EPSILON;
  if (!short()) return;
  for (const f of supplies(isDone)) {
    if (!short()) return;
    if (f.date <= use.date || f.opplan.operation.kind === 'inventory') continue;
    balance += f.quantity;
    redate(net, f.opplan, Math.min(f.opplan.start, use.date), use.date);
  }
  for (const status of [CONFIRMED, APPROVED, PROPOSED]) {
    for (const f of supplies((x) => x.status === status)) {
      if (!short()) return;
      balance += f.quantity;
      setStatus(net, f.opplan, o.status);
    }
  }
  if (short()) raiseOpeningStock(net, b, -balance);
}

function raiseOpeningStock(net: Network, b: Buffer, quantity: number): void {
  b.onhand += quantity;
  const opening = b.flowplans.find((f) => f.opplan.operation.kind === 'inventory');
  if (opening === undefined) {
    stockOf(net, b);
    return;
  }
  dropFlow(opening);
  opening.quantity += quantity;
  opening.opplan.quantity = Math.abs(opening.quantity);
  insertFlow(opening);
}

function setOwn(net: Network, o: Opplan, status: number): void {
  unplace(o);
  o.status = status;
  place(net, o);
}

/** An order with all its steps. */
function setStatus(net: Network, o: Opplan, status: number): void {
  setOwn(net, o, status);
  for (const s of o.subs) setStatus(net, s, status);
}

function redate(net: Network, o: Opplan, start: number, end: number): void {
  if (end >= INFINITE_FUTURE) return;
  unplace(o);
  o.start = start;
  o.setupEnd = start;
  o.end = end;
  place(net, o);
}
