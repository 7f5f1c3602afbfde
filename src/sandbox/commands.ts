// `planbridge sandbox`: the sandbox Odoo as a server of its own, for trying the bridge without an Odoo.

import type { Command } from 'commander';
import { PlanbridgeError } from '../errors.ts';
import { demoCompany } from './demo/company.ts';
import { createSandbox } from './sandbox.ts';

interface Options {
  data: string;
  port: string;
  host: string;
  database: string;
  serverVersion?: string;
  password: string[];
  apiKey: string[];
}

export function registerSandboxCommands(program: Command): void {
  program
    .command('sandbox')
    .description("serve a small Odoo that speaks Odoo's external API; its records live in memory only")
    .requiredOption('--data <directory>', 'directory of records, or "demo" for the made-up die-casting company', 'demo')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '8069')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--database <name>', 'name of the database', 'sandbox')
    .option('--server-version <version>', 'Odoo version to play, such as 17.0 or 19.0; default that of the data')
    .option('--password <login=password>', 'password of a user; others have their login as password', collect, [])
    .option('--api-key <login=key>', 'API key of a user', collect, [])
    .action(async (options: Options) => {
      await serve(options);
    });
}

async function serve(options: Options): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, `--port ${options.port} is no port number.`);
  }
  const sandbox = createSandbox({
    data: options.data === 'demo' ? demoCompany(new Date()) : options.data,
    database: options.database,
    passwords: pairs('--password', options.password),
    apiKeys: Object.fromEntries(Object.entries(pairs('--api-key', options.apiKey)).map(([login, key]) => [key, login])),
    ...(options.serverVersion === undefined ? {} : { version: options.serverVersion }),
  });
  const running = await sandbox.listen(port, options.host);
  process.stdout.write(
    `Sandbox Odoo ${sandbox.version.server_version} on ${running.url}, database ${sandbox.database}; ` +
      'every user of the data set may sign in, password = login unless set.\n',
  );
  const stop = (): void => {
    running.close().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

function pairs(option: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      if (at < 1) {
        throw new PlanbridgeError('PB_CONFIG_INVALID', 500, `${option} ${value} is not understood.`, {
          remedy: `Write ${option} LOGIN=VALUE.`,
        });
      }
      return [value.slice(0, at), value.slice(at + 1)] as const;
    }),
  );
}
