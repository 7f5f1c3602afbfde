// From the elements of a plan document to planning entities: the objects other than operations and orders.
// An object may be written in its list or where it is referred to; both ways come out as the same entities.
import type {
  CalendarBucket,
  DemandGroup,
  DemandPolicy,
  DemandStatus,
  PlanEntity,
  ResourceType,
} from '../../planner/model.ts';
import { children, common, nameOf, properties, type ReadContext, type Reader, reference } from './reader-common.ts';
import { readFlow, readLoad, readOperation, readOrder } from './reader-operations.ts';
import {
  booleanField,
  compact,
  dateField,
  durationField,
  numberField,
  textField,
  typeField,
  type XmlNode,
} from './reader-values.ts';

const calendar: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const buckets: CalendarBucket[] = children(node, 'buckets', 'bucket').map((b) =>
    compact({
      start: dateField(b, 'start'),
      end: dateField(b, 'end'),
      value: numberField(b, 'value') ?? 0,
      days: numberField(b, 'days'),
      priority: numberField(b, 'priority'),
      starttime: durationField(b, 'starttime'),
      endtime: durationField(b, 'endtime'),
    }),
  );
  context.emit({
    entity: 'calendar',
    value: compact({ name, ...common(node), default: numberField(node, 'default'), buckets }),
  });
  return name;
};

const location: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const owner = reference(node, 'owner', location, context);
  const available = reference(node, 'available', calendar, context);
  context.emit({ entity: 'location', value: compact({ name, ...common(node), owner, available }) });
  readMembers(node, 'location', location, context, name);
  return name;
};

const customer: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const owner = reference(node, 'owner', customer, context);
  context.emit({ entity: 'customer', value: compact({ name, ...common(node), owner }) });
  readMembers(node, 'customer', customer, context, name);
  return name;
};

const supplier: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const owner = reference(node, 'owner', supplier, context);
  context.emit({ entity: 'supplier', value: compact({ name, ...common(node), owner }) });
  for (const c of children(node, 'itemsuppliers', 'itemsupplier')) itemSupplier(c, context, { supplier: name });
  readMembers(node, 'supplier', supplier, context, name);
  return name;
};

const skill: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  context.emit({ entity: 'skill', value: compact({ name, source: textField(node, 'source') }) });
  for (const c of children(node, 'resourceskills', 'resourceskill')) resourceSkill(c, context, { skill: name });
  return name;
};

function resourceSkill(node: XmlNode, context: ReadContext, owner: { skill?: string; resource?: string }): void {
  const of = owner.skill ?? reference(node, 'skill', skill, context);
  const who = owner.resource ?? reference(node, 'resource', resource, context);
  if (of === undefined || who === undefined) return;
  context.emit({
    entity: 'resourceskill',
    value: compact({
      skill: of,
      resource: who,
      priority: numberField(node, 'priority'),
      effectiveStart: dateField(node, 'effective_start'),
      effectiveEnd: dateField(node, 'effective_end'),
    }),
  });
}

const setupMatrix: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const rules = children(node, 'rules', 'rule').map((r) =>
    compact({
      priority: numberField(r, 'priority') ?? 0,
      fromsetup: textField(r, 'fromsetup'),
      tosetup: textField(r, 'tosetup'),
      duration: durationField(r, 'duration'),
      cost: numberField(r, 'cost'),
      resource: reference(r, 'resource', resource, context),
    }),
  );
  context.emit({ entity: 'setupmatrix', value: compact({ name, source: textField(node, 'source'), rules }) });
  return name;
};

