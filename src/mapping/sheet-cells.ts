// A sheet's cells as a table: headings found wherever they stand, cells by heading, errors with their address. Pure.
import { nearest, quoted, type SheetError } from './sheet-errors.ts';

/** What a cell of a spreadsheet holds. */
export type Cell = string | number | boolean | Date | null | undefined;

export interface SheetCells {
  name: string;
  /** Rows from the first one of the sheet on, empty ones included. */
  rows: ReadonlyArray<readonly Cell[]>;
}

/** A heading of a table, with other words that are understood. */
export interface Heading {
  title: string;
  also?: readonly string[];
  /** The sheet can be read without this column. */
  optional?: true;
}

/** A row that is not empty. */
export interface TableRow<Title extends string> {
  /** As Excel counts, from 1. */
  row: number;
  cell(title: Title): string;
  /** An error in the cell below a heading. */
  error(title: Title, message: string, allowed?: readonly string[], suggestion?: string): SheetError;
}

export interface TableOf<Title extends string> {
  rows: TableRow<Title>[];
  errors: SheetError[];
  /** An error in a row of our choice, for what is missing. */
  errorAt(row: number, title: Title, message: string, allowed?: readonly string[]): SheetError;
  /** Letter of a heading's column. */
  column(title: Title): string;
}

/** A, B … Z, AA … of a column counted from 0. */
export function columnLetter(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  return letters;
}

/** A cell as text: without blanks around it, numbers and dates as people write them. */
export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) {
    if (Number.isNaN(cell.getTime())) return '';
    const stamp = cell.toISOString();
    return stamp.endsWith('T00:00:00.000Z') ? stamp.slice(0, 10) : stamp.slice(0, 19);
  }
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return String(cell)
    .replaceAll(/[\u00a0\u200b\u202f\ufeff]/g, ' ')
    .trim();
}

const fold = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[\s_]+/g, ' ')
    .trim();

/** Reads a sheet whose first row that is not empty holds the headings. */
export function readTable<const H extends readonly Heading[]>(
  sheet: SheetCells,
  headings: H,
): TableOf<H[number]['title']> {
  type Title = H[number]['title'];
  const errors: SheetError[] = [];
  const titles = headings.map((heading) => heading.title);
  const texts = sheet.rows.map((row) => row.map(cellText));
  const top = texts.findIndex((row) => row.some(Boolean));
  const head = top < 0 ? [] : texts[top]!;
  const columns = new Map<Title, number>();

  const at = (
    row: number,
    column: number,
    heading: string,
    found: string,
    message: string,
    allowed: readonly string[] = [],
    suggestion?: string,
  ): SheetError => ({
    sheet: sheet.name,
    row,
    column: columnLetter(column),
    heading,
    found,
    message,
    allowed,
    ...(suggestion === undefined ? {} : { suggestion }),
  });

  head.forEach((text, index) => {
    if (!text) return;
    const known = headings.find((heading) =>
      [heading.title, ...(heading.also ?? [])].some((word) => fold(word) === fold(text)),
    );
    if (!known) {
      errors.push(
        at(top + 1, index, '', text, `${quoted(text)} is not a heading of this sheet`, titles, nearest(text, titles)),
      );
    } else if (columns.has(known.title)) {
      errors.push(
        at(top + 1, index, known.title, text, `the heading ${quoted(text)} stands here twice`, ['each heading once']),
      );
    } else columns.set(known.title, index);
  });
  for (const heading of headings) {
    if (heading.optional || columns.has(heading.title)) continue;
    errors.push(at(Math.max(top + 1, 1), head.length, '', '', `the column "${heading.title}" is missing`, titles));
  }

  const width = Math.max(0, ...texts.map((row) => row.length));
  for (let index = 0; index < width; index++) {
    if (head[index]) continue;
    const below = texts.findIndex((row, position) => position > top && Boolean(row[index]));
    if (below < 0) continue;
    errors.push(
      at(below + 1, index, '', texts[below]![index]!, 'this cell stands in a column without heading', ['nothing']),
    );
  }

  const errorAt = (row: number, title: Title, message: string, allowed?: readonly string[]) =>
    at(row, columns.get(title) ?? 0, title, '', message, allowed);

  const rows: TableRow<Title>[] = [];
  texts.forEach((row, position) => {
    if (position <= top || ![...columns.values()].some((index) => row[index])) return;
    const cell = (title: Title) => row[columns.get(title) ?? -1] ?? '';
    rows.push({
      row: position + 1,
      cell,
      error: (title, message, allowed, suggestion) =>
        at(position + 1, columns.get(title) ?? 0, title, cell(title), message, allowed, suggestion),
    });
  });
  return { rows, errors, errorAt, column: (title) => columnLetter(columns.get(title) ?? 0) };
}
