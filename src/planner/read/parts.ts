// Writes the lists of an export into the stored model, one part after the other, and removes what the export has no more.
import type { PlanPart, PlanSection } from '../../connector/export.ts';
import { PARTS, placeOf } from '../store/parts.ts';
import { batches, type ReplaceCounts, replacePart } from '../store/replace.ts';
import { type Origins, recordsOf } from '../store/rows.ts';
import type { OpenSource } from '../store/source.ts';
import { ENTITY_TABLE } from '../store/tables.ts';
import type { ReadProgress } from './progress.ts';

export interface PartCounts extends ReplaceCounts {
  part: PlanPart;
}

export async function writeSection(
  open: OpenSource,
  section: PlanSection,
  origins: Origins,
  { signal, progress }: { signal: AbortSignal; progress: ReadProgress },
): Promise<PartCounts> {
  const writer = replacePart(open, ENTITY_TABLE, placeOf(section.part));
  const batch = batches(writer);
  let rows = 0;
  for await (const { record, rows: of } of recordsOf(section.part, section.entities, origins)) {
    await batch.add(record, of);
    rows += of.length;
    if (rows < 500) continue;
    signal.throwIfAborted();
    progress.rows(rows, section.title);
    rows = 0;
  }
  await batch.flush();
  progress.rows(rows, section.title);
  return { part: section.part, ...(await writer.end('remove others')) };
}

/** Ends all rows of the parts that the export did not have. */
export async function removeOtherParts(open: OpenSource, written: ReadonlySet<PlanPart>): Promise<PartCounts[]> {
  const counts: PartCounts[] = [];
  for (const part of PARTS) {
    if (written.has(part)) continue;
    const writer = replacePart(open, ENTITY_TABLE, placeOf(part));
    counts.push({ part, ...(await writer.end('remove others')) });
  }
  return counts;
}

/** Totals for the run, and rows by part. */
export function summed(counts: readonly PartCounts[]): Record<string, number> & { rows: number } {
  const total = { rows: 0, added: 0, changed: 0, removed: 0, unchanged: 0 };
  const parts: Record<string, number> = {};
  for (const { part, added, changed, removed, unchanged } of counts) {
    const rows = added + changed + unchanged;
    if (rows > 0) parts[part] = (parts[part] ?? 0) + rows;
    total.rows += rows;
    total.added += added;
    total.changed += changed;
    total.removed += removed;
    total.unchanged += unchanged;
  }
  return { ...total, ...parts };
}
