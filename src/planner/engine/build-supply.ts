// What replenishes each buffer: purchases from suppliers, transports from other places, and operations that make the
// item. When there are several, they become alternates in order of priority.
import { INFINITE_FUTURE, INFINITE_PAST, type ItemDistribution, type ItemSupplier } from '../model.ts';
import type { PlanModel } from '../plan-document.ts';
import { addFlow, bufferOf, deliveryOperation, newOperation, placeOf, resourceOf } from './build.ts';
import { isProducer } from './build-operations.ts';
import type { Buffer, Item, Load, Network, Operation, Place } from './network.ts';

interface Supply {
  suppliers: Map<string, ItemSupplier[]>;
  distributions: Map<string, ItemDistribution[]>;
}

const tables = new WeakMap<Network, Supply>();

export function buildSupply(net: Network, model: PlanModel): void {
  const supply: Supply = { suppliers: groupBy(model.itemsuppliers), distributions: groupBy(model.itemdistributions) };
  tables.set(net, supply);
  for (const b of model.buffers.values()) {
    const buffer = net.buffers.get(b.name);
    const producing = b.producing === undefined ? undefined : net.operations.get(b.producing);
    if (buffer !== undefined && producing !== undefined) buffer.producing = producing;
  }
  for (const d of net.demands.values()) deliveryOperation(net, d);
  // determining the supply of a buffer can bring further buffers into being
  for (let count = -1; count !== net.buffers.size; ) {
    count = net.buffers.size;
    for (const buffer of [...net.buffers.values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
      producingOperation(net, buffer);
  }
}

function groupBy<T extends { item: string }>(list: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const x of list) {
    const group = groups.get(x.item);
    if (group === undefined) groups.set(x.item, [x]);
    else group.push(x);
  }
  return groups;
}

/** The operation that replenishes a buffer, determined on first use. */
export function producingOperation(net: Network, buffer: Buffer): Operation | null {
  if (buffer.producing !== undefined) return buffer.producing;
  buffer.producing = null;
  const supply = tables.get(net);
  const candidates: Candidate[] = [];
  for (let item = buffer.item; item !== null; item = item.owner) {
    for (const s of supply?.suppliers.get(item.name) ?? []) {
      if (s.priority === 0 || (s.location !== undefined && s.location !== buffer.location?.name)) continue;
      candidates.push({
        operation: purchaseOperation(net, buffer, s),
        priority: s.priority ?? 1,
        start: s.effectiveStart ?? INFINITE_PAST,
        end: s.effectiveEnd ?? INFINITE_FUTURE,
      });
    }
    for (const d of supply?.distributions.get(item.name) ?? []) {
      if (d.priority === 0 || buffer.location === null || d.origin === buffer.location.name) continue;
      if (d.destination !== undefined && d.destination !== buffer.location.name) continue;
      candidates.push({
        operation: transportOperation(net, buffer.item as Item, placeOf(net, d.origin), buffer, d),
        priority: d.priority ?? 1,
        start: d.effectiveStart ?? INFINITE_PAST,
        end: d.effectiveEnd ?? INFINITE_FUTURE,
      });
    }
  }
  for (const operation of buffer.item?.operations ?? []) {
    if (operation.priority === 0) continue;
    const made = operation.flows.find(
      (f) => f.item === buffer.item && isProducer(f) && f.buffer.location !== operation.location,
    );
    const place = made?.buffer.location ?? operation.location;
    if (place !== null && place !== buffer.location) continue;
    ensureProducingFlow(net, operation, buffer);
    candidates.push({
      operation,
      priority: operation.priority,
      start: operation.effectiveStart,
      end: operation.effectiveEnd,
    });
  }
  buffer.producing = combine(net, buffer, candidates) ?? onlyProducer(buffer);
  if (buffer.producing === null && !buffer.infinite) {
    net.invalid.push({
      text: `No replenishment defined for '${buffer.name}'`,
      start: INFINITE_PAST,
      end: INFINITE_FUTURE,
      owner: buffer,
    });
  }
  return buffer.producing;
}

interface Candidate {
  operation: Operation;
  priority: number;
  start: number;
  end: number;
}

function combine(net: Network, buffer: Buffer, candidates: Candidate[]): Operation | null {
  const unique = candidates.filter((c, i) => candidates.findIndex((d) => d.operation === c.operation) === i);
  const first = unique[0];
  if (first === undefined) return null;
  const plain = first.priority === 1 && first.start <= INFINITE_PAST && first.end >= INFINITE_FUTURE;
  if (unique.length === 1 && plain && (first.operation.search === 'PRIORITY' || first.operation.kind === 'alternate')) {
    return first.operation;
  }
  const name = `Replenish ${buffer.name}`;
  const alternate = net.operations.get(name) ?? newOperation(net, name, 'alternate');
  alternate.hidden = true;
  alternate.location = buffer.location;
  for (const c of unique.slice(0, 101)) {
    if (c.operation.search !== 'PRIORITY') alternate.search = c.operation.search;
    c.operation.owner ??= alternate;
    alternate.steps.push(c);
  }
  alternate.steps.sort((a, b) => a.priority - b.priority);
  return alternate;
}

/** Last resort: exactly one operation happens to produce into the buffer. */
function onlyProducer(buffer: Buffer): Operation | null {
  const found = buffer.flows.filter(
    (f) => f.quantity > 0 && f.operation.kind !== 'inventory' && f.operation.priority !== 0,
  );
  return found.length === 1 ? (found[0]?.operation ?? null) : null;
}

export function purchaseOperation(net: Network, buffer: Buffer, s: ItemSupplier): Operation {
  const since =
    s.effectiveStart === undefined || s.effectiveStart <= INFINITE_PAST
      ? ''
      : ` valid from ${isoDate(s.effectiveStart)}`;
  const name = `Purchase ${buffer.name} from ${s.supplier}${since}`;
  const known = net.operations.get(name);
  if (known !== undefined && known.source === s) return known;
  const operation = newOperation(net, uniqueName(net, name), 'purchase');
  operation.source = s;
  operation.supplierName = s.supplier;
  operation.item = buffer.item;
  sizes(net, operation, s);
  operation.posttime = s.extraSafetyLeadtime ?? 0;
  // a place named like the supplier has the supplier's working days
  operation.location = net.places.get(s.supplier) ?? null;
  addFlow(operation, buffer, 1, true);
  const flow = operation.flows[0];
  if (flow !== undefined) flow.offset = s.hardSafetyLeadtime ?? 0;
  return operation;
}

export function transportOperation(
  net: Network,
  item: Item,
  origin: Place,
  buffer: Buffer,
  d: ItemDistribution,
): Operation {
  const since =
    d.effectiveStart === undefined || d.effectiveStart <= INFINITE_PAST
      ? ''
      : ` valid from ${isoDate(d.effectiveStart)}`;
  const batch = buffer.batch === '' ? '' : ` @ ${buffer.batch}`;
  const name = `Ship ${item.name}${batch} from ${origin.name} to ${buffer.location?.name ?? ''}${since}`;
  const known = net.operations.get(name);
  if (known !== undefined && known.source === d) return known;
  const operation = newOperation(net, uniqueName(net, name), 'distribution');
  operation.source = d;
  operation.item = item;
  operation.location = buffer.location;
  sizes(net, operation, d);
  addFlow(operation, buffer, 1, true);
  addFlow(operation, bufferOf(net, item, origin), -1, false);
  return operation;
}

function uniqueName(net: Network, name: string): string {
  let unique = name;
  while (net.operations.has(unique)) unique += '*';
  return unique;
}

function sizes(net: Network, operation: Operation, s: ItemSupplier | ItemDistribution): void {
  operation.hidden = true;
  operation.duration = s.leadtime ?? 0;
  operation.sizeMinimum = s.sizeMinimum ?? 1;
  operation.sizeMultiple = s.sizeMultiple ?? 1;
  operation.sizeMaximum = s.sizeMaximum ?? Infinity;
  operation.batchwindow = s.batchwindow ?? 0;
  operation.cost = s.cost ?? 0;
  operation.fence = s.fence ?? 0;
  operation.priority = s.priority ?? 1;
  operation.mto = operation.item?.mto ?? false;
  if (s.resource !== undefined) {
    const load: Load = {
      operation,
      resource: resourceOf(net, s.resource),
      kind: 'default',
      quantity: s.resourceQty ?? 1,
      fixed: 0,
      skill: '',
      priority: 1,
      name: '',
      search: 'MINPENALTY',
      setup: '',
      offset: 0,
      start: INFINITE_PAST,
      end: INFINITE_FUTURE,
    };
    operation.loads.push(load);
  }
}

function isoDate(t: number): string {
  return new Date(t * 1000).toISOString().slice(0, 19);
}

/** An operation that says it makes an item produces one unit of it, unless one of its flows says otherwise. */
export function ensureProducingFlow(net: Network, operation: Operation, buffer: Buffer): void {
  const has = (o: Operation): boolean =>
    o.flows.some((f) => f.item === buffer.item && f.buffer.location === buffer.location);
  if (['routing', 'alternate', 'split'].includes(operation.kind) && has(operation)) return;
  if (operation.kind === 'routing') {
    if (operation.steps.some((s) => has(s.operation))) return;
    const last = operation.steps.at(-1);
    if (last !== undefined) {
      ensureProducingFlow(net, last.operation, buffer);
      return;
    }
  }
  if (operation.kind === 'alternate' || operation.kind === 'split') {
    for (const s of operation.steps) ensureProducingFlow(net, s.operation, buffer);
    return;
  }
  if (has(operation) || buffer.item === null || buffer.location === null) return;
  addFlow(operation, bufferOf(net, buffer.item, buffer.location), 1, true);
  if (buffer.item.mto) operation.mto = true;
}
