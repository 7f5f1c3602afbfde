// Why a record of Odoo is not in the plan: what Odoo says of it now, what the reads reported, what the model has of it.
import type { OdooReader } from '../../connector/odoo/reader.ts';
import { type OdooRow, text } from '../../mapping/records.ts';
import type { ReportEntry } from '../../mapping/report.ts';
import type { EntityOfRecord } from '../../planner/store/references.ts';
import type { Query } from '../../store/database.ts';
import type { GridScope } from '../grids/grid.ts';

/** A sentence of the screens with its values, or a reason of the reads as it is. */
export type Reason =
  | { why: 'gone' | 'archived' | 'no model' | 'no plan' | 'newer than the plan' }
  | { why: 'state'; state: string }
  | { why: 'not read'; at: string }
  | { why: 'nothing to plan'; name: string; status: string }
  | { why: 'skipped'; name: string; reason: string };

const MOST_REASONS = 20;

/** What Odoo calls its records, as far as reports of the reads name them. */
const NAME_FIELDS = ['name', 'display_name', 'default_code', 'code', 'state', 'active'];

export interface RecordInOdoo {
  name: string;
  /** null = Odoo could not be asked. */
  row: OdooRow | null | undefined;
}

/** @param row null = Odoo has it not; undefined = Odoo could not be asked */
export function nameOf(model: string, id: number, row: OdooRow | null | undefined): string {
  const name = row ? text(row, 'name') || text(row, 'display_name') : '';
  return name || `${model} ${id}`;
}

export async function readRecord(reader: OdooReader, model: string, id: number): Promise<OdooRow | null> {
  for await (const [row] of reader.pages({ model, fields: NAME_FIELDS, domain: [['id', '=', id]] })) return row ?? null;
  return null;
}

export async function whyNot(
  { query, scope, model }: { query: Query; scope: GridScope; model: number | null },
  row: OdooRow | null | undefined,
  known: readonly EntityOfRecord[],
): Promise<Reason[]> {
  if (row === null) return [{ why: 'gone' }];
  const reasons: Reason[] = [];
  if (row?.active === false) reasons.push({ why: 'archived' });
  const state = row ? text(row, 'state') : '';
  if (known.length === 0 && state) reasons.push({ why: 'state', state });
  if (model === null) return [...reasons, { why: 'no model' }];

  const sources = await query<{ report: ReportEntry[]; at: Date | null }>(
    'select report, read_at as at from planbridge.model_source where model = $1 and version > 0 order by source',
    [model],
  );
  if (row) reasons.push(...sources.flatMap(({ report }) => skippedOf(report, row)));

  if (known.length === 0) {
    const at = sources[0]?.at;
    if (at) reasons.push({ why: 'not read', at: at.toISOString() });
    return reasons.slice(0, MOST_REASONS);
  }
  const [plan] = await query(`select 1 from planbridge.plan where odoo = $1 and company = $2 and state = 'current'`, [
    scope.odoo,
    scope.company,
  ]);
  if (!plan) return [...reasons, { why: 'no plan' }];
  const over = known.filter(({ status }) => status !== null && ['closed', 'canceled', 'completed'].includes(status));
  for (const { key, status } of over) reasons.push({ why: 'nothing to plan', name: key, status: status! });
  if (over.length === 0) reasons.push({ why: 'newer than the plan' });
  return reasons.slice(0, MOST_REASONS);
}

/** Reports name records by what Odoo calls them, with ids or steps behind: `S00012 34`, `WH/MO/00007`, `[E-1] Desk`. */
function skippedOf(report: readonly ReportEntry[], row: OdooRow): Reason[] {
  const names = ['name', 'display_name', 'default_code', 'code'].map((field) => text(row, field)).filter(Boolean);
  const isIt = (record: string) =>
    names.some(
      (name) => record === name || (record.startsWith(name) && !/^[\p{L}\p{N}]/u.test(record.slice(name.length))),
    );
  return report
    .filter(({ kind }) => kind === 'skipped')
    .flatMap(({ records, reason }) => records.filter(isIt).map((name): Reason => ({ why: 'skipped', name, reason })));
}
