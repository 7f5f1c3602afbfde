// Operations with flows, loads, steps and dependencies, linked to buffers and resources.
import {
  INFINITE_FUTURE,
  INFINITE_PAST,
  type Flow as ModelFlow,
  type Load as ModelLoad,
  type Operation as ModelOperation,
} from '../model.ts';
import type { PlanModel } from '../plan-document.ts';
import {
  anonymousBuffer,
  bufferNamed,
  bufferOf,
  type Calendars,
  itemOf,
  newOperation,
  placeOf,
  resourceOf,
} from './build.ts';
import type { Flow, Load, LoadKind, Network, Operation, OperationKind, Place } from './network.ts';

const KINDS: Record<string, OperationKind> = {
  operation_fixed_time: 'fixed',
  operation_time_per: 'timeper',
  operation_routing: 'routing',
  operation_alternate: 'alternate',
  operation_split: 'split',
};
const LOADS: Record<string, LoadKind> = {
  load_default: 'default',
  load_bucketized_percentage: 'percentage',
  load_bucketized_from_start: 'from_start',
  load_bucketized_from_end: 'from_end',
};

export function buildOperations(net: Network, model: PlanModel, calendars: Calendars): void {
  for (const o of model.operations.values()) {
    const operation = newOperation(net, o.name, KINDS[o.type ?? ''] ?? 'fixed');
    attributes(net, operation, o, calendars);
  }
  for (const o of model.operations.values()) {
    const owner = net.operations.get(o.name) as Operation;
    for (const s of o.suboperations ?? []) {
      const operation = net.operations.get(s.operation.name);
      if (operation === undefined || operation === owner) continue;
      operation.owner = owner;
      owner.steps.push({
        operation,
        priority: s.priority ?? 1,
        start: s.effectiveStart ?? INFINITE_PAST,
        end: s.effectiveEnd ?? INFINITE_FUTURE,
      });
    }
    owner.steps.sort((a, b) => a.priority - b.priority);
  }
  for (const o of model.operations.values()) {
    const operation = net.operations.get(o.name) as Operation;
    for (const f of o.flows ?? []) flow(net, operation, f);
    for (const l of o.loads ?? []) operation.loads.push(load(net, operation, l));
    for (const d of o.dependencies ?? []) {
      const blockedBy = net.operations.get(d.blockedby);
      if (blockedBy === undefined || blockedBy === operation) continue;
      if (operation.dependencies.some((x) => x.operation === operation && x.blockedBy === blockedBy)) continue;
      const dependency = {
        operation,
        blockedBy,
        quantity: d.quantity ?? 1,
        safety: d.safetyLeadtime ?? 0,
        hardSafety: d.hardSafetyLeadtime ?? 0,
      };
      operation.dependencies.push(dependency);
      blockedBy.dependencies.push(dependency);
    }
  }
  for (const operation of net.operations.values()) {
    operation.mto = operation.flows.some((f) => f.item.mto);
    operation.item?.operations.unshift(operation);
  }
}

function attributes(net: Network, operation: Operation, o: ModelOperation, calendars: Calendars): void {
  operation.category = o.category ?? '';
  if (o.item !== undefined) operation.item = itemOf(net, o.item);
  if (o.location !== undefined) operation.location = placeOf(net, o.location);
  operation.priority = o.priority ?? 1;
  operation.duration = o.duration ?? 0;
  operation.durationPer = operation.kind === 'timeper' ? (o.durationPer ?? 0) : 0;
  operation.posttime = o.posttime ?? 0;
  operation.hardPosttime = o.hardPosttime ?? false;
  operation.fence = o.fence ?? 0;
  operation.batchwindow = o.batchwindow ?? 0;
  operation.sizeMinimum = o.sizeMinimum ?? 1;
  operation.sizeMinimumCalendar = calendars.get(o.sizeMinimumCalendar);
  operation.sizeMultiple = o.sizeMultiple ?? 0;
  operation.sizeMaximum = o.sizeMaximum ?? Infinity;
  operation.cost = o.cost ?? 0;
  operation.search = o.search ?? 'PRIORITY';
  operation.effectiveStart = o.effectiveStart ?? INFINITE_PAST;
  operation.effectiveEnd = o.effectiveEnd ?? INFINITE_FUTURE;
  operation.available = calendars.get(o.available);
  operation.noLocationCalendar = o.nolocationcalendar ?? false;
}

