// Operations with their flows, loads, steps and dependencies, and orders, out of the elements of a plan document.
import type {
  Flow,
  FlowType,
  Load,
  LoadType,
  Operation,
  OperationDependency,
  OperationplanStatus,
  OperationType,
  OrderType,
  SearchMode,
  Suboperation,
} from '../../planner/model.ts';
import {
  children,
  common,
  nameOf,
  properties,
  type ReadContext,
  type Reader,
  refer,
  reference,
} from './reader-common.ts';
import {
  buffer,
  demand,
  item,
  readCalendar,
  readLocation,
  readSkill,
  readSupplier,
  resource,
} from './reader-entities.ts';
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

export const readOperation: Reader = (node, context) => {
  const operation = operationOf(node, context);
  if (operation === undefined) return undefined;
  context.emit({ entity: 'operation', value: operation });
  return operation.name;
};

export function operationOf(node: XmlNode, context: ReadContext): Operation | undefined {
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const flows = children(node, 'flows', 'flow').map((c) => flowOf(c, context));
  const loads = children(node, 'loads', 'load').flatMap((c) => loadOf(c, context, {}) ?? []);
  const suboperations = children(node, 'suboperations', 'suboperation').flatMap((c) => stepOf(c, context) ?? []);
  const dependencies = children(node, 'dependencies', 'dependency').flatMap((c) => dependencyOf(c, context, name));
  return compact({
    name,
    ...common(node),
    type: typeField(node) as OperationType | undefined,
    item: reference(node, 'item', item, context),
    location: reference(node, 'location', readLocation, context),
    priority: numberField(node, 'priority'),
    duration: durationField(node, 'duration'),
    durationPer: durationField(node, 'duration_per'),
    posttime: durationField(node, 'posttime'),
    hardPosttime: booleanField(node, 'hard_posttime'),
    fence: durationField(node, 'fence'),
    batchwindow: durationField(node, 'batchwindow'),
    sizeMinimum: numberField(node, 'size_minimum'),
    sizeMinimumCalendar: reference(node, 'size_minimum_calendar', readCalendar, context),
    sizeMultiple: numberField(node, 'size_multiple'),
    sizeMaximum: numberField(node, 'size_maximum'),
    cost: numberField(node, 'cost'),
    search: textField(node, 'search') as SearchMode | undefined,
    effectiveStart: dateField(node, 'effective_start'),
    effectiveEnd: dateField(node, 'effective_end'),
    available: reference(node, 'available', readCalendar, context),
    nolocationcalendar: booleanField(node, 'nolocationcalendar'),
    flows: flows.length > 0 ? flows : undefined,
    loads: loads.length > 0 ? loads : undefined,
    suboperations: suboperations.length > 0 ? suboperations : undefined,
    dependencies: dependencies.length > 0 ? dependencies : undefined,
  });
}

function stepOf(node: XmlNode, context: ReadContext): Suboperation | undefined {
  let operation: Operation | undefined;
  for (const c of node.children) if (c.name === 'operation') operation = operationOf(c, context) ?? operation;
  const named = textField(node, 'operation');
  if (operation === undefined && named !== undefined) operation = { name: named };
  if (operation === undefined) return undefined;
  return compact({
    operation,
    // a step without priority of its own takes that of its operation (Odoo exports write it there)
    priority: numberField(node, 'priority'),
    effectiveStart: dateField(node, 'effective_start'),
    effectiveEnd: dateField(node, 'effective_end'),
  });
}

function dependencyOf(node: XmlNode, context: ReadContext, owner: string): OperationDependency[] {
  const blockedby = reference(node, 'blockedby', readOperation, context);
  const operation = reference(node, 'operation', readOperation, context) ?? owner;
  if (blockedby === undefined) return [];
  const value = compact({
    blockedby,
    quantity: numberField(node, 'quantity'),
    safetyLeadtime: durationField(node, 'safety_leadtime'),
    hardSafetyLeadtime: durationField(node, 'hard_safety_leadtime'),
  });
  if (operation === owner) return [value];
  context.emit({ entity: 'operation', value: { name: operation, dependencies: [value] } });
  return [];
}

function flowOf(node: XmlNode, context: ReadContext): Flow {
  return compact({
    type: typeField(node) as FlowType | undefined,
    item: reference(node, 'item', item, context),
    buffer: reference(node, 'buffer', buffer, context),
    location: reference(node, 'location', readLocation, context),
    quantity: numberField(node, 'quantity'),
    quantityFixed: numberField(node, 'quantity_fixed'),
    offset: durationField(node, 'offset'),
    transferbatch: numberField(node, 'transferbatch'),
    priority: numberField(node, 'priority'),
    name: nameOf(node),
    search: textField(node, 'search') as SearchMode | undefined,
    effectiveStart: dateField(node, 'effective_start'),
    effectiveEnd: dateField(node, 'effective_end'),
    properties: properties(node),
  });
}

