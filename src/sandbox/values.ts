// The shapes everything in the sandbox speaks: values as Odoo's external API knows them, rows, field descriptions, calls.

/** A stored value: `false` = empty; many2one = bare id; x2many = ids; date and datetime as Odoo writes them, in UTC. */
export type Value = boolean | number | string | readonly number[];

/** What a call answers per field: as `Value`, a many2one as `[id, name]` unless `load` is ''. */
export type Answer = Value | null | readonly [number, string] | { readonly [key: string]: Answer } | readonly Answer[];

/** A record as it is kept. Fields that were never set are absent and read as the default of their type. */
export interface Row {
  id: number;
  [field: string]: Value | undefined;
}

export type FieldType =
  | 'boolean'
  | 'integer'
  | 'float'
  | 'monetary'
  | 'char'
  | 'text'
  | 'html'
  | 'date'
  | 'datetime'
  | 'selection'
  | 'many2one'
  | 'one2many'
  | 'many2many'
  | 'binary'
  | 'json'
  | 'properties'
  | 'many2one_reference'
  | 'reference';

export interface Field {
  name: string;
  type: FieldType;
  string: string;
  stored: boolean;
  required: boolean;
  readonly: boolean;
  /** Comodel of a relational field. */
  relation?: string;
  /** Of a one2many: the many2one on the other side. */
  relationField?: string;
  /** Dotted path that the field follows. */
  related?: string;
  selection?: readonly (readonly [string, string])[];
  companyDependent?: boolean;
  translate?: boolean;
}

export interface Model {
  name: string;
  description: string;
  fields: ReadonlyMap<string, Field>;
  /** Odoo's default order of the model, for example `date_order desc, id desc`. */
  order: string;
  /** Field that names a record. */
  recName: string;
  /** many2one that makes the model a tree. */
  parent: string | null;
}

/** Odoo's context of a call. */
export interface Context {
  lang?: string | false | null;
  tz?: string | false | null;
  active_test?: boolean;
  allowed_company_ids?: readonly number[];
  [key: string]: unknown;
}

/** A domain as it comes over the wire. */
export type RawDomain = readonly unknown[];

export function emptyValue(field: Field): Value {
  switch (field.type) {
    case 'integer':
    case 'float':
    case 'monetary':
    case 'many2one_reference':
      return 0;
    case 'one2many':
    case 'many2many':
      return NO_IDS;
    default:
      return false;
  }
}

export const NO_IDS: readonly number[] = Object.freeze([]);

export function isToMany(field: Field): boolean {
  return field.type === 'one2many' || field.type === 'many2many';
}

export function isNumeric(field: Field): boolean {
  return field.type === 'integer' || field.type === 'float' || field.type === 'monetary';
}

export function isRelational(field: Field): boolean {
  return field.type === 'many2one' || isToMany(field);
}
