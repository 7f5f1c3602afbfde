// A grid as a file, in the columns and order that the screen shows: CSV of any length in pieces, XLSX up to what a sheet holds.
import writeXlsxFile from 'write-excel-file/node';
import { PlanbridgeError } from '../../errors.ts';
import type { GridColumn } from './grid.ts';

export type GridRow = Readonly<Record<string, unknown>>;

/** What spreadsheets would take for a formula is kept a text (OWASP: CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: unknown, { type }: GridColumn): string {
  if (value === null || value === undefined) return '';
  const text = Array.isArray(value)
    ? value.join(', ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  const safe = (type === 'text' || type === 'list') && FORMULA.test(text) ? `'${text}` : text;
  return /[",;\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** With a byte order mark: Excel then reads it as UTF-8. */
export async function* csvOf(
  columns: readonly GridColumn[],
  pages: AsyncIterable<readonly GridRow[]>,
): AsyncGenerator<string> {
  yield `\ufeff${columns.map(({ title }) => csvCell(title, { name: '', title, type: 'text' })).join(',')}\r\n`;
  for await (const page of pages) {
    yield page.map((row) => `${columns.map((column) => csvCell(row[column.name], column)).join(',')}\r\n`).join('');
  }
}

const MOST_ROWS = 100_000;

/** @throws PlanbridgeError PB_REQUEST_TOO_LARGE beyond 100,000 rows */
export async function xlsxOf(
  title: string,
  columns: readonly GridColumn[],
  pages: AsyncIterable<readonly GridRow[]>,
): Promise<Buffer> {
  const rows: object[][] = [columns.map((column) => ({ value: column.title, type: String, fontWeight: 'bold' }))];
  for await (const page of pages) {
    for (const row of page) rows.push(columns.map((column) => xlsxCell(row[column.name], column)));
    if (rows.length > MOST_ROWS) {
      throw new PlanbridgeError('PB_REQUEST_TOO_LARGE', 413, 'A sheet of more than 100,000 rows is not made.', {
        remedy: 'Filter the grid, or take CSV.',
      });
    }
  }
  const widths = columns.map(({ type }) => ({ width: type === 'text' || type === 'list' ? 28 : 16 }));
  const sheet = { columns: widths, sheet: title.replace(/[\\/*?:[\]]/g, ' ').slice(0, 31), stickyRowsCount: 1 };
  return await (writeXlsxFile(rows as never, sheet as never) as unknown as { toBuffer(): Promise<Buffer> }).toBuffer();
}

function xlsxCell(value: unknown, { type }: GridColumn): object {
  if (value === null || value === undefined) return {};
  switch (type) {
    case 'number':
    case 'quantity':
    case 'money':
    case 'duration':
      return { value: Number(value), type: Number };
    case 'boolean':
      return { value: value === true, type: Boolean };
    case 'date':
      return { value: new Date(`${String(value)}Z`), type: Date, format: 'yyyy-mm-dd' };
    case 'datetime':
      return { value: new Date(`${String(value)}Z`), type: Date, format: 'yyyy-mm-dd hh:mm' };
    default:
      return { value: Array.isArray(value) ? value.join(', ') : String(value), type: String };
  }
}
