// What is known of products and customers when a mail is read: plain records, and an index to find them by what people write.
import { foldCode, foldName } from './text/fold.ts';

export interface CatalogueProduct {
  id: number;
  default_code: string | null;
  /** By language. */
  name: Readonly<Record<string, string>>;
  barcode: string | null;
  /** Name of the unit of measure. */
  uom: string;
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
  products: readonly CatalogueProduct[];
  partners: readonly CataloguePartner[];
  customerCodes: readonly CustomerCode[];
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
  /** Longest folded code and name, in words: how far to look in running text. */
  readonly codeWords: number;
  readonly nameWords: number;
}

function grouped<T>(entries: Iterable<readonly [string, T]>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, value] of entries) {
    const group = groups.get(key);
    if (!group) groups.set(key, [value]);
    else if (!group.includes(value)) group.push(value);
  }
  return groups;
}

const NONE: readonly never[] = [];

export function catalogueOf({ products, partners, customerCodes }: CatalogueData): Catalogue {
  const byId = new Map(products.map((product) => [product.id, product]));
  const partnersById = new Map(partners.map((partner) => [partner.id, partner]));
  const coded = products.filter((product) => product.default_code);
  const references = grouped(coded.map((product) => [foldCode(product.default_code!), product] as const));
  const barcodes = grouped(
    products.filter(({ barcode }) => barcode).map((product) => [foldCode(product.barcode!), product] as const),
  );
  const names = grouped(
    products.flatMap((product) => Object.values(product.name).map((name) => [foldName(name), product] as const)),
  );
  const codes = grouped(
    customerCodes.flatMap(({ partner, code, product }) => {
      const found = byId.get(product);
      return found ? [[`${partner} ${foldCode(code)}`, found] as const] : [];
    }),
  );
  const emails = new Map<string, CataloguePartner>();
  for (const partner of partners) {
    for (const email of (partner.email ?? '').toLowerCase().split(/[\s,;]+/)) {
      // A contact's own address says more than the company's, the first record more than later ones.
      if (email && !emails.has(email)) emails.set(email, partner);
    }
  }
  const words = (keys: Iterable<string>) => Math.max(1, ...[...keys].map((key) => key.split(' ').length));
  return {
    codeWords: Math.min(6, words([...references.keys(), ...[...codes.keys()].map((key) => key.replace(/^\d+ /, ''))])),
    nameWords: Math.min(12, words(names.keys())),
    product: (id) => byId.get(id),
    byReference: (code) => references.get(foldCode(code)) ?? NONE,
    byBarcode: (code) => barcodes.get(foldCode(code)) ?? NONE,
    byCustomerCode: (code, company) => codes.get(`${company} ${foldCode(code)}`) ?? NONE,
    byName: (name) => names.get(foldName(name)) ?? NONE,
    byPartOfName(part) {
      const wanted = ` ${wordsOf(part)} `;
      if (wanted.trim() === '') return NONE;
      return products.filter((product) =>
        Object.values(product.name).some((name) => ` ${wordsOf(name)} `.includes(wanted)),
      );
    },
    customer(email) {
      const partner = emails.get(email.toLowerCase());
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

function wordsOf(name: string): string {
  return foldName(name)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
