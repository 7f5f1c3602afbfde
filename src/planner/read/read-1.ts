// odoo_read_1: what every plan needs. Master data, stock and open orders are read each time as a whole: they are small beside the
// sales orders, and depend on each other in more ways than Odoo would tell. Of sales order lines only those that changed are read
// again where that is exact (see changed-lines.ts); once a day everything is read, and what differs is reported and corrected.

import { demandDomain } from '../../connector/export/demand-pages.ts';
import { type PlanPart, planSections } from '../../connector/export.ts';
import type { MappingContext } from '../../mapping/context.ts';
import type { ReportEntry } from '../../mapping/report.ts';
import type { StepContext, StepResult } from '../runs/step.ts';
import { DEMANDS, placeOf } from '../store/parts.ts';
import { watchOrigins } from '../store/rows.ts';
import { completeRead, type OpenSource } from '../store/source.ts';
import { changedLines } from './changed-lines.ts';
import { demandNotes } from './demand-notes.ts';
import { type DemandRead, readDemands } from './demands.ts';
import { driftEntries, findDrift } from './drift.ts';
import { basisOf, pack, type ReadMemory, type Signatures, signaturesOf, unpack } from './memory.ts';
import { type Asked, type OpenRead, type ReadSurroundings, withOdoo } from './open.ts';
import type { Read1Parameters } from './parameters.ts';
import { type PartCounts, removeOtherParts, summed, writeSection } from './parts.ts';
import { readProgress } from './progress.ts';

const CHECK_AFTER_MS = 24 * 3_600_000;

export async function readOdoo1(
  surroundings: ReadSurroundings,
  step: StepContext<Read1Parameters>,
): Promise<StepResult> {
  const { parameters, signal } = step;
  const asked: Asked = { source: 1, ...parameters };
  const pass = (against: Against | null) =>
    withOdoo(surroundings, asked, signal, (read) => onePass(read, asked, step, surroundings.now, against));
  const { result, check } = await pass(null);
  // The model has the changes now; a whole read shows whether it is as Odoo is.
  return check === null ? result : (await pass(check)).result;
}

/** What a whole read holds the model against. */
interface Against {
  /** Of the read of the changes. */
  memory: ReadMemory;
  /** Lines that it read. */
  reread: ReadonlySet<number>;
}

interface Pass {
  result: StepResult;
  /** A whole read is to follow. */
  check: Against | null;
}

async function onePass(
  { plan, open }: OpenRead,
  asked: Asked,
  step: StepContext<Read1Parameters>,
  now: () => number,
  against: Against | null,
): Promise<Pass> {
  const { signal } = step;
  const { reading, since } = plan;
  const progress = readProgress(step, open.before.counts.rows ?? 0);
  if (against) progress.pass(1, 2);
  else if (step.parameters.how === 'check') progress.pass(0, 2);
  progress.masters();
  const context = await plan.context();
  const plain: MappingContext = { ...context };
  const origins = watchOrigins(context);
  const basis = basisOf(reading, context, withoutHow(asked));
  const signatures = signaturesOf(context);
  const how = against ? 'full' : chooseHow(step.parameters.how, open, basis, now(), step);
  if (!against) progress.pass(0, how === 'check' ? 2 : 1);

  const counts: PartCounts[] = [];
  const written = new Set<PlanPart>();
  let demands: DemandRead | null = null;
  let reread: ReadonlySet<number> | null = null;
  for await (const section of planSections(reading, context, since)) {
    written.add(section.part);
    if (section.part !== DEMANDS) {
      counts.push(await writeSection(open, section, origins, { signal, progress }));
      continue;
    }
    const changes = how === 'full' ? null : await whatChanged(plan, open, signatures, step);
    if (changes) reread = new Set(changes.lines.lines);
    demands = await readDemands(open, { reading, context: plain, since, signal, progress }, changes);
    counts.push({ part: DEMANDS, ...demands.counts });
  }
  counts.push(...(await removeOtherParts(open, written)));
  signal.throwIfAborted();

  const memory = demands === null ? null : remembered(demands, signatures);
  const drift = against && demands ? await findDrift(plan, demands, against, signatures) : [];
  const report: ReportEntry[] = [
    ...plan.report.entries(),
    ...(demands ? demandNotes(demands.memory.notes).entries() : []),
    ...driftEntries(drift),
  ];
  const totals = summed(counts);
  const kept = await completeRead(open, {
    header: plan.header,
    parts: [...written].filter((part) => part !== DEMANDS || since === null).map(placeOf),
    counts: totals,
    report,
    basis,
    memory: memory === null ? null : pack(memory),
    full: reread === null,
    at: new Date(now()),
  });
  const result: StepResult = {
    counts: {
      ...totals,
      kept,
      ...(demands ? { 'order lines read': demands.read } : {}),
      ...(against ? { drift: drift.length } : {}),
    },
    report,
  };
  if (drift.length > 0) {
    step.log('warn', `${drift.length} order lines were not as in Odoo (${drift.slice(0, 5).join(', ')}): corrected`);
  }
  return { result, check: how === 'check' && memory && reread ? { memory, reread } : null };
}

function withoutHow({ source, singleCompany, shelfLife, delta }: Asked): Asked {
  return { source, singleCompany, shelfLife, delta };
}

function remembered(demands: DemandRead, { products, partners, warehouses }: Signatures): ReadMemory {
  return {
    ...demands.memory,
    products: [...products],
    partners: [...partners],
    warehouses: [...warehouses],
  };
}

type How = 'full' | 'changes' | 'check';

function chooseHow(
  wanted: Read1Parameters['how'],
  { before }: OpenSource,
  basis: string,
  now: number,
  step: StepContext<Read1Parameters>,
): How {
  if (wanted === 'full' || before.version === 0) return 'full';
  // Without order lines in this read there is nothing to remember of them.
  if (before.memory === null) return 'full';
  if (before.basis !== basis) {
    step.log(
      'info',
      'all order lines are read: the mapping sheet, the companies or the settings of reads have changed',
    );
    return 'full';
  }
  if (wanted !== 'auto') return wanted;
  return now - (before.fullAt?.getTime() ?? 0) >= CHECK_AFTER_MS ? 'check' : 'changes';
}

async function whatChanged(
  { reading, since }: OpenRead['plan'],
  open: OpenSource,
  signatures: Signatures,
  step: StepContext<Read1Parameters>,
) {
  const memory = unpack(open.before.memory);
  if (memory === null || memory.stamp === '') return null;
  const lines = await changedLines(reading, demandDomain(since), memory, signatures);
  if (typeof lines !== 'string') return { lines, memory };
  step.log('info', `all order lines are read: ${lines}`);
  return null;
}
