// Finding records: the domain, the hiding of archived ones, the record rules, an order and a page of it.
// Pages by ascending id stop as soon as they are full; indexes keep the work in proportion to the result.

import { readRule } from '../access/rules.ts';
import { lowerBound } from '../store/table.ts';
import type { Model, RawDomain, Row } from '../values.ts';
import { mentionsActive, parseDomain } from './domain.ts';
import { activeTest, type Env } from './env.ts';
import { comparator } from './order.ts';
import { compileNode, every, type Predicate } from './predicate.ts';

export interface SearchOptions {
  order?: string;
  limit?: number | null;
  offset?: number;
}

/** Ids of the records that a user finds. */
export function search(env: Env, model: Model, domain: RawDomain, options: SearchOptions = {}): number[] {
  const predicate = compileDomain(env, model, domain);
  const order = options.order || model.order;
  const offset = options.offset ?? 0;
  const limit = options.limit || Number.POSITIVE_INFINITY;
  if (/^\s*id(\s+asc)?\s*$/i.test(order)) return page(scan(env, model, predicate, offset + limit), offset, limit);
  const found = scan(env, model, predicate, Number.POSITIVE_INFINITY);
  if (/^\s*id\s+desc\s*$/i.test(order)) return page(found.reverse(), offset, limit);
  const table = env.db.table(model.name);
  const rows = found.map((id) => table.get(id)!);
  rows.sort(comparator(env, model, order));
  return page(rows, offset, limit).map((row) => row.id);
}

export function count(env: Env, model: Model, domain: RawDomain, limit?: number | null): number {
  return scan(env, model, compileDomain(env, model, domain), limit || Number.POSITIVE_INFINITY).length;
}

export function compileDomain(env: Env, model: Model, domain: RawDomain): Predicate {
  const parts = [compileNode(env, model, parseDomain(domain))];
  if (activeTest(env) && model.fields.has('active') && !mentionsActive(domain)) {
    parts.push({ test: (row) => row.active !== false });
  }
  const rule = readRule(env, model);
  if (rule) parts.push({ test: rule });
  return every(parts);
}

function page<T>(items: readonly T[], offset: number, limit: number): T[] {
  return items.slice(offset, offset + limit);
}

/** Matching ids in ascending order, at most `most`. */
function scan(env: Env, model: Model, predicate: Predicate, most: number): number[] {
  const table = env.db.table(model.name);
  const after = predicate.after ?? Number.NEGATIVE_INFINITY;
  const { candidates, test } = predicate;
  const useCandidates = candidates !== undefined && candidates.count < table.size / 2;
  const ids = useCandidates ? candidates.ids() : table.ids;
  const found: number[] = [];
  for (let i = lowerBound(ids, after); i < ids.length && found.length < most; i++) {
    const id = ids[i]!;
    if (id <= after) continue;
    const row: Row | undefined = table.get(id);
    if (row && test(row)) found.push(id);
  }
  return found;
}
