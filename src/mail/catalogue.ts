// What is known of products and customers when a mail is read: plain records, and an index to find them by what people write.
import { foldCode, foldName } from './text/fold.ts';
import { odooUnits, type UnitRows } from './words/odoo-units.ts';
import { SHIPPED_UNITS, type UnitTable } from './words/units.ts';

export interface CatalogueProduct {
  id: number;
  default_code: string | null;
  /** By language. */
  name: Readonly<Record<string, string>>;
  barcode: string | null;
  /** Name of the unit of measure. */
  uom: string;
  /** Its id in Odoo, where the product comes from there. */
  uomId?: number;
  active: boolean;
  saleOk: boolean;
  type: string;
  /** On hand less what is reserved or promised; null = stock does not matter (services, consumables). */
  free: number | null;
  price: number;
  vendor: number | null;
  leadDays: number;
}

export interface CataloguePartner {
  id: number;
  name: string;
  email: string | null;
  isCompany: boolean;
  /** The company of a contact. */
  parent: number | null;
  /** As Odoo writes it (`de_CH`). */
  lang: string | null;
  /** ISO 3166 code, or null. */
  country: string | null;
}

export interface CustomerCode {
  /** The company (or person) that uses the code. */
  partner: number;
  code: string;
  product: number;
}

export interface CatalogueData {
  products: Iterable<CatalogueProduct>;
  partners: Iterable<CataloguePartner>;
  customerCodes: Iterable<CustomerCode>;
}

export interface Customer {
  partner: CataloguePartner;
  /** The company that a contact orders for; the partner itself when it has none. */
  company: CataloguePartner;
  country: string | null;
}

export interface Catalogue {
  product(id: number): CatalogueProduct | undefined;
  /** By internal reference. */
  byReference(code: string): readonly CatalogueProduct[];
  byBarcode(code: string): readonly CatalogueProduct[];
  byCustomerCode(code: string, company: number): readonly CatalogueProduct[];
  /** By full name in any language. */
  byName(name: string): readonly CatalogueProduct[];
  /** Products in whose name the words stand one after the other. */
  byPartOfName(words: string): readonly CatalogueProduct[];
  customer(email: string): Customer | undefined;
  /** All partners with an address. */
  contacts(email: string): readonly CataloguePartner[];
  partner(id: number): CataloguePartner | undefined;
  products(): IterableIterator<CatalogueProduct>;
  /** Units that quantities are written in. */
  readonly units: UnitTable;
  /** As Odoo has them; null = those as shipped. */
  readonly unitRows: UnitRows | null;
  /** Longest folded code, in words: how far to look in running text. */
  readonly codeWords: number;
  /** Words of the longest name that begins with this word of a text, folded; 0 = none does. */
  nameWords(first: string): number;
  /** What it says of Odoo; null = it was not read from there. */
  readonly read: CatalogueRead | null;
}

export interface CatalogueRead {
  /** When Odoo was asked, milliseconds since 1970. */
  at: number;
  /** The warehouse whose stock is counted. */
  warehouse: number | null;
}

/** A catalogue whose records can be replaced one by one, while it is in use. */
export interface MutableCatalogue extends Catalogue {
  read: CatalogueRead | null;
  /** Units as this Odoo has them, in place of those as shipped. */
  setUnits(units: UnitRows): void;
  /** For a copy elsewhere: what has to be told to it. */
  follow(): Follower;
  putProduct(product: CatalogueProduct): void;
  dropProduct(id: number): void;
  putPartner(partner: CataloguePartner): void;
  dropPartner(id: number): void;
  /** All codes of customers: they are few, and replaced together. */
  setCustomerCodes(codes: Iterable<CustomerCode>): void;
  partners(): IterableIterator<CataloguePartner>;
  customerCodes(): readonly CustomerCode[];
}

/** Changes of a catalogue as plain data. */
export interface CatalogueUpdate {
  products: readonly CatalogueProduct[];
  droppedProducts: readonly number[];
  partners: readonly CataloguePartner[];
  droppedPartners: readonly number[];
  /** All of them, where they changed. */
  customerCodes?: readonly CustomerCode[];
  units?: UnitRows;
}

export interface Follower {
  /** What changed since the last time, everything at first; null when nothing did. */
  take(): CatalogueUpdate | null;
  stop(): void;
}

const NONE: readonly never[] = [];

