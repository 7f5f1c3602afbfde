// `planbridge plan`: plans one document, or a folder of cases, with the built-in engine.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { parseDate } from '../connector/document/reader-values.ts';
import { PlanbridgeError } from '../errors.ts';
import { DEFAULT_ARGUMENTS, type PlanArguments } from './engine/run.ts';
import type { PlanSummary } from './engine/summary.ts';
import { runPlanJob } from './engine/worker.ts';
import type { OutputFile } from './output/files.ts';

/** How the engine plans, as flags say it. */
export interface EngineOptions {
  current?: string;
  constraints?: string;
  plantype?: string;
  autofence?: string;
  lazydelay?: string;
  minimumdelay?: string;
}

interface PlanOptions extends EngineOptions {
  model?: string;
  set?: string;
  kind: string;
  out: string;
  only?: string;
  json?: string;
  document?: string;
}

/** Adds the flags of `EngineOptions`. */
export function planFlags(command: Command): Command {
  return command
    .option('--current <date>', 'current date, instead of the one in the document')
    .option('--constraints <list>', 'capa, mfg_lt, po_lt separated by commas; none; or their sum (4, 16, 32)')
    .option('--plantype <n>', '1 constrained, 2 unconstrained')
    .option('--autofence <seconds>', 'time in which confirmed supply is waited for')
    .option('--lazydelay <seconds>', 'next attempt for a demand when there is no better answer')
    .option('--minimumdelay <seconds>', 'smallest step between attempts for a demand');
}

export function registerPlanCommands(program: Command): void {
  const command = program
    .command('plan')
    .description('plan a document, or a folder of cases, with the built-in engine')
    .option('--model <file>', 'plan document, .xml or .xml.gz')
    .option('--set <folder>', 'folder of cases: <case>/model.xml[.gz] and case.json')
    .option('--kind <kind>', 'of a set: constrained, unconstrained or both', 'constrained')
    .option('--only <names>', 'of a set: only these cases, separated by commas')
    .requiredOption('--out <path>', 'file for the plan; for a set, folder for the plans')
    .option('--json <file>', 'also the plan as lines of JSON: demands, orders, pegging, stock, loads, problems')
    .option('--document <file>', 'also the plan document that carries new and changed orders to Odoo');
  planFlags(command).action(async (options: PlanOptions) => {
    if ((options.model === undefined) === (options.set === undefined)) {
      throw argument('Give either --model FILE or --set FOLDER.');
    }
    if (options.model !== undefined) {
      const outputs: OutputFile[] = [];
      if (options.json !== undefined) outputs.push({ kind: 'json', path: options.json });
      if (options.document !== undefined) outputs.push({ kind: 'document', path: options.document });
      const job = { model: options.model, out: options.out, args: argumentsOf(options), outputs };
      report(options.model, await runPlanJob(job));
    } else await planSet(options.set as string, options);
  });
}

function argument(message: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, { remedy: 'See planbridge plan --help.' });
}

function seconds(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const n = Number(value);
  if (!(n >= 0)) throw argument(`--${name} must be a number of seconds, not "${value}".`);
  return n;
}

const CONSTRAINTS: Record<string, number> = { none: 0, capa: 4, mfg_lt: 16, po_lt: 32, lt: 48 };

/** The sum of constraints that a list of names, or a number, means. */
export function parseConstraints(text: string): number {
  if (/^\d+$/.test(text)) {
    const n = Number(text);
    // 1 stands for both lead times, as the reference reads it
    return ((n & 1) !== 0 ? 48 : 0) | (n & 52);
  }
  let sum = 0;
  for (const name of text.split(',')) {
    const bit = CONSTRAINTS[name.trim()];
    if (bit === undefined) throw argument(`--constraints does not know "${name}".`);
    sum |= bit;
  }
  return sum;
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT */
export function argumentsOf(options: EngineOptions): PlanArguments {
  const current = options.current === undefined ? undefined : parseDate(options.current);
  if (options.current !== undefined && current === undefined)
    throw argument(`--current is no date: "${options.current}".`);
  const plantype = options.plantype === undefined ? DEFAULT_ARGUMENTS.plantype : Number(options.plantype);
  if (![1, 2, 3].includes(plantype)) throw argument('--plantype is 1 or 2.');
  return {
    constraints:
      options.constraints === undefined ? DEFAULT_ARGUMENTS.constraints : parseConstraints(options.constraints),
    plantype,
    lazydelay: seconds('lazydelay', options.lazydelay) ?? DEFAULT_ARGUMENTS.lazydelay,
    minimumdelay: seconds('minimumdelay', options.minimumdelay) ?? DEFAULT_ARGUMENTS.minimumdelay,
    autofence: seconds('autofence', options.autofence),
    current,
  };
}

/** A case's own arguments, as its case.json states them. */
interface Case {
  current?: string;
  arguments?: Record<string, PlanArguments | undefined>;
  propagate_status?: boolean;
}

async function planSet(folder: string, options: PlanOptions): Promise<void> {
  const kinds = options.kind === 'both' ? ['constrained', 'unconstrained'] : [options.kind];
  if (!kinds.every((k) => k === 'constrained' || k === 'unconstrained')) {
    throw argument('--kind is constrained, unconstrained or both.');
  }
  if (!existsSync(folder)) throw new PlanbridgeError('PB_FILE', 400, `${folder}: there is no such folder.`);
  const only = options.only?.split(',');
  for (const name of (await readdir(folder)).sort()) {
    const model = ['model.xml', 'model.xml.gz'].map((f) => join(folder, name, f)).find((f) => existsSync(f));
    const description = join(folder, name, 'case.json');
    if (model === undefined || !existsSync(description) || (only !== undefined && !only.includes(name))) continue;
    const own: Case = JSON.parse(await readFile(description, 'utf8'));
    for (const kind of kinds) {
      const args = own.arguments?.[kind];
      if (args === undefined) continue;
      const out = join(options.out, name);
      await mkdir(out, { recursive: true });
      const job = {
        model,
        out: join(out, `${kind}.txt`),
        args: {
          ...DEFAULT_ARGUMENTS,
          ...args,
          constraints: parseConstraints(String(args.constraints)),
          current: own.current === undefined ? undefined : parseDate(own.current),
          propagateStatus: own.propagate_status ?? false,
        },
      };
      // one after the other in this thread: small cases take less time than starting a thread
      report(`${name} ${kind}`, await runPlanJob(job));
    }
  }
}

function report(name: string, s: PlanSummary): void {
  const parts = [
    `${s.demands} demands`,
    `${s.late} late`,
    `${s.short} short`,
    `${s.latenessDays.toFixed(1)} days x units late`,
    `${s.orders} orders`,
    `${s.seconds.toFixed(2)} s`,
  ];
  process.stdout.write(`${name}: ${parts.join(', ')}\n`);
}
