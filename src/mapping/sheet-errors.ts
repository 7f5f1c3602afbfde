// What is wrong with a cell of the mapping sheet, said so that a planner can put it right: where, what was found, what is allowed.

/** An error in one cell of mapping.xlsx. */
export interface SheetError {
  sheet: string;
  /** As Excel counts, from 1. */
  row: number;
  /** Letter of the column, as Excel shows it. */
  column: string;
  /** Heading of the column, or empty. */
  heading: string;
  /** What the cell holds. */
  found: string;
  /** What is wrong, a sentence without full stop. */
  message: string;
  /** What may stand there instead: values, or a description. */
  allowed: readonly string[];
  /** The allowed value that was probably meant. */
  suggestion?: string;
}

/** `Mapping!D14`. */
export function addressOf(error: Pick<SheetError, 'sheet' | 'row' | 'column'>): string {
  const sheet = /^[A-Za-z]\w*$/.test(error.sheet) ? error.sheet : `'${error.sheet.replaceAll("'", "''")}'`;
  return `${sheet}!${error.column}${error.row}`;
}

/** One line: `Mapping!D14: (Odoo field) … Did you mean …? Allowed: …`. */
export function formatSheetError(error: SheetError): string {
  const parts = [`${addressOf(error)}:`];
  if (error.heading) parts.push(`(${error.heading})`);
  parts.push(`${error.message}${/[.?!]$/.test(error.message) ? '' : '.'}`);
  if (error.suggestion !== undefined) parts.push(`Did you mean "${error.suggestion}"?`);
  if (error.allowed.length > 0) parts.push(`Allowed: ${error.allowed.join(' | ')}.`);
  return parts.join(' ').replaceAll(/[\x00-\x1f\x7f]+/g, ' ');
}

/** A value as messages quote it: one line, not too long. */
export function quoted(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ').trim();
  return `"${line.length > 60 ? `${line.slice(0, 57)}…` : line}"`;
}

/** How many letters must be changed, added, dropped or swapped to make one word from another. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const line = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, line[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      line.push(best);
    }
    before = last;
    last = line;
  }
  return last[b.length]!;
}

const plain = (word: string) => word.toLowerCase().replaceAll(/[\s_.-]+/g, '');

/** The candidate that a mistyped word was probably meant to be: one letter wrong, two in a word of eight and more. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = plain(word);
  if (typed.length === 0 || typed.length > 60) return undefined;
  const limit = typed.length >= 8 ? 2 : typed.length >= 4 ? 1 : 0;
  let found: string | undefined;
  let best = limit + 1;
  for (const candidate of candidates) {
    const other = plain(candidate);
    if (Math.abs(other.length - typed.length) > limit) continue;
    const steps = distance(typed, other);
    if (steps < best) {
      best = steps;
      found = candidate;
    }
  }
  return found;
}
