// Batching windows: proposed orders of one operation that start within its window become one, when their components
// are there early enough and no capacity is concerned.
import { INFINITE_PAST } from '../model.ts';
import { removeWhole } from './excess.ts';
import { minimumOnhand } from './flows.ts';
import { byName, type Network, type Operation } from './network.ts';
import { byStart, type Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { setParameters } from './timing.ts';

export function combineBatches(net: Network): void {
  for (const operation of [...net.operations.values()].sort(byName)) if (qualifies(operation)) combine(net, operation);
}

function qualifies(o: Operation): boolean {
  // what expires is not made earlier
  if (o.batchwindow <= 0 || o.durationPer > 0 || o.keeps < Infinity) return false;
  if (!['fixed', 'timeper', 'purchase', 'distribution'].includes(o.kind)) return false;
  return o.loads.every((l) => !l.resource.constrained);
}

function combine(net: Network, operation: Operation): void {
  const orders = [...operation.opplans].filter((o) => o.proposed).sort(byStart);
  const gone = new Set<Opplan>();
  orders.forEach((o, i) => {
    if (gone.has(o)) return;
    const limit = Math.max(o.start, net.current) + operation.batchwindow;
    let added = 0;
    for (const other of orders.slice(i + 1)) {
      if (other.start >= limit) break;
      if (gone.has(other) || other.batch !== o.batch) continue;
      if (other.owner !== null && other.owner.operation.kind !== 'alternate') continue;
      if (o.quantity + added + other.quantity > operation.sizeMaximum - EPSILON) continue;
      if (!componentsEarly(o, other, added)) continue;
      added += other.quantity;
      gone.add(other);
      removeWhole(net, other);
    }
    if (added > 0) enlarge(net, o, added);
  });
}

/** The components of the later order are there when the earlier one starts. */
function componentsEarly(o: Opplan, other: Opplan, added: number): boolean {
  for (const f of other.flowplans) {
    if (f.quantity > -EPSILON || f.buffer.infinite) continue;
    const mine = o.flowplans.find((g) => g.buffer === f.buffer);
    const from = mine?.date ?? o.start;
    if (from < f.date && minimumOnhand(f.buffer, from, f.date - 1, false) < added - f.quantity - EPSILON) return false;
  }
  return true;
}

function enlarge(net: Network, o: Opplan, added: number): void {
  setParameters(net, o, o.quantity + added, INFINITE_PAST, o.end, true, true, false, false);
  let spare = Infinity;
  for (const f of o.flowplans)
    if (f.quantity > EPSILON) spare = Math.min(spare, Math.max(f.buffer.net.minimumFrom(o.end), 0));
  if (spare === Infinity || spare <= EPSILON) return;
  // smallest lots of several orders can have added up to more than is needed
  const { sizeMinimum, sizeMultiple } = o.operation;
  let size = Math.max(o.quantity - spare, sizeMinimum);
  if (sizeMultiple > 0) size = Math.ceil(size / sizeMultiple - 1e-9) * sizeMultiple;
  if (size < o.quantity) setParameters(net, o, size, INFINITE_PAST, o.end, true, true, false, false);
}
