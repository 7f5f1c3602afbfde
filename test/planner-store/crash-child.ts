// A process that reads Odoo into the store, says how far it is, and is killed by the test; or that only opens the store.
import { createOdooAccess } from '../../src/connector/access.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import type { Surroundings } from '../../src/parts.ts';
import { createReadSteps } from '../../src/planner/read/steps.ts';
import { openStore, type StoreOptions } from '../../src/store/database.ts';

export interface CrashTask {
  options: StoreOptions;
  /** null: only opens the store. */
  url: string | null;
  now: number;
}

const { options, url, now } = JSON.parse(process.argv[2] ?? '') as CrashTask;
const store = await openStore(options);
if (url !== null) {
  const odoo = { url, defaultDatabase: 'demo', databases: null, sqlUrl: () => null };
  const surroundings = {
    access: createOdooAccess(odoo),
    account: async () => ({ database: 'demo', login: 'admin', password: 'admin', company: null }),
    odoo,
    rules: defaultRules,
    // Statements by statement, so that a kill meets each of them.
    store: {
      ...store,
      async query(...args: Parameters<typeof store.query>) {
        process.send?.('statement');
        await new Promise((resolve) => setTimeout(resolve, 4));
        return await store.query(...args);
      },
    },
    now: () => now,
  } as unknown as Surroundings;
  const step = createReadSteps(surroundings).find(({ name }) => name === 'odoo_read_1')!;
  await step.run({
    runId: 1,
    key: 'crash',
    who: 'test',
    parameters: step.parameters.parse({ how: 'full' }),
    signal: new AbortController().signal,
    progress: () => {},
    log: () => {},
  });
}
await store.close();
process.disconnect?.();
