// A folder of mails with what was known before each (catalogues, context, mails), and its replay: each case in a store of its own.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';
import { type Catalogue, type CatalogueData, catalogueOf } from './catalogue.ts';
import type { FieldWords } from './extraction/fields.ts';
import type { Mail } from './mail.ts';
import { parseMail } from './parse.ts';
import { customerKey, type MailMemory, type PastOrder, type ReadingContext, readMail } from './read.ts';
import type { Reading } from './reading.ts';
import { hashToken, type SentMail } from './threading.ts';
import type { Policy } from './triage/policy.ts';

const id = z.number().int();

const catalogueSchema = z.object({
  name: z.string().optional(),
  products: z.array(
    z.object({
      id,
      default_code: z.string().nullable(),
      name: z.record(z.string(), z.string()),
      barcode: z.string().nullable(),
      uom: z.string(),
      active: z.boolean(),
      saleOk: z.boolean(),
      type: z.string(),
      free: z.number().nullable(),
      price: z.number(),
      vendor: id.nullable(),
      leadDays: z.number(),
    }),
  ),
  partners: z.array(
    z.object({
      id,
      name: z.string(),
      email: z.string().nullable(),
      isCompany: z.boolean(),
      parent: id.nullable(),
      lang: z.string().nullable(),
      country: z.string().nullable(),
    }),
  ),
  customerCodes: z.array(z.object({ partner: id, code: z.string(), product: id })).default([]),
});

const lineSchema = z.object({
  product: id.nullable(),
  quantity: z.number().nullable(),
  uom: z.string().nullable().default(null),
  deliveryDate: z.string().optional(),
});

const sentSchema = z.object({
  messageId: z.string(),
  token: z.string(),
  to: z.string(),
  kind: z.enum(['short', 'confirmation', 'format-error', 'replenishment', 'notice']),
  open: z.boolean(),
  sentAt: z.string(),
  order: z.object({ customerReference: z.string().optional(), lines: z.array(lineSchema) }).optional(),
});

const contextSchema = z.object({
  own: z.object({ addresses: z.array(z.string()), staffDomains: z.array(z.string()) }),
  policy: z.union([
    z.literal('everyone').transform((): Policy => ({ kind: 'everyone' })),
    z.enum(['known', 'known partners', 'known-partners']).transform((): Policy => ({ kind: 'known-partners' })),
    z.array(z.string()).transform((domains): Policy => ({ kind: 'domains', domains })),
    z.object({ domains: z.array(z.string()) }).transform(({ domains }): Policy => ({ kind: 'domains', domains })),
  ]),
  limits: z.object({ maxLines: z.number(), maxQuantity: z.number(), duplicateWindowHours: z.number() }),
  cases: z.record(
    z.string(),
    z.object({
      catalogue: z.string(),
      now: z.string(),
      sent: z.array(sentSchema).default([]),
      after: z.array(z.string()).default([]),
    }),
  ),
});

export type CorpusContext = z.infer<typeof contextSchema>;
export type CorpusCase = CorpusContext['cases'][string];

export interface Corpus {
  directory: string;
  context: CorpusContext;
  /** By the names that the cases use: the catalogue's own, and that of its file. */
  catalogues: ReadonlyMap<string, Catalogue>;
}

