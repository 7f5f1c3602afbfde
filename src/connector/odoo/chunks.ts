// Long `in` lists: Odoo takes them, but a proxy may not take the request, and PostgreSQL plans them badly. The longest
// list among the terms that all have to hold is cut; the parts' rows come out in ascending id again, each once.

import { conjuncts } from './domain.ts';
import type { Domain, OdooRow } from './reader.ts';

export interface Chunks {
  /** True: the parts are ranges of `id`, their rows follow each other. False: they have to be merged. */
  ordered: boolean;
  domains: Domain[];
}

export function chunkDomain(domain: Domain, size: number): Chunks {
  const terms = conjuncts(domain);
  let longest = -1;
  let length = size;
  for (const [index, term] of terms.entries()) {
    const values = inValues(term);
    if (values !== null && values.length > length) {
      longest = index;
      length = values.length;
    }
  }
  const [field, , values] = (terms[longest]?.[0] ?? []) as [string?, string?, unknown[]?];
  if (field === undefined || values === undefined) return { ordered: true, domains: [domain] };
  const unique = [...new Set(values)];
  const ordered = field === 'id';
  if (ordered) unique.sort((a, b) => Number(a) - Number(b));
  const rest = terms.filter((_, index) => index !== longest).flat() as Domain;
  const domains: Domain[] = [];
  for (let at = 0; at < unique.length; at += size) {
    domains.push([...rest, [field, 'in', unique.slice(at, at + size)]]);
  }
  return { ordered, domains };
}

function inValues(term: Domain): unknown[] | null {
  const leaf = term.length === 1 ? term[0] : undefined;
  if (!Array.isArray(leaf) || leaf[1] !== 'in' || !Array.isArray(leaf[2])) return null;
  // `false` in the list means "or empty"; on a list of ids it says nothing, elsewhere it stays with one part, which is right.
  return leaf[2] as unknown[];
}

/** Merges sources that each ascend by id; a row that several of them have comes once. */
export async function* mergeById(sources: AsyncIterable<OdooRow[]>[], pageSize: number): AsyncGenerator<OdooRow[]> {
  const heads = await Promise.all(
    sources.map(async (source) => {
      const iterator = source[Symbol.asyncIterator]();
      return { iterator, rows: await nextRows(iterator), at: 0 };
    }),
  );
  let page: OdooRow[] = [];
  let lastId = 0;
  try {
    while (true) {
      let smallest: (typeof heads)[number] | undefined;
      for (const head of heads) {
        if (
          head.rows.length > 0 &&
          (smallest === undefined || head.rows[head.at]!.id < smallest.rows[smallest.at]!.id)
        ) {
          smallest = head;
        }
      }
      if (smallest === undefined) break;
      const row = smallest.rows[smallest.at++]!;
      if (smallest.at === smallest.rows.length) {
        smallest.rows = await nextRows(smallest.iterator);
        smallest.at = 0;
      }
      if (row.id === lastId) continue;
      lastId = row.id;
      page.push(row);
      if (page.length === pageSize) {
        yield page;
        page = [];
      }
    }
    if (page.length > 0) yield page;
  } finally {
    await Promise.all(heads.map((head) => head.iterator.return?.()));
  }
}

async function nextRows(iterator: AsyncIterator<OdooRow[]>): Promise<OdooRow[]> {
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
    if (step.value.length > 0) return step.value;
  }
  return [];
}
