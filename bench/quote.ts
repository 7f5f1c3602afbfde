// Quotes on large planned models: milliseconds for one line, and for one of ten lines. `npm run bench:quote`; `-- --model FILE.xml`
// takes another document, `-- --items N` makes one with N products (needs tools/make-model.mjs of the shared folder).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_ARGUMENTS, planModel } from '../src/planner/engine/run.ts';
import { openDesk } from '../src/planner/live/desk.ts';
import type { QuoteLine } from '../src/planner/live/protocol.ts';
import { loadPlanModel } from '../src/planner/plan-document.ts';

const SHARED = join(import.meta.dirname, '../../shared');
const BIG = join(SHARED, 'golden/odoo17/big17/m1.xml.gz');
const MAKE = join(SHARED, 'tools/make-model.mjs');

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    items: { type: 'string', default: '7400' },
    quotes: { type: 'string', default: '1000' },
  },
});

/** The same numbers on every machine. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function figures(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number).toFixed(1);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
}

async function measure(name: string, file: string): Promise<void> {
  const started = performance.now();
  const model = await loadPlanModel(file);
  const read = performance.now();
  const net = planModel(model, DEFAULT_ARGUMENTS);
  const planned = performance.now();
  const seconds = (from: number, to: number) => ((to - from) / 1_000).toFixed(1);
  console.log(
    `${name}: ${net.items.size} items, ${net.demands.size} demands; read ${seconds(started, read)} s, planned ${seconds(read, planned)} s`,
  );
  const desk = openDesk(net, DEFAULT_ARGUMENTS);
  const next = random(1);
  const sold = [...new Set([...model.demands.values()].map(({ item }) => item))];
  const all = [...net.items.values()].filter((item) => item.buffers.length > 0).map((item) => item.name);
  const places = [...new Set([...model.demands.values()].flatMap(({ location }) => location ?? []))];
  const lineOf = (names: string[]): QuoteLine => ({
    item: names[Math.floor(next() * names.length)] as string,
    location: places.length > 0 ? (places[Math.floor(next() * places.length)] as string) : null,
    quantity: 1 + Math.floor(next() * 40),
    date: net.current + Math.floor(next() * 60) * 86_400,
    minimumShipment: next() < 0.3 ? 1 : null,
    maximumLateness: null,
  });
  for (const [what, names, lines] of [
    ['sold products', sold, 1],
    ['any products', all, 1],
    ['ten lines, sold products', sold, 10],
  ] as const) {
    const times: number[] = [];
    let promised = 0;
    let asked = 0;
    for (let i = 0; i < Number(values.quotes) / lines; i++) {
      const wishes = Array.from({ length: lines }, () => lineOf([...names]));
      const from = performance.now();
      const answers = desk.quote({ lines: wishes, together: false }, []);
      times.push(performance.now() - from);
      asked += answers.length;
      promised += answers.filter((answer) => answer.promised !== null).length;
    }
    console.log(`  ${what}: ${figures(times)}; ${promised} of ${asked} lines promised`);
  }
  console.log(`  memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB resident`);
}

if (values.model !== undefined) await measure(values.model, values.model);
else {
  if (existsSync(BIG)) await measure('big17 (nearly everything from stock)', BIG);
  else console.log(`skipped: no ${BIG}`);
  if (existsSync(MAKE)) {
    const folder = await mkdtemp(join(tmpdir(), 'planbridge-bench-'));
    const file = join(folder, 'model.xml');
    execFileSync(process.execPath, [MAKE, '--demands', '10000', '--items', values.items, '--out', file]);
    await measure('made-up workshop (three levels of bills of material, loaded resources)', file);
    await rm(folder, { recursive: true });
  }
}
