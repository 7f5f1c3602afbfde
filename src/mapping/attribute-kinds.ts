// What kind of value each attribute of the planning model holds, so that the mapping sheet can refuse a field or a constant that
// would not fit.
import { ATTRIBUTES } from './attributes.ts';
import { isKey } from './entities.ts';
import type { EntityName, Transform } from './rules.ts';

/** `fixed`: computed by the program only. */
export type AttributeKind = 'fixed' | 'text' | 'number' | 'duration' | 'date' | 'boolean';

const KINDS: Readonly<Record<string, AttributeKind>> = {
  users: 'fixed',
  buckets: 'fixed',
  status: 'fixed',
  description: 'text',
  category: 'text',
  subcategory: 'text',
  available: 'text',
  setup: 'text',
  setupmatrix: 'text',
  type: 'text',
  uom: 'text',
  batch: 'text',
  remark: 'text',
  search: 'text',
  default: 'number',
  maximum: 'number',
  efficiency: 'number',
  cost: 'number',
  priority: 'number',
  volume: 'number',
  weight: 'number',
  size_minimum: 'number',
  size_multiple: 'number',
  size_maximum: 'number',
  resource_qty: 'number',
  quantity: 'number',
  quantity_fixed: 'number',
  quantity_completed: 'number',
  minshipment: 'number',
  criticality: 'number',
  safety_stock: 'number',
  reorder_quantity: 'number',
  onhand: 'number',
  maxearly: 'duration',
  shelflife: 'duration',
  leadtime: 'duration',
  batchwindow: 'duration',
  fence: 'duration',
  extra_safety_leadtime: 'duration',
  hard_safety_leadtime: 'duration',
  duration: 'duration',
  duration_per: 'duration',
  posttime: 'duration',
  offset: 'duration',
  maxlateness: 'duration',
  effective_start: 'date',
  effective_end: 'date',
  due: 'date',
  start: 'date',
  end: 'date',
  constrained: 'boolean',
  tool: 'boolean',
};

/** Kind of an attribute that the planning model knows; undefined for one of the users' own. */
export function kindOf(entity: EntityName, attribute: string): AttributeKind | undefined {
  if (!Object.hasOwn(ATTRIBUTES[entity], attribute)) return undefined;
  return isKey(entity, attribute) ? 'fixed' : KINDS[attribute];
}

/** Transforms, besides `rule`, that give an attribute a value of its kind. */
export const TRANSFORMS_OF_KIND: Readonly<Record<AttributeKind, readonly Transform[]>> = {
  fixed: [],
  text: ['text', 'as is', 'constant'],
  number: ['number', 'positive number', 'as is', 'constant'],
  duration: ['days to duration', 'hours to duration', 'minutes to duration', 'constant'],
  date: ['date', 'date and time', 'as is', 'constant'],
  boolean: ['yes/no', 'as is', 'constant'],
};

/** `as is`, where the planning model says what it must be. */
export const AS_IS: Readonly<Record<AttributeKind, Transform>> = {
  fixed: 'rule',
  text: 'text',
  number: 'number',
  duration: 'minutes to duration',
  date: 'date and time',
  boolean: 'yes/no',
};

/** Words that an attribute of few values accepts. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'item type': ['item_mts', 'item_mto'],
  'load search': ['PRIORITY', 'MINCOST', 'MINPENALTY', 'MINCOSTPENALTY'],
  'operation search': ['PRIORITY', 'MINCOST', 'MINPENALTY', 'MINCOSTPENALTY'],
  'suboperation search': ['PRIORITY', 'MINCOST', 'MINPENALTY', 'MINCOSTPENALTY'],
};

export function choicesOf(entity: EntityName, attribute: string): readonly string[] | undefined {
  return CHOICES[`${entity} ${attribute}`];
}
