// A campaign by text messages: who is meant gets its text once. A text is written down before it is sent, so that after a crash it is
// looked for as it went out. Nothing goes to who wants none, nor at night.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { link, type OdooRow, tableOf, text } from '../../mapping/records.ts';
import { formatStamp } from '../../mapping/time.ts';
import { type Automation, type AutomationContext, automation } from '../automation.ts';
import { firstAndLast, titleCase, WholesaleRule } from '../customers.ts';
import { isOptOut, type SmsMessage, type SmsReceipt } from '../engines/sms.ts';
import { loyaltyPoints } from '../loyalty.ts';
import { fillText, namesIn, problemOf } from '../messages/template.ts';
import { type CAMPAIGNS, optOuts, STOP } from './opt-outs.ts';

export interface Recipient {
  partner: number;
  /** What the message is about, once for each: the day of a purchase, a month; empty = once in a life. */
  event: string;
  /** Day until which the coupon counts, if there is one. */
  expires: string | null;
}

const NAMES = ['firstName', 'name', 'points', 'expires', 'shop'] as const;

const Text = z
  .string()
  .min(1)
  .superRefine((given, context) => {
    const problem = problemOf(given, NAMES);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time like "08:00"');

/** Of every campaign. */
export function campaignSettings(texts: readonly string[]) {
  return {
    texts: z
      .array(Text)
      .min(1)
      .default([...texts])
      .describe(`The message, with {{${NAMES.join('}}, {{')}}}; of several each receiver gets one`),
    picture: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .default(null)
      .describe('Address of a picture, on the WebDAV server for example'),
    shop: z.string().default('our shop').describe('Name of the shop in the text'),
    someone: z.string().default('there').describe('First name of who has none'),
    loyaltyProgram: z
      .string()
      .nullable()
      .default(null)
      .describe('Loyalty programme whose points are told; default all'),
    locale: z.string().default('en-US').describe('How days are written'),
    notBefore: clockTime.default('08:00').describe('No message is sent earlier in the day'),
    notAfter: clockTime.default('21:00').describe('No message is sent later in the day'),
    wholesale: WholesaleRule,
  };
}

type Common = z.output<z.ZodObject<ReturnType<typeof campaignSettings>>>;

export interface Campaign<S extends z.ZodRawShape> {
  name: (typeof CAMPAIGNS)[number];
  title: string;
  description: string;
  schedule: string;
  texts: readonly string[];
  settings: S;
  audience(context: AutomationContext<Common & z.output<z.ZodObject<S>>>): Promise<Recipient[]>;
}

/** What was decided for a message before it was sent; JSON. */
type Draft = { body: string; at: number };

/** One of several texts, the same one each time for the same key. Pure. */
export function choose<T>(list: readonly T[], key: string): T {
  return list[createHash('sha256').update(key).digest().readUInt32BE(0) % list.length]!;
}

/** Whether the clock of the shop's zone is between the two. Pure. */
export function isDaytime(wall: string, notBefore: string, notAfter: string): boolean {
  return wall >= notBefore && wall <= notAfter;
}

export function campaign<S extends z.ZodRawShape>(definition: Campaign<S>): Automation {
  const { name, title, description, schedule, texts } = definition;
  return automation({
    ...{ name, title, description, schedule, seed: 'SMS' },
    // A greeting for yesterday is none tomorrow.
    missed: 'skip',
    needs: ['odoo', 'sms'],
    settings: z.object({ ...campaignSettings(texts), ...definition.settings }),
    async run(given) {
      const context = given as unknown as AutomationContext<Common>;
      if (!mayWrite(context)) return;
      const recipients = await definition.audience(given as never);
      context.count('targeted', recipients.length);
      if (recipients.length > 0) await sendAll(context, name, recipients);
    },
  });
}

function mayWrite({ zone, now, settings, log }: AutomationContext<Common>): boolean {
  const wall = formatStamp(zone.toWall(Math.floor(now() / 1_000))).slice(11, 16);
  if (isDaytime(wall, settings.notBefore, settings.notAfter)) return true;
  log('warn', `It is ${wall}: no text messages before ${settings.notBefore} and after ${settings.notAfter}.`);
  return false;
}

async function sendAll(context: AutomationContext<Common>, name: string, recipients: readonly Recipient[]) {
  const { sms, odoo, count, log, signal, progress } = context;
  const silent = await optOuts(context as AutomationContext, name);
  const partners = await readPartners(context, recipients);
  // A shop without a loyalty programme tells no points.
  const tells = context.settings.texts.some((each) => namesIn(each).has('points')) && (await odoo.has('loyalty.card'));
  const points = tells ? await loyaltyPoints(odoo, context.settings.loyaltyProgram) : new Map<number, number>();
  let [tried, test] = [0, 0];
  for (const recipient of recipients) {
    signal.throwIfAborted();
    progress(tried++ / recipients.length, `${tried} of ${recipients.length} messages`);
    const partner = partners.get(recipient.partner);
    if (!partner) continue;
    const number = partner.numbers[0];
    if (number === undefined) {
      count('without a number', 1);
      continue;
    }
    if (partner.numbers.some((each) => silent.has(each)) || silent.has(number)) {
      count('want none', 1);
      continue;
    }
    if (sms.testNumber !== null && ++test > 1) continue;
    const balance = Math.floor(points.get(recipient.partner) ?? 0);
    const outcome = await sendOne(context, name, recipient, partner, number, balance);
    if (outcome === 'opted out') silent.add(number);
  }
  if (sms.testNumber !== null) log('info', `Test mode: one message, to ${sms.testNumber} only.`);
}

interface Person {
  name: string;
  /** E.164, the one to write to first. */
  numbers: readonly string[];
}

async function readPartners({ odoo, sms }: AutomationContext<Common>, recipients: readonly Recipient[]) {
  const ids = [...new Set(recipients.map(({ partner }) => partner))];
  // Odoo 19 has one number of a contact.
  const fields = [
    'name',
    'is_company',
    'phone',
    'country_id',
    ...((await odoo.has('res.partner', ['mobile'])) ? ['mobile'] : []),
  ];
  const domain = [
    ['id', 'in', ids],
    ['active', '=', true],
  ] as const;
  const rows = await odoo.rows({ model: 'res.partner', fields, domain });
  const countries = tableOf(await odoo.rows({ model: 'res.country', fields: ['code'] }));
  return new Map<number, Person>(
    rows.map((row) => {
      const country = text(countries.get(link(row, 'country_id') ?? 0), 'code') || null;
      const numbers = [text(row, 'mobile'), text(row, 'phone')].flatMap(
        (written) => sms.number(written, country) ?? [],
      );
      return [row.id, { name: nameOf(row), numbers: [...new Set(numbers)] }];
    }),
  );
}

/** Companies have no first name. */
function nameOf(row: OdooRow): string {
  return row.is_company === true ? '' : text(row, 'name').trim();
}

async function sendOne(
  context: AutomationContext<Common>,
  campaign: string,
  recipient: Recipient,
  person: Person,
  number: string,
  points: number,
): Promise<'opted out' | 'other'> {
  const { sms, effect, state, settings, now, log, count } = context;
  const testing = sms.testNumber !== null;
  // By number, not by contact: two contacts may be one person.
  const own = `${number}${recipient.event === '' ? '' : `/${recipient.event}`}`;
  const key = testing ? `test/${own}` : own;
  const draft: Draft = ((await state.get(`draft/${key}`)) as Draft | undefined) ?? {
    body: bodyOf(settings, choose(settings.texts, `${campaign}/${own}`), recipient, person, points),
    at: now(),
  };
  await state.set(`draft/${key}`, draft);
  const message: SmsMessage = { to: sms.testNumber ?? number, body: draft.body, mediaUrl: settings.picture };
  let opted = false;
  const outcome = await effect<SmsReceipt>(
    {
      ...{ key: `sms/${key}`, once: testing ? 'run' : 'ever', subject: `${person.name || 'contact'} ${message.to}` },
      ...{ description: testing ? `text message for ${number}, in test mode` : 'text message' },
      ...{ before: null, after: { text: draft.body, picture: settings.picture } },
    },
    async (signal) => {
      try {
        return await sms.send(message, signal);
      } catch (error) {
        if (!isOptOut(error)) throw error;
        opted = true;
        await state.set(`${STOP}${message.to}`, now());
        return { id: '', status: 'opted out', error: null };
      }
    },
    (signal) => sms.find(message, draft.at, signal),
  );
  if (outcome.kind === 'done' || outcome.kind === 'known') await state.remove(`draft/${key}`);
  if (opted) {
    log('info', `${message.to} wants no text messages, says the service; it gets none any more.`);
    count('want none', 1);
    return 'opted out';
  }
  if (outcome.kind === 'done') count('sent', 1);
  return 'other';
}

function bodyOf(settings: Common, template: string, recipient: Recipient, person: Person, points: number): string {
  const { first, last } = firstAndLast(person.name);
  const days = new Intl.DateTimeFormat(settings.locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return fillText(template, {
    firstName: titleCase(first.split(' ')[0] ?? '') || titleCase(last) || settings.someone,
    name: person.name || settings.someone,
    // Nobody is told that he owes points.
    points: points > 0 ? points : null,
    expires: recipient.expires === null ? null : days.format(Date.parse(`${recipient.expires}T00:00:00Z`)),
    shop: settings.shop,
  });
}
