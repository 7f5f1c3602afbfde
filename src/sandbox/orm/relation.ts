// Leaves on relations: by id, by name, by a condition on the other record, by place in a tree.

import { invalidLeaf } from '../faults.ts';
import type { Field, Model, RawDomain, Row, Value } from '../values.ts';
import { isToMany } from '../values.ts';
import type { Leaf } from './domain.ts';
import type { Env } from './env.ts';
import { modelOf } from './env.ts';
import { nameSearchIds } from './names.ts';
import { ascending, hideArchived, type Predicate } from './predicate.ts';
import { search } from './search.ts';
import { getter } from './value.ts';

export function relationTest(env: Env, model: Model, field: Field, leaf: Leaf): Predicate {
  const operator = leaf.operator;
  const value = leaf.value === null || leaf.value === undefined ? false : leaf.value;
  if (operator === 'child_of' || operator === 'parent_of') return treeTest(env, model, field, operator, value);
  if (field.type === 'one2many' && value === false && (operator === '=' || operator === '!=')) {
    return { test: hasLines(env, field, operator === '!=') };
  }
  switch (operator) {
    case 'any':
    case 'not any': {
      const ids = matching(env, field, value as RawDomain);
      return operator === 'any'
        ? holdsOneOf(env, model, field, ids, false)
        : holdsNoneOf(env, model, field, ids, false);
    }
    case '=?':
      return value === false
        ? { test: () => true }
        : holdsOneOf(env, model, field, idsOf(env, field, '=', [value]), false);
    case '=':
    case 'in': {
      const values = Array.isArray(value) ? value : [value];
      return holdsOneOf(env, model, field, idsOf(env, field, '=', values), asksForEmpty(field, operator, values));
    }
    case '!=':
    case 'not in': {
      const values = Array.isArray(value) ? value : [value];
      return holdsNoneOf(env, model, field, idsOf(env, field, '=', values), asksForEmpty(field, operator, values));
    }
    case 'like':
    case 'ilike':
    case '=like':
    case '=ilike':
      return holdsOneOf(env, model, field, namedIds(env, field, value, operator), false);
    case 'not like':
    case 'not ilike': {
      return holdsNoneOf(env, model, field, namedIds(env, field, value, operator.slice(4)), false);
    }
    default: {
      if (isToMany(field)) throw invalidLeaf([leaf.path, operator, leaf.value]);
      return compareIds(env, model, field, operator, value);
    }
  }
}

/** In a list, False stands for an empty many2one; of x2many fields it says nothing. */
function asksForEmpty(field: Field, operator: string, values: readonly unknown[]): boolean {
  if (isToMany(field) && operator.endsWith('in')) return false;
  return values.some(isEmpty);
}

function isEmpty(value: unknown): boolean {
  return value === false || value === null;
}

/** Ids that the values mean; a text is a name. */
function idsOf(env: Env, field: Field, operator: string, values: readonly unknown[]): Set<number> {
  const ids = new Set<number>();
  for (const value of values) {
    if (typeof value === 'number') ids.add(value);
    else if (typeof value === 'string') for (const id of namedIds(env, field, value, operator)) ids.add(id);
  }
  return ids;
}

/** Whether there is a line at all: archived ones count, and so do those that the field itself would not show. */
function hasLines(env: Env, field: Field, wanted: boolean): (row: Row) => boolean {
  const { relation = '', relationField = '' } = field;
  const inverse = env.db.models.get(relation)?.fields.get(relationField);
  if (!inverse?.stored) return (row) => idsOfRow(row[field.name]).length > 0 === wanted;
  const index = env.db.table(relation).index(relationField);
  return (row) => (index.get(row.id)?.length ?? 0) > 0 === wanted;
}

function idsOfRow(value: Value | undefined): readonly number[] {
  return Array.isArray(value) ? value : [];
}

/** Records of that name; behind a many2one archived ones count too. */
function namedIds(env: Env, field: Field, value: unknown, operator: string): Set<number> {
  const scope = field.type === 'many2one' ? hideArchived(env, false) : env;
  return new Set(nameSearchIds(scope, field.relation!, String(value || ''), operator));
}

/** Ids of the other model that fulfil a domain, kept while the data stays the same. */
function matching(env: Env, field: Field, domain: RawDomain): ReadonlySet<number> {
  const scope = hideArchived(env, field.type !== 'many2one' && env.context.active_test !== false);
  const key = JSON.stringify([
    field.relation,
    domain,
    scope.companies,
    scope.superuser,
    scope.context.active_test,
    env.lang,
  ]);
  return env.db.memo(
    `any ${key}`,
    () => new Set(search(scope, modelOf(env, field.relation!), domain, { order: 'id' })),
  );
}