/** A flow in a list of its own, or under its buffer. */
export function readFlow(node: XmlNode, context: ReadContext, owner: { operation?: string }): void {
  const operation = owner.operation ?? reference(node, 'operation', readOperation, context);
  if (operation !== undefined) {
    context.emit({ entity: 'operation', value: { name: operation, flows: [flowOf(node, context)] } });
  }
}

function loadOf(node: XmlNode, context: ReadContext, owner: { resource?: string }): Load | undefined {
  const who = owner.resource ?? reference(node, 'resource', resource, context);
  if (who === undefined) return undefined;
  const type = typeField(node) as LoadType | undefined;
  return compact({
    type,
    resource: who,
    quantity: numberField(node, 'quantity'),
    quantityFixed: numberField(node, 'quantity_fixed'),
    skill: reference(node, 'skill', readSkill, context),
    priority: numberField(node, 'priority'),
    name: nameOf(node),
    search: textField(node, 'search') as SearchMode | undefined,
    setup: textField(node, 'setup'),
    // the same attribute is a percentage on one type and a duration on the others
    offset:
      type === 'load_bucketized_from_start' || type === 'load_bucketized_from_end'
        ? durationField(node, 'offset')
        : numberField(node, 'offset'),
    effectiveStart: dateField(node, 'effective_start'),
    effectiveEnd: dateField(node, 'effective_end'),
    properties: properties(node),
  });
}

/** A load in a list of its own, or under its resource. */
export function readLoad(node: XmlNode, context: ReadContext, owner: { resource?: string }): void {
  const operation = reference(node, 'operation', readOperation, context);
  const load = loadOf(node, context, owner);
  if (operation !== undefined && load !== undefined) {
    context.emit({ entity: 'operation', value: { name: operation, loads: [load] } });
  }
}

export function readOrder(node: XmlNode, context: ReadContext): void {
  let operation: string | Operation | undefined = node.attributes.operation?.trim();
  for (const c of node.children) if (c.name === 'operation') operation = refer(c, readOperation, context);
  let owner = node.attributes.owner?.trim();
  for (const c of node.children) {
    if (c.name === 'owner') owner = textField(c, 'reference') ?? nameOf(c) ?? (c.text.trim() || undefined);
  }
  const assigned = children(node, 'resources', 'resource').flatMap((c) => refer(c, resource, context) ?? []);
  const flowplans = children(node, 'flowplans', 'flowplan').map((c) =>
    compact({
      item: reference(c, 'item', item, context),
      buffer: reference(c, 'buffer', buffer, context),
      quantity: numberField(c, 'quantity'),
      date: dateField(c, 'date'),
      status: textField(c, 'status'),
    }),
  );
  const loadplans = children(node, 'loadplans', 'loadplan').flatMap((c) => {
    const who = reference(c, 'resource', resource, context);
    if (who === undefined) return [];
    return [
      compact({
        resource: who,
        quantity: numberField(c, 'quantity'),
        date: dateField(c, 'date'),
        status: textField(c, 'status'),
      }),
    ];
  });
  const blockedby = children(node, 'dependencies', 'dependency').flatMap((c) => {
    for (const b of c.children) if (b.name === 'blockedby') return [textField(b, 'reference') ?? b.text.trim()];
    return [];
  });
  context.emit({
    entity: 'operationplan',
    value: compact({
      reference: textField(node, 'reference') ?? textField(node, 'id'),
      ordertype: textField(node, 'ordertype') as OrderType | undefined,
      operation,
      owner,
      item: reference(node, 'item', item, context),
      location: reference(node, 'location', readLocation, context),
      origin: reference(node, 'origin', readLocation, context),
      supplier: reference(node, 'supplier', readSupplier, context),
      demand: reference(node, 'demand', demand, context),
      batch: textField(node, 'batch'),
      start: dateField(node, 'start'),
      end: dateField(node, 'end'),
      quantity: numberField(node, 'quantity'),
      quantityCompleted: numberField(node, 'quantity_completed'),
      status: textField(node, 'status') as OperationplanStatus | undefined,
      remark: textField(node, 'remark'),
      consumeMaterial: booleanField(node, 'consume_material'),
      consumeCapacity: booleanField(node, 'consume_capacity'),
      produceMaterial: booleanField(node, 'produce_material'),
      expiry: dateField(node, 'expiry'),
      flowplans: flowplans.length > 0 ? flowplans : undefined,
      loadplans: loadplans.length > 0 ? loadplans : undefined,
      resources: assigned.length > 0 ? assigned : undefined,
      blockedby: blockedby.length > 0 ? blockedby : undefined,
      source: textField(node, 'source'),
      suppressFlowplanCreation: context.suppressFlowplanCreation || undefined,
      properties: properties(node),
    }),
  });
}
