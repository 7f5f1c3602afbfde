// What lists on screens filter and sort by, as columns beside the value. Pure.
import type { PlanEntity } from '../model.ts';

export interface EntityColumns {
  /** Kind of item, resource, operation, or order. */
  type: string | null;
  item: string | null;
  /** Where it is, is made or arrives. */
  location: string | null;
  /** Customer, supplier, origin of a transfer, owner of an item or resource. */
  party: string | null;
  status: string | null;
  /** Due date of a demand, end of an order, start of validity. */
  date: number | null;
  quantity: number | null;
}

export const COLUMN_NAMES = ['type', 'item', 'location', 'party', 'status', 'date', 'quantity'] as const;

const NONE: EntityColumns = {
  type: null,
  item: null,
  location: null,
  party: null,
  status: null,
  date: null,
  quantity: null,
};

export function columnsOf(entity: PlanEntity): EntityColumns {
  const columns = { ...NONE, ...given(entity) };
  return { ...columns, date: columns.date === null ? null : Math.round(columns.date) };
}

/** Attributes of the value that a column stands for, by kind; an edit of one of them changes the column too. */
function given({ entity, value }: PlanEntity): Partial<EntityColumns> {
  const or = <T>(x: T | undefined): T | null => x ?? null;
  switch (entity) {
    case 'item':
      return { type: or(value.type), item: value.name, party: or(value.owner) };
    case 'itemsupplier':
      return {
        item: value.item,
        location: or(value.location),
        party: value.supplier,
        date: or(value.effectiveStart),
        quantity: or(value.sizeMinimum),
      };
    case 'itemdistribution':
      return {
        item: value.item,
        location: or(value.destination),
        party: value.origin,
        date: or(value.effectiveStart),
        quantity: or(value.sizeMinimum),
      };
    case 'demand':
      return {
        item: value.item,
        location: or(value.location),
        party: or(value.customer),
        status: or(value.status),
        date: value.due,
        quantity: value.quantity,
      };
    case 'buffer':
      return { type: or(value.type), item: or(value.item), location: or(value.location), quantity: or(value.onhand) };
    case 'operationplan': {
      const made = typeof value.operation === 'object' ? value.operation : undefined;
      return {
        type: or(value.ordertype),
        item: or(value.item ?? made?.item),
        location: or(value.location ?? made?.location),
        party: or(value.supplier ?? value.origin),
        status: or(value.status),
        date: or(value.end ?? value.start),
        quantity: or(value.quantity),
      };
    }
    case 'operation':
      return {
        type: or(value.type),
        item: or(value.item),
        location: or(value.location),
        date: or(value.effectiveStart),
      };
    case 'resource':
      return {
        type: or(value.type),
        location: or(value.location),
        party: or(value.owner),
        quantity: or(value.maximum),
      };
    case 'resourceskill':
      return { type: value.skill, party: value.resource };
    case 'location':
    case 'customer':
    case 'supplier':
      return { party: or(value.owner) };
    default:
      return {};
  }
}
