// Reads history: CSV with a head line (item, location, customer, date, quantity in any order), or the demands of a plan
// document (open and closed ones; what is only quoted or was canceled is no sale). Streams.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type Info, parse } from 'csv-parse';
import { readPlanFile } from '../../connector/document/reader.ts';
import { parseDate } from '../../connector/document/reader-values.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { PlanTime } from '../model.ts';
import { NO_OWNERS, type Owners } from './address.ts';
import type { SalesRow } from './history.ts';

export interface HistoryFile {
  /** Current date of a plan document; null for a CSV, which has none. */
  current: PlanTime | null;
  /** Of the last sale. */
  last: PlanTime;
  owners: Owners;
}

/** @throws PlanbridgeError PB_FILE, PB_PLAN_DOCUMENT, PB_REQUEST_ARGUMENT with the line of what is wrong */
export async function readHistoryFile(
  path: string,
  take: (row: SalesRow) => void,
  signal?: AbortSignal,
): Promise<HistoryFile> {
  if (/\.xml(\.gz)?$/i.test(path)) return await readDocument(path, take, signal);
  let last = 0;
  for await (const { cells, line } of csvRecords(path, ['item', 'date', 'quantity'], signal)) {
    const row: SalesRow = {
      item: cells.item!,
      location: cells.location ?? '',
      customer: cells.customer ?? '',
      date: dateOf(path, line, cells.date!),
      quantity: numberOf(path, line, 'quantity', cells.quantity!),
    };
    if (row.item === '') throw wrong(path, line, 'item is empty');
    last = Math.max(last, row.date);
    take(row);
  }
  return { current: null, last, owners: NO_OWNERS };
}

async function readDocument(path: string, take: (row: SalesRow) => void, signal?: AbortSignal): Promise<HistoryFile> {
  const owners = { item: new Map(), location: new Map(), customer: new Map() } satisfies Owners;
  let current: PlanTime | null = null;
  let last = 0;
  await readPlanFile(
    path,
    {
      header: (header) => {
        current = header.current ?? current;
      },
      entity: ({ entity, value }) => {
        if (entity === 'item' || entity === 'location' || entity === 'customer') {
          if (value.owner !== undefined) owners[entity].set(value.name, value.owner);
        } else if (entity === 'demand') {
          const status = value.status ?? value.owner?.status ?? 'open';
          if (status !== 'open' && status !== 'closed') return;
          const { item, location = '', customer = '', due, quantity, name } = value;
          if (item === undefined || due === undefined) return;
          last = Math.max(last, due);
          take({ item, location, customer, date: due, quantity: quantity ?? 1, name });
        }
      },
    },
    { signal },
  );
  return { current, last, owners };
}

interface CsvRecord {
  cells: Record<string, string>;
  line: number;
}

/** Records of a CSV file with the columns named in its head line, whatever their case. */
export async function* csvRecords(
  path: string,
  required: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<CsvRecord> {
  const source = createReadStream(path, { signal });
  const text = /\.gz$/i.test(path) ? source.pipe(createGunzip()) : source;
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    info: true,
    delimiter: [',', ';', '\t'],
    relax_column_count_less: true,
    columns: (head: string[]) => {
      const columns = head.map((name) => name.trim().toLowerCase());
      const missing = required.filter((name) => !columns.includes(name));
      if (missing.length > 0) throw wrong(path, 1, `there is no column "${missing.join('", "')}"`);
      return columns;
    },
  });
  source.on('error', (error) => parser.destroy(error));
  text.on('error', (error: Error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Record<string, string>; info: Info }>) {
      for (const name of required) {
        if (record[name] === undefined) throw wrong(path, info.lines, `${name} is missing`);
      }
      yield { cells: record, line: info.lines };
    }
  } catch (cause) {
    const error = cause as Error & { code?: string; lines?: number };
    if (error.code === 'ENOENT')
      throw new PlanbridgeError('PB_FILE', 400, `${path}: there is no such file.`, { cause });
    if (error.code?.startsWith('CSV_')) throw wrong(path, error.lines ?? 0, error.message);
    throw cause;
  } finally {
    source.destroy();
  }
}

export function dateOf(path: string, line: number, text: string): PlanTime {
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? parseDate(text.replace(' ', 'T')) : undefined;
  if (date === undefined || Number.isNaN(date)) {
    throw wrong(path, line, `date "${text.slice(0, 40)}" is expected as 2026-01-31`);
  }
  return date;
}

export function numberOf(path: string, line: number, what: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) {
    throw wrong(path, line, `${what} "${text.slice(0, 40)}" is no number (a decimal point, no thousands)`);
  }
  return value;
}

function wrong(path: string, line: number, what: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `${path}, line ${line}: ${what}.`, {
    remedy: 'Correct the file; it has a head line with item, location, customer, date and quantity.',
  });
}
