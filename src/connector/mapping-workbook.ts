// mapping.xlsx as a planner sees it: headings that stay, colours by entity, lists to choose from. The cells come from
// mapping/sheet-defaults.ts; the same cells give the same bytes.
import type { Blob } from 'node:buffer';
import type Stream from 'node:stream';
import type { CellObject, Feature, Sheet, SheetData } from 'write-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { ENTITIES, TRANSFORMS } from '../mapping/rules.ts';
import { type Cell, columnLetter, type SheetCells } from '../mapping/sheet-cells.ts';
import { STATUS_MODELS } from '../mapping/sheet-lists.ts';
import { unzip, zip } from './xlsx/zip.ts';

/** As the library takes files. */
type Content = Stream | Buffer | Blob;

const INK = '#1F2937';
const HEAD = '#1E3A5F';
const LINE = '#D9DEE5';
/** Soft colours that neighbours can be told apart by. */
const GROUPS = ['#EAF2FB', '#FDF3E3', '#EAF7EE', '#F6ECF7', '#FBECEC', '#EEF0F4'];

interface Look {
  widths: readonly number[];
  /** Columns that carry long texts. */
  wrapped: readonly number[];
  /** Column by whose value rows are coloured in groups. */
  groupBy: number;
  /** Values to choose from, by column. */
  lists?: Readonly<Record<number, readonly string[]>>;
}

const LOOKS: Readonly<Record<string, Look>> = {
  Mapping: {
    widths: [20, 20, 26, 40, 20, 8, 78],
    wrapped: [3, 6],
    groupBy: 0,
    lists: { 0: ENTITIES, 4: TRANSFORMS },
  },
  Filters: { widths: [20, 70, 70], wrapped: [1, 2], groupBy: 0, lists: { 0: ENTITIES } },
  Statuses: {
    widths: [20, 16, 18, 60],
    wrapped: [3],
    groupBy: 0,
    lists: {
      0: STATUS_MODELS,
      2: ['open', 'quote', 'inquiry', 'closed', 'canceled', 'proposed', 'approved', 'confirmed', 'completed', 'off'],
    },
  },
  Options: { widths: [26, 22, 40, 84], wrapped: [2, 3], groupBy: 0 },
  'Mail fields': {
    widths: [20, 100, 12, 10, 30],
    wrapped: [1, 4],
    groupBy: 0,
    lists: { 2: ['anywhere', 'line', 'table'] },
  },
};

function heading(title: Cell): CellObject {
  return {
    value: String(title ?? ''),
    type: String,
    fontWeight: 'bold',
    textColor: '#FFFFFF',
    backgroundColor: HEAD,
    alignVertical: 'center',
    height: 24,
  };
}

function tableData({ rows }: SheetCells, look: Look): SheetData {
  const [titles = [], ...body] = rows;
  let group = -1;
  let last: Cell;
  const styled = body.map((row) => {
    const value = row[look.groupBy];
    const first = group < 0 || value !== last;
    if (first) group++;
    last = value;
    const height = heightOf(row, look);
    return row.map(
      (cell, column): CellObject => ({
        value: String(cell ?? ''),
        type: String,
        textColor: INK,
        backgroundColor: GROUPS[group % GROUPS.length],
        alignVertical: 'top',
        wrap: look.wrapped.includes(column),
        bottomBorderColor: LINE,
        bottomBorderStyle: 'thin',
        height,
        ...(column === 0 && first ? { fontWeight: 'bold' } : {}),
      }),
    );
  });
  return [titles.map(heading), ...styled];
}

/** Height of a row, its wrapped texts included; spreadsheet programs do not all find it themselves. */
function heightOf(row: readonly Cell[], look: Look): number {
  const lines = look.wrapped.map((column) =>
    Math.ceil((String(row[column] ?? '').length * 0.88) / look.widths[column]!),
  );
  return Math.max(1, ...lines) * 15 + 3;
}

function readmeData({ rows }: SheetCells): SheetData {
  return rows.map((row, index) => [
    {
      value: String(row[0] ?? ''),
      type: String,
      wrap: true,
      alignVertical: 'center' as const,
      textColor: index === 0 ? '#FFFFFF' : INK,
      ...(index === 0
        ? { fontWeight: 'bold' as const, fontSize: 16, backgroundColor: HEAD, height: 36 }
        : { fontSize: 11, backgroundColor: GROUPS[0]!, height: 36 }),
    },
  ]);
}

function sheetOf(cells: SheetCells): Sheet<Content> {
  const look = LOOKS[cells.name];
  if (!look)
    return {
      sheet: cells.name,
      data: readmeData(cells),
      columns: [{ width: 120 }],
      showGridLines: false,
      orientation: 'landscape',
    };
  return {
    sheet: cells.name,
    data: tableData(cells, look),
    columns: look.widths.map((width) => ({ width })),
    stickyRowsCount: 1,
    stickyColumnsCount: cells.name === 'Mapping' ? 2 : 1,
    showGridLines: true,
    orientation: 'landscape',
  };
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Filter buttons in the heading row, and lists to choose from. Other values stay possible; the program checks them. */
function comforts(sheets: readonly SheetCells[]): Feature<Content> {
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform(xml, _options, { sheetIndex }) {
            const cells = sheets[sheetIndex];
            const look = LOOKS[cells?.name ?? ''];
            if (!cells) return xml;
            if (!look) return fittedToPage(xml);
            const last = columnLetter(look.widths.length - 1);
            const filter = `<autoFilter ref="A1:${last}${cells.rows.length}"/>`;
            const lists = Object.entries(look.lists ?? {}).map(([column, values]) => {
              const letter = columnLetter(Number(column));
              const range = `${letter}2:${letter}2000`;
              const list = escaped(values.join(','));
              // Excel takes lists of up to 255 characters.
              if (list.length > 255) return '';
              return `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${range}"><formula1>"${list}"</formula1></dataValidation>`;
            });
            const usable = lists.filter(Boolean);
            const validations =
              usable.length > 0 ? `<dataValidations count="${usable.length}">${usable.join('')}</dataValidations>` : '';
            return fittedToPage(insertAfterData(xml, filter, validations));
          },
        },
      },
    },
  };
}

/** The standard fixes the order of a sheet's elements: data, filter, merged cells, formats, validations, the rest. */
function insertAfterData(xml: string, filter: string, validations: string): string {
  const withFilter = xml.replace(/<\/sheetData>|<sheetData\/>/, (end) => end + filter);
  const behind =
    /<(?:hyperlinks|printOptions|pageMargins|pageSetup|headerFooter|drawing|legacyDrawing|tableParts|extLst)[\s/>]|<\/worksheet>/;
  return withFilter.replace(behind, (next) => validations + next);
}

/** Prints all columns on the width of a page. */
function fittedToPage(xml: string): string {
  return xml
    .replace(/<worksheet[^>]*>/, (start) => `${start}<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
    .replace(/<pageSetup\s/, '<pageSetup fitToWidth="1" fitToHeight="0" ');
}

/** The bytes of a workbook. */
export async function workbookBytes(sheets: readonly SheetCells[]): Promise<Buffer> {
  const written = await writeXlsxFile(sheets.map(sheetOf), {
    fontFamily: 'Calibri',
    fontSize: 11,
    features: [comforts(sheets)],
  }).toBuffer();
  // The library writes the time of writing into the archive.
  return zip(unzip(written, { entries: 500, bytes: 50_000_000 }));
}
