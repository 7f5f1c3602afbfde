// What an import would do, record by record, without doing it.
import { groupOrders, originOf } from '../mapping/commands.ts';
import { messageOf } from './import-answer.ts';
import { replacedDrafts } from './import-drafts.ts';
import { digest, tokenOf } from './import-keys.ts';
import type { PreparedImport } from './import-prepare.ts';
import { findByOrigin, type References } from './import-references.ts';
import { createResultBook, type ImportResult } from './import-result.ts';

export interface DryRun {
  result: ImportResult;
  /** A line for each record, in the order of the document, and for each draft that would go. */
  lines: string[];
  message: string;
}

/** @param references null where our table cannot be read; then only Odoo says what is there already */
export async function dryRun(prepared: PreparedImport, references: References | null): Promise<DryRun> {
  const { mode, company, commands, warnings, writer } = prepared;
  const { pending } = commands;
  const book = createResultBook();
  const groups = groupOrders(pending);
  const asked = groups.map((command) => {
    const token = tokenOf(command);
    return { command, token, model: command.model, origin: originOf(command, token) };
  });
  const keys = new Set(pending.map(({ key }) => digest(key)));
  const slots = new Set(pending.map(({ slot }) => digest(slot)).filter(Boolean));
  const known = (await references?.find([...keys], [...slots])) ?? [];
  const question = { mode, company: company.id, keys, slots };
  const found = await findByOrigin(writer, asked);
  // What our table has lost is taken over by its key.
  const taken = new Set([...found].map(([name, { id }]) => `${name.split(' ')[0]} ${id}`));
  const replaced = references ? await replacedDrafts(writer, references, question, known) : [];
  const drafts = replaced.filter(({ model, id }) => !taken.has(`${model} ${id}`));
  const going = new Set(drafts.map(({ model, id }) => `${model} ${id}`));
  const present = new Set(known.filter(({ model, resId }) => !going.has(`${model} ${resId}`)).map(({ key }) => key));

  for (const { command, model, token } of asked) {
    const there = found.has(`${model} ${token}`);
    for (const { orders } of command.lines) {
      for (const order of orders) {
        if (there || present.has(digest(order.key))) book.set(order.record, 'existing', { model, note: 'made before' });
        else book.set(order.record, 'created', { model, note: `${order.what} (${command.groupName})` });
      }
    }
  }
  for (const { record, outcome, model, id, name, note } of commands.settled)
    book.set(record, outcome, { model, id, name, note });
  for (const { record, name, what } of commands.quantities) book.set(record, 'updated', { name, note: what });
  for (const { records, name, what } of [...commands.updates, ...commands.additions]) {
    for (const record of records) if (what) book.set(record, 'updated', { name, note: what });
  }
  for (const refusal of commands.refusals) book.refuse(refusal);

  const removed: Record<string, number> = {};
  for (const { model } of drafts) removed[model] = (removed[model] ?? 0) + 1;
  const result = { mode, company: company.name, records: book.list(), removed, warnings, calls: writer.calls };
  const words = {
    created: 'would create',
    existing: 'is there',
    updated: 'would change',
    unchanged: 'is as planned',
    skipped: 'left out',
    refused: 'REFUSED',
  };
  const lines = [
    ...warnings.map((text) => `note: ${text}`),
    ...drafts.map(({ model, name }) => `would remove the draft ${name} (${model}) of the plan before`),
    ...result.records.map(
      ({ type, reference, item, outcome, note }) => `${type} ${reference || item || '-'}: ${words[outcome]}: ${note}`,
    ),
  ];
  return { result, lines, message: messageOf(result) };
}
