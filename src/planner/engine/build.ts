// From the planning model to the network the engine computes with: names become references, defaults are filled in,
// objects that are only implied (buffers, deliveries, purchases, transports) come into being.
import { INFINITE_FUTURE, INFINITE_PAST, type Calendar as ModelCalendar } from '../model.ts';
import type { PlanModel } from '../plan-document.ts';
import { buildOperations } from './build-operations.ts';
import { buildResources } from './build-resources.ts';
import { buildSupply } from './build-supply.ts';
import { compileCalendar, type StepFunction } from './calendar.ts';
import { computeLevels } from './levels.ts';
import {
  Buffer,
  Demand,
  type Item,
  type Network,
  Operation,
  type OperationKind,
  type Place,
  Resource,
} from './network.ts';
import { Profile } from './profile.ts';
import { noteShelfLives } from './shelf-life.ts';

export interface BuildOptions {
  /** Overrides what the document says. */
  current?: number;
  autofence?: number;
}

/** Calendars by name, compiled once. */
export interface Calendars {
  get(name: string | undefined): StepFunction | null;
  constant(value: number): StepFunction;
}

const DAY = 86_400;

export function buildNetwork(model: PlanModel, options: BuildOptions = {}): { net: Network; calendars: Calendars } {
  const current = options.current ?? model.header.current ?? INFINITE_PAST;
  const net: Network = {
    current,
    options: {
      autofence: options.autofence ?? model.header.autofence ?? 0,
      individualPool: model.header.individualPoolResources ?? false,
      moveApprovedEarly: model.header.moveApprovedEarly ?? 0,
      wipProduceFull: model.header.wipProduceFullQuantity ?? false,
      completedAllowFuture: model.header.completedAllowFuture ?? false,
      deliveryDuration: model.header.deliveryDuration ?? 0,
    },
    places: new Map(),
    items: new Map(),
    buffers: new Map(),
    resources: new Map(),
    operations: new Map(),
    demands: new Map(),
    groups: new Map(),
    suppliers: new Map(),
    orders: [],
    invalid: [],
    workTimes: new Map(),
    levels: 0,
    hasSetups: false,
    nextReference: 1,
  };
  const calendars = calendarTable(model, horizonStart(model, current));
  for (const l of model.locations.values()) {
    const place = placeOf(net, l.name);
    if (l.owner !== undefined) place.owner = placeOf(net, l.owner);
    place.available = calendars.get(l.available);
  }
  for (const s of model.suppliers.values()) net.suppliers.set(s.name, { name: s.name, owner: s.owner ?? null });
  for (const i of model.items.values()) {
    const item = itemOf(net, i.name);
    item.mto = i.type === 'item_mto';
    item.cost = i.cost ?? 0;
    if (i.shelflife !== undefined && i.shelflife > 0) item.shelfLife = i.shelflife;
    if (i.owner !== undefined) item.owner = itemOf(net, i.owner);
  }
  for (const o of model.operationplans) {
    if (o.expiry !== undefined && o.item !== undefined) itemOf(net, o.item).shelfLife ??= Infinity;
  }
  buildResources(net, model, calendars);
  declareBuffers(net, model, calendars);
  buildOperations(net, model, calendars);
  buildDemands(net, model);
  buildSupply(net, model);
  computeLevels(net);
  noteShelfLives(net);
  return { net, calendars };
}

/** No order starts earlier than this. */
function horizonStart(model: PlanModel, current: number): number {
  let first = current;
  for (const o of model.operationplans) {
    for (const t of [o.start, o.end]) if (t !== undefined && t > INFINITE_PAST && t < first) first = t;
  }
  for (const d of model.demands.values()) {
    if (d.status !== 'closed' && d.status !== 'canceled' && d.due < first && d.due > INFINITE_PAST) first = d.due;
  }
  return Math.floor(Math.max(first - 2 * 365 * DAY, INFINITE_PAST) / DAY) * DAY;
}

function calendarTable(model: PlanModel, start: number): Calendars {
  const compiled = new Map<string, StepFunction>();
  let ids = 0;
  return {
    get(name) {
      if (name === undefined) return null;
      let step = compiled.get(name);
      if (step === undefined) {
        const calendar: ModelCalendar = model.calendars.get(name) ?? { name, buckets: [] };
        step = compileCalendar(calendar, ++ids, start);
        compiled.set(name, step);
      }
      return step;
    },
    constant: (value) => ({ id: ++ids, dates: [INFINITE_PAST], values: [value] }),
  };
}

