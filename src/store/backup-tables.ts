// What a backup holds of our database: the tables of our schema with their columns and counters, as the database's own catalogue has
// them, so that a new table is never forgotten. The queue of jobs is left out: it is made anew from the runs.
import type { Query } from './database.ts';

export const FORMAT = 1;

export interface BackupHead {
  planbridge: 'backup';
  format: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Migrations that the tables had seen. */
  migrations: string[];
  tables: number;
}

export interface TableHead {
  table: string;
  columns: string[];
  /** Counters of columns that number rows: the last number, and whether it was given out. */
  counters: Record<string, { last: string; used: boolean }>;
}

export interface BackupEnd {
  end: true;
  /** Rows by table. */
  rows: Record<string, number>;
}

export interface StoredTable {
  name: string;
  columns: { name: string; type: string; counter: string | null }[];
}

/** The table that says which migrations were done is made by the restore itself. */
const OWN = 'migration';

export async function storedTables(query: Query): Promise<StoredTable[]> {
  return await query<StoredTable>(
    `select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
         'counter', pg_get_serial_sequence(format('planbridge.%I', c.relname), a.attname)) order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'planbridge'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> $1
     group by c.relname order by c.relname`,
    [OWN],
  );
}

/** `name`, safe in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
