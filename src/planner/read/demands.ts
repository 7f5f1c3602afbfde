// Sales order lines into the stored model: all of them, or those that changed since the last read. Either way a line's demands are
// made the same, so that both give the same model.
import { ahead } from '../../connector/export/ahead.ts';
import { type DemandBundle, demandBundles, demandDomain } from '../../connector/export/demand-pages.ts';
import type { Reading } from '../../connector/export/reads.ts';
import type { Domain } from '../../connector/odoo/reader.ts';
import type { MappingContext } from '../../mapping/context.ts';
import { mapDemands } from '../../mapping/demands.ts';
import type { Credited } from '../../mapping/moves.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';
import { formatStamp, parseStamp } from '../../mapping/time.ts';
import { DEMANDS, placeOf } from '../store/parts.ts';
import { batches, type ReplaceCounts, replacePart } from '../store/replace.ts';
import { entityRow } from '../store/rows.ts';
import type { OpenSource } from '../store/source.ts';
import { ENTITY_TABLE, type NewRow } from '../store/tables.ts';
import type { ChangedLines } from './changed-lines.ts';
import { demandNotes } from './demand-notes.ts';
import type { ReadMemory } from './memory.ts';
import type { ReadProgress } from './progress.ts';

export interface DemandRead {
  counts: ReplaceCounts;
  /** Lines that were read. */
  read: number;
  /** Those whose rows are not what they were. */
  touched: Set<number>;
  memory: Pick<ReadMemory, 'stamp' | 'known' | 'unsettled' | 'notes'>;
}

export interface DemandSurroundings {
  reading: Reading;
  context: MappingContext;
  since: string | null;
  signal: AbortSignal;
  progress: ReadProgress;
}

/** By how much our clock may be before Odoo's; what Odoo wrote longer ago was seen. */
const CLOCKS_DIFFER_SECONDS = 24 * 3_600;

/** Lines asked for at a time. */
const CHUNK = 2_000;

/** @param changes null = all lines */
export async function readDemands(
  open: OpenSource,
  { reading, context, since, signal, progress }: DemandSurroundings,
  changes: { lines: ChangedLines; memory: ReadMemory } | null,
): Promise<DemandRead> {
  const started = performance.now();
  const domain = demandDomain(since);
  const touched = new Set<number>();
  const writer = replacePart(open, ENTITY_TABLE, placeOf(DEMANDS), (record) => touched.add(record));
  const batch = batches(writer);
  const notes = demandNotes(changes?.memory.notes);
  const unsettled: number[] = [];
  const known: number[] = [];
  const credited: Credited = new Map();
  let stamp = changes?.memory.stamp ?? '';

  async function take(bundle: DemandBundle): Promise<void> {
    signal.throwIfAborted();
    if (bundle.changed > stamp) stamp = bundle.changed;
    for (const line of bundle.lines) {
      known.push(line.id);
      if (!isSettled(context, bundle, line)) unsettled.push(line.id);
      notes.forget(line.id);
      const own = { ...context, report: notes.about(line.id) };
      const rows: NewRow[] = [];
      for (const value of mapDemands(own, { ...bundle, lines: [line], credited })) {
        rows.push(entityRow(line.id, rows.length, { entity: 'demand', value }, link(line, 'order_id') ?? null));
      }
      await batch.add(line.id, rows);
    }
    progress.rows(bundle.lines.length, 'sales orders');
    await new Promise(setImmediate);
  }

  if (changes === null) {
    for await (const bundle of ahead(demandBundles(reading, domain, 'with stamps'))) await take(bundle);
  } else {
    const { lines, gone } = changes.lines;
    for await (const bundle of ahead(bundlesOf(reading, domain, lines))) await take(bundle);
    // Those that went while they were being read are gone too.
    const found = new Set(known);
    for (const line of [...gone, ...lines.filter((id) => !found.has(id))]) {
      notes.forget(line);
      await batch.add(line, []);
    }
  }
  await batch.flush();
  const counts = await writer.end(changes === null ? 'remove others' : 'keep others');
  // What was written while this was read may be older than the latest change that was seen.
  const seconds = Math.ceil((performance.now() - started) / 1_000);
  const surely = Math.max((parseStamp(stamp) ?? 0) - seconds, context.now - CLOCKS_DIFFER_SECONDS);
  return {
    counts,
    read: known.length,
    touched,
    memory: {
      stamp: formatStamp(surely).replace('T', ' '),
      known: changes === null ? known : changes.lines.all,
      unsettled,
      notes: notes.kept(),
    },
  };
}

async function* bundlesOf(reading: Reading, domain: Domain, lines: readonly number[]): AsyncGenerator<DemandBundle> {
  for (let from = 0; from < lines.length; from += CHUNK) {
    yield* demandBundles(reading, [...domain, ['id', 'in', lines.slice(from, from + CHUNK)]], 'with stamps');
  }
}

/** Whether nothing but a write to the line, its order or its deliveries can change what becomes of it. */
function isSettled(context: MappingContext, bundle: DemandBundle, line: OdooRow): boolean {
  if ((bundle.openMoves.get(line.id) ?? []).length > 0) return false;
  const order = bundle.orders.get(link(line, 'order_id') ?? 0);
  if (order === undefined) return false;
  if (context.rules.statuses.get('sale.order')?.get(text(order, 'state')) !== 'open') return true;
  return number(line, 'qty_delivered') >= number(line, 'product_uom_qty');
}
