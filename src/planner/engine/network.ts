// What the engine computes with: the model's objects linked by reference instead of by name, and the orders of the plan.
// State lives here and in the profiles; the rules live in the other modules.
import type { DemandPolicy, DemandStatus, SearchMode } from '../model.ts';
import { type StepFunction, valueAt } from './calendar.ts';
import { type FlowPlan, type LoadPlan, NONE, type Opplan } from './order.ts';
import { Profile } from './profile.ts';
import { Shelf } from './shelf-life.ts';
import type { WorkTime } from './worktime.ts';

export interface Place {
  readonly name: string;
  owner: Place | null;
  available: StepFunction | null;
}

export interface Item {
  readonly name: string;
  owner: Item | null;
  mto: boolean;
  cost: number;
  /** Seconds; Infinity: only lots with a date expire; null: it keeps. */
  shelfLife: number | null;
  /** Make-to-order buffers and the generic one of each location. */
  buffers: Buffer[];
  /** Operations that say they make it, the last declared first. */
  operations: Operation[];
}

export class Buffer {
  readonly id: number;
  readonly name: string;
  readonly item: Item | null;
  readonly location: Place | null;
  readonly batch: string;
  infinite = false;
  /** undefined: not determined yet; null: nothing replenishes it. */
  producing: Operation | null | undefined = undefined;
  flows: Flow[] = [];
  /** Stock on hand over time. */
  readonly stock: Profile;
  /** Stock less the minimum that applies; the same profile when there is no minimum. */
  net: Profile;
  /** Of what expires; null for all else. */
  readonly shelf: Shelf | null;
  minimum: StepFunction | null = null;
  maximum: StepFunction | null = null;
  onhand = 0;
  level = -1;
  readonly flowplans: FlowPlan[] = [];
  /** What orders that are still being tried bring in. */
  readonly pending: FlowPlan[] = [];
  /** What orders of the plan bring in. */
  readonly receipts = new Profile();
  /** All that was ever produced, to tell stock used from supply made. */
  produced = 0;
  hasTransferBatch = false;

  constructor(id: number, name: string, item: Item | null, location: Place | null, batch: string) {
    this.id = id;
    this.name = name;
    this.item = item;
    this.location = location;
    this.batch = batch;
    const life = item?.shelfLife ?? null;
    this.shelf = life === null ? null : new Shelf(this, life);
    this.stock = this.shelf?.stock ?? new Profile();
    this.net = this.shelf?.net ?? this.stock;
  }

  minimumAt(t: number): number {
    return this.minimum === null ? 0 : valueAt(this.minimum, t);
  }

  maximumAt(t: number): number {
    return this.maximum === null ? 0 : valueAt(this.maximum, t);
  }
}

export type ResourceKind = 'default' | 'infinite' | 'buckets';

export class Resource {
  readonly id: number;
  readonly name: string;
  kind: ResourceKind = 'default';
  owner: Resource | null = null;
  readonly members: Resource[] = [];
  location: Place | null = null;
  available: StepFunction | null = null;
  efficiency = 100;
  efficiencyCalendar: StepFunction | null = null;
  cost = 0;
  maxEarly = 100 * 86_400;
  constrained = true;
  tool = false;
  toolPerPiece = false;
  /** Largest load over time. */
  maximum: StepFunction | null = null;
  /** Capacity that is left over time. */
  readonly free = new Profile();
  /** Capacity and use of each bucket, for the bucketized kind. */
  buckets: { starts: Float64Array; capacity: Float64Array; used: Float64Array } | null = null;
  setup = '';
  setupMatrix: SetupMatrix | null = null;
  /** What the resource is set up for over time: setups of planned orders by their end. */
  readonly setups: { date: number; setup: string; opplan: Opplan | null }[] = [];
  readonly skills: { skill: string; priority: number; start: number; end: number }[] = [];
  readonly loadplans: LoadPlan[] = [];
  readonly pending: LoadPlan[] = [];
  /** A mark that changes whenever its load does. */
  version = 0;

  constructor(id: number, name: string) {
    this.id = id;
    this.name = name;
  }

  efficiencyAt(t: number): number {
    return this.efficiencyCalendar === null ? this.efficiency : valueAt(this.efficiencyCalendar, t);
  }

  get isGroup(): boolean {
    return this.members.length > 0;
  }

  top(): Resource {
    let r: Resource = this;
    while (r.owner !== null) r = r.owner;
    return r;
  }

  isMemberOf(group: Resource): boolean {
    for (let r: Resource | null = this; r !== null; r = r.owner) if (r === group) return true;
    return false;
  }
}

export interface SetupMatrix {
  readonly name: string;
  readonly rules: { match: RegExp; duration: number; cost: number; resource: Resource | null }[];
  readonly known: Map<string, { duration: number; cost: number } | null>;
}

export interface Flow {
  readonly operation: Operation;
  readonly item: Item;
  readonly buffer: Buffer;
  atEnd: boolean;
  quantity: number;
  fixed: number;
  offset: number;
  transferBatch: number;
  isTransfer: boolean;
  priority: number;
  name: string;
  start: number;
  end: number;
}

export type LoadKind = 'default' | 'percentage' | 'from_start' | 'from_end';

export interface Load {
  readonly operation: Operation;
  readonly resource: Resource;
  kind: LoadKind;
  quantity: number;
  fixed: number;
  skill: string;
  priority: number;
  name: string;
  search: SearchMode;
  setup: string;
  offset: number;
  start: number;
  end: number;
}

