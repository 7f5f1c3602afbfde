// The body of a mail as people see it: lines and tables, one below the other, each with its depth of quotation.

import { piecesOf } from './pieces.ts';

export interface BodyLine {
  kind: 'line';
  text: string;
  quoted: number;
}

export interface BodyTable {
  kind: 'table';
  /** Cells row by row; a cell that spans several columns is followed by empty ones. */
  rows: string[][];
  quoted: number;
}

export type BodyItem = BodyLine | BodyTable;

export function line(text: string, quoted = 0): BodyLine {
  return { kind: 'line', text, quoted };
}

/** Plain text; `>` at the beginning of a line quotes it. */
export function itemsOfText(text: string): BodyItem[] {
  return text
    .replaceAll(/\n{4,}/g, '\n\n\n')
    .split('\n')
    .flatMap((long) => piecesOf(long))
    .map((whole) => {
      const mark = /^\s?((?:>[ \t]?)+)/.exec(whole);
      if (!mark) return line(whole === '-- ' ? whole : whole.trimEnd());
      return line(whole.slice(mark[0].length).trimEnd(), mark[1]!.split('>').length - 1);
    });
}

export function isBlank(item: BodyItem | undefined): boolean {
  return item === undefined || (item.kind === 'line' ? item.text.trim() === '' : item.rows.length === 0);
}

/** All words of the items, tables included. */
export function textOf(items: readonly BodyItem[]): string {
  return items
    .map((item) => (item.kind === 'line' ? item.text : item.rows.map((row) => row.join('\t')).join('\n')))
    .join('\n');
}

/** Text of the lines alone, tables left out as blank lines. */
export function proseOf(items: readonly BodyItem[]): string {
  return items.map((item) => (item.kind === 'line' ? item.text : '')).join('\n');
}
