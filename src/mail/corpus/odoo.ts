// The catalogue of a folder as the data of a sandbox Odoo: products with stock, prices and vendors, partners, customers' own codes,
// under the same ids. It decides nothing and asks nobody.
import type { DataSet } from '../../sandbox/store/load.ts';
import type { CorpusCatalogue } from './folder.ts';
import { add, baseRecords, COMPANY, type Records, STOCK } from './odoo-base.ts';

/** The module that keeps customers' own product codes. */
const CUSTOMER_CODES = {
  'product.customerinfo': `
    partner_id m2o(res.partner) ! "Customer"
    product_tmpl_id m2o(product.template)
    product_id m2o(product.product)
    product_code char "Customer Product Code"`,
} as const;

const LANGUAGES: Readonly<Record<string, string>> = { en: 'en_US' };

/** `fr` -> `fr_FR`, as Odoo names a language. */
function odooLanguage(code: string): string {
  return code.includes('_') ? code : (LANGUAGES[code] ?? `${code}_${code.toUpperCase()}`);
}

export function dataOf(catalogue: CorpusCatalogue): DataSet {
  const { company, products } = catalogue;
  const partners = [...catalogue.partners];
  for (const vendor of catalogue.vendors) if (!partners.some(({ id }) => id === vendor.id)) partners.push(vendor);
  const codes = [...new Set(products.flatMap(({ name }) => Object.keys(name)))];
  // Odoo keeps names in English; a catalogue without English has its first language as the records' own.
  const [first = 'en'] = codes.toSorted((a, b) => Number(isEnglish(b)) - Number(isEnglish(a)));
  const others = codes.filter((code) => code !== first);
  const countries = [company, ...partners].flatMap(({ country }) => country ?? []);
  const { records, country, unit } = baseRecords({
    name: company.name,
    country: company.country,
    currency: company.currency,
    timeZone: company.timeZone ?? 'UTC',
    countries: [...new Set(countries)],
    languages: [first, ...others].map(odooLanguage),
    units: [...new Set(products.map(({ uom }) => uom))],
    freePartner: Math.max(1_000, ...partners.map(({ id }) => id)) + 1,
  });
  addPartners(records, partners, country);
  addProducts(records, products, { unit, first });
  for (const { partner, code, product } of catalogue.customerCodes) {
    add(records, 'product.customerinfo', {
      ...{ partner_id: partner, product_code: code, product_tmpl_id: product, product_id: product },
    });
  }
  return {
    records,
    apps: [CUSTOMER_CODES],
    names: Object.fromEntries(others.map((code) => [odooLanguage(code), namesIn(products, code)])),
    serverVersion: '17.0',
  };
}

function isEnglish(code: string): boolean {
  return /^en(?:_|$)/.test(code);
}

type Partner = CorpusCatalogue['partners'][number];
type Product = CorpusCatalogue['products'][number];

function namesIn(products: readonly Product[], code: string) {
  const names = products.flatMap(({ id, name }) => (name[code] ? [{ id, name: name[code] }] : []));
  return { 'product.template': names, 'product.product': names };
}

function addPartners(records: Records, partners: readonly Partner[], country: ReadonlyMap<string, number>): void {
  const byId = new Map(partners.map((partner) => [partner.id, partner]));
  for (const partner of partners) {
    // Who names a company that is not there has none.
    const above = partner.parent === null ? undefined : byId.get(partner.parent);
    add(records, 'res.partner', {
      ...{ id: partner.id, name: partner.name, email: partner.email ?? false, is_company: partner.isCompany },
      ...{ complete_name: above && !partner.isCompany ? `${above.name}, ${partner.name}` : partner.name },
      ...{ parent_id: above?.id ?? false, commercial_partner_id: commercial(partner, byId), type: 'contact' },
      ...{ street: partner.street ?? false, zip: partner.zip ?? false, city: partner.city ?? false },
      ...{ country_id: country.get(partner.country ?? '') ?? false, lang: partner.lang ?? false, active: true },
      ...{ category_id: [], property_stock_customer: 2, property_stock_supplier: 1, company_id: false },
    });
  }
}

/** The company that a contact belongs to, as Odoo computes it. */
export function commercial(partner: Partner, byId: ReadonlyMap<number, Partner>): number {
  let at = partner;
  for (let depth = 0; depth < 10 && !at.isCompany && at.parent !== null; depth++) {
    const above = byId.get(at.parent);
    if (!above) break;
    at = above;
  }
  return at.id;
}

function addProducts(
  records: Records,
  products: readonly Product[],
  { unit, first }: { unit: ReadonlyMap<string, number>; first: string },
): void {
  add(records, 'product.category', { id: 1, name: 'All', parent_id: false, route_ids: [] });
  for (const product of products) {
    const { id, name, default_code, active, free } = product;
    const shown = name[first] ?? Object.values(name)[0] ?? `product ${id}`;
    // Stock that does not matter is of a type that Odoo counts none of.
    const type = free !== null ? 'product' : product.type === 'product' ? 'consu' : product.type;
    const uom = unit.get(product.uom);
    add(records, 'product.template', {
      ...{ id, name: shown, default_code: default_code ?? false, active, type, detailed_type: type, categ_id: 1 },
      ...{
        list_price: product.price,
        uom_id: uom,
        uom_po_id: uom,
        sale_ok: product.saleOk,
        purchase_ok: product.vendor !== null,
      },
      ...{ sale_delay: 0, company_id: false, currency_id: 1, tracking: 'none', route_ids: [], sequence: 1 },
      ...{ invoice_policy: 'order', purchase_method: 'receive', taxes_id: [], supplier_taxes_id: [] },
    });
    add(records, 'product.product', {
      ...{ id, product_tmpl_id: id, default_code: default_code ?? false, barcode: product.barcode ?? false, active },
      ...{ product_template_attribute_value_ids: [], combination_indices: '' },
    });
    if (product.vendor !== null) {
      add(records, 'product.supplierinfo', {
        ...{
          product_tmpl_id: id,
          partner_id: product.vendor,
          delay: product.leadDays,
          min_qty: 0,
          price: product.price,
        },
        ...{ currency_id: 1, company_id: COMPANY, sequence: 1, discount: 0 },
      });
    }
    if (free !== null) addStock(records, product, free);
  }
}

function addStock(records: Records, { id, onHand }: Product, free: number): void {
  const quantity = Math.max(onHand ?? free, free);
  if (quantity <= 0) return;
  add(records, 'stock.quant', {
    ...{ product_id: id, location_id: STOCK, quantity, reserved_quantity: quantity - free, company_id: COMPANY },
    in_date: '2000-01-01 00:00:00',
  });
}
