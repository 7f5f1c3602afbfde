// Odoo's domains as SQL conditions, with Odoo's semantics of empty values (odoo/osv/expression.py of 16 and 17,
// `_condition_to_sql` of 18). Values are parameters; fields come from the catalogue; what is unknown is refused.

import { PlanbridgeError } from '../../errors.ts';
import type { CatalogueField, CatalogueModel } from './catalogue.ts';
import { conditionSql, NEGATIVE } from './condition-sql.ts';
import { type DomainNode, domainError, type Leaf, parseDomain } from './domain.ts';
import { type FieldExpression, fieldExpression, joinPath, listSource, type SqlContext } from './expressions.ts';
import { hierarchySql } from './hierarchy-sql.ts';
import { DELEGATES } from './list-fields.ts';
import type { Domain } from './reader.ts';
import { fromClause, newScope, type Scope } from './statement.ts';

/** @throws PlanbridgeError PB_ODOO_FAULT naming the term that cannot be used */
export function domainSql(context: SqlContext, model: CatalogueModel, domain: Domain, scope: Scope): string {
  if (domain.length === 0) return 'TRUE';
  return nodeSql(context, model, distributeNot(context.catalogue.major, parseDomain(domain), false), scope);
}

const NEGATION: Readonly<Record<string, string>> = {
  '<': '>=',
  '>': '<=',
  '<=': '>',
  '>=': '<',
  '=': '!=',
  '!=': '=',
  in: 'not in',
  'not in': 'in',
  like: 'not like',
  'not like': 'like',
  ilike: 'not ilike',
  'not ilike': 'ilike',
  any: 'not any',
  'not any': 'any',
};

/** Odoo turns `!` around inside the terms, which is not the same as NOT where a value is empty. From 17 on a path is first
 * made an `any`, so that its opposite is `not any`; before, the opposite is looked for at the end of the path. */
function distributeNot(major: number, node: DomainNode, negate: boolean): DomainNode {
  switch (node.kind) {
    case 'not':
      return distributeNot(major, node.node, !negate);
    case 'and':
    case 'or': {
      const nodes = node.nodes.map((inner) => distributeNot(major, inner, negate));
      return { kind: negate === (node.kind === 'and') ? 'or' : 'and', nodes };
    }
    case 'leaf': {
      if (!negate) return node;
      const [field, operator, value] = node.leaf;
      const opposite = NEGATION[operator];
      if (isConstant(field)) return { kind: 'leaf', leaf: [field === '1' ? '0' : '1', operator, value] };
      const dot = field.indexOf('.');
      if (major >= 17 && dot > 0 && operator !== 'any' && operator !== 'not any') {
        return { kind: 'leaf', leaf: [field.slice(0, dot), 'not any', [[field.slice(dot + 1), operator, value]]] };
      }
      return opposite === undefined ? { kind: 'not', node } : { kind: 'leaf', leaf: [field, opposite, value] };
    }
  }
}

function isConstant(field: string): boolean {
  return field === '0' || field === '1';
}

