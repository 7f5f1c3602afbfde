// Order clauses as Odoo reads them: `priority desc, name`; many2one by the order of its model; empty values last (first when descending).

import { invalidOrder } from '../faults.ts';
import type { Model, Row, Value } from '../values.ts';
import { cached, type Env } from './env.ts';
import { getter } from './value.ts';

export type Comparator = (a: Row, b: Row) => number;

export function comparator(env: Env, model: Model, order: string): Comparator {
  return cached(env, `order ${model.name} ${order}`, () => compile(env, model, order, 0));
}

function compile(env: Env, model: Model, order: string, depth: number): Comparator {
  const terms = order.split(',').map((term) => compileTerm(env, model, term.trim(), depth));
  return (a, b) => {
    for (const term of terms) {
      const result = term(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}

function compileTerm(env: Env, model: Model, term: string, depth: number): Comparator {
  const match = /^"?(\w+)"?(?:\.id)?(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?$/i.exec(term);
  const field = match ? model.fields.get(match[1]!) : undefined;
  if (!match || !field) throw invalidOrder(term, model.name);
  const descending = match[2]?.toLowerCase() === 'desc';
  const sign = descending ? -1 : 1;
  const emptyFirst = match[3] ? match[3].toLowerCase() === 'first' : descending;
  const get = getter(env, model, field);
  if (field.type === 'many2one' && field.name !== 'id' && depth < 3 && !term.includes('.id')) {
    const byTarget = byRelation(env, field.relation ?? '', depth);
    return (a, b) => compareValues(get(a), get(b), emptyFirst, (x, y) => sign * byTarget(x as number, y as number));
  }
  if (field.type === 'boolean') return (a, b) => sign * (Number(get(a)) - Number(get(b)));
  return (a, b) => compareValues(get(a), get(b), emptyFirst, (x, y) => (x < y ? -sign : x > y ? sign : 0));
}

function compareValues(
  a: Value,
  b: Value,
  emptyFirst: boolean,
  compare: (a: number | string, b: number | string) => number,
): number {
  if (a === b) return 0;
  if (a === false) return emptyFirst ? -1 : 1;
  if (b === false) return emptyFirst ? 1 : -1;
  return compare(a as number | string, b as number | string);
}

function byRelation(env: Env, relation: string, depth: number): (a: number, b: number) => number {
  const comodel = env.db.models.get(relation);
  if (!comodel || !env.db.hasTable(relation)) return (a, b) => a - b;
  const table = env.db.table(relation);
  let compare: Comparator | null = null;
  return (a, b) => {
    const [x, y] = [table.get(a), table.get(b)];
    if (!x || !y) return a - b;
    compare ??= compile(env, comodel, comodel.order, depth + 1);
    return compare(x, y);
  };
}
