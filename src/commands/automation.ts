// planbridge automation: lists the automations, and runs one, following it. A service that runs is asked over its API; with the
// database of a server, or where no service runs, this process works on it itself.

import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { AUTOMATIONS } from '../automation/automations.ts';
import { openConfigured, readConfigured } from '../automation/open.ts';
import { type AutomationChange, type AutomationRun, automationRunById, changesOf } from '../automation/run/rows.ts';
import { type Config, readConfig } from '../config.ts';
import { createOdooAccess } from '../connector/access.ts';
import { PlanbridgeError } from '../errors.ts';
import { createLog } from '../log.ts';
import type { Reach } from '../planner/runs/client.ts';
import { serviceAccount } from '../serve.ts';
import { openStore } from '../store/database.ts';
import { requireOdoo } from './options.ts';
import { reachOf, refusal } from './reach.ts';
import type { CommandSurroundings } from './surroundings.ts';

interface Listed {
  name: string;
  title: string;
  configured: boolean;
  enabled: boolean;
  schedule: string;
  nextAt: Date | string | null;
}

interface Client {
  list(): Promise<Listed[]>;
  begin(name: string, dryRun: boolean): Promise<{ run: AutomationRun; message: string }>;
  run(id: number): Promise<AutomationRun>;
  changes(id: number, after: number): Promise<AutomationChange[]>;
  cancel(id: number): Promise<void>;
  close(): Promise<void>;
}

interface Flags {
  url?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** 0 done; 1 failed or with errors; 3 cancelled. */
const EXIT_CODES = { done: 0, failed: 1, cancelled: 3 };
const LOOK_MS = 300;
const PAGE = 500;
const GRACE_MS = 8_000;
const URL_FLAG = 'of a Planbridge on another machine; signs in with API_TOKEN, or ODOO_USER and ODOO_PASSWORD';

export function registerAutomationCommands(program: Command, surroundings: CommandSurroundings): void {
  const command = program.command('automation').description('business automations: list them, run one');
  command
    .command('list')
    .description('what there is, and when it runs')
    .option('--url <address>', URL_FLAG)
    .option('--json', 'as JSON')
    .action((flags: Flags) => withClient(flags, surroundings, (client) => list(client, flags, surroundings)));
  command
    .command('run')
    .description('run one now, and say what it changed')
    .argument('<name>', 'as list shows it')
    .option('--dry-run', 'change nothing, and say what would be changed')
    .option('--url <address>', URL_FLAG)
    .option('--json', 'as JSON, one change a line')
    .action((name: string, flags: Flags) =>
      withClient(flags, surroundings, (client) => run(client, name, flags, surroundings)),
    );
}

async function withClient(
  flags: Flags,
  surroundings: CommandSurroundings,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = await openClient(flags, surroundings);
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

async function list(client: Client, { json }: Flags, { print }: CommandSurroundings): Promise<void> {
  const all = await client.list();
  if (json) return print(`${JSON.stringify(all)}\n`);
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, title, configured, enabled, schedule, nextAt } of all) {
    const next = nextAt === null ? '' : `, next ${new Date(nextAt).toISOString().slice(0, 16)}Z`;
    const state = !configured ? 'not in the settings file' : enabled ? `${schedule}${next}` : `${schedule} (off)`;
    print(`${name.padEnd(width)}  ${state}: ${title}\n`);
  }
}

async function run(
  client: Client,
  name: string,
  { dryRun = false, json = false }: Flags,
  { print, printError, setExitCode, signal }: CommandSurroundings,
): Promise<void> {
  const begun = await client.begin(name, dryRun);
  if (!json) print(`${begun.message}\n`);
  const { id } = begun.run;
  const cancel = () => void client.cancel(id).catch((error: Error) => printError(`${error.message}\n`));
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  let last = begun.run;
  while (last.finishedAt === null) {
    await sleep(LOOK_MS);
    last = await client.run(id);
  }
  for (let after = 0, more = true; more; ) {
    const page = await client.changes(id, after);
    for (const change of page) print(json ? `${JSON.stringify(change)}\n` : `${lineOf(change)}\n`);
    after = page.at(-1)?.id ?? after;
    more = page.length === PAGE;
  }
  const why = last.error ? `: ${[last.error.message, last.error.remedy].filter(Boolean).join(' ')}` : '';
  const what = dryRun ? 'would change' : 'changed';
  const end = `${name}: ${last.state}${why}; ${what} ${last.changes}, errors ${last.errors}, ${(last.durationSeconds ?? 0).toFixed(1)} s\n`;
  if (json) printError(end);
  else print(end);
  const code = EXIT_CODES[last.state as keyof typeof EXIT_CODES] ?? 1;
  setExitCode(code === 0 && last.errors > 0 ? 1 : code);
}

