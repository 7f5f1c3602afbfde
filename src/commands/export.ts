// planbridge export: the document that frePPLe would pull, into a file or to standard output.
import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { createOdooAccess } from '../connector/access.ts';
import { readArguments } from '../connector/arguments.ts';
import { openMapping } from '../connector/mapping-current.ts';
import { type RunSurroundings, startRun } from '../connector/run.ts';
import { PlanbridgeError } from '../errors.ts';
import { createLog } from '../log.ts';
import type { ReportEntry } from '../mapping/report.ts';
import { configOf, type OdooFlags, requireOdoo, requireUser } from './options.ts';
import { writeTo } from './output.ts';
import type { CommandSurroundings } from './surroundings.ts';

interface ExportFlags extends OdooFlags {
  company?: string;
  mode: string;
  singlecompany?: boolean;
  timezone?: string;
  language?: string;
  delta?: string;
  apps?: string;
  format: 'xml' | 'json';
  out?: string;
  report?: string;
}

export function addOdooOptions(command: Command): Command {
  return command
    .option('--odoo-url <url>', "Odoo's address, to read through its API (ODOO_URL)")
    .option('--odoo-database-url <url>', "Odoo's PostgreSQL database, to read by SQL (ODOO_DATABASE_URL)")
    .option('--database <name>', "Odoo's database (ODOO_DATABASE)")
    .option('--user <login>', 'login in Odoo; zone, language and companies are his (ODOO_USER)')
    .option('--password <password>', 'its password or API key; better in ODOO_PASSWORD or ODOO_PASSWORD_FILE');
}

export function registerExportCommand(
  program: Command,
  surroundings: CommandSurroundings,
  parts: Partial<RunSurroundings> = {},
): void {
  addOdooOptions(program.command('export').description('read Odoo and write the plan document'))
    .option('--company <name>', "the company that plans; without it the user's own")
    .option('--mode <number>', '0 = connection test, 1 = everything, 2 = what changes slowly', '1')
    .option('--singlecompany', "only this company's records")
    .option('--timezone <zone>', "for example Europe/Brussels; without it the user's")
    .option('--language <code>', "for example fr_FR; without it the user's")
    .option('--delta <days>', 'only sales orders changed in the last days')
    .option('--apps <text>', 'frePPLe apps, for example freppledb.shelflife')
    .addOption(new Option('--format <format>', 'form of the document').choices(['xml', 'json']).default('xml'))
    .option('--out <file>', 'write here instead of to standard output')
    .option('--report <file>', 'write what was left out and why here, as JSON')
    .action((flags: ExportFlags) => runExport(flags, surroundings, parts));
}

async function runExport(
  flags: ExportFlags,
  surroundings: CommandSurroundings,
  parts: Partial<RunSurroundings>,
): Promise<void> {
  const { environment, printError, signal } = surroundings;
  const config = configOf(environment, flags);
  const odoo = requireOdoo(config);
  const { request } = readArguments((name) =>
    name === 'singlecompany'
      ? String(flags.singlecompany ?? false)
      : (flags[name as keyof ExportFlags] as string | undefined),
  );
  const access = { ...createOdooAccess(odoo), ...parts.access };
  const database = await access.chooseDatabase(null);
  const identity = requireUser(config, odoo.sqlUrl(database) !== null);
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel, write: printError });
  const mapping = await openMapping(config.mappingFile, log, false);
  const whole: RunSurroundings = { rules: mapping.rules, now: Date.now, ...parts, access };

  const run = await startRun({ database, identity, request, format: flags.format }, whole, signal);
  const progress = surroundings.terminal ? showProgress(printError) : { step() {}, end() {} };
  try {
    const pieces = untilStopped(run.text, signal);
    await writeTo(flags.out ?? null, pieces, surroundings.stdout, progress.step);
    progress.end();
    const entries = run.meta.report();
    if (flags.report) await writeReport(flags.report, entries);
    for (const line of summary(entries)) printError(`${line}\n`);
  } catch (error) {
    progress.end();
    throw error;
  } finally {
    await run.close();
  }
}

async function* untilStopped(text: AsyncIterator<string>, signal: AbortSignal): AsyncGenerator<string> {
  try {
    for (let piece = await text.next(); !piece.done; piece = await text.next()) {
      if (signal.aborted) throw new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'Stopped.');
      yield piece.value;
    }
  } finally {
    await text.return?.();
  }
}

async function writeReport(path: string, entries: readonly ReportEntry[]): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 });
  } catch (cause) {
    throw new PlanbridgeError('PB_FILE', 500, `${path} cannot be written.`, {
      remedy: 'Check that the directory is there and may be written to.',
      cause,
    });
  }
}

/** What a person should know after an export, a line each. */
function summary(entries: readonly ReportEntry[]): string[] {
  return entries.map(({ kind, entity, reason, count, records }) => {
    const first = records.slice(0, 3).join(', ');
    const more = count > 3 ? ', …' : '';
    return `${kind === 'skipped' ? 'Left out' : 'Note'}: ${count} ${entity}: ${reason} (${first}${more})`;
  });
}

function showProgress(print: (text: string) => void) {
  let shown = 0;
  return {
    step(bytes: number) {
      if (performance.now() - shown < 200) return;
      shown = performance.now();
      print(`\r${(bytes / 1e6).toFixed(1)} MB`);
    },
    end() {
      if (shown > 0) print('\r\x1b[K');
    },
  };
}
