// One comparison of a field with a value. The three versions differ in what counts as empty: from 18 on an empty number
// is 0 and an empty text is '' (odoo/models.py `_condition_to_sql`); before, only false is.

import type { FieldExpression } from './expressions.ts';
import type { Statement } from './statement.ts';

export const NEGATIVE: ReadonlySet<string> = new Set(['!=', 'not in', 'not like', 'not ilike', 'not any']);

const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '>', '<=', '>=']);
const LIKES: Readonly<Record<string, string>> = {
  like: 'LIKE',
  ilike: 'ILIKE',
  'not like': 'NOT LIKE',
  'not ilike': 'NOT ILIKE',
  '=like': 'LIKE',
  '=ilike': 'ILIKE',
};
const NUMBERS = ['integer', 'float', 'monetary'];
const TEXTS = ['char', 'text', 'html'];

type Fail = (why: string) => Error;

export function conditionSql(
  major: number,
  expression: FieldExpression,
  operator: string,
  value: unknown,
  statement: Statement,
  fail: Fail,
): string {
  const { sql, field } = expression;
  // What Odoo 18 does with empty numbers, earlier versions do where the number depends on the company.
  if (major < 18 && field.source?.kind === 'property' && NUMBERS.includes(field.type)) {
    return conditionSql(18, expression, operator, value, statement, fail);
  }
  const empty = value === false || value === null || value === undefined;
  if (operator === '=?') return empty ? 'TRUE' : conditionSql(major, expression, '=', value, statement, fail);
  if (operator === '<>' || operator === '==') {
    return conditionSql(major, expression, operator === '==' ? '=' : '!=', value, statement, fail);
  }
  if (Array.isArray(value) && (operator === '=' || operator === '!=')) {
    return listCondition(major, expression, operator === '=' ? 'in' : 'not in', value, statement, fail);
  }
  if (operator === 'in' || operator === 'not in') {
    if (typeof value === 'boolean') return `(${sql} IS ${(operator === 'in') === value ? 'NOT ' : ''}NULL)`;
    if (!Array.isArray(value)) throw fail('the value has to be a list');
    return listCondition(major, expression, operator, value, statement, fail);
  }
  if (LIKES[operator] !== undefined) return likeCondition(major, expression, operator, value, statement);
  if (!COMPARISONS.has(operator)) throw fail(`there is no operator ${operator}`);

  if (field.type === 'boolean' && typeof value === 'boolean' && (operator === '=' || operator === '!=')) {
    return value === (operator === '=') ? `(${sql} = TRUE)` : `(${sql} IS NULL OR ${sql} = FALSE)`;
  }
  const number = NUMBERS.includes(field.type) && field.name !== 'id';
  const text = TEXTS.includes(field.type);
  let wanted = value;
  if (major >= 18 && field.type === 'many2one' && value === 0 && (operator === '=' || operator === '!='))
    wanted = false;
  if (wanted === false || wanted === null || wanted === undefined) {
    const blank = major >= 18 ? (number ? '0' : text ? "''" : null) : null;
    if (operator === '=') return blank === null ? `(${sql} IS NULL)` : `(${sql} = ${blank} OR ${sql} IS NULL)`;
    if (operator === '!=') return blank === null ? `(${sql} IS NOT NULL)` : `(${sql} <> ${blank})`;
    // Odoo compares with 0 here, and with nothing where that has no meaning.
    if (!number) return 'FALSE';
    wanted = 0;
  }
  const parameter = scalar(expression, operator, wanted, statement, fail);
  const comparison = `${sql} ${operator === '!=' ? '<>' : operator} ${parameter}`;
  return `(${comparison}${orEmpty(major, number, operator, wanted) ? ` OR ${sql} IS NULL` : ''})`;
}

/** Whether records without value belong to the answer. */
function orEmpty(major: number, number: boolean, operator: string, value: unknown): boolean {
  const truthy = value !== 0 && value !== '';
  if (operator === '!=') return truthy;
  if (major < 18) return false;
  if (operator === '=') return !truthy;
  if (!number) return false;
  const wanted = Number(value);
  return (
    (operator === '>=' && wanted <= 0) ||
    (operator === '<=' && wanted >= 0) ||
    (operator === '<' && wanted > 0) ||
    (operator === '>' && wanted < 0)
  );
}

