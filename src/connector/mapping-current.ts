// The mapping in force: the sheet where there is one, else the rows as shipped. A sheet that was edited is taken over while
// the program runs; one with errors is reported and the last good one stays.
import { existsSync } from 'node:fs';
import { describeError, PlanbridgeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { MailFieldWord } from '../mapping/mail-fields.ts';
import type { MappingRules } from '../mapping/rules.ts';
import { defaultMapping, type Mapping } from '../mapping/sheet.ts';
import { loadMapping, mappingError, watchMapping } from './mapping-file.ts';

export interface CurrentMapping {
  rules(): MappingRules;
  /** Words of customers' mails; the same list until the sheet changes. */
  mailFields(): readonly MailFieldWord[];
  /** A sheet that goes before the file; null = none does. */
  overrule(mapping: Mapping | null): void;
  /** Whether a sheet goes before the file. */
  readonly overruled: boolean;
  /** Path of the sheet, or null for the rows as shipped. */
  path: string | null;
  close(): void;
}

export const DEFAULT_MAPPING_FILE = 'mapping.xlsx';

/**
 * @param path null = mapping.xlsx where it exists
 * @throws PlanbridgeError PB_FILE, PB_MAPPING_SHEET
 */
export async function openMapping(path: string | null, log: Log, watch = true): Promise<CurrentMapping> {
  const sheet = path ?? (existsSync(DEFAULT_MAPPING_FILE) ? DEFAULT_MAPPING_FILE : null);
  let mapping = sheet === null ? defaultMapping() : await loadSheet(sheet);
  let over: Mapping | null = null;
  const current = {
    rules: () => (over ?? mapping).rules,
    mailFields: () => (over ?? mapping).mailFields,
    overrule(given: Mapping | null) {
      over = given;
    },
    get overruled() {
      return over !== null;
    },
    path: sheet,
    close() {},
  };
  if (sheet === null || !watch) return current;
  const watching = watchMapping(sheet, (change) => {
    if (change.ok) {
      mapping = change.mapping;
      log.info({ path: sheet }, 'the mapping sheet was taken over');
      return;
    }
    const failure = 'failure' in change ? change.failure : mappingError(sheet, change.errors);
    log.error(
      { path: sheet, code: codeOf(failure), error: describeError(failure) },
      'the mapping sheet stays as it was',
    );
  });
  current.close = () => watching.close();
  return current;
}

/** @throws PlanbridgeError PB_FILE, PB_MAPPING_SHEET */
async function loadSheet(path: string): Promise<Mapping> {
  const loaded = await loadMapping(path);
  if (!loaded.ok) throw mappingError(path, loaded.errors);
  return loaded.mapping;
}

function codeOf(error: unknown): string {
  return error instanceof PlanbridgeError ? error.code : 'PB_INTERNAL';
}
