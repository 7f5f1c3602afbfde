// The catalogue of a real Odoo: products with their names in all languages, partners, customers' own codes, units, free stock.
// Read page by page; later only what was written since. It changes nothing in Odoo.
import { byIds, has, type Reading } from '../connector/export/reads.ts';
import { type Domain, type OdooReader, type OdooRow, readAll } from '../connector/odoo/reader.ts';
import { defaultRules } from '../mapping/defaults.ts';
import { vendorOf } from '../mapping/itemsuppliers.ts';
import { flag, groupBy, link, links, number, text } from '../mapping/records.ts';
import { formatStamp, parseStamp } from '../mapping/time.ts';
import { type Units, unitsOf } from '../mapping/units.ts';
import {
  type CataloguePartner,
  type CatalogueProduct,
  type CustomerCode,
  createCatalogue,
  type MutableCatalogue,
} from './catalogue.ts';
import { type FreeStock, freeOfKit, type Kits, readFreeStock, readKits, stockLocations } from './catalogue-free.ts';

export interface OdooCatalogue {
  readonly catalogue: MutableCatalogue;
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

/** A transaction's stamp is its beginning: what ended after our reading may bear an older one. */
const OVERLAP_SECONDS = 900;
/** Beyond so many records it is quicker to read all than to name them. */
const MOST_NAMED = 1_000;
const PARTNER_FIELDS = [
  'name',
  'email',
  'is_company',
  'parent_id',
  'lang',
  'country_id',
  'active',
  'company_id',
  'write_date',
];
const PRODUCT_FIELDS = [
  'default_code',
  'barcode',
  'active',
  'product_tmpl_id',
  'product_template_attribute_value_ids',
  'write_date',
];
const TEMPLATE_FIELDS = [
  'name',
  'active',
  'sale_ok',
  'type',
  'is_storable',
  'uom_id',
  'list_price',
  'company_id',
  'write_date',
];

interface State {
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
  locations: ReadonlySet<number>;
  kits: Kits;
  free: FreeStock;
  since: string;
}

/** Reads everything once. */
export async function openOdooCatalogue(reader: OdooReader, signal?: AbortSignal): Promise<OdooCatalogue> {
  let state = await loadAll(reader, createCatalogue(), signal);
  return {
    get catalogue() {
      return state.catalogue;
    },
    async refresh(again, { full = false, signal: stop } = {}) {
      if (full) {
        // The same object goes on: whoever holds it sees the new records.
        state = await loadAll(again, state.catalogue, stop);
        return { products: [...state.catalogue.products()].length, partners: [...state.catalogue.partners()].length };
      }
      return await refreshChanged(again, state, stop);
    },
    refreshFree: (again, products, stop) => readFreeAgain(again, state, products, stop),
  };
}

async function readFreeAgain(
  reader: OdooReader,
  state: State,
  products: Iterable<number>,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = new Set<number>();
  const add = (product: number, depth = 0) => {
    wanted.add(product);
    if (depth < 20) for (const part of state.kits.get(product)?.keys() ?? []) add(part, depth + 1);
  };
  for (const product of products) add(product);
  if (wanted.size === 0) return;
  const named = wanted.size > MOST_NAMED ? undefined : wanted;
  const free = await readFreeStock(reader, state.locations, named, signal);
  for (const id of wanted) {
    const left = free.get(id);
    if (left === undefined) state.free.delete(id);
    else state.free.set(id, left);
  }
  for (const id of wanted) setFree(state, id);
  for (const [id, parts] of state.kits) if ([...parts.keys()].some((part) => wanted.has(part))) setFree(state, id);
}

/** Products whose stock may have changed. An empty quant is deleted, so the moves tell too. */
async function movedProducts(reader: OdooReader, written: Domain, signal?: AbortSignal): Promise<Set<number>> {
  const moved = new Set<number>();
  for (const model of ['stock.quant', 'stock.move']) {
    if ((await reader.fields(model)) === null) continue;
    for await (const page of reader.pages({ model, fields: ['product_id'], domain: written, signal }))
      for (const row of page) moved.add(link(row, 'product_id') ?? 0);
  }
  moved.delete(0);
  return moved;
}

function readingOf(reader: OdooReader, signal?: AbortSignal): Reading {
  return { reader, rules: defaultRules(), signal };
}

async function loadAll(reader: OdooReader, catalogue: MutableCatalogue, signal?: AbortSignal): Promise<State> {
  const [languages, uoms, countries, locations] = await Promise.all([
    activeLanguages(reader, signal),
    readAll(reader, { model: 'uom.uom', fields: UOM_FIELDS, signal }),
    readAll(reader, { model: 'res.country', fields: ['code'], signal }),
    stockLocations(reader, signal),
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
    locations,
    kits: new Map(),
    free: await readFreeStock(reader, locations, undefined, signal),
    since: '',
  };
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
  await readFreeAgain(reader, state, await movedProducts(reader, written, signal), signal);
  return { products: products.size, partners: partners.size };
}

async function activeLanguages(reader: OdooReader, signal?: AbortSignal): Promise<string[]> {
  const rows = await readAll(reader, {
    model: 'res.lang',
    fields: ['code'],
    domain: [['active', '=', true]],
    signal,
  });
  const codes = rows.map((row) => text(row, 'code')).filter(Boolean);
  return codes.length > 0 ? codes : ['en_US'];
}

/** Names by id and language; a name that is the same as in the first language is left out. */
async function namesIn(
  reader: OdooReader,
  model: string,
  languages: readonly string[],
  domain: Domain,
  signal?: AbortSignal,
): Promise<Map<number, Record<string, string>>> {
  const names = new Map<number, Record<string, string>>();
  const [first] = languages;
  for (const language of languages) {
    const scoped = reader.scoped({ lang: language });
    for await (const page of scoped.pages({ model, fields: ['name'], domain, signal })) {
      for (const row of page) {
        const name = text(row, 'name').trim();
        if (!name) continue;
        const known = names.get(row.id);
        if (!known) names.set(row.id, { [language]: name });
        else if (known[first!] !== name) known[language] = name;
      }
    }
  }
  return names;
}

function newest(state: State, row: OdooRow): void {
  const stamp = parseStamp(row.write_date);
  if (stamp === undefined) return;
  const since = formatStamp(stamp - OVERLAP_SECONDS);
  if (since > state.since) state.since = since;
}

async function readTemplates(
  reader: OdooReader,
  state: State,
  domain: Domain,
  signal?: AbortSignal,
): Promise<Set<number>> {
  const seen = new Set<number>();
  for await (const page of reader.pages({ model: 'product.template', fields: TEMPLATE_FIELDS, domain, signal })) {
    for (const row of page) {
      newest(state, row);
      seen.add(row.id);
      state.templates.set(row.id, row);
    }
  }
  const among: Domain = domain.length > 0 && seen.size <= MOST_NAMED ? [['id', 'in', [...seen]]] : [];
  if (domain.length > 0 && seen.size === 0) return seen;
  for (const [id, names] of await namesIn(reader, 'product.template', state.languages, among, signal))
    state.names.set(id, names);
  return seen;
}

/** Vendors' prices, the best first, by template. */
async function readOffers(reader: OdooReader, state: State, domain: Domain, signal?: AbortSignal): Promise<void> {
  if ((await reader.fields('product.supplierinfo')) === null) return;
  const fields = ['partner_id', 'name', 'product_tmpl_id', 'product_id', 'delay', 'sequence', 'active', 'company_id'];
  let only: Domain = [];
  if (domain.length > 0) {
    const changed = await readAll(reader, {
      model: 'product.supplierinfo',
      fields: ['product_tmpl_id'],
      domain,
      signal,
    });
    const templates = [...new Set(changed.flatMap((row) => link(row, 'product_tmpl_id') ?? []))];
    if (templates.length === 0) return;
    if (templates.length <= MOST_NAMED) only = [['product_tmpl_id', 'in', templates]];
  }
  const rows = await readAll(reader, { model: 'product.supplierinfo', fields, domain: only, signal });
  const sorted = rows
    .filter((row) => row.active !== false)
    .toSorted((a, b) => number(a, 'sequence') - number(b, 'sequence') || a.id - b.id);
  for (const [template, offers] of groupBy(sorted, 'product_tmpl_id')) state.offers.set(template, offers);
}

/** What tells variants apart: values by attribute, with their names in all languages. */
interface VariantValue {
  names: Record<string, string>;
  /** Attributes stand in this sequence in a variant's name. */
  rank: readonly [sequence: number, attribute: number, line: number];
}

/** Values of attributes that have several on their product: the others do not tell variants apart. */
async function readValues(reader: OdooReader, state: State, domain: Domain, signal?: AbortSignal): Promise<void> {
  const model = 'product.template.attribute.value';
  if ((await reader.fields(model)) === null) return;
  const fields = ['product_attribute_value_id', 'attribute_line_id'];
  const rows = await readAll(reader, { model, fields, domain, signal });
  if (rows.length === 0) return;
  const reading = readingOf(reader, signal);
  const lines = new Map(
    (
      await byIds(
        reading,
        'product.template.attribute.line',
        rows.map((row) => link(row, 'attribute_line_id')),
        ['sequence', 'attribute_id', 'value_ids'],
      )
    ).map((line) => [line.id, line]),
  );
  const ids = [...new Set(rows.flatMap((row) => link(row, 'product_attribute_value_id') ?? []))];
  const among: Domain = domain.length > 0 && ids.length <= MOST_NAMED ? [['id', 'in', ids]] : [];
  const names = await namesIn(reader, 'product.attribute.value', state.languages, among, signal);
  for (const row of rows) {
    const line = lines.get(link(row, 'attribute_line_id') ?? 0);
    const own = names.get(link(row, 'product_attribute_value_id') ?? 0);
    if (!line || !own || links(line, 'value_ids').length < 2) continue;
    const rank = [number(line, 'sequence'), link(line, 'attribute_id') ?? 0, line.id] as const;
    state.values.set(row.id, { names: own, rank });
  }
}

async function readProducts(
  reader: OdooReader,
  state: State,
  domain: Domain,
  signal?: AbortSignal,
): Promise<Set<number>> {
  const seen = new Set<number>();
  const request = { model: 'product.product', fields: PRODUCT_FIELDS, domain, signal };
  for await (const page of reader.pages(request)) {
    for (const row of page) {
      newest(state, row);
      const product = productOf(row, state);
      if (!product) continue;
      seen.add(row.id);
      state.catalogue.putProduct(product);
    }
  }
  return seen;
}

function productOf(row: OdooRow, state: State): CatalogueProduct | undefined {
  const templateId = link(row, 'product_tmpl_id');
  const template = state.templates.get(templateId ?? 0);
  if (!template || templateId === undefined) return undefined;
  const uom = link(template, 'uom_id');
  if (uom !== undefined) state.uoms.set(row.id, uom);
  const variants = state.variants.get(templateId);
  if (!variants) state.variants.set(templateId, [row.id]);
  else if (!variants.includes(row.id)) variants.push(row.id);
  const offer = (state.offers.get(templateId) ?? []).find(
    (each) => link(each, 'product_id') === undefined || link(each, 'product_id') === row.id,
  );
  const type = text(template, 'type');
  return {
    id: row.id,
    default_code: text(row, 'default_code').trim() || null,
    name: variantNames(state, templateId, links(row, 'product_template_attribute_value_ids')),
    barcode: text(row, 'barcode').trim() || null,
    uom: state.unitNames.get(uom ?? 0) ?? '',
    active: flag(row, 'active') && flag(template, 'active'),
    saleOk: flag(template, 'sale_ok'),
    type,
    free: freeOf(state, row.id, template),
    price: number(template, 'list_price'),
    vendor: (offer && vendorOf(offer)) ?? null,
    leadDays: number(offer, 'delay'),
  };
}

/** As Odoo shows them: `Desk (Steel, White)`, where values tell variants apart. */
function variantNames(state: State, template: number, values: readonly number[]): Record<string, string> {
  const names = state.names.get(template) ?? {};
  const told = values
    .flatMap((id) => state.values.get(id) ?? [])
    .toSorted((a, b) => a.rank.map((part, at) => part - b.rank[at]!).find((difference) => difference !== 0) ?? 0);
  if (told.length === 0) return names;
  const [first = 'en_US'] = state.languages;
  const inLanguage = (all: Record<string, string>, language: string) => all[language] ?? all[first] ?? '';
  const result: Record<string, string> = {};
  for (const language of state.languages) {
    const own = told.map((value) => inLanguage(value.names, language)).filter(Boolean);
    const name = `${inLanguage(names, language)} (${own.join(', ')})`;
    if (language === first || name !== result[first]) result[language] = name;
  }
  return result;
}

/** Up to Odoo 17 what is stored is of type `product`; later it is said by a mark. */
function isStored(template: OdooRow): boolean {
  return template.is_storable === undefined ? text(template, 'type') === 'product' : flag(template, 'is_storable');
}

function freeOf(state: State, product: number, template: OdooRow): number | null {
  if (state.kits.has(product)) return freeOfKit(product, state.kits, (part) => freeOfPart(state, part));
  return isStored(template) ? Math.max(0, state.free.get(product) ?? 0) : null;
}

function freeOfPart(state: State, part: number): number | null {
  return state.catalogue.product(part)?.free === null ? null : Math.max(0, state.free.get(part) ?? 0);
}

function setFree(state: State, id: number): void {
  const product = state.catalogue.product(id);
  if (!product) return;
  if (state.kits.has(id)) product.free = freeOfKit(id, state.kits, (part) => freeOfPart(state, part));
  else if (product.free !== null) product.free = Math.max(0, state.free.get(id) ?? 0);
}

async function readPartners(
  reader: OdooReader,
  state: State,
  domain: Domain,
  signal?: AbortSignal,
): Promise<Set<number>> {
  const { catalogue } = state;
  const seen = new Set<number>();
  const above = new Set<number>();
  const take = (row: OdooRow, isAbove = false) => {
    newest(state, row);
    if (row.active === false) {
      catalogue.dropPartner(row.id);
      return;
    }
    // Without an address only the companies of others matter.
    if (!row.email && !isAbove && !catalogue.partner(row.id)) return;
    seen.add(row.id);
    const partner = partnerOf(row, state.countries);
    if (partner.parent !== null) above.add(partner.parent);
    catalogue.putPartner(partner);
  };
  const only: Domain = domain.length > 0 ? domain : [['email', '!=', false]];
  for await (const page of reader.pages({ model: 'res.partner', fields: PARTNER_FIELDS, domain: only, signal }))
    for (const row of page) take(row);
  // Companies without an address of their own, and the companies of these.
  for (let depth = 0; depth < 10 && above.size > 0; depth++) {
    const missing = [...above].filter((id) => !seen.has(id) && (domain.length === 0 || !catalogue.partner(id)));
    above.clear();
    for (const row of await byIds(readingOf(reader, signal), 'res.partner', missing, PARTNER_FIELDS)) take(row, true);
  }
  return seen;
}

function partnerOf(row: OdooRow, countries: ReadonlyMap<number, string>): CataloguePartner {
  return {
    id: row.id,
    name: text(row, 'name'),
    email: text(row, 'email') || null,
    isCompany: flag(row, 'is_company'),
    parent: link(row, 'parent_id') ?? null,
    lang: text(row, 'lang') || null,
    country: countries.get(link(row, 'country_id') ?? 0) || null,
  };
}

/** Customers' own product codes, where the module that keeps them is installed. */
async function readCustomerCodes(reader: OdooReader, state: State, signal?: AbortSignal): Promise<CustomerCode[]> {
  const reading = readingOf(reader, signal);
  if (!(await has(reading, 'product.customerinfo', 'product_code'))) return [];
  const fields = ['partner_id', 'name', 'product_code', 'product_tmpl_id', 'product_id', 'active'];
  const rows = await readAll(reader, { model: 'product.customerinfo', fields, signal });
  return rows.flatMap((row) => {
    const partner = vendorOf(row);
    const code = text(row, 'product_code').trim();
    if (row.active === false || partner === undefined || !code) return [];
    const own = link(row, 'product_id');
    const products = own === undefined ? (state.variants.get(link(row, 'product_tmpl_id') ?? 0) ?? []) : [own];
    return products.map((product) => ({ partner: companyOf(partner, state.catalogue), code, product }));
  });
}

/** Codes are looked up by the company that orders. */
function companyOf(partner: number, catalogue: MutableCatalogue): number {
  let at = partner;
  for (let depth = 0; depth < 10; depth++) {
    const parent = catalogue.partner(at)?.parent;
    if (parent === null || parent === undefined) break;
    at = parent;
  }
  return at;
}
