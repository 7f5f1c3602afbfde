// Data sets into tables: a directory of records as a client of Odoo read them, or rows handed over by a program (SQL, the demo).
// many2one as `[id, name]` or bare id, empty as false or null: both are taken.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlanbridgeError } from '../../errors.ts';
import { getOrAdd } from '../maps.ts';
import { buildModels, type CompactSchema } from '../schema/build.ts';
import { PLAIN_ODOO } from '../schema/plain.ts';
import { FORMATTED_TEXT, SERVICE_MODELS } from '../schema/service.ts';
import type { Field, Model, Row, Value } from '../values.ts';
import { isToMany, NO_IDS } from '../values.ts';
import { Database, type Names } from './database.ts';
import { Table } from './table.ts';

/** Records per model; a row is what `search_read` answers, or a row of SQL with bare ids. */
export type RecordSource = Iterable<Readonly<Record<string, unknown>>>;

/** A data set in memory. */
export interface DataSet {
  records: Readonly<Record<string, RecordSource>>;
  /** `fields_get` per model, as fields.json of a directory. Without it the models are those of a plain Odoo 17. */
  fields?: unknown;
  /** Fields of apps beyond a plain Odoo, in our notation. */
  apps?: readonly CompactSchema[];
  /** company → product → cost. */
  costs?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** language → model → names. */
  names?: Readonly<Record<string, Readonly<Record<string, readonly ({ id: number } & Names)[]>>>>;
  /** For example `17.0`. */
  serverVersion?: string;
}

/** Reads `<directory>/<model>.json` (or `<directory>/records/<model>.json`), with fields.json there or one level up. */
export function readDataSet(directory: string): DataSet {
  const records = existsSync(join(directory, 'records')) ? join(directory, 'records') : directory;
  if (!existsSync(records)) {
    throw new PlanbridgeError('PB_FILE', 500, `There is no directory ${directory}.`, {
      remedy: 'Name a directory with one JSON file per model, such as product.product.json.',
    });
  }
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const set: { -readonly [K in keyof DataSet]: DataSet[K] } = { records: {} };
  const rows: Record<string, RecordSource> = {};
  const names: Record<string, Record<string, ({ id: number } & Names)[]>> = {};
  for (const file of readdirSync(records)) {
    const path = join(records, file);
    const language = /^_names_(\w+)\.json$/.exec(file)?.[1];
    if (language) names[language] = read(path) as Record<string, ({ id: number } & Names)[]>;
    else if (file === '_standard_price_by_company.json') set.costs = read(path) as NonNullable<DataSet['costs']>;
    else if (file === '_meta.json') set.serverVersion = serverVersion(read(path));
    else if (file.endsWith('.json') && !file.startsWith('_') && file !== 'fields.json') {
      rows[file.slice(0, -'.json'.length)] = parseRecords(readFileSync(path, 'utf8'));
    }
  }
  const fields = [join(records, 'fields.json'), join(dirname(records), 'fields.json')].find((path) => existsSync(path));
  if (fields) set.fields = read(fields);
  if (Object.keys(rows).length === 0) {
    throw new PlanbridgeError('PB_FILE', 500, `There are no records in ${records}.`, {
      remedy: 'Name a directory with one JSON file per model, such as product.product.json.',
    });
  }
  set.records = rows;
  set.names = names;
  return set;
}

/** An array of records, or one record a line. */
function parseRecords(text: string): RecordSource {
  if (text.trimStart().startsWith('[')) return JSON.parse(text) as RecordSource & [];
  return text
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function serverVersion(meta: unknown): string | undefined {
  const version = (meta as { serverVersion?: unknown }).serverVersion;
  if (typeof version === 'string') return version;
  return (version as { server_version?: string } | undefined)?.server_version;
}

export function loadDatabase(set: DataSet): Database {
  const models = buildModels({
    described: set.fields,
    plain: PLAIN_ODOO,
    always: [SERVICE_MODELS, FORMATTED_TEXT, ...(set.apps ?? [])],
  });
  const outside = new Map<string, Map<number, string>>();
  const tables: Table[] = [];
  for (const [name, source] of Object.entries(set.records)) {
    const model = models.get(name);
    if (model) tables.push(fillTable(model, source, outside));
  }
  return new Database({
    models,
    tables,
    outsideNames: outside,
    costs: new Map(Object.entries(set.costs ?? {}).map(([company, costs]) => [Number(company), numberKeys(costs)])),
    translations: new Map(
      Object.entries(set.names ?? {}).map(([language, byModel]) => [
        language,
        new Map(Object.entries(byModel).map(([model, rows]) => [model, new Map(rows.map((row) => [row.id, row]))])),
      ]),
    ),
  });
}

function numberKeys(costs: Readonly<Record<string, number>>): Map<number, number> {
  return new Map(Object.entries(costs).map(([id, cost]) => [Number(id), cost]));
}

function fillTable(model: Model, source: RecordSource, outside: Map<string, Map<number, string>>): Table {
  const table = new Table(model.name);
  let shape = '';
  let columns: readonly Field[] = [];
  for (const record of source) {
    // Rows of one source mostly have one shape: the fields are looked up once, and rows share a hidden class.
    const keys = Object.keys(record);
    if (keys.join() !== shape) {
      shape = keys.join();
      columns = keys.flatMap((name) => (name === 'id' ? [] : (model.fields.get(name) ?? [])));
    }
    const row: Row = { id: record.id as number };
    for (const field of columns) row[field.name] = storedValue(field, record[field.name], outside);
    table.append(row);
  }
  table.sort();
  return table;
}

function storedValue(field: Field, value: unknown, outside: Map<string, Map<number, string>>): Value | undefined {
  if (value === undefined) return undefined;
  if (field.type === 'many2one') {
    if (Array.isArray(value)) {
      const [id, name] = value as [number, string];
      getOrAdd(
        getOrAdd(outside, field.relation!, () => new Map<number, string>()),
        id,
        () => name,
      );
      return id;
    }
    return typeof value === 'number' ? value : false;
  }
  if (isToMany(field)) return Array.isArray(value) && value.length > 0 ? (value as number[]) : NO_IDS;
  if (value === null)
    return field.type === 'integer' || field.type === 'float' || field.type === 'monetary' ? 0 : false;
  if (value instanceof Date) return instant(value, field.type === 'date');
  return value as Value;
}

/** Odoo's text of an instant: `2026-11-21 08:30:00`, in UTC. */
export function instant(date: Date, dateOnly = false): string {
  const iso = date.toISOString();
  return dateOnly ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}
