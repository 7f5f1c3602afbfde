// Partners of mail orders in Odoo: looked up together, made where nobody knows them. One writer at a time (see effects.ts), so a
// partner that an earlier try has made is found by his address.

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
  /** @throws when an earlier try for one of them may still be on its way */
  begin(emails: readonly string[]): Promise<void>;
  end(emails: readonly string[]): Promise<void>;
}

/** The partner of each customer, in order. */
export async function resolvePartners(
  writer: OdooWriter,
  customers: readonly CustomerWish[],
  notes: PartnerNotes,
): Promise<OrderingPartner[]> {
  const found = await find(
    writer,
    customers.map(({ email }) => email),
  );
  const unknown = new Map<string, CustomerWish>();
  for (const customer of customers) {
    const email = normalisedEmail(customer.email);
    if (found.has(email)) continue;
    const before = unknown.get(email);
    unknown.set(email, { ...customer, ...before, address: before?.address ?? customer.address });
  }
  if (unknown.size > 0) {
    const wanted = [...unknown.values()];
    const values = wanted.map(({ email, name, address }) => newPartner(email, name, address));
    const emails = [...unknown.keys()];
    await notes.begin(emails);
    const ids = await writer.create('res.partner', values).catch(async (error: unknown) => {
      // Odoo's own word: nothing was made.
      if (!isPassing(error)) await notes.end(emails);
      throw error;
    });
    await notes.end(emails);
    for (const [index, { email }] of wanted.entries()) {
      found.set(normalisedEmail(email), { id: ids[index]!, ...values[index] } as OdooRow);
    }
  }
  const partners = customers.map(({ email }) => orderingPartner(found.get(normalisedEmail(email))!));
  const asked = customers.map(({ address, email }) => (unknown.has(normalisedEmail(email)) ? null : address));
  const places = await readPlaces(
    writer,
    partners.filter((_, index) => asked[index] !== null),
  );
  const result: OrderingPartner[] = [];
  for (const [index, partner] of partners.entries()) {
    const address = asked[index];
    const shipping = typeof address === 'string' ? await settleAddress(writer, partner, places, address) : null;
    result.push({ partner, shipping });
  }
  return result;
}

async function find(writer: OdooWriter, emails: readonly string[]): Promise<Map<string, OdooRow>> {
  const wanted = [...new Set(emails.map(normalisedEmail))];
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
