// read_group: groups with counts and aggregates, lazy or all levels at once, dates by day, week, month, quarter or year.

import { typeError, unknownField } from '../faults.ts';
import type { Answer, Field, Model, RawDomain, Row, Value } from '../values.ts';
import { isNumeric, isToMany } from '../values.ts';
import type { Env } from './env.ts';
import { type DateGroup, dateGroup, isGranularity } from './granularity.ts';
import { comparator } from './order.ts';
import { search } from './search.ts';
import { displayName, fieldOf, getter } from './value.ts';

export interface GroupRequest {
  domain: RawDomain;
  fields: readonly string[];
  groupBy: readonly string[];
  offset: number;
  limit: number | null;
  order: string | null;
  lazy: boolean;
}

interface Level {
  spec: string;
  field: Field;
  /** Values of a row to group by; several for a many2many. */
  keys: (row: Row) => readonly Value[];
  answer: (key: Value) => Answer;
  domain: (key: Value) => readonly unknown[];
  range?: (key: Value) => { from: string; to: string } | false;
  compare: (a: Value, b: Value) => number;
}

interface Aggregate {
  name: string;
  compute: (rows: readonly Row[]) => Answer;
}

export function readGroup(env: Env, model: Model, request: GroupRequest): Record<string, Answer>[] {
  const table = env.db.table(model.name);
  const rows = search(env, model, request.domain, { order: 'id' }).map((id) => table.get(id)!);
  const specs = request.lazy ? request.groupBy.slice(0, 1) : request.groupBy;
  const levels = specs.map((spec) => levelOf(env, model, spec));
  const aggregates = aggregatesOf(env, model, request.fields, request.groupBy);
  const groups = new Map<string, { keys: readonly Value[]; rows: Row[] }>();
  if (levels.length === 0) groups.set('', { keys: [], rows });
  else {
    for (const row of rows) {
      for (const keys of combinations(levels.map((level) => level.keys(row)))) {
        const key = JSON.stringify(keys);
        const group = groups.get(key);
        if (group) group.rows.push(row);
        else groups.set(key, { keys, rows: [row] });
      }
    }
  }
  const countName = request.lazy && levels.length === 1 ? `${levels[0]!.field.name}_count` : '__count';
  const answers = [...groups.values()].map((group) => {
    const answer: Record<string, Answer> = {};
    levels.forEach((level, i) => {
      answer[level.spec] = level.answer(group.keys[i]!);
    });
    answer[countName] = group.rows.length;
    for (const aggregate of aggregates) answer[aggregate.name] = aggregate.compute(group.rows);
    const own = levels.map((level, i) => level.domain(group.keys[i]!));
    answer.__domain = allOf([...(request.domain.length > 0 ? [request.domain] : []), ...own]) as Answer;
    for (const [i, level] of levels.entries()) {
      if (!level.range) continue;
      const ranges = (answer.__range ?? {}) as Record<string, Answer>;
      answer.__range = { ...ranges, [level.spec]: level.range(group.keys[i]!) };
    }
    if (request.lazy && request.groupBy.length > 1) answer.__context = { group_by: request.groupBy.slice(1) };
    return { keys: group.keys, answer };
  });
  answers.sort((a, b) => {
    const asked = request.order ? byOrder(request.order, a.answer, b.answer) : 0;
    if (asked !== 0) return asked;
    for (const [i, level] of levels.entries()) {
      const result = level.compare(a.keys[i]!, b.keys[i]!);
      if (result !== 0) return result;
    }
    return 0;
  });
  return answers.slice(request.offset, request.offset + (request.limit ?? answers.length)).map((group) => group.answer);
}

/** All of several domains, in prefix notation. */
function allOf(domains: readonly RawDomain[]): RawDomain {
  const parts = domains.map((domain) => {
    // A list of leaves without operators means all of them.
    let missing = -1;
    for (const item of domain) {
      if (item === '&' || item === '|') missing--;
      else if (item !== '!') missing++;
    }
    return [...Array.from({ length: Math.max(0, missing) }, () => '&'), ...domain];
  });
  return [...parts.slice(1).map(() => '&'), ...parts.flat()];
}

function combinations(lists: readonly (readonly Value[])[]): Value[][] {
  return lists.reduce<Value[][]>((all, list) => all.flatMap((head) => list.map((value) => [...head, value])), [[]]);
}

function levelOf(env: Env, model: Model, spec: string): Level {
  const [name = '', granularity] = spec.split(':');
  const field = model.fields.get(name);
  if (!field) throw unknownField(model.name, name);
  const get = getter(env, model, field);
  if (field.type === 'date' || field.type === 'datetime')
    return dateLevel(env, field, spec, get, granularity ?? 'month');
  const plain = (a: Value, b: Value): number => (a === b ? 0 : a === false ? 1 : b === false ? -1 : a < b ? -1 : 1);
  if (field.type === 'many2one' || isToMany(field)) {
    const comodel = env.db.models.get(field.relation!);
    const table = comodel && env.db.hasTable(comodel.name) ? env.db.table(comodel.name) : null;
    const order = comodel ? comparator(env, comodel, comodel.order) : null;
    return {
      spec,
      field,
      keys: isToMany(field)
        ? (row) => {
            const ids = get(row) as readonly number[];
            return ids.length > 0 ? ids : [false];
          }
        : (row) => [get(row)],
      answer: (key) => (typeof key === 'number' ? [key, displayName(env, field.relation!, key)] : false),
      domain: (key) => [[name, '=', key]],
      compare: (a, b) => {
        const [x, y] = [table?.get(a as number), table?.get(b as number)];
        return x && y && order ? order(x, y) || plain(a, b) : plain(a, b);
      },
    };
  }
  return {
    spec,
    field,
    keys: (row) => [get(row)],
    answer: (key) => key,
    domain: (key) => [[name, '=', key]],
    compare: plain,
  };
}

