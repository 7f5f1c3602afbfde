// Vendors' prices of products: who sells us a product first, and how long that takes.
import { type Domain, type OdooReader, type OdooRow, readAll } from '../../connector/odoo/reader.ts';
import { groupBy, link, number } from '../../mapping/records.ts';
import { MOST_NAMED, type State } from './state.ts';

/** Vendors' prices, the best first, by template. */
export async function readOffers(
  reader: OdooReader,
  state: State,
  domain: Domain,
  signal?: AbortSignal,
): Promise<void> {
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

/** The price that holds for a variant: its own, or its template's. */
export function offerOf(state: State, template: number, product: number): OdooRow | undefined {
  return (state.offers.get(template) ?? []).find(
    (each) => link(each, 'product_id') === undefined || link(each, 'product_id') === product,
  );
}
