// Products with their templates, as mails name them. Names come in all languages, stock from ./stock.ts.
import type { Domain, OdooReader, OdooRow } from '../../connector/odoo/reader.ts';
import { vendorOf } from '../../mapping/itemsuppliers.ts';
import { flag, link, links, number, text } from '../../mapping/records.ts';
import type { CatalogueProduct } from '../catalogue.ts';
import { namesIn } from './names.ts';
import { MOST_NAMED, newest, type State } from './state.ts';
import { freeOf } from './stock.ts';
import { variantNames } from './variants.ts';
import { offerOf } from './vendors.ts';

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

export async function readTemplates(
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

export async function readProducts(
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
  const offer = offerOf(state, templateId, row.id);
  const type = text(template, 'type');
  return {
    id: row.id,
    default_code: text(row, 'default_code').trim() || null,
    name: variantNames(state, templateId, links(row, 'product_template_attribute_value_ids')),
    barcode: text(row, 'barcode').trim() || null,
    uom: state.unitNames.get(uom ?? 0) ?? '',
    ...(uom !== undefined && { uomId: uom }),
    active: flag(row, 'active') && flag(template, 'active'),
    saleOk: flag(template, 'sale_ok'),
    type,
    free: freeOf(state, row.id, isStored(template)),
    price: number(template, 'list_price'),
    vendor: (offer && vendorOf(offer)) ?? null,
    leadDays: number(offer, 'delay'),
  };
}

/** Up to Odoo 17 what is stored is of type `product`; later it is said by a mark. */
function isStored(template: OdooRow): boolean {
  return template.is_storable === undefined ? text(template, 'type') === 'product' : flag(template, 'is_storable');
}
