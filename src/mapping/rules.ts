// The mapping sheet after it was read and checked: what the mapping modules obey. sheet.ts makes it from mapping.xlsx,
// defaults.ts holds the rows that mapping.xlsx starts with.
import type { PlanTime, Property } from '../planner/model.ts';
import type { OdooRow, OdooValue } from './records.ts';
import { DAY, parseStamp } from './time.ts';

export const ENTITIES = [
  'users',
  'calendar',
  'location',
  'customer',
  'supplier',
  'skill',
  'resource',
  'resourceskill',
  'itemcategory',
  'item',
  'itemsupplier',
  'itemdistribution',
  'operation',
  'suboperation',
  'flow',
  'load',
  'demand',
  'purchaseorder',
  'manufacturingorder',
  'workorder',
  'distributionorder',
  'reorderrule',
  'stock',
] as const;

export type EntityName = (typeof ENTITIES)[number];

/** What becomes of an Odoo value on its way to an attribute. `rule` = computed by the program as the row's note says. */
export const TRANSFORMS = [
  'rule',
  'as is',
  'text',
  'number',
  'positive number',
  'yes/no',
  'days to duration',
  'hours to duration',
  'minutes to duration',
  'date',
  'date and time',
  'constant',
] as const;

export type Transform = (typeof TRANSFORMS)[number];

export interface AttributeRule {
  entity: EntityName;
  /** frePPLe's attribute (`size_minimum`), or a name of the planner's own, which becomes a property. */
  attribute: string;
  /** Model of the record that the entity is made from. */
  model: string;
  /** Field, or path over many2one fields (`categ_id.complete_name`); for `constant` the value itself. */
  field: string;
  transform: Transform;
  /** Value of a `constant`, in the type of its attribute; without it the text in `field` is sent. */
  constant?: string | number | boolean;
  /** Modes in which the attribute is sent; empty = off. */
  modes: ReadonlySet<number>;
}

export type StatusModel = 'sale.order' | 'purchase.order' | 'mrp.production' | 'mrp.workorder';

export interface MappingOptions {
  /** null = the company's own setting in Odoo (frePPLe's or our addon), true when it has none. */
  respectReservations: boolean | null;
  /** Name of the working calendar of all warehouses; null = the company's own setting. */
  calendar: string | null;
  /** Code of the warehouse that makes; null = the company's own setting, else its first warehouse. */
  manufacturingWarehouse: string | null;
  purchaseLeadDays: number | null;
  manufacturingLeadDays: number | null;
  locationNames: 'as frePPLe' | 'code' | 'name';
  itemNames: 'as frePPLe' | 'short' | 'long';
  operationNames: 'company warehouse' | 'own warehouse';
  reorderCalendarNames: 'location' | 'warehouse name';
  individuals: 'shared' | 'separate';
  timezone: string | null;
  language: string | null;
}

/** A domain of Odoo, as in connector/odoo/reader.ts. */
export type FilterDomain = ReadonlyArray<'&' | '|' | '!' | readonly [field: string, operator: string, value: unknown]>;

export interface MappingRules {
  attributes: readonly AttributeRule[];
  filters: ReadonlyMap<EntityName, FilterDomain>;
  /** Odoo state -> planning status, or `off`. */
  statuses: ReadonlyMap<StatusModel, ReadonlyMap<string, string>>;
  options: MappingOptions;
}

/** Whether an entity is part of a mode: some attribute of it must be. */
export function entityInMode(rules: MappingRules, entity: EntityName, mode: number): boolean {
  return rules.attributes.some((rule) => rule.entity === entity && rule.modes.has(mode));
}

/** Applies what the sheet says of an entity's attributes to an object that the program has filled by its rules. */
export type Finish<T> = (row: OdooRow, target: T) => T;

type Convert = (value: OdooValue | undefined) => string | number | boolean | undefined;

