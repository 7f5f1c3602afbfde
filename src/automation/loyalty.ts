// Loyalty cards of Odoo (app Coupons & Loyalty, which Point of Sale and Sales bring along).
import type { Domain } from '../connector/odoo/reader.ts';
import { link, number, type OdooRow } from '../mapping/records.ts';
import type { AutomationOdoo } from './automation.ts';

export const LOYALTY_APP = 'Coupons & Loyalty';

/** Cards of programmes of the kind loyalty, or of the one that is named; those that are archived are left out. */
export async function loyaltyCards(
  odoo: AutomationOdoo,
  program: string | null,
  more: Domain = [],
): Promise<OdooRow[]> {
  await odoo.require('loyalty.card', ['partner_id', 'points', 'program_id'], LOYALTY_APP);
  await odoo.require('loyalty.program', ['name', 'program_type'], LOYALTY_APP);
  const wanted: Domain = program === null ? [['program_type', '=', 'loyalty']] : [['name', '=', program]];
  const programs = await odoo.rows({ model: 'loyalty.program', fields: ['name'], domain: wanted });
  if (programs.length === 0) return [];
  const active: Domain = (await odoo.has('loyalty.card', ['active'])) ? [['active', '=', true]] : [];
  return await odoo.rows({
    model: 'loyalty.card',
    fields: ['partner_id', 'points', 'program_id', 'code'],
    domain: [['program_id', 'in', programs.map(({ id }) => id)], ...active, ...more],
  });
}

/** Points by partner, of all his cards. */
export async function loyaltyPoints(odoo: AutomationOdoo, program: string | null): Promise<Map<number, number>> {
  const points = new Map<number, number>();
  for (const card of await loyaltyCards(odoo, program, [['partner_id', '!=', false]])) {
    const partner = link(card, 'partner_id')!;
    points.set(partner, (points.get(partner) ?? 0) + number(card, 'points'));
  }
  return points;
}

/** Names of the partners of cards, by partner. */
export async function cardHolders(odoo: AutomationOdoo, cards: readonly OdooRow[]): Promise<Map<number, string>> {
  const ids = [...new Set(cards.flatMap((card) => link(card, 'partner_id') ?? []))];
  const rows = await odoo.rows({ model: 'res.partner', fields: ['name'], domain: [['id', 'in', ids]] });
  return new Map(rows.map((row) => [row.id, String(row.name ?? '')]));
}
