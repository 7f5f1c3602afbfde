// Partners of mail orders in Odoo: known from the catalogue, else looked up together, made where nobody knows them. One writer at a
// time (see effects.ts), so a partner that an earlier try has made is found by his address.

import type { OdooWriter } from '../../connector/odoo/writer.ts';
import type { AddressCommand } from '../../mapping/partner-commands.ts';
import {
  addressCommand,
  newPartner,
  normalisedEmail,
  orderingPartner,
  PARTNER_FIELDS,
  partnerOf,
} from '../../mapping/partner-commands.ts';
import { link, type OdooRow, text } from '../../mapping/records.ts';
import { isPassing } from './desk.ts';

export interface CustomerWish {
  email: string;
  name: string | null;
  address: string | null;
}

export interface OrderingPartner {
  /** Company, or the person himself. */
  partner: number;
  shipping: number | null;
}

/** Notes what Odoo is asked to make, before and after. */
export interface PartnerNotes {
  /** Those of the addresses for which Odoo was ever asked to make a partner. */
  asked(emails: readonly string[]): Promise<ReadonlySet<string>>;
  /** @throws when an earlier try for one of them may still be on its way */
  begin(emails: readonly string[]): Promise<void>;
  made(emails: readonly string[], ids: readonly number[]): Promise<void>;
  refused(emails: readonly string[]): Promise<void>;
}

/** What is known of partners without asking Odoo. */
export interface KnownPartners {
  /** Who orders when a mail comes from this address; undefined = Odoo has to be asked. */
  ordering(email: string): number | undefined;
  /** Odoo had no partner with this address a moment ago. */
  isNobody(email: string): boolean;
}

/** The partner of each customer, in order. */
export async function resolvePartners(
  writer: OdooWriter,
  customers: readonly CustomerWish[],
  notes: PartnerNotes,
  known: KnownPartners,
): Promise<OrderingPartner[]> {
  const wanted = new Map<string, CustomerWish>();
  for (const customer of customers) {
    const email = normalisedEmail(customer.email);
    const before = wanted.get(email);
    wanted.set(email, { ...customer, ...before, address: before?.address ?? customer.address });
  }
  const partners = new Map<string, number>();
  for (const email of wanted.keys()) {
    const partner = known.ordering(email);
    if (partner !== undefined) partners.set(email, partner);
  }
  for (const [email, row] of await find(writer, await doubtful(wanted, partners, notes, known)))
    partners.set(email, orderingPartner(row));
  const fresh = [...wanted].filter(([email]) => !partners.has(email));
  for (const [email, id] of await make(writer, fresh, notes)) partners.set(email, id);
  const isNew = new Set(fresh.map(([email]) => email));
  const of = customers.map(({ email, address }) => {
    const own = normalisedEmail(email);
    // A new one was made with the address.
    return { partner: partners.get(own)!, address: isNew.has(own) ? null : address };
  });
  const places = await readPlaces(
    writer,
    of.filter(({ address }) => address !== null).map(({ partner }) => partner),
  );
  const result: OrderingPartner[] = [];
  for (const { partner, address } of of) {
    const shipping = address === null ? null : await settleAddress(writer, partner, places, address);
    result.push({ partner, shipping });
  }
  return result;
}

/** Addresses that Odoo has to be asked about. */
async function doubtful(
  wanted: ReadonlyMap<string, unknown>,
  partners: ReadonlyMap<string, number>,
  notes: PartnerNotes,
  known: KnownPartners,
): Promise<string[]> {
  const unknown = [...wanted.keys()].filter((email) => !partners.has(email));
  if (unknown.length === 0) return [];
  // Whom we have asked Odoo to make is perhaps there since then.
  const asked = await notes.asked(unknown);
  return unknown.filter((email) => asked.has(email) || !known.isNobody(email));
}

async function make(
  writer: OdooWriter,
  wanted: readonly (readonly [string, CustomerWish])[],
  notes: PartnerNotes,
): Promise<(readonly [string, number])[]> {
  if (wanted.length === 0) return [];
  const emails = wanted.map(([email]) => email);
  await notes.begin(emails);
  const values = wanted.map(([, { email, name, address }]) => newPartner(email, name, address));
  const ids = await writer.create('res.partner', values).catch(async (error: unknown) => {
    // Odoo's own word: nothing was made.
    if (!isPassing(error)) await notes.refused(emails);
    throw error;
  });
  await notes.made(emails, ids);
  return emails.map((email, index) => [email, ids[index]!] as const);
}

async function find(writer: OdooWriter, wanted: readonly string[]): Promise<Map<string, OdooRow>> {
  if (wanted.length === 0) return new Map();
  const rows = await writer.read({
    model: 'res.partner',
    domain: [['email_normalized', 'in', wanted]],
    fields: PARTNER_FIELDS,
  });
  return new Map(
    wanted.flatMap((email) => {
      const partner = partnerOf(email, rows);
      return partner ? [[email, partner] as const] : [];
    }),
  );
}

/** Partners with their delivery addresses. */
async function readPlaces(writer: OdooWriter, partners: readonly number[]): Promise<OdooRow[]> {
  if (partners.length === 0) return [];
  const ids = [...new Set(partners)];
  return await writer.read({
    model: 'res.partner',
    domain: ['|', ['id', 'in', ids], '&', ['parent_id', 'in', ids], ['type', '=', 'delivery']],
    fields: PARTNER_FIELDS,
  });
}

async function settleAddress(
  writer: OdooWriter,
  partner: number,
  places: OdooRow[],
  address: string,
): Promise<number | null> {
  const row = places.find(({ id }) => id === partner);
  if (!row) return null;
  const children = places.filter((each) => link(each, 'parent_id') === partner && text(each, 'type') === 'delivery');
  const command: AddressCommand = addressCommand(row, children, address);
  switch (command.kind) {
    case 'own':
      return null;
    case 'known':
      return command.shipping;
    case 'fill':
      await writer.change('res.partner', [{ id: partner, values: command.values }], {});
      // Another order of the same round finds it filled.
      Object.assign(row, command.values);
      return null;
    case 'create': {
      const [id] = await writer.create('res.partner', [command.values]);
      places.push({ ...command.values, id: id!, active: true } as OdooRow);
      return id!;
    }
  }
}