/** Values by key; a key is mostly of one value, which then takes no set. */
interface Groups<T> {
  get(key: string): readonly T[];
  size(key: string): number;
  add(key: string, value: T): void;
  remove(key: string, value: T): void;
}

function groups<T extends object>(): Groups<T> {
  const found = new Map<string, T | Set<T>>();
  return {
    get(key) {
      const value = found.get(key);
      return value === undefined ? NONE : value instanceof Set ? [...value] : [value];
    },
    size(key) {
      const value = found.get(key);
      return value === undefined ? 0 : value instanceof Set ? value.size : 1;
    },
    add(key, value) {
      const before = found.get(key);
      if (before === undefined) found.set(key, value);
      else if (before instanceof Set) before.add(value);
      else if (before !== value) found.set(key, new Set([before, value]));
    },
    remove(key, value) {
      const before = found.get(key);
      if (before === value) found.delete(key);
      else if (before instanceof Set) {
        before.delete(value);
        if (before.size === 0) found.delete(key);
      }
    },
  };
}

/** Folded names of a product, each once. */
function namesOf({ name }: CatalogueProduct): string[] {
  return [...new Set(Object.values(name).map(foldName))].filter(Boolean);
}

/** Words of a name or a text, as names are looked for in running text. */
export function nameParts(text: string): string[] {
  return text.match(/[^\s,;:"]+/gu) ?? [];
}

/** Addresses in a field that people fill in freely: `Ann <ann@example.com>; office@example.com`. */
export function emailsOf({ email }: CataloguePartner): string[] {
  return email?.toLowerCase().match(/[^\s<>()[\]",;:]+@[^\s<>()[\]",;:]+/g) ?? [];
}

export function createCatalogue(): MutableCatalogue {
  let units: UnitTable = SHIPPED_UNITS;
  let unitRows: UnitRows | null = null;
  const journals = new Set<Journal>();
  const note = (what: 'products' | 'partners', id: number) => {
    for (const journal of journals) journal[what].add(id);
  };
  const byId = new Map<number, CatalogueProduct>();
  const partnersById = new Map<number, CataloguePartner>();
  const references = groups<CatalogueProduct>();
  const barcodes = groups<CatalogueProduct>();
  const names = groups<CatalogueProduct>();
  /** Words of names, for names that are known in part. */
  const words = groups<CatalogueProduct>();
  const emails = groups<CataloguePartner>();
  const codes = new Map<string, number[]>();
  let customerCodes: CustomerCode[] = [];
  /** Longest seen; what was dropped does not make them shorter, which only costs a look more. */
  const longest = { code: 1 };
  const beginnings = new Map<string, number>();

  const index = (product: CatalogueProduct, change: 'add' | 'remove') => {
    if (product.default_code) {
      const code = foldCode(product.default_code);
      references[change](code, product);
      longest.code = Math.max(longest.code, code.split(' ').length);
    }
    if (product.barcode) barcodes[change](foldCode(product.barcode), product);
    for (const name of namesOf(product)) {
      names[change](name, product);
      const parts = nameParts(name);
      const begin = parts[0] ?? '';
      beginnings.set(begin, Math.max(beginnings.get(begin) ?? 0, parts.length));
      for (const word of new Set(wordsOf(name).split(' '))) words[change](word, product);
    }
  };
  const setCustomerCodes = (all: Iterable<CustomerCode>) => {
    const given = [...all];
    if (sameCodes(given, customerCodes)) return;
    customerCodes = given;
    for (const journal of journals) journal.codes = true;
    codes.clear();
    for (const { partner, code, product } of customerCodes) {
      const key = `${partner} ${foldCode(code)}`;
      const before = codes.get(key);
      if (!before) codes.set(key, [product]);
      else if (!before.includes(product)) before.push(product);
      longest.code = Math.max(longest.code, foldCode(code).split(' ').length);
    }
  };
  const dropProduct = (id: number) => {
    const before = byId.get(id);
    if (!before) return;
    index(before, 'remove');
    byId.delete(id);
    note('products', id);
  };
  const dropPartner = (id: number) => {
    const before = partnersById.get(id);
    if (!before) return;
    for (const email of emailsOf(before)) emails.remove(email, before);
    partnersById.delete(id);
    note('partners', id);
  };

  return {
    read: null,
    get units() {
      return units;
    },
    get unitRows() {
      return unitRows;
    },
    setUnits(rows) {
      unitRows = rows;
      units = odooUnits(rows.rows, rows.names);
      for (const journal of journals) journal.units = true;
    },
    follow() {
      const journal: Journal = {
        products: new Set(byId.keys()),
        partners: new Set(partnersById.keys()),
        codes: true,
        units: unitRows !== null,
      };
      journals.add(journal);
      return {
        take() {
          const { products, partners } = journal;
          if (products.size + partners.size === 0 && !journal.codes && !journal.units) return null;
          const update: CatalogueUpdate = {
            products: [...products].flatMap((id) => byId.get(id) ?? []),
            droppedProducts: [...products].filter((id) => !byId.has(id)),
            partners: [...partners].flatMap((id) => partnersById.get(id) ?? []),
            droppedPartners: [...partners].filter((id) => !partnersById.has(id)),
            ...(journal.codes && { customerCodes }),
            ...(journal.units && unitRows && { units: unitRows }),
          };
          Object.assign(journal, { products: new Set(), partners: new Set(), codes: false, units: false });
          return update;
        },
        stop: () => void journals.delete(journal),
      };
    },
    get codeWords() {
      return Math.min(6, longest.code);
    },
    nameWords: (first) => Math.min(12, beginnings.get(first) ?? 0),
    partner: (id) => partnersById.get(id),
    products: () => byId.values(),
    partners: () => partnersById.values(),
    customerCodes: () => customerCodes,
    putProduct(product) {
      dropProduct(product.id);
      byId.set(product.id, product);
      note('products', product.id);
      index(product, 'add');
    },
    dropProduct,
    putPartner(partner) {
      dropPartner(partner.id);
      partnersById.set(partner.id, partner);
      note('partners', partner.id);
      for (const email of emailsOf(partner)) emails.add(email, partner);
    },
    dropPartner,
    setCustomerCodes,
    product: (id) => byId.get(id),
    byReference: (code) => references.get(foldCode(code)),
    byBarcode: (code) => barcodes.get(foldCode(code)),
    byCustomerCode: (code, company) =>
      codes.get(`${company} ${foldCode(code)}`)?.flatMap((id) => byId.get(id) ?? []) ?? NONE,
    byName: (name) => names.get(foldName(name)),
    byPartOfName(part) {
      const wanted = wordsOf(foldName(part));
      if (wanted === '') return NONE;
      // The rarest word says where to look.
      const rarest = wanted.split(' ').reduce((best, next) => (words.size(next) < words.size(best) ? next : best));
      return words
        .get(rarest)
        .filter((product) => namesOf(product).some((name) => ` ${wordsOf(name)} `.includes(` ${wanted} `)));
    },
    contacts: (email) => emails.get(email.toLowerCase()),
    customer(email) {
      // The first record counts, and a contact's own address says no more than the company's.
      const partner = emails
        .get(email.toLowerCase())
        .reduce<CataloguePartner | undefined>(
          (first, next) => (first && first.id <= next.id ? first : next),
          undefined,
        );
      if (!partner) return undefined;
      let company = partner;
      for (let depth = 0; depth < 10 && company.parent !== null; depth++) {
        const above = partnersById.get(company.parent);
        if (!above) break;
        company = above;
      }
      return { partner, company, country: partner.country ?? company.country };
    },
  };
}

/** What a follower has not been told. */
interface Journal {
  products: Set<number>;
  partners: Set<number>;
  codes: boolean;
  units: boolean;
}

function sameCodes(a: readonly CustomerCode[], b: readonly CustomerCode[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, at) => one.partner === b[at]!.partner && one.code === b[at]!.code && one.product === b[at]!.product)
  );
}

/** Brings a copy up to date. */
export function updateCatalogue(catalogue: MutableCatalogue, update: CatalogueUpdate): void {
  if (update.units) catalogue.setUnits(update.units);
  for (const product of update.products) catalogue.putProduct(product);
  for (const id of update.droppedProducts) catalogue.dropProduct(id);
  for (const partner of update.partners) catalogue.putPartner(partner);
  for (const id of update.droppedPartners) catalogue.dropPartner(id);
  if (update.customerCodes) catalogue.setCustomerCodes(update.customerCodes);
}

export function catalogueOf(data: CatalogueData): MutableCatalogue {
  const catalogue = createCatalogue();
  for (const product of data.products) catalogue.putProduct(product);
  for (const partner of data.partners) catalogue.putPartner(partner);
  catalogue.setCustomerCodes(data.customerCodes);
  return catalogue;
}

/** @param name folded */
function wordsOf(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
