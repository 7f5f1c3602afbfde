// planbridge <command>: the parts of the program as commands.
import './memory.ts';
import { Command, CommanderError } from 'commander';
import { type CommandSurroundings, processSurroundings } from './commands/surroundings.ts';
import { describeError, PlanbridgeError } from './errors.ts';
import { redact } from './redact.ts';

/** Codes that the person at the keyboard can mend; everything else is 1. */
const USER_ERRORS = [
  'PB_CONFIG_INVALID',
  'PB_REQUEST_ARGUMENT',
  'PB_AUTH_',
  'PB_ODOO_COMPANY',
  'PB_ODOO_DATABASE',
  'PB_MAPPING_',
  'PB_FILE',
];

type Register = (program: Command, surroundings: CommandSurroundings) => void;

const serve = async (): Promise<Register> => (await import('./commands/serve.ts')).registerServeCommands;

/** Loaded only when wanted: an export needs neither the planner nor the reading of mails in memory. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  export: async () => (await import('./commands/export.ts')).registerExportCommand,
  serve,
  worker: serve,
  import: async () => (await import('./connector/import-commands.ts')).registerImportCommands,
  run: async () => (await import('./commands/run.ts')).registerRunCommand,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctorCommand,
  mapping: async () => alone((await import('./connector/mapping-commands.ts')).registerMappingCommands),
  plan: async () => alone((await import('./planner/commands.ts')).registerPlanCommands),
  forecast: async () => (await import('./planner/forecast/commands.ts')).registerForecastCommand,
  recommend: async () => alone((await import('./planner/recommendations/commands.ts')).registerRecommendCommand),
  quote: async () => (await import('./commands/quote.ts')).registerQuote,
  automation: async () => (await import('./commands/automation.ts')).registerAutomationCommands,
  mail: async () => (await import('./mail/commands.ts')).registerMailCommands,
  store: async () => (await import('./commands/store.ts')).registerStoreCommands,
  sandbox: async () => alone((await import('./sandbox/commands.ts')).registerSandboxCommands),
};

/** For commands that take the process as it is. */
function alone(register: (program: Command) => void): Register {
  return (program) => register(program);
}

/** The program with the command that is named, or with all of them where none is. */
async function createProgram(argv: readonly string[], surroundings: CommandSurroundings): Promise<Command> {
  const program = new Command('planbridge')
    .description('Bridge between Odoo and advanced planning')
    .showHelpAfterError('(planbridge --help lists what there is)')
    .exitOverride()
    .configureOutput({ writeOut: surroundings.print, writeErr: surroundings.printError });
  const named = Object.hasOwn(COMMANDS, argv[0] ?? '') ? [COMMANDS[argv[0]!]!] : [...new Set(Object.values(COMMANDS))];
  for (const load of named) (await load())(program, surroundings);
  return program;
}

/** @returns the exit code: 0, 2 for what the user can mend, else 1 */
export async function runProgram(argv: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  try {
    await (await createProgram(argv, surroundings)).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    surroundings.printError(`planbridge: ${redact(describeError(error))}\n`);
    if (!(error instanceof PlanbridgeError)) {
      surroundings.printError(`${redact((error as Error)?.stack ?? '')}\n`);
      return 1;
    }
    return USER_ERRORS.some((code) => error.code.startsWith(code)) ? 2 : 1;
  }
}

/** The process as the program. */
export async function startProgram(): Promise<void> {
  const code = await runProgram(process.argv.slice(2), processSurroundings());
  // A command may have set a code of its own.
  process.exitCode = code || process.exitCode;
}

if (import.meta.main) await startProgram();
