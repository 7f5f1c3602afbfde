// The rows of one model: ascending ids, a map by id, and an index per many2one built when a query first wants it.
// Rows are changed through `put` and `delete` only, so that the indexes stay true.

import type { Row, Value } from '../values.ts';

export class Table {
  readonly model: string;
  /** Ascending. */
  readonly ids: number[] = [];
  readonly #rows = new Map<number, Row>();
  readonly #indexes = new Map<string, Map<Value, number[]>>();
  #nextId = 1;

  constructor(model: string) {
    this.model = model;
  }

  get size(): number {
    return this.ids.length;
  }

  get nextId(): number {
    return this.#nextId;
  }

  set nextId(id: number) {
    this.#nextId = id;
  }

  get(id: number): Row | undefined {
    return this.#rows.get(id);
  }

  has(id: number): boolean {
    return this.#rows.has(id);
  }

  *rows(): IterableIterator<Row> {
    for (const id of this.ids) yield this.#rows.get(id)!;
  }

  /** Adds a row without regard to the order of ids; `sort` ends a series of these. */
  append(row: Row): void {
    if (!this.#rows.has(row.id)) this.ids.push(row.id);
    this.#rows.set(row.id, row);
    if (row.id >= this.#nextId) this.#nextId = row.id + 1;
  }

  sort(): void {
    for (let i = 1; i < this.ids.length; i++) {
      if (this.ids[i]! < this.ids[i - 1]!) {
        this.ids.sort((a, b) => a - b);
        break;
      }
    }
    this.#indexes.clear();
  }

  /** Inserts or replaces a row. */
  put(row: Row): void {
    const before = this.#rows.get(row.id);
    this.#rows.set(row.id, row);
    if (!before) {
      insertSorted(this.ids, row.id);
      if (row.id >= this.#nextId) this.#nextId = row.id + 1;
    }
    for (const [field, index] of this.#indexes) {
      const from = before?.[field];
      const to = row[field];
      if (before && from === to) continue;
      if (before && from !== undefined) removeFrom(index, from, row.id);
      if (to !== undefined) addTo(index, to, row.id);
    }
  }

  delete(id: number): void {
    const before = this.#rows.get(id);
    if (!before) return;
    this.#rows.delete(id);
    const at = lowerBound(this.ids, id);
    this.ids.splice(at, 1);
    for (const [field, index] of this.#indexes) {
      const from = before[field];
      if (from !== undefined) removeFrom(index, from, id);
    }
  }

  /** Ids by stored value of a field, each list ascending. */
  index(field: string): ReadonlyMap<Value, readonly number[]> {
    let index = this.#indexes.get(field);
    if (!index) {
      index = new Map();
      for (const id of this.ids) {
        const value = this.#rows.get(id)![field];
        if (value === undefined) continue;
        const ids = index.get(value);
        if (ids) ids.push(id);
        else index.set(value, [id]);
      }
      this.#indexes.set(field, index);
    }
    return index;
  }
}

/** Position of the first id that is not less than `id`. */
export function lowerBound(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertSorted(ids: number[], id: number): void {
  if (ids.length === 0 || ids[ids.length - 1]! < id) ids.push(id);
  else ids.splice(lowerBound(ids, id), 0, id);
}

function addTo(index: Map<Value, number[]>, value: Value, id: number): void {
  const ids = index.get(value);
  if (ids) insertSorted(ids, id);
  else index.set(value, [id]);
}

function removeFrom(index: Map<Value, number[]>, value: Value, id: number): void {
  const ids = index.get(value);
  if (!ids) return;
  const at = lowerBound(ids, id);
  if (ids[at] === id) ids.splice(at, 1);
}
