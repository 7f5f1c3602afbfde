// npm start: the whole product. Without configuration it brings its own Odoo, the sandbox with a demo company.
import './memory.ts';
import { join } from 'node:path';
import { automationsOfDemo } from './automation/demo.ts';
import { processSurroundings } from './commands/surroundings.ts';
import { type Config, type OdooConfig, readConfig } from './config.ts';
import { type Demo, freePort, startDemo } from './demo.ts';
import { describeError, PlanbridgeError } from './errors.ts';
import { createLog } from './log.ts';
import { mailsOfDemo } from './mail/outbox/config.ts';
import { redact } from './redact.ts';
import { type RunningService, startService } from './serve.ts';
import { clearEmbedded } from './store/embedded.ts';

/** Everything has ended by then; what runs on is cut. */
const SHUTDOWN_MS = 9_500;
const LINGER_MS = 250;
/** As FakeSMTP and others that stand in for a mail server. */
const DEMO_SMTP_PORT = 2525;

function welcome(service: RunningService, demo: Demo | null, { mail }: Config): string {
  if (!demo) {
    return [
      'Planbridge is in front of your Odoo.',
      '',
      `  open                ${service.url}/`,
      `  frePPLe's odoo.url  ${service.url}/`,
      '',
    ].join('\n');
  }
  const [address] = mail.addresses;
  return [
    'Planbridge runs on its demo: a small Odoo of its own with a made-up company.',
    '',
    `  open                ${service.url}/`,
    `  sign in             ${demo.login} / ${demo.password}`,
    `  order by mail       smtp://${mail.smtp?.host}:${mail.smtp?.port} to ${address} (answers: screen Mail orders)`,
    `  frePPLe's odoo.url  ${service.url}/   (odoo.db ${demo.database}, odoo.company ${demo.company})`,
    `  the demo's Odoo     ${demo.url}`,
    '',
    'Your own Odoo: set ODOO_URL; the README has the rest. Ctrl-C ends.',
    '',
  ].join('\n');
}

/** The demo's Odoo begins anew with each start, and so does what is kept of it. */
async function forDemo(config: Config, demo: Demo, environment: NodeJS.ProcessEnv): Promise<Config> {
  const dataDirectory = join(config.store.dataDirectory, 'demo');
  if (config.store.databaseUrl === null) await clearEmbedded(dataDirectory);
  // Known before anything listens: answers to mails have links.
  const http = { ...config.http, port: await freePort(config.http.port, config.http.portGiven), portGiven: true };
  const smtp = config.mail.smtp ?? {
    host: '127.0.0.1',
    port: await freePort(http.port === 0 ? 0 : DEMO_SMTP_PORT, false),
    tls: null,
    tlsRequired: false,
    auth: null,
  };
  return {
    ...config,
    http,
    // Whoever tries the demo may see what comes of a promise, unless he says otherwise.
    imports: { ...config.imports, promises: config.imports.promises || !environment.WRITE_PROMISED_DATES },
    user: { login: demo.login, password: demo.password, company: demo.company },
    store: { ...config.store, dataDirectory },
    automations: await automationsOfDemo(config, dataDirectory, new Date()),
    ...mailsOfDemo({ ...config, http, mail: { ...config.mail, smtp } }),
  };
}

async function main(): Promise<void> {
  if (process.argv.length > 2) {
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `npm start takes no arguments, such as ${process.argv[2]}.`, {
      remedy: 'Commands are given as npm run planbridge -- <command>.',
    });
  }
  const { environment, print, printError, signal } = processSurroundings();
  const config = readConfig(environment);
  const log = createLog({
    level: config.odoo === null && !environment.LOG_LEVEL ? 'warn' : config.logLevel,
    write: printError,
  });
  const demo = config.odoo === null ? await startDemo() : null;
  const odoo: OdooConfig = config.odoo ?? {
    url: demo!.url,
    defaultDatabase: demo!.database,
    databases: new Set([demo!.database]),
    sqlUrl: () => null,
  };
  const settings = demo ? await forDemo(config, demo, environment) : config;
  const service = await startService(settings, odoo, log).catch(async (error: unknown) => {
    await demo?.close();
    throw error;
  });
  print(welcome(service, demo, settings));
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  print('Ending ...\n');
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  await service.close();
  await demo?.close();
  // What was given up on may not know it yet.
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`planbridge: ${redact(describeError(error))}\n`);
  process.exitCode = 1;
}
