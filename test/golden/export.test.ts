// The whole export on real Odoo 17 data: against the answers of frePPLe's addon, from Odoo's database and over its external API.
// What differs is listed in intended-differences*.json, each with the defect that it mends.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDocument } from '../../src/connector/document/write.ts';
import { type ExportRequest, openExport } from '../../src/connector/export.ts';
import { openRpcReader } from '../../src/connector/odoo/open.ts';
import type { OdooReader } from '../../src/connector/odoo/reader.ts';
import { openSql } from '../../src/connector/odoo/sql.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { createSandbox, type RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { GOLDEN_SETS, type GoldenSet, goldenFolder, restoreGolden } from '../support/golden.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

interface Case {
  set: GoldenSet;
  /** File of the addon's answer. */
  file: string;
  request: Partial<ExportRequest>;
  /** Which list of intended differences. */
  allow?: string;
}

const FRANCISCO = 'My Company (San Francisco)';
const CEDAR = 'Cedar & Sons "Möbel" <QW>';
const BIRCH = 'Birch Handel QW Ltd';

const CASES: Case[] = [
  ...(['demo17', 'ref17'] as const).flatMap((set): Case[] => [
    { set, file: 'm0.xml', request: { company: FRANCISCO, mode: 0 } },
    { set, file: 'm1.xml', request: { company: FRANCISCO } },
    { set, file: 'm2.xml', request: { company: FRANCISCO, mode: 2 } },
    { set, file: 'm1_single.xml', request: { company: FRANCISCO, singleCompany: true } },
    { set, file: 'm1_chicago_single.xml', request: { company: 'My Company (Chicago)', singleCompany: true } },
  ]),
  { set: 'rich17', file: 'm0.xml', request: { company: CEDAR, mode: 0 } },
  { set: 'rich17', file: 'm1.xml', request: { company: CEDAR } },
  { set: 'rich17', file: 'm2.xml', request: { company: CEDAR, mode: 2 } },
  { set: 'rich17', file: 'm1_single.xml', request: { company: CEDAR, singleCompany: true } },
  { set: 'rich17', file: 'm1_b_single.xml', request: { company: BIRCH, singleCompany: true } },
  { set: 'rich17', file: 'm1_other_company.xml.gz', request: { company: BIRCH } },
  { set: 'rich17', file: 'm1_shelflife.xml.gz', request: { company: CEDAR, apps: 'freppledb.shelflife' } },
  { set: 'rich17', file: 'm1_utc.xml.gz', request: { company: CEDAR, timezone: 'UTC' }, allow: '-utc' },
  { set: 'rich17', file: 'm1_french.xml.gz', request: { company: CEDAR, language: 'fr_FR' }, allow: '-french' },
];

const folder = goldenFolder();
const postgresMissing = await missingPostgres();
const work = resolve('node_modules/.cache/planbridge');
const run = promisify(execFile);

/** The moment at which the addon answered: its document's own (UTC) clock. */
async function answerOf(entry: Case): Promise<{ path: string; now: number }> {
  const path = join(folder ?? '', entry.set, 'export', entry.file);
  const bytes = await readFile(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const current = /<current>([^<]*)/.exec(text)?.[1] ?? '2026-11-21T02:30:00';
  return { path, now: Date.parse(`${current.slice(0, 19)}Z`) };
}

async function documentOf(reader: OdooReader, request: Partial<ExportRequest>, now: number): Promise<string> {
  const plan = await openExport(
    { mode: 1, company: null, singleCompany: false, language: null, timezone: null, delta: 999, apps: '', ...request },
    { reader, rules: defaultRules(), now },
  );
  let text = '';
  for await (const piece of writeDocument(plan, 'xml')) text += piece;
  return text;
}

/** The judge, next to the packages that it needs. */
async function planDiff(reference: string, ours: string, allow: string): Promise<string> {
  const tool = join(work, 'plan-diff.mjs');
  const { stdout } = await run(process.execPath, [tool, reference, ours, '--allow', allow, '--examples', '5']).catch(
    (error: { stdout: string }) => error,
  );
  return stdout;
}

describe.skipIf(folder === null || postgresMissing !== null)('export of real Odoo 17 data', () => {
  let postgres: TestPostgres;
  const templates = new Map<GoldenSet, string>();
  const sandboxes = new Map<GoldenSet, RunningSandbox>();

  /** Nothing is written to it. */
  async function odooOf(set: GoldenSet): Promise<string> {
    const running = sandboxes.get(set) ?? (await createSandbox({ data: join(folder ?? '', set) }).listen(0));
    sandboxes.set(set, running);
    return running.url;
  }

  beforeAll(async () => {
    await mkdir(work, { recursive: true });
    await copyFile(resolve('../shared/tools/plan-diff.mjs'), join(work, 'plan-diff.mjs'));
    postgres = await startPostgres();
    for (const set of GOLDEN_SETS) {
      const name = await postgres.template(set, (url) => restoreGolden(folder ?? '', set, url));
      const database = await postgres.create(name);
      templates.set(set, database.url);
    }
  });
  afterAll(async () => {
    for (const running of sandboxes.values()) await running.close();
    await postgres?.stop();
  });

  it.each(CASES)('$set $file: only intended differences from the addon', { timeout: 120_000 }, async (entry) => {
    const { path, now } = await answerOf(entry);
    const reader = await openSql({ url: templates.get(entry.set) ?? '', login: 'admin' });
    try {
      const ours = join(work, `${entry.set}-${entry.file.replace(/\.gz$/, '')}`);
      await writeFile(ours, await documentOf(reader, entry.request, now));
      const result = await planDiff(path, ours, resolve(`test/golden/intended-differences${entry.allow ?? ''}.json`));
      expect(result.trim().split('\n').at(-1), result.slice(0, 4000)).toMatch(/^EQUAL/);
    } finally {
      await reader.close();
    }
  });

  it.each(CASES)('$set $file: the same bytes from database and external API', { timeout: 120_000 }, async (entry) => {
    const { now } = await answerOf(entry);
    const sql = await openSql({ url: templates.get(entry.set) ?? '', login: 'admin' });
    const rpc = await openRpcReader({ url: await odooOf(entry.set) }, { login: 'admin', password: 'admin' });
    try {
      const fromSql = await documentOf(sql, entry.request, now);
      const fromRpc = await documentOf(rpc, entry.request, now);
      expect(firstDifference(fromSql, fromRpc)).toBeNull();
      expect(await documentOf(sql, entry.request, now)).toBe(fromSql);
    } finally {
      await Promise.all([sql.close(), rpc.close()]);
    }
  });
});

function firstDifference(a: string, b: string): { a?: string; b?: string } | null {
  const left = a.split('\n');
  const right = b.split('\n');
  const line = left.findIndex((text, index) => text !== right[index]);
  if (line < 0 && left.length === right.length) return null;
  return { a: left[Math.max(0, line)], b: right[Math.max(0, line)] };
}
