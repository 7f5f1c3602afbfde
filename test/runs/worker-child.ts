// A process that works on runs with the real steps, and may kill itself without warning within one of them: at its n-th use of the
// database, of Odoo, or of the progress. Asks for the chain, the same for all of these processes, and waits for its end.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { createImportService } from '../../src/connector/import-service.ts';
import { type OdooWriter, openWriter } from '../../src/connector/odoo/writer.ts';
import { silentLog } from '../../src/log.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import type { PlannerSurroundings } from '../../src/planner/open.ts';
import { openRuns } from '../../src/planner/runs/service.ts';
import type { Step } from '../../src/planner/runs/step.ts';
import { createSteps } from '../../src/planner/steps/steps.ts';
import { accountScope } from '../../src/planner/store/scope.ts';
import { serviceAccount } from '../../src/serve.ts';
import { openStore, type Store } from '../../src/store/database.ts';

const [url = '', place = '', deadly = '', at = '0', told = ''] = process.argv.slice(2);
let current = '';
let count = 0;

function tell(text: string): void {
  if (told) appendFileSync(told, `${text}\n`);
}

function danger(): void {
  count += 1;
  if (current === deadly && count === Number(at)) process.kill(process.pid, 'SIGKILL');
}

function dangerous<T extends object>(target: T, names: readonly (keyof T)[]): T {
  const wrapped = { ...target };
  for (const name of names) {
    const real = target[name] as (...given: unknown[]) => unknown;
    wrapped[name] = ((...given: unknown[]) => {
      danger();
      return real(...given);
    }) as never;
  }
  return wrapped;
}

function dangerousWriter(writer: OdooWriter): OdooWriter {
  const names = ['read', 'create', 'change', 'act'] as const;
  const within = (companies: readonly number[]) => dangerousWriter(writer.within(companies));
  return { ...dangerous(writer, names), within };
}

const server = place.startsWith('postgres');
const config = readConfig({
  ODOO_URL: url,
  ODOO_USER: 'admin',
  ODOO_PASSWORD: 'admin',
  ...(server ? { DATABASE_URL: place } : { PLANBRIDGE_DATA_DIR: place }),
});
const odoo = config.odoo!;
const real = await openStore(config.store);
const store: Store = dangerous(real, ['query', 'transaction']);
const access = createOdooAccess(odoo);
const imports = createImportService({
  store,
  odooUrl: url,
  openWriter: async (address, { database, login, password }) =>
    dangerousWriter(await openWriter({ url: address, database }, { login, password })),
  settings: () => ({ timezone: null, promises: false, planners: new Set() }),
  settleMs: 300,
  waitMs: 30_000,
  now: Date.now,
  sleep: (ms) => sleep(ms),
});
const account = serviceAccount(config, access);
const rules = defaultRules;
const surroundings: PlannerSurroundings = {
  ...{ config, odoo, access, rules, store, imports, account },
  log: silentLog,
  now: Date.now,
};
const steps = createSteps(surroundings).map(
  (step): Step => ({
    ...step,
    async run(context) {
      current = step.name;
      count = 0;
      tell(`begun ${step.name}`);
      const progress = (part: number, what: string) => {
        danger();
        context.progress(part, what);
      };
      try {
        return await step.run({ ...context, progress });
      } finally {
        current = '';
      }
    },
  }),
);
const runs = await openRuns({
  ...{ store: real, steps, log: silentLog, now: Date.now },
  ...(server ? { leaseSeconds: 10 } : {}),
  async scope() {
    const { odoo: name, company } = await accountScope(surroundings);
    return { odoo: name, company: company ?? '' };
  },
});
await runs.start();
const chain = runs.registry.chain('odoo_read_1,plan,odoo_write');
const { run } = await runs.request({
  steps: chain,
  parameters: runs.registry.parameters(chain, { odoo_write: { daysAhead: 60 } }),
  trigger: 'command',
  who: 'test',
  whenRunning: 'join',
  requestKey: 'the only one',
});
tell('asked');
await runs.finished(run.id, AbortSignal.timeout(250_000));
await runs.stop(3_000);
await real.close();
