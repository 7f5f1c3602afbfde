// `child_of` and `parent_of`: ids of a record and what lies below or above it, by the stored path where the model keeps
// one (parent_path), else step by step over the parent field.

import type { CatalogueModel } from './catalogue.ts';
import { conditionSql } from './condition-sql.ts';
import { fieldExpression, type SqlContext } from './expressions.ts';
import { fromClause, newScope, quote, type Scope } from './statement.ts';

/** Field that points to the parent, where it is not `parent_id`. */
const PARENT_FIELDS: Readonly<Record<string, string>> = { 'stock.location': 'location_id' };

/** A SELECT of ids. `parentField`: where the tree is named by another field than the model's own. */
export function hierarchySql(
  context: SqlContext,
  model: CatalogueModel,
  operator: 'child_of' | 'parent_of',
  value: unknown,
  scope: Scope,
  fail: (why: string) => Error,
  parentField?: string,
): string {
  const { statement } = scope;
  const roots = rootsSql(context, model, value, scope, fail);
  const table = quote(model.table);
  const [a, b] = [statement.alias(), statement.alias()];
  if (model.columns.has('parent_path')) {
    const below = operator === 'child_of';
    const [found, root] = below ? [a, b] : [b, a];
    return `SELECT ${found}.id FROM ${table} ${a} JOIN ${table} ${b} ON ${a}.parent_path LIKE ${b}.parent_path || '%' \
WHERE ${root}.id IN (${roots})`;
  }
  const parent = parentField ?? PARENT_FIELDS[model.name] ?? 'parent_id';
  if (!model.columns.has(parent)) return roots;
  const step = operator === 'child_of' ? `${a}.${quote(parent)} = ${b}.id` : `${a}.id = ${b}.parent`;
  return `WITH RECURSIVE ${b}(id, parent) AS (SELECT ${a}.id, ${a}.${quote(parent)} FROM ${table} ${a} WHERE ${a}.id IN (${roots}) \
UNION SELECT ${a}.id, ${a}.${quote(parent)} FROM ${table} ${a} JOIN ${b} ON ${step}) SELECT id FROM ${b}`;
}

function rootsSql(
  context: SqlContext,
  model: CatalogueModel,
  value: unknown,
  scope: Scope,
  fail: (why: string) => Error,
): string {
  const { statement } = scope;
  const values = (Array.isArray(value) ? value : [value]).filter((item) => item !== false && item !== null);
  if (values.every((item) => Number.isInteger(item))) return `SELECT unnest(${statement.param(values)}::int4[])`;
  if (!values.every((item) => typeof item === 'string'))
    throw fail('the value has to be an id, a list of ids or a name');
  const inner = newScope(statement);
  const name = model.fields.has('complete_name') ? 'complete_name' : 'name';
  const expression = fieldExpression(context, model, name, inner);
  if (expression === null) throw fail('the records pointed to have no name');
  const conditions = values.map((item) =>
    conditionSql(context.catalogue.major, expression, 'ilike', item, statement, fail),
  );
  return `SELECT ${inner.alias}.id FROM ${fromClause(model.table, inner)} WHERE ${conditions.join(' OR ')}`;
}
