// The planning model in memory, as one document or one import gives it. Declarations of one object are merged:
// later values win, the first type stays, lists add up, as frePPLe's reader does. Plain data, no I/O.
import { type DocumentEntity, type PlanSink, readPlanFile } from '../connector/document/reader.ts';
import type {
  Buffer,
  Calendar,
  Customer,
  Demand,
  DemandGroup,
  Item,
  ItemDistribution,
  ItemSupplier,
  Location,
  Operation,
  Operationplan,
  PlanHeader,
  Resource,
  ResourceSkill,
  SetupMatrix,
  Skill,
  Supplier,
} from './model.ts';

export interface PlanModel {
  header: PlanHeader;
  calendars: Map<string, Calendar>;
  locations: Map<string, Location>;
  customers: Map<string, Customer>;
  suppliers: Map<string, Supplier>;
  skills: Map<string, Skill>;
  resources: Map<string, Resource>;
  resourceskills: ResourceSkill[];
  setupmatrices: Map<string, SetupMatrix>;
  items: Map<string, Item>;
  itemsuppliers: ItemSupplier[];
  itemdistributions: ItemDistribution[];
  /** All operations, steps too; a step of another operation is the same object there. */
  operations: Map<string, Operation>;
  demands: Map<string, Demand>;
  demandgroups: Map<string, DemandGroup>;
  buffers: Map<string, Buffer>;
  operationplans: Operationplan[];
}

export function emptyPlanModel(): PlanModel {
  return {
    header: {},
    calendars: new Map(),
    locations: new Map(),
    customers: new Map(),
    suppliers: new Map(),
    skills: new Map(),
    resources: new Map(),
    resourceskills: [],
    setupmatrices: new Map(),
    items: new Map(),
    itemsuppliers: [],
    itemdistributions: [],
    operations: new Map(),
    demands: new Map(),
    demandgroups: new Map(),
    buffers: new Map(),
    operationplans: [],
  };
}

function merge<T extends { name: string; type?: unknown }>(into: Map<string, T>, value: T): T {
  const known = into.get(value.name);
  if (known === undefined) {
    into.set(value.name, value);
    return value;
  }
  const type = known.type;
  Object.assign(known, value);
  if (type !== undefined) known.type = type;
  return known;
}

function addOperation(model: PlanModel, value: Operation): Operation {
  const steps = value.suboperations?.map((s) => ({ ...s, operation: addOperation(model, s.operation) }));
  if (steps !== undefined) value.suboperations = steps;
  const known = model.operations.get(value.name);
  if (known === undefined || known === value) {
    model.operations.set(value.name, value);
    return value;
  }
  const lists = {
    flows: joined(known.flows, value.flows),
    loads: joined(known.loads, value.loads),
    suboperations: joined(known.suboperations, value.suboperations),
    dependencies: joined(known.dependencies, value.dependencies),
  };
  merge(model.operations, value);
  Object.assign(known, lists);
  return known;
}

function joined<T>(a: T[] | undefined, b: T[] | undefined): T[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a === b ? a : [...a, ...b];
}

/** Adds one entity, merged with what the model already knows under its name. */
export function addEntity(model: PlanModel, { entity, value }: DocumentEntity): void {
  switch (entity) {
    case 'calendar': {
      const known = model.calendars.get(value.name);
      if (known !== undefined) {
        const same = (b: { start?: number; end?: number; priority?: number }): string =>
          `${b.start} ${b.end} ${b.priority}`;
        const later = new Set(value.buckets.map(same));
        value.buckets = [...known.buckets.filter((b) => !later.has(same(b))), ...value.buckets];
      }
      merge(model.calendars, value as Calendar & { type?: unknown });
      break;
    }
    case 'location':
      merge<Location & { type?: unknown }>(model.locations, value);
      break;
    case 'customer':
      merge<Customer & { type?: unknown }>(model.customers, value);
      break;
    case 'supplier':
      merge<Supplier & { type?: unknown }>(model.suppliers, value);
      break;
    case 'skill':
      merge<Skill & { type?: unknown }>(model.skills, value);
      break;
    case 'resource': {
      // one that was declared without a type is and stays of the usual one
      const known = model.resources.get(value.name);
      if (known !== undefined) known.type ??= 'resource_default';
      merge<Resource>(model.resources, value);
      break;
    }
    case 'resourceskill':
      model.resourceskills.push(value);
      break;
    case 'setupmatrix': {
      const known = model.setupmatrices.get(value.name);
      if (known !== undefined) value.rules = [...known.rules, ...value.rules];
      merge<SetupMatrix & { type?: unknown }>(model.setupmatrices, value);
      break;
    }
    case 'item':
      merge<Item>(model.items, value);
      break;
    case 'itemsupplier':
      model.itemsuppliers.push(value);
      break;
    case 'itemdistribution':
      model.itemdistributions.push(value);
      break;
    case 'operation':
      addOperation(model, value);
      break;
    case 'demandgroup':
      merge<DemandGroup & { type?: unknown }>(model.demandgroups, value);
      break;
    case 'demand':
      if (value.owner !== undefined) {
        value.owner = merge<DemandGroup & { type?: unknown }>(model.demandgroups, value.owner);
      }
      merge<Demand & { type?: unknown }>(model.demands, value);
      break;
    case 'buffer':
      merge<Buffer>(model.buffers, value);
      break;
    case 'operationplan':
      addOrder(model, value);
      break;
  }
}

/** An order that is named again is the same order: what the later declaration says is added. */
function addOrder(model: PlanModel, value: Operationplan): void {
  const last = value.reference === undefined ? undefined : orderIndex(model).get(value.reference);
  if (last === undefined) {
    model.operationplans.push(value);
    if (value.reference !== undefined) orderIndex(model).set(value.reference, value);
    return;
  }
  const loadplans = joined(last.loadplans, value.loadplans);
  const flowplans = joined(last.flowplans, value.flowplans);
  Object.assign(last, value);
  if (loadplans !== undefined) last.loadplans = loadplans;
  if (flowplans !== undefined) last.flowplans = flowplans;
}

const indexes = new WeakMap<PlanModel, Map<string, Operationplan>>();

function orderIndex(model: PlanModel): Map<string, Operationplan> {
  let index = indexes.get(model);
  if (index === undefined) {
    index = new Map();
    for (const order of model.operationplans) if (order.reference !== undefined) index.set(order.reference, order);
    indexes.set(model, index);
  }
  return index;
}

/** A sink that fills a model. */
export function modelSink(model: PlanModel): PlanSink {
  return {
    entity: (entity) => addEntity(model, entity),
    header: (header) => {
      for (const [key, value] of Object.entries(header)) {
        if (value !== undefined) Object.assign(model.header, { [key]: value });
      }
    },
  };
}

/** Reads a document from a file (`.gz` too) into a new model. Errors as `readPlanFile`. */
export async function loadPlanModel(path: string, options: { signal?: AbortSignal } = {}): Promise<PlanModel> {
  const model = emptyPlanModel();
  await readPlanFile(path, modelSink(model), options);
  return model;
}
