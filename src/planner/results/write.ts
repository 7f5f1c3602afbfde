// Rows of a plan into the store, in batches. They belong to a plan that nobody looks at yet.
import type { Query } from '../../store/database.ts';
import { NUMBERED, PLAN_COLUMNS, PLAN_TABLES, type PlanRows, type PlanTable } from './rows.ts';

export interface PlanWriter {
  add<T extends PlanTable>(table: T, row: PlanRows[T]): Promise<void> | undefined;
  /** Writes what is left. @returns rows by table */
  end(): Promise<Record<PlanTable, number>>;
}

const BATCH = 2_000;
/** Batches on their way at a time, while the next is made. */
const PARALLEL = 3;

export function createPlanWriter(query: Query, planId: number): PlanWriter {
  const batches = new Map<PlanTable, object[]>(PLAN_TABLES.map((table) => [table, []]));
  const written = Object.fromEntries(PLAN_TABLES.map((table) => [table, 0])) as Record<PlanTable, number>;

  const under = new Set<Promise<unknown>>();
  let failure: unknown;

  /** Resolves when there is room for the next. */
  async function write(table: PlanTable): Promise<void> {
    const batch = batches.get(table)!;
    if (batch.length === 0) return;
    batches.set(table, []);
    written[table] += batch.length;
    const writing = query(insertOf(table), [planId, JSON.stringify(batch)])
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => under.delete(writing));
    under.add(writing);
    if (under.size >= PARALLEL) await Promise.race(under);
    if (failure !== undefined) throw failure;
  }

  return {
    add(table, row) {
      const batch = batches.get(table)!;
      batch.push(NUMBERED.includes(table) ? { ...row, seq: written[table] + batch.length + 1 } : row);
      return batch.length >= BATCH ? write(table) : undefined;
    },
    async end() {
      for (const table of PLAN_TABLES) await write(table);
      await Promise.all(under);
      if (failure !== undefined) throw failure;
      return written;
    },
  };
}

function insertOf(table: PlanTable): string {
  const columns: (readonly [string, string])[] = [...PLAN_COLUMNS[table]];
  if (NUMBERED.includes(table)) columns.push(['seq', 'integer']);
  const names = columns.map(([name]) => name).join(', ');
  const typed = columns.map(([name, type]) => `${name} ${type}`).join(', ');
  return `insert into planbridge.${table} (plan_id, ${names}) select $1, ${names} from jsonb_to_recordset($2::jsonb) as r (${typed})`;
}
