// The lists of a plan document as parts of the stored model: their order, and which of Odoo's records leads each. Pure.
import type { PlanPart } from '../../connector/export.ts';
import type { EntityName } from '../../mapping/rules.ts';
import type { PlanEntity } from '../model.ts';

export type EntityKind = PlanEntity['entity'];

/** In the order of the document, which is the order in which a model is loaded. Numbers are stored: never change one. */
const PLACES: Readonly<Partial<Record<PlanPart, number>>> = {
  calendar: 10,
  location: 20,
  customer: 30,
  supplier: 40,
  skill: 50,
  resource: 60,
  resourceskill: 70,
  itemcategory: 80,
  item: 90,
  operation: 100,
  demand: 110,
  purchaseorder: 120,
  lane: 130,
  distributionorder: 140,
  manufacturingorder: 150,
  reorderrule: 160,
  stock: 170,
};

export const PARTS = Object.keys(PLACES) as PlanPart[];
export const DEMANDS: PlanPart = 'demand';

export function placeOf(part: PlanPart): number {
  const place = PLACES[part];
  if (place === undefined) throw new TypeError(`${part} is no list of its own`);
  return place;
}

export function partAt(place: number): PlanPart | undefined {
  return PARTS.find((part) => PLACES[part] === place);
}

/** The sheet's entity whose records the rows of a part belong to; null = rows count up. Others follow the one before. */
export function leaderOf(part: PlanPart): EntityName | null {
  return part === 'lane' || part === 'reorderrule' ? null : part;
}

/** Part of records that no read brings, by kind. */
export const PART_OF_KIND: Readonly<Record<EntityKind, PlanPart>> = {
  calendar: 'calendar',
  location: 'location',
  customer: 'customer',
  supplier: 'supplier',
  skill: 'skill',
  resource: 'resource',
  resourceskill: 'resourceskill',
  setupmatrix: 'resource',
  item: 'item',
  itemsupplier: 'item',
  itemdistribution: 'item',
  operation: 'operation',
  demand: 'demand',
  buffer: 'stock',
  operationplan: 'manufacturingorder',
};
