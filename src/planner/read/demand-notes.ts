// The skip report of sales order lines, line by line, so that a read of some lines can put it together with that of the others.
import type { Report, ReportEntry } from '../../mapping/report.ts';

export interface DemandNotes {
  /** For one line: what is reported next belongs to it. */
  about(line: number): Report;
  /** Forgets what was said of a line. */
  forget(line: number): void;
  entries(): ReportEntry[];
  /** To be kept until the next read. */
  kept(): KeptNotes;
}

export type KeptNotes = { kind: ReportEntry['kind']; entity: string; reason: string; lines: [number, string[]][] }[];

const RECORDS_SHOWN = 100;

export function demandNotes(kept: KeptNotes = []): DemandNotes {
  const notes = new Map<
    string,
    { kind: ReportEntry['kind']; entity: string; reason: string; lines: Map<number, string[]> }
  >();
  for (const { lines, ...note } of kept) notes.set(id(note), { ...note, lines: new Map(lines) });

  function id({ kind, entity, reason }: { kind: string; entity: string; reason: string }): string {
    return `${kind}\n${entity}\n${reason}`;
  }

  function add(line: number, kind: ReportEntry['kind'], entity: string, record: string, reason: string): void {
    const key = id({ kind, entity, reason });
    const note = notes.get(key) ?? { kind, entity, reason, lines: new Map<number, string[]>() };
    notes.set(key, note);
    const records = note.lines.get(line);
    if (records) records.push(record);
    else note.lines.set(line, [record]);
  }

  function entries(): ReportEntry[] {
    const all: ReportEntry[] = [];
    for (const { kind, entity, reason, lines } of notes.values()) {
      const records = [...lines].sort(([a], [b]) => a - b).flatMap(([, names]) => names);
      if (records.length > 0) {
        all.push({ kind, entity, reason, count: records.length, records: records.slice(0, RECORDS_SHOWN) });
      }
    }
    return all.sort((a, b) => (id(a) < id(b) ? -1 : 1));
  }

  return {
    about: (line) => ({
      skip: (entity, record, reason) => add(line, 'skipped', entity, record, reason),
      notice: (entity, record, reason) => add(line, 'noticed', entity, record, reason),
      entries,
    }),
    forget(line) {
      for (const { lines } of notes.values()) lines.delete(line);
    },
    entries,
    kept: () => [...notes.values()].map(({ lines, ...note }) => ({ ...note, lines: [...lines] })),
  };
}
