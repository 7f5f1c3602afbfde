// A sandbox Odoo, a store of either kind, and the steps that read the one into the other.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OdooConfig } from '../../src/config.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { writeDocument } from '../../src/connector/document/write.ts';
import { type ExportRequest, openExport } from '../../src/connector/export.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import type { MappingRules } from '../../src/mapping/rules.ts';
import type { ServiceAccount, Surroundings } from '../../src/parts.ts';
import { loadPlanModel, type PlanModel } from '../../src/planner/plan-document.ts';
import { createReadSteps } from '../../src/planner/read/steps.ts';
import type { StepContext, StepName, StepResult } from '../../src/planner/runs/step.ts';
import { linkReorderCalendars } from '../../src/planner/store/reorder-calendars.ts';
import { type ModelScope, odooKey } from '../../src/planner/store/scope.ts';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import type { DataSet } from '../../src/sandbox/store/load.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { newDataDirectory } from '../support/shared.ts';

export const NOW = new Date('2026-11-23T09:00:00Z');

/** Both kinds of database, and whether this machine has them. */
export async function storeKinds(): Promise<{ kind: 'embedded' | 'postgres'; skip: boolean }[]> {
  const missing = await missingPostgres();
  return [
    { kind: 'embedded', skip: false },
    { kind: 'postgres', skip: missing !== null },
  ];
}

export interface TestStore {
  store: Store;
  options: { databaseUrl: string | null; dataDirectory: string };
  close(): Promise<void>;
}

let server: Promise<TestPostgres> | undefined;

export async function openTestStore(kind: 'embedded' | 'postgres'): Promise<TestStore> {
  const directory = await newDataDirectory('model', kind);
  server ??= kind === 'postgres' ? startPostgres() : undefined;
  const database = kind === 'postgres' ? await (await server!).createStore() : null;
  const options = { databaseUrl: database?.url ?? null, dataDirectory: directory };
  const store = await openStore(options);
  const opened: TestStore = {
    store,
    options,
    async close() {
      await opened.store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return opened;
}

export async function stopPostgres(): Promise<void> {
  const running = server;
  server = undefined;
  await (await running)?.stop();
}

export interface TestOdoo {
  sandbox: Sandbox;
  config: OdooConfig;
  account: ServiceAccount;
  scope: ModelScope;
  /** The clock of Odoo and of the reads. */
  clock: { now: number };
  close(): Promise<void>;
}

const DATABASE = 'demo';

let demo: DataSet | undefined;

function demoData(): DataSet {
  demo ??= demoCompany(NOW);
  return demo;
}

export async function openTestOdoo(data = demoData()): Promise<TestOdoo> {
  const clock = { now: NOW.getTime() };
  const sandbox = createSandbox({ data, database: DATABASE, now: () => new Date(clock.now) });
  const running = await sandbox.listen(0);
  const config: OdooConfig = { url: running.url, defaultDatabase: DATABASE, databases: null, sqlUrl: () => null };
  return {
    sandbox,
    config,
    clock,
    account: { database: DATABASE, login: 'admin', password: 'admin', company: null },
    scope: { odoo: odooKey(running.url, DATABASE), company: null },
    close: () => running.close(),
  };
}

export interface Reads {
  /** The mapping sheet. */
  rules: MappingRules;
  lines: string[];
  run(
    name: StepName,
    parameters?: object,
    signal?: AbortSignal,
    onProgress?: (part: number) => void,
  ): Promise<StepResult>;
}

export function readsOf(odoo: TestOdoo, store: Store): Reads {
  const reads: Reads = {
    rules: defaultRules(),
    lines: [],
    async run(name, parameters = {}, signal = new AbortController().signal, onProgress = () => {}) {
      const surroundings = {
        access: createOdooAccess(odoo.config),
        account: async () => odoo.account,
        odoo: odoo.config,
        rules: () => reads.rules,
        store,
        now: () => odoo.clock.now,
      } as unknown as Surroundings;
      const step = createReadSteps(surroundings).find((one) => one.name === name)!;
      const context: StepContext<Record<string, unknown>> = {
        runId: 1,
        key: 'test',
        who: 'tester',
        parameters: step.parameters.parse(parameters),
        signal,
        progress: onProgress,
        log: (_, message) => reads.lines.push(message),
      };
      return await step.run(context);
    },
  };
  return reads;
}

/** The model that frePPLe would have: the document, written and read again, and what its server links by names. */
export async function documentModel(
  odoo: TestOdoo,
  rules = defaultRules(),
  changes: Partial<ExportRequest> = {},
): Promise<PlanModel> {
  const { writeFile } = await import('node:fs/promises');
  const reader = await createOdooAccess(odoo.config).open(DATABASE, { login: 'admin', password: 'admin' });
  const folder = await mkdtemp(join(tmpdir(), 'planbridge-doc-'));
  try {
    const request = {
      mode: 1,
      company: null,
      singleCompany: false,
      language: null,
      timezone: null,
      delta: 999,
      apps: '',
    };
    const plan = await openExport({ ...request, ...changes }, { reader, rules, now: odoo.clock.now });
    let text = '';
    for await (const piece of writeDocument(plan, 'xml')) text += piece;
    await writeFile(join(folder, 'plan.xml'), text);
    const model = await loadPlanModel(join(folder, 'plan.xml'));
    linkReorderCalendars(model);
    return model;
  } finally {
    await reader.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** To compare models: in order, without what is empty. */
export function plainModel(model: PlanModel): Record<string, unknown> {
  const entries = Object.entries(model).map(([list, values]) => [list, values instanceof Map ? [...values] : values]);
  const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0);
  return JSON.parse(
    JSON.stringify(Object.fromEntries(entries), (_, value: unknown) => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).filter(([, inner]) => !isEmpty(inner)));
    }),
  ) as Record<string, unknown>;
}
