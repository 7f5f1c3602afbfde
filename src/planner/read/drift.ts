// Where the stored model was not as Odoo is, although no read of changes had to look there: found by a whole read after it.
import { demandDomain } from '../../connector/export/demand-pages.ts';
import type { PlanReading } from '../../connector/export.ts';
import type { ReportEntry } from '../../mapping/report.ts';
import { changedLines } from './changed-lines.ts';
import type { DemandRead } from './demands.ts';
import type { ReadMemory, Signatures } from './memory.ts';

/**
 * Lines that the whole read found otherwise, without those that the read of changes had just looked at (they have changed since)
 * and without those that show a sign of a change now.
 */
export async function findDrift(
  { reading, since }: PlanReading,
  whole: DemandRead,
  before: { memory: ReadMemory; reread: ReadonlySet<number> },
  signatures: Signatures,
): Promise<number[]> {
  const suspects = [...whole.touched].filter((line) => !before.reread.has(line));
  if (suspects.length === 0) return [];
  const changed = await changedLines(reading, demandDomain(since), before.memory, signatures);
  if (typeof changed === 'string') return [];
  const explained = new Set([...changed.lines, ...changed.gone]);
  return suspects.filter((line) => !explained.has(line)).sort((a, b) => a - b);
}

const SHOWN = 100;

export function driftEntries(lines: readonly number[]): ReportEntry[] {
  if (lines.length === 0) return [];
  const reason = 'was not as in Odoo, although nothing had said that it changed; corrected';
  const records = lines.slice(0, SHOWN).map((id) => `order line ${id}`);
  return [{ kind: 'noticed', entity: 'demand', reason, count: lines.length, records }];
}
