// Where the recorded Odoo 17 data sets are, if they are there; tests that need them skip otherwise.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const GOLDEN = fileURLToPath(new URL('../../../shared/golden/odoo17', import.meta.url));

/** Pass to `describe.skipIf`: the reason stands in the name of the suite. */
export const NO_GOLDEN = !existsSync(GOLDEN);

export type GoldenRecord = { id: number } & Record<string, unknown>;

export function goldenRecords(set: string, model: string): GoldenRecord[] {
  const path = `${GOLDEN}/${set}/records/${model}.json`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as GoldenRecord[]) : [];
}
