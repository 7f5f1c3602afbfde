// A field of a model as an SQL expression: columns, translations, company-dependent values, related fields by joins,
// lists of ids. What a field's rows look like is Odoo's rule (connector.md 6.3, 6.4).

import type { Catalogue, CatalogueField, CatalogueModel } from './catalogue.ts';
import { computedExpression } from './computed.ts';
import { NUMBER_TYPES } from './field-types.ts';
import { LIST_DOMAINS, UNKNOWN_LISTS, WITH_ARCHIVED } from './list-fields.ts';
import type { Domain } from './reader.ts';
import { columnOf, fromClause, newScope, quote, type Scope } from './statement.ts';

export interface SqlContext {
  catalogue: Catalogue;
  /** Language of translated text. */
  lang: string;
  /** Visible companies, the current one first. */
  companies: readonly number[];
  /** Condition that hides records of other companies, or null where nothing is hidden. */
  visible(model: CatalogueModel, scope: Scope): string | null;
  /** A domain as a condition (domain-sql.ts). */
  condition(model: CatalogueModel, domain: Domain, scope: Scope): string;
}

export interface FieldExpression {
  sql: string;
  field: CatalogueField;
  /** Type in PostgreSQL: `int4`, `float8`, `numeric`, `bool`, `text`, `date`, `timestamp`; `ids` = array of int4. */
  pgType: string;
}

const DEEPEST = 8;

/** Null when this field cannot be had by SQL.
 * Joins that it needs are added to the scope. */
export function fieldExpression(
  context: SqlContext,
  model: CatalogueModel,
  name: string,
  scope: Scope,
  depth = 0,
): FieldExpression | null {
  const field = model.fields.get(name);
  const source = field?.source;
  if (field === undefined || source == null || depth > DEEPEST) return null;
  switch (source.kind) {
    case 'column': {
      const column = columnOf(scope.alias, source.column);
      if (!source.translated) return { sql: column, field, pgType: plainType(source.pgType) };
      return { sql: translated(context, column, scope), field, pgType: 'text' };
    }
    case 'companyColumn':
      return companyColumn(context, columnOf(scope.alias, source.column), source.fieldId, field, scope);
    case 'property':
      return property(context, model, source.fieldId, field, scope);
    case 'related':
      return related(context, model, source.path, field, scope, depth);
    case 'one2many':
    case 'many2many':
      return idList(context, model, field, scope, depth);
    case 'computed': {
      const computed = computedExpression(context.catalogue, model, name, scope);
      return computed === null ? null : { ...computed, field };
    }
  }
}

function plainType(pgType: string): string {
  return pgType === 'varchar' || pgType === 'bpchar' ? 'text' : pgType;
}

function translated(context: SqlContext, column: string, scope: Scope): string {
  if (context.lang === 'en_US') return `${column}->>'en_US'`;
  return `COALESCE(${column}->>${scope.statement.param(context.lang)}::text, ${column}->>'en_US')`;
}

/** Follows many2one fields; returns model and alias at the end of the path. */
export function joinPath(
  context: SqlContext,
  model: CatalogueModel,
  path: readonly string[],
  scope: Scope,
  depth = 0,
): { model: CatalogueModel; alias: string } | null {
  let at = { model, alias: scope.alias };
  for (const name of path) {
    const key = `${at.alias}.${name}`;
    const relation = at.model.fields.get(name)?.relation;
    const next = relation == null ? null : context.catalogue.model(relation);
    if (next === null || at.model.fields.get(name)?.type !== 'many2one') return null;
    let alias = scope.joined.get(key);
    if (alias === undefined) {
      const step = fieldExpression(context, at.model, name, { ...scope, alias: at.alias }, depth + 1);
      if (step === null) return null;
      alias = scope.statement.alias();
      scope.joins.push(`LEFT JOIN ${quote(next.table)} ${alias} ON ${alias}.id = ${step.sql}`);
      scope.joined.set(key, alias);
    }
    at = { model: next, alias };
  }
  return at;
}

