// The plans of the golden models: as many deliveries as the reference, in time or less late. Skipped when they are not there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseDate } from '../../src/connector/document/reader-values.ts';
import { type PlanArguments, planModel } from '../../src/planner/engine/run.ts';
import { planLines } from '../../src/planner/engine/text.ts';
import { loadPlanModel } from '../../src/planner/plan-document.ts';

const GOLDEN = join(import.meta.dirname, '../../../shared/golden/models');
const there = existsSync(GOLDEN);
if (!there) console.warn(`${GOLDEN} is not there: the golden plans are not compared.`);

interface Outcome {
  planned: number;
  last: number;
}

function deliveries(lines: Iterable<string>): Map<string, Outcome> {
  const found = new Map<string, Outcome>();
  for (const line of lines) {
    const [kind, name, date, quantity] = line.split('\t');
    if (kind !== 'DEMAND' || name === undefined || date === undefined || quantity === undefined) continue;
    const known = found.get(name) ?? { planned: 0, last: 0 };
    known.planned += Number(quantity);
    known.last = Math.max(known.last, parseDate(date) ?? 0);
    found.set(name, known);
  }
  return found;
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString();
}

describe.skipIf(!there)('plans of the golden models', () => {
  const cases = there ? readdirSync(GOLDEN).filter((n) => existsSync(join(GOLDEN, n, 'case.json'))) : [];
  it.each(cases)('%s', async (name) => {
    const folder = join(GOLDEN, name);
    const file = ['model.xml', 'model.xml.gz'].map((f) => join(folder, f)).find((f) => existsSync(f)) as string;
    const { current, arguments: args } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
    for (const kind of ['constrained', 'unconstrained']) {
      const own: PlanArguments | undefined = args[kind];
      if (own === undefined) continue;
      const model = await loadPlanModel(file);
      const due = new Map([...model.demands.values()].map((d) => [d.name, d.due]));
      const lines = [...planLines(planModel(model, { ...own, current: parseDate(current) }))];
      const ours = deliveries(lines);
      const theirs = deliveries(read(join(folder, `${kind}.txt`)).split('\n'));
      let good = 0;
      for (const [demand, reference] of theirs) {
        const plan = ours.get(demand);
        const limit = Math.max(reference.last + 1, due.get(demand) ?? 0);
        if (plan !== undefined && plan.planned >= reference.planned - 1e-3 && plan.last <= limit) good++;
      }
      expect(good, `${name} ${kind}: ${good} of ${theirs.size}`).toBeGreaterThanOrEqual(Math.floor(theirs.size * 0.95));
    }
  });
});
