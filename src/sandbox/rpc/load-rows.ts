// `load`: rows of text into existing records, by database id (column `.id`). As with Odoo's import, one row that is wrong undoes
// the whole list, and a message names it.

import { z } from 'zod';
import { OdooFault, typeError } from '../faults.ts';
import type { Env } from '../orm/env.ts';
import { writeRecords } from '../orm/write.ts';
import type { Answer, Model } from '../values.ts';
import { argument, type Call } from './arguments.ts';

const Arguments = z.object({
  fields: z.array(z.string()),
  data: z.array(z.array(z.union([z.string(), z.literal(false)]))),
});

/** Ends the transaction without a trace, and answers all the same. */
export class Undone extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('undone');
    this.answer = answer;
  }
}

export function loadRows(env: Env, model: Model, call: Call): Answer {
  const parsed = Arguments.safeParse({ fields: argument(call, 0, 'fields'), data: argument(call, 1, 'data') });
  if (!parsed.success) throw typeError(`load: ${parsed.error.issues[0]?.message ?? 'not understood'}`);
  const { fields, data } = parsed.data;
  const key = fields.indexOf('.id');
  if (key < 0) throw typeError('load: this sandbox takes rows with a column ".id" only');
  const messages: Record<string, Answer>[] = [];
  const ids: number[] = [];
  for (const [record, row] of data.entries()) {
    const id = Number(row[key]);
    try {
      const values: Record<string, unknown> = {};
      for (const [column, name] of fields.entries()) {
        if (column === key) continue;
        const [field = '', sub] = name.split('/');
        values[field] = cellValue(env, model, field, sub, row[column] ?? false);
      }
      writeRecords(env, model, [id], values);
      ids.push(id);
    } catch (error) {
      if (!(error instanceof OdooFault)) throw error;
      messages.push({ type: 'error', record, rows: { from: record, to: record }, message: error.message });
    }
  }
  if (messages.length > 0) throw new Undone({ ids: false, messages, nextrow: 0 });
  return { ids, messages: [], nextrow: 0 };
}

function cellValue(env: Env, model: Model, field: string, sub: string | undefined, text: string | false): unknown {
  const info = model.fields.get(field);
  if (!info) throw new OdooFault('odoo.exceptions.UserError', `The field ${field} does not exist.`, 400);
  if (text === false || text === '') return false;
  if (info.type === 'many2one') {
    const id = Number(text);
    if (sub !== '.id') throw typeError('load: links are taken by database id only');
    if (env.db.table(info.relation ?? '').has(id)) return id;
    throw new OdooFault(
      'odoo.exceptions.UserError',
      `No matching record found for database id '${text}' in field '${info.string}'`,
      400,
    );
  }
  if (['float', 'monetary', 'integer'].includes(info.type)) {
    const number = Number(text);
    if (Number.isFinite(number)) return number;
    throw new OdooFault(
      'odoo.exceptions.UserError',
      `'${text}' does not seem to be a number for field '${info.string}'`,
      400,
    );
  }
  if (info.type === 'boolean') return ['1', 'true', 'yes'].includes(text.toLowerCase());
  return text;
}
