// Order of steps that wait for each other, and which of these bonds a planning engine can be told (connector.md C18).
import type { OdooRow } from './records.ts';

/** The rows in the order given, each after those that block it; what blocks itself in a ring keeps its place. */
export function afterBlockers(rows: readonly OdooRow[], blockersOf: (row: OdooRow) => readonly number[]): OdooRow[] {
  const waiting = [...rows];
  const ids = new Set(waiting.map((row) => row.id));
  const done = new Set<number>();
  const sorted: OdooRow[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex((row) => blockersOf(row).every((id) => done.has(id) || !ids.has(id)));
    const [next] = waiting.splice(Math.max(0, free), 1);
    if (!next) break;
    done.add(next.id);
    sorted.push(next);
  }
  return sorted;
}

/**
 * Whether the bonds can be sent as dependencies. frePPLe plans a blocking step anew for each step that it blocks, so one that
 * blocks several would be done several times; the order of the steps says the same in that case.
 */
export function sendable(rows: readonly OdooRow[], blockersOf: (row: OdooRow) => readonly number[]): boolean {
  const blockers = rows.flatMap((row) => blockersOf(row).filter((id) => rows.some((other) => other.id === id)));
  return blockers.length > 0 && new Set(blockers).size === blockers.length;
}
