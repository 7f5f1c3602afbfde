// Filters and sorting of a grid -> SQL. Names come from the grid's definition, values go as parameters.
import { PlanbridgeError } from '../../errors.ts';
import type { SqlValue } from '../../store/database.ts';
import { Filter, type GridColumn, type GridDefinition, type GridQuery } from './grid.ts';

export interface GridSql {
  sql: string;
  values: SqlValue[];
}

function refuse(message: string, remedy = ''): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, { remedy });
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT */
export function parseFilters(grid: GridDefinition, json: string): Filter[] {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    throw refuse('filter is no JSON.');
  }
  const filters = Filter.array().max(50).safeParse(given);
  if (!filters.success) throw refuse('filter is no list of {column, operator, value}.');
  for (const { column } of filters.data) columnOf(grid, column);
  return filters.data;
}

function columnOf(grid: GridDefinition, name: string): GridColumn {
  const column = grid.columns.find((each) => each.name === name);
  if (column) return column;
  const names = grid.columns.map((each) => each.name).join(', ');
  throw refuse(`The grid ${grid.name} has no column "${name}".`, `It has ${names}.`);
}

/** The rows that are asked for, from `inner` (`$1` … are its values). */
export function pageSql(grid: GridDefinition, inner: GridSql, query: GridQuery): GridSql {
  const { where, values } = conditions(grid, inner, query);
  const columns = grid.columns
    .flatMap((column) => [
      `${shown(column)} as "${column.name}"`,
      ...(column.said === undefined ? [] : [`${column.said} as "${column.name} said"`]),
    ])
    .join(', ');
  const sql = `select ${columns} from (${inner.sql}) r${where} order by ${order(grid, query.sort)}`;
  const paged = `${sql} limit $${values.length + 1} offset $${values.length + 2}`;
  return { sql: paged, values: [...values, query.limit, query.offset] };
}

export function countSql(grid: GridDefinition, inner: GridSql, query: GridQuery): GridSql {
  const { where, values } = conditions(grid, inner, query);
  return { sql: `select count(*)::integer as total from (${inner.sql}) r${where}`, values };
}

function expression({ name, sql }: GridColumn): string {
  return sql ?? `r."${name}"`;
}

/** Times leave as they are on the plan's clock, whatever zone this process or the database is in. */
function shown(column: GridColumn): string {
  if (column.type === 'date') return `to_char(${expression(column)}, 'YYYY-MM-DD')`;
  if (column.type === 'datetime') return `to_char(${expression(column)}, 'YYYY-MM-DD"T"HH24:MI')`;
  return expression(column);
}

function order(grid: GridDefinition, wanted: string): string {
  const parts = (wanted || grid.sort).split(',').map((part) => {
    const descending = part.startsWith('-');
    const column = columnOf(grid, part.slice(descending ? 1 : 0));
    return `${expression(column)} ${descending ? 'desc nulls last' : 'asc nulls last'}`;
  });
  return [...parts, `r."${grid.key}"`].join(', ');
}

function conditions(grid: GridDefinition, inner: GridSql, query: GridQuery): { where: string; values: SqlValue[] } {
  const values: SqlValue[] = [...inner.values];
  const parameter = (value: SqlValue) => `$${values.push(value)}`;
  const all = parseFilters(grid, query.filter).map((filter) =>
    condition(columnOf(grid, filter.column), filter, parameter),
  );
  if (query.search.trim()) all.push(searched(grid, query.search, parameter));
  return { where: all.length > 0 ? ` where ${all.join(' and ')}` : '', values };
}

type Parameter = (value: SqlValue) => string;

/** Every word is somewhere in the row's texts. */
function searched(grid: GridDefinition, search: string, parameter: Parameter): string {
  const texts = grid.columns.filter(({ type }) => type === 'text' || type === 'choice').map(expression);
  const row = `concat_ws(' ', ${texts.join(', ')})`;
  const words = search.trim().split(/\s+/).slice(0, 10);
  return words.map((word) => `${row} ilike ${parameter(`%${escapeLike(word)}%`)}`).join(' and ');
}

const TEXTS = new Set(['text', 'choice', 'list']);
const DATES = new Set(['date', 'datetime']);

function condition(column: GridColumn, { operator, value }: Filter, parameter: Parameter): string {
  const sql = expression(column);
  if (operator === 'empty' || operator === 'not empty') {
    const empty = TEXTS.has(column.type) ? `coalesce((${sql})::text, '') = ''` : `(${sql}) is null`;
    return operator === 'empty' ? empty : `not (${empty})`;
  }
  if (value === undefined) throw refuse(`The filter of ${column.name} has no value.`);
  if (operator === 'contains') return `(${sql})::text ilike ${parameter(`%${escapeLike(String(value))}%`)}`;
  if (operator === 'in') {
    const list = (Array.isArray(value) ? value : [value]).map((each) => String(typed(column, each as string)));
    return `(${sql})::text = any(${parameter(list)}::text[])`;
  }
  if (Array.isArray(value)) throw refuse(`The filter of ${column.name} takes one value.`);
  const right = typed(column, value);
  const cast = DATES.has(column.type) ? '::timestamp' : '';
  if (operator === 'is') return `(${sql}) = ${parameter(right)}${cast}`;
  if (operator === 'is not') return `(${sql}) is distinct from ${parameter(right)}${cast}`;
  return `(${sql}) ${operator} ${parameter(right)}${cast}`;
}

function typed({ name, type }: GridColumn, value: string | number | boolean): SqlValue {
  if (TEXTS.has(type)) return String(value);
  if (type === 'boolean') return value === true || value === 'true';
  if (DATES.has(type)) {
    if (/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$/.test(String(value)) && !Number.isNaN(Date.parse(String(value))))
      return String(value);
    throw refuse(`"${value}" is no date; ${name} takes 2026-03-02 or 2026-03-02T08:00.`);
  }
  const number = Number(value);
  if (typeof value !== 'boolean' && String(value).trim() !== '' && Number.isFinite(number)) return number;
  throw refuse(`"${value}" is no number; ${name} takes numbers.`);
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
