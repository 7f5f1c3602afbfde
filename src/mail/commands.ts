// Commands about order mails: `planbridge mail read FILE.eml`, by which nothing is kept or sent; `mail corpus` and `mail run` stand
// by themselves.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { addOdooOptions } from '../commands/export.ts';
import { configOf, type OdooFlags, requireUser } from '../commands/options.ts';
import type { CommandSurroundings } from '../commands/surroundings.ts';
import type { Config } from '../config.ts';
import { createOdooAccess } from '../connector/access.ts';
import { openMapping } from '../connector/mapping-current.ts';
import { openRpcReader } from '../connector/odoo/open.ts';
import type { OdooReader } from '../connector/odoo/reader.ts';
import { PlanbridgeError } from '../errors.ts';
import { silentLog } from '../log.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { openOdooCatalogue } from './catalogue-odoo.ts';
import { eventOf } from './conversation/decide.ts';
import { readCatalogueFile } from './corpus/folder.ts';
import { registerMailCorpusCommand } from './corpus-command.ts';
import { type FieldWords, fieldWordsOf } from './extraction/fields.ts';
import { parseMail } from './parse.ts';
import { readMail } from './read.ts';
import { registerMailRunCommand } from './run-command.ts';

interface ReadOptions extends OdooFlags {
  catalogue?: string;
  own?: string[];
  staff?: string[];
  now?: string;
}

/** Adds the commands below `mail`. */
export function registerMailCommands(program: Command, surroundings: CommandSurroundings): void {
  const mail = program.command('mail').description('Orders that arrive by e-mail');
  registerMailRunCommand(mail, surroundings);
  addOdooOptions(
    mail
      .command('read')
      .description('Print what would be read out of a mail and decided, as JSON; nothing is kept, sent or ordered')
      .argument('<file>', 'raw mail (.eml)')
      .option('--catalogue <file>', 'products, partners and customers’ codes as JSON, in place of Odoo')
      .option('--own <address...>', 'addresses of the service itself (MAIL_ADDRESSES)')
      .option(
        '--staff <domain...>',
        'domains of our people, whose forwarded mails are their senders’ (MAIL_STAFF_DOMAINS)',
      )
      .option('--now <instant>', 'when the mail arrived, for example 2026-11-23T09:14:00+01:00 (default: now)'),
  ).action(async (file: string, options: ReadOptions) => {
    surroundings.print(`${JSON.stringify(await readFileOf(file, options, surroundings), null, 2)}\n`);
  });
  registerMailCorpusCommand(mail, surroundings);
}

/** The words of the mapping sheet. */
async function fieldsOf({ mappingFile }: Config): Promise<FieldWords> {
  return fieldWordsOf((await openMapping(mappingFile, silentLog, false)).mailFields());
}

async function readFileOf(file: string, options: ReadOptions, { environment, signal }: CommandSurroundings) {
  const now = options.now ?? new Date().toISOString();
  if (Number.isNaN(Date.parse(now))) {
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `--now ${now} is no instant.`, {
      remedy: 'Give it like 2026-11-23T09:14:00+01:00.',
    });
  }
  const config = configOf(environment, options);
  const lower = (texts: Iterable<string>) => new Set([...texts].map((text) => text.toLowerCase()));
  const raw = await bytesOf(file);
  const fields = await fieldsOf(config);
  const catalogue = options.catalogue
    ? catalogueOf(await readCatalogueFile(options.catalogue))
    : await catalogueOfOdoo(config, signal);
  const { reading, language, layout } = await readMail(await parseMail(raw), {
    catalogue,
    fields,
    ownAddresses: lower(options.own ?? config.mail.addresses),
    staffDomains: lower(options.staff ?? config.mail.staffDomains),
    policy: config.mail.policy,
    limits: config.mail.limits,
    today: now.slice(0, 10),
    now: Date.parse(now),
    memory: { wasReceived: () => false, sent: [], orders: [] },
  });
  // As if no other order held anything, and no mail had come before.
  const decision = eventOf(reading, catalogue, new Map());
  return { ...reading, language: language ?? null, layout: layout ?? null, decision: decision ?? null };
}

/** Of the Odoo that is configured; of the demo where none is. */
async function catalogueOfOdoo(config: Config, signal: AbortSignal): Promise<Catalogue> {
  if (config.odoo === null) return await catalogueOfDemo(signal);
  const access = createOdooAccess(config.odoo);
  const database = await access.chooseDatabase(null);
  const identity = requireUser(config, config.odoo.sqlUrl(database) !== null);
  return await readAndClose(await access.open(database, identity, signal), signal);
}

async function catalogueOfDemo(signal: AbortSignal): Promise<Catalogue> {
  const { startDemo } = await import('../demo.ts');
  const demo = await startDemo();
  try {
    return await readAndClose(await openRpcReader(demo, demo, { signal }), signal);
  } finally {
    await demo.close();
  }
}

async function readAndClose(reader: OdooReader, signal: AbortSignal): Promise<Catalogue> {
  try {
    return (await openOdooCatalogue(reader, { signal })).catalogue;
  } finally {
    await reader.close();
  }
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new PlanbridgeError('PB_FILE', 404, `The mail ${file} cannot be read.`, { cause });
  }
}
