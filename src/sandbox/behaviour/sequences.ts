// Numbers of documents from ir.sequence: `P00012`, `S00012`, `WH/MO/00007`.

import type { Env } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { numberOf, textOf } from './tools.ts';

/** The next number of a code, of the company's own sequence before the common one. */
export function nextByCode(env: Env, code: string, company: Value | undefined, fallback: string): string {
  const rows = [...env.db.table('ir.sequence').rows()].filter(
    (row) => row.code === code && (row.company_id === company || typeof row.company_id !== 'number'),
  );
  const own = rows.find((row) => row.company_id === company) ?? rows[0];
  return own ? draw(env, own) : `${fallback}${String(env.db.table('ir.sequence').nextId).padStart(5, '0')}`;
}

/** The next number of a sequence, or null when there is none. */
export function nextOf(env: Env, sequence: Value | undefined): string | null {
  const row = typeof sequence === 'number' ? env.db.table('ir.sequence').get(sequence) : undefined;
  return row ? draw(env, row) : null;
}

function draw(env: Env, row: Row): string {
  const next = numberOf(row.number_next_actual ?? row.number_next) || 1;
  patch(env, 'ir.sequence', row.id, { number_next_actual: next + (numberOf(row.number_increment) || 1) });
  const expand = (text: Value | undefined): string => {
    const now = env.now().toISOString();
    return textOf(text)
      .replaceAll('%(year)s', now.slice(0, 4))
      .replaceAll('%(month)s', now.slice(5, 7))
      .replaceAll('%(day)s', now.slice(8, 10));
  };
  return `${expand(row.prefix)}${String(next).padStart(numberOf(row.padding), '0')}${expand(row.suffix)}`;
}
