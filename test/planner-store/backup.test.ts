// Backups: everything, from one kind of database into the other and back, whole or not at all; and clearing away what is old.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerStoreCommands } from '../../src/commands/store.ts';
import type { CommandSurroundings } from '../../src/commands/surroundings.ts';
import { editEntity } from '../../src/planner/store/edits.ts';
import { loadModel } from '../../src/planner/store/load.ts';
import { backupStore } from '../../src/store/backup.ts';
import { restoreStore } from '../../src/store/backup-restore.ts';
import { storedTables } from '../../src/store/backup-tables.ts';
import { openStore, type Query, type Store } from '../../src/store/database.ts';
import { addImport, importDocument } from '../../src/store/imports.ts';
import { migrate } from '../../src/store/migrate.ts';
import { clearOld } from '../../src/store/retention.ts';
import {
  openTestOdoo,
  openTestStore,
  plainModel,
  readsOf,
  stopPostgres,
  storeKinds,
  type TestOdoo,
  type TestStore,
} from './support.ts';

const kinds = (await storeKinds()).filter(({ skip }) => !skip).map(({ kind }) => kind);
const BYTES = Buffer.from(Array.from({ length: 512 }, (_, position) => position % 256));
const NOW = Date.UTC(2026, 10, 23);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planbridge-backup-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
afterAll(stopPostgres);

/** Every value of every table, as text. */
async function contents(store: { query: Query }): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  await store.query(`set timezone to 'UTC'`);
  for (const { name, columns } of await storedTables(store.query)) {
    const list = columns.map((column) => `"${column.name}"::text`).join(', ');
    all[name] = await store.query(
      `select ${list} from planbridge."${name}" order by ${columns.map((_, i) => i + 1).join(', ')}`,
    );
  }
  return all;
}

const NEW_IMPORT = {
  odoo: 'x',
  company: 'Ünïcode "quoted" \\ back\nline \t tab',
  login: 'admin',
  actualUser: null,
  mode: 1,
  source: 'http',
  client: '',
  repeats: null,
  records: 2,
  document: BYTES,
} as const;

async function fill(store: Store, odoo: TestOdoo): Promise<void> {
  const reads = readsOf(odoo, store);
  await reads.run('odoo_read_1');
  await reads.run('odoo_read_2');
  const [demand] = (await loadModel(store, odoo.scope)).demands.keys();
  await editEntity(store, odoo.scope, 'demand', demand!, { quantity: 0.1 + 0.2 }, { who: 'me', at: NOW });
  const first = await addImport(store, NEW_IMPORT);
  const second = await addImport(store, { ...NEW_IMPORT, repeats: first });
  // A row that is referred to from a lower number.
  await store.query('update planbridge.import set repeats = $2 where id = $1', [first, second]);
  await store.query('delete from planbridge.import where id = $1', [await addImport(store, NEW_IMPORT)]);
}

describe.each(kinds)('a backup of %s', (kind) => {
  let own: TestStore;
  let odoo: TestOdoo;

  beforeEach(async () => {
    odoo = await openTestOdoo();
    own = await openTestStore(kind);
    await fill(own.store, odoo);
  });
  afterEach(async () => {
    await own.close();
    await odoo.close();
  });

  it.each(kinds)(
    'restores into %s to the last value',
    async (other) => {
      const file = join(folder, 'all.gz');
      const before = await contents(own.store);
      const { rows } = await backupStore(own.store, file, { now: () => NOW });
      expect(rows.entity).toBeGreaterThan(400);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readdir(folder)).toEqual(['all.gz']);
      const target = await openTestStore(other);
      try {
        await addImport(target.store, NEW_IMPORT);
        expect(await restoreStore(target.store, file)).toEqual({ at: NOW, rows });
        expect(await contents(target.store)).toEqual(before);
        expect(plainModel(await loadModel(target.store, odoo.scope))).toEqual(
          plainModel(await loadModel(own.store, odoo.scope)),
        );
        // Numbers that were given out are not given out again, and references hold.
        expect(await addImport(target.store, NEW_IMPORT)).toBe(4);
        await expect(addImport(target.store, { ...NEW_IMPORT, repeats: 77 })).rejects.toThrow('foreign key');
        const { counts } = await readsOf(odoo, target.store).run('odoo_read_1');
        expect(counts).toMatchObject({ added: 0, changed: 0, removed: 0 });
      } finally {
        await target.close();
      }
    },
    60_000,
  );
});

