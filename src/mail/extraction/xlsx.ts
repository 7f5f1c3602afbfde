// XLSX attachments -> rows of cells of the sheets that a person sees. Limits come first; formulas are never calculated.
import { XMLParser } from 'fast-xml-parser';
import { readXlsx } from '../../connector/xlsx/read.ts';
import { unzip } from '../../connector/xlsx/zip.ts';
import type { CellRow } from './table.ts';

const LIMITS = { bytes: 5_000_000, unpackedBytes: 30_000_000, rows: 10_000, columns: 200 };

interface Visible {
  /** Hidden rows and columns of a sheet, from 0. */
  rows: ReadonlySet<number>;
  columns: ReadonlySet<number>;
}

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  processEntities: false,
  parseAttributeValue: false,
});

function listOf(value: unknown): Node[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.filter((entry): entry is Node => typeof entry === 'object' && entry !== null);
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Node)[name] : undefined;
}

function isOn(value: unknown): boolean {
  return value === '1' || value === 'true';
}

/** Sheets by name: what is hidden in them; null for sheets that are hidden as a whole. */
function visibility(bytes: Buffer): Map<string, Visible | null> {
  const entries = unzip(bytes, { entries: 500, bytes: LIMITS.unpackedBytes });
  const xml = (name: string) => parser.parse(entries.get(name)?.toString('utf8') ?? '<none/>') as Node;
  const targets = new Map(
    listOf(child(child(xml('xl/_rels/workbook.xml.rels'), 'Relationships'), 'Relationship')).map((relation) => {
      const target = String(relation['@Target'] ?? '');
      return [relation['@Id'], target.startsWith('/') ? target.slice(1) : `xl/${target}`] as const;
    }),
  );
  const result = new Map<string, Visible | null>();
  for (const sheet of listOf(child(child(child(xml('xl/workbook.xml'), 'workbook'), 'sheets'), 'sheet'))) {
    const name = String(sheet['@name'] ?? '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&');
    if (sheet['@state'] === 'hidden' || sheet['@state'] === 'veryHidden') {
      result.set(name, null);
      continue;
    }
    const content = child(xml(targets.get(sheet['@id'] ?? sheet['@r:id']) ?? ''), 'worksheet');
    const rows = new Set<number>();
    let row = 0;
    for (const entry of listOf(child(child(content, 'sheetData'), 'row'))) {
      row = Number(entry['@r'] ?? row + 1);
      if (isOn(entry['@hidden']) || entry['@ht'] === '0') rows.add(row - 1);
    }
    const columns = new Set<number>();
    for (const entry of listOf(child(child(content, 'cols'), 'col'))) {
      if (!isOn(entry['@hidden']) && entry['@width'] !== '0') continue;
      const last = Math.min(Number(entry['@max']), LIMITS.columns);
      for (let column = Number(entry['@min']); column <= last; column++) columns.add(column - 1);
    }
    result.set(name, { rows, columns });
  }
  return result;
}

export interface SheetRows {
  name: string;
  rows: CellRow[];
}

/**
 * Rows of the visible sheets, without hidden rows and columns. A formula counts with the value that was saved with it, which is
 * what a person sees.
 * @throws PlanbridgeError when the workbook is refused
 */
export async function readWorkbook(bytes: Buffer): Promise<SheetRows[]> {
  const { sheets, odd } = await readXlsx(bytes, LIMITS);
  const shown = visibility(bytes);
  return sheets.flatMap(({ name, rows }) => {
    const visible = shown.get(name);
    if (visible === null) return [];
    const unsaved = new Set(odd.filter((cell) => cell.sheet === name).map(({ row, column }) => `${column}${row}`));
    const kept = rows.flatMap((row, at) => {
      if (visible?.rows.has(at)) return [];
      return [
        row.flatMap((cell, column) => {
          if (visible?.columns.has(column)) return [];
          const value = cellOf(cell);
          // A formula that was never calculated shows nothing; it is still something that was written there.
          return [value === null && unsaved.has(`${letters(column)}${at + 1}`) ? '=' : value];
        }),
      ];
    });
    return [{ name, rows: kept }];
  });
}

function cellOf(cell: unknown): string | number | null {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString().slice(0, 10);
  if (typeof cell === 'number' || typeof cell === 'string') return cell;
  return typeof cell === 'boolean' ? String(cell) : null;
}

function letters(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? letters(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}