function related(
  context: SqlContext,
  model: CatalogueModel,
  path: readonly string[],
  field: CatalogueField,
  scope: Scope,
  depth: number,
): FieldExpression | null {
  const last = path.at(-1);
  const end = joinPath(context, model, path.slice(0, -1), scope, depth);
  if (end === null || last === undefined) return null;
  const found = fieldExpression(context, end.model, last, { ...scope, alias: end.alias }, depth + 1);
  return found === null ? null : { ...found, field };
}

/** Up to 17: the record's own row wins over the default row, a company's row over a global one. */
function property(
  context: SqlContext,
  model: CatalogueModel,
  fieldId: number,
  field: CatalogueField,
  scope: Scope,
): FieldExpression | null {
  const value = PROPERTY_VALUES[field.type];
  if (value === undefined) return null;
  const { statement } = scope;
  const p = statement.alias();
  const company = `${statement.param(context.companies[0] ?? null)}::int4`;
  const own = `${statement.param(`${model.name},`)}::text || ${scope.alias}.id`;
  const other = field.type === 'many2one' && field.relation !== null ? context.catalogue.model(field.relation) : null;
  // A row that is there but empty, or points to a deleted record, is an answer too: empty.
  const found =
    other === null ? value.sql(p) : `(SELECT x.id FROM ${quote(other.table)} x WHERE x.id = ${value.sql(p)})`;
  const sql = `(SELECT ${found} FROM ir_property ${p} WHERE ${p}.fields_id = ${statement.param(fieldId)}::int4 \
AND (${p}.company_id = ${company} OR ${p}.company_id IS NULL) AND (${p}.res_id = ${own} OR ${p}.res_id IS NULL) \
ORDER BY (${p}.res_id IS NULL), (${p}.company_id IS NULL), ${p}.id DESC LIMIT 1)`;
  // Numbers without a row are 0, in searches too.
  return { sql: NUMBER_TYPES.has(field.type) ? `coalesce(${sql}, 0)` : sql, field, pgType: value.pgType };
}

const PROPERTY_VALUES: Readonly<Record<string, { pgType: string; sql: (p: string) => string }>> = {
  float: { pgType: 'float8', sql: (p) => `${p}.value_float` },
  monetary: { pgType: 'float8', sql: (p) => `${p}.value_float` },
  integer: { pgType: 'int4', sql: (p) => `${p}.value_integer` },
  boolean: { pgType: 'bool', sql: (p) => `(${p}.value_integer <> 0)` },
  char: { pgType: 'text', sql: (p) => `${p}.value_text` },
  text: { pgType: 'text', sql: (p) => `${p}.value_text` },
  selection: { pgType: 'text', sql: (p) => `${p}.value_text` },
  date: { pgType: 'date', sql: (p) => `${p}.value_datetime::date` },
  datetime: { pgType: 'timestamp', sql: (p) => `${p}.value_datetime` },
  many2one: { pgType: 'int4', sql: (p) => `nullif(split_part(${p}.value_reference, ',', 2), '')::int4` },
};

const JSON_CASTS: Readonly<Record<string, string>> = {
  float: 'float8',
  monetary: 'float8',
  integer: 'int4',
  boolean: 'bool',
  date: 'date',
  datetime: 'timestamp',
  many2one: 'int4',
};

/** From 18: the column's value for the company, else the default of ir_default, a company's before the global one. */
function companyColumn(
  context: SqlContext,
  column: string,
  fieldId: number,
  field: CatalogueField,
  scope: Scope,
): FieldExpression {
  const { statement } = scope;
  const pgType = JSON_CASTS[field.type] ?? 'text';
  const company = statement.param(context.companies[0] ?? null);
  const d = statement.alias();
  const fallback = `(SELECT (${d}.json_value::jsonb #>> '{}') FROM ir_default ${d} \
WHERE ${d}.field_id = ${statement.param(fieldId)}::int4 AND ${d}.condition IS NULL \
AND (${d}.user_id IS NULL OR ${d}.user_id = 1) AND (${d}.company_id = ${company}::int4 OR ${d}.company_id IS NULL) \
ORDER BY ${d}.user_id, ${d}.company_id, ${d}.id LIMIT 1)`;
  // A key with null in it is a value of its own: empty, whatever the default says.
  const key = `${company}::int4::text`;
  const text = `CASE WHEN ${column} ? ${key} THEN ${column}->>${key} ELSE ${fallback} END`;
  const value = pgType === 'text' ? `(${text})` : `nullif(${text}, 'false')::${pgType}`;
  const sql = pgType === 'bool' ? `(${text})::bool` : value;
  return { sql, field, pgType };
}

