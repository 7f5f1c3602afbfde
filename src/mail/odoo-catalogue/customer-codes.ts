// Customers' own product codes, where an Odoo keeps them.
import { has } from '../../connector/export/reads.ts';
import { type OdooReader, readAll } from '../../connector/odoo/reader.ts';
import { vendorOf } from '../../mapping/itemsuppliers.ts';
import { link, text } from '../../mapping/records.ts';
import type { CustomerCode, MutableCatalogue } from '../catalogue.ts';
import { readingOf, type State } from './state.ts';

/** Customers' own product codes, where the module that keeps them is installed. */
export async function readCustomerCodes(
  reader: OdooReader,
  state: State,
  signal?: AbortSignal,
): Promise<CustomerCode[]> {
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
