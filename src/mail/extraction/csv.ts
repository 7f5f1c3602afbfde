// CSV attachments -> rows of cells: `,` `;` or tab; UTF-8, UTF-16 with mark, windows-1252.
import { parse } from 'csv-parse/sync';
import type { CellRow } from './table.ts';

export const CSV_LIMITS = { bytes: 5_000_000, rows: 20_000 };

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The mark that parts the first lines most evenly. */
function delimiterOf(text: string): string {
  const told = /^sep=(.)\r?\n/i.exec(text)?.[1];
  if (told) return told;
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20)
    .map((line) => line.replaceAll(/"[^"]*"/g, ''));
  const counts = [';', '\t', ',', '|'].map((mark) => {
    const found = lines.map((line) => line.split(mark).length - 1);
    const most = Math.max(0, ...found);
    return { mark, score: most === 0 ? 0 : found.filter((count) => count === most).length * 10 + most };
  });
  return counts.reduce((best, next) => (next.score > best.score ? next : best)).mark;
}

/** @throws Error when it is no CSV, or too large */
export function readCsv(bytes: Buffer): CellRow[] {
  if (bytes.length > CSV_LIMITS.bytes) throw new Error('the file is too large');
  const text = decode(bytes)
    .replaceAll('\0', '')
    .replace(/^\ufeff/, '');
  const delimiter = delimiterOf(text);
  const body = text.replace(/^sep=.\r?\n/i, '');
  const options = {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    to: CSV_LIMITS.rows,
  };
  try {
    return parse(body, { ...options, quote: '"' }) as string[][];
  } catch {
    return parse(body, { ...options, quote: false }) as string[][];
  }
}
