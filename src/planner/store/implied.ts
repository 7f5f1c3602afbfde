// Objects that others refer to and nobody declares (an archived vendor of an open order): they come into being by the reference, as
// frePPLe's reader has it. Changes the model that it is given, nothing else.
import type { Item, Operation, PlanEntity } from '../model.ts';
import type { PlanModel } from '../plan-document.ts';

type Named = 'calendars' | 'locations' | 'customers' | 'suppliers' | 'skills' | 'resources' | 'items';

export function addImplied(model: PlanModel, { entity, value }: PlanEntity): void {
  const refer = (list: Named, name: string | undefined) => {
    const known = model[list] as Map<string, { name: string }>;
    if (name !== undefined && !known.has(name)) known.set(name, list === 'calendars' ? calendar(name) : { name });
  };
  switch (entity) {
    case 'location':
      refer('locations', value.owner);
      refer('calendars', value.available);
      break;
    case 'customer':
      refer('customers', value.owner);
      break;
    case 'supplier':
      refer('suppliers', value.owner);
      break;
    case 'resource':
      refer('resources', value.owner);
      refer('locations', value.location);
      refer('calendars', value.available);
      break;
    case 'resourceskill':
      refer('skills', value.skill);
      refer('resources', value.resource);
      break;
    case 'item':
      refer('items', (value as Item).owner);
      break;
    case 'itemsupplier':
      refer('items', value.item);
      refer('suppliers', value.supplier);
      refer('locations', value.location);
      break;
    case 'itemdistribution':
      refer('items', value.item);
      refer('locations', value.origin);
      refer('locations', value.destination);
      break;
    case 'operation':
      ofOperation(value, refer);
      break;
    case 'demand':
    case 'buffer':
    case 'operationplan':
      refer('items', value.item);
      refer('locations', value.location);
      if (entity === 'demand') refer('customers', value.customer);
      if (entity === 'operationplan') {
        refer('locations', value.origin);
        refer('suppliers', value.supplier);
        for (const { resource } of value.loadplans ?? []) refer('resources', resource);
      }
      break;
  }
}

function ofOperation(operation: Operation, refer: (list: Named, name: string | undefined) => void): void {
  refer('items', operation.item);
  refer('locations', operation.location);
  refer('calendars', operation.available);
  for (const flow of operation.flows ?? []) {
    refer('items', flow.item);
    refer('locations', flow.location);
  }
  for (const load of operation.loads ?? []) {
    refer('resources', load.resource);
    refer('skills', load.skill);
  }
  for (const step of operation.suboperations ?? []) ofOperation(step.operation, refer);
}

function calendar(name: string) {
  return { name, buckets: [] };
}
