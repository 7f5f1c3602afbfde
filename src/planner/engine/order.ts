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

/** What few orders have: kept apart, as there are hundreds of thousands of orders. */
interface Rare {
  setup: string;
  setupCost: number;
  completed: number;
  reference: string;
  source: string;
  dependencies: readonly OpplanDependency[];
  consumeMaterial: boolean;
  produceMaterial: boolean;
  consumeCapacity: boolean;
  noFlowplans: boolean;
  resizing: boolean;
}

let sequence = 0;

// lists of an order are never changed in place: most are empty or have one element, and exact ones take a quarter of the
// memory of lists that were pushed to
/** The list of those that have none: one for all. Not frozen, as V8 has a kind of array for that, and code that meets both kinds is slower. */
export const NONE: readonly never[] = [];

/** Start and end of an order that is just coming into being. */
export const UNTIMED = 0;

/** Of the orders that have nothing of it: one for all, never changed. */
const USUAL: Rare = {
  setup: '',
  setupCost: 0,
  completed: 0,
  reference: '',
  source: '',
  dependencies: NONE,
  consumeMaterial: true,
  produceMaterial: true,
  consumeCapacity: true,
  noFlowplans: false,
  resizing: false,
};

export class Opplan {
  readonly operation: Operation;
  readonly sequence: number = sequence++;
  start = UNTIMED;
  end = UNTIMED;
  /** End of the setup; the start when there is none. */
  setupEnd = 0;
  quantity = 0;
  status = PROPOSED;
  batch = '';
  demand: Demand | null = null;
  owner: Opplan | null = null;
  /** Steps in the order of time. */
  subs: readonly Opplan[] = NONE;
  flowplans: readonly FlowPlan[] = NONE;
  loadplans: readonly LoadPlan[] = NONE;
  /** Part of the plan rather than being tried. */
  activated = false;
  /** Its movements and loads are in the profiles. */
  placed = false;
  hasFlowLoads = false;
  private rare: Rare = USUAL;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /** Its own, to be changed. */
  private get own(): Rare {
    if (this.rare === USUAL) this.rare = { ...USUAL };
    return this.rare;
  }

  get setup(): string {
    return this.rare.setup;
  }

  set setup(value: string) {
    if (value !== this.rare.setup) this.own.setup = value;
  }

  get setupCost(): number {
    return this.rare.setupCost;
  }

  set setupCost(value: number) {
    if (value !== this.rare.setupCost) this.own.setupCost = value;
  }

  get completed(): number {
    return this.rare.completed;
  }

  set completed(value: number) {
    if (value !== this.rare.completed) this.own.completed = value;
  }

  get reference(): string {
    return this.rare.reference;
  }

  set reference(value: string) {
    if (value !== this.rare.reference) this.own.reference = value;
  }

  get source(): string {
    return this.rare.source;
  }

  set source(value: string) {
    if (value !== this.rare.source) this.own.source = value;
  }

  get dependencies(): readonly OpplanDependency[] {
    return this.rare.dependencies;
  }

  set dependencies(value: readonly OpplanDependency[]) {
    if (value !== this.rare.dependencies) this.own.dependencies = value;
  }

  get consumeMaterial(): boolean {
    return this.rare.consumeMaterial;
  }

  set consumeMaterial(value: boolean) {
    if (value !== this.rare.consumeMaterial) this.own.consumeMaterial = value;
  }

  get produceMaterial(): boolean {
    return this.rare.produceMaterial;
  }

  set produceMaterial(value: boolean) {
    if (value !== this.rare.produceMaterial) this.own.produceMaterial = value;
  }

  get consumeCapacity(): boolean {
    return this.rare.consumeCapacity;
  }

  set consumeCapacity(value: boolean) {
    if (value !== this.rare.consumeCapacity) this.own.consumeCapacity = value;
  }

  get noFlowplans(): boolean {
    return this.rare.noFlowplans;
  }

  set noFlowplans(value: boolean) {
    if (value !== this.rare.noFlowplans) this.own.noFlowplans = value;
  }

  /** Its steps are being given its size. */
  get resizing(): boolean {
    return this.rare.resizing;
  }

  set resizing(value: boolean) {
    if (value !== this.rare.resizing) this.own.resizing = value;
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
