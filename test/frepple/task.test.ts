// Tasks in frePPLe: launched once whatever happens to us, followed to their end, with frePPLe's own words about failures.
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlanbridgeError } from '../../src/errors.ts';
import { createFreppleClient } from '../../src/planner/frepple/client.ts';
import { createFreppleSteps } from '../../src/planner/frepple/steps.ts';
import { runTask } from '../../src/planner/frepple/task.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { newDataDirectory } from '../support/shared.ts';
import { type FakeFrepple, startFrepple } from './fake-frepple.ts';

const authorization = { user: 'admin', password: 'ädmin:1' };
const HEADER = `Basic ${Buffer.from('admin:ädmin:1').toString('base64')}`;
let directory = '';
let store: Store;
let frepple: FakeFrepple;
const said: string[] = [];
const seen: [number, string][] = [];

beforeAll(async () => {
  directory = await newDataDirectory('frepple');
  store = await openStore({ databaseUrl: null, dataDirectory: directory });
});
afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  frepple = await startFrepple(HEADER);
  await store.query('truncate planbridge.frepple_task');
  said.length = 0;
  seen.length = 0;
});
afterEach(() => frepple.close());

const clientOf = (settings: object = {}) =>
  createFreppleClient({ url: frepple.url, authorization, timeoutMs: 2_000, ...settings });
const hooks = (signal = new AbortController().signal) => ({
  signal,
  progress: (part: number, what: string) => void seen.push([part, what]),
  log: (_: string, message: string) => void said.push(message),
});
const run = (key: string, more: { signal?: AbortSignal } = {}) =>
  runTask(
    { key, name: 'runplan', arguments: { constraint: 'capa', env: 'odoo_read_1,supply' } },
    { client: clientOf(), store, server: frepple.url, pollMs: 5 },
    hooks(more.signal),
  );
/** Waits, works, and is done; each look at it is a step. */
function lively(): void {
  const steps = ['Waiting', '10%', '60%', 'Done'];
  frepple.onStatus = (task) => {
    task.status = steps.shift() ?? 'Done';
    task.log += `now ${task.status}\n`;
  };
}

describe('a task', () => {
  it('is followed to its end, with progress and its log line by line', async () => {
    lively();
    expect(await run('a')).toMatchObject({ name: 'runplan', status: 'Done' });
    expect(frepple.tasks.get(1)?.arguments).toEqual({ constraint: 'capa', env: 'odoo_read_1,supply' });
    expect(seen.map(([part]) => part)).toEqual([0, 0.1, 0.6]);
    expect(said.slice(1)).toEqual(['now Waiting', 'now 10%', 'now 60%', 'now Done']);
  });

  it('is the same one for who takes the step up again', async () => {
    const ending = new AbortController();
    frepple.onStatus = (task) => {
      task.status = '10%';
      ending.abort(new Error('the process ends'));
    };
    await expect(run('a', { signal: ending.signal })).rejects.toThrow();
    expect(frepple.tasks.get(1)?.status).toBe('10%');
    lively();
    await run('a');
    expect(frepple.tasks.size).toBe(1);
  });

  it('is found again when the answer to its launch was lost', async () => {
    frepple.troubles.push('drop');
    await expect(run('a')).rejects.toMatchObject({ code: 'PB_PLANNER_UNREACHABLE' });
    lively();
    await run('a');
    expect(frepple.tasks.size).toBe(1);
    // Another step asks for its own.
    lively();
    await run('b');
    expect(frepple.tasks.size).toBe(2);
  });

  it('is ended by a cancel of the run', async () => {
    const cancel = new AbortController();
    frepple.onStatus = (task) => {
      if (task.status === 'Waiting') task.status = '10%';
      cancel.abort(new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'cancelled'));
    };
    await expect(run('a', { signal: cancel.signal })).rejects.toThrow();
    expect(frepple.tasks.get(1)?.status).toBe('Canceled');
  });

  it('outlives a restart of the web server', async () => {
    lively();
    frepple.onStatus = ((move) => (task) => {
      if (task.status === 'Waiting') frepple.troubles.push(502, 502, 502, 502);
      move(task);
    })(frepple.onStatus);
    expect(await run('a')).toMatchObject({ status: 'Done' });
  });

  it.each([
    ['Failed', 'Task 1 failed in frePPLe: no licence'],
    ['Canceled', 'Task 1 was cancelled in frePPLe: no licence'],
  ])('that is %s there says why', async (status, message) => {
    frepple.onStatus = (task) => Object.assign(task, { status, message: 'no licence' });
    await expect(run('a')).rejects.toThrow(message);
  });
});

describe('the client', () => {
  it.each([
    ['a wrong password', { authorization: { user: 'admin', password: 'x' } }, 'PB_PLANNER_REFUSED', 'sign-in'],
    ['an address without a server', { url: 'http://127.0.0.1:59871' }, 'PB_PLANNER_UNREACHABLE', 'ECONNREFUSED'],
  ])('names %s', async (_, settings, code, message) => {
    const error = await clientOf(settings)
      .launch('runplan', {})
      .catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('takes an answer without a task for a refusal', async () => {
    await expect(clientOf().launch('nonsense', {})).rejects.toThrow('Exception launching task');
  });
});

describe('the steps', () => {
  it('have frePPLe pull, plan and send its recommendations, and later post its plan', async () => {
    const surroundings = {
      store,
      imports: { odooOf: (database: string) => `x ${database}` },
      account: async () => ({ database: 'demo', login: 'admin', password: 'admin', company: null }),
    };
    const config = { url: frepple.url, authorization };
    const steps = createFreppleSteps(surroundings as never, config, clientOf());
    for (const step of steps) {
      frepple.onStatus = (task) => Object.assign(task, { status: 'Done' });
      const parameters = step.parameters.parse({});
      const result = await step.run({ ...hooks(), runId: 1, key: `1-${step.name}`, who: 'admin', parameters });
      expect(Object.values(result.counts)).toEqual([0]);
    }
    expect([...frepple.tasks.values()].map(({ name, arguments: given }) => [name, given.env])).toEqual([
      ['runplan', 'odoo_read_1,supply,odoo_write_1'],
      ['odoo_export', undefined],
    ]);
  });
});