describe('a backup', () => {
  let own: TestStore;

  beforeEach(async () => {
    own = await openTestStore('embedded');
    await addImport(own.store, NEW_IMPORT);
    await addImport(own.store, NEW_IMPORT);
  });
  afterEach(() => own.close());

  it('that is cut off, damaged, of another program or of a newer version changes nothing', async () => {
    const file = join(folder, 'all.gz');
    await backupStore(own.store, file, { now: () => NOW });
    await addImport(own.store, NEW_IMPORT);
    const before = await contents(own.store);
    const bytes = await readFile(file);
    const lines = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
    const at = lines.findIndex((line) => line.includes('"table":"import"')) + 1;
    const zip = (changed: readonly string[]) => gzipSync(`${changed.join('\n')}\n`);
    const bad: [Buffer, string][] = [
      [bytes.subarray(0, bytes.length - 200), 'is cut off'],
      [zip(lines.slice(0, -1)), 'is cut off'],
      [zip(lines.toSpliced(at, 1)), 'has 1 rows of import instead of 2'],
      [zip(lines.toSpliced(at, 1, '["1"]')), 'damaged row'],
      [zip(lines.toSpliced(at, 1, '{')), 'damaged line'],
      [zip([...lines, lines[at]!]), 'behind its end'],
      [zip([lines[0]!.replace('001_imports', '998_imports'), ...lines.slice(1)]), 'newer version (998_imports'],
      [zip([lines[0]!.replace('"format":1', '"format":9'), ...lines.slice(1)]), 'format 9'],
      [gzipSync('{}\n'), 'is no backup'],
      [Buffer.from('hello'), 'no backup'],
      [Buffer.alloc(0), 'The file'],
    ];
    for (const [content, message] of bad) {
      await writeFile(file, content);
      await expect(restoreStore(own.store, file)).rejects.toMatchObject({
        code: 'PB_FILE',
        message: expect.stringContaining(message),
      });
    }
    await expect(restoreStore(own.store, join(folder, 'none'))).rejects.toMatchObject({ code: 'PB_FILE' });
    await expect(backupStore(own.store, join(folder, 'no', 'x'), { now: () => NOW })).rejects.toMatchObject({
      code: 'PB_FILE',
    });
    expect(await contents(own.store)).toEqual(before);
  });

  it('is made and restored by command, with the service stopped and the word of the person', async () => {
    const directory = own.options.dataDirectory;
    const file = join(folder, 'all.gz');
    await expect(run('backup', '--data-dir', directory, '--out', file)).rejects.toThrow('in use by process');
    await own.store.close();
    expect(await run('backup', '--data-dir', directory, '--out', file)).toContain('are in');
    const other = join(folder, 'other');
    expect(await run('restore', '--data-dir', other, '--file', file)).toContain('restored');
    await expect(run('restore', '--data-dir', other, '--file', file)).rejects.toThrow('not empty');
    expect(await run('restore', '--data-dir', other, '--file', file, '--yes')).toContain('restored');
    expect(await run('clean', '--data-dir', other)).toContain('Cleared away: 0 runs');
    own.store = await openStore(own.options);
  }, 60_000);
});

describe.skipIf(!kinds.includes('postgres'))('a backup of an older version', () => {
  it('is brought up to date after it was restored', async () => {
    const own = await openTestStore('postgres');
    const folderOf001 = join(folder, 'migrations');
    await mkdir(folderOf001);
    const shipped = join(import.meta.dirname, '../../src/store/migrations');
    await copyFile(join(shipped, '001_imports.sql'), join(folderOf001, '001_imports.sql'));
    await own.store.query('drop schema planbridge cascade');
    const pool = new pg.Pool({ connectionString: own.options.databaseUrl! });
    await migrate(pool, folderOf001);
    await pool.end();
    await addImport(own.store, NEW_IMPORT);
    const file = join(folder, 'old.gz');
    await backupStore(own.store, file, { now: () => NOW });
    const target = await openTestStore('postgres');
    await restoreStore(target.store, file);
    const reopened = await openStore(target.options);
    const done = await reopened.query<{ name: string }>('select name from planbridge.migration order by name');
    expect(done.map(({ name }) => name)).toEqual((await readdir(shipped)).toSorted());
    expect(await importDocument(reopened, 'x', 1)).toEqual(BYTES);
    expect(await reopened.query('select 1 from planbridge.entity')).toEqual([]);
    await reopened.close();
    await target.close();
    await own.close();
  });
});

describe('what was kept long enough', () => {
  it('is cleared away, and what is at work is not', async () => {
    const own = await openTestStore('embedded');
    const { store } = own;
    const day = 86_400_000;
    const add = async (ago: number, status: string) => {
      const id = await addImport(store, NEW_IMPORT);
      const at = new Date(NOW - ago * day);
      await store.query('update planbridge.import set received_at = $2, status = $3 where id = $1', [id, at, status]);
      const [run] = await store.query<{ id: number }>(
        `insert into planbridge.run (odoo, steps, trigger, who, state, requested_at, finished_at)
         values ('x', '{plan}', 'api', 'me', $1, $2, case when $1 = 'done' then $2::timestamptz end) returning id::integer`,
        [status === 'done' ? 'done' : 'running', at],
      );
      await store.query(`insert into planbridge.run_log (run_id, at, level, message) values ($1, $2, 'info', 'x')`, [
        run!.id,
        at,
      ]);
    };
    await add(500, 'done');
    await add(500, 'received');
    await add(100, 'done');
    await add(70, 'done');
    await add(1, 'done');
    const keep = { days: 400, logDays: 60, documentDays: 90 };
    expect(await clearOld(store, { days: 0, logDays: 0, documentDays: 0 }, NOW)).toMatchObject({ runs: 0, imports: 0 });
    expect(await clearOld(store, keep, NOW)).toEqual({ runs: 1, logLines: 3, imports: 1, documents: 2, changes: 0 });
    expect(await clearOld(store, keep, NOW)).toEqual({ runs: 0, logLines: 0, imports: 0, documents: 0, changes: 0 });
    const left = await store.query(
      'select id::integer, length(document) > 0 as whole from planbridge.import order by id',
    );
    expect(left).toEqual([
      { id: 2, whole: true },
      { id: 3, whole: false },
      { id: 4, whole: true },
      { id: 5, whole: true },
    ]);
    expect(await importDocument(store, 'x', 3)).toBeNull();
    await own.close();
  });
});

async function run(...argv: string[]): Promise<string> {
  const { Command } = await import('commander');
  let printed = '';
  const surroundings = {
    environment: {},
    print: (text: string) => {
      printed += text;
    },
    printError: () => {},
    terminal: false,
    signal: new AbortController().signal,
  } as unknown as CommandSurroundings;
  const program = new Command().exitOverride();
  registerStoreCommands(program, surroundings);
  await program.parseAsync(['store', ...argv], { from: 'user' });
  return printed;
}
