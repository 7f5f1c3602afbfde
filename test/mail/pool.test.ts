// Mails are read in a thread: the same reading, a bounded time, and the program goes on.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { catalogueOf } from '../../src/mail/catalogue.ts';
import { createReadingPool, type PoolOptions, type ReadingPool } from '../../src/mail/pool/pool.ts';
import { DATA } from './fixtures/catalogue.ts';
import { inShort, rawMail, testContext } from './support.ts';

const GB = 'orders@moorland.example.org';
const MAIL = rawMail({ from: GB, text: '5 x KB-110' });
const pools: ReadingPool[] = [];
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'planbridge-pool-'));
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});
afterAll(() => rm(directory, { recursive: true }));

function poolOf(options: PoolOptions = {}): ReadingPool {
  const pool = createReadingPool(options);
  pools.push(pool);
  return pool;
}

/** A thread that does something else with what it is asked. */
async function thread(name: string, body: string): Promise<URL> {
  const path = join(directory, `${name}.mjs`);
  await writeFile(
    path,
    `import { parentPort } from 'node:worker_threads';\nparentPort.on('message', (message) => { ${body} });`,
  );
  return pathToFileURL(path);
}

test('the reading is the same, and follows the catalogue', async () => {
  const pool = poolOf();
  const catalogue = catalogueOf(DATA);
  const attachments = [{ name: 'a.csv', type: 'text/csv', content: 'Item;Qty\nKB-110;5\nQQ-77;2\n' }];
  const mail = await pool.parse(rawMail({ from: GB, text: 'as attached', attachments }), null);
  expect(Buffer.isBuffer(mail.attachments[0]!.content)).toBe(true);
  const context = { ...testContext(), catalogue };
  const read = async () => inShort((await pool.read(mail, context)).reading);
  expect(await read()).toBe('order | 11 5 Units | ? 2 ? | 2 product unknown');
  const [first] = [...DATA.products];
  catalogue.putProduct({ ...first!, id: 77, default_code: 'QQ-77' });
  expect(await read()).toBe('order | 11 5 Units | 77 2 Units');
  catalogue.dropProduct(11);
  expect(await read()).toBe('order | ? 5 ? | 77 2 Units | 1 product unknown');
  const again = { ...context, memory: { ...context.memory, wasReceived: () => true } };
  expect((await pool.read(mail, again)).reading).toEqual({ kind: 'ignored', reason: 'duplicate-message' });
});

test('a mail that takes too long goes to a person, programs stay unanswered, and the pool goes on', async () => {
  const program = await thread('endless', 'for (;;);');
  const pool = poolOf({ limitMs: 300, program });
  const begun = performance.now();
  const mail = await pool.parse(MAIL, null);
  expect(mail).toMatchObject({ from: { email: GB }, text: '', refused: 'it takes longer than 0.3 s to read' });
  const { reading } = await pool.read(mail, testContext());
  expect(reading).toEqual({ kind: 'question', reason: 'attachment', customer: { email: GB, name: null } });
  const automatic = await pool.parse(rawMail({ from: GB, text: 'x', headers: ['Auto-Submitted: auto-replied'] }), null);
  expect((await pool.read(automatic, testContext())).reading).toEqual({ kind: 'ignored', reason: 'auto-reply' });
  expect(performance.now() - begun).toBeLessThan(8_000);
});

test('a thread that dies takes only its own mail with it', async () => {
  const dying = poolOf({ program: await thread('dying', 'process.exit(3);') });
  const mails = await Promise.all([dying.parse(MAIL, null), dying.parse(MAIL, null)]);
  expect(mails.map(({ refused }) => refused)).toEqual(Array(2).fill('the reading thread ended (3)'));
});

test('a closed pool throws back what waits', async () => {
  const pool = poolOf({ program: await thread('deaf', '') });
  const results = Promise.allSettled([pool.parse(MAIL, null), pool.parse(MAIL, null)]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await pool.close();
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(pool.parse(MAIL, null)).rejects.toThrow('closed');
});
