// Odoo's records behind the names in a page of rows, so that cells link to them: one question for each kind of name in the page.
import type { EntityKind } from '../../planner/store/parts.ts';
import { type OdooRecord, recordsOfEntities } from '../../planner/store/references.ts';
import { findModel } from '../../planner/store/scope.ts';
import type { Query } from '../../store/database.ts';
import type { GridColumn, GridScope } from './grid.ts';

export type GridRow = Record<string, unknown>;

/** Kinds of entity that a column's value may name in this row, the first that is found counts. */
function kindsOf({ record }: GridColumn, row: GridRow): readonly EntityKind[] {
  if (record === undefined) return [];
  if (typeof record === 'string') return [record];
  return 'by' in record ? (record.kinds[String(row[record.by])] ?? []) : record;
}

/** @returns the rows, those that have such names with `odoo`: the record by column */
export async function withRecords(
  query: Query,
  scope: GridScope,
  columns: readonly GridColumn[],
  rows: readonly GridRow[],
): Promise<GridRow[]> {
  const linked = columns.filter(({ record }) => record !== undefined);
  const model =
    linked.length === 0 || rows.length === 0
      ? null
      : await findModel({ query }, { odoo: scope.odoo, company: scope.company || null });
  if (model === null) return [...rows];

  const keys = new Map<EntityKind, Set<string>>();
  for (const row of rows) {
    for (const column of linked) {
      const value = row[column.name];
      if (typeof value !== 'string') continue;
      for (const kind of kindsOf(column, row)) {
        const known = keys.get(kind) ?? new Set();
        keys.set(kind, known.add(value));
      }
    }
  }
  const found = new Map<EntityKind, Map<string, OdooRecord>>();
  for (const [kind, names] of keys) found.set(kind, await recordsOfEntities(query, model, kind, [...names]));

  return rows.map((row) => {
    const odoo: Record<string, OdooRecord> = {};
    for (const column of linked) {
      const value = String(row[column.name] ?? '');
      const record = kindsOf(column, row)
        .map((kind) => found.get(kind)?.get(value))
        .find((each) => each !== undefined);
      if (record) odoo[column.name] = record;
    }
    return Object.keys(odoo).length > 0 ? { ...row, odoo } : row;
  });
}
