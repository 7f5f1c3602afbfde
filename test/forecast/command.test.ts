// `planbridge forecast` as it is called, on files.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli.ts';
import { loadPlanModel } from '../../src/planner/plan-document.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forecast-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; errors: string }> {
  return await runUntil(new AbortController().signal, ...args);
}

async function runUntil(signal: AbortSignal, ...args: string[]): Promise<{ code: number; errors: string }> {
  let errors = '';
  const code = await runProgram(['forecast', ...args], {
    environment: {},
    stdout: process.stdout,
    print: () => {},
    printError: (text) => {
      errors += text;
    },
    terminal: false,
    setExitCode: () => {},
    signal,
  });
  return { code, errors };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const month = (m: number) => `2025-${String(m).padStart(2, '0')}-01`;

describe('planbridge forecast', () => {
  it('reads CSV with columns in any order, and writes forecast and demands', async () => {
    const lines = Array.from({ length: 12 }, (_, m) => `${month(m + 1)};12;"Bolt; M6";WH`);
    const history = await file('history.csv', `\ufeffDate;Quantity;Item;Location\n${lines.join('\n')}\n`);
    const overrides = await file('overrides.csv', 'item,bucket,quantity,comment\n"Bolt; M6",2026-02,20,fair\n');
    const [out, demands] = [join(folder, 'out.csv'), join(folder, 'demands.xml')];
    const ran = await run(
      ...['--history', history, '--horizon', '3', '--out', out],
      ...['--overrides', overrides, '--demands', demands],
    );
    expect(ran).toMatchObject({ code: 0, errors: expect.stringContaining('12 rows of history; 1 series') });
    expect((await readFile(out, 'utf8')).split('\r\n').slice(1, 4)).toEqual([
      expect.stringMatching(/^Bolt; M6,WH,,2026-01,2026-01-01,2026-02-01,0,12,,12,0,12,/),
      expect.stringMatching(/^Bolt; M6,WH,,2026-02,2026-02-01,2026-03-01,0,12,20,20,0,20,.*,fair$/),
      expect.stringMatching(/^Bolt; M6,WH,,2026-03,/),
    ]);
    const model = await loadPlanModel(demands);
    expect([...model.demands.values()].map((d) => [d.item, d.location, d.quantity, d.priority])).toEqual([
      ['Bolt; M6', 'WH', 12, 99],
      ['Bolt; M6', 'WH', 20, 99],
      ['Bolt; M6', 'WH', 12, 99],
    ]);
  });

  it('reads the demands of a plan document, without quotations, and nets what is due later', async () => {
    const demand = (name: string, due: string, quantity: number, status: string) =>
      `<demand name="${name}" quantity="${quantity}" due="${due}T00:00:00" status="${status}"><item name="Bolt"/><location name="WH"/></demand>`;
    const closed = Array.from({ length: 12 }, (_, m) => demand(`S${m}`, month(m + 1), 10, 'closed'));
    const plan = await file(
      'plan.xml',
      `<plan><current>2026-01-05T00:00:00</current><demands>${closed.join('')}
       ${demand('open', '2026-01-20', 4, 'open')}${demand('quote', '2026-01-20', 3, 'quote')}</demands></plan>`,
    );
    const out = join(folder, 'plan.csv');
    expect(await run('--history', plan, '--horizon', '1', '--out', out)).toMatchObject({ code: 0 });
    expect((await readFile(out, 'utf8')).split('\r\n')[1]).toMatch(
      /^Bolt,WH,,2026-01,2026-01-01,2026-02-01,4,10,,10,4,6,/,
    );
  });

  it.each([
    ['item,date,quantity\nBolt,31.01.2026,5\n', 'line 2: date "31.01.2026" is expected as 2026-01-31'],
    ['item,date,quantity\nBolt,2026-01-31,"1,000"\n', 'line 2: quantity "1,000" is no number'],
    ['item,date\nBolt,2026-01-31\n', 'line 1: there is no column "quantity"'],
    ['item,date,quantity\nBolt,2026-01-31,1\nBolt\n', 'line 3: date is missing'],
  ])('says where a file is wrong (%#)', async (text, message) => {
    const { code, errors } = await run('--history', await file('wrong.csv', text));
    expect(code).toBe(2);
    expect(errors).toContain(message);
    expect(errors).toContain('PB_REQUEST_ARGUMENT');
  });

  it('that is cancelled says so in one line, and leaves no file', async () => {
    const history = await file('cancelled.csv', 'item,date,quantity\nBolt,2026-01-31,1\n');
    const out = join(folder, 'cancelled.out.csv');
    const { code, errors } = await runUntil(AbortSignal.abort(), '--history', history, '--out', out);
    expect(code).toBe(1);
    expect(errors).toBe('planbridge: The forecast was cancelled; nothing was written. (PB_REQUEST_ABORTED)\n');
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  it('names a file that is not there and arguments that are wrong', async () => {
    expect(await run('--history', join(folder, 'none.csv'))).toMatchObject({
      code: 2,
      errors: expect.stringContaining('none.csv: there is no such file'),
    });
    const history = await file('one.csv', 'item,date,quantity\nBolt,2026-01-31,1\n');
    expect(await run('--history', history, '--horizon', '0')).toMatchObject({ code: 2 });
    expect(await run('--history', history, '--bucket', 'day')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('--bucket is month or week'),
    });
  });
});
