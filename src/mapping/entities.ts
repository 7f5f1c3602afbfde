// What the mapping sheet knows of each planning entity: the Odoo records it is made from, the row that leads it, and the
// attributes by which objects are named and linked.
import type { EntityName } from './rules.ts';

/** Model of the records that an entity is made from; an attribute's path starts there. */
export const BASE_MODELS: Readonly<Record<EntityName, string>> = {
  users: 'res.groups',
  calendar: 'resource.calendar',
  location: 'stock.warehouse',
  customer: 'res.partner',
  supplier: 'res.partner',
  skill: 'mrp.skill',
  resource: 'mrp.workcenter',
  resourceskill: 'mrp.workcenter.skill',
  itemcategory: 'product.category',
  item: 'product.product',
  itemsupplier: 'product.supplierinfo',
  itemdistribution: 'stock.route',
  operation: 'mrp.bom',
  suboperation: 'mrp.routing.workcenter',
  flow: 'mrp.bom.line',
  load: 'mrp.routing.workcenter',
  demand: 'sale.order.line',
  purchaseorder: 'purchase.order.line',
  manufacturingorder: 'mrp.production',
  workorder: 'mrp.workorder',
  distributionorder: 'stock.move',
  reorderrule: 'stock.warehouse.orderpoint',
  stock: 'stock.quant',
};

/** The row whose modes are those of the whole entity; `off` there switches the entity off. */
export const LEADING_ATTRIBUTE: Readonly<Record<EntityName, string>> = {
  users: 'users',
  calendar: 'name',
  location: 'name',
  customer: 'name',
  supplier: 'name',
  skill: 'name',
  resource: 'name',
  resourceskill: 'skill',
  itemcategory: 'name',
  item: 'name',
  itemsupplier: 'supplier',
  itemdistribution: 'origin',
  operation: 'name',
  suboperation: 'name',
  flow: 'item',
  load: 'resource',
  demand: 'name',
  purchaseorder: 'reference',
  manufacturingorder: 'reference',
  workorder: 'reference',
  distributionorder: 'reference',
  reorderrule: 'name',
  stock: 'name',
};

/** Attributes that name objects or link them; they are always computed by the program. */
export const KEY_ATTRIBUTES: ReadonlySet<string> = new Set([
  'name',
  'item',
  'location',
  'customer',
  'supplier',
  'resource',
  'skill',
  'owner',
  'reference',
  'origin',
  'destination',
  'operation',
]);

/** Every other entity refers to these, so they cannot be switched off. */
export const INDISPENSABLE: ReadonlySet<EntityName> = new Set(['location', 'item']);

/** Entities whose elements have no room for attributes of the users' own. */
export const WITHOUT_PROPERTIES: ReadonlySet<EntityName> = new Set(['users', 'skill', 'resourceskill']);

export function isLeading(entity: EntityName, attribute: string): boolean {
  return LEADING_ATTRIBUTE[entity] === attribute;
}

/** Whether an attribute names or links objects of this entity. */
export function isKey(entity: EntityName, attribute: string): boolean {
  return KEY_ATTRIBUTES.has(attribute) || isLeading(entity, attribute);
}