/** Ids of the visible records on the other side, ascending. */
function idList(
  context: SqlContext,
  owner: CatalogueModel,
  field: CatalogueField,
  scope: Scope,
  depth: number,
): FieldExpression | null {
  if (UNKNOWN_LISTS.has(`${owner.name}.${field.name}`)) return null;
  const listed = listSource(context, owner, field, scope.statement, 'read', depth);
  if (listed === null) return null;
  const { from, key, id, where } = listed;
  const conditions = [`${key} = ${scope.alias}.id`, ...where].join(' AND ');
  if (field.source?.kind === 'one2many' && !field.source.indexed) {
    // Without an index one pass over the other table is cheaper than a search for each record.
    const alias = scope.statement.alias();
    const filter = where.length > 0 ? ` WHERE ${where.join(' AND ')}` : '';
    scope.joins.push(
      `LEFT JOIN (SELECT ${key} AS k, array_agg(${id} ORDER BY ${id}) AS ids FROM ${from}${filter} GROUP BY 1) ${alias} ON ${alias}.k = ${scope.alias}.id`,
    );
    return { sql: `${alias}.ids`, field, pgType: 'ids' };
  }
  return { sql: `ARRAY(SELECT ${id} FROM ${from} WHERE ${conditions} ORDER BY ${id})`, field, pgType: 'ids' };
}

/** Rows of an x2many field. */
export interface ListSource {
  from: string;
  /** Column that points to the record. */
  key: string;
  id: string;
  /** What has to hold. */
  where: string[];
  scope: Scope;
  model: CatalogueModel;
}

/** `read` = as the field shows it (its domain, no archived records); `search` = as domains look through it;
 * `links` = the bare links, whatever they point to. */
export type ListPurpose = 'read' | 'search' | 'links';

export function listSource(
  context: SqlContext,
  owner: CatalogueModel,
  field: CatalogueField,
  statement: Scope['statement'],
  purpose: ListPurpose,
  depth = 0,
): ListSource | null {
  const model = field.relation === null ? null : context.catalogue.model(field.relation);
  const source = field.source;
  if (model === null || (source?.kind !== 'one2many' && source?.kind !== 'many2many')) return null;
  const other = newScope(statement);
  const where: string[] = [];
  const visible = purpose === 'links' ? null : context.visible(model, other);
  if (visible !== null) where.push(visible);
  const name = `${owner.name}.${field.name}`;
  const domain = LIST_DOMAINS[name];
  // Searching through a list looks at its domain from 18 on only.
  if (domain !== undefined && (purpose === 'read' || (purpose === 'search' && context.catalogue.major >= 18))) {
    if (domain.some((term) => Array.isArray(term) && !model.fields.has(term[0].split('.')[0]))) return null;
    where.push(context.condition(model, domain, other));
  }
  if (purpose === 'read' && !WITH_ARCHIVED.has(name)) {
    const active = fieldExpression(context, model, 'active', other, depth + 1);
    if (active !== null) where.push(`${active.sql} IS TRUE`);
  }
  const id = `${other.alias}.id`;
  if (source.kind === 'one2many') {
    return {
      from: fromClause(model.table, other),
      key: columnOf(other.alias, source.inverse),
      id,
      where,
      scope: other,
      model,
    };
  }
  const link = statement.alias();
  const join = `JOIN ${quote(source.table)} ${link} ON ${columnOf(link, source.column2)} = ${id}`;
  const from = [`${quote(model.table)} ${other.alias}`, join, ...other.joins].join(' ');
  return { from, key: columnOf(link, source.column1), id, where, scope: other, model };
}
