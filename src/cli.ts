#!/usr/bin/env node
// planbridge <command>: the parts of the program as commands.
import './memory.ts';
import { Command, CommanderError } from 'commander';
import { registerDoctorCommand } from './commands/doctor.ts';
import { registerExportCommand } from './commands/export.ts';
import { registerServeCommand } from './commands/serve.ts';
import { type CommandSurroundings, processSurroundings } from './commands/surroundings.ts';
import { registerMappingCommands } from './connector/mapping-commands.ts';
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

export async function createProgram(surroundings: CommandSurroundings): Promise<Command> {
  const program = new Command('planbridge')
    .description('Bridge between Odoo and advanced planning')
    .showHelpAfterError('(planbridge --help lists what there is)')
    .exitOverride()
    .configureOutput({ writeOut: surroundings.print, writeErr: surroundings.printError });
  registerExportCommand(program, surroundings);
  registerServeCommand(program, surroundings);
  registerDoctorCommand(program, surroundings);
  registerMappingCommands(program);
  const sandbox = await import('./sandbox/commands.ts').catch(() => null);
  sandbox?.registerSandboxCommands(program);
  return program;
}

/** @returns the exit code: 0, 2 for what the user can mend, else 1 */
export async function runProgram(argv: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  try {
    await (await createProgram(surroundings)).parseAsync(argv, { from: 'user' });
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

if (import.meta.main) {
  const code = await runProgram(process.argv.slice(2), processSurroundings());
  // A command may have set a code of its own.
  process.exitCode = code || process.exitCode;
}
