// Each planning entity as frePPLe's documents have it (connector.md 2.23, golden XSD 9.18): written once, for XML and JSON alike.
import type {
  Buffer,
  Calendar,
  Customer,
  Demand,
  Flow,
  Item,
  ItemDistribution,
  ItemSupplier,
  Load,
  Location,
  Operation,
  Operationplan,
  Property,
  Resource,
  ResourceSkill,
  Skill,
  Supplier,
} from '../../planner/model.ts';
import { type Emitter, formatDate, formatNumber } from './emitter.ts';

function properties(out: Emitter, values: readonly Property[] | undefined): void {
  for (const property of values ?? []) {
    const { kind, name, value } = property;
    const text = kind === 'date' ? formatDate(value) : kind === 'double' ? formatNumber(value) : String(value);
    out.property(`${kind}property`, name, text);
  }
}

interface Named {
  name: string;
  description?: string;
  category?: string;
  subcategory?: string;
  source?: string;
}

function names(out: Emitter, value: Named): void {
  out.text('name', value.name);
  out.text('description', value.description);
  out.text('category', value.category);
  out.text('subcategory', value.subcategory);
  out.text('source', value.source);
}

export function writeCalendar(out: Emitter, value: Calendar): void {
  out.start('calendar');
  out.text('name', value.name);
  out.number('default', value.default);
  properties(out, value.properties);
  out.list('buckets');
  for (const bucket of value.buckets) {
    out.start('bucket');
    out.date('start', bucket.start);
    out.date('end', bucket.end);
    out.number('value', bucket.value);
    out.number('days', bucket.days);
    out.number('priority', bucket.priority);
    out.duration('starttime', bucket.starttime);
    out.duration('endtime', bucket.endtime);
    out.end('bucket');
  }
  out.endList('buckets');
  out.end('calendar');
}

export function writeLocation(out: Emitter, value: Location): void {
  out.start('location');
  names(out, value);
  properties(out, value.properties);
  out.reference('available', value.available);
  out.reference('owner', value.owner);
  out.end('location');
}

export function writePartner(out: Emitter, tag: 'customer' | 'supplier', value: Customer | Supplier): void {
  out.start(tag);
  names(out, value);
  properties(out, value.properties);
  out.reference('owner', value.owner);
  out.end(tag);
}

export function writeSkill(out: Emitter, value: Skill): void {
  out.start('skill');
  out.text('name', value.name);
  out.end('skill');
}

export function writeResourceSkill(out: Emitter, value: ResourceSkill): void {
  out.start('skill');
  out.text('name', value.skill);
  out.list('resourceskills');
  out.start('resourceskill');
  out.number('priority', value.priority);
  out.date('effective_start', value.effectiveStart);
  out.date('effective_end', value.effectiveEnd);
  out.reference('resource', value.resource);
  out.end('resourceskill');
  out.endList('resourceskills');
  out.end('skill');
}

export function writeResource(out: Emitter, value: Resource): void {
  out.start('resource');
  out.type(value.type === 'resource_default' ? undefined : value.type);
  names(out, value);
  out.number('maximum', value.maximum);
  out.number('efficiency', value.efficiency);
  out.number('cost', value.cost);
  out.duration('maxearly', value.maxearly);
  out.boolean('constrained', value.constrained);
  out.boolean('tool', value.tool);
  out.text('setup', value.setup);
  out.text('setupmatrix', value.setupmatrix);
  properties(out, value.properties);
  out.reference('location', value.location);
  out.reference('owner', value.owner);
  out.reference('available', value.available);
  out.reference('maximum_calendar', value.maximumCalendar);
  out.reference('efficiency_calendar', value.efficiencyCalendar);
  out.end('resource');
}

/** Opens an item; its suppliers and distributions follow, then endItem. */
export function startItem(out: Emitter, value: Item): void {
  out.start('item');
  out.type(value.type === 'item_mts' ? undefined : value.type);
  names(out, value);
  out.text('uom', value.uom);
  out.number('volume', value.volume);
  out.number('weight', value.weight);
  out.number('cost', value.cost);
  out.duration('shelflife', value.shelflife);
  properties(out, value.properties);
  out.reference('owner', value.owner);
}

function supply(out: Emitter, value: ItemSupplier | ItemDistribution): void {
  out.duration('leadtime', value.leadtime);
  out.number('priority', value.priority);
  out.duration('batchwindow', value.batchwindow);
  out.number('size_minimum', value.sizeMinimum);
  out.number('size_multiple', value.sizeMultiple);
  out.number('size_maximum', value.sizeMaximum);
  out.number('cost', value.cost);
  out.date('effective_start', value.effectiveStart);
  out.date('effective_end', value.effectiveEnd);
  out.number('resource_qty', value.resourceQty);
  out.duration('fence', value.fence);
}

export function writeItemSupplier(out: Emitter, value: ItemSupplier): void {
  out.start('itemsupplier');
  supply(out, value);
  out.duration('extra_safety_leadtime', value.extraSafetyLeadtime);
  out.duration('hard_safety_leadtime', value.hardSafetyLeadtime);
  properties(out, value.properties);
  out.reference('supplier', value.supplier);
  out.reference('location', value.location);
  out.end('itemsupplier');
}

/** @param alone whether it stands in a list of its own instead of its item's */
export function writeItemDistribution(out: Emitter, value: ItemDistribution, alone: boolean): void {
  out.start('itemdistribution');
  supply(out, value);
  properties(out, value.properties);
  if (alone) out.reference('item', value.item);
  out.reference('origin', value.origin);
  out.reference('destination', value.destination);
  out.end('itemdistribution');
}

