// Which of the resources that a plan names for a step is the work center of its work order, and which are secondary ones of
// an addon, ours or frePPLe's (connector.md 3.7, 4.2). A step that moves to another work center stands there, not beside it (defect 9).
import { isOwnRow, OWN_SECONDARY, SECONDARY } from './addon-records.ts';
import type { AdditionCommand, RecordName, UpdateCommand } from './commands.ts';
import type { PostedResource } from './posted.ts';
import { link, number, type OdooRow } from './records.ts';
import { clean } from './units.ts';
import { nameOf, type WriteContext } from './write-context.ts';

/** What a work order occupies beside its work center, and the model in which more of it is kept. */
export interface Assigned {
  rows: readonly OdooRow[];
  model: string;
}

export interface StepResources {
  /** Of the work order. */
  workcenter: number | undefined;
  /** Beside it. */
  others: readonly PostedResource[];
}

/**
 * The work center is the one that the work order has, if the plan names it; else a member of its pool; else the first one that
 * does not take a secondary place. A text says why that cannot be.
 * @param assigned rows of the work order's secondary work centers; null = this Odoo has none
 */
export function stepResources(
  context: WriteContext,
  current: number | undefined,
  resources: readonly PostedResource[],
  assigned: Assigned | null,
): StepResources | string {
  const table = context.table('mrp.workcenter');
  const others = (workcenter: number | undefined) => ({
    workcenter,
    others: resources.filter(({ id }, at) => id !== workcenter && resources.findIndex((one) => one.id === id) === at),
  });
  const named = resources.some(({ id }) => id === current);
  if (resources.length === 0 || (named && assigned === null)) return { workcenter: current, others: [] };
  for (const { id, name } of resources) {
    if (id === current) continue;
    const row = table.get(id);
    if (!row) return `work center "${name || id}" is not in Odoo`;
    if (row.active === false) return `work center "${nameOf(row)}" is archived in Odoo`;
  }
  if (named) return others(current);
  const pool = (id: number | undefined) => (id === undefined ? undefined : link(table.get(id), 'owner'));
  const free = resources.filter(({ id }) => placeOf(context, id, assigned?.rows ?? []) === undefined);
  const chosen =
    free.find(({ id }) => current !== undefined && pool(id) === current) ??
    free.find(({ id }) => pool(id) !== undefined && pool(id) === pool(current)) ??
    free[0];
  return others(chosen?.id ?? current);
}

/** The row of a secondary work center that a resource stands in or may take: its own, its pool's, or that of the same pool. */
function placeOf(context: WriteContext, id: number, assigned: readonly OdooRow[]): OdooRow | undefined {
  const table = context.table('mrp.workcenter');
  const own = assigned.find((row) => link(row, 'workcenter_id') === id);
  const pool = link(table.get(id), 'owner');
  if (own || pool === undefined) return own;
  return assigned.find((row) => {
    const there = link(row, 'workcenter_id');
    return there === pool || (there !== undefined && link(table.get(there), 'owner') === pool);
  });
}

/** What makes the secondary work centers of a work order those of the plan. Others that Odoo has chosen stay. */
export function secondaryCommands(
  context: WriteContext,
  { record, owner, workorder }: { record: RecordName; owner: string; workorder: OdooRow },
  others: readonly PostedResource[],
  assigned: Assigned | null,
): { updates: UpdateCommand[]; additions: AdditionCommand[] } {
  const updates: UpdateCommand[] = [];
  const additions: AdditionCommand[] = [];
  // What stands where it is planned does so first; only the rest takes places of its pool.
  const standing = new Set(others.map(({ id }) => id));
  let places = [...(assigned?.rows ?? [])].filter((row) => !standing.has(link(row, 'workcenter_id') ?? 0));
  const there = new Set((assigned?.rows ?? []).map((row) => link(row, 'workcenter_id')));
  for (const { id, quantity } of assigned === null ? [] : others) {
    if (there.has(id)) continue;
    const what = `${nameOf(workorder)}: with work center ${nameOf(context.table('mrp.workcenter').get(id))}`;
    const command = { records: [record], name: owner, what };
    const place = placeOf(context, id, places);
    if (place) {
      places = places.filter((row) => row !== place);
      const model = isOwnRow(place) ? OWN_SECONDARY : SECONDARY;
      updates.push({ ...command, model, id: Math.abs(place.id), values: { workcenter_id: id }, context: {}, stage: 1 });
      continue;
    }
    const duration = clean((quantity ?? 0) * number(workorder, 'duration_expected'));
    additions.push({
      ...command,
      model: assigned?.model ?? SECONDARY,
      values: { workorder_id: workorder.id, workcenter_id: id, duration },
    });
  }
  return { updates, additions };
}
