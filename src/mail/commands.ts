// Commands about order mails: `planbridge mail read FILE.eml`, `planbridge mail corpus DIR --out RESULTS`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { PlanbridgeError } from '../errors.ts';
import { defaultMailFields } from '../mapping/defaults.ts';
import { catalogueOf } from './catalogue.ts';
import { openCorpus, readCase, readCatalogueFile } from './corpus.ts';
import { type FieldWords, fieldWordsOf } from './extraction/fields.ts';
import { parseMail } from './parse.ts';
import { readMail } from './read.ts';

interface ReadOptions {
  catalogue: string;
  own?: string[];
  staff?: string[];
  now?: string;
}

interface CorpusOptions {
  out: string;
  only?: string;
}

/** Adds the commands `mail read` and `mail corpus`. `mailFields`: the words of the mapping sheet. */
export function registerMailCommands(
  program: Command,
  mailFields: () => FieldWords = () => fieldWordsOf(defaultMailFields()),
): void {
  const mail = program.command('mail').description('Orders that arrive by e-mail');
  mail
    .command('read')
    .description('Print what would be read out of a mail, and what is wrong with it, as JSON')
    .argument('<file>', 'raw mail (.eml)')
    .requiredOption('--catalogue <file>', 'products, partners and customers’ codes as JSON')
    .option('--own <address...>', 'addresses of the service itself')
    .option('--staff <domain...>', 'domains of our own people, whose forwarded mails are their senders’')
    .option('--now <instant>', 'when the mail arrived, for example 2026-11-23T09:14:00+01:00 (default: now)')
    .action(async (file: string, options: ReadOptions) => {
      console.log(JSON.stringify(await readFileOf(file, options, mailFields()), null, 2));
    });
  mail
    .command('corpus')
    .description('Replay a folder of mails with their context, and write one JSON result a mail')
    .argument('<dir>', 'folder with context.json, catalogues and mails')
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--only <case>', 'one case, or the beginning of several cases’ names')
    .action(async (directory: string, options: CorpusOptions) => {
      const count = await replay(directory, options, mailFields());
      console.log(`${count} mails read; results in ${options.out}`);
    });
}

async function readFileOf(file: string, options: ReadOptions, fields: FieldWords): Promise<unknown> {
  const now = options.now ?? new Date().toISOString();
  if (Number.isNaN(Date.parse(now))) {
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `--now ${now} is no instant.`, {
      remedy: 'Give it like 2026-11-23T09:14:00+01:00.',
    });
  }
  const lower = (texts: readonly string[] = []) => new Set(texts.map((text) => text.toLowerCase()));
  const { reading } = await readMail(await parseMail(await bytesOf(file)), {
    catalogue: catalogueOf((await readCatalogueFile(options.catalogue)).data),
    fields,
    ownAddresses: lower(options.own),
    staffDomains: lower(options.staff),
    policy: { kind: 'everyone' },
    limits: { maxLines: 500, maxQuantity: 100_000, duplicateWindowHours: 24 },
    today: now.slice(0, 10),
    now: Date.parse(now),
    memory: { wasReceived: () => false, sent: [], orders: [] },
  });
  return reading;
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new PlanbridgeError('PB_FILE', 404, `The mail ${file} cannot be read.`, { cause });
  }
}

async function replay(directory: string, { out, only }: CorpusOptions, fields: FieldWords): Promise<number> {
  const corpus = await openCorpus(directory);
  await mkdir(out, { recursive: true });
  let count = 0;
  for (const name of Object.keys(corpus.context.cases)) {
    if (only !== undefined && !name.startsWith(only)) continue;
    const reading = await readCase(corpus, name, fields);
    await writeFile(join(out, `${name}.json`), `${JSON.stringify({ case: name, ...reading }, null, 2)}\n`);
    count++;
  }
  return count;
}