export function placeOf(net: Network, name: string): Place {
  let place = net.places.get(name);
  if (place === undefined) {
    place = { name, owner: null, available: null };
    net.places.set(name, place);
  }
  return place;
}

export function itemOf(net: Network, name: string): Item {
  let item = net.items.get(name);
  if (item === undefined) {
    item = { name, owner: null, mto: false, cost: 0, shelfLife: null, buffers: [], operations: [] };
    net.items.set(name, item);
  }
  return item;
}

export function resourceOf(net: Network, name: string): Resource {
  let resource = net.resources.get(name);
  if (resource === undefined) {
    resource = new Resource(net.resources.size, name);
    // one unit, until a declaration says otherwise
    resource.maximum = { id: -1, dates: [INFINITE_PAST], values: [1] };
    resource.free.insert(INFINITE_PAST, 1);
    net.resources.set(name, resource);
  }
  return resource;
}

export function newOperation(net: Network, name: string, kind: OperationKind): Operation {
  const operation = new Operation(net.operations.size, name, kind);
  operation.effectiveStart = INFINITE_PAST;
  operation.effectiveEnd = INFINITE_FUTURE;
  net.operations.set(name, operation);
  return operation;
}

/** The buffer of an item at a place: the generic one, or that of a batch when the item is made to order. */
export function bufferOf(net: Network, item: Item, place: Place, batch = ''): Buffer {
  const own = item.mto ? batch : '';
  let generic: Buffer | null = null;
  for (const b of item.buffers) {
    if (b.location !== place) continue;
    if (b.batch === own) return b;
    if (b.batch === '') generic = b;
  }
  let name = own === '' ? `${item.name} @ ${place.name}` : `${item.name} @ ${own} @ ${place.name}`;
  while (net.buffers.has(name)) name += '*';
  const buffer = new Buffer(net.buffers.size, name, item, place, own);
  if (generic !== null) {
    buffer.level = generic.level;
    buffer.infinite = generic.infinite;
    buffer.hasTransferBatch = generic.hasTransferBatch;
  }
  item.buffers.push(buffer);
  net.buffers.set(name, buffer);
  return buffer;
}

/** The buffer that a document names, which may be implied by its name `item @ location` or `item @ batch @ location`. */
export function bufferNamed(net: Network, name: string): Buffer | null {
  const known = net.buffers.get(name);
  if (known !== undefined) return known;
  const parts = name.split(' @ ');
  for (let i = 1; i < parts.length; i++) {
    const item = net.items.get(parts.slice(0, i).join(' @ '));
    const place = net.places.get(parts.slice(i).join(' @ '));
    if (item !== undefined && place !== undefined) return bufferOf(net, item, place);
    const inner = net.places.get(parts.slice(i + 1).join(' @ '));
    if (item !== undefined && inner !== undefined) return bufferOf(net, item, inner, parts[i] ?? '');
  }
  return null;
}

/** A buffer without item is an item of its own, which only it holds. */
export function anonymousBuffer(net: Network, name: string): Buffer {
  const item: Item = { name: '', owner: null, mto: false, cost: 0, shelfLife: null, buffers: [], operations: [] };
  const buffer = new Buffer(net.buffers.size, name, item, null, '');
  item.buffers.push(buffer);
  net.buffers.set(name, buffer);
  return buffer;
}

function declareBuffers(net: Network, model: PlanModel, calendars: Calendars): void {
  for (const b of model.buffers.values()) {
    const parts = b.name.split(' @ ');
    const item = b.item !== undefined ? itemOf(net, b.item) : parts.length > 1 ? itemOf(net, parts[0] ?? '') : null;
    const place =
      b.location !== undefined ? placeOf(net, b.location) : parts.length > 1 ? placeOf(net, parts.at(-1) ?? '') : null;
    let buffer: Buffer;
    const existing =
      item === null || place === null
        ? undefined
        : item.buffers.find((x) => x.location === place && x.batch === (b.batch ?? ''));
    if (existing !== undefined) buffer = existing;
    else {
      buffer =
        item === null ? anonymousBuffer(net, b.name) : new Buffer(net.buffers.size, b.name, item, place, b.batch ?? '');
      net.buffers.set(b.name, buffer);
      item?.buffers.push(buffer);
    }
    buffer.infinite = b.type === 'buffer_infinite';
    buffer.onhand = b.onhand ?? 0;
    const minimum = calendars.get(b.minimumCalendar) ?? fromNow(calendars, net.current, b.minimum ?? 0);
    const maximum = calendars.get(b.maximumCalendar) ?? fromNow(calendars, net.current, b.maximum ?? 0);
    buffer.minimum = atLeastZero(minimum);
    buffer.maximum = maximum;
    if (buffer.minimum !== null) {
      if (buffer.shelf === null) buffer.net = new Profile();
      let before = 0;
      buffer.minimum.dates.forEach((date, i) => {
        const value = buffer.minimum?.values[i] as number;
        if (value !== before) {
          buffer.stock.insert(date, 0);
          buffer.net.insert(date, before - value);
        }
        before = value;
      });
    }
  }
}