export const resource: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const owner = reference(node, 'owner', resource, context);
  context.emit({
    entity: 'resource',
    value: compact({
      name,
      ...common(node),
      type: typeField(node) as ResourceType | undefined,
      owner,
      location: reference(node, 'location', location, context),
      maximum: numberField(node, 'maximum'),
      maximumCalendar: reference(node, 'maximum_calendar', calendar, context),
      available: reference(node, 'available', calendar, context),
      efficiency: numberField(node, 'efficiency'),
      efficiencyCalendar: reference(node, 'efficiency_calendar', calendar, context),
      cost: numberField(node, 'cost'),
      maxearly: durationField(node, 'maxearly'),
      constrained: booleanField(node, 'constrained'),
      tool: booleanField(node, 'tool'),
      toolperpiece: booleanField(node, 'toolperpiece'),
      setup: textField(node, 'setup'),
      setupmatrix: reference(node, 'setupmatrix', setupMatrix, context),
    }),
  });
  for (const c of children(node, 'skills', 'skill')) skill(c, context);
  for (const c of children(node, 'resourceskills', 'resourceskill')) resourceSkill(c, context, { resource: name });
  for (const c of children(node, 'loads', 'load')) readLoad(c, context, { resource: name });
  readMembers(node, 'resource', resource, context, name);
  return name;
};

/** Members inside their owner: each gets the owner. */
function readMembers(node: XmlNode, element: string, reader: Reader, context: ReadContext, owner: string): void {
  for (const c of children(node, 'members', element)) {
    c.attributes.owner = owner;
    reader(c, context);
  }
}

export const item: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const owner = reference(node, 'owner', item, context);
  const type = typeField(node);
  context.emit({
    entity: 'item',
    value: compact({
      name,
      ...common(node),
      type: type === 'item_mto' || type === 'item_mts' ? type : undefined,
      owner,
      uom: textField(node, 'uom'),
      cost: numberField(node, 'cost'),
      volume: numberField(node, 'volume'),
      weight: numberField(node, 'weight'),
      shelflife: durationField(node, 'shelflife'),
    }),
  });
  for (const c of children(node, 'itemsuppliers', 'itemsupplier')) itemSupplier(c, context, { item: name });
  for (const c of children(node, 'itemdistributions', 'itemdistribution')) itemDistribution(c, context, { item: name });
  for (const c of children(node, 'buffers', 'buffer')) {
    c.attributes.item = name;
    buffer(c, context);
  }
  for (const c of children(node, 'demands', 'demand')) {
    c.attributes.item = name;
    demand(c, context);
  }
  for (const c of children(node, 'operations', 'operation')) {
    c.attributes.item = name;
    readOperation(c, context);
  }
  readMembers(node, 'item', item, context, name);
  return name;
};

const sizes = (node: XmlNode) => ({
  leadtime: durationField(node, 'leadtime'),
  priority: numberField(node, 'priority'),
  sizeMinimum: numberField(node, 'size_minimum'),
  sizeMultiple: numberField(node, 'size_multiple'),
  sizeMaximum: numberField(node, 'size_maximum'),
  batchwindow: durationField(node, 'batchwindow'),
  cost: numberField(node, 'cost'),
  effectiveStart: dateField(node, 'effective_start'),
  effectiveEnd: dateField(node, 'effective_end'),
  resourceQty: numberField(node, 'resource_qty'),
  fence: durationField(node, 'fence'),
  properties: properties(node),
});

function itemSupplier(node: XmlNode, context: ReadContext, owner: { item?: string; supplier?: string }): void {
  const what = owner.item ?? reference(node, 'item', item, context);
  const who = owner.supplier ?? reference(node, 'supplier', supplier, context);
  if (what === undefined || who === undefined) return;
  context.emit({
    entity: 'itemsupplier',
    value: compact({
      item: what,
      supplier: who,
      location: reference(node, 'location', location, context),
      extraSafetyLeadtime: durationField(node, 'extra_safety_leadtime'),
      hardSafetyLeadtime: durationField(node, 'hard_safety_leadtime'),
      resource: reference(node, 'resource', resource, context),
      ...sizes(node),
    }),
  });
}

