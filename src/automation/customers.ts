// Customers as the automations tell them apart: who buys at wholesale, and how an address is written. Pure but for the one read.
import { z } from 'zod';
import type { Domain } from '../connector/odoo/reader.ts';
import { link, links, type OdooRow, text } from '../mapping/records.ts';
import type { AutomationOdoo } from './automation.ts';

/** Who counts as wholesale; of companies, their contacts too. */
export const WholesaleRule = z
  .strictObject({
    tags: z.array(z.string().min(1)).default(['Wholesale']).describe('Tags of contacts in Odoo'),
    pricelists: z.array(z.string().min(1)).default([]).describe('Names of pricelists'),
  })
  .prefault({});
export type WholesaleRule = z.output<typeof WholesaleRule>;

/** Ids of partners who buy at wholesale. */
export async function wholesalePartners(odoo: AutomationOdoo, rule: WholesaleRule): Promise<Set<number>> {
  const tags = await idsByName(odoo, 'res.partner.category', rule.tags);
  const lists = await idsByName(odoo, 'product.pricelist', rule.pricelists);
  const found = new Set<number>();
  if (tags.size === 0 && lists.size === 0) return found;
  const byList = lists.size > 0 && (await odoo.has('res.partner', ['property_product_pricelist']));
  const fields = ['category_id', 'commercial_partner_id', ...(byList ? ['property_product_pricelist'] : [])];
  const above = new Map<number, number>();
  for await (const page of odoo.pages({ model: 'res.partner', fields })) {
    for (const row of page) {
      above.set(row.id, link(row, 'commercial_partner_id') ?? row.id);
      const own = links(row, 'category_id').some((tag) => tags.has(tag));
      if (own || lists.has(link(row, 'property_product_pricelist') ?? 0)) found.add(row.id);
    }
  }
  for (const [partner, company] of above) if (found.has(company)) found.add(partner);
  return found;
}

async function idsByName(odoo: AutomationOdoo, model: string, names: readonly string[]): Promise<Set<number>> {
  if (names.length === 0 || !(await odoo.has(model))) return new Set();
  const rows = await odoo.rows({ model, fields: ['name'], domain: [['name', 'in', names]] });
  return new Set(rows.map(({ id }) => id));
}

const SMALL = new Set(['and', 'und', 'et']);

/**
 * Each word with a capital, as people are written: `mary-jane o'neil` → `Mary-Jane O'Neil`. A word that has capitals inside and is
 * not all capitals stays as it is (`McDonald`).
 */
export function titleCase(name: string): string {
  return name
    .trim()
    .replace(/\s+/g, ' ')
    .split(' ')
    .map((word, at) => {
      if (at > 0 && SMALL.has(word.toLowerCase())) return word.toLowerCase();
      const mixed = /\p{Ll}/u.test(word) && /.\p{Lu}/u.test(word);
      if (mixed) return word;
      return word.toLowerCase().replace(/(^|[-'’.])(\p{L})/gu, (_, before: string, letter: string) => {
        return `${before}${letter.toUpperCase()}`;
      });
    })
    .join(' ');
}

/** In lower case without blanks; empty when it is none. */
export function plainEmail(value: string): string {
  const email = value.trim().toLowerCase();
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(email) ? email : '';
}

/** The digits that tell telephone numbers apart, without country and trunk prefixes; empty when there are too few. */
export function phoneTail(value: string): string {
  const digits = value.replace(/\D/g, '');
  return digits.length < 7 ? '' : digits.slice(-9);
}

export function firstAndLast(name: string): { first: string; last: string } {
  const at = name.trim().lastIndexOf(' ');
  return at < 0
    ? { first: name.trim(), last: '' }
    : { first: name.trim().slice(0, at).trim(), last: name.trim().slice(at + 1) };
}

export function partnerName(row: OdooRow): string {
  return text(row, 'name') || text(row, 'email') || `partner ${row.id}`;
}

/** Where the company is. */
export async function companyAddress(
  odoo: AutomationOdoo,
): Promise<{ country: number | undefined; state: number | undefined }> {
  const domain: Domain = [['id', '=', odoo.company.id]];
  const [company] = await odoo.rows({ model: 'res.company', fields: ['partner_id'], domain });
  const [partner] = await odoo.rows({
    model: 'res.partner',
    fields: ['country_id', 'state_id'],
    domain: [['id', '=', link(company, 'partner_id') ?? 0]],
  });
  return { country: link(partner, 'country_id'), state: link(partner, 'state_id') };
}
