// One import: a posted plan into Odoo, each order once. Read and check everything, then look what is there already, then remove
// what is replaced, create what is missing, and change what differs.

import { OWN_SECONDARY, SECONDARY } from '../mapping/addon-records.ts';
import type { CreateCommand, RecordName } from '../mapping/commands.ts';
import { groupOrders, originOf, type PendingOrder } from '../mapping/commands.ts';
import type { PostedRecord } from '../mapping/posted.ts';
import { type OdooRow, text } from '../mapping/records.ts';
import type { Store } from '../store/database.ts';
import { addRecords, changeQuantities, changeRecords } from './import-change.ts';
import { createRecords } from './import-create.ts';
import { removeSurplus } from './import-doubts.ts';
import { removeDrafts, replacedDrafts } from './import-drafts.ts';
import { type MadeOrder, needsMore, readFollowUps } from './import-follow-up.ts';
import { digest, tokenOf } from './import-keys.ts';
import { type ImportRequest, type ImportSettings, type PreparedImport, prepareImport } from './import-prepare.ts';
import { createReferences, findByOrigin, type ImportOf, type Reference, type References } from './import-references.ts';
import { createResultBook, type ImportResult } from './import-result.ts';
import type { OdooWriter } from './odoo/writer.ts';

export interface ImportSurroundings {
  store: Store;
  settings: ImportSettings;
  /** How long Odoo may still be at work on a call whose answer was lost. */
  settleMs: number;
  /** How long to wait for another import to end. */
  waitMs: number;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Ends the import between two calls to Odoo; posting it again goes on. */
  signal?: AbortSignal | undefined;
  /** Records that were made in Odoo so far. */
  progress?: ((made: number) => void) | undefined;
}

/**
 * Writes a plan to Odoo.
 * @throws PlanbridgeError when the whole cannot be done; posting it again goes on where it ended
 */
export async function runImport(
  request: ImportRequest,
  posted: readonly PostedRecord[],
  importId: number | null,
  connection: OdooWriter,
  given: ImportSurroundings,
): Promise<ImportResult> {
  const { store, settings, waitMs, signal } = given;
  // The clock is read between calls: what is on its way to Odoo is waited for, and nothing comes behind it.
  const now = () => {
    signal?.throwIfAborted();
    return given.now();
  };
  const surroundings = { ...given, now };
  return await store.locked(`import ${connection.odoo}`, waitMs, async () => {
    signal?.throwIfAborted();
    const references = createReferences({ ...surroundings, odoo: connection.odoo });
    // What an import before this one left open is settled first: it may be what this one is about to read.
    await references.settle(connection.user.companyIds, connection);
    const surplus = await removeSurplus(connection, references, connection.user.companyIds);
    const prepared = await prepareImport(request, posted, settings, connection);
    prepared.warnings.push(...surplus);
    const result = await carryOut(prepared, references, importId, surroundings);
    result.warnings.push(...(await removeSurplus(connection, references, connection.user.companyIds)));
    return result;
  });
}

async function carryOut(
  prepared: PreparedImport,
  references: References,
  importId: number | null,
  surroundings: ImportSurroundings,
): Promise<ImportResult> {
  const { mode, company, context, commands, warnings, writer } = prepared;
  const { pending } = commands;
  const by = { importId, company: company.id };
  const book = createResultBook();
  for (const { record, outcome, model, id, name, note } of commands.settled)
    book.set(record, outcome, { model, id, name, note });
  for (const refusal of commands.refusals) book.refuse(refusal);

  const nothingGood =
    commands.refusals.length > 0 &&
    pending.length + commands.updates.length + commands.additions.length + commands.settled.length === 0 &&
    commands.quantities.length === 0;
  const { present, removed } = nothingGood
    ? { present: new Map<string, Present>(), removed: {} }
    : await lookAround(prepared, references, by);
  const missing: PendingOrder[] = [];
  const steps: MadeOrder[] = [];
  for (const order of pending) {
    const found = present.get(digest(order.key));
    if (!found) {
      missing.push(order);
      continue;
    }
    book.set(order.record, 'existing', { model: order.model, id: found.id, name: found.name, note: found.note });
    if (found.state === 'made') steps.push({ order, id: found.id, name: found.name });
  }

  const made: { command: CreateCommand; id: number }[] = [];
  await createRecords(groupOrders(missing), {
    ...surroundings,
    writer,
    references,
    companies: context.companies,
    by,
    created: (command, id) => {
      made.push({ command, id });
      surroundings.progress?.(made.length);
    },
    refused: (record, reason) => book.refuse({ ...record, reason }),
  });
  const names = await readNames(writer, made);
  for (const { command, id } of made) {
    const name = names.get(`${command.model} ${id}`) ?? '';
    for (const { orders } of command.lines) {
      for (const order of orders) {
        book.set(order.record, 'created', { model: command.model, id, name, note: order.what });
        if (needsMore(command)) steps.push({ order, id, name });
      }
    }
  }

  const followUps = await readFollowUps(prepared, steps, book);
  const unplanned = new Set<number>();
  const onChange = {
    writer,
    now: surroundings.now,
    changed: (
      records: readonly RecordName[],
      { name, what, model, id }: { name: string; what: string; model: string; id: number | null },
    ) => {
      for (const record of records) {
        if (book.get(record.index)?.outcome === 'created' || book.get(record.index)?.outcome === 'existing') continue;
        book.set(record, 'updated', {
          model: documentOf(model),
          id: documentOf(model) === model ? id : null,
          name,
          note: what,
        });
      }
    },
    refused: (records: readonly RecordName[], reason: string) => {
      for (const record of records) {
        // The order is there; only its times are not as planned.
        if (followUps.orders.has(record.index)) {
          unplanned.add(record.index);
          book.note(record, `not as planned: ${reason}`);
        } else book.refuse({ ...record, reason });
      }
    },
  };
  await changeQuantities(commands.quantities, onChange);
  const fine = ({ records }: { records: readonly RecordName[] }) =>
    !records.some(({ index }) => book.get(index)?.outcome === 'refused');
  await changeRecords([...commands.updates.filter(fine), ...followUps.updates], onChange);
  await addRecords([...commands.additions.filter(fine), ...followUps.additions], onChange);
  // What could not be planned is tried again when the plan comes again.
  const done = steps.filter(({ order }) => !unplanned.has(order.record.index));
  await references.done(done.map(({ order }) => digest(order.key)));

  return { mode, company: company.name, records: book.list(), removed, warnings, calls: writer.calls };
}