function converter(rule: AttributeRule, wall: (stamp: OdooValue | undefined) => PlanTime | undefined): Convert {
  const scaled = (seconds: number): Convert => {
    return (value) => (typeof value === 'number' ? Math.round(value * seconds) : undefined);
  };
  switch (rule.transform) {
    case 'number':
      return (value) => (typeof value === 'number' ? value : value ? Number(value) || undefined : undefined);
    case 'positive number':
      return (value) => (typeof value === 'number' ? Math.max(0, value) : undefined);
    case 'yes/no':
      return (value) => Boolean(value);
    case 'days to duration':
      return scaled(86_400);
    case 'hours to duration':
      return scaled(3_600);
    case 'minutes to duration':
      return scaled(60);
    case 'date':
      // A date has no zone; of a time, the day on the plan's clock.
      return (value) => {
        const time = typeof value === 'string' && value.length === 10 ? parseStamp(value) : wall(value);
        return time === undefined ? undefined : Math.floor(time / DAY) * DAY;
      };
    case 'date and time':
      return wall;
    case 'text':
      return (value) => (value === null || value === undefined || value === false ? undefined : String(value));
    default:
      return (value) => {
        if (value === null || value === undefined || Array.isArray(value)) return undefined;
        return value as string | number | boolean;
      };
  }
}

const PROPERTY_KINDS: Partial<Record<Transform, Property['kind']>> = {
  number: 'double',
  'positive number': 'double',
  'days to duration': 'double',
  'hours to duration': 'double',
  'minutes to duration': 'double',
  'yes/no': 'boolean',
  date: 'date',
  'date and time': 'date',
};

function propertyOf(name: string, transform: Transform, value: string | number | boolean): Property {
  const kind = PROPERTY_KINDS[transform];
  if (kind === 'boolean' || typeof value === 'boolean') return { kind: 'boolean', name, value: Boolean(value) };
  if (kind === 'date' && typeof value === 'number') return { kind: 'date', name, value };
  if (typeof value === 'number') return { kind: 'double', name, value };
  return { kind: 'string', name, value };
}

/**
 * @param known attribute of the document -> key of the entity in planner/model.ts; others become properties
 * @param wall stamp of Odoo -> wall clock of the plan
 */
export function finisher<T extends object>(
  rules: MappingRules,
  entity: EntityName,
  mode: number,
  known: Readonly<Record<string, string>>,
  wall: (stamp: OdooValue | undefined) => PlanTime | undefined,
): Finish<T> {
  const drops: string[] = [];
  const sets: Array<(row: OdooRow, target: Record<string, unknown>) => void> = [];
  for (const rule of rules.attributes) {
    if (rule.entity !== entity) continue;
    const key = known[rule.attribute];
    if (!rule.modes.has(mode)) {
      if (key) drops.push(key);
      continue;
    }
    if (rule.transform === 'rule') continue;
    const convert = converter(rule, wall);
    const read = (row: OdooRow) =>
      rule.transform === 'constant' ? (rule.constant ?? rule.field) : convert(row[rule.field]);
    if (key) {
      sets.push((row, target) => {
        const value = read(row);
        if (value === undefined || value === '') delete target[key];
        else target[key] = value;
      });
    } else {
      sets.push((row, target) => {
        const value = read(row);
        if (value === undefined) return;
        const properties = (target.properties as Property[] | undefined) ?? [];
        properties.push(propertyOf(rule.attribute, rule.transform, value));
        target.properties = properties;
      });
    }
  }
  if (drops.length === 0 && sets.length === 0) return (_row, target) => target;
  return (row, target) => {
    for (const key of drops) delete (target as Record<string, unknown>)[key];
    for (const set of sets) set(row, target as Record<string, unknown>);
    return target;
  };
}

/** Fields that the sheet's direct rows need from a model's records, dotted paths included. */
export function fieldsFor(rules: MappingRules, model: string): string[] {
  const fields = new Set<string>();
  for (const rule of rules.attributes) {
    if (rule.model === model && rule.modes.size > 0 && rule.transform !== 'rule' && rule.transform !== 'constant') {
      fields.add(rule.field);
    }
  }
  return [...fields];
}
