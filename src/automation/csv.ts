// CSV as automations write it: RFC 4180, UTF-8. Pure.
import type { CsvRow } from './automation.ts';

/** What spreadsheets would take for a formula is kept a text (OWASP: CSV injection); numbers and telephone numbers are none. */
const FORMULA = /^[=@\t\r]|^[+-](?![\d\s().+-]*$)/;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",;\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvText(rows: readonly CsvRow[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** `inactive_products_11_21_26` of `2026-11-21`. */
export function dayName(name: string, day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${name}_${month}_${date}_${year.slice(2)}`;
}
