// planbridge run: begins a run and follows it. With the database of a server at hand it is asked for there; a service that has the
// embedded database is asked over its API; where there is none, this process works on it itself.
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, type OdooConfig, readConfig } from '../config.ts';
import { createOdooAccess } from '../connector/access.ts';
import { openImports } from '../connector/import-open.ts';
import { openMapping } from '../connector/mapping-current.ts';
import { PlanbridgeError } from '../errors.ts';
import { findLocalService } from '../http/local-access.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { openPlannerRuns } from '../planner/open.ts';
import { httpClient, type Reach, type RunClient, storeClient } from '../planner/runs/client.ts';
import type { RunView, StepView, WhenRunning } from '../planner/runs/run.ts';
import { serviceAccount } from '../serve.ts';
import { openStore } from '../store/database.ts';
import { requireOdoo } from './options.ts';
import type { CommandSurroundings } from './surroundings.ts';

interface RunFlags {
  url?: string;
  here?: boolean;
  wait?: boolean;
  refuse?: boolean;
  set: string[];
  detach?: boolean;
  keep?: boolean;
  quiet?: boolean;
}

/** 0 done; 1 failed, 2 a mistake of the caller's; 3 cancelled; 4 left while it runs. */
const EXIT_CODES = { done: 0, failed: 1, cancelled: 3 };
const LEFT = 4;
const GRACE_MS = 8_000;

export function registerRunCommand(program: Command, surroundings: CommandSurroundings): void {
  program
    .command('run')
    .description('begin a run and follow it: odoo_read_1,plan,recommend')
    .argument('<steps>', 'names of steps, separated by commas')
    .option('--set <step.name=value>', 'a parameter of a step; may be given several times', collect, [])
    .option('--wait', 'when one of the kind is unfinished: wait behind it (default: join it)')
    .option('--refuse', 'when one of the kind is unfinished: end with an error')
    .option('--detach', 'begin it and go')
    .option('--keep', 'leave the run going on Ctrl-C (default: cancel it)')
    .option('--here', 'work on it in this process, with DATABASE_URL')
    .option(
      '--url <address>',
      'of a Planbridge on another machine; signs in with API_TOKEN, or ODOO_USER and ODOO_PASSWORD',
    )
    .option('--quiet', 'print only how it ended')
    .action((steps: string, flags: RunFlags) => run(steps, flags, surroundings));
}

async function run(steps: string, flags: RunFlags, surroundings: CommandSurroundings): Promise<void> {
  const whenRunning: WhenRunning = flags.refuse ? 'refuse' : flags.wait ? 'wait' : 'join';
  const parameters = parametersOf(flags.set);
  const client = await openClient(flags, surroundings);
  try {
    const { run: begun, message } = await client.begin({ steps, parameters, whenRunning });
    surroundings.print(`${message}\n`);
    if (flags.detach) return;
    await follow(client, begun, flags, surroundings);
  } finally {
    await client.close();
  }
}

async function follow(
  client: RunClient,
  begun: RunView,
  { keep = false, quiet = false }: RunFlags,
  { print, printError, terminal, setExitCode, signal }: CommandSurroundings,
): Promise<void> {
  const left = new AbortController();
  let cancelled: Promise<void> | undefined;
  const interrupted = () => {
    if (keep) return left.abort();
    printError(`Cancelling run ${begun.id} ...\n`);
    cancelled = client.cancel(begun.id).catch((error: Error) => {
      printError(`${error.message}\n`);
      left.abort();
    });
  };
  if (signal.aborted) interrupted();
  else signal.addEventListener('abort', interrupted, { once: true });

  let last = begun;
  let told = '';
  const clear = () => terminal && told && printError('\r\x1b[K');
  for await (const news of client.follow(begun.id, left.signal)) {
    if (news.kind === 'line') {
      const { at, step, level, message } = news.line;
      clear();
      if (!quiet)
        print(`${at.toISOString().slice(11, 19)} ${step || 'run'}${level === 'info' ? '' : ` ${level}`}: ${message}\n`);
      continue;
    }
    last = news.run;
    const state = progressOf(last);
    if (quiet || state === told) continue;
    if (terminal) printError(`\r\x1b[K${state}`);
    told = state;
  }
  clear();
  await cancelled;
  if (last.finishedAt === null) {
    print(`Run ${last.id} goes on without this command.\n`);
    return setExitCode(LEFT);
  }
  for (const line of summaryOf(last, await client.steps(last.id))) print(`${line}\n`);
  setExitCode(EXIT_CODES[last.state as keyof typeof EXIT_CODES] ?? 1);
}

