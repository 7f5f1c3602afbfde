// Odoo's records as the mapping takes them: plain rows, whichever way they were read (see connector/odoo/reader.ts).

/** `null` = empty; many2one = id; x2many = ids; date and datetime as Odoo writes them, in UTC. */
export type OdooValue = null | boolean | number | string | readonly number[];

/** A field that this Odoo does not have is absent. Values behind dotted paths stand under the path (`order_id.name`). */
export interface OdooRow {
  id: number;
  [field: string]: OdooValue | undefined;
}

export function text(row: OdooRow | undefined, field: string): string {
  const value = row?.[field];
  return typeof value === 'string' ? value : '';
}

export function number(row: OdooRow | undefined, field: string): number {
  const value = row?.[field];
  return typeof value === 'number' ? value : 0;
}

export function flag(row: OdooRow | undefined, field: string): boolean {
  return row?.[field] === true;
}

/** Id behind a many2one, or undefined when it is empty. */
export function link(row: OdooRow | undefined, field: string): number | undefined {
  const value = row?.[field];
  return typeof value === 'number' ? value : undefined;
}

const NOTHING: readonly number[] = [];

/** Ids behind a one2many or many2many. */
export function links(row: OdooRow | undefined, field: string): readonly number[] {
  const value = row?.[field];
  return Array.isArray(value) ? value : NOTHING;
}

/** Rows of one model by id. */
export type Table = ReadonlyMap<number, OdooRow>;

export function tableOf(rows: Iterable<OdooRow>): Map<number, OdooRow> {
  const table = new Map<number, OdooRow>();
  for (const row of rows) table.set(row.id, row);
  return table;
}

/** Rows grouped by the id behind a many2one, in the order given. */
export function groupBy(rows: Iterable<OdooRow>, field: string): Map<number, OdooRow[]> {
  const groups = new Map<number, OdooRow[]>();
  for (const row of rows) {
    const key = link(row, field);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
