// Orders that turned out to be superfluous: what they bring in is never needed.
import { INFINITE_PAST } from '../model.ts';
import type { Network } from './network.ts';
import { remove } from './opplan.ts';
import { APPROVED, byStart, type Opplan, PROPOSED } from './order.ts';
import { EPSILON } from './profile.ts';
import { spareOf, takesPerishable } from './shelf-life.ts';
import { lotSize, setQuantity } from './sizing.ts';
import type { Solver } from './solver.ts';
import { setParameters } from './timing.ts';

/** How much smaller an order could be without anything going short; 0 when it is needed. */
export function excessOf(o: Opplan): number {
  if (o.demand !== null || o.dependencies.length > 0) return 0;
  let excess = o.quantity;
  for (const s of o.subs) excess = Math.min(excess, excessOf(s));
  if (o.flowplans.length === 0 && o.operation.flows.length > 0 && o.operation.kind !== 'routing') return 0;
  for (const f of o.flowplans) {
    if (f.quantity <= 0) continue;
    let spare = f.quantity;
    for (const s of o.subs) for (const k of s.flowplans) if (k.buffer === f.buffer) spare += k.quantity;
    if (spare <= 0) continue;
    const b = f.buffer;
    if (b.shelf !== null && b.maximum === null) spare = Math.min(spare, spareOf(b.shelf, f));
    else if (b.maximum === null) {
      // most orders are needed: the end of the horizon tells at once
      if (b.net.last() < EPSILON) return 0;
      spare = Math.min(spare, b.net.minimumFrom(f.date));
    } else {
      const level = (t: number, v: number): number => {
        const maximum = b.maximumAt(t);
        return v - (maximum > 0 ? maximum : b.minimumAt(t));
      };
      spare = Math.min(spare, level(f.date, b.stock.at(f.date)));
      b.stock.scan(f.date, (t, v) => {
        spare = Math.min(spare, level(t, v));
        return true;
      });
    }
    if (spare < EPSILON) return 0;
    const top = o.owner !== null && o.owner.operation.kind === 'routing' ? o.owner : o;
    spare -= f.flow.fixed;
    if (spare < top.operation.sizeMultiple * f.flow.quantity - EPSILON) return 0;
    if (f.flow.quantity !== 0) excess = Math.min(excess, spare / f.flow.quantity);
  }
  return excess;
}

/** Drops tried orders that are not needed, and older ones that these made superfluous. */
export function dropExcess(solver: Solver): void {
  const { net, undo } = solver;
  for (let i = 0; i < undo.length; i++) {
    const o = undo[i];
    if (o === undefined || typeof o === 'function') continue;
    if (o.quantity - excessOf(o) < EPSILON && o.demand === null) {
      undo.splice(i--, 1);
      remove(net, o);
      continue;
    }
    if (solver.trial !== null || o.operation.kind === 'purchase' || !couldSpare(o)) continue;
    const most = mostSpare(o);
    const candidates: Opplan[] = [];
    for (const other of o.operation.opplans)
      if (o.end < other.end && other.proposed && other.quantity <= most) candidates.push(other);
    for (const other of candidates.sort(byStart)) {
      if (other.quantity - excessOf(other) < EPSILON) removeWhole(net, other);
    }
  }
}

/** An order of this operation that is larger than this cannot be superfluous. */
function mostSpare(o: Opplan): number {
  let most = o.subs.length > 0 ? Math.max(...o.subs.map(mostSpare)) : Infinity;
  for (const f of o.flowplans) {
    if (f.quantity > 0 && f.flow.quantity > 0 && f.buffer.shelf === null)
      most = Math.min(most, f.buffer.net.last() / f.flow.quantity + EPSILON);
  }
  return most;
}

function couldSpare(o: Opplan): boolean {
  for (const f of o.flowplans)
    if (f.quantity > 0 && (f.buffer.shelf !== null || f.buffer.net.last() > EPSILON)) return true;
  return o.subs.some(couldSpare);
}

/** Removes an order with all it belongs to. */
export function removeWhole(net: Network, o: Opplan): void {
  remove(net, o.top());
}

/** Whether orders were created in this attempt that make material rather than move or deliver it. */
export function makesSomething(solver: Solver): boolean {
  return solver.undo.some(
    (o) => typeof o !== 'function' && o.quantity > 0 && o.demand === null && o.operation.kind !== 'distribution',
  );
}

/** Removes or shrinks proposed orders whose supply is left over in the end, upstream buffers last. */
export function cleanUp(solver: Solver): void {
  const { net } = solver;
  const buffers = [...net.buffers.values()].filter((b) => !b.infinite && b.producing).sort((a, b) => a.level - b.level);
  for (const b of buffers) {
    const excess = b.stock.last() - Math.max(b.minimumAt(Infinity), b.maximumAt(Infinity), 0);
    if (b.shelf === null && excess <= EPSILON) continue;
    const supplies = b.flowplans
      .filter((f) => f.quantity > 0)
      .sort((x, y) => x.date - y.date || x.opplan.sequence - y.opplan.sequence);
    for (const f of supplies) {
      const o = f.opplan;
      if (f.slot < 0 || o.status !== PROPOSED || o.demand !== null || o.owner?.demand || f.flow.isTransfer) continue;
      const top = o.owner !== null && o.owner.operation.kind === 'routing' ? o.owner : o;
      if (top.status >= APPROVED) continue;
      const spare = excessOf(top);
      if (spare < EPSILON) continue;
      if (spare >= o.quantity - EPSILON) removeWhole(net, top);
      else shrink(solver, top, o.quantity - spare);
    }
  }
}

/** Makes an order smaller without moving the ends of its steps, so that capacity can only become free. */
function shrink(solver: Solver, top: Opplan, quantity: number): void {
  const { net } = solver;
  if (takesPerishable(top)) return;
  const wanted = lotSize(top, quantity, false, top.end);
  if (wanted >= top.quantity - EPSILON) return;
  if (top.subs.length > 0) setQuantity(net, top, wanted, false);
  else setParameters(net, top, wanted, INFINITE_PAST, top.end, true, true, false, false);
}
