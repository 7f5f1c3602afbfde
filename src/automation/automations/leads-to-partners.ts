// 1. Leads of the day become partners, unless Odoo knows the mail address or the telephone number already. Keeps a record of those
// that were made.
import { z } from 'zod';
import type { Domain } from '../../connector/odoo/reader.ts';
import { type OdooRow, text } from '../../mapping/records.ts';
import { parseStamp } from '../../mapping/time.ts';
import { type AutomationContext, type AutomationOdoo, automation, type Json } from '../automation.ts';
import { companyAddress, phoneTail, plainEmail, titleCase } from '../customers.ts';
import { dayAfter, startOfDay } from '../days.ts';

const Columns = z
  .strictObject({
    date: z.string().default('date'),
    firstName: z.string().default('first_name'),
    lastName: z.string().default('last_name'),
    name: z.string().default('name').describe('where first and last name stand in one column'),
    email: z.string().default('email'),
    phone: z.string().default('phone'),
    street: z.string().default('street'),
    city: z.string().default('city'),
    state: z.string().default('state'),
    zip: z.string().default('zip'),
    comment: z.string().default('comments'),
  })
  .prefault({});

const Settings = z.object({
  file: z
    .string()
    .default('marketing_leads.csv')
    .describe('CSV with the leads; in the folder of the automations, or a whole path'),
  forms: z.boolean().default(true).describe('Also leads that came in by the form of the web site'),
  days: z
    .int()
    .min(1)
    .max(31)
    .default(2)
    .describe(
      'Days whose leads are looked at: 1 = today; 2 also takes those that came after the last run of yesterday',
    ),
  dayFirst: z.boolean().default(false).describe('Dates like 4/3/2026 are the 4th of March'),
  columns: Columns.describe('Names of the columns'),
  record: z.string().default('new_customers.csv').describe('File with those that were made'),
});

export interface Lead {
  name: string;
  email: string;
  phone: string;
  street: string;
  city: string;
  state: string;
  zip: string;
  comment: string;
}

const RECORD = ['created', 'name', 'email', 'phone', 'partner'];

export const leadsToPartners = automation({
  name: 'leads-to-partners',
  title: 'New customers from leads',
  seed: '1',
  description:
    'Leads of a CSV file and of the web form become partners in Odoo, unless their mail address or telephone number is known.',
  schedule: 'twice per hour',
  missed: 'once',
  needs: ['odoo', 'files'],
  settings: Settings,
  async run(context) {
    const { settings, odoo, files, log, count } = context;
    const leads = once([...(await leadsOfFile(context)), ...(settings.forms ? await leadsOfForms(context) : [])]);
    count('leads', leads.length);
    const known = await knownContacts(odoo, leads);
    const fresh = leads.filter((lead) => !isKnown(lead, known));
    count('known', leads.length - fresh.length);
    const states = await statesOf(odoo, fresh);
    const rank = await odoo.has('res.partner', ['customer_rank']);
    for (const lead of fresh) {
      const { email, phone } = lead;
      const lookUp: Domain = email !== '' ? [['email', '=ilike', escapeLike(email)]] : [['phone', '=', phone]];
      await odoo.create({
        key: keyOf(lead),
        once: 'ever',
        model: 'res.partner',
        subject: [lead.name, email || phone].join(' '),
        description: 'partner made from a lead',
        values: { ...partnerValues(lead, states), ...(rank ? { customer_rank: 1 } : {}) },
        lookUp,
      });
    }
    const made = (await context.changes()).filter(({ key }) => key.startsWith('lead '));
    if (made.length === 0) return;
    const rows = made.map(({ at, after, result }) => {
      const { name = null, email = null, phone = null } = after as Record<string, Json>;
      return [at.toISOString(), asText(name), asText(email), asText(phone), typeof result === 'number' ? result : null];
    });
    await files.appendCsv(settings.record, RECORD, rows, 'made');
    if (made.length > 0) log('info', `${made.length} partners made`);
  },
});

type Context = AutomationContext<z.output<typeof Settings>>;

async function leadsOfFile({ settings, files, today, log }: Context): Promise<Lead[]> {
  const rows = await files.readCsv(settings.file);
  if (rows === null) {
    log('info', `there is no file ${settings.file} yet`);
    return [];
  }
  const first = dayAfter(today(), 1 - settings.days);
  return rows.flatMap((row, at) => {
    const place = `${settings.file}, line ${at + 2}`;
    const day = dateOf(row[settings.columns.date] ?? '', settings.dayFirst);
    if (day === null) {
      log('error', `${place}: "${row[settings.columns.date] ?? ''}" in ${settings.columns.date} is no date`);
      return [];
    }
    if (day < first || day > today()) return [];
    const lead = leadOf(row, settings.columns);
    if (lead.name === '' || (lead.email === '' && phoneTail(lead.phone) === '')) {
      log('warn', `${place}: a lead needs a name, and a mail address or a telephone number`);
      return [];
    }
    return [lead];
  });
}

