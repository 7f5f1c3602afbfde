// Changes records of Odoo, many a call, in stages. Values are absolute, so a change that was lost on the way is sent again.
// What Odoo refuses is halved until the one that is wrong stands alone.
import { PlanbridgeError } from '../errors.ts';
import type { AdditionCommand, QuantityCommand, RecordName, UpdateCommand } from '../mapping/commands.ts';
import { type Pace, paced } from './import-pace.ts';
import type { OdooWriter } from './odoo/writer.ts';

export interface ChangeSurroundings {
  writer: OdooWriter;
  now: () => number;
  changed(
    records: readonly RecordName[],
    command: { name: string; what: string; model: string; id: number | null },
  ): void;
  refused(records: readonly RecordName[], reason: string): void;
}

const ROWS: Pace = { first: 250, most: 1_000 };

function isRefusal(error: unknown): error is PlanbridgeError {
  return error instanceof PlanbridgeError && (error.code === 'PB_ODOO_FAULT' || error.code === 'PB_ODOO_ACCESS');
}

export async function changeRecords(
  commands: readonly UpdateCommand[],
  surroundings: ChangeSurroundings,
): Promise<void> {
  const stages = [...new Set(commands.map(({ stage }) => stage))].toSorted((a, b) => a - b);
  const refused = new Set<number>();
  for (const stage of stages) {
    const due = commands.filter(
      (command) => command.stage === stage && !command.records.some(({ index }) => refused.has(index)),
    );
    const alike = ({ model, values, context }: UpdateCommand) => JSON.stringify([model, Object.keys(values), context]);
    for (const alikes of Map.groupBy(due, alike).values()) {
      const same = alikes[0]?.check ? await stillDiffering(alikes) : alikes;
      await paced(same, ROWS, () => 1, surroundings.now, change);
    }
  }

  async function stillDiffering(commands: readonly UpdateCommand[]): Promise<UpdateCommand[]> {
    const { model, values } = commands[0]!;
    const fields = Object.keys(values);
    const domain = [['id', 'in', commands.map(({ id }) => id)] as const];
    const rows = new Map((await surroundings.writer.read({ model, domain, fields })).map((row) => [row.id, row]));
    return commands.filter((command) =>
      fields.some((field) => rows.get(command.id)?.[field] !== command.values[field]),
    );
  }

  async function change(batch: readonly UpdateCommand[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    try {
      const rows = await surroundings.writer.change(first.model, batch, first.context);
      const bad = new Map(rows.map(({ position, reason }) => [position, reason]));
      for (const [position, command] of batch.entries()) {
        const reason = bad.get(position);
        if (reason !== undefined) refuse(command, reason);
        else surroundings.changed(command.records, command);
      }
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (batch.length === 1) {
        refuse(first, error.message);
        return;
      }
      const middle = batch.length >> 1;
      await change(batch.slice(0, middle));
      await change(batch.slice(middle));
    }
  }

  function refuse(command: UpdateCommand, reason: string): void {
    for (const { index } of command.records) refused.add(index);
    surroundings.refused(command.records, reason);
  }
}

/** Records beside those that are there. One whose answer was lost is looked for when the plan comes again. */
export async function addRecords(
  commands: readonly AdditionCommand[],
  surroundings: ChangeSurroundings,
): Promise<void> {
  const [first] = commands;
  if (first === undefined) return;
  try {
    await surroundings.writer.create(
      first.model,
      commands.map(({ values }) => values),
    );
    for (const { records, name, what, model } of commands)
      surroundings.changed(records, { name, what, model, id: null });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (commands.length === 1) {
      surroundings.refused(first.records, error.message);
      return;
    }
    const middle = commands.length >> 1;
    await addRecords(commands.slice(0, middle), surroundings);
    await addRecords(commands.slice(middle), surroundings);
  }
}

/** By Odoo's own wizard, which changes the components with the order. It is told the new quantity, not the difference. */
export async function changeQuantities(
  commands: readonly QuantityCommand[],
  surroundings: ChangeSurroundings,
): Promise<void> {
  if (commands.length === 0) return;
  const { writer } = surroundings;
  try {
    const wizards = await writer.create(
      'change.production.qty',
      commands.map(({ production, quantity }) => ({ mo_id: production, product_qty: quantity })),
    );
    await writer.act('change.production.qty', 'change_prod_qty', wizards);
    for (const { record, name, what, production } of commands) {
      surroundings.changed([record], { name, what, model: 'mrp.production', id: production });
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (commands.length === 1) {
      surroundings.refused([commands[0]!.record], error.message);
      return;
    }
    const middle = commands.length >> 1;
    await changeQuantities(commands.slice(0, middle), surroundings);
    await changeQuantities(commands.slice(middle), surroundings);
  }
}
