// The catalogue of a real Odoo: products with their names in all languages, partners, customers' own codes, units, free stock.
// Read page by page; later only what was written since. It changes nothing in Odoo.
import { type Domain, type OdooReader, readAll } from '../connector/odoo/reader.ts';
import { text } from '../mapping/records.ts';
import { unitsOf } from '../mapping/units.ts';
import { createCatalogue, type MutableCatalogue } from './catalogue.ts';
import { readCustomerCodes } from './odoo-catalogue/customer-codes.ts';
import { readKits } from './odoo-catalogue/kits.ts';
import { activeLanguages, namesIn } from './odoo-catalogue/names.ts';
import { readPartners } from './odoo-catalogue/partners.ts';
import { readProducts, readTemplates } from './odoo-catalogue/products.ts';
import { MOST_NAMED, readingOf, type State } from './odoo-catalogue/state.ts';
import { movedProducts, readFreeAgain, readFreeStock, setFree, stockPlace } from './odoo-catalogue/stock.ts';
import { readValues } from './odoo-catalogue/variants.ts';
import { readOffers } from './odoo-catalogue/vendors.ts';

export interface OdooCatalogue {
  readonly catalogue: MutableCatalogue;
  /** The warehouse whose stock is counted. */
  readonly warehouse: number | null;
  /** Reads what was written since the last time; all of it where `full`, which also finds what was deleted. */
  refresh(reader: OdooReader, options?: { full?: boolean; signal?: AbortSignal }): Promise<CatalogueChange>;
  /** Free stock of these products as it is now, put into the catalogue too. One call, two where there are kits. */
  refreshFree(reader: OdooReader, products: Iterable<number>, signal?: AbortSignal): Promise<void>;
}

export interface CatalogueChange {
  /** How many were read. */
  products: number;
  partners: number;
}

export interface OpenOptions {
  signal?: AbortSignal;
  /** The warehouse of this company counts; of all that the user sees when absent. */
  company?: number;
}

/** Reads everything once. */
export async function openOdooCatalogue(
  reader: OdooReader,
  { signal, company }: OpenOptions = {},
): Promise<OdooCatalogue> {
  const load = (from: OdooReader, into: MutableCatalogue, stop?: AbortSignal) => loadAll(from, into, company, stop);
  let state = await load(reader, createCatalogue(), signal);
  return {
    get catalogue() {
      return state.catalogue;
    },
    get warehouse() {
      return state.place.warehouse;
    },
    async refresh(again, { full = false, signal: stop } = {}) {
      if (full) {
        // The same object goes on: whoever holds it sees the new records.
        state = await load(again, state.catalogue, stop);
        return { products: [...state.catalogue.products()].length, partners: [...state.catalogue.partners()].length };
      }
      return await refreshChanged(again, state, stop);
    },
    refreshFree: (again, products, stop) => readFreeAgain(again, state, products, stop),
  };
}

async function loadAll(
  reader: OdooReader,
  catalogue: MutableCatalogue,
  company: number | undefined,
  signal?: AbortSignal,
): Promise<State> {
  const [languages, uoms, countries, place] = await Promise.all([
    activeLanguages(reader, signal),
    readAll(reader, { model: 'uom.uom', fields: UOM_FIELDS, signal }),
    readAll(reader, { model: 'res.country', fields: ['code'], signal }),
    stockPlace(reader, company, signal),
  ]);
  const state: State = {
    catalogue,
    languages,
    units: unitsOf(uoms),
    unitNames: new Map(uoms.map((row) => [row.id, text(row, 'name')])),
    templates: new Map(),
    names: new Map(),
    variants: new Map(),
    uoms: new Map(),
    values: new Map(),
    offers: new Map(),
    countries: new Map(countries.map((row) => [row.id, text(row, 'code')])),
    place,
    kits: new Map(),
    free: new Map(),
    since: '',
  };
  state.free = await readFreeStock(reader, state, undefined, signal);
  const unitNames = await namesIn(reader, 'uom.uom', languages, [], signal);
  const names = new Map([...unitNames].map(([id, each]) => [id, Object.values(each)]));
  catalogue.setUnits({ rows: uoms, names });
  await readTemplates(reader, state, [], signal);
  await readOffers(reader, state, [], signal);
  await readValues(reader, state, [], signal);
  const products = await readProducts(reader, state, [], signal);
  for (const { id } of [...catalogue.products()]) if (!products.has(id)) catalogue.dropProduct(id);
  state.kits = await readKits(readingOf(reader, signal), state.units, state.variants, state.uoms);
  for (const id of state.kits.keys()) setFree(state, id);
  const partners = await readPartners(reader, state, [], signal);
  for (const { id } of [...catalogue.partners()]) if (!partners.has(id)) catalogue.dropPartner(id);
  catalogue.setCustomerCodes(await readCustomerCodes(reader, state, signal));
  return state;
}

const UOM_FIELDS = ['name', 'factor', 'category_id', 'relative_factor', 'relative_uom_id', 'active'];

async function refreshChanged(reader: OdooReader, state: State, signal?: AbortSignal): Promise<CatalogueChange> {
  const { since } = state;
  const written: Domain = [['write_date', '>=', since]];
  const templates = await readTemplates(reader, state, written, signal);
  await readOffers(reader, state, written, signal);
  await readValues(reader, state, written, signal);
  const changed: Domain = ['|', ['write_date', '>=', since], ['product_tmpl_id', 'in', [...templates]]];
  const among = templates.size === 0 ? written : templates.size > MOST_NAMED ? [] : changed;
  const products = await readProducts(reader, state, among, signal);
  const partners = await readPartners(reader, state, written, signal);
  state.catalogue.setCustomerCodes(await readCustomerCodes(reader, state, signal));
  await readFreeAgain(reader, state, await movedProducts(reader, state, written, signal), signal);
  return { products: products.size, partners: partners.size };
}
