// A folder of mails with what was known before each: catalogues, context.json, one .eml a case. Reads and checks it; what stands in
// the expectations beside the mails is never looked at.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import type { Policy } from '../triage/policy.ts';

const id = z.number().int();

const companySchema = z.object({
  name: z.string().default('Planbridge'),
  country: z.string().nullable().default(null),
  timeZone: z.string().optional(),
  currency: z.string().default('EUR'),
});

const partnerSchema = z.object({
  id,
  name: z.string(),
  email: z.string().nullable().default(null),
  isCompany: z.boolean().default(true),
  parent: id.nullable().default(null),
  lang: z.string().nullable().default(null),
  country: z.string().nullable().default(null),
  street: z.string().nullable().default(null),
  zip: z.string().nullable().default(null),
  city: z.string().nullable().default(null),
});

const catalogueSchema = z.object({
  name: z.string().optional(),
  company: companySchema.prefault({}),
  products: z.array(
    z.object({
      id,
      default_code: z.string().nullable().default(null),
      name: z.record(z.string(), z.string()),
      barcode: z.string().nullable().default(null),
      uom: z.string(),
      active: z.boolean().default(true),
      saleOk: z.boolean().default(true),
      type: z.string().default('product'),
      onHand: z.number().nullable().optional(),
      free: z.number().nullable(),
      price: z.number().default(0),
      vendor: id.nullable().default(null),
      leadDays: z.number().default(0),
    }),
  ),
  partners: z.array(partnerSchema),
  vendors: z.array(partnerSchema).default([]),
  customerCodes: z.array(z.object({ partner: id, code: z.string(), product: id })).default([]),
});

const lineSchema = z.object({
  product: id.nullable(),
  quantity: z.number().nullable(),
  uom: z.string().nullable().default(null),
  deliveryDate: z.string().optional(),
});

const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is no instant like 2026-11-23T09:14:00+01:00');

const sentSchema = z.object({
  messageId: z.string(),
  token: z.string(),
  to: z.string(),
  kind: z.enum(['short', 'confirmation', 'format-error', 'replenishment', 'notice']),
  open: z.boolean(),
  subject: z.string().default(''),
  sentAt: instant,
  order: z.object({ customerReference: z.string().optional(), lines: z.array(lineSchema) }).optional(),
  /** Numbers of the lines that stock did not cover, from 1. */
  short: z.array(z.number().int()).optional(),
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
    z.string().regex(/^[^/\\]+$/, 'is no name of a file'),
    z.object({
      catalogue: z.string(),
      now: instant,
      sent: z.array(sentSchema).default([]),
      after: z.array(z.string()).default([]),
    }),
  ),
});

export type CorpusContext = z.infer<typeof contextSchema>;
export type CorpusCase = CorpusContext['cases'][string];
/** A mail of ours that went out before. */
export type CorpusSent = CorpusCase['sent'][number];
export type CorpusCatalogue = z.infer<typeof catalogueSchema>;

/** A catalogue of the folder. */
export interface KnownCatalogue {
  file: string;
  data: CorpusCatalogue;
  catalogue: Catalogue;
}

export interface Corpus {
  directory: string;
  context: CorpusContext;
  /** By the names that the cases use: the catalogue's own, and that of its file. */
  catalogues: ReadonlyMap<string, KnownCatalogue>;
}

export const FORM = 'The form of such a folder is described in docs/mail.md, "Replaying a folder of mails".';

export function folderProblem(message: string, cause?: unknown, remedy = FORM): PlanbridgeError {
  return new PlanbridgeError('PB_FILE', 422, message, { cause, remedy });
}

function reasonOf(cause: unknown): string {
  if ((cause as { code?: unknown } | null)?.code === 'ENOENT') return 'it is not there';
  return cause instanceof Error ? cause.message : String(cause);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw folderProblem(`${path} cannot be read: ${reasonOf(cause)}.`, cause);
  }
}

/** @throws PlanbridgeError PB_FILE when the file is missing or of another form */
export async function readCatalogueFile(path: string): Promise<CorpusCatalogue> {
  const parsed = catalogueSchema.safeParse(await readJson(path));
  if (!parsed.success) throw folderProblem(`${path} is no catalogue:\n${z.prettifyError(parsed.error)}`);
  const { products, partners, vendors } = parsed.data;
  for (const [what, records] of [
    ['products', products],
    ['partners', partners],
    ['vendors', vendors],
  ] as const) {
    const ids = new Set<number>();
    for (const record of records) {
      if (ids.has(record.id)) throw folderProblem(`${path} is no catalogue: ${what} hold the id ${record.id} twice.`);
      ids.add(record.id);
    }
  }
  return parsed.data;
}

/** @throws PlanbridgeError PB_FILE when the folder is not of that form */
export async function openCorpus(directory: string): Promise<Corpus> {
  const path = join(directory, 'context.json');
  const parsed = contextSchema.safeParse(await readJson(path));
  if (!parsed.success) throw folderProblem(`${path} is no context of a corpus:\n${z.prettifyError(parsed.error)}`);
  const catalogues = new Map<string, KnownCatalogue>();
  for (const file of (await readdir(directory)).filter((name) => /^catalogue.*\.json$/.test(name)).sort()) {
    const data = await readCatalogueFile(join(directory, file));
    const known: KnownCatalogue = { file, data, catalogue: catalogueOf(data) };
    const short = file.replace(/\.json$/, '').replace(/^catalogue-?/, '');
    for (const key of [data.name, short, file]) if (key) catalogues.set(key, known);
  }
  if (catalogues.size === 0) {
    throw folderProblem(
      `There is no catalogue in ${directory}.`,
      undefined,
      'Put a catalogue.json beside context.json.',
    );
  }
  return { directory, context: parsed.data, catalogues };
}

/** @throws PlanbridgeError PB_FILE when context.json does not say what the case needs */
export function caseOf(
  { context, catalogues, directory }: Corpus,
  name: string,
): { own: CorpusCase; known: KnownCatalogue } {
  const own = context.cases[name];
  if (!own) throw folderProblem(`The case ${name} is not in ${join(directory, 'context.json')}.`);
  const known = catalogues.get(own.catalogue);
  if (!known) {
    const names = [...new Set(catalogues.keys())].join(', ');
    throw folderProblem(`The case ${name} names the catalogue "${own.catalogue}"; the folder has ${names}.`);
  }
  return { own, known };
}

/** Cases whose mails come before that of one, the earliest first. */
export function earlierCases(corpus: Corpus, name: string, seen = new Set([name])): string[] {
  return caseOf(corpus, name).own.after.flatMap((each) => {
    if (seen.has(each)) return [];
    seen.add(each);
    return [...earlierCases(corpus, each, seen), each];
  });
}

/** @throws PlanbridgeError PB_FILE */
export async function mailOf({ directory }: Corpus, name: string): Promise<Buffer> {
  const path = join(directory, `${name}.eml`);
  try {
    return await readFile(path);
  } catch (cause) {
    throw folderProblem(
      `The mail ${path} cannot be read: ${reasonOf(cause)}.`,
      cause,
      'Each case of context.json is a file <case>.eml.',
    );
  }
}
