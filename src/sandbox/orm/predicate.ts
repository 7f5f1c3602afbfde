// A domain's tree compiled for one model: a test per row, and, where an index helps, the ids that can match at all.
// Meaning of each operator as Odoo 17 evaluates it in SQL, empty values included.

import { invalidLeaf, unknownFieldInDomain } from '../faults.ts';
import type { Field, Model, Row, Value } from '../values.ts';
import { isNumeric, isRelational, isToMany } from '../values.ts';
import type { DomainNode, Leaf } from './domain.ts';
import { type Env, type Getter, withContext } from './env.ts';
import { likePattern } from './like.ts';
import { relationTest } from './relation.ts';
import { getter } from './value.ts';

export interface Predicate {
  test: (row: Row) => boolean;
  /** Ids that may match, and how many there are; absent when every row has to be looked at. */
  candidates?: { count: number; ids: () => number[] };
  /** The lowest id that can match is above this. */
  after?: number;
}

export const EVERYTHING: Predicate = { test: () => true };
const NOTHING: Predicate = { test: () => false, candidates: { count: 0, ids: () => [] } };

export function compileNode(env: Env, model: Model, node: DomainNode): Predicate {
  switch (node.kind) {
    case 'all':
      return EVERYTHING;
    case 'none':
      return NOTHING;
    case 'not': {
      const { test } = compileNode(env, model, node.part);
      const field = node.part.kind === 'leaf' ? model.fields.get(node.part.path) : undefined;
      if (!field || field.name === 'id' || isToMany(field)) return { test: (row) => !test(row) };
      // What is empty is neither like nor unlike a pattern, neither in a tree nor outside.
      const get = getter(env, model, field);
      return { test: (row) => get(row) !== false && !test(row) };
    }
    case 'and':
      return every(node.parts.map((part) => compileNode(env, model, part)));
    case 'or':
      return some(node.parts.map((part) => compileNode(env, model, part)));
    case 'leaf':
      return compileLeaf(env, model, node);
  }
}

/** All of them; the smallest set of candidates serves. */
export function every(parts: readonly Predicate[]): Predicate {
  const tests = parts.filter((part) => part !== EVERYTHING).map((part) => part.test);
  const predicate: Predicate = {
    test:
      tests.length === 0 ? EVERYTHING.test : tests.length === 1 ? tests[0]! : (row) => tests.every((test) => test(row)),
  };
  for (const { candidates, after } of parts) {
    if (candidates && (!predicate.candidates || candidates.count < predicate.candidates.count)) {
      predicate.candidates = candidates;
    }
    if (after !== undefined) predicate.after = Math.max(after, predicate.after ?? after);
  }
  return predicate;
}

function some(parts: readonly Predicate[]): Predicate {
  const tests = parts.map((part) => part.test);
  const predicate: Predicate = { test: (row) => tests.some((test) => test(row)) };
  if (parts.every((part) => part.candidates)) {
    const all = parts.map((part) => part.candidates!);
    predicate.candidates = {
      count: all.reduce((sum, one) => sum + one.count, 0),
      ids: () => ascending(all.flatMap((one) => one.ids())),
    };
  }
  return predicate;
}

/** Ascending and without repetition. */
export function ascending(ids: Iterable<number>): number[] {
  return [...new Set(Float64Array.from(ids).sort())];
}

function compileLeaf(env: Env, model: Model, leaf: Leaf): Predicate {
  const name = leaf.path;
  const field = model.fields.get(name);
  const written = leaf.written ?? [leaf.path, leaf.operator, leaf.value];
  if (!field) throw unknownFieldInDomain(model.name, name, written);
  if (leaf.operator.endsWith('any') && !isRelational(field)) throw unknownFieldInDomain(model.name, name, written);
  if (name === 'id' && leaf.operator !== 'child_of' && leaf.operator !== 'parent_of') return idTest(env, model, leaf);
  if (name === 'id' || field.type === 'many2one' || isToMany(field)) return relationTest(env, model, field, leaf);
  if (leaf.operator.endsWith('_of')) throw invalidLeaf(written);
  return scalarTest(env, model, field, leaf);
}