function itemDistribution(node: XmlNode, context: ReadContext, owner: { item?: string }): void {
  const what = owner.item ?? reference(node, 'item', item, context);
  const origin = reference(node, 'origin', location, context);
  const destination = reference(node, 'destination', location, context);
  if (what === undefined || origin === undefined) return;
  context.emit({
    entity: 'itemdistribution',
    value: compact({
      item: what,
      origin,
      destination,
      resource: reference(node, 'resource', resource, context),
      ...sizes(node),
    }),
  });
}

export const buffer: Reader = (node, context) => {
  const name = nameOf(node);
  const what = reference(node, 'item', item, context);
  const where = reference(node, 'location', location, context);
  const id = name ?? (what !== undefined && where !== undefined ? `${what} @ ${where}` : undefined);
  if (id === undefined) return undefined;
  const type = typeField(node);
  context.emit({
    entity: 'buffer',
    value: compact({
      name: id,
      ...common(node),
      item: what,
      location: where,
      batch: textField(node, 'batch'),
      type: type === 'buffer_infinite' || type === 'buffer_default' ? type : undefined,
      onhand: numberField(node, 'onhand'),
      minimum: numberField(node, 'minimum'),
      minimumCalendar: reference(node, 'minimum_calendar', calendar, context),
      maximum: numberField(node, 'maximum'),
      maximumCalendar: reference(node, 'maximum_calendar', calendar, context),
      producing: reference(node, 'producing', readOperation, context),
    }),
  });
  for (const c of children(node, 'flows', 'flow')) {
    c.attributes.buffer = id;
    readFlow(c, context, {});
  }
  return id;
};

function demandGroup(node: XmlNode): DemandGroup | undefined {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  return compact({
    name,
    ...common(node),
    policy: textField(node, 'policy') as DemandPolicy | undefined,
    status: textField(node, 'status') as DemandStatus | undefined,
    priority: numberField(node, 'priority'),
  });
}

export const demand: Reader = (node, context) => {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  if (typeField(node) === 'demand_group') {
    const value = demandGroup(node);
    if (value !== undefined) context.emit({ entity: 'demandgroup', value });
    for (const list of ['members', 'demands']) {
      for (const c of children(node, list, 'demand')) {
        c.attributes.owner = name;
        demand(c, context);
      }
    }
    return name;
  }
  let owner: DemandGroup | undefined;
  if (node.attributes.owner !== undefined) owner = { name: node.attributes.owner };
  else for (const c of node.children) if (c.name === 'owner') owner = demandGroup(c) ?? owner;
  const quantity = numberField(node, 'quantity');
  const due = dateField(node, 'due');
  context.emit({
    entity: 'demand',
    // a bare name is a reference: what it does not say must not overwrite what an earlier declaration said
    value: compact({
      name,
      ...common(node),
      item: reference(node, 'item', item, context),
      location: reference(node, 'location', location, context),
      customer: reference(node, 'customer', customer, context),
      quantity,
      due,
      priority: numberField(node, 'priority'),
      status: textField(node, 'status') as DemandStatus | undefined,
      minshipment: numberField(node, 'minshipment'),
      maxlateness: durationField(node, 'maxlateness'),
      batch: textField(node, 'batch'),
      operation: reference(node, 'operation', readOperation, context),
      owner,
    }) as Extract<PlanEntity, { entity: 'demand' }>['value'],
  });
  return name;
};

/** Readers by the name of the element inside its list. */
export const ENTITY_READERS: Record<string, (node: XmlNode, context: ReadContext) => unknown> = {
  calendar,
  location,
  customer,
  supplier,
  skill,
  setupmatrix: setupMatrix,
  resource,
  item,
  buffer,
  demand,
  operation: readOperation,
  operationplan: readOrder,
  itemsupplier: (node, context) => itemSupplier(node, context, {}),
  itemdistribution: (node, context) => itemDistribution(node, context, {}),
  resourceskill: (node, context) => resourceSkill(node, context, {}),
  flow: (node, context) => readFlow(node, context, {}),
  load: (node, context) => readLoad(node, context, {}),
};
export { calendar as readCalendar, location as readLocation, skill as readSkill, supplier as readSupplier };
