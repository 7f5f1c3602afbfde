// Orders that come to be exactly like one of the plan, of the same operation and at the same moment, become part of it.
// Only where the time taken does not depend on the size and no single machine is concerned; never across demands.
import type { Network, Operation } from './network.ts';
import { update } from './opplan.ts';
import { Opplan, withLast, without } from './order.ts';
import { EPSILON } from './profile.ts';
import { setQuantity } from './sizing.ts';

const KINDS = ['fixed', 'purchase', 'distribution', 'delivery'];

export function isMergeable(operation: Operation): boolean {
  operation.mergeable ??= KINDS.includes(operation.kind) && operation.loads.every((l) => l.resource.kind !== 'default');
  return operation.mergeable;
}

/** Notes where an order of the plan begins, to find those that begin with it. */
export function noteStart(o: Opplan, start = o.start): void {
  if (!isMergeable(o.operation)) return;
  o.operation.byStart ??= new Map();
  const { byStart } = o.operation;
  const known = byStart.get(start);
  byStart.set(start, known === undefined ? o : withLast(listOf(known), o));
}

export function dropStart(o: Opplan, start: number): void {
  if (!isMergeable(o.operation)) return;
  const { byStart } = o.operation;
  const known = byStart?.get(start);
  if (byStart === null || known === undefined) return;
  const left = without(listOf(known), o);
  if (left.length === 0) byStart.delete(start);
  else byStart.set(start, left);
}

function listOf(orders: Opplan | readonly Opplan[]): readonly Opplan[] {
  return orders instanceof Opplan ? [orders] : orders;
}

/** An order of the plan is about to begin at another moment. */
export function moveStart(o: Opplan, start: number): void {
  dropStart(o, o.start);
  noteStart(o, start);
}

/** Adds the quantity of a tried order to its neighbour in the plan that is like it. False when there is none. */
export function mergeInto(net: Network, o: Opplan): boolean {
  const { operation } = o;
  if (!isMergeable(operation) || !o.proposed || o.activated || o.quantity <= 0) return false;
  const known = operation.byStart?.get(o.start);
  if (known === undefined) return false;
  const alike = listOf(known);
  // the next larger one and the next smaller one
  let before: Opplan | null = null;
  let after: Opplan | null = null;
  for (const x of alike) {
    if (compare(x, o) < 0) {
      if (before === null || compare(x, before) > 0) before = x;
    } else if (after === null || compare(x, after) < 0) after = x;
  }
  for (const x of [before, after]) {
    if (x === null || x.end !== o.end || x.demand !== o.demand || !x.proposed) continue;
    if (x.quantity + o.quantity >= operation.sizeMaximum) continue;
    if (!alikeAround(o, x, x === before)) return false;
    setQuantity(net, x, x.quantity + o.quantity, false);
    update(net, x);
    return true;
  }
  return false;
}

/** Larger ones first; an order of the plan before one that is being tried. */
function compare(a: Opplan, b: Opplan): number {
  if (Math.abs(a.quantity - b.quantity) > EPSILON) return b.quantity - a.quantity;
  if (a.activated !== b.activated) return a.activated ? -1 : 1;
  return a.end - b.end || a.sequence - b.sequence;
}

function alikeAround(o: Opplan, x: Opplan, fixedToo: boolean): boolean {
  const owner = o.owner;
  if (owner !== null) {
    if (x.owner === null || x.owner.operation !== owner.operation || owner.operation.kind !== 'alternate') return false;
    if (x.owner.demand !== owner.demand) return false;
  }
  if (o.flowplans.length === 0 || o.flowplans.length !== x.flowplans.length) return false;
  return o.flowplans.every((f, i) => {
    const g = x.flowplans[i];
    return f.buffer === g?.buffer && !(fixedToo && (f.flow.fixed !== 0 || g.flow.fixed !== 0));
  });
}
