// The planning entities in frePPLe's terms: the one vocabulary that mapping, documents, store, engine and screens speak.
// Types only. Objects refer to each other by name, as plan documents do; an absent attribute means frePPLe's default.

/** Seconds since 1970-01-01T00:00:00 on the plan's own clock (a wall clock without zone, as plan documents carry it). */
export type PlanTime = number;

/** Seconds. */
export type Duration = number;

/** Open ends, as frePPLe writes them: 1971-01-01T00:00:00 and 2030-12-31T00:00:00. */
export const INFINITE_PAST: PlanTime = 31_536_000;
export const INFINITE_FUTURE: PlanTime = 1_924_905_600;

/** An attribute of its own that the planning model does not know; becomes a string-, double-, boolean- or dateproperty. */
export type Property =
  | { kind: 'string'; name: string; value: string }
  | { kind: 'double'; name: string; value: number }
  | { kind: 'boolean'; name: string; value: boolean }
  | { kind: 'date'; name: string; value: PlanTime };

interface Named {
  name: string;
  description?: string;
  category?: string;
  subcategory?: string;
  source?: string;
  properties?: Property[];
}

export interface CalendarBucket {
  start?: PlanTime;
  /** Exclusive. */
  end?: PlanTime;
  value: number;
  /** Bit mask: Sunday 1, Monday 2, Tuesday 4 … Saturday 64. Default 127. */
  days?: number;
  /** Lower numbers win. Default 0. */
  priority?: number;
  /** Of the day, default 0. */
  starttime?: Duration;
  /** Of the day, exclusive, default 86400. */
  endtime?: Duration;
}

export interface Calendar extends Named {
  default?: number;
  buckets: CalendarBucket[];
}

export interface Location extends Named {
  owner?: string;
  /** Calendar of working hours. */
  available?: string;
}

export interface Customer extends Named {
  owner?: string;
}

export interface Supplier extends Named {
  owner?: string;
}

export interface Skill {
  name: string;
  source?: string;
}

export interface ResourceSkill {
  skill: string;
  resource: string;
  priority?: number;
  effectiveStart?: PlanTime;
  effectiveEnd?: PlanTime;
}

export interface SetupRule {
  priority: number;
  fromsetup?: string;
  tosetup?: string;
  duration?: Duration;
  cost?: number;
  resource?: string;
}

export interface SetupMatrix {
  name: string;
  source?: string;
  rules: SetupRule[];
}

export type ResourceType = 'resource_default' | 'resource_infinite' | 'resource_buckets';

export interface Resource extends Named {
  type?: ResourceType;
  /** Pool that this resource is a member of. */
  owner?: string;
  location?: string;
  /** How many units of load it carries at a time. Default 1. */
  maximum?: number;
  maximumCalendar?: string;
  available?: string;
  /** Percent. Default 100. */
  efficiency?: number;
  efficiencyCalendar?: string;
  /** Money per hour. */
  cost?: number;
  maxearly?: Duration;
  constrained?: boolean;
  tool?: boolean;
  toolperpiece?: boolean;
  setup?: string;
  setupmatrix?: string;
}

export interface ItemSupplier {
  item: string;
  supplier: string;
  location?: string;
  leadtime?: Duration;
  priority?: number;
  sizeMinimum?: number;
  sizeMultiple?: number;
  sizeMaximum?: number;
  batchwindow?: Duration;
  extraSafetyLeadtime?: Duration;
  hardSafetyLeadtime?: Duration;
  cost?: number;
  effectiveStart?: PlanTime;
  effectiveEnd?: PlanTime;
  resource?: string;
  resourceQty?: number;
  fence?: Duration;
  properties?: Property[];
}

export interface ItemDistribution {
  item: string;
  origin: string;
  destination?: string;
  leadtime?: Duration;
  priority?: number;
  sizeMinimum?: number;
  sizeMultiple?: number;
  sizeMaximum?: number;
  batchwindow?: Duration;
  cost?: number;
  effectiveStart?: PlanTime;
  effectiveEnd?: PlanTime;
  resource?: string;
  resourceQty?: number;
  fence?: Duration;
  properties?: Property[];
}

export type ItemType = 'item_mts' | 'item_mto';

export interface Item extends Named {
  type?: ItemType;
  owner?: string;
  /** Unit in which every quantity of this item is counted. */
  uom?: string;
  /** Money per unit. */
  cost?: number;
  volume?: number;
  weight?: number;
  shelflife?: Duration;
}

export type FlowType = 'flow_start' | 'flow_end' | 'flow_fixed_start' | 'flow_fixed_end' | 'flow_transfer_batch';

export interface Flow {
  type?: FlowType;
  item?: string;
  /** Buffer by name, for documents that refer to buffers. */
  buffer?: string;
  location?: string;
  /** Per unit of the operation: negative consumes, positive produces. */
  quantity?: number;
  /** Per order, whatever its size. */
  quantityFixed?: number;
  offset?: Duration;
  transferbatch?: number;
  priority?: number;
  /** Flows of one operation with one name are alternates. */
  name?: string;
  search?: SearchMode;
  effectiveStart?: PlanTime;
  effectiveEnd?: PlanTime;
  properties?: Property[];
}

export type SearchMode = 'PRIORITY' | 'MINCOST' | 'MINPENALTY' | 'MINCOSTPENALTY';

export type LoadType =
  | 'load_default'
  | 'load_bucketized_percentage'
  | 'load_bucketized_from_start'
  | 'load_bucketized_from_end';

export interface Load {
  type?: LoadType;
  resource: string;
  quantity?: number;
  quantityFixed?: number;
  skill?: string;
  priority?: number;
  /** Loads of one operation with one name are alternates. */
  name?: string;
  search?: SearchMode;
  setup?: string;
  /** Percentage, or seconds, by the load's type. */
  offset?: number;
  effectiveStart?: PlanTime;
  effectiveEnd?: PlanTime;
  properties?: Property[];
}

