// The tables whose rows carry versions, and how rows are written into them: arrays of values, one statement for many rows, which
// works the same on PostgreSQL and the embedded database (COPY does not).
// Measured on 100,000 rows: PostgreSQL 3.2 s (COPY 2.2 s, JSON 4.9 s), embedded 5.3 s; indexes are two thirds of it.

export interface VersionedTable {
  table: string;
  /** Rows of a model ($1) and source ($2). */
  where: string;
  /** Beside those of every such table: model, source, part, record, seq, since, until, hash. */
  columns: readonly { name: string; type: string }[];
  /** Whether rows have a source and a part. */
  parted: boolean;
}

export const ENTITY_TABLE: VersionedTable = {
  table: 'planbridge.entity',
  where: 'model = $1 and source = $2',
  parted: true,
  columns: [
    { name: 'kind', type: 'text' },
    { name: 'key', type: 'text' },
    { name: 'type', type: 'text' },
    { name: 'item', type: 'text' },
    { name: 'location', type: 'text' },
    { name: 'party', type: 'text' },
    { name: 'status', type: 'text' },
    { name: 'date', type: 'bigint' },
    { name: 'quantity', type: 'double precision' },
    { name: 'value', type: 'jsonb' },
    { name: 'document', type: 'bigint' },
  ],
};

export const SALES_TABLE: VersionedTable = {
  table: 'planbridge.sales_history',
  where: 'model = $1 and $2 = 2',
  parted: false,
  columns: [
    { name: 'sales_order', type: 'text' },
    { name: 'item', type: 'text' },
    { name: 'location', type: 'text' },
    { name: 'customer', type: 'text' },
    { name: 'date', type: 'bigint' },
    { name: 'quantity', type: 'double precision' },
  ],
};

/** A row as it is to be written. */
export interface NewRow {
  record: number;
  seq: number;
  /** Of all that is in it. */
  hash: string;
  /** In the order of the table's columns. */
  values: readonly (string | number | null)[];
}
