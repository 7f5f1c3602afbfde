// Partners with an address, and the companies that they order for.
import { byIds } from '../../connector/export/reads.ts';
import type { Domain, OdooReader, OdooRow } from '../../connector/odoo/reader.ts';
import { flag, link, text } from '../../mapping/records.ts';
import type { CataloguePartner } from '../catalogue.ts';
import { newest, readingOf, type State } from './state.ts';

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

export async function readPartners(
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
