// What the poster of a plan reads: JSON for new clients, lines of text for old ones, with the reference's closing lines. A success
// never holds the word that frePPLe's client takes for a failure (planner-wire.md 3).
import type { ImportResult, Outcome, RecordResult } from './import-result.ts';

/** frePPLe's client up to 9.17 names itself by Python's library, and reads text. */
export function readsText(userAgent: string | undefined, accept: string | undefined): boolean {
  if (/\bapplication\/json\b/.test(accept ?? '')) return false;
  return /^Python-urllib/i.test(userAgent ?? '') || /^\s*text\/plain/.test(accept ?? '');
}

/** Without the word "Exception", whoever said it. */
export function withoutAlarm(text: string): string {
  return text.replace(/exception/gi, 'error');
}

const IN_ODOO: ReadonlySet<Outcome> = new Set(['created', 'existing']);

interface Created {
  reference: string;
  frepple_references: string[];
}

function createdOf(records: readonly RecordResult[], model: string): Created[] {
  const documents = new Map<number, Created>();
  for (const { outcome, model: of, id, name, reference } of records) {
    if (of !== model || id === null || !IN_ODOO.has(outcome)) continue;
    const known = documents.get(id) ?? { reference: name ?? String(id), frepple_references: [] };
    known.frepple_references.push(reference);
    documents.set(id, known);
  }
  return [...documents.values()];
}

export function summaryOf(records: readonly RecordResult[]): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { created: 0, existing: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 };
  for (const { outcome } of records) counts[outcome] += 1;
  return counts;
}

const WORDS: Readonly<Record<Outcome, string>> = {
  created: 'created',
  existing: 'created before',
  updated: 'changed',
  unchanged: 'as in Odoo',
  skipped: 'left out',
  refused: 'refused',
};

/** `12 orders created, 1 refused: PO 104: vendor "Nobody" is not in Odoo` */
export function messageOf({ records }: ImportResult): string {
  const counts = summaryOf(records);
  const parts = (Object.keys(WORDS) as Outcome[]).flatMap((outcome) =>
    counts[outcome] > 0 ? [`${counts[outcome]} ${WORDS[outcome]}`] : [],
  );
  const refusals = records.filter(({ outcome }) => outcome === 'refused');
  const first = refusals.slice(0, 5).map(refusalLine);
  const more = refusals.length > 5 ? ['…'] : [];
  const said = parts.length === 0 ? 'No orders' : `Orders: ${parts.join(', ')}`;
  return [said, ...first, ...more].join('; ');
}

function refusalLine({ type, reference, item, note }: RecordResult): string {
  return `${type} ${reference || item || '(without reference)'}: ${note}`;
}

export function jsonAnswer(result: ImportResult, importId: number | null): string {
  const { records, removed, warnings, company, mode } = result;
  const answer = {
    created_purchase_orders: createdOf(records, 'purchase.order'),
    created_manufacturing_orders: createdOf(records, 'mrp.production').map(({ reference, frepple_references }) => ({
      reference,
      frepple_reference: frepple_references[0],
    })),
    created_distribution_orders: createdOf(records, 'stock.picking'),
    message: messageOf(result),
    import: importId,
    company,
    mode,
    summary: summaryOf(records),
    removed,
    warnings,
    records: records.map(({ index: _, ...record }) => record),
  };
  return withoutAlarm(JSON.stringify(answer));
}

export function textAnswer(result: ImportResult): string {
  const { records, removed, warnings, mode } = result;
  const done = (types: readonly string[]) =>
    records.filter(({ type, outcome }) => types.includes(type) && outcome !== 'refused' && outcome !== 'skipped')
      .length;
  const lines = [
    ...(mode === 1
      ? [
          `Removed ${removed['purchase.order'] ?? 0} old draft purchase orders`,
          `Removed ${removed['mrp.production'] ?? 0} old draft manufacturing orders`,
        ]
      : []),
    ...warnings,
    ...records.filter(({ outcome }) => outcome === 'refused').map(refusalLine),
    `Processed ${done(['PO'])} uploaded procurement orders`,
    `Processed ${done(['MO'])} uploaded manufacturing orders`,
  ];
  return withoutAlarm(lines.join('\n'));
}
