// planbridge import: a plan document in a file into Odoo, or what would become of it.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { addOdooOptions } from '../commands/export.ts';
import { configOf, type OdooFlags, requireOdoo, requireUser } from '../commands/options.ts';
import { type CommandSurroundings, processSurroundings } from '../commands/surroundings.ts';
import { describeError, PlanbridgeError } from '../errors.ts';
import { silentLog } from '../log.ts';
import type { PostedRecord } from '../mapping/posted.ts';
import { openStore, type StoreOptions } from '../store/database.ts';
import { createOdooAccess } from './access.ts';
import { readOrders } from './document/orders.ts';
import { messageOf } from './import-answer.ts';
import { dryRun } from './import-dry-run.ts';
import { openImports } from './import-open.ts';
import { prepareImport } from './import-prepare.ts';
import { requestOf } from './import-receive.ts';
import { createReferences, type References } from './import-references.ts';
import { openMapping } from './mapping-current.ts';
import { type OdooWriter, openWriter } from './odoo/writer.ts';

interface ImportFlags extends OdooFlags {
  file: string;
  mode?: string;
  company?: string;
  actualUser?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** Exit code when orders were refused. */
const REFUSED = 3;

export function registerImportCommands(
  program: Command,
  surroundings: CommandSurroundings = processSurroundings(),
): void {
  addOdooOptions(
    program.command('import').description('write a plan document to Odoo; posted again, nothing is made twice'),
  )
    .requiredOption('--file <file>', 'the plan, as frePPLe posts it')
    .option('--mode <number>', '1 = replaces the drafts of the plan before, 2 = single orders, 3 = a further page', '1')
    .option('--company <name>', "the company; without it the user's own")
    .option('--actual-user <login>', 'planner in whose name orders are made (mode 2)')
    .option('--dry-run', 'say what would be created or changed, and do nothing')
    .option('--json', 'print the outcome of each record as JSON')
    .action((flags: ImportFlags) => runImportCommand(flags, surroundings));
}

async function runImportCommand(flags: ImportFlags, surroundings: CommandSurroundings): Promise<void> {
  const { environment, print, printError, setExitCode } = surroundings;
  const config = configOf(environment, flags);
  const odoo = requireOdoo(config);
  if (odoo.url === null) {
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'Plans can only be written through the external API of Odoo.', {
      remedy: 'Give --odoo-url, or set ODOO_URL.',
    });
  }
  const user = requireUser(config, false);
  if (!('password' in user)) return;
  const request = requestOf(
    new Map([
      ['mode', flags.mode ?? ''],
      ['company', flags.company ?? ''],
      ['actual_user', flags.actualUser ?? ''],
    ]),
  );
  const posted = await readPlan(flags.file);
  const database = await createOdooAccess(odoo).chooseDatabase(flags.database ?? null);
  const mapping = await openMapping(config.mappingFile, silentLog, false);
  const caller = { database, login: user.login, password: user.password };

  if (flags.dryRun) {
    const settings = {
      timezone: mapping.rules().options.timezone,
      promises: config.imports.promises,
      planners: config.imports.planners,
    };
    const writer = await openWriter({ url: odoo.url, database }, caller);
    const table = await openTable(config.store, writer, printError);
    try {
      const prepared = await prepareImport(request, posted, settings, writer);
      const { lines, message, result } = await dryRun(prepared, table.references);
      if (flags.json) print(`${JSON.stringify(result, null, 2)}\n`);
      else for (const line of [...lines, message.replace(/^Orders:/, 'Would be:')]) print(`${line}\n`);
      if (result.records.some(({ outcome }) => outcome === 'refused')) setExitCode(REFUSED);
    } finally {
      await table.close();
      await writer.close();
    }
    return;
  }

  const store = await openStore(config.store);
  try {
    const service = openImports(store, config, odoo, mapping.rules);
    const document = gzipSync(await readFile(flags.file));
    const { id, result } = await service.run(caller, {
      request,
      posted,
      document,
      source: 'command',
      client: 'planbridge',
      repeats: null,
    });
    if (flags.json) print(`${JSON.stringify(result, null, 2)}\n`);
    else {
      for (const text of result.warnings) print(`note: ${text}\n`);
      for (const { type, reference, item, outcome, name, note } of result.records) {
        const said = name && !note.startsWith(name) ? [name, note] : [note];
        print(`${[`${type} ${reference || item || '-'}`, outcome, ...said].filter(Boolean).join(': ')}\n`);
      }
      print(`${messageOf(result).split('; ')[0]} (import ${id})\n`);
    }
    if (result.records.some(({ outcome }) => outcome === 'refused')) setExitCode(REFUSED);
  } finally {
    await store.close();
  }
}

async function readPlan(file: string): Promise<PostedRecord[]> {
  const posted: PostedRecord[] = [];
  try {
    await readOrders(createReadStream(file, { highWaterMark: 1 << 18 }), (record) => posted.push(record));
  } catch (cause) {
    if (cause instanceof PlanbridgeError) throw cause;
    throw new PlanbridgeError('PB_FILE', 400, `${file} cannot be read.`, {
      remedy: 'Check that it is there, and its rights.',
      cause,
    });
  }
  return posted;
}

/** Our table of references, or none when the service has it; Odoo then tells most of it. */
async function openTable(
  options: StoreOptions,
  writer: OdooWriter,
  printError: (text: string) => void,
): Promise<{ references: References | null; close(): Promise<void> }> {
  try {
    const store = await openStore(options);
    const references = createReferences({
      store,
      odoo: writer.odoo,
      settleMs: 0,
      now: Date.now,
      sleep: async () => {},
    });
    return { references, close: () => store.close() };
  } catch (error) {
    printError(`The table of earlier imports is not looked at: ${describeError(error)}\n`);
    return { references: null, close: async () => {} };
  }
}
