// Tables in plain text: columns by `|`, tab, `;`, or by wide gaps under their headings.
import { type BodyItem, isBlank } from '../text/items.ts';
import type { FieldWords } from './fields.ts';
import type { CellRow } from './table.ts';

interface Cell {
  text: string;
  start: number;
  end: number;
}

/** What parts the cells; a blank stands for wide gaps. */
type Mark = '|' | '\t' | ';' | ' ' | ',';

export interface TextTable {
  rows: CellRow[];
  /** Item of the headings. */
  at: number;
  /** First item below the table. */
  end: number;
}

const RULE = /^[\s|+:=_-]*[-=_]{2,}[\s|+:=_-]*$/;

/** Marks of Markdown around words: `**KB-110**`. */
function unmarked(text: string): string {
  return text.replaceAll(/(\*\*|`)(?=\S)([^*`]*[^*`\s])\1/g, '$2');
}

/** The parts between the marks; a mark between double quotes parts nothing. */
function partsOf(text: string, mark: Mark): string[] {
  if (mark !== ',' && mark !== ';') return text.split(mark);
  const parts = text.match(new RegExp(`(?:\\s*"[^"]*"\\s*(?=${mark}|$)|[^${mark}]*)(?:${mark}|$)`, 'g')) ?? [];
  // The last match is the empty end, unless a mark stands there.
  if (!text.endsWith(mark)) parts.pop();
  return parts.map((part) => (part.endsWith(mark) ? part.slice(0, -1) : part));
}

/** @param framed a bar at the beginning or the end frames the row; undefined: where the row begins with one */
function split(text: string, mark: Mark, framed = text.trimStart().startsWith('|')): Cell[] {
  const cells: Cell[] = [];
  if (mark === ' ') {
    for (const match of text.matchAll(/\S+(?: \S+)*/gu)) {
      cells.push({ text: match[0], start: match.index, end: match.index + match[0].length });
    }
    return cells;
  }
  let at = 0;
  for (const part of partsOf(text, mark)) {
    const words = unmarked(part.trim());
    cells.push({ text: /^"[^"]*"$/.test(words) ? words.slice(1, -1) : words, start: at, end: at + part.length });
    at += part.length + 1;
  }
  if (mark === '|') {
    if (cells[0]?.text === '' && framed) cells.shift();
    // Without a frame, a bar at the end begins an empty cell.
    if (cells.at(-1)?.text === '' && framed) cells.pop();
  }
  return cells;
}

function headingFields(cells: readonly Cell[], fields: FieldWords): Set<string> {
  return new Set(cells.flatMap(({ text }) => fields.heading(text.replace(/[:：]$/, ''))?.field ?? []));
}

function isHeading(cells: readonly Cell[], fields: FieldWords): boolean {
  if (cells.length < 2) return false;
  const found = headingFields(cells, fields);
  const product = ['product code', 'product', 'description'].some((field) => found.has(field));
  if (product && found.has('quantity')) return found.size >= Math.min(cells.length, 2);
  // A list of weights or prices: its numbers are no quantities.
  return product && found.size > 1 && cells.every(({ text }) => fields.heading(text.replace(/[:：]$/, '')));
}

/** The tables of a text, each with its headings first. */
export function textTables(items: readonly BodyItem[], fields: FieldWords): TextTable[] {
  const tables: TextTable[] = [];
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    if (item.kind !== 'line') continue;
    for (const mark of ['|', '\t', ';', ' ', ','] as const) {
      const headings = split(item.text, mark);
      if (!isHeading(headings, fields)) continue;
      // Commas stand in sentences too: there every word has to be a heading.
      if (mark === ',' && !headings.every(({ text }) => fields.heading(text))) continue;
      const framed = item.text.trimStart().startsWith('|');
      const { rows, next } = rowsBelow(items, at + 1, headings, mark, framed);
      if (rows.length === 0) continue;
      tables.push({ rows: [headings.map(({ text }) => text), ...rows], at, end: next });
      at = next - 1;
      break;
    }
  }
  return tables;
}

/** A bar at the beginning of a row begins an empty cell where the headings have no frame. */
function rowOf(text: string, mark: Mark, headings: readonly Cell[], framed: boolean): Cell[] {
  if (mark !== '|' || framed || !text.trimStart().startsWith('|')) return split(text, mark);
  const open = split(text, mark, false);
  return open.length > headings.length ? split(text, mark) : open;
}

function rowsBelow(items: readonly BodyItem[], start: number, headings: readonly Cell[], mark: Mark, framed: boolean) {
  const rows: CellRow[] = [];
  let at = start;
  let gaps = 0;
  for (; at < items.length; at++) {
    const item = items[at]!;
    if (item.kind !== 'line') break;
    if (isBlank(item)) {
      if (rows.length > 0 && ++gaps > 1) break;
      continue;
    }
    if (RULE.test(item.text)) continue;
    const cells = rowOf(item.text, mark, headings, framed);
    const narrow = cells.length < 2;
    // A text below the table; a wrapped description has the table's next row below it.
    if (narrow && (gaps > 0 || mark !== ' ')) break;
    if (narrow && !/^\s{2,}/.test(item.text)) break;
    if (gaps > 0 && cells.length < Math.min(headings.length, 3)) break;
    gaps = 0;
    rows.push(mark === ' ' ? placed(cells, headings) : cells.map(({ text }) => text));
  }
  return { rows, next: at };
}

/** A cell that runs below the beginnings of several headings, with one blank between its parts, is several cells. */
function atHeadings(cell: Cell, headings: readonly Cell[]): Cell[] {
  const starts = headings.map(({ start }) => start).filter((start) => start > cell.start + 1 && start < cell.end);
  const parts: Cell[] = [];
  let from = 0;
  for (const start of starts) {
    const at = [start - cell.start - 1, start - cell.start].find((index) => cell.text[index] === ' ');
    if (at === undefined || at <= from) continue;
    parts.push({ text: cell.text.slice(from, at), start: cell.start + from, end: cell.start + at });
    from = at + 1;
  }
  parts.push({ text: cell.text.slice(from), start: cell.start + from, end: cell.end });
  return parts;
}

/** Cells under the headings that they stand below; numbers often end where their heading ends. */
function placed(cells: readonly Cell[], headings: readonly Cell[]): CellRow {
  if (cells.length === headings.length) return cells.map(({ text }) => text);
  const row: Array<string | null> = headings.map(() => null);
  for (const cell of cells.flatMap((each) => atHeadings(each, headings))) {
    const scores = headings.map(({ start, end }) => {
      const overlap = Math.min(end, cell.end) - Math.max(start, cell.start);
      return overlap > 0 ? overlap : overlap - 1;
    });
    const best = scores.indexOf(Math.max(...scores));
    row[best] = row[best] === null ? cell.text : `${row[best]} ${cell.text}`;
  }
  return row;
}