function listCondition(
  major: number,
  expression: FieldExpression,
  operator: 'in' | 'not in',
  list: readonly unknown[],
  statement: Statement,
  fail: Fail,
): string {
  const { sql, field } = expression;
  let values = list.filter((item) => item !== false && item !== null);
  let empty = values.length < list.length;
  if (field.type === 'boolean') {
    if (empty) values = [...values, false];
  } else if (major >= 18 && NUMBERS.includes(field.type) && field.name !== 'id') {
    if (empty && !values.includes(0)) values = [...values, 0];
    empty ||= values.includes(0);
  } else if (major >= 18 && TEXTS.includes(field.type)) {
    if (empty && !values.includes('')) values = [...values, ''];
    empty ||= values.includes('');
  }
  const checked = values.map((item) => checkValue(expression, '=', item, fail));
  const some = checked.length > 0;
  const any = some ? `${statement.param(checked)}::${expression.pgType}[]` : '';
  if (operator === 'in') {
    const sqlIn = some ? `${sql} = ANY(${any})` : 'FALSE';
    return empty ? `(${sqlIn} OR ${sql} IS NULL)` : `(${sqlIn})`;
  }
  const sqlNotIn = some ? `${sql} <> ALL(${any})` : 'TRUE';
  return empty ? `(${sqlNotIn} AND ${sql} IS NOT NULL)` : `(${sqlNotIn} OR ${sql} IS NULL)`;
}

function likeCondition(
  major: number,
  expression: FieldExpression,
  operator: string,
  value: unknown,
  statement: Statement,
): string {
  const wildcard = !operator.startsWith('=');
  const blank = value === false || value === null || value === undefined || value === '';
  if (wildcard && blank && major >= 18) return operator.startsWith('not') ? 'FALSE' : 'TRUE';
  // Python writes an empty value as False into the pattern; nobody means that.
  const words = blank ? '' : String(value);
  const { sql } = expression;
  const left = expression.pgType === 'text' ? sql : `(${sql})::text`;
  const condition = `${left} ${LIKES[operator]} ${statement.param(wildcard ? `%${words}%` : words)}::text`;
  const orNull = wildcard ? operator.startsWith('not') || (blank && major < 18) : blank && major >= 18;
  return orNull ? `(${condition} OR ${sql} IS NULL)` : `(${condition})`;
}

function scalar(
  expression: FieldExpression,
  operator: string,
  value: unknown,
  statement: Statement,
  fail: Fail,
): string {
  return `${statement.param(checkValue(expression, operator, value, fail))}::${expression.pgType}`;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

/** A value of the column's type; anything else is refused before PostgreSQL breaks the transaction off. */
function checkValue(expression: FieldExpression, operator: string, value: unknown, fail: Fail): unknown {
  switch (expression.pgType) {
    case 'int2':
    case 'int4':
    case 'int8': {
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number)) throw fail('the value has to be a whole number');
      if (Math.abs(number) > 2_147_483_647 && expression.pgType !== 'int8') throw fail('the number is too large');
      return number;
    }
    case 'float4':
    case 'float8':
    case 'numeric': {
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw fail('the value has to be a number');
      return number;
    }
    case 'bool':
      if (typeof value === 'boolean') return value;
      if (value === 0 || value === 1) return value === 1;
      throw fail('the value has to be true or false');
    case 'date': {
      const text = typeof value === 'string' ? value.slice(0, 10) : '';
      if (!DATE.test(text) || Number.isNaN(Date.parse(text))) throw fail('the value has to be a date');
      return text;
    }
    case 'timestamp': {
      if (typeof value === 'string' && DATE.test(value) && !Number.isNaN(Date.parse(value))) {
        // Odoo takes a bare date as its first second, or as its last where the day is meant to be inside.
        return value + (operator === '>' || operator === '<=' ? ' 23:59:59' : ' 00:00:00');
      }
      if (
        typeof value !== 'string' ||
        !INSTANT.test(value) ||
        Number.isNaN(Date.parse(`${value.replace(' ', 'T')}Z`))
      ) {
        throw fail('the value has to be a date with time');
      }
      return value;
    }
    default:
      if (typeof value === 'object') throw fail('the value has to be a text');
      return String(value);
  }
}
