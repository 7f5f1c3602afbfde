// Speed, memory and quality of the built-in engine on the inputs that the reference was measured on, in units of a
// calibration loop. Each input is planned in a process of its own. `npm run bench:plan [-- --only 1k,5k]`.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tuneForPlanning, tuneForSize } from '../src/memory.ts';
import type { Network } from '../src/planner/engine/network.ts';
import { planNetwork } from '../src/planner/engine/plan.ts';
import { DEFAULT_ARGUMENTS, linkModel } from '../src/planner/engine/run.ts';
import { summarize } from '../src/planner/engine/summary.ts';
import { loadPlanModel } from '../src/planner/plan-document.ts';

const SHARED = join(import.meta.dirname, '../../shared');
const GENERATOR = join(SHARED, 'tools/make-model.mjs');
const GOLDEN = join(SHARED, 'golden/models');

interface Reference {
  case: string;
  generator: string | null;
  solve_in_units_of_the_calibration_loop: number;
  seconds: { wall: number };
  rss_mb: number;
  demands: { late: number; short_quantity: number; lateness_days_x_quantity: number };
}

if (process.argv[2] === '--one') await one(process.argv[3] as string);
else all();

/** Plans one file and prints what it took. */
async function one(file: string): Promise<void> {
  // as a planning run does it
  tuneForPlanning();
  const { net, read, linking } = await readAndLink(file);
  const began = performance.now();
  planNetwork(net, DEFAULT_ARGUMENTS);
  const summary = summarize(net, (performance.now() - began + linking) / 1000);
  const peak = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ read, peak, ...summary })}\n`);
}

/** A function of its own, so that the document is let go before planning. */
async function readAndLink(file: string): Promise<{ net: Network; read: number; linking: number }> {
  const started = performance.now();
  const model = await loadPlanModel(file);
  tuneForSize(model.demands.size);
  const began = performance.now();
  const net = linkModel(model, DEFAULT_ARGUMENTS);
  return { net, read: (began - started) / 1000, linking: performance.now() - began };
}

function all(): void {
  if (!existsSync(GENERATOR)) {
    process.stderr.write(`${GENERATOR} is not there: nothing to measure.\n`);
    process.exitCode = 1;
    return;
  }
  const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
  const { cases, calibration: loop }: { cases: Reference[]; calibration: { seconds: number } } = JSON.parse(
    readFileSync(join(GOLDEN, '_speed.json'), 'utf8'),
  );
  const folder = mkdtempSync(join(tmpdir(), 'bench-plan-'));
  console.log(
    '| case | solve s | in units | of the reference | read s | peak MB | of the reference | late | lateness | of the reference | short |',
  );
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
  for (const reference of cases) {
    if (process.argv.includes('--only') && !only?.some((o) => reference.case.includes(o))) continue;
    const file = inputOf(reference, folder);
    if (file === null) {
      console.log(`| ${reference.case} | its input is not there |`);
      continue;
    }
    const unit = calibrate();
    // with modules compiled before, as src/launch.mjs does it
    const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };
    const own = ['--max-semi-space-size=8', import.meta.filename, '--one', file];
    const run = spawnSync(process.execPath, own, { encoding: 'utf8', env });
    const r = JSON.parse(run.stdout);
    const units = r.seconds / unit;
    const wall = (r.seconds + r.read) / unit / (reference.seconds.wall / loop.seconds);
    const row = [
      reference.case,
      r.seconds.toFixed(2),
      units.toFixed(2),
      `${(units / reference.solve_in_units_of_the_calibration_loop).toFixed(2)} (with reading ${wall.toFixed(2)})`,
      r.read.toFixed(2),
      r.peak.toFixed(0),
      (r.peak / reference.rss_mb).toFixed(2),
      `${r.late} (${reference.demands.late})`,
      r.latenessDays.toFixed(0),
      (r.latenessDays / reference.demands.lateness_days_x_quantity).toFixed(3),
      `${r.shortQuantity} (${reference.demands.short_quantity})`,
    ];
    console.log(`| ${row.join(' | ')} |`);
  }
}

function calibrate(): number {
  const text = execFileSync(process.execPath, [GENERATOR, '--calibrate'], { encoding: 'utf8' });
  return JSON.parse(text).seconds;
}

function inputOf(reference: Reference, folder: string): string | null {
  if (reference.generator !== null) {
    const out = join(folder, `${reference.case}.xml`);
    execFileSync(process.execPath, [GENERATOR, ...reference.generator.split(' ').slice(2), '--out', out]);
    return out;
  }
  const files = [join(GOLDEN, `_${reference.case}.xml.gz`), join(SHARED, 'golden/odoo17/big17/m1.xml.gz')];
  const file = reference.case.endsWith('big17') ? files[1] : files[0];
  return file !== undefined && existsSync(file) ? file : null;
}
