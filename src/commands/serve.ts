// planbridge serve: the endpoint in front of the configured Odoo, without the demo.
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { startService } from '../serve.ts';
import { requireOdoo } from './options.ts';
import type { CommandSurroundings } from './surroundings.ts';

export function registerServeCommand(
  program: Command,
  { environment, print, printError, signal }: CommandSurroundings,
): void {
  program
    .command('serve')
    .description('serve the endpoint that frePPLe pulls from; configured by variables, see the README')
    .action(async () => {
      const config = readConfig(environment);
      const service = await startService(
        config,
        requireOdoo(config),
        createLog({ level: config.logLevel, write: printError }),
      );
      print(`frePPLe's odoo.url: ${service.url}/\n`);
      await raised(signal);
      await service.close();
    });
}

export function raised(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
