// The command: results, progress, what a broken folder is told, and how it is stopped.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli.ts';
import { CATALOGUE, NOW, OWN, rawScene, SCENES } from './scenes.ts';

let directory: string;
let out: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'planbridge-corpus-'));
  out = join(directory, 'results');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const cases = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { catalogue: 'brennhof', now: NOW }]));

async function folder(context: Record<string, unknown> = {}, catalogue: unknown = CATALOGUE): Promise<void> {
  const whole = {
    own: { addresses: [OWN], staffDomains: [] },
    policy: 'everyone',
    limits: { maxLines: 50, maxQuantity: 100_000, duplicateWindowHours: 24 },
    cases: cases('first', 'own'),
    ...context,
  };
  await writeFile(join(directory, 'context.json'), JSON.stringify(whole));
  await writeFile(join(directory, 'catalogue.json'), JSON.stringify(catalogue));
  for (const scene of SCENES) await writeFile(join(directory, `${scene.name}.eml`), rawScene(scene));
}

interface Ran {
  code: number;
  printed: string;
  told: string;
}

async function run(args: readonly string[], { terminal = false, stopAt = '' } = {}): Promise<Ran> {
  const ran: Ran = { code: 0, printed: '', told: '' };
  const stop = new AbortController();
  let own = 0;
  const code = await runProgram(['mail', 'corpus', ...args], {
    environment: {},
    stdout: new PassThrough(),
    print: (text) => {
      ran.printed += text;
    },
    printError(text) {
      ran.told += text;
      if (stopAt !== '' && text.includes(stopAt)) stop.abort();
    },
    terminal,
    setExitCode(given) {
      own = given;
    },
    signal: stop.signal,
  });
  return { ...ran, code: code || own };
}

const resultOf = async (name: string) =>
  JSON.parse(await readFile(join(out, `${name}.json`), 'utf8')) as Record<string, unknown>;

test('a result for each case, made by the whole service', { timeout: 60_000 }, async () => {
  await folder({ cases: { ...cases('first', 'own', 'gone') } });
  const { code, printed, told } = await run([directory, '--out', out], { terminal: true });
  expect(printed).toMatch(/^3 mails replayed in [\d.]+ s, 1 could not be played; results in /);
  expect(told).toContain('2/3 own');
  expect(told).toMatch(
    /gone: The mail .*gone\.eml cannot be read: it is not there\..*Each case of context\.json is a file/,
  );
  expect(code).toBe(1);
  expect(await resultOf('first')).toMatchObject({
    case: 'first',
    kind: 'order',
    order: { customerReference: 'A-1', lines: [{ product: 1, quantity: 30, uom: 'Units' }] },
    happened: { state: 'ordered', saleOrders: [{ name: 'S00001', state: 'sale', lines: ['30 Units BH-1'] }] },
  });
  expect(await resultOf('own')).toMatchObject({ kind: 'ignored', reason: 'own-address' });
  expect(await resultOf('gone')).toMatchObject({ case: 'gone', kind: 'failed' });
});

test('read only: without orders and answers', async () => {
  await folder();
  const { code, printed } = await run([directory, '--out', out, '--read-only', '--only', 'fir']);
  expect({ code, printed }).toMatchObject({ code: 0, printed: expect.stringMatching(/^1 mails read in /) });
  expect(await readdir(out)).toEqual(['first.json']);
  expect(await resultOf('first')).toMatchObject({ kind: 'order', order: { customerReference: 'A-1' } });
  expect(await resultOf('first')).not.toHaveProperty('happened');
});

test('stopped in between: what is done is kept', { timeout: 60_000 }, async () => {
  await folder({ cases: cases('first', 'own', 'r1') });
  const { code, printed, told } = await run([directory, '--out', out], { terminal: true, stopAt: '2/3 own' });
  expect(code).toBe(130);
  expect(printed).toBe('');
  expect(told).toContain('stopped after 1 of 3 mails');
  expect(await readdir(out)).toEqual(['first.json']);
});

test.each([
  ['no folder', async () => {}, [], /context\.json cannot be read: it is not there\./],
  ['no JSON', async () => writeFile(join(directory, 'context.json'), '{'), [], /context\.json cannot be read: .*JSON/],
  [
    'a clock that is none',
    () => folder({ cases: { first: { catalogue: 'brennhof', now: 'soon' } } }),
    [],
    /context\.json is no context[\s\S]*is no instant like[\s\S]*cases\.first\.now/,
  ],
  [
    'a catalogue of another form',
    () => folder({}, { ...CATALOGUE, products: [{ id: 'x' }] }),
    [],
    /catalogue\.json is no catalogue[\s\S]*products\[0\]\.id/,
  ],
  [
    'an id twice',
    () => folder({}, { ...CATALOGUE, partners: [...CATALOGUE.partners, CATALOGUE.partners[0]] }),
    [],
    /catalogue\.json is no catalogue: partners hold the id 1 twice/,
  ],
  ['no such case', () => folder(), ['--only', 'nothing'], /No case of .*context\.json begins with "nothing"\..*--only/],
  ['results among the mails', () => folder(), ['--out', '.'], /would overwrite the expectations.*--out another folder/],
])('%s: said with the place and what to do', async (_, make, more, said) => {
  await make();
  const args = more.includes('--out') ? [directory, '--out', directory] : [directory, '--out', out, ...more];
  const { code, told } = await run(args);
  expect(told).toMatch(said);
  expect(told).toMatch(/PB_(?:FILE|REQUEST_ARGUMENT)/);
  expect(code).toBeGreaterThan(0);
});
