// Spreadsheets of people we do not know: limits before parsing, no formulas, no DTD. What passes is handed to the library.
import { readFile } from 'node:fs/promises';
import readXlsxFile from 'read-excel-file/node';
import { PlanbridgeError } from '../../errors.ts';
import type { Cell, SheetCells } from '../../mapping/sheet-cells.ts';
import { unzip, ZipFault, zip } from './zip.ts';

export interface XlsxLimits {
  /** Of the file. */
  bytes: number;
  unpackedBytes: number;
  /** Of all sheets together. */
  rows: number;
  columns: number;
}

export const XLSX_LIMITS: XlsxLimits = { bytes: 5_000_000, unpackedBytes: 50_000_000, rows: 20_000, columns: 200 };

/** A cell whose value is not what it seems. */
export interface OddCell {
  sheet: string;
  row: number;
  column: string;
  kind: 'formula' | 'error';
}

export interface Workbook {
  sheets: SheetCells[];
  /** Formulas, and cells that show an error such as #REF!. Formulas come with the value that was saved last. */
  odd: OddCell[];
}

function refuse(what: string, remedy: string, cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_MAPPING_SHEET', 422, `The workbook cannot be read: ${what}.`, { remedy, cause });
}

const SAVE_AS = 'Save it as an Excel workbook (.xlsx) without password.';

/**
 * Reads the cells of a workbook.
 * @throws PlanbridgeError PB_MAPPING_SHEET (422) when it is no workbook, or a hostile one
 */
export async function readXlsx(bytes: Buffer, limits: XlsxLimits = XLSX_LIMITS): Promise<Workbook> {
  if (bytes.length > limits.bytes) throw tooLarge(limits);
  if (bytes.length >= 8 && bytes.readUInt32BE(0) === 0xd0cf11e0) {
    throw refuse('it is an old .xls file, or protected by a password', SAVE_AS);
  }
  let entries: Map<string, Buffer>;
  try {
    entries = unzip(bytes, { entries: 500, bytes: limits.unpackedBytes });
  } catch (fault) {
    if (fault instanceof ZipFault) throw refuse(fault.message, SAVE_AS);
    throw fault;
  }
  const parts = new Map([...entries].filter(([name]) => /\.(xml|rels)$/i.test(name)));
  if (!parts.has('xl/workbook.xml')) throw refuse('it is not an Excel workbook', SAVE_AS);
  for (const content of parts.values()) {
    if (content.includes('<!DOCTYPE') || content.includes('<!ENTITY'))
      throw refuse('it declares a document type', SAVE_AS);
  }
  const odd = inspectSheets(parts, limits);

  try {
    // Packed anew: the library reads from the front and would see parts that the directory does not list.
    const sheets = await readXlsxFile(zip(parts));
    return { sheets: sheets.map(({ sheet, data }) => ({ name: sheet, rows: data as unknown as Cell[][] })), odd };
  } catch (fault) {
    throw refuse(fault instanceof Error ? fault.message : 'it is damaged', SAVE_AS, fault);
  }
}

/** The bytes of a file, refused before they are read when there are too many. */
export async function readBytes(path: string, limits: XlsxLimits = XLSX_LIMITS): Promise<Buffer> {
  const bytes = await readFile(path);
  if (bytes.length > limits.bytes) throw tooLarge(limits);
  return bytes;
}

function tooLarge(limits: XlsxLimits): PlanbridgeError {
  return refuse(`it is larger than ${limits.bytes / 1_000_000} MB`, 'Remove what does not belong to it.');
}

const ATTRIBUTES = String.raw`((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>`;
const OPENING = new RegExp(String.raw`<(?:\w+:)?(row|c)${ATTRIBUTES}`, 'g');
const BEGINNING = /<(?:\w+:)?(?:row|c)(?=[\s/>])/g;
const FORMULA = /<(?:\w+:)?f[\s/>]/;

function attribute(text: string, name: string): string | undefined {
  const match = new RegExp(String.raw`\s${name}\s*=\s*(?:"([^"]*)"|'([^']*)')`).exec(text);
  return match?.[1] ?? match?.[2];
}

/** Rows, columns, formulas and error cells, before anything is built from them. */
function inspectSheets(parts: ReadonlyMap<string, Buffer>, limits: XlsxLimits): OddCell[] {
  const names = sheetNames(parts);
  const odd: OddCell[] = [];
  let rows = 0;
  for (const [path, content] of parts) {
    if (!/^xl\/worksheets\/[^/]+\.xml$/i.test(path)) continue;
    const xml = content.toString('utf8');
    const openings = [...xml.matchAll(OPENING)];
    if (openings.length !== (xml.match(BEGINNING)?.length ?? 0)) throw refuse('a sheet is damaged', SAVE_AS);
    let row = 0;
    let column = 0;
    openings.forEach((opening, index) => {
      const reference = attribute(opening[2]!, 'r');
      if (reference !== undefined && !/^[A-Z]{0,3}\d{1,7}$/.test(reference))
        throw refuse('a sheet is damaged', SAVE_AS);
      const digits = Number(reference?.replace(/^[A-Z]+/, ''));
      if (opening[1] === 'row') {
        row = digits || row + 1;
        column = 0;
      } else {
        if (digits) row = digits;
        const letters = reference?.replace(/\d+$/, '');
        column = letters ? columnNumber(letters) : column + 1;
        const inside = xml.slice(opening.index + opening[0].length, openings[index + 1]?.index ?? xml.length);
        const kind = FORMULA.test(opening[0].endsWith('/>') ? '' : inside)
          ? 'formula'
          : attribute(opening[2]!, 't') === 'e'
            ? 'error'
            : undefined;
        if (kind && odd.length < 100) odd.push({ sheet: names.get(path) ?? path, row, column: letters || 'A', kind });
      }
      if (row > limits.rows)
        throw refuse(`a sheet has more than ${limits.rows} rows`, 'Delete the rows below the last one.');
      if (column > limits.columns)
        throw refuse(`a sheet has more than ${limits.columns} columns`, 'Delete the columns behind the last one.');
    });
    rows += row;
    if (rows > limits.rows) throw refuse(`it has more than ${limits.rows} rows`, 'Delete the rows below the last one.');
  }
  return odd;
}

function columnNumber(letters: string): number {
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
}

/** Name of each sheet by the path of its part. */
function sheetNames(parts: ReadonlyMap<string, Buffer>): Map<string, string> {
  const targets = new Map<string, string>();
  for (const [tag] of elements(parts.get('xl/_rels/workbook.xml.rels'), 'Relationship')) {
    const id = attribute(tag, 'Id');
    const target = attribute(tag, 'Target');
    if (id && target) targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  const names = new Map<string, string>();
  for (const [tag] of elements(parts.get('xl/workbook.xml'), 'sheet')) {
    const path = targets.get(attribute(tag, String.raw`\w+:id`) ?? '');
    if (path) names.set(path, unescaped(attribute(tag, 'name') ?? ''));
  }
  return names;
}

function elements(part: Buffer | undefined, name: string): Iterable<RegExpMatchArray> {
  return (part?.toString('utf8') ?? '').matchAll(new RegExp(String.raw`<(?:\w+:)?${name}\s[^>]*>`, 'g'));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
