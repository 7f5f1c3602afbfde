// A process that works on the runs of automations, and may kill itself without warning: before or after its n-th call that changes
// Odoo, or its n-th use of the database within the automation. Asks for the run, the same in each of these processes.
import { setTimeout as sleep } from 'node:timers/promises';
import { AUTOMATIONS } from '../../src/automation/automations.ts';
import { openAutomationRuns } from '../../src/automation/run/service.ts';
import { readSettings } from '../../src/automation/settings.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { type OdooWriter, openWriter } from '../../src/connector/odoo/writer.ts';
import { silentLog } from '../../src/log.ts';
import { findRun } from '../../src/planner/runs/rows.ts';
import { openStore, type Store } from '../../src/store/database.ts';

const [url = '', place = '', folder = '', name = '', point = 'none'] = process.argv.slice(2);
const [where, at] = point.split(':');
let count = 0;
let inside = false;

function die(here: string): void {
  if (!inside || here !== where) return;
  count += 1;
  if (count === Number(at)) process.kill(process.pid, 'SIGKILL');
}

async function around<T>(what: string, work: () => Promise<T>): Promise<T> {
  die(`before-${what}`);
  const result = await work();
  die(`after-${what}`);
  return result;
}

function dangerousWriter(writer: OdooWriter): OdooWriter {
  return {
    ...writer,
    major: writer.major,
    odoo: writer.odoo,
    user: writer.user,
    within: (companies) => dangerousWriter(writer.within(companies)),
    create: (...given) => around('odoo', () => writer.create(...given)),
    change: (...given) => around('odoo', () => writer.change(...given)),
    act: (...given) => around('odoo', () => writer.act(...given)),
  };
}

const real = await openStore({ databaseUrl: place, dataDirectory: '' });
const store: Store = {
  ...real,
  query: ((...given: Parameters<Store['query']>) => around('store', () => real.query(...given))) as Store['query'],
  transaction: (work) => around('store', () => real.transaction(work)),
};
const text = JSON.stringify({ zone: 'UTC', automations: { [name]: { on: false } } });
const settings = readSettings({ text, name: 'test', variable: () => undefined }, AUTOMATIONS, {});
const service = await openAutomationRuns({
  // From here on a death counts: within the automation itself.
  automations: AUTOMATIONS.map((each) => ({
    ...each,
    async run(context) {
      inside = true;
      await each.run(context).finally(() => {
        inside = false;
      });
    },
  })),
  settings,
  store,
  engines: {},
  access: createOdooAccess({ url, defaultDatabase: 'shop', databases: null, sqlUrl: () => null }),
  account: async () => ({ database: 'shop', login: 'admin', password: 'admin', company: null }),
  openWriter: async ({ database, login, password }) =>
    dangerousWriter(await openWriter({ url, database }, { login, password })),
  odooKey: async () => 'automations test',
  company: '',
  folder,
  from: null,
  settleMs: 100,
  log: silentLog,
  now: () => Date.parse('2026-03-10T12:00:00Z') + performance.now(),
  leaseSeconds: 10,
});
await service.runs.start();
const steps = [name] as never;
const parameters = service.runs.registry.parameters(steps, {});
const { run } = await service.runs.request({
  ...{ steps, parameters, trigger: 'command', who: 'test', whenRunning: 'join', requestKey: `once ${name}` },
});
for (;;) {
  const found = await findRun(store.query, run.id);
  if (found?.finishedAt) {
    if (found.state !== 'done') throw new Error(JSON.stringify(found.error));
    break;
  }
  // The process before is gone for certain: its job is given to us without waiting for its lease to end.
  if (found?.jobId && found.worker && found.worker !== service.runs.queue.worker) {
    await service.runs.queue.release([found.jobId]).catch(() => {});
    service.runs.queue.wake();
  }
  await sleep(100);
}
await service.stop(2_000);
await real.close();
