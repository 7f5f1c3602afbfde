// The planning thread and the command: a plan comes out, cancelling works, errors say what to do.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseConstraints, registerPlanCommands } from '../../src/planner/commands.ts';
import { DEFAULT_ARGUMENTS } from '../../src/planner/engine/run.ts';
import { planInThread } from '../../src/planner/engine/worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
const file = join(folder, 'model.xml');
writeFileSync(
  file,
  `<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><current>2026-01-05T00:00:00</current>
   <items><item name="A"><itemsuppliers><itemsupplier leadtime="P3D"><supplier name="S"/></itemsupplier></itemsuppliers></item></items>
   <demands><demand name="D" quantity="2" due="2026-01-06T00:00:00"><item name="A"/><location name="L"/></demand></demands></plan>`,
);

describe('planning thread', () => {
  it('plans, tells its progress and sums up', async () => {
    const steps: string[] = [];
    const job = { model: file, out: join(folder, 'plan.txt'), args: DEFAULT_ARGUMENTS };
    const summary = await planInThread(job, { progress: (_part, step) => steps.push(step) });
    expect(summary).toMatchObject({ demands: 1, late: 1, short: 0, latenessDays: 4 });
    expect(steps.length).toBeGreaterThan(0);
    expect(readFileSync(job.out, 'utf8')).toContain("Purchasing lead time on 'Purchase A @ L from S'");
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const run = planInThread(
      { model: file, out: join(folder, 'x.txt'), args: DEFAULT_ARGUMENTS },
      { signal: abort.signal },
    );
    abort.abort();
    await expect(run).rejects.toMatchObject({ code: 'PB_REQUEST_ABORTED' });
  });

  it('says which file is not there', async () => {
    const job = { model: join(folder, 'none.xml'), out: join(folder, 'x.txt'), args: DEFAULT_ARGUMENTS };
    await expect(planInThread(job)).rejects.toThrow(/no such file/);
  });
});

describe('planbridge plan', () => {
  const run = (...args: string[]): Promise<Command> => {
    const program = new Command().exitOverride();
    registerPlanCommands(program);
    return program.parseAsync(['plan', ...args], { from: 'user' });
  };

  it('plans a document', async () => {
    const out = join(folder, 'command.txt');
    await run('--model', file, '--constraints', 'none', '--plantype', '2', '--out', out);
    expect(readFileSync(out, 'utf8')).toContain('DEMAND\tD\t2026-01-06T00:00:00\t2');
  });

  it.each([
    ['none', 0],
    ['capa,mfg_lt,po_lt', 52],
    ['po_lt', 32],
    ['15', 52],
    ['52', 52],
  ])('constraints %s are %d', (text, sum) => expect(parseConstraints(text)).toBe(sum));

  it('refuses what it does not know', async () => {
    await expect(run('--model', file, '--constraints', 'all', '--out', 'x')).rejects.toMatchObject({
      code: 'PB_REQUEST_ARGUMENT',
    });
    await expect(run('--out', 'x')).rejects.toMatchObject({ code: 'PB_REQUEST_ARGUMENT' });
  });
});