/** Stock targets without a calendar hold from the current date on. */
function fromNow(calendars: Calendars, current: number, value: number): StepFunction | null {
  if (!(value > 0)) return null;
  const step = calendars.constant(0);
  return { id: step.id, dates: [INFINITE_PAST, current], values: [0, value] };
}

function atLeastZero(step: StepFunction | null): StepFunction | null {
  if (step === null || step.values.every((v) => v <= 0)) return null;
  const dates: number[] = [];
  const values: number[] = [];
  step.dates.forEach((date, i) => {
    const value = Math.max(step.values[i] as number, 0);
    if (values.length === 0 || values[values.length - 1] !== value) {
      dates.push(date);
      values.push(value);
    }
  });
  return { id: step.id, dates, values };
}

function buildDemands(net: Network, model: PlanModel): void {
  for (const g of model.demandgroups.values()) {
    net.groups.set(g.name, {
      name: g.name,
      policy: g.policy ?? 'independent',
      status: g.status ?? 'open',
      members: [],
    });
  }
  const onlyPlace = net.places.size === 1 ? ([...net.places.values()][0] ?? null) : null;
  const delivered = new Set(model.operationplans.map((o) => o.demand));
  for (const d of model.demands.values()) {
    // history is not planned; there can be far more of it than there are open demands
    if ((d.status === 'closed' || d.status === 'canceled') && !delivered.has(d.name)) continue;
    const item = d.item === undefined ? null : itemOf(net, d.item);
    const place = d.location === undefined ? onlyPlace : placeOf(net, d.location);
    const demand = new Demand(d.name, item, place);
    demand.quantity = d.quantity ?? 0;
    demand.due = d.due ?? INFINITE_FUTURE;
    demand.priority = d.priority ?? 0;
    demand.status = d.status ?? 'open';
    demand.minShipment =
      d.minshipment === undefined || d.minshipment < 0 ? Math.floor(demand.quantity / 10) : d.minshipment;
    demand.maxLateness = d.maxlateness ?? 5 * 365 * DAY;
    demand.batch = d.batch ?? '';
    if (d.operation !== undefined)
      demand.operation = net.operations.get(d.operation) ?? newOperation(net, d.operation, 'fixed');
    net.demands.set(d.name, demand);
    const group = d.owner === undefined ? undefined : net.groups.get(d.owner.name);
    if (group !== undefined) {
      demand.group = group;
      group.members.push(demand);
    }
  }
}

/** The operation that delivers a demand; made when the demand names none. Null when it cannot be known. */
export function deliveryOperation(net: Network, demand: Demand): Operation | null {
  if (demand.operation !== undefined) return demand.operation;
  demand.operation = null;
  if (demand.item === null || demand.location === null) return null;
  const buffer = bufferOf(net, demand.item, demand.location);
  const name = `Ship ${buffer.name}`;
  let operation = net.operations.get(name);
  if (operation === undefined) {
    operation = newOperation(net, name, 'delivery');
    operation.hidden = true;
    operation.sizeMinimum = 0;
    operation.duration = net.options.deliveryDuration;
    operation.location = demand.location;
    addFlow(operation, buffer, -1, false);
    operation.mto = demand.item.mto;
  }
  demand.operation = operation;
  return operation;
}

/** Adds a plain flow of an operation: at its start, or at its end. */
export function addFlow(operation: Operation, buffer: Buffer, quantity: number, atEnd: boolean): void {
  if (buffer.item === null) return;
  const flow = {
    operation,
    item: buffer.item,
    buffer,
    atEnd,
    quantity,
    fixed: 0,
    offset: 0,
    transferBatch: 0,
    isTransfer: false,
    priority: 1,
    name: '',
    start: INFINITE_PAST,
    end: INFINITE_FUTURE,
  };
  operation.flows.push(flow);
  buffer.flows.push(flow);
}
