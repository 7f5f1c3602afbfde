// A real PostgreSQL for tests: the one of PLANBRIDGE_TEST_PG_URL, else one of our own if its programs are installed.
// Without either the tests are skipped and say so; with PLANBRIDGE_REQUIRE_PG=1 that is a failure.
// The own server runs in a temporary folder, listens on 127.0.0.1, is shared by the files of a run, and ends with it.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { openStore } from '../../src/store/database.ts';
import { sharedPostgres } from './shared.ts';

const run = promisify(execFile);

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

export interface TestPostgres {
  /** URL of the maintenance database. */
  url: string;
  /** Folder of the client programs (psql, pg_restore), or null when they are not installed. */
  programs: string | null;
  /** A new database, empty or a copy of a template that `template` made. */
  create(template?: string): Promise<TestDatabase>;
  /** A new database with our tables, up to date and empty. */
  createStore(): Promise<TestDatabase>;
  /** Makes a database once, for all files of a run, by `fill`; the name is to be given to `create`. */
  template(key: string, fill: (url: string) => Promise<void>): Promise<string>;
  stop(): Promise<void>;
}

/** Why there is no PostgreSQL, or null when there is one. Ask before `startPostgres`. */
export async function missingPostgres(): Promise<string | null> {
  if (process.env.PLANBRIDGE_TEST_PG_URL || (await serverPrograms()) !== null) return null;
  const reason = 'no PostgreSQL: set PLANBRIDGE_TEST_PG_URL or install the server programs (initdb, postgres)';
  if (process.env.PLANBRIDGE_REQUIRE_PG === '1') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return reason;
}

/** Finds the server. The caller's `stop` removes what the caller made. */
export async function startPostgres(): Promise<TestPostgres> {
  const url = await sharedPostgres();
  if (url === '') throw new Error('no PostgreSQL to start; ask missingPostgres first');
  return handle(url, await clientPrograms());
}

function handle(url: string, programs: string | null): TestPostgres {
  const prefix = `pbtest_${process.pid}_${Date.now().toString(36)}`;
  const databases = new Set<string>();
  let counter = 0;

  async function admin(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  const urlOf = (name: string): string => {
    const parsed = new URL(url);
    parsed.pathname = `/${name}`;
    return parsed.toString();
  };

  async function createNamed(name: string, template: string): Promise<void> {
    await admin(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  }

  async function dropNamed(name: string): Promise<void> {
    if (databases.delete(name)) await admin(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }

  async function create(template = 'template0'): Promise<TestDatabase> {
    const name = `${prefix}_${++counter}`;
    await createNamed(name, template);
    databases.add(name);
    return { url: urlOf(name), drop: () => dropNamed(name) };
  }

  /** Of this run: a server that is given may have those of others. */
  async function template(key: string, fill: (url: string) => Promise<void>): Promise<string> {
    const name = `pbtemplate_${new URL(process.env.PLANBRIDGE_TEST_HOUSE!).port}_${key}`;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount) return name;
      const half = `${name}_half`;
      await client.query(`DROP DATABASE IF EXISTS "${half}"`);
      await createNamed(half, 'template0');
      await fill(urlOf(half));
      await client.query(`ALTER DATABASE "${half}" RENAME TO "${name}"`);
      return name;
    } finally {
      await client.end();
    }
  }

  return {
    url,
    programs,
    create,
    async createStore() {
      const tables = async (databaseUrl: string) => (await openStore({ databaseUrl, dataDirectory: '' })).close();
      return await create(await template('store', tables));
    },
    template,
    async stop() {
      for (const name of [...databases]) await dropNamed(name).catch(() => {});
    },
  };
}

/** Drops the templates of a run on a server that goes on. */
export async function dropTemplates(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const like = `pbtemplate_${new URL(process.env.PLANBRIDGE_TEST_HOUSE!).port}_%`;
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
      like,
    ]);
    for (const { datname } of rows) await client.query(`DROP DATABASE "${datname}" WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

/** A server of our own. Who starts it stops it. */
export async function startOwnPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await serverPrograms();
  if (folder === null) throw new Error('no PostgreSQL to start; ask missingPostgres first');
  return await startOwn(folder);
}

async function startOwn(programs: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'planbridge-pg-'));
  const account = await ownAccount();
  if (account !== null) await chown(folder, account.uid, account.gid);
  const as = account === null ? {} : account;
  const data = join(folder, 'data');
  const environment = { ...process.env, LC_ALL: 'C' };
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...as,
    cwd: folder,
    env: environment,
  });
  const port = await freePort();
  const settings = [
    ...['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'listen_addresses=127.0.0.1'],
    ...[`port=${port}`, `unix_socket_directories=${folder}`, 'shared_buffers=128MB', 'max_connections=200'],
  ];
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...as,
    cwd: folder,
    env: environment,
    stdio: 'ignore',
  });
  const stopNow = (): void => void server.kill('SIGQUIT');
  process.once('exit', stopNow);
  const url = `postgres://test@127.0.0.1:${port}/postgres`;
  await ready(url, server);
  return {
    url,
    async stop() {
      process.removeListener('exit', stopNow);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once with code ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('PostgreSQL did not start within 15 s');
}

/** PostgreSQL refuses to run as root; then an account without rights is taken. */
async function ownAccount(): Promise<{ uid: number; gid: number } | null> {
  if (userInfo().uid !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const { stdout } = await run('id', ['-u', name]);
      const { stdout: group } = await run('id', ['-g', name]);
      return { uid: Number(stdout), gid: Number(group) };
    } catch {
      // Not on this machine.
    }
  }
  throw new Error('PostgreSQL does not run as root and there is no account postgres or nobody');
}

async function serverPrograms(): Promise<string | null> {
  for (const folder of await candidates()) {
    if (existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) return folder;
  }
  return null;
}

async function clientPrograms(): Promise<string | null> {
  for (const folder of await candidates()) if (existsSync(join(folder, 'pg_restore'))) return folder;
  return null;
}

async function candidates(): Promise<string[]> {
  const installed = '/usr/lib/postgresql';
  const versions = existsSync(installed) ? await readdir(installed) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(installed, version, 'bin'));
  return [...(process.env.PATH ?? '').split(delimiter), ...newest];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
