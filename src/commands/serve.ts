// planbridge serve: the endpoint in front of the configured Odoo, without the demo.
import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { PlanbridgeError } from '../errors.ts';
import { createLog } from '../log.ts';
import { type ServiceRole, startService } from '../serve.ts';
import { requireOdoo } from './options.ts';
import type { CommandSurroundings } from './surroundings.ts';

/** Everything has ended by then; what runs on is cut. */
const SHUTDOWN_MS = 9_500;
const LINGER_MS = 250;

export function registerServeCommands(
  program: Command,
  { environment, print, printError, signal }: CommandSurroundings,
): void {
  async function run(role: ServiceRole): Promise<void> {
    const config = readConfig(environment);
    const log = createLog({ level: config.logLevel, write: printError });
    const service = await startService(config, requireOdoo(config), log, role);
    if (service.url !== null) print(`frePPLe's odoo.url: ${service.url}/\n`);
    await raised(signal);
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    await service.close();
    // What was given up on may not know it yet.
    setTimeout(() => process.exit(), LINGER_MS).unref();
  }

  program
    .command('serve')
    .description('serve Planbridge in front of the configured Odoo; configured by variables, see the README')
    .option('--no-worker', 'only answer requests; runs and mails are left to workers')
    .action(({ worker }: { worker: boolean }) => run(worker ? 'all' : 'web'));
  program
    .command('worker')
    .description('work on runs and mails beside others on the same database (DATABASE_URL), without answering requests')
    .action(async () => {
      requireShared(readConfig(environment));
      await run('worker');
    });
}

/** The embedded database is one process's. */
function requireShared({ store }: Config): void {
  if (store.databaseUrl !== null) return;
  throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'A worker shares its database with others.', {
    remedy: 'Set DATABASE_URL.',
  });
}

export function raised(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