function nodeSql(context: SqlContext, model: CatalogueModel, node: DomainNode, scope: Scope): string {
  switch (node.kind) {
    case 'leaf':
      return leafSql(context, model, node.leaf, scope);
    case 'not':
      return `(NOT ${nodeSql(context, model, node.node, scope)})`;
    case 'and':
    case 'or': {
      if (node.nodes.length === 0) return 'TRUE';
      const parts = node.nodes.map((inner) => nodeSql(context, model, inner, scope));
      return `(${parts.join(node.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
  }
}

function termError(model: CatalogueModel, leaf: Leaf, why: string): PlanbridgeError {
  return domainError(`${JSON.stringify(leaf)} on ${model.name}: ${why}`);
}

function leafSql(context: SqlContext, model: CatalogueModel, leaf: Leaf, scope: Scope): string {
  const [name, operator, value] = leaf;
  if (isConstant(name)) return (name === '1') === (operator === '=' || operator === 'in') ? 'TRUE' : 'FALSE';
  const dot = name.indexOf('.');
  const head = dot < 0 ? name : name.slice(0, dot);
  const field = model.fields.get(head);
  if (field === undefined) throw termError(model, leaf, `there is no field ${head}`);
  if (operator !== 'any' && operator !== 'not any') {
    if (dot > 0) {
      const rest: Leaf = [name.slice(dot + 1), operator, value];
      return anySql(context, model, field, leaf, [rest], scope, false);
    }
    return fieldSql(context, model, field, leaf, scope);
  }
  if (context.catalogue.major < 17) throw termError(model, leaf, 'Odoo knows this operator from version 17 on');
  if (dot > 0) {
    const rest: Leaf = [name.slice(dot + 1), operator, value];
    return anySql(context, model, field, leaf, [rest], scope, false);
  }
  if (!Array.isArray(value)) throw termError(model, leaf, 'the value has to be a domain');
  return anySql(context, model, field, leaf, value as Domain, scope, operator === 'not any');
}

/** Records whose related record (or one of them) fulfils a domain and is visible. */
function anySql(
  context: SqlContext,
  model: CatalogueModel,
  field: CatalogueField,
  leaf: Leaf,
  domain: Domain,
  scope: Scope,
  negative: boolean,
): string {
  try {
    return followed(context, model, field, leaf, domain, scope, negative);
  } catch (error) {
    // The term as it was written, not only the end of its path.
    if (!(error instanceof PlanbridgeError) || error.message.includes(leaf[0])) throw error;
    throw termError(model, leaf, error.message);
  }
}

function followed(
  context: SqlContext,
  model: CatalogueModel,
  field: CatalogueField,
  leaf: Leaf,
  domain: Domain,
  scope: Scope,
  negative: boolean,
): string {
  const located = locate(context, model, field, scope);
  if (located === null) throw termError(model, leaf, `${field.name} cannot be followed by SQL`);
  if (field.type === 'many2one') {
    const expression = fieldExpression(context, located.model, located.field.name, located.scope);
    const other = field.relation === null ? null : context.catalogue.model(field.relation);
    if (expression === null || other === null) throw termError(model, leaf, `${field.name} cannot be followed by SQL`);
    const inner = newScope(scope.statement);
    const condition = domainSql(context, other, domain, inner);
    const visible = context.visible(other, inner);
    const where = visible === null ? condition : `${condition} AND ${visible}`;
    const sql = `${expression.sql} IN (SELECT ${inner.alias}.id FROM ${fromClause(other.table, inner)} WHERE ${where})`;
    return negative ? `((NOT ${sql}) OR ${expression.sql} IS NULL)` : `(${sql})`;
  }
  const listed = listSource(context, located.model, located.field, scope.statement, 'search');
  if (listed === null) throw termError(model, leaf, `${field.name} cannot be followed by SQL`);
  const joins = listed.scope.joins.length;
  const condition = domainSql(context, listed.model, domain, listed.scope);
  const from = [listed.from, ...listed.scope.joins.slice(joins)].join(' ');
  const where = [`${listed.key} = ${located.scope.alias}.id`, ...listed.where, condition].join(' AND ');
  return `(${negative ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${from} WHERE ${where}))`;
}

/** The field itself, or for a related one the field at the end of its path, with the scope it lives in. */
function locate(
  context: SqlContext,
  model: CatalogueModel,
  field: CatalogueField,
  scope: Scope,
): { model: CatalogueModel; field: CatalogueField; scope: Scope } | null {
  let at = { model, field, scope };
  for (let depth = 0; at.field.source?.kind === 'related' && depth < 8; depth++) {
    const { path } = at.field.source;
    const end = joinPath(context, at.model, path.slice(0, -1), at.scope);
    const last = end?.model.fields.get(path.at(-1) ?? '');
    if (end === null || last === undefined) return null;
    at = { model: end.model, field: last, scope: { ...at.scope, alias: end.alias } };
  }
  return at.field.source === null ? null : at;
}

function fieldSql(context: SqlContext, model: CatalogueModel, field: CatalogueField, leaf: Leaf, scope: Scope): string {
  const [, operator, value] = leaf;
  const fail = (why: string): PlanbridgeError => termError(model, leaf, why);
  if (field.source?.kind === 'related') {
    const { path } = field.source;
    const delegate = path[0] === DELEGATES[model.name]?.[0] ? joinPath(context, model, path.slice(0, 1), scope) : null;
    if (delegate !== null) {
      const rest: Leaf = [path.slice(1).join('.'), operator, value];
      return leafSql(context, delegate.model, rest, { ...scope, alias: delegate.alias });
    }
    // Up to 17 a related field is searched as the path that it stands for: a link missing on the way never matches.
    if (context.catalogue.major <= 17) return leafSql(context, model, [path.join('.'), operator, value], scope);
  }
  if (operator === 'child_of' || operator === 'parent_of') {
    const start =
      field.name === 'id' ? model : field.relation === null ? null : context.catalogue.model(field.relation);
    if (start === null) throw fail('the field points to no model');
    // A model's link to itself names the tree: the record itself is looked for in it.
    const itself = field.type === 'many2one' && field.relation === model.name;
    const set = hierarchySql(context, start, operator, value, scope, fail, itself ? field.name : undefined);
    if (itself) return `(${scope.alias}.id IN (${set}))`;
    if (field.type === 'one2many' || field.type === 'many2many') {
      return listedIn(context, model, field, set, scope, false, fail);
    }
    const expression = fieldExpression(context, model, field.name, scope);
    if (expression === null) throw fail('the field cannot be had by SQL');
    return `(${expression.sql} IN (${set}))`;
  }
  if (field.type === 'one2many' || field.type === 'many2many') return listSql(context, model, field, leaf, scope, fail);
  const expression = fieldExpression(context, model, field.name, scope);
  if (expression === null) throw fail('the field is computed by Odoo and cannot be had by SQL');
  if (field.type === 'many2one') {
    const named = nameSearch(context, field, operator, value, expression, scope, fail);
    if (named !== null) return named;
  }
  return conditionSql(context.catalogue.major, expression, operator, value, scope.statement, fail);
}

function listSql(
  context: SqlContext,
  model: CatalogueModel,
  field: CatalogueField,
  leaf: Leaf,
  scope: Scope,
  fail: (why: string) => PlanbridgeError,
): string {
  const [, operator, value] = leaf;
  const negative = NEGATIVE.has(operator);
  if (typeof value === 'string') {
    const set = namedSet(context, field, positive(operator), value, scope, fail);
    return listedIn(context, model, field, set, scope, negative, fail);
  }
  if (!['=', '!=', 'in', 'not in'].includes(operator)) throw fail('lists of records take =, !=, in, not in');
  if (value === false || value === null) return listedIn(context, model, field, null, scope, !negative, fail);
  const ids = (Array.isArray(value) ? value : [value]).filter((id) => id !== false && id !== null);
  if (!ids.every((id) => Number.isInteger(id))) throw fail('ids have to be whole numbers');
  const set = `SELECT unnest(${scope.statement.param(ids)}::int4[])`;
  return listedIn(context, model, field, set, scope, negative, fail);
}

/** EXISTS over the lines of a list whose id is in the set (null = any line). */
function listedIn(
  context: SqlContext,
  model: CatalogueModel,
  field: CatalogueField,
  set: string | null,
  scope: Scope,
  negative: boolean,
  fail: (why: string) => PlanbridgeError,
): string {
  const located = locate(context, model, field, scope);
  // Here Odoo looks at the bare links, without record rules.
  const listed = located && listSource(context, located.model, located.field, scope.statement, 'links');
  if (!located || !listed) throw fail('the field cannot be had by SQL');
  const wanted = set === null ? '' : ` AND ${listed.id} IN (${set})`;
  const sql = `EXISTS (SELECT 1 FROM ${listed.from} WHERE ${listed.key} = ${located.scope.alias}.id${wanted})`;
  return negative ? `(NOT ${sql})` : `(${sql})`;
}

function positive(operator: string): string {
  return NEGATIVE.has(operator) ? NEGATION[operator]! : operator;
}

/** A name instead of an id: Odoo looks it up. Null when the value is no name. */
function nameSearch(
  context: SqlContext,
  field: CatalogueField,
  operator: string,
  value: unknown,
  expression: FieldExpression,
  scope: Scope,
  fail: (why: string) => PlanbridgeError,
): string | null {
  const names = Array.isArray(value) ? value : [value];
  if (names.length === 0 || !names.every((name) => typeof name === 'string')) return null;
  let wanted = positive(operator);
  if (Array.isArray(value) && wanted === '=') wanted = 'in';
  if (!Array.isArray(value) && wanted === 'in') wanted = '=';
  const set = namedSet(context, field, wanted, value, scope, fail);
  if (NEGATIVE.has(operator)) return `((NOT ${expression.sql} IN (${set})) OR ${expression.sql} IS NULL)`;
  return `(${expression.sql} IN (${set}))`;
}

/** Records of the model pointed to, by name: by its complete name, name or (products) code. */
function namedSet(
  context: SqlContext,
  field: CatalogueField,
  operator: string,
  value: unknown,
  scope: Scope,
  fail: (why: string) => PlanbridgeError,
): string {
  const other = field.relation === null ? null : context.catalogue.model(field.relation);
  const names = ['complete_name', 'name', 'default_code', 'barcode', 'code'].filter((name) => other?.fields.has(name));
  const shown = other?.name.startsWith('product.p') ? names : names.slice(0, 1);
  if (other === null || shown.length === 0) throw fail('the records pointed to have no name');
  const inner = newScope(scope.statement);
  const conditions = shown.flatMap((name) => {
    const expression = fieldExpression(context, other, name, inner);
    return expression === null
      ? []
      : [conditionSql(context.catalogue.major, expression, operator, value, scope.statement, fail)];
  });
  if (conditions.length === 0) throw fail('the records pointed to have no name');
  return `SELECT ${inner.alias}.id FROM ${fromClause(other.table, inner)} WHERE ${conditions.join(' OR ')}`;
}