function problem(message: string, cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_FILE', 422, message, { cause, remedy: 'See docs for the form of such a folder.' });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw problem(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** @throws PlanbridgeError PB_FILE when the file is missing or of another form */
export async function readCatalogueFile(path: string): Promise<{ name: string | undefined; data: CatalogueData }> {
  const parsed = catalogueSchema.safeParse(await readJson(path));
  if (!parsed.success) throw problem(`${path} is no catalogue: ${z.prettifyError(parsed.error)}`);
  return { name: parsed.data.name, data: parsed.data };
}

/** @throws PlanbridgeError PB_FILE when the folder is not of that form */
export async function openCorpus(directory: string): Promise<Corpus> {
  const path = join(directory, 'context.json');
  const parsed = contextSchema.safeParse(await readJson(path));
  if (!parsed.success) throw problem(`${path} is no context of a corpus: ${z.prettifyError(parsed.error)}`);
  const catalogues = new Map<string, Catalogue>();
  for (const file of (await readdir(directory)).filter((name) => /^catalogue.*\.json$/.test(name)).sort()) {
    const { name, data } = await readCatalogueFile(join(directory, file));
    const catalogue = catalogueOf(data);
    const short = file.replace(/\.json$/, '').replace(/^catalogue-?/, '');
    for (const key of [name, short, file]) if (key) catalogues.set(key, catalogue);
  }
  return { directory, context: parsed.data, catalogues };
}

interface Store extends MailMemory {
  remember(name: string, mail: Mail, reading: Reading, now: number, catalogue: Catalogue): void;
}

/** What a service knows, in memory: mails that came, mails that were sent, orders that were made. */
export function memoryStore(cases: readonly CorpusCase[], catalogue: Catalogue): Store {
  const ids = new Set<string>();
  const contents = new Set<string>();
  const sent: SentMail[] = [];
  const orders: PastOrder[] = [];
  for (const one of cases.flatMap((each) => each.sent)) {
    if (sent.some(({ messageId }) => messageId === one.messageId)) continue;
    sent.push({
      messageId: one.messageId,
      tokenHash: hashToken(one.token),
      to: one.to,
      kind: one.kind,
      open: one.open,
    });
    if (one.order && (one.kind === 'short' || one.kind === 'confirmation')) {
      orders.push({
        name: one.messageId,
        customer: customerKey(one.to, catalogue),
        order: one.order,
        receivedAt: Date.parse(one.sentAt),
        withoutDates: true,
      });
    }
  }
  return {
    sent,
    orders,
    wasReceived: ({ messageId, contentHash }) =>
      messageId === null ? contents.has(contentHash) : ids.has(messageId.toLowerCase()),
    remember(name, mail, reading, receivedAt, known) {
      if (mail.messageId) ids.add(mail.messageId.toLowerCase());
      contents.add(mail.contentHash);
      if (reading.kind !== 'order' || reading.errors?.length || reading.duplicateOf) return;
      orders.push({ name, customer: customerKey(reading.customer.email, known), order: reading.order, receivedAt });
    },
  };
}

/** Reads one case, after those that came before it. */
export async function readCase(corpus: Corpus, name: string, fields: FieldWords): Promise<Reading> {
  const { context, catalogues, directory } = corpus;
  const own = context.cases[name];
  if (!own) throw problem(`The case ${name} is not in context.json.`);
  const catalogue = catalogues.get(own.catalogue);
  if (!catalogue) throw problem(`The catalogue ${own.catalogue} of case ${name} is not in the folder.`);
  const before = earlier(name, context);
  const store = memoryStore(
    [...before, name].map((each) => context.cases[each]!),
    catalogue,
  );
  let last: Reading | undefined;
  for (const each of [...before, name]) {
    const { now } = context.cases[each]!;
    const mail = await parseMail(await readFile(join(directory, `${each}.eml`)));
    const reading: ReadingContext = {
      catalogue,
      fields,
      ownAddresses: new Set(context.own.addresses.map((address) => address.toLowerCase())),
      staffDomains: new Set(context.own.staffDomains.map((domain) => domain.toLowerCase())),
      policy: context.policy,
      limits: context.limits,
      // The day of arrival where the mail arrived: the date part of its own zone.
      today: now.slice(0, 10),
      now: Date.parse(now),
      memory: store,
    };
    last = (await readMail(mail, reading)).reading;
    store.remember(each, mail, last, Date.parse(now), catalogue);
  }
  return last!;
}

/** Cases that come before one, the earliest first. */
function earlier(name: string, context: CorpusContext, seen = new Set<string>()): string[] {
  return (context.cases[name]?.after ?? []).flatMap((each) => {
    if (seen.has(each) || !context.cases[each]) return [];
    seen.add(each);
    return [...earlier(each, context, seen), each];
  });
}