function progressOf({ state, percent, step, what, waitsFor }: RunView): string {
  if (state === 'waiting') return `waits for run ${waitsFor.join(', ')}`;
  if (state === 'queued') return 'waits for a worker';
  return `${String(Math.floor(percent)).padStart(3)} % ${step ?? ''}${what ? `: ${what}` : ''}`.slice(0, 120);
}

function summaryOf(run: RunView, steps: readonly StepView[]): string[] {
  const lines = steps.flatMap(({ name, state, counts, report }) => {
    const figures = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
    const left = report.filter(({ kind }) => kind === 'skipped');
    const shown = left.slice(0, 20).map(({ entity, reason, count }) => `    left out: ${entity}: ${reason} (${count})`);
    return [`  ${name}: ${[state, ...figures].join(', ')}`, ...shown];
  });
  const took = run.durationSeconds === null ? '' : ` after ${run.durationSeconds.toFixed(1)} s`;
  const why = run.error
    ? `: ${[run.error.message, run.error.remedy, `(${run.error.code})`].filter(Boolean).join(' ')}`
    : '';
  const by = run.state === 'cancelled' && run.cancelBy ? ` by ${run.cancelBy}` : '';
  return [`Run ${run.id} (${run.kind}): ${run.state}${by}${took}${why}`, ...lines];
}

/** @throws PlanbridgeError PB_CONFIG_INVALID */
async function openClient(flags: RunFlags, surroundings: CommandSurroundings): Promise<RunClient> {
  const config = readConfig(surroundings.environment);
  if (flags.url !== undefined) {
    const reach = { url: flags.url.replace(/\/+$/, ''), authorization: authorizationOf(config) };
    return httpClient(async () => reach);
  }
  if (config.store.databaseUrl !== null) {
    return await openHere(config, requireOdoo(config), flags.here ?? false, surroundings);
  }
  const reach = localReach(config);
  if (await reach()) {
    return httpClient(async () => {
      const found = await reach();
      if (found) return found;
      throw new PlanbridgeError('PB_STORE', 500, 'The service that had the embedded database has ended.', {
        remedy: 'Start it again; its run goes on then.',
      });
    });
  }
  if (config.odoo === null) {
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'No Planbridge runs here, and nothing says where Odoo is.', {
      remedy: 'Start one (npm start), or set ODOO_URL, or name one with --url.',
    });
  }
  return await openHere(config, config.odoo, true, surroundings);
}

/** The service of the data directory; without an Odoo configured, the demo's. */
function localReach({ store, odoo }: Config): () => Promise<Reach | null> {
  const directories = [store.dataDirectory, ...(odoo === null ? [join(store.dataDirectory, 'demo')] : [])];
  return async () => {
    for (const directory of directories) {
      const found = await findLocalService(directory);
      if (found) return { url: found.url, authorization: `Bearer ${found.token}` };
    }
    return null;
  };
}

function authorizationOf({ apiToken, user }: Config): string {
  if (apiToken !== null) return `Bearer ${apiToken}`;
  const { login, password } = user;
  if (login !== null && password !== null) return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'Nothing says who asks.', {
    remedy: 'Set API_TOKEN as the service has it, or ODOO_USER and ODOO_PASSWORD.',
  });
}

/** @param work whether this process works on runs too */
async function openHere(
  config: Config,
  odoo: OdooConfig,
  work: boolean,
  { printError }: CommandSurroundings,
): Promise<RunClient> {
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel, write: printError });
  const mapping = await openMapping(config.mappingFile, log);
  const store = await openStore(config.store);
  const access = createOdooAccess(odoo, { tracebacks: config.discloseStackTrace });
  const { rules } = mapping;
  const now = Date.now;
  const imports = openImports(store, config, odoo, rules, createMetrics());
  const account = serviceAccount(config, access);
  const runs = await openPlannerRuns({ config, odoo, access, rules, store, imports, account, log, now });
  if (work) await runs.start();
  return storeClient({
    ...{ runs, now },
    who: userInfo().username,
    async close() {
      await runs.stop(GRACE_MS);
      await store.close();
      mapping.close();
    },
  });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** `plan.constraints=capa` → { plan: { constraints: 'capa' } }. @throws PlanbridgeError PB_REQUEST_ARGUMENT */
function parametersOf(given: readonly string[]): Record<string, Record<string, unknown>> {
  const parameters: Record<string, Record<string, unknown>> = {};
  for (const text of given) {
    const match = /^(\w+)\.(\w+)=(.*)$/s.exec(text);
    if (!match) {
      throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `--set ${text}: it is not "step.name=value".`, {
        remedy: 'Give it like --set plan.plantype=2.',
      });
    }
    const [, step, name, value] = match as unknown as [string, string, string, string];
    parameters[step] = { ...parameters[step], [name]: jsonOrText(value) };
  }
  return parameters;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
