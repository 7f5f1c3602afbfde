// What became of each record of a posted plan.
import type { RecordName } from '../mapping/commands.ts';
import type { PostedType, Refusal } from '../mapping/posted.ts';

/** `existing`: an earlier posting made it. `unchanged`: Odoo has it so. `skipped`: left out on purpose. */
export type Outcome = 'created' | 'existing' | 'updated' | 'unchanged' | 'skipped' | 'refused';

export interface RecordResult {
  index: number;
  reference: string;
  type: PostedType;
  item: string;
  outcome: Outcome;
  model: string | null;
  id: number | null;
  /** Number of the document in Odoo (`P00012`). */
  name: string | null;
  note: string;
}

export interface ImportResult {
  mode: number;
  company: string;
  records: RecordResult[];
  /** Drafts of earlier plans that were removed, by model. */
  removed: Record<string, number>;
  /** What concerns the import as a whole. */
  warnings: string[];
  /** Calls to Odoo. */
  calls: number;
}

/** Collects one result per record; a later one replaces an earlier one unless that was a refusal. */
export interface ResultBook {
  set(record: RecordName, outcome: Outcome, more?: Partial<Pick<RecordResult, 'model' | 'id' | 'name' | 'note'>>): void;
  refuse(refusal: Refusal): void;
  note(record: RecordName, note: string): void;
  get(index: number): RecordResult | undefined;
  list(): RecordResult[];
}

/** On one line, whatever Odoo wrote. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function createResultBook(): ResultBook {
  const results = new Map<number, RecordResult>();
  const book: ResultBook = {
    set({ index, reference, type, item }, outcome, { model = null, id = null, name = null, note = '' } = {}) {
      const before = results.get(index);
      if (before?.outcome === 'refused') return;
      const notes = [before?.note, plain(note)].filter(Boolean).join('; ');
      results.set(index, {
        index,
        reference,
        type,
        item,
        outcome,
        model: model ?? before?.model ?? null,
        id: id ?? before?.id ?? null,
        name: name ?? before?.name ?? null,
        note: notes,
      });
    },
    refuse({ index, reference, type, item, reason }) {
      const before = results.get(index);
      const note = before?.outcome === 'refused' ? before.note : plain(reason);
      results.set(index, {
        index,
        reference,
        type,
        item,
        outcome: 'refused',
        model: before?.model ?? null,
        id: before?.id ?? null,
        name: before?.name ?? null,
        note,
      });
    },
    note(record, note) {
      const before = results.get(record.index);
      if (before) results.set(record.index, { ...before, note: [before.note, plain(note)].filter(Boolean).join('; ') });
    },
    get: (index) => results.get(index),
    list: () => [...results.values()].toSorted((a, b) => a.index - b.index),
  };
  return book;
}
