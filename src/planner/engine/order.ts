// Orders of the plan, with the stock they move and the capacity they take.
import type { OperationplanStatus } from '../model.ts';
import type { Buffer, Demand, Dependency, Flow, Load, Operation, Resource } from './network.ts';

export const PROPOSED = 0;
export const APPROVED = 1;
export const CONFIRMED = 2;
export const COMPLETED = 3;
export const CLOSED = 4;
export const STATUS_NAMES: readonly OperationplanStatus[] = [
  'proposed',
  'approved',
  'confirmed',
  'completed',
  'closed',
];

/** A movement of stock by an order. */
export class FlowPlan {
  readonly opplan: Opplan;
  flow: Flow;
  buffer: Buffer;
  date = 0;
  quantity = 0;
  /** Taken as given, whatever the order's size. */
  confirmed = false;
  /** Second and later batches of a transfer batch flow. */
  following = false;
  slot = -1;

  constructor(opplan: Opplan, flow: Flow, buffer: Buffer) {
    this.opplan = opplan;
    this.flow = flow;
    this.buffer = buffer;
  }
}

/** Capacity of a resource that an order takes. */
export class LoadPlan {
  readonly opplan: Opplan;
  load: Load | null;
  resource: Resource;
  start = 0;
  end = 0;
  quantity = 0;
  confirmed = false;
  slot = -1;

  constructor(opplan: Opplan, load: Load | null, resource: Resource) {
    this.opplan = opplan;
    this.load = load;
    this.resource = resource;
  }
}

/** First order, and the order that has to wait for it. */
export interface OpplanDependency {
  readonly first: Opplan;
  readonly second: Opplan;
  readonly dependency: Dependency | null;
}

let sequence = 0;

// lists of an order are never changed in place: most are empty or have one element, and exact ones take a quarter of the
// memory of lists that were pushed to
/** The list of those that have none: one for all. Not frozen, as V8 has a kind of array for that, and code that meets both kinds is slower. */
export const NONE: readonly never[] = [];

/** Start and end of an order that is just coming into being. */
export const UNTIMED = 0;

export class Opplan {
  readonly operation: Operation;
  readonly sequence: number = sequence++;
  start = UNTIMED;
  end = UNTIMED;
  /** End of the setup; the start when there is none. */
  setupEnd = 0;
  setup = '';
  setupCost = 0;
  quantity = 0;
  completed = 0;
  status = PROPOSED;
  reference = '';
  batch = '';
  demand: Demand | null = null;
  owner: Opplan | null = null;
  /** Steps in the order of time. */
  subs: readonly Opplan[] = NONE;
  flowplans: readonly FlowPlan[] = NONE;
  loadplans: readonly LoadPlan[] = NONE;
  dependencies: readonly OpplanDependency[] = NONE;
  consumeMaterial = true;
  produceMaterial = true;
  consumeCapacity = true;
  /** Part of the plan rather than being tried. */
  activated = false;
  /** Its movements and loads are in the profiles. */
  placed = false;
  hasFlowLoads = false;
  noFlowplans = false;
  /** Its steps are being given its size. */
  resizing = false;
  source = '';

  constructor(operation: Operation) {
    this.operation = operation;
  }

  get proposed(): boolean {
    return this.status === PROPOSED;
  }

  get approved(): boolean {
    return this.status === APPROVED;
  }

  /** Dates and quantity are not the engine's to change. */
  get locked(): boolean {
    return this.status >= CONFIRMED;
  }

  top(): Opplan {
    let o: Opplan = this;
    while (o.owner !== null) o = o.owner;
    return o;
  }
}

/** A list with one more element, in an array of exactly that size. */
export function withLast<T>(list: readonly T[], x: T): readonly T[] {
  return list.length === 0 ? [x] : list.concat([x]);
}

/** A list without one of its elements. */
export function without<T>(list: readonly T[], x: T): readonly T[] {
  const left = list.filter((y) => y !== x);
  return left.length === 0 ? NONE : left;
}

/** Orders by their start, then larger ones, then as they came. */
export function byStart(a: Opplan, b: Opplan): number {
  return a.setupEnd - b.setupEnd || b.quantity - a.quantity || a.end - b.end || a.sequence - b.sequence;
}
