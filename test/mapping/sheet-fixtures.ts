// A mapping sheet to change in tests, cell by cell.
import { type Mapping, readSheets, type SheetName } from '../../src/mapping/sheet.ts';
import type { Cell } from '../../src/mapping/sheet-cells.ts';
import { defaultSheets } from '../../src/mapping/sheet-defaults.ts';
import { formatSheetError, type SheetError } from '../../src/mapping/sheet-errors.ts';

export interface TestSheet {
  name: string;
  rows: Cell[][];
}

/** The sheets as shipped, to be changed. */
export function sheets(): TestSheet[] {
  return defaultSheets().map(({ name, rows }) => ({ name, rows: rows.map((row) => [...row]) }));
}

export function sheetOf(all: readonly TestSheet[], name: SheetName): Cell[][] {
  return all.find((sheet) => sheet.name === name)!.rows;
}

/** Row of an attribute, and its number in Excel. */
export function rowOf(all: readonly TestSheet[], entity: string, attribute: string): { cells: Cell[]; number: number } {
  const rows = sheetOf(all, 'Mapping');
  const index = rows.findIndex((row) => row[0] === entity && row[1] === attribute);
  if (index < 0) throw new Error(`no row ${entity} ${attribute}`);
  return { cells: rows[index]!, number: index + 1 };
}

/** Columns of the sheet `Mapping` as shipped. */
export const COLUMN = { entity: 0, attribute: 1, model: 2, field: 3, transform: 4, mode: 5, note: 6 } as const;

/** The mapping of sheets that must be right. */
export function mappingOf(all: readonly TestSheet[]): Mapping {
  const result = readSheets(all);
  if (!result.ok) throw new Error(result.errors.map(formatSheetError).join('\n'));
  return result.mapping;
}

/** The errors of sheets that must be wrong. */
export function errorsOf(all: readonly TestSheet[]): readonly SheetError[] {
  const result = readSheets(all);
  if (result.ok) throw new Error('no errors');
  return result.errors;
}

/** The only error of sheets. */
export function errorOf(all: readonly TestSheet[]): SheetError {
  const errors = errorsOf(all);
  if (errors.length !== 1) throw new Error(`not one error:\n${errors.map(formatSheetError).join('\n')}`);
  return errors[0]!;
}