function writeFlow(out: Emitter, value: Flow): void {
  out.start('flow');
  out.type(value.type);
  out.number('quantity', value.quantity);
  out.number('quantity_fixed', value.quantityFixed);
  out.duration('offset', value.offset);
  out.number('priority', value.priority);
  out.text('name', value.name);
  out.date('effective_start', value.effectiveStart);
  out.date('effective_end', value.effectiveEnd);
  properties(out, value.properties);
  out.reference('item', value.item);
  out.end('flow');
}

function writeLoad(out: Emitter, value: Load): void {
  out.start('load');
  out.number('quantity', value.quantity);
  out.number('quantity_fixed', value.quantityFixed);
  out.number('priority', value.priority);
  out.text('name', value.name);
  out.text('search', value.search);
  out.text('setup', value.setup);
  out.date('effective_start', value.effectiveStart);
  out.date('effective_end', value.effectiveEnd);
  properties(out, value.properties);
  out.reference('resource', value.resource);
  out.reference('skill', value.skill);
  out.end('load');
}

export function writeOperation(out: Emitter, value: Operation): void {
  out.start('operation');
  out.type(value.type);
  names(out, value);
  out.number('priority', value.priority);
  out.duration('duration', value.duration);
  out.duration('duration_per', value.durationPer);
  out.duration('posttime', value.posttime);
  out.duration('fence', value.fence);
  out.duration('batchwindow', value.batchwindow);
  out.number('size_minimum', value.sizeMinimum);
  out.number('size_multiple', value.sizeMultiple);
  out.number('size_maximum', value.sizeMaximum);
  out.number('cost', value.cost);
  out.text('search', value.search);
  out.date('effective_start', value.effectiveStart);
  out.date('effective_end', value.effectiveEnd);
  properties(out, value.properties);
  out.reference('item', value.item);
  out.reference('location', value.location);
  if (value.flows && value.flows.length > 0) {
    out.list('flows');
    for (const flow of value.flows) writeFlow(out, flow);
    out.endList('flows');
  }
  if (value.loads && value.loads.length > 0) {
    out.list('loads');
    for (const load of value.loads) writeLoad(out, load);
    out.endList('loads');
  }
  if (value.dependencies && value.dependencies.length > 0) {
    out.list('dependencies');
    for (const dependency of value.dependencies) {
      out.start('dependency');
      out.reference('blockedby', dependency.blockedby);
      out.end('dependency');
    }
    out.endList('dependencies');
  }
  if (value.suboperations && value.suboperations.length > 0) {
    out.list('suboperations');
    for (const step of value.suboperations) {
      out.start('suboperation');
      writeOperation(out, step.operation);
      out.end('suboperation');
    }
    out.endList('suboperations');
  }
  out.end('operation');
}

export function writeDemand(out: Emitter, value: Demand): void {
  out.start('demand');
  names(out, value);
  out.text('batch', value.batch);
  out.number('quantity', value.quantity);
  out.date('due', value.due);
  out.number('priority', value.priority);
  out.number('minshipment', value.minshipment);
  out.duration('maxlateness', value.maxlateness);
  out.text('status', value.status);
  properties(out, value.properties);
  out.reference('item', value.item);
  out.reference('customer', value.customer);
  out.reference('location', value.location);
  if (value.owner) {
    out.start('owner');
    out.type('demand_group');
    out.text('name', value.owner.name);
    out.text('policy', value.owner.policy);
    out.end('owner');
  }
  out.end('demand');
}

export function writeBuffer(out: Emitter, value: Buffer): void {
  out.start('buffer');
  names(out, value);
  out.text('batch', value.batch);
  out.number('onhand', value.onhand);
  out.number('minimum', value.minimum);
  out.number('maximum', value.maximum);
  properties(out, value.properties);
  out.reference('item', value.item);
  out.reference('location', value.location);
  out.reference('minimum_calendar', value.minimumCalendar);
  out.reference('maximum_calendar', value.maximumCalendar);
  out.end('buffer');
}

export function writeOperationplan(out: Emitter, value: Operationplan): void {
  out.start('operationplan');
  out.text('reference', value.reference);
  out.text('batch', value.batch);
  out.text('ordertype', value.ordertype);
  out.date('start', value.start);
  out.date('end', value.end);
  out.number('quantity', value.quantity);
  out.number('quantity_completed', value.quantityCompleted);
  out.text('status', value.status);
  out.text('remark', value.remark);
  out.boolean('consume_material', value.consumeMaterial);
  // Not in frePPLe's schema, but read by its shelf-life app.
  out.date('expiry', value.expiry);
  properties(out, value.properties);
  if (typeof value.operation === 'string') out.reference('operation', value.operation);
  else if (value.operation) writeOperation(out, value.operation);
  out.reference('owner', value.owner, 'reference');
  out.reference('item', value.item);
  out.reference('origin', value.origin);
  out.reference('location', value.location);
  out.reference('supplier', value.supplier);
  if (value.loadplans && value.loadplans.length > 0) {
    out.list('loadplans');
    for (const loadplan of value.loadplans) {
      out.start('loadplan');
      out.number('quantity', loadplan.quantity);
      out.reference('resource', loadplan.resource);
      out.end('loadplan');
    }
    out.endList('loadplans');
  }
  out.end('operationplan');
}
