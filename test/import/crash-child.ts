// One import in a process of its own that ends itself, without warning, at a given step: before a call to Odoo or the database,
// while Odoo is at work on it, or after its answer. Started by crash.test.ts.

import { setTimeout as sleep } from 'node:timers/promises';
import type { OdooWriter } from '../../src/connector/odoo/writer.ts';
import { importPlan, placeOf } from './import-plan.ts';

const [url = '', place = '', file = '', at = '0', how = 'before'] = process.argv.slice(2);
let step = 0;

async function dangerous<T>(run: () => Promise<T>, remote: boolean): Promise<T> {
  step += 1;
  if (step !== Number(at)) return await run();
  if (how === 'before') process.kill(process.pid, 'SIGKILL');
  const answer = run();
  if (how === 'during' && remote) {
    // Long enough to be on its way, too short for the answer.
    await sleep(3);
    process.kill(process.pid, 'SIGKILL');
  }
  await answer;
  process.kill(process.pid, 'SIGKILL');
  return await new Promise<never>(() => {});
}

function dangerousWriter(writer: OdooWriter): OdooWriter {
  return {
    ...writer,
    within: (companies) => dangerousWriter(writer.within(companies)),
    read: (lookup) => dangerous(() => writer.read(lookup), true),
    create: (model, values) => dangerous(() => writer.create(model, values), true),
    change: (model, rows, context) => dangerous(() => writer.change(model, rows, context), true),
    act: (model, method, ids) => dangerous(() => writer.act(model, method, ids), true),
  };
}

await importPlan(url, placeOf(place), file, {
  writer: dangerousWriter,
  store: (opened) => ({
    ...opened,
    query: (sql, values) => dangerous(() => opened.query(sql, values), false),
    transaction: (run) => dangerous(() => opened.transaction(run), false),
  }),
});
process.stdout.write(`steps ${step}\n`);
