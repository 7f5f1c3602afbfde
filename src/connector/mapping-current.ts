// The mapping in force: the sheet where there is one, else the rows as shipped. A sheet that was edited is taken over while
// the program runs; one with errors is reported and the last good one stays.
import { existsSync } from 'node:fs';
import { describeError, PlanbridgeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { defaultRules } from '../mapping/defaults.ts';
import type { MappingRules } from '../mapping/rules.ts';
import { loadMapping, mappingError, watchMapping } from './mapping-file.ts';

export interface CurrentMapping {
  rules(): MappingRules;
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
  if (sheet === null) {
    const shipped = defaultRules();
    return { rules: () => shipped, path: null, close() {} };
  }
  const loaded = await loadMapping(sheet);
  if (!loaded.ok) throw mappingError(sheet, loaded.errors);
  let rules = loaded.mapping.rules;
  if (!watch) return { rules: () => rules, path: sheet, close() {} };
  const watching = watchMapping(sheet, (change) => {
    if (change.ok) {
      rules = change.mapping.rules;
      log.info({ path: sheet }, 'the mapping sheet was taken over');
      return;
    }
    const failure = 'failure' in change ? change.failure : mappingError(sheet, change.errors);
    log.error(
      { path: sheet, code: codeOf(failure), error: describeError(failure) },
      'the mapping sheet stays as it was',
    );
  });
  return { rules: () => rules, path: sheet, close: () => watching.close() };
}

function codeOf(error: unknown): string {
  return error instanceof PlanbridgeError ? error.code : 'PB_INTERNAL';
}