function idTest(env: Env, model: Model, leaf: Leaf): Predicate {
  const { operator, value } = leaf;
  if (operator === '=' || operator === 'in') {
    const ids = (Array.isArray(value) ? value : [value]).filter((id): id is number => typeof id === 'number');
    const wanted = new Set(ids);
    const table = env.db.table(model.name);
    return {
      test: (row) => wanted.has(row.id),
      candidates: { count: wanted.size, ids: () => ascending(wanted).filter((id) => table.has(id)) },
    };
  }
  const predicate = scalarTest(env, model, model.fields.get('id')!, leaf);
  if (operator === '>' && typeof value === 'number') predicate.after = value;
  if (operator === '>=' && typeof value === 'number') predicate.after = value - 1;
  return predicate;
}

function scalarTest(env: Env, model: Model, field: Field, leaf: Leaf): Predicate {
  const get = getter(env, model, field);
  const { operator } = leaf;
  const value = leaf.value === null || leaf.value === undefined ? false : leaf.value;
  switch (operator) {
    case '=?':
      return value === false ? EVERYTHING : { test: equals(get, field, value) };
    case '=':
      return { test: equals(get, field, value) };
    case '!=':
      return { test: not(equals(get, field, value)) };
    case 'in':
    case 'not in': {
      if (!Array.isArray(value)) throw invalidLeaf([leaf.path, operator, leaf.value]);
      const wanted = new Set<unknown>(value.map((item) => comparable(field, item ?? false, '=')));
      const test = (row: Row): boolean => wanted.has(get(row));
      return { test: operator === 'in' ? test : not(test) };
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { test: compares(get, operator, comparable(field, value, operator) as Value) };
    default:
      return { test: likeTest(get, operator, value) };
  }
}

function not(test: (row: Row) => boolean): (row: Row) => boolean {
  return (row) => !test(row);
}

function equals(get: Getter, field: Field, value: unknown): (row: Row) => boolean {
  const wanted = comparable(field, value, '=');
  if (field.type === 'boolean') {
    const truth = Boolean(wanted);
    return (row) => Boolean(get(row)) === truth;
  }
  // Empty numbers are read as 0; Odoo's `= False` asks for those that were never set.
  if (isNumeric(field) && wanted === false) return (row) => get(row) === 0 && field.name !== 'id';
  return (row) => get(row) === wanted;
}

/** A date stands for its first second in a comparison with a time; for its last one after `>` and `<=`. */
export function comparable(field: Field, value: unknown, operator: string): unknown {
  if (field.type === 'datetime' && typeof value === 'string') {
    if (value.length === 10) return `${value} ${operator === '>' || operator === '<=' ? '23:59:59' : '00:00:00'}`;
    return value.replace('T', ' ').slice(0, 19);
  }
  if (field.type === 'date' && typeof value === 'string') return value.slice(0, 10);
  if (isNumeric(field) && typeof value === 'string' && value.trim() !== '') return Number(value);
  if ((field.type === 'char' || field.type === 'text' || field.type === 'selection') && typeof value === 'number') {
    return String(value);
  }
  return value;
}

function compares(get: Getter, operator: string, value: Value): (row: Row) => boolean {
  const both = (row: Row): Value | undefined => {
    const own = get(row);
    return own === false || typeof own !== typeof value ? undefined : own;
  };
  switch (operator) {
    case '<':
      return (row) => both(row)! < value;
    case '<=':
      return (row) => both(row)! <= value;
    case '>':
      return (row) => both(row)! > value;
    default:
      return (row) => both(row)! >= value;
  }
}

export function likeTest(get: Getter, operator: string, value: unknown): (row: Row) => boolean {
  const negative = operator.startsWith('not ');
  // Odoo leaves `like ''` out, so that it holds for empty values too.
  const everything = !operator.startsWith('=') && (value === false || value === '');
  const pattern = likePattern(value, negative ? operator.slice(4) : operator);
  return (row) => {
    const own = get(row);
    const text = own === false || own === undefined ? null : String(own);
    if (negative) return text === null || !pattern.test(text);
    return everything || (text !== null && pattern.test(text));
  };
}

/** The call with archived records hidden, or shown. */
export function hideArchived(env: Env, hide: boolean): Env {
  return (env.context.active_test !== false) === hide ? env : withContext(env, { active_test: hide });
}
