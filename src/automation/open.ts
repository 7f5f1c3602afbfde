// Automations as a part of the service: off unless a settings file says which run. Their runs, schedules, API, forms and figures.
import { readFile } from 'node:fs/promises';
import { openWriter } from '../connector/odoo/writer.ts';
import { PlanbridgeError } from '../errors.ts';
import type { Part, Surroundings } from '../parts.ts';
import { accountScope, odooKey } from '../planner/store/scope.ts';
import { AUTOMATIONS } from './automations.ts';
import { addAvailabilityPages } from './availability.ts';
import { ENGINES } from './engines/engines.ts';
import { addFormRoutes } from './forms/routes.ts';
import { addAutomationFigures } from './run/figures.ts';
import { addAutomationRoutes } from './run/routes.ts';
import { type AutomationRuns, openAutomationRuns } from './run/service.ts';
import { type AutomationSettings, readSettings, type SettingsSource } from './settings.ts';

/** What automations need of the service. */
export type AutomationPartSurroundings = Pick<
  Surroundings,
  'config' | 'odoo' | 'access' | 'store' | 'account' | 'log' | 'now'
>;

/** Longest call of Odoo's. */
const CALL_MS = 600_000;

export async function openAutomations(surroundings: Surroundings): Promise<Part> {
  const { api, config, odoo, store, metrics, now } = surroundings;
  const settings = await readConfigured(config.automations);
  const odooOf = (database: string) => `automations ${odooKey(odoo.url, database)}`;
  const automations = AUTOMATIONS;
  if (settings === null) {
    addAutomationRoutes({ api, on: null, automations, odooOf, now });
    return { name: 'automations', stop: async () => {} };
  }
  const service = await openConfigured(surroundings, settings);
  const key = () => automationsKey(surroundings);
  addAutomationRoutes({ api, on: { service, settings, odooKey: key }, automations, odooOf, now });
  addAvailabilityPages({ api, settings, folder: config.automations.folder });
  addFormRoutes({ api, store, settings: settings.forms, now });
  addAutomationFigures({ metrics, store, odooKey: key, names: [...settings.automations.keys()], now });
  return {
    name: 'automations',
    start: () => service.start(),
    ending: () => service.end(),
    stop: (graceMs) => service.stop(graceMs),
  };
}

/** The runs alone, for commands. */
export async function openConfigured(
  surroundings: AutomationPartSurroundings,
  settings: AutomationSettings,
): Promise<AutomationRuns> {
  const { config, odoo, access, store, account, log, now } = surroundings;
  return await openAutomationRuns({
    automations: AUTOMATIONS,
    engines: ENGINES,
    settings,
    store,
    access,
    account,
    openWriter: ({ database, login, password }) => {
      if (odoo.url === null) throw withoutApi();
      const transport = { headersTimeoutMs: CALL_MS };
      return openWriter({ url: odoo.url, database }, { login, password }, { transport });
    },
    odooKey: () => automationsKey(surroundings),
    company: config.user.company ?? '',
    folder: config.automations.folder,
    from: config.mailAnswers.from,
    settleMs: config.imports.settleSeconds * 1_000,
    log,
    now,
  });
}

/** @returns null when nothing says which automations run @throws PlanbridgeError PB_CONFIG_INVALID, PB_FILE */
export async function readConfigured(
  automations: Surroundings['config']['automations'],
): Promise<AutomationSettings | null> {
  const source = await sourceOf(automations);
  return source === null ? null : readSettings(source, AUTOMATIONS, ENGINES);
}

async function sourceOf({
  file,
  text,
  variable,
}: Surroundings['config']['automations']): Promise<SettingsSource | null> {
  if (text !== null) return { text, name: 'automations', variable };
  if (file === null) return null;
  try {
    return { text: await readFile(file, 'utf8'), name: file, variable };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new PlanbridgeError('PB_FILE', 500, `AUTOMATIONS_FILE names ${file}, which cannot be read (${reason}).`, {
      remedy: 'Check the path and its rights.',
    });
  }
}

/** Under which runs, schedules and effects are kept: apart from those of the planner. */
async function automationsKey(surroundings: Pick<AutomationPartSurroundings, 'odoo' | 'account'>): Promise<string> {
  return `automations ${(await accountScope(surroundings)).odoo}`;
}

function withoutApi(): PlanbridgeError {
  return new PlanbridgeError(
    'PB_CONFIG_INVALID',
    500,
    "Automations change Odoo over its API, and ODOO_URL isn't set.",
    {
      remedy: 'Set ODOO_URL.',
    },
  );
}