function holdsOneOf(env: Env, model: Model, field: Field, ids: ReadonlySet<number>, orEmpty: boolean): Predicate {
  const get = getter(env, model, field);
  if (isToMany(field)) {
    return {
      test: (row) => {
        const held = get(row) as readonly number[];
        return (orEmpty && held.length === 0) || held.some((id) => ids.has(id));
      },
    };
  }
  const predicate: Predicate = {
    test: (row) => {
      const held = get(row);
      return held === false ? orEmpty : ids.has(held as number);
    },
  };
  if (field.name !== 'id' && field.stored && !field.related && !orEmpty) {
    predicate.candidates = byIndex(env, model, field, ids);
  } else if (field.related && field.stored && !orEmpty && isLoaded(env, model, field)) {
    predicate.candidates = byIndex(env, model, field, ids);
  }
  return predicate;
}

/** A stored copy can be looked up where the data set brought it along. */
function isLoaded(env: Env, model: Model, field: Field): boolean {
  const table = env.db.table(model.name);
  const first = table.ids[0];
  const last = table.ids.at(-1);
  if (first === undefined || last === undefined) return false;
  return table.get(first)?.[field.name] !== undefined && table.get(last)?.[field.name] !== undefined;
}

function byIndex(
  env: Env,
  model: Model,
  field: Field,
  ids: ReadonlySet<number>,
): { count: number; ids: () => number[] } {
  const table = env.db.table(model.name);
  // Many wanted ids against a table: looking them all up costs more than it saves.
  if (ids.size > 1000 && ids.size * 2 > table.size)
    return { count: Number.POSITIVE_INFINITY, ids: () => [...table.ids] };
  const index = table.index(field.name);
  let count = 0;
  for (const id of ids) count += index.get(id)?.length ?? 0;
  return {
    count,
    ids: () => {
      const found: number[] = [];
      for (const id of ids) for (const row of index.get(id) ?? []) found.push(row);
      return ascending(found);
    },
  };
}

function holdsNoneOf(env: Env, model: Model, field: Field, ids: ReadonlySet<number>, norEmpty: boolean): Predicate {
  const get = getter(env, model, field);
  if (isToMany(field)) {
    return {
      test: (row) => {
        const held = get(row) as readonly number[];
        return !(norEmpty && held.length === 0) && !held.some((id) => ids.has(id));
      },
    };
  }
  return {
    test: (row) => {
      const held = get(row);
      return held === false ? !norEmpty : !ids.has(held as number);
    },
  };
}

function compareIds(env: Env, model: Model, field: Field, operator: string, value: unknown): Predicate {
  const get = getter(env, model, field);
  const number = Number(value);
  const compare: Record<string, (id: number) => boolean> = {
    '<': (id) => id < number,
    '<=': (id) => id <= number,
    '>': (id) => id > number,
    '>=': (id) => id >= number,
  };
  const test = compare[operator] ?? (() => false);
  return { test: (row) => typeof get(row) === 'number' && test(get(row) as number) };
}

function treeTest(env: Env, model: Model, field: Field, operator: string, value: unknown): Predicate {
  const comodel = field.name === 'id' ? model : modelOf(env, field.relation!);
  const self: Field = field.name === 'id' ? { ...field, relation: model.name } : field;
  const roots = idsOf(env, self, 'ilike', Array.isArray(value) ? value : [value]);
  // A relation of a model to itself is the tree: the records themselves are sought in it.
  const ownTree = field.name === 'id' || (field.relation === model.name && field.type === 'many2one');
  const parent = ownTree && field.name !== 'id' ? field.name : comodel.parent;
  const ids =
    parent === null
      ? roots
      : operator === 'child_of'
        ? below(env, comodel, parent, roots)
        : above(env, comodel, parent, roots);
  if (ownTree) {
    return { test: (row: Row) => ids.has(row.id), candidates: { count: ids.size, ids: () => ascending(ids) } };
  }
  return holdsOneOf(env, model, field, ids, false);
}

function below(env: Env, model: Model, parent: string, roots: ReadonlySet<number>): Set<number> {
  const index = env.db.table(model.name).index(parent);
  const found = new Set<number>(roots);
  for (const id of found) for (const child of index.get(id) ?? []) found.add(child);
  return found;
}

function above(env: Env, model: Model, parent: string, roots: ReadonlySet<number>): Set<number> {
  const table = env.db.table(model.name);
  const found = new Set<number>(roots);
  for (const id of found) {
    const up: Value | undefined = table.get(id)?.[parent];
    if (typeof up === 'number') found.add(up);
  }
  return found;
}
