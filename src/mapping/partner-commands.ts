// Who orders by mail -> partner of Odoo (mail-orders.md): found by address, the company of a contact, else a new one. An address is
// only filled in where none is, else it becomes a delivery address of its own. Pure.
import type { Values } from './commands.ts';
import { flag, link, type OdooRow, text } from './records.ts';

export const PARTNER_FIELDS = [
  'name',
  'email_normalized',
  'active',
  'parent_id',
  'commercial_partner_id',
  'is_company',
  'type',
  'street',
  'street2',
  'zip',
  'city',
] as const;

export interface PostalAddress {
  street: string;
  street2?: string;
  zip?: string;
  city?: string;
}

/** Odoo's form of an address for comparison. */
export function normalisedEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The partner with an address: one in use before an archived one, a person before his company, the oldest first. */
export function partnerOf(email: string, rows: readonly OdooRow[], hint?: number): OdooRow | undefined {
  const wanted = normalisedEmail(email);
  const found = rows.filter((row) => text(row, 'email_normalized') === wanted || row.id === hint);
  const rank = (row: OdooRow) =>
    (row.active === false ? 4 : 0) + (row.id === hint ? 0 : 2) + (flag(row, 'is_company') ? 1 : 0);
  return found.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id).find((row) => row.active !== false);
}

/** Id of the company that a contact orders for; the contact's own when it has none. */
export function orderingPartner(row: OdooRow): number {
  return link(row, 'commercial_partner_id') ?? link(row, 'parent_id') ?? row.id;
}

const LONGEST_NAME = 128;

/** A customer who is not in Odoo yet. */
export function newPartner(email: string, name: string | null, address: string | null): Values {
  const shown = oneLine(name ?? '') || email;
  return {
    name: shown.slice(0, LONGEST_NAME),
    email: normalisedEmail(email),
    is_company: false,
    customer_rank: 1,
    ...(address === null ? {} : postalAddress(address)),
  };
}

export type AddressCommand =
  /** The order goes where it always goes. */
  | { kind: 'own' }
  /** The partner has had no address so far. */
  | { kind: 'fill'; values: Values }
  | { kind: 'known'; shipping: number }
  | { kind: 'create'; values: Values };

/**
 * What an address in a mail means for the partner who orders.
 * @param children delivery addresses of that partner
 */
export function addressCommand(partner: OdooRow, children: readonly OdooRow[], given: string): AddressCommand {
  const address = postalAddress(given);
  const has = (row: OdooRow) => ['street', 'street2', 'zip', 'city'].some((field) => text(row, field) !== '');
  if (!has(partner)) return { kind: 'fill', values: { ...address } };
  if (isSame(partner, given)) return { kind: 'own' };
  const known = children
    .filter((row) => row.active !== false && text(row, 'type') === 'delivery' && link(row, 'parent_id') === partner.id)
    .find((row) => isSame(row, given));
  if (known) return { kind: 'known', shipping: known.id };
  const values = {
    parent_id: partner.id,
    type: 'delivery',
    name: text(partner, 'name').slice(0, LONGEST_NAME),
    ...address,
  };
  return { kind: 'create', values };
}

/** Letters and digits alone, so that commas, line ends and accents make no other address. */
function folded(address: string): string {
  return address
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

function isSame(row: OdooRow, given: string): boolean {
  const wanted = folded(given);
  const parts = ['street', 'street2', 'zip', 'city'].map((field) => text(row, field));
  const whole = folded(parts.join(' '));
  // A mail that gives the street alone means the address in that street.
  return whole === wanted || (text(row, 'street') !== '' && folded(text(row, 'street')) === wanted);
}

function oneLine(value: string): string {
  return value.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

const ZIP_CITY = /^((?:[A-Z]{1,2}-)?\d{4,6}(?: [A-Z]{2})?)\s+(\p{L}.*)$/u;

/** An address in one text: street, then the town where a number stands before it, the rest as second line. */
export function postalAddress(given: string): PostalAddress {
  const parts: string[] = [];
  for (const part of given
    .split(/\r?\n|,/)
    .map(oneLine)
    .filter(Boolean)) {
    const before = parts.at(-1);
    // `1223, Geneva` is one town.
    const town = parts.length > 1 && before !== undefined && /^\d{4,6}$/.test(before) && /^\p{L}/u.test(part);
    if (town) parts[parts.length - 1] = `${before} ${part}`;
    else parts.push(part);
  }
  const at = parts.findIndex((part, index) => index > 0 && ZIP_CITY.test(part));
  const town = at < 0 ? null : ZIP_CITY.exec(parts[at]!);
  const [street = '', ...more] = parts.filter((_, index) => index !== at);
  return {
    street: street.slice(0, 200),
    ...(more.length > 0 ? { street2: more.join(', ').slice(0, 200) } : {}),
    ...(town ? { zip: town[1]!, city: town[2]! } : {}),
  };
}