async function leadsOfForms({ settings, forms, today, zone, now }: Context): Promise<Lead[]> {
  const from = startOfDay(zone, dayAfter(today(), 1 - settings.days));
  const requests = await forms.designRequests(new Date(from * 1_000), new Date(now() + 1));
  return requests.map(({ name, email, phone, details }) => ({
    name: titleCase(name),
    email: plainEmail(email),
    phone,
    street: details.street ?? details.address ?? '',
    city: details.city ?? '',
    state: details.state ?? '',
    zip: details.zip ?? '',
    comment: '',
  }));
}

/** `2026-11-21…`, `11/21/2026`, `21.11.2026` as a day; null when it is none. */
export function dateOf(value: string, dayFirst: boolean): string | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(value.trim());
  const parts = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b/.exec(value.trim());
  const [year, month, day] = iso
    ? [iso[1]!, iso[2]!, iso[3]!]
    : parts
      ? [
          parts[4]!.length === 2 ? `20${parts[4]}` : parts[4]!,
          dayFirst || parts[2] === '.' ? parts[3]! : parts[1]!,
          dayFirst || parts[2] === '.' ? parts[1]! : parts[3]!,
        ]
      : ['', '', ''];
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${text}T00:00:00Z`);
  return parseStamp(text) !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
    ? text
    : null;
}

function leadOf(row: Readonly<Record<string, string>>, columns: z.output<typeof Columns>): Lead {
  const value = (name: keyof typeof columns) => (row[columns[name]] ?? '').trim();
  const parts = [value('firstName'), value('lastName')].filter(Boolean).join(' ');
  return {
    name: titleCase(parts || value('name')),
    email: plainEmail(value('email')),
    phone: value('phone'),
    street: value('street'),
    city: value('city'),
    state: value('state'),
    zip: value('zip'),
    comment: value('comment'),
  };
}

/** Of several for the same person, the first. */
export function once(leads: readonly Lead[]): Lead[] {
  const seen = new Set<string>();
  return leads.filter(({ email, phone }) => {
    const names = [email, phoneTail(phone)].filter((name) => name !== '');
    const known = names.some((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return !known;
  });
}

interface Known {
  emails: ReadonlySet<string>;
  phones: ReadonlySet<string>;
}

export function isKnown({ email, phone }: Lead, { emails, phones }: Known): boolean {
  const tail = phoneTail(phone);
  return (email !== '' && emails.has(email)) || (tail !== '' && phones.has(tail));
}

/** Archived partners count too: somebody has put them away. */
async function knownContacts(odoo: AutomationOdoo, leads: readonly Lead[]): Promise<Known> {
  const [emails, phones] = [new Set<string>(), new Set<string>()];
  const mobile = (await odoo.has('res.partner', ['mobile'])) ? ['mobile'] : [];
  for (const lead of leads) {
    const tail = phoneTail(lead.phone);
    const terms: [string, string, string][] = [];
    if (lead.email !== '') terms.push(['email', '=ilike', escapeLike(lead.email)]);
    // The last two stand together in every way of writing numbers; which number it is shows when all digits are compared.
    if (tail !== '') for (const field of ['phone', ...mobile]) terms.push([field, 'like', tail.slice(-2)]);
    const domain: Domain = [...terms.slice(1).map(() => '|' as const), ...terms];
    if (terms.length === 0) continue;
    for (const row of await odoo.rows({ model: 'res.partner', fields: ['email', 'phone', ...mobile], domain })) {
      noteContact(row, emails, phones);
    }
  }
  return { emails, phones };
}

function noteContact(row: OdooRow, emails: Set<string>, phones: Set<string>): void {
  emails.add(plainEmail(text(row, 'email')));
  for (const field of ['phone', 'mobile']) phones.add(phoneTail(text(row, field)));
}

async function statesOf(odoo: AutomationOdoo, leads: readonly Lead[]): Promise<Map<string, number>> {
  const states = new Map<string, number>();
  if (!leads.some(({ state }) => state !== '') || !(await odoo.has('res.country.state'))) return states;
  const { country } = await companyAddress(odoo);
  const domain: Domain = country === undefined ? [] : [['country_id', '=', country]];
  for (const row of await odoo.rows({ model: 'res.country.state', fields: ['name', 'code'], domain })) {
    for (const field of ['name', 'code']) states.set(text(row, field).toLowerCase(), row.id);
  }
  states.delete('');
  return states;
}

function partnerValues(lead: Lead, states: ReadonlyMap<string, number>): Record<string, Json> {
  const { name, email, phone, street, city, zip, comment } = lead;
  const state = states.get(lead.state.toLowerCase());
  const filled = Object.entries({ email, phone, street, city, zip, comment }).filter(([, value]) => value !== '');
  return { name, type: 'contact', ...Object.fromEntries(filled), ...(state === undefined ? {} : { state_id: state }) };
}

function keyOf({ email, phone }: Lead): string {
  return `lead ${email || phoneTail(phone)}`;
}

function escapeLike(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&');
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : '';
}
