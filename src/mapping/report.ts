// What an export left out or noticed, by entity and reason, so that nothing disappears in silence (connector.md A1).

/** `skipped`: the record is not in the plan document. `noticed`: it is, but a planner should look at it. */
export interface ReportEntry {
  kind: 'skipped' | 'noticed';
  entity: string;
  reason: string;
  count: number;
  /** Records by name or id; the first ones when there are many. */
  records: string[];
}

export interface Report {
  skip(entity: string, record: string, reason: string): void;
  notice(entity: string, record: string, reason: string): void;
  entries(): ReportEntry[];
}

const RECORDS_KEPT = 100;

export function createReport(): Report {
  const entries = new Map<string, ReportEntry>();

  function add(kind: ReportEntry['kind'], entity: string, record: string, reason: string): void {
    const key = `${kind}\n${entity}\n${reason}`;
    let entry = entries.get(key);
    if (!entry) {
      entry = { kind, entity, reason, count: 0, records: [] };
      entries.set(key, entry);
    }
    entry.count += 1;
    if (entry.records.length < RECORDS_KEPT) entry.records.push(record);
  }

  return {
    skip: (entity, record, reason) => add('skipped', entity, record, reason),
    notice: (entity, record, reason) => add('noticed', entity, record, reason),
    entries: () => [...entries.values()],
  };
}
