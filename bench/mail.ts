// Benchmark of order mails: parsed, read and decided on one core; the same through a reading thread; 10,000 that wait, in flat
// memory; the catalogue of 20,000 products.
//   npm run bench:mail [-- --mails 10000 --products 20000 --folder MAILS --database-url postgres://…]
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import '../src/memory.ts';
import { openSql } from '../src/connector/odoo/sql.ts';
import { catalogueOf, type MutableCatalogue } from '../src/mail/catalogue.ts';
import { openOdooCatalogue } from '../src/mail/catalogue-odoo.ts';
import { eventOf } from '../src/mail/conversation/decide.ts';
import { fieldWordsOf } from '../src/mail/extraction/fields.ts';
import { parseMail } from '../src/mail/parse.ts';
import { createReadingPool } from '../src/mail/pool/pool.ts';
import { type FullReading, type ReadingContext, readMail } from '../src/mail/read.ts';
import { defaultMailFields } from '../src/mapping/defaults.ts';
import { madeUpCatalogue, madeUpMail } from './mail-data.ts';

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '10000' },
    products: { type: 'string', default: '20000' },
    folder: { type: 'string' },
    'database-url': { type: 'string' },
  },
});
const mails = Number(values.mails);
const products = Number(values.products);
const megabytes = () => Math.round(process.memoryUsage.rss() / 1e6);
const heap = () => {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e6);
};
const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6;

async function catalogueOfRun(): Promise<MutableCatalogue> {
  const url = values['database-url'];
  const before = heap();
  const begun = performance.now();
  if (url === undefined) {
    const made = catalogueOf(madeUpCatalogue(products));
    console.log(`catalogue, made up: ${products} products, ${elapsed(begun)} s, heap +${heap() - before} MB`);
    return made;
  }
  const reader = await openSql({ url, login: 'admin' });
  const { catalogue, refresh } = await openOdooCatalogue(reader);
  const counted = `${[...catalogue.products()].length} products, ${[...catalogue.partners()].length} partners`;
  console.log(
    `catalogue of ${url.replace(/.*\//, '')}: ${counted}, ${elapsed(begun)} s, ${reader.calls} statements, heap +${heap() - before} MB`,
  );
  const again = performance.now();
  const change = await refresh(reader);
  console.log(`  refreshed: ${elapsed(again)} s, ${change.products} products and ${change.partners} partners`);
  await reader.close();
  return catalogue;
}

function elapsed(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(2);
}

function contextOf(catalogue: MutableCatalogue): ReadingContext {
  return {
    catalogue,
    fields: fieldWordsOf(defaultMailFields()),
    ownAddresses: new Set(['orders@us.example.com']),
    staffDomains: new Set(['us.example.com']),
    policy: { kind: 'everyone' },
    limits: { maxLines: 500, maxQuantity: 100_000, duplicateWindowHours: 24 },
    today: '2026-11-23',
    now: Date.parse('2026-11-23T09:00:00+01:00'),
    memory: { wasReceived: () => false, sent: [], orders: [] },
  };
}

interface Run {
  mail: (at: number) => Promise<Buffer>;
  count: number;
  read: (raw: Buffer) => Promise<FullReading>;
}

async function measure(name: string, { mail, count, read }: Run, context: ReadingContext): Promise<void> {
  const kinds = new Map<string, number>();
  const memory: number[] = [];
  const slow: number[] = [];
  const before = process.cpuUsage();
  const begun = performance.now();
  for (let at = 0; at < count; at++) {
    const start = performance.now();
    const { reading } = await read(await mail(at));
    const decision = eventOf(reading, context.catalogue, new Map());
    slow.push(performance.now() - start);
    const kind = decision?.event ?? reading.kind;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (at % Math.max(1, Math.floor(count / 10)) === 0) memory.push(megabytes());
  }
  const cpu = seconds(process.cpuUsage(before));
  slow.sort((a, b) => a - b);
  const of = (share: number) => slow[Math.min(slow.length - 1, Math.floor(slow.length * share))]!.toFixed(1);
  console.log(
    `${name}: ${count} mails, ${(count / cpu).toFixed(0)} a second of CPU, ${(count / ((performance.now() - begun) / 1000)).toFixed(0)} a second by the clock`,
  );
  console.log(
    `  ms a mail: half below ${of(0.5)}, 99 % below ${of(0.99)}, longest ${of(1)}; resident MB on the way: ${memory.join(' ')}`,
  );
  console.log(`  ${[...kinds].map(([kind, number]) => `${kind} ${number}`).join(', ')}`);
}

const catalogue = await catalogueOfRun();
const context = contextOf(catalogue);
const direct = async (raw: Buffer) => readMail(await parseMail(raw), context);
const madeUp = async (at: number) => madeUpMail(at, products);

await measure('warm-up', { mail: madeUp, count: Math.min(mails, 500), read: direct }, context);
await measure('read in this thread', { mail: madeUp, count: mails, read: direct }, context);
const pool = createReadingPool();
const pooled = async (raw: Buffer) => pool.read(await pool.parse(raw, null), context);
await measure('read in one thread of its own', { mail: madeUp, count: Math.min(mails, 2000), read: pooled }, context);
await pool.close();
if (values.folder) {
  const { folder } = values;
  const files = (await readdir(folder)).filter((file) => file.endsWith('.eml'));
  const mail = (at: number) => readFile(join(folder, files[at % files.length]!));
  await measure(folder, { mail, count: files.length * 20, read: direct }, context);
}