function lineOf({ state, subject, description, before, after, error }: AutomationChange): string {
  const shown = (value: unknown) => JSON.stringify(value);
  const change = before === null ? '' : ` (${shown(before)} -> ${shown(after)})`;
  return `  ${state === 'dry' ? 'would be ' : state === 'done' ? '' : `${state} `}${subject}: ${description}${change}${error ? `: ${error}` : ''}`;
}

async function openClient({ url }: Flags, surroundings: CommandSurroundings): Promise<Client> {
  const config = readConfig(surroundings.environment);
  if (url !== undefined) return httpClient(await reachOf(surroundings.environment, url));
  if (config.store.databaseUrl === null) {
    const reach = await reachOf(surroundings.environment, undefined).catch((error: unknown) => {
      if (config.odoo === null) throw error;
      return null;
    });
    if (reach) return httpClient(reach);
  }
  return await openHere(config, surroundings);
}

function httpClient({ url, authorization }: Reach): Client {
  async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const headers = { authorization, accept: 'application/json' };
    const answer = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await answer.text();
    if (!answer.ok) throw refusal(answer.status, text);
    return JSON.parse(text);
  }
  const dated = (run: unknown) => {
    const given = run as AutomationRun & { finishedAt: string | null };
    return { ...given, finishedAt: given.finishedAt === null ? null : new Date(given.finishedAt) } as AutomationRun;
  };

  return {
    list: async () => (await call('GET', '/api/automations')).automations as Listed[],
    async begin(name, dryRun) {
      const { run, message } = await call('POST', `/api/automations/${encodeURIComponent(name)}/run`, { dryRun });
      return { run: dated(run), message: String(message) };
    },
    run: async (id) => dated((await call('GET', `/api/automations/runs/${id}`)).run),
    changes: async (id, after) =>
      (await call('GET', `/api/automations/runs/${id}/changes?after=${after}&limit=${PAGE}`))
        .changes as AutomationChange[],
    async cancel(id) {
      await call('POST', `/api/automations/runs/${id}/cancel`);
    },
    close: async () => {},
  };
}

async function openHere(config: Config, { printError }: CommandSurroundings): Promise<Client> {
  const odoo = requireOdoo(config);
  const settings = await readConfigured(config.automations);
  if (settings === null) {
    throw new PlanbridgeError('PB_AUTOMATION_ENGINE', 409, 'Automations are not switched on here.', {
      remedy: 'Name a settings file in AUTOMATIONS_FILE; docs/automations.md shows one.',
    });
  }
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel, write: printError });
  const store = await openStore(config.store);
  const access = createOdooAccess(odoo, { tracebacks: config.discloseStackTrace });
  const account = serviceAccount(config, access);
  const service = await openConfigured({ config, odoo, access, store, account, log, now: Date.now }, settings);
  let works = false;
  const one = async (id: number) => (await automationRunById(store.query, (await service.runs.scope()).odoo, id))!;
  return {
    async list() {
      const schedules = await service.schedules();
      return AUTOMATIONS.map(({ name, title, schedule }) => ({
        name,
        title,
        configured: settings.automations.has(name),
        enabled: schedules.get(name)?.enabled ?? false,
        schedule: settings.automations.get(name)?.words ?? schedule,
        nextAt: schedules.get(name)?.nextAt ?? null,
      }));
    },
    async begin(name, dryRun) {
      const wish = { dryRun, who: userInfo().username, trigger: 'command' as const };
      const { run, message } = await service.request(name, wish);
      if (!works) await service.runs.start();
      works = true;
      return { run: await one(run.id), message };
    },
    run: one,
    changes: (id, after) => changesOf(store.query, id, after, PAGE),
    async cancel(id) {
      await service.runs.cancel(id, userInfo().username);
    },
    async close() {
      await service.stop(GRACE_MS);
      await store.close();
    },
  };
}
