// planbridge mapping check | reset | diagram.
import { access, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PlanbridgeError } from '../errors.ts';
import { drawMapping } from '../mapping/diagram.ts';
import { defaultMapping, type Mapping } from '../mapping/sheet.ts';
import { formatSheetError, type SheetError } from '../mapping/sheet-errors.ts';
import { checkAgainstOdoo } from './mapping-check.ts';
import { loadMapping, resetMapping } from './mapping-file.ts';
import { openReader } from './odoo/open.ts';
import type { OdooReader } from './odoo/reader.ts';

interface OdooFlags {
  odooUrl?: string;
  odooDatabaseUrl?: string;
  database?: string;
  user?: string;
  password?: string;
}

/** What the commands use of their surroundings. */
export interface MappingCommandSurroundings {
  environment: Readonly<Record<string, string | undefined>>;
  print(line: string): void;
  printError(line: string): void;
  /** Sets what the process ends with: 2 for a sheet with errors. */
  setExitCode(code: number): void;
  open(flags: OdooFlags): Promise<OdooReader>;
}

const PROCESS: MappingCommandSurroundings = {
  environment: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
  setExitCode(code) {
    process.exitCode = code;
  },
  open,
};

const SHEET_ERRORS = 2;

/** Adds the command `mapping` to the program. */
export function registerMappingCommands(program: Command, surroundings: MappingCommandSurroundings = PROCESS): void {
  const { environment, print } = surroundings;
  const file = environment.MAPPING_FILE || 'mapping.xlsx';
  const mapping = program.command('mapping').description('the mapping sheet: what of Odoo becomes what in planning');

  mapping
    .command('check')
    .description('checks the sheet, and with an Odoo also that its fields exist there')
    .option('--file <path>', 'the mapping sheet', file)
    .option('--odoo-url <url>', "Odoo's address")
    .option('--odoo-database-url <url>', "Odoo's PostgreSQL database")
    .option('--database <name>', "Odoo's database")
    .option('--user <login>', 'login in Odoo')
    .option('--password <password>', 'its password or API key; better in the variable ODOO_PASSWORD')
    .action((options: OdooFlags & { file: string }) => check(options, surroundings));

  mapping
    .command('reset')
    .description('writes the sheet as shipped; one with changes is kept beside it as .bak')
    .option('--file <path>', 'where to write it', file)
    .action(async (options: { file: string }) => {
      const kept = await resetMapping(options.file);
      print(`${options.file} written.${kept ? ` What was there is kept as ${kept}.` : ''}`);
    });

  mapping
    .command('diagram')
    .description('draws the models of Odoo, the planning entities and what connects them, as SVG')
    .option('--file <path>', 'the mapping sheet; without one, the sheet as shipped', file)
    .requiredOption('--out <path>', 'the drawing, for example mapping.svg')
    .action(async (options: { file: string; out: string }) => {
      const sheet = (await exists(options.file)) ? await load(options.file, surroundings) : defaultMapping();
      if (!sheet) return;
      await writeFile(options.out, drawMapping(sheet.rules)).catch((cause: unknown) => {
        throw new PlanbridgeError('PB_FILE', 500, `${options.out} cannot be written.`, {
          remedy: 'Check the directory.',
          cause,
        });
      });
      print(`${options.out} written.`);
    });
}

async function check(options: OdooFlags & { file: string }, surroundings: MappingCommandSurroundings): Promise<void> {
  const { environment, print } = surroundings;
  const mapping = await load(options.file, surroundings);
  if (!mapping) return;
  const flags: OdooFlags = {
    odooUrl: options.odooUrl ?? environment.ODOO_URL,
    odooDatabaseUrl:
      options.odooDatabaseUrl ??
      configuredDatabaseUrl(environment.ODOO_DATABASE_URL, options.database ?? environment.ODOO_DATABASE),
    database: options.database ?? environment.ODOO_DATABASE,
    user: options.user ?? environment.ODOO_USER,
    password: options.password ?? environment.ODOO_PASSWORD,
  };
  if (!flags.odooUrl && !flags.odooDatabaseUrl) {
    print(`${options.file}: no errors. Its fields were not looked up: no Odoo is given.`);
    return;
  }
  const reader = await surroundings.open(flags);
  try {
    const errors = await checkAgainstOdoo(mapping.rules, reader, mapping.places);
    if (errors.length > 0) report(options.file, errors, surroundings);
    else
      print(
        `${options.file}: no errors; Odoo ${reader.server.version} (${reader.server.database}) has all its fields.`,
      );
  } finally {
    await reader.close();
  }
}

/** The variable may hold several addresses, or a pattern with `{database}`. */
function configuredDatabaseUrl(text: string | undefined, database: string | undefined): string | undefined {
  const urls = (text ?? '')
    .split(',')
    .map((url) => url.trim().replaceAll('{database}', encodeURIComponent(database ?? '')))
    .filter(Boolean);
  return (
    urls.find((url) => database !== undefined && URL.parse(url)?.pathname === `/${encodeURIComponent(database)}`) ??
    urls[0]
  );
}

/** The sheet, or undefined after its errors were printed. */
async function load(file: string, surroundings: MappingCommandSurroundings): Promise<Mapping | undefined> {
  const result = await loadMapping(file);
  if (result.ok) return result.mapping;
  report(file, result.errors, surroundings);
  return undefined;
}

function report(
  file: string,
  errors: readonly SheetError[],
  { printError, setExitCode }: MappingCommandSurroundings,
): void {
  for (const error of errors) printError(formatSheetError(error));
  printError(`${file}: ${errors.length === 1 ? 'one error' : `${errors.length} errors`}.`);
  setExitCode(SHEET_ERRORS);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function open(flags: OdooFlags): Promise<OdooReader> {
  const { user, password, odooUrl: url, odooDatabaseUrl: databaseUrl, database } = flags;
  if (!user || (!password && !databaseUrl)) {
    throw new PlanbridgeError('PB_CONFIG_INVALID', 400, 'To look into Odoo, a login is needed.', {
      remedy: 'Give --user, and the password in ODOO_PASSWORD or --password.',
    });
  }
  return openReader(
    { url, database, databaseUrl },
    password ? { login: user, password } : { login: user, verified: true },
  );
}
