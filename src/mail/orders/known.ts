// What the catalogue knows already, so that Odoo is not asked again for each order: products as sales orders are made from, and
// partners by their address. Pure.
import type { OdooRow } from '../../mapping/records.ts';
import { nameIn } from '../answers/language.ts';
import { type Catalogue, type CataloguePartner, emailsOf } from '../catalogue.ts';
import type { KnownPartners } from './partners.ts';

/** What the catalogue says is as good as Odoo's own answer for so long. */
export const FRESH_MS = 3_000;

/** A product's row; undefined where the catalogue is none of Odoo's, or does not know it. */
export function saleRow(catalogue: Catalogue, id: number): OdooRow | undefined {
  const product = catalogue.product(id);
  if (!product || product.uomId === undefined || catalogue.read === null) return undefined;
  const name = nameIn(product.name, 'en');
  return {
    id,
    display_name: product.default_code ? `[${product.default_code}] ${name}` : name,
    active: product.active,
    sale_ok: product.saleOk,
    type: product.type,
    uom_id: product.uomId,
  };
}

export function knownPartners(catalogue: Catalogue, now: number): KnownPartners {
  const { read } = catalogue;
  return {
    ordering(email) {
      const found = read === null ? [] : catalogue.contacts(email);
      // What several addresses in one field mean is Odoo's to say.
      if (found.length === 0 || found.some((partner) => emailsOf(partner).length !== 1)) return undefined;
      // As partner-commands.ts chooses: a person before his company, the oldest first.
      const [first] = found.toSorted((a, b) => Number(a.isCompany) - Number(b.isCompany) || a.id - b.id);
      return commercial(first!, catalogue);
    },
    isNobody: (email) => read !== null && now - read.at <= FRESH_MS && catalogue.contacts(email).length === 0,
  };
}

/** As Odoo's commercial partner: the nearest company, or who has nobody above him. */
function commercial(partner: CataloguePartner, catalogue: Catalogue): number | undefined {
  let at = partner;
  for (let depth = 0; depth < 20; depth++) {
    if (at.isCompany || at.parent === null) return at.id;
    const above = catalogue.partner(at.parent);
    if (!above) return undefined;
    at = above;
  }
  return undefined;
}
