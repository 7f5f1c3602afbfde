// Accepting recommendations: their orders in one plan of single orders, through the import as any plan, so that each is made once.
import type { RecordResult } from '../../connector/import-result.ts';
import type { ImportCaller, ImportService } from '../../connector/import-service.ts';
import { acceptanceOf } from '../recommendations/accept.ts';
import { attributeOf } from '../results/element.ts';
import { documentOf } from '../results/export.ts';
import type { Acceptance, AdviceRow } from './store.ts';

export interface Accepted {
  importId: number;
  list: Acceptance[];
  warnings: string[];
}

/** @throws PlanbridgeError PB_PLAN_REFUSED when one of them is a person's to do in Odoo */
export async function acceptAdvice(
  imports: ImportService,
  caller: ImportCaller,
  { company, actualUser }: { company: string | null; actualUser: string | null },
  rows: readonly AdviceRow[],
): Promise<Accepted> {
  const elements: string[] = [];
  const owners = new Map<string, string[]>();
  for (const { key, body } of rows) {
    const { title, reasons, document } = body as { title: string; reasons: string[]; document: string | null };
    for (const line of acceptanceOf({ title, reasons, document }).document.split('\n')) {
      if (!/^<(operationplan|demand) /.test(line)) continue;
      const reference = attributeOf(line, attributeOf(line, 'ordertype') === 'SO' ? 'name' : 'reference');
      const known = owners.get(reference);
      owners.set(reference, [...(known ?? []), key]);
      // Two recommendations may be about one order.
      if (!known) elements.push(line);
    }
  }
  const made = await documentOf(elements);
  const { id, result } = await imports.run(caller, {
    ...made,
    request: { mode: 2, company, actualUser },
    source: 'recommendation',
    client: 'planbridge',
    repeats: null,
    settings: { promises: true },
  });
  const byKey = new Map<string, RecordResult[]>();
  for (const record of result.records) {
    for (const key of owners.get(record.reference) ?? []) byKey.set(key, [...(byKey.get(key) ?? []), record]);
  }
  const list = rows.map(({ key }) => acceptance(key, byKey.get(key) ?? []));
  return { importId: id, list, warnings: result.warnings };
}

function acceptance(key: string, records: readonly RecordResult[]): Acceptance {
  const good = records.filter(({ outcome }) => outcome !== 'refused');
  const shown = good.find(({ name }) => name !== null) ?? good[0] ?? records[0];
  const numbers = [...new Set(good.flatMap(({ name }) => name ?? []))];
  const refused = records.filter(({ outcome }) => outcome === 'refused').map(({ note }) => note);
  return {
    key,
    accepted: good.length > 0,
    model: shown?.model ?? null,
    resId: shown?.id ?? null,
    number: numbers.join(', ') || null,
    note: [...refused, ...good.map(({ note }) => note)].filter(Boolean).join('; ').slice(0, 2_000),
  };
}
