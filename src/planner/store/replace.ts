// Replaces the rows of one part of a source: what came again as it was is not touched, what changed gets a row of the new version,
// what did not come ends with it. Works record by record, in batches that hold all rows of their records.
import { lostSource, type OpenSource } from './source.ts';
import type { NewRow, VersionedTable } from './tables.ts';

export interface ReplaceCounts {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
}

export interface PartWriter {
  /** Writes what these records are now; those without rows end. */
  put(records: readonly number[], rows: readonly NewRow[]): Promise<void>;
  /** Waits for what is on its way; then, if wanted, ends the records that were not put. */
  end(others: 'keep others' | 'remove others'): Promise<ReplaceCounts>;
}

interface Known {
  record: number;
  seq: number;
  hash: string;
}

/** Statements under way at a time: a server works on several, the embedded database on one. */
const PARALLEL = 2;
const PAGE = 10_000;

/** @param onTouched told each record whose rows are not what they were */
export function replacePart(
  open: OpenSource,
  table: VersionedTable,
  place: number,
  onTouched: (record: number) => void = () => {},
): PartWriter {
  const { store, model, source, current, next } = open;
  const counts: ReplaceCounts = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  const put = new Set<number>();
  const under = table.parted ? 'model = $1 and source = $2 and part = $3' : 'model = $1 and $2 = 2 and $3 = 0';
  const scope = [model, source, place];
  const counting = `since <= $4 and until is null`;
  let known: Promise<boolean> | undefined;
  const limit = limited(store.kind === 'postgres' ? PARALLEL : 1);

  async function isKnown(): Promise<boolean> {
    if (current === 0) return false;
    known ??= store
      .query(`select 1 from ${table.table} where ${under} and ${counting} limit 1`, [...scope, current])
      .then((rows) => rows.length > 0);
    return await known;
  }

  async function write(records: readonly number[], rows: readonly NewRow[]): Promise<void> {
    const old = (await isKnown()) ? await knownRows(records) : [];
    const before = new Map(old.map((row) => [`${row.record} ${row.seq}`, row]));
    const fresh: NewRow[] = [];
    const ended: Known[] = [];
    for (const row of rows) {
      const id = `${row.record} ${row.seq}`;
      const was = before.get(id);
      before.delete(id);
      if (was?.hash.replaceAll('-', '') === row.hash) {
        counts.unchanged += 1;
        continue;
      }
      if (was) ended.push(was);
      counts[was ? 'changed' : 'added'] += 1;
      fresh.push(row);
    }
    counts.removed += before.size;
    ended.push(...before.values());
    for (const { record } of fresh) onTouched(record);
    if (ended.length > 0) await end(ended);
    if (fresh.length > 0) await insert(fresh);
  }

  async function knownRows(records: readonly number[]): Promise<Known[]> {
    return await store.query<Known>(
      `select record::float8 as record, seq, hash from ${table.table}
       where ${under} and ${counting} and record = any($5::bigint[])`,
      [...scope, current, records],
    );
  }

  async function end(rows: readonly Known[]): Promise<void> {
    for (const { record } of rows) onTouched(record);
    await store.query(
      `update ${table.table} t set until = $5 from unnest($6::bigint[], $7::integer[]) as u (record, seq)
       where ${under.replaceAll(/\b(model|source|part) =/g, 't.$1 =')} and t.since <= $4 and t.until is null
         and t.record = u.record and t.seq = u.seq`,
      [...scope, current, next, rows.map((row) => row.record), rows.map((row) => row.seq)],
    );
  }

  async function insert(rows: readonly NewRow[]): Promise<void> {
    const own = table.columns.map(({ name, type }) => ({ name, type: type === 'jsonb' ? 'text' : type }));
    const all = [
      { name: 'record', type: 'bigint' },
      { name: 'seq', type: 'integer' },
      { name: 'hash', type: 'uuid' },
      ...own,
    ];
    const arrays = all.map(({ type }, position) => `$${position + 5}::${type}[]`);
    const fixed = table.parted ? 'model, source, part, since' : 'model, since';
    const values = table.parted ? '$1::integer, $2::smallint, $3::smallint, $4::integer' : '$1::integer, $4::integer';
    const names = table.columns.map(({ name, type }) => (type === 'jsonb' ? `u.${name}::jsonb` : `u.${name}`));
    const token = `$${all.length + 5}`;
    // Only while this read has the source: a process that was taken for dead writes nothing into the next read.
    const [written] = await store.query<{ count: number }>(
      `with held as (select model as m, source as s from planbridge.model_source
                     where model = $1 and source = $2 and writing = ${token} for share),
       made as (insert into ${table.table} (${fixed}, record, seq, hash, ${table.columns.map(({ name }) => name).join(', ')})
         select ${values}, u.record, u.seq, u.hash, ${names.join(', ')}
         from held, unnest(${arrays.join(', ')}) as u (${all.map(({ name }) => name).join(', ')})
         where $2 = held.s and ($3::smallint is not null)
         returning 1)
       select count(*)::integer as count from made`,
      [
        ...[model, source, place, next],
        ...[rows.map((row) => row.record), rows.map((row) => row.seq), rows.map((row) => row.hash)],
        ...table.columns.map((_, position) => rows.map((row) => row.values[position] as string | null)),
        open.token,
      ],
    );
    if (written?.count !== rows.length) throw lostSource(source);
  }

  async function removeOthers(): Promise<void> {
    if (!(await isKnown())) return;
    let last: readonly [number, number] = [Number.MIN_SAFE_INTEGER, 0];
    for (;;) {
      const page = await store.query<Known>(
        `select record::float8 as record, seq, '' as hash from ${table.table} t
         where ${under} and ${counting} and (record, seq) > ($5, $6) order by t.record, t.seq limit ${PAGE}`,
        [...scope, current, ...last],
      );
      const ended = page.filter((row) => !put.has(row.record));
      counts.removed += ended.length;
      if (ended.length > 0) await end(ended);
      const ending = page.at(-1);
      if (page.length < PAGE || ending === undefined) return;
      last = [ending.record, ending.seq];
    }
  }

  async function rowsNow(): Promise<number> {
    const [row] = await store.query<{ count: number }>(
      `select count(*)::integer as count from ${table.table} where ${under} and since <= $4 and until is null`,
      [...scope, next],
    );
    return row!.count;
  }

  return {
    async put(records, rows) {
      for (const record of records) put.add(record);
      await limit.run(() => write(records, rows));
    },
    async end(others) {
      await limit.idle();
      if (others === 'remove others') await removeOthers();
      else if (await isKnown()) counts.unchanged = (await rowsNow()) - counts.added - counts.changed;
      return counts;
    },
  };
}

/** Lets `most` pieces of work go on while the caller prepares the next; a failure comes out at the next call. */
function limited(most: number) {
  const going = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  const check = () => {
    if (failure) throw failure.error;
  };
  return {
    async run(work: () => Promise<void>): Promise<void> {
      while (going.size >= most) await Promise.race(going);
      check();
      const one = work()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => going.delete(one));
      going.add(one);
    },
    async idle(): Promise<void> {
      while (going.size > 0) await Promise.race(going);
      check();
    },
  };
}

/** Rows gathered into batches of whole records. */
export function batches(writer: PartWriter, size = 1_000) {
  let records: number[] = [];
  let rows: NewRow[] = [];
  return {
    /** All rows of one record. */
    async add(record: number, of: readonly NewRow[]): Promise<void> {
      records.push(record);
      rows.push(...of);
      if (rows.length >= size || records.length >= 4 * size) await this.flush();
    },
    async flush(): Promise<void> {
      if (records.length === 0) return;
      const [putRecords, putRows] = [records, rows];
      records = [];
      rows = [];
      await writer.put(putRecords, putRows);
    },
  };
}