/** Where an operation is: its own place, or that of the operation it is a step of. */
export function placeOfOperation(operation: Operation): Place | null {
  for (let o: Operation | null = operation; o !== null; o = o.owner) if (o.location !== null) return o.location;
  return null;
}

function flow(net: Network, operation: Operation, f: ModelFlow): void {
  let buffer = f.buffer === undefined ? null : bufferNamed(net, f.buffer);
  if (buffer === null && f.item !== undefined) {
    const place = f.location === undefined ? placeOfOperation(operation) : placeOf(net, f.location);
    if (place !== null) buffer = bufferOf(net, itemOf(net, f.item), place);
  }
  if (buffer === null && f.buffer !== undefined) buffer = anonymousBuffer(net, f.buffer);
  if (buffer === null || buffer.item === null) return;
  const perOrder = f.type === 'flow_fixed_start' || f.type === 'flow_fixed_end';
  const made: Flow = {
    operation,
    item: buffer.item,
    buffer,
    atEnd: f.type === 'flow_end' || f.type === 'flow_fixed_end',
    quantity: perOrder ? 0 : (f.quantity ?? 0),
    fixed: (f.quantityFixed ?? 0) + (perOrder ? (f.quantity ?? 0) : 0),
    offset: f.offset ?? 0,
    transferBatch: f.transferbatch ?? 0,
    isTransfer: f.type === 'flow_transfer_batch',
    priority: f.priority ?? 1,
    name: f.name ?? '',
    start: f.effectiveStart ?? INFINITE_PAST,
    end: f.effectiveEnd ?? INFINITE_FUTURE,
  };
  operation.flows.push(made);
  buffer.flows.push(made);
  if (made.isTransfer) buffer.hasTransferBatch = true;
}

function load(net: Network, operation: Operation, l: ModelLoad): Load {
  return {
    operation,
    resource: resourceOf(net, l.resource),
    kind: LOADS[l.type ?? ''] ?? 'default',
    quantity: l.quantity ?? 1,
    fixed: l.quantityFixed ?? 0,
    skill: l.skill ?? '',
    priority: l.priority ?? 1,
    name: l.name ?? '',
    search: l.search ?? 'MINPENALTY',
    setup: l.setup ?? '',
    offset: l.offset ?? 0,
    start: l.effectiveStart ?? INFINITE_PAST,
    end: l.effectiveEnd ?? INFINITE_FUTURE,
  };
}

/** The flow into a buffer that applies at a moment. A buffer of a batch is fed through the generic one. */
export function findFlow(
  operation: Operation,
  buffer: { item: unknown; location: unknown; batch: string },
  t: number,
): Flow | null {
  for (const f of operation.flows) {
    if (t < f.start || t >= f.end) continue;
    if (f.buffer === buffer) return f;
    if (buffer.batch !== '' && f.item === buffer.item && f.buffer.location === buffer.location && f.buffer.batch === '')
      return f;
  }
  return null;
}

export function isProducer(f: Flow): boolean {
  return f.quantity > 0 || f.fixed > 0 || (f.quantity === 0 && f.fixed === 0);
}

export function isConsumer(f: Flow): boolean {
  return f.quantity < 0 || f.fixed < 0;
}

/** The flow of the group that an order uses unless it must choose another; null when this is it. */
export function primaryOf(f: Flow): Flow | null {
  if (f.name === '') return null;
  for (const h of f.operation.flows) {
    if (h === f && f.priority !== 0) return null;
    if (h.name === f.name && h.priority !== 0) return h;
  }
  return null;
}

export function hasAlternates(f: Flow): boolean {
  return f.name !== '' && f.operation.flows.some((h) => h !== f && h.name === f.name && h.priority !== 0);
}

/** The load of the group that an order uses unless it must choose another; null when this is it. */
export function primaryLoad(l: Load): Load | null {
  if (l.name === '') return null;
  let zero: Load | null = null;
  for (const h of l.operation.loads) {
    if (h.name !== l.name) continue;
    if (h.priority !== 0) return h === l ? null : h;
    zero ??= h;
  }
  return zero === l ? null : zero;
}

export function hasAlternateLoads(l: Load): boolean {
  return l.name !== '' && l.operation.loads.some((h) => h !== l && h.name === l.name);
}