export interface Step {
  readonly operation: Operation;
  priority: number;
  start: number;
  end: number;
}

export interface Dependency {
  readonly operation: Operation;
  readonly blockedBy: Operation;
  quantity: number;
  safety: number;
  hardSafety: number;
}

export type OperationKind =
  | 'fixed'
  | 'timeper'
  | 'routing'
  | 'alternate'
  | 'split'
  | 'delivery'
  | 'purchase'
  | 'distribution'
  | 'inventory';

export class Operation {
  readonly id: number;
  readonly name: string;
  kind: OperationKind;
  category = '';
  item: Item | null = null;
  location: Place | null = null;
  owner: Operation | null = null;
  priority = 1;
  duration = 0;
  durationPer = 0;
  posttime = 0;
  hardPosttime = false;
  fence = 0;
  batchwindow = 0;
  /** Seconds for which what it makes can be used. */
  keeps = Infinity;
  sizeMinimum = 1;
  sizeMinimumCalendar: StepFunction | null = null;
  sizeMultiple = 0;
  sizeMaximum = Infinity;
  cost = 0;
  search: SearchMode = 'PRIORITY';
  effectiveStart = 0;
  effectiveEnd = 0;
  available: StepFunction | null = null;
  noLocationCalendar = false;
  hidden = false;
  mto = false;
  level = -1;
  flows: Flow[] = [];
  loads: Load[] = [];
  steps: Step[] = [];
  readonly dependencies: Dependency[] = [];
  /** Orders of the plan, not those being tried. */
  readonly opplans = new Set<Opplan>();
  /** Orders of the plan by the moment they begin, where orders can be merged. */
  byStart: Map<number, Opplan | readonly Opplan[]> | null = null;
  mergeable: boolean | undefined = undefined;
  /** Its loads leave no choice of resources. */
  certainLoads: boolean | undefined = undefined;
  /** Origin buffer of a distribution, destination of a purchase or distribution. */
  supplierName = '';
  source: object | null = null;
  /** Working time by the resources that are used. */
  workTimes: Map<number | string, WorkTime | undefined> | null = null;
  /** The one that was asked for first; most have no other. */
  workTimeKey: number | string | null = null;
  workTime: WorkTime | undefined = undefined;

  constructor(id: number, name: string, kind: OperationKind) {
    this.id = id;
    this.name = name;
    this.kind = kind;
  }

  /** A step of a routing: the routing decides about sizes. */
  get inRouting(): boolean {
    return this.owner !== null && this.owner.kind === 'routing';
  }

  /** A number identifying kinds that take a time of their own. */
  get isTimed(): boolean {
    return this.steps.length === 0 && this.kind !== 'routing' && this.kind !== 'alternate' && this.kind !== 'split';
  }
}

export interface DemandGroup {
  readonly name: string;
  policy: DemandPolicy;
  status: DemandStatus;
  readonly members: Demand[];
}

/** Why a demand is late or short. */
export interface Constraint {
  kind: 'leadtime' | 'capacity' | 'material' | 'await' | 'overdue' | 'sync' | 'invalid';
  owner: Operation | Resource | Buffer | Demand | null;
  operation: Operation | null;
  text: string;
  start: number;
  end: number;
  /** Kept when a full answer makes the other reasons void. */
  keep: boolean;
}

export class Demand {
  readonly name: string;
  readonly item: Item | null;
  location: Place | null;
  quantity = 0;
  due = 0;
  priority = 0;
  status: DemandStatus = 'open';
  minShipment = 0;
  maxLateness = 5 * 365 * 86_400;
  batch = '';
  operation: Operation | null | undefined = undefined;
  group: DemandGroup | null = null;
  deliveries: readonly Opplan[] = NONE;
  readonly constraints: Constraint[] = [];

  constructor(name: string, item: Item | null, location: Place | null) {
    this.name = name;
    this.item = item;
    this.location = location;
  }

  planned(): number {
    let sum = 0;
    for (const d of this.deliveries) sum += d.quantity;
    return sum;
  }
}

/** The linked model. */
export interface Network {
  readonly current: number;
  readonly options: NetworkOptions;
  readonly places: Map<string, Place>;
  readonly items: Map<string, Item>;
  readonly buffers: Map<string, Buffer>;
  readonly resources: Map<string, Resource>;
  readonly operations: Map<string, Operation>;
  readonly demands: Map<string, Demand>;
  readonly groups: Map<string, DemandGroup>;
  readonly suppliers: Map<string, { name: string; owner: string | null }>;
  readonly orders: Opplan[];
  readonly invalid: { text: string; start: number; end: number; owner: object }[];
  /** Working time by the calendars that apply. */
  readonly workTimes: Map<string, WorkTime | undefined>;
  levels: number;
  hasSetups: boolean;
  nextReference: number;
}

export interface NetworkOptions {
  autofence: number;
  individualPool: boolean;
  moveApprovedEarly: number;
  wipProduceFull: boolean;
  completedAllowFuture: boolean;
  deliveryDuration: number;
}

/** Lists that are complete give up the room that V8 keeps for more: sixteen places each. */
export function trimLists(net: Network): void {
  for (const o of net.operations.values()) {
    o.flows = o.flows.slice();
    o.loads = o.loads.slice();
    o.steps = o.steps.slice();
  }
  for (const b of net.buffers.values()) b.flows = b.flows.slice();
  for (const i of net.items.values()) {
    i.buffers = i.buffers.slice();
    i.operations = i.operations.slice();
  }
}

/** Order of names that does not depend on a locale. */
export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
