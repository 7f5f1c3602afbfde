// What the test files of one run share, made when the first of them asks for it and ended with the run: a PostgreSQL server, an
// embedded database that is up to date, the screens' files. vitest.config.ts names it as its global setup.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dropTemplates, missingPostgres, startOwnPostgres } from './postgres.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** Starts what answers the files' questions. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'planbridge-house-'));
  // Programs that tests start need not be compiled each time.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  const ends: (() => Promise<void>)[] = [];
  const rooms: Readonly<Record<string, () => Promise<string>>> = {
    async postgres() {
      const given = process.env.PLANBRIDGE_TEST_PG_URL;
      if (given) {
        ends.push(() => dropTemplates(given));
        return given;
      }
      if ((await missingPostgres()) !== null) return '';
      const { url, stop } = await startOwnPostgres();
      ends.push(stop);
      return url;
    },
    async embedded() {
      const directory = join(folder, 'embedded');
      await run(process.execPath, [join(import.meta.dirname, 'fill-embedded.ts'), directory]);
      return directory;
    },
    async web() {
      await run(process.execPath, ['scripts/web.mjs'], { cwd: ROOT });
      return '';
    },
  };
  const made = new Map<string, Promise<string>>();
  const server = createServer((request, response) => {
    const name = request.url!.slice(1);
    if (!made.has(name)) made.set(name, rooms[name]!());
    made.get(name)!.then(
      (answer) => response.end(answer),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.PLANBRIDGE_TEST_HOUSE = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async () => {
    server.closeAllConnections();
    server.close();
    for (const end of ends) await end();
    // Processes that end write there what they have compiled.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
}