export type OperationType =
  | 'operation_fixed_time'
  | 'operation_time_per'
  | 'operation_routing'
  | 'operation_alternate'
  | 'operation_split';

export interface Suboperation {
  operation: Operation;
  priority?: number;
  effectiveStart?: PlanTime;
  effectiveEnd?: PlanTime;
}

export interface OperationDependency {
  blockedby: string;
  quantity?: number;
  safetyLeadtime?: Duration;
  hardSafetyLeadtime?: Duration;
}

export interface Operation extends Named {
  type?: OperationType;
  item?: string;
  location?: string;
  priority?: number;
  /** Fixed part of the time an order takes. */
  duration?: Duration;
  /** Time per unit, in seconds, for operation_time_per. */
  durationPer?: number;
  posttime?: Duration;
  hardPosttime?: boolean;
  fence?: Duration;
  batchwindow?: Duration;
  sizeMinimum?: number;
  sizeMinimumCalendar?: string;
  sizeMultiple?: number;
  sizeMaximum?: number;
  cost?: number;
  search?: SearchMode;
  effectiveStart?: PlanTime;
  effectiveEnd?: PlanTime;
  available?: string;
  nolocationcalendar?: boolean;
  flows?: Flow[];
  loads?: Load[];
  suboperations?: Suboperation[];
  dependencies?: OperationDependency[];
}

export type DemandStatus = 'open' | 'quote' | 'inquiry' | 'closed' | 'canceled';
export type DemandPolicy = 'independent' | 'alltogether' | 'inratio';

export interface DemandGroup extends Named {
  policy?: DemandPolicy;
  status?: DemandStatus;
  priority?: number;
}

export interface Demand extends Named {
  item: string;
  location?: string;
  customer?: string;
  quantity: number;
  due: PlanTime;
  /** Lower numbers are planned first. */
  priority?: number;
  status?: DemandStatus;
  minshipment?: number;
  maxlateness?: Duration;
  batch?: string;
  /** Operation that delivers it, when not the generated one. */
  operation?: string;
  owner?: DemandGroup;
}

export interface Buffer extends Named {
  item?: string;
  location?: string;
  batch?: string;
  type?: 'buffer_default' | 'buffer_infinite';
  onhand?: number;
  minimum?: number;
  minimumCalendar?: string;
  maximum?: number;
  maximumCalendar?: string;
  producing?: string;
}

export type OrderType = 'MO' | 'PO' | 'DO' | 'WO' | 'DLVR' | 'STCK';
export type OperationplanStatus = 'proposed' | 'approved' | 'confirmed' | 'completed' | 'closed';

export interface Flowplan {
  item?: string;
  buffer?: string;
  quantity?: number;
  date?: PlanTime;
  status?: string;
}

export interface Loadplan {
  resource: string;
  quantity?: number;
  date?: PlanTime;
  status?: string;
}

/** An order or a piece of stock: existing in Odoo, or proposed by a plan. */
export interface Operationplan {
  reference?: string;
  ordertype?: OrderType;
  /** By name, or defined in place when the order has an operation of its own. */
  operation?: string | Operation;
  /** Reference of the order that this one is a step of. */
  owner?: string;
  item?: string;
  location?: string;
  origin?: string;
  supplier?: string;
  demand?: string;
  batch?: string;
  start?: PlanTime;
  end?: PlanTime;
  quantity?: number;
  quantityCompleted?: number;
  status?: OperationplanStatus;
  remark?: string;
  criticality?: number;
  consumeMaterial?: boolean;
  consumeCapacity?: boolean;
  produceMaterial?: boolean;
  /** Of a lot in stock (STCK). */
  expiry?: PlanTime;
  flowplans?: Flowplan[];
  loadplans?: Loadplan[];
  /** Resources assigned to the order, by name. */
  resources?: string[];
  /** References of the orders that it has to wait for. */
  blockedby?: string[];
  /** Flowplans are those of the document only: the plan's suppressFlowplanCreation when this order was read. */
  suppressFlowplanCreation?: boolean;
  source?: string;
  properties?: Property[];
}

/** The head of a plan document. */
export interface PlanHeader {
  name?: string;
  source?: string;
  description?: string;
  current?: PlanTime;
  suppressFlowplanCreation?: boolean;
  /** Confirmed supply that arrives within this time is waited for. */
  autofence?: Duration;
  /** Loads on a pool take single members of it. */
  individualPoolResources?: boolean;
  /** 0 never; 1 keeping the assigned resources; 2 with any resource. */
  moveApprovedEarly?: number;
  wipProduceFullQuantity?: boolean;
  completedAllowFuture?: boolean;
  deliveryDuration?: Duration;
  properties?: Property[];
}

/** One entity on its way to or from a document, a store or an engine. */
export type PlanEntity =
  | { entity: 'calendar'; value: Calendar }
  | { entity: 'location'; value: Location }
  | { entity: 'customer'; value: Customer }
  | { entity: 'supplier'; value: Supplier }
  | { entity: 'skill'; value: Skill }
  | { entity: 'resource'; value: Resource }
  | { entity: 'resourceskill'; value: ResourceSkill }
  | { entity: 'setupmatrix'; value: SetupMatrix }
  | { entity: 'item'; value: Item }
  | { entity: 'itemsupplier'; value: ItemSupplier }
  | { entity: 'itemdistribution'; value: ItemDistribution }
  | { entity: 'operation'; value: Operation }
  | { entity: 'demand'; value: Demand }
  | { entity: 'buffer'; value: Buffer }
  | { entity: 'operationplan'; value: Operationplan };