interface Present {
  id: number;
  name: string;
  state: Reference['state'];
  note: string;
}

/** Which of the document's orders are in Odoo already, after the drafts that it replaces are gone. */
async function lookAround(
  prepared: PreparedImport,
  references: References,
  by: ImportOf,
): Promise<{ present: Map<string, Present>; removed: Record<string, number> }> {
  const { mode, company, commands, warnings, writer } = prepared;
  const { pending } = commands;
  const keys = new Set(pending.map(({ key }) => digest(key)));
  const slots = new Set(pending.map(({ slot }) => digest(slot)).filter(Boolean));
  const found = await references.find([...keys], [...slots]);
  const known = new Set(found.map(({ key }) => key));

  // Made by an import that our table knows nothing of: the key in the record's origin tells.
  const asked = groupOrders(pending).map((command) => {
    const token = tokenOf(command);
    return { command, token, model: command.model, origin: originOf(command, token) };
  });
  const strangers = asked.filter(
    ({ command }) => !command.lines.some(({ orders }) => orders.some(({ key }) => known.has(digest(key)))),
  );
  const rows = strangers.length === 0 ? new Map<string, OdooRow>() : await findByOrigin(writer, strangers);
  const adopted = strangers.flatMap(({ command, token, model }) => {
    const row = rows.get(`${model} ${token}`);
    return row ? [{ command, token, id: row.id }] : [];
  });
  await references.keep(adopted, by, 'adopted');

  const question = { mode, company: company.id, keys, slots, tokens: new Set(asked.map(({ token }) => token)) };
  const drafts = await removeDrafts(
    writer,
    references,
    await replacedDrafts(writer, references, question, found),
    warnings,
  );
  const removed: Record<string, number> = {};
  for (const { model } of drafts) removed[model] = (removed[model] ?? 0) + 1;

  const left = (await references.find([...keys], [])).filter(({ key }) => keys.has(key));
  return { present: await stillThere(writer, references, left), removed };
}

/** What our table says, as far as Odoo still has it. */
async function stillThere(
  writer: OdooWriter,
  references: References,
  list: readonly Reference[],
): Promise<Map<string, Present>> {
  const present = new Map<string, Present>();
  for (const [model, same] of Map.groupBy(list, ({ model }) => model)) {
    const ids = [...new Set(same.map(({ resId }) => resId))];
    const rows = new Map(
      (await writer.read({ model, domain: [['id', 'in', ids]], fields: ['name', 'state'] })).map((row) => [
        row.id,
        row,
      ]),
    );
    await references.forget(
      model,
      ids.filter((id) => !rows.has(id)),
    );
    for (const { key, resId, state } of same) {
      const row = rows.get(resId);
      if (!row) continue;
      const note = text(row, 'state') === 'cancel' ? 'made before, cancelled in Odoo since' : 'made before';
      present.set(key, { id: resId, name: text(row, 'name'), state, note });
    }
  }
  return present;
}

async function readNames(
  writer: OdooWriter,
  made: readonly { command: CreateCommand; id: number }[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const [model, same] of Map.groupBy(made, ({ command }) => command.model)) {
    const rows = await writer.read({ model, domain: [['id', 'in', same.map(({ id }) => id)]], fields: ['name'] });
    for (const row of rows) names.set(`${model} ${row.id}`, text(row, 'name'));
  }
  return names;
}

/** The document that a changed record belongs to. */
function documentOf(model: string): string {
  if (model === 'purchase.order.line') return 'purchase.order';
  if (model === 'mrp.workorder' || model === SECONDARY || model === OWN_SECONDARY) return 'mrp.production';
  return model === 'stock.move' ? 'stock.picking' : model;
}