function dateLevel(env: Env, field: Field, spec: string, get: (row: Row) => Value, granularity: string): Level {
  if (!isGranularity(granularity)) throw typeError(`Unknown granularity ${granularity}`);
  const zone = field.type === 'datetime' && typeof env.context.tz === 'string' ? env.context.tz : 'UTC';
  const known = new Map<string, DateGroup>();
  const groupOf = (value: string): DateGroup => {
    const group = dateGroup(value, granularity, field.type === 'datetime', zone, env.lang ?? 'en_US');
    known.set(group.from, group);
    return group;
  };
  return {
    spec,
    field,
    keys: (row) => {
      const value = get(row);
      return [typeof value === 'string' ? groupOf(value).from : false];
    },
    answer: (key) => (typeof key === 'string' ? known.get(key)!.label : false),
    domain: (key) => {
      if (typeof key !== 'string') return [[field.name, '=', false]];
      return ['&', [field.name, '>=', key], [field.name, '<', known.get(key)!.to]];
    },
    range: (key) => (typeof key === 'string' ? { from: key, to: known.get(key)!.to } : false),
    compare: (a, b) => (a === b ? 0 : a === false ? 1 : b === false ? -1 : a < b ? -1 : 1),
  };
}

/** `amount_total`, `amount_total:sum`, `total:sum(amount_total)`; without an operator numbers are summed, the rest is left out. */
function aggregatesOf(env: Env, model: Model, specs: readonly string[], groupBy: readonly string[]): Aggregate[] {
  const grouped = new Set(groupBy.map((spec) => spec.split(':')[0]));
  const wanted = specs.length > 0 ? specs : [...model.fields.values()].filter(summed).map((field) => field.name);
  const aggregates: Aggregate[] = [];
  for (const spec of wanted) {
    const match = /^(\w+)(?::(\w+)(?:\((\w+)\))?)?$/.exec(spec);
    if (!match) throw typeError(`Invalid field specification ${spec}`);
    const [, name = '', operator, inner] = match;
    if (name === '__count') continue;
    const field = fieldOf(model, inner ?? name);
    if (grouped.has(name) || (!operator && !summed(field))) continue;
    const get = getter(env, model, field);
    aggregates.push({ name, compute: (rows) => aggregate(operator ?? 'sum', rows, get, field) });
  }
  return aggregates;
}

function summed(field: Field): boolean {
  return isNumeric(field) && field.stored && field.name !== 'id' && field.name !== 'sequence';
}

function aggregate(operator: string, rows: readonly Row[], get: (row: Row) => Value, field: Field): Answer {
  const values = rows.map(get);
  const set = values.filter((value) => value !== false || field.type === 'boolean');
  switch (operator) {
    case 'count':
      return set.length;
    case 'count_distinct':
      return new Set(set).size;
    case 'sum':
      return (set as number[]).reduce((sum, value) => sum + value, 0);
    case 'avg':
      return set.length === 0 ? false : (set as number[]).reduce((sum, value) => sum + value, 0) / set.length;
    case 'min':
      return set.reduce<Value>((low, value) => (low === false || value < low ? value : low), false);
    case 'max':
      return set.reduce<Value>((high, value) => (high === false || value > high ? value : high), false);
    case 'array_agg':
      return values as Answer[];
    case 'bool_or':
      return values.some(Boolean);
    case 'bool_and':
      return values.every(Boolean);
    default:
      throw typeError(`Unknown aggregate ${operator}`);
  }
}

function byOrder(order: string, a: Record<string, Answer>, b: Record<string, Answer>): number {
  for (const term of order.split(',')) {
    const [spec = '', direction] = term.trim().split(/\s+/);
    const sign = direction?.toLowerCase() === 'desc' ? -1 : 1;
    const [x, y] = [sortKey(a, spec), sortKey(b, spec)];
    if (x === y) continue;
    if (x === false || x === undefined) return sign;
    if (y === false || y === undefined) return -sign;
    return (x as string | number) < (y as string | number) ? -sign : sign;
  }
  return 0;
}

function sortKey(answer: Record<string, Answer>, spec: string): Answer | undefined {
  const range = (answer.__range as Record<string, { from: string } | false> | undefined)?.[spec];
  if (range) return range.from;
  const value = answer[spec] ?? answer[Object.keys(answer).find((key) => key.split(':')[0] === spec) ?? ''];
  return Array.isArray(value) ? (value[1] as string) : value;
}
