// mapping.xlsx on disk: read, watched, written. What its cells mean is in mapping/sheet.ts.
import { createHash } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlanbridgeError } from '../errors.ts';
import { readSheets, type SheetResult } from '../mapping/sheet.ts';
import { defaultSheets } from '../mapping/sheet-defaults.ts';
import { formatSheetError, type SheetError } from '../mapping/sheet-errors.ts';
import { workbookBytes } from './mapping-workbook.ts';
import { readBytes, readXlsx } from './xlsx/read.ts';

/**
 * Reads a workbook from memory, for example an uploaded one.
 * @throws PlanbridgeError PB_MAPPING_SHEET when it is no workbook that can be read at all
 */
export async function readMapping(bytes: Buffer): Promise<SheetResult> {
  const { sheets, odd } = await readXlsx(bytes);
  const result = readSheets(sheets);
  if (odd.length === 0) return result;
  const errors = odd.map(
    ({ sheet, row, column, kind }): SheetError => ({
      sheet,
      row,
      column,
      heading: '',
      found: '',
      message: kind === 'formula' ? 'this cell holds a formula' : 'this cell shows an error of Excel',
      allowed: ['the value itself'],
    }),
  );
  return { ok: false, errors: [...errors, ...(result.ok ? [] : result.errors)] };
}

/**
 * Reads mapping.xlsx.
 * @throws PlanbridgeError PB_FILE when there is no such file, PB_MAPPING_SHEET when it is no workbook that can be read at all
 */
export async function loadMapping(path: string): Promise<SheetResult> {
  return readMapping(await bytesOf(path));
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readBytes(path);
  } catch (cause) {
    if (cause instanceof PlanbridgeError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new PlanbridgeError('PB_FILE', 500, missing ? `There is no ${path}.` : `${path} cannot be read.`, {
      remedy: missing ? '"planbridge mapping reset" writes one.' : 'Check the rights of the file.',
      cause,
    });
  }
}

/** The errors of a sheet as one error, for those who cannot go on without a mapping. */
export function mappingError(path: string, errors: readonly SheetError[]): PlanbridgeError {
  const shown = errors.slice(0, 20).map(formatSheetError);
  const more = errors.length > shown.length ? [`… and ${errors.length - shown.length} more`] : [];
  return new PlanbridgeError('PB_MAPPING_SHEET', 422, `${path} has errors:\n${[...shown, ...more].join('\n')}`, {
    remedy: 'Correct these cells; "planbridge mapping check" reads the sheet again.',
  });
}

/** Writes the mapping as shipped. The file is there as a whole or not at all. */
export async function writeDefaultMapping(path: string): Promise<void> {
  const bytes = await defaultMappingBytes();
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new PlanbridgeError('PB_FILE', 500, `${path} cannot be written.`, {
      remedy: 'Close it in Excel, and check the rights of its directory.',
      cause,
    });
  }
}

/**
 * Writes the mapping as shipped over what is there. A sheet with changes is kept as `<path>.bak`.
 * @returns where the old sheet is kept, if it was
 */
export async function resetMapping(path: string): Promise<string | undefined> {
  const old = await readFile(path).catch(() => undefined);
  const changed = old !== undefined && !old.equals(await defaultMappingBytes());
  const kept = changed ? `${path}.bak` : undefined;
  if (kept) await copyFile(path, kept);
  await writeDefaultMapping(path);
  return kept;
}

/** mapping.xlsx as shipped, for downloads. */
export function defaultMappingBytes(): Promise<Buffer> {
  return workbookBytes(defaultSheets());
}

function digestOf(bytes: Buffer | PlanbridgeError): string {
  return bytes instanceof Error ? bytes.message : createHash('sha256').update(bytes).digest('hex');
}

async function changeOf(bytes: Buffer | PlanbridgeError): Promise<MappingChange> {
  try {
    if (bytes instanceof Error) throw bytes;
    return await readMapping(bytes);
  } catch (cause) {
    const failure =
      cause instanceof PlanbridgeError
        ? cause
        : new PlanbridgeError('PB_MAPPING_SHEET', 422, 'The workbook cannot be read.', { cause });
    return { ok: false, errors: [], failure };
  }
}

/** What a watch has seen: the sheet as it is now, or why it cannot be read. */
export type MappingChange = SheetResult | { ok: false; errors: readonly SheetError[]; failure: PlanbridgeError };

export interface MappingWatch {
  close(): void;
}

/**
 * Calls back when the content of the file has changed. Polls, so that it works on network drives and in containers, and through
 * the replacing of the file that spreadsheet programs do. A file that is gone for a moment is no change.
 */
export function watchMapping(
  path: string,
  onChange: (change: MappingChange) => void,
  { intervalMs = 1_000 }: { intervalMs?: number } = {},
): MappingWatch {
  let closed = false;
  let known: string | undefined;
  let queue: Promise<void> = Promise.resolve();

  const look = async (first: boolean) => {
    if (closed) return;
    const bytes = await bytesOf(path).catch((failure: unknown) => failure as PlanbridgeError);
    if (bytes instanceof Error && bytes.code === 'PB_FILE') return;
    const digest = digestOf(bytes);
    if (digest === known) return;
    const change = first ? undefined : await changeOf(bytes);
    if (change && 'failure' in change) {
      // Perhaps it is still being written: only a file that stays as it is counts as damaged.
      await sleep(intervalMs * 2, undefined, { ref: false });
      const again = await bytesOf(path).catch((failure: unknown) => failure as PlanbridgeError);
      if (digestOf(again) !== digest) return;
    }
    known = digest;
    // Out of the queue: an error of the listener's is its own.
    if (change) setImmediate(() => closed || onChange(change));
  };
  const next = (first: boolean) => {
    queue = queue.then(() => look(first));
  };
  next(true);
  const listener = () => next(false);
  watchFile(path, { interval: intervalMs, persistent: false }, listener);
  return {
    close() {
      closed = true;
      unwatchFile(path, listener);
    },
  };
}
