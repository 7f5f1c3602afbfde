// Automations as they run in the service: the real queue and schedules on either database, the sandbox Odoo over HTTP, the outbox, and
// a folder of their own.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Automation } from '../../src/automation/automation.ts';
import { ENGINES } from '../../src/automation/engines/engines.ts';
import { changesOf } from '../../src/automation/run/rows.ts';
import { openAutomationRuns } from '../../src/automation/run/service.ts';
import { readSettings } from '../../src/automation/settings.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { openWriter } from '../../src/connector/odoo/writer.ts';
import { silentLog } from '../../src/log.ts';
import { logOf, stepsOf } from '../../src/planner/runs/rows.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { SHOP_FIELDS } from '../../src/sandbox/schema/shop.ts';
import type { DataSet } from '../../src/sandbox/store/load.ts';
import type { Store } from '../../src/store/database.ts';
import { newPlace, type Place } from '../runs/support.ts';

export type Rows = Record<string, ({ id: number } & Record<string, unknown>)[]>;

/** One company in New York with a user; `rows` are added. @param apps without them Odoo has no shop */
export function shop(rows: Rows, apps: DataSet['apps'] = [SHOP_FIELDS]): DataSet {
  return {
    serverVersion: '17.0',
    apps,
    records: {
      'res.company': [{ id: 1, name: 'Garden Shop', currency_id: 1, partner_id: 1 }],
      'res.currency': [{ id: 1, name: 'USD', active: true }],
      'res.country': [{ id: 1, name: 'United States', code: 'US' }],
      'res.country.state': [
        { id: 1, name: 'New York', code: 'NY', country_id: 1 },
        { id: 2, name: 'Ohio', code: 'OH', country_id: 1 },
      ],
      'res.users': [
        {
          ...{ id: 2, login: 'admin', name: 'Admin', active: true, share: false, partner_id: 3, lang: 'en_US' },
          ...{ company_id: 1, company_ids: [1], tz: 'America/New_York' },
        },
      ],
      ...rows,
      'res.partner': [
        { id: 1, name: 'Garden Shop', active: true, is_company: true, state_id: 1, country_id: 1 },
        { id: 3, name: 'Admin', active: true, is_company: false },
        ...(rows['res.partner'] ?? []),
      ],
    },
  };
}

export interface HouseOptions {
  data: DataSet;
  automations: readonly Automation[];
  /** Of the settings file, by automation. */
  settings?: Record<string, Record<string, unknown>>;
  /** The same, by engine. */
  engines?: Record<string, Record<string, unknown>>;
  now?: string;
  kind?: 'embedded' | 'postgres';
  zone?: string;
}

/** One database for the tests of a file: a house has a name of its own in it. */
const stores = new Map<string, { place: Place; store: Promise<Store> }>();
let houses = 0;

async function storeOf(kind: 'embedded' | 'postgres'): Promise<Store> {
  let known = stores.get(kind);
  if (!known) {
    const place = await newPlace(kind);
    known = { place, store: place.open() };
    stores.set(kind, known);
  }
  const store = await known.store;
  for (const table of ['mail_outbound', 'automation_lead', 'automation_stock_request']) {
    await store.query(`delete from planbridge.${table}`);
  }
  return store;
}

export async function endHouses(): Promise<void> {
  for (const { place, store } of stores.values()) {
    await (await store).close();
    await place.remove();
  }
  stores.clear();
}

export type House = Awaited<ReturnType<typeof openHouse>>;

export async function openHouse(options: HouseOptions) {
  const { data, automations, zone = 'America/New_York', kind = 'embedded' } = options;
  const clock = { now: Date.parse(options.now ?? '2026-03-10T15:00:00Z') };
  const sandbox = createSandbox({ data, database: 'shop', now: () => new Date(clock.now) });
  const running = await sandbox.listen(0);
  houses += 1;
  const key = `automations ${houses}`;
  const folder = await mkdtemp(join(tmpdir(), 'planbridge-automations-'));
  const store = await storeOf(kind);
  const text = JSON.stringify({
    zone,
    engines: options.engines ?? {},
    automations: Object.fromEntries(automations.map(({ name }) => [name, { on: false, ...options.settings?.[name] }])),
  });
  const settings = readSettings({ text, name: 'automations.json', variable: () => undefined }, automations, ENGINES);
  const service = await openAutomationRuns({
    automations,
    settings,
    store,
    engines: ENGINES,
    access: createOdooAccess({ url: running.url, defaultDatabase: 'shop', databases: null, sqlUrl: () => null }),
    account: async () => ({ database: 'shop', login: 'admin', password: 'admin', company: null }),
    openWriter: ({ database, login, password }) => openWriter({ url: running.url, database }, { login, password }),
    odooKey: async () => key,
    company: '',
    folder,
    from: { name: 'Garden Shop', address: 'shop@garden.example' },
    settleMs: 0,
    log: silentLog,
    now: () => clock.now,
    retryDelaysMs: [10, 10],
  });
  await service.runs.start();

  return {
    clock,
    sandbox,
    store,
    service,
    folder,
    async run(name: string, { dryRun = false } = {}) {
      const { run } = await service.request(name, { dryRun, who: 'anna', trigger: 'planner' });
      const ended = await service.runs.finished(run.id, AbortSignal.timeout(20_000));
      const [step] = await stepsOf(store.query, run.id, service.runs.registry);
      const log = await logOf(store.query, run.id, 0, 1_000);
      const changes = await changesOf(store.query, run.id, 0, 1_000);
      return {
        id: run.id,
        state: ended!.state,
        error: ended!.error,
        counts: step!.counts,
        log: log.map(({ level, message }) => `${level} ${message}`),
        changes,
        said: changes.map(({ subject, description }) => `${subject}: ${description}`),
      };
    },
    rows: (model: string) => [...sandbox.db.table(model).rows()] as ({ id: number } & Record<string, unknown>)[],
    row: (model: string, id: number) => [...sandbox.db.table(model).rows()].find((row) => row.id === id)!,
    mails: () =>
      store.query<{ recipient: string; subject: string; text: string; raw: Buffer }>(
        'select recipient, subject, text, raw from planbridge.mail_outbound order by id',
      ),
    file: (name: string) => readFile(join(folder, name), 'utf8'),
    async close() {
      await service.stop(2_000);
      await running.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
