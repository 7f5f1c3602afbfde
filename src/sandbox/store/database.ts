// All tables of one sandbox, with what belongs to no row: costs by company, translations, names of records outside the data set.
// Changes go through `put` and `remove`, inside `transaction`: a call that fails leaves nothing behind, and `reset` undoes everything.

import type { Model, Row, Value } from '../values.ts';
import { Table } from './table.ts';

export interface Change {
  kind: 'create' | 'write' | 'unlink';
  model: string;
  id: number;
  /** The call that made it, for example `purchase.order.create`. */
  call: string;
  uid: number;
  /** Changed fields only; absent for a created record. */
  before?: Record<string, Value | undefined>;
  /** Changed fields only; absent for a deleted record. */
  after?: Record<string, Value | undefined>;
}

export interface Names {
  name?: string;
  display_name?: string;
}

/** Translations of `name` and `display_name`: language → model → id. */
export type Translations = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, Names>>>;

interface Touched {
  model: string;
  id: number;
  before: Row | undefined;
}

export class Database {
  readonly models: ReadonlyMap<string, Model>;
  readonly translations: Translations;
  /** Costs by company, then product; what a data set says of `standard_price`. Written costs live in `put` rows. */
  readonly costs: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** Display names of records that the data set mentions but does not hold: model → id. */
  readonly outsideNames: ReadonlyMap<string, ReadonlyMap<number, string>>;
  readonly #tables = new Map<string, Table>();
  readonly #firstIds = new Map<string, number>();
  /** Rows as they were when the data set was loaded. */
  readonly #origin = new Map<string, Touched>();
  readonly #changes: Change[] = [];
  #open: Map<string, Touched> | null = null;
  #version = 0;
  readonly #memo = new Map<string, unknown>();

  constructor(options: {
    models: ReadonlyMap<string, Model>;
    tables: Iterable<Table>;
    translations?: Translations;
    costs?: ReadonlyMap<number, ReadonlyMap<number, number>>;
    outsideNames?: ReadonlyMap<string, ReadonlyMap<number, string>>;
  }) {
    this.models = options.models;
    this.translations = options.translations ?? new Map();
    this.costs = options.costs ?? new Map();
    this.outsideNames = options.outsideNames ?? new Map();
    for (const table of options.tables) this.#tables.set(table.model, table);
    for (const model of this.models.keys()) if (!this.#tables.has(model)) this.#tables.set(model, new Table(model));
    for (const [model, table] of this.#tables) this.#firstIds.set(model, table.nextId);
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  table(model: string): Table {
    const table = this.#tables.get(model);
    if (!table) throw new Error(`no table for ${model}`);
    return table;
  }

  hasTable(model: string): boolean {
    return this.#tables.has(model);
  }

  /** Something computed from the data, kept until the data changes. */
  memo<T>(key: string, compute: () => T): T {
    if (this.#memo.has(key)) return this.#memo.get(key) as T;
    const value = compute();
    this.#memo.set(key, value);
    return value;
  }

  /** Runs one call: all of its changes, or none. Nested calls join the outer one. */
  transaction<T>(call: string, uid: number, run: () => T): T {
    if (this.#open) return run();
    const touched = new Map<string, Touched>();
    this.#open = touched;
    try {
      const result = run();
      this.#record(touched, call, uid);
      return result;
    } catch (error) {
      for (const entry of touched.values()) this.#restore(entry);
      throw error;
    } finally {
      this.#open = null;
    }
  }

  put(model: string, row: Row): void {
    const table = this.table(model);
    this.#touch(model, row.id);
    table.put(row);
    this.#changed();
  }

  remove(model: string, id: number): void {
    this.#touch(model, id);
    this.table(model).delete(id);
    this.#changed();
  }

  /** What calls have changed since the start or the last `reset`, oldest first. */
  changes(): readonly Change[] {
    return this.#changes;
  }

  /** Back to the data set as it was loaded. */
  reset(): void {
    for (const entry of this.#origin.values()) this.#restore(entry);
    this.#origin.clear();
    this.#changes.length = 0;
    for (const [model, id] of this.#firstIds) this.table(model).nextId = id;
    this.#changed();
  }

  #touch(model: string, id: number): void {
    const key = `${model},${id}`;
    const entry = { model, id, before: this.table(model).get(id) };
    if (this.#open && !this.#open.has(key)) this.#open.set(key, entry);
    if (!this.#origin.has(key)) this.#origin.set(key, entry);
  }

  #restore(entry: Touched): void {
    const table = this.table(entry.model);
    if (entry.before) table.put(entry.before);
    else table.delete(entry.id);
    this.#changed();
  }

  #changed(): void {
    this.#version++;
    this.#memo.clear();
  }

  #record(touched: ReadonlyMap<string, Touched>, call: string, uid: number): void {
    for (const { model, id, before } of touched.values()) {
      const after = this.table(model).get(id);
      if (!before && !after) continue;
      if (!before) this.#changes.push({ kind: 'create', model, id, call, uid, after: { ...after } });
      else if (!after) this.#changes.push({ kind: 'unlink', model, id, call, uid, before: { ...before } });
      else {
        const was: Record<string, Value | undefined> = {};
        const is: Record<string, Value | undefined> = {};
        for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
          if (field === 'write_date' || same(before[field], after[field])) continue;
          was[field] = before[field];
          is[field] = after[field];
        }
        if (Object.keys(is).length > 0) {
          this.#changes.push({ kind: 'write', model, id, call, uid, before: was, after: is });
        }
      }
    }
  }
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((id, i) => id === b[i]);
}
