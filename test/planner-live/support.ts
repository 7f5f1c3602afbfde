// The service over the demo's Odoo, on either database, asked over its API. No tests.
import { rm } from 'node:fs/promises';
import { readConfig } from '../../src/config.ts';
import { startDemo } from '../../src/demo.ts';
import { createLog } from '../../src/log.ts';
import { startService } from '../../src/serve.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { newDataDirectory } from '../support/shared.ts';

const missing = await missingPostgres();
export const KINDS = [
  { kind: 'embedded' as const, skip: false },
  { kind: 'postgres' as const, skip: missing !== null },
];

export interface Asked {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into
  json: any;
}

export interface TestService {
  url: string;
  directory: string;
  ask(path: string, body?: object, method?: string): Promise<Asked>;
  /** Runs a chain to its end. */
  run(steps: string, parameters?: object): Promise<void>;
  log(): string;
  restart(): Promise<void>;
  close(): Promise<void>;
}

let server: TestPostgres | undefined;

export async function startTestService(kind: 'embedded' | 'postgres'): Promise<TestService> {
  const directory = await newDataDirectory('live', kind);
  if (kind === 'postgres') server ??= await startPostgres();
  const database = kind === 'postgres' ? await server!.createStore() : null;
  const demo = await startDemo();
  const config = readConfig({
    ODOO_URL: demo.url,
    ODOO_USER: demo.login,
    ODOO_PASSWORD: demo.password,
    ODOO_COMPANY: demo.company,
    PORT: '0',
    PLANBRIDGE_DATA_DIR: directory,
    ...(database ? { DATABASE_URL: database.url } : {}),
  });
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => void lines.push(line) });
  let service = await startService(config, config.odoo!, log);
  const authorization = `Basic ${btoa(`${demo.login}:${demo.password}`)}`;
  const ask: TestService['ask'] = async (path, body, method = body ? 'POST' : 'GET') => {
    const answer = await fetch(service.url + path, {
      method,
      headers: { authorization },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, json: await answer.json() };
  };
  return {
    get url() {
      return service.url!;
    },
    directory,
    ask,
    log: () => lines.join(''),
    async run(steps, parameters = {}) {
      const { json } = await ask('/api/runs', { steps, parameters });
      for (let tries = 0; tries < 600; tries++) {
        const { json: now } = await ask(`/api/runs/${json.run.id}`);
        if (now.run.state === 'done') return;
        if (now.run.state === 'failed') throw new Error(now.run.error.message);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${steps} did not end`);
    },
    async restart() {
      await service.close(2_000);
      service = await startService(config, config.odoo!, log);
    },
    async close() {
      await service.close(2_000);
      await demo.close();
      await database?.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function endServer(): Promise<void> {
  await server?.stop();
  server = undefined;
}
