// What the catalogue of an Odoo remembers between its readings, beside the records that mails are read with.

import type { Reading } from '../../connector/export/reads.ts';
import type { OdooReader, OdooRow } from '../../connector/odoo/reader.ts';
import { defaultRules } from '../../mapping/defaults.ts';
import { formatStamp, parseStamp } from '../../mapping/time.ts';
import type { Units } from '../../mapping/units.ts';
import type { MutableCatalogue } from '../catalogue.ts';
import type { Kits } from './kits.ts';
import type { FreeStock, StockPlace } from './stock.ts';
import type { VariantValue } from './variants.ts';

/** A transaction's stamp is its beginning: what ended after our reading may bear an older one. */
const OVERLAP_SECONDS = 900;
/** Beyond so many records it is quicker to read all than to name them. */
export const MOST_NAMED = 1_000;

export interface State {
  catalogue: MutableCatalogue;
  languages: readonly string[];
  units: Units;
  unitNames: ReadonlyMap<number, string>;
  templates: Map<number, OdooRow>;
  /** Names by language of a template; only those that differ from the first. */
  names: Map<number, Record<string, string>>;
  variants: Map<number, number[]>;
  /** Unit of each product. */
  uoms: Map<number, number>;
  values: Map<number, VariantValue>;
  offers: Map<number, OdooRow[]>;
  countries: ReadonlyMap<number, string>;
  place: StockPlace;
  kits: Kits;
  free: FreeStock;
  since: string;
}

/** What was written before the newest record that we saw is known. */
export function newest(state: State, row: OdooRow): void {
  const stamp = parseStamp(row.write_date);
  if (stamp === undefined) return;
  const since = formatStamp(stamp - OVERLAP_SECONDS);
  if (since > state.since) state.since = since;
}

export function readingOf(reader: OdooReader, signal?: AbortSignal): Reading {
  return { reader, rules: defaultRules(), signal };
}
