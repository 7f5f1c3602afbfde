// Posted work orders -> times and work centers of Odoo's work orders (connector.md 3.7, 3.8; F7, F8). Both times are written
// together; the expected duration stays Odoo's.
import { OWN_SECONDARY, SECONDARY, withOwnSecondary } from './addon-records.ts';
import { type AdditionCommand, type Commands, odooStamp, type RecordName, type UpdateCommand } from './commands.ts';
import type { PostedStep, PostedWorkOrder } from './posted.ts';
import { link, type OdooRow, text } from './records.ts';
import { type Assigned, secondaryCommands, stepResources } from './step-resources.ts';
import { fieldNames, nameOf, type WriteContext } from './write-context.ts';

/** States in which a work order can still be planned. */
const OVER = new Set(['done', 'cancel']);

export interface StepTarget {
  record: RecordName;
  /** Name of the manufacturing order. */
  owner: string;
  workorder: OdooRow;
  /** Its secondary work centers; null where Odoo has none. */
  assigned: Assigned | null;
}

export interface StepCommands {
  updates: UpdateCommand[];
  additions: AdditionCommand[];
}

/** Secondary work centers of a work order, as far as they were read; null where no addon keeps them. */
export function assignedOf(context: WriteContext, workorder: number): Assigned | null {
  const rows = (model: string) =>
    context.has(model) ? (context.by(model, 'workorder_id').get(workorder) ?? []) : null;
  return joinAssigned(context, rows(SECONDARY), rows(OWN_SECONDARY));
}

/** Both addons' rows as one list, those of ours with ids below zero. @param theirs null = this Odoo has not their model */
export function joinAssigned(
  context: WriteContext,
  theirs: readonly OdooRow[] | null,
  ours: readonly OdooRow[] | null,
): Assigned | null {
  if (theirs === null && ours === null) return null;
  const poolOf = (id: number | undefined) => link(context.table('mrp.workcenter').get(id ?? 0), 'owner');
  const model = ours === null ? SECONDARY : OWN_SECONDARY;
  return { rows: withOwnSecondary(theirs ?? [], ours ?? [], poolOf), model };
}

/** Commands for one step, none when Odoo has it so already. A text says why it is refused. */
export function stepCommands(
  context: WriteContext,
  { record, owner, workorder, assigned }: StepTarget,
  step: Pick<PostedStep, 'start' | 'end' | 'resources'>,
): StepCommands | string {
  const name = nameOf(workorder);
  if (OVER.has(text(workorder, 'state')))
    return `work order "${name}" is ${text(workorder, 'state') === 'done' ? 'done' : 'cancelled'}`;
  const { start, finish } = fieldNames(context.major);
  const current = link(workorder, 'workcenter_id');
  const chosen = stepResources(context, current, step.resources, assigned);
  if (typeof chosen === 'string') return chosen;
  const { workcenter, others } = chosen;
  const commands: UpdateCommand[] = [];
  const command = { records: [record], model: 'mrp.workorder', id: workorder.id, name: owner };
  if (workcenter !== undefined && workcenter !== current) {
    if (text(workorder, 'state') === 'progress') return `work order "${name}" has begun; its work center cannot change`;
    const to = nameOf(context.table('mrp.workcenter').get(workcenter));
    commands.push({
      ...command,
      values: { workcenter_id: workcenter },
      context: {},
      stage: 1,
      what: `${name}: to work center ${to}`,
    });
  }
  const from = odooStamp(context.zone.toInstant(step.start));
  const until = odooStamp(context.zone.toInstant(step.end));
  const moved = text(workorder, start) !== from || text(workorder, finish) !== until;
  if (moved || commands.length > 0) {
    const times = { values: { [start]: from, [finish]: until }, context: { bypass_duration_calculation: true } };
    commands.push({ ...command, ...times, stage: 2, what: `${name}: ${from} - ${until} UTC` });
    // Planning a step for the first time, Odoo 16 and 17 compute its end anew; the second time it stays as given.
    if (context.major < 18 && link(workorder, 'leave_id') === undefined) {
      commands.push({ ...command, ...times, stage: 3, check: true, what: '' });
    }
  }
  const secondary = secondaryCommands(context, { record, owner, workorder }, others, assigned);
  return { updates: [...commands, ...secondary.updates], additions: secondary.additions };
}

/** Records of existing work orders. `fresh` are references of orders that this document makes; their steps go with them. */
export function workorderCommands(context: WriteContext, orders: readonly PostedWorkOrder[], commands: Commands): void {
  const productions = Map.groupBy(context.table('mrp.production').values(), (row) => text(row, 'name'));
  const steps = context.by('mrp.workorder', 'production_id');
  for (const order of orders) {
    const { index, reference, type, item, owner } = order;
    const record: RecordName = { index, reference, type, item };
    const refuse = (reason: string) => void commands.refusals.push({ ...record, reason });
    const named = productions.get(owner) ?? [];
    const production = named.find((row) => link(row, 'company_id') === context.company) ?? named[0];
    if (!production) {
      refuse(`there is no manufacturing order "${owner}" in Odoo`);
      continue;
    }
    const workorder = findStep(steps.get(production.id) ?? [], order);
    if (!workorder) {
      refuse(`manufacturing order ${owner} has no work order "${reference}" that can still be planned`);
      continue;
    }
    const made = stepCommands(
      context,
      { record, owner, workorder, assigned: assignedOf(context, workorder.id) },
      order,
    );
    if (typeof made === 'string') refuse(made);
    else if (made.updates.length + made.additions.length > 0) {
      commands.updates.push(...made.updates);
      commands.additions.push(...made.additions);
    } else
      commands.settled.push({
        record,
        outcome: 'unchanged',
        model: 'mrp.production',
        id: production.id,
        name: owner,
        note: 'as in Odoo',
      });
  }
}

/** By the id at the end of the operation's name, else by the name that Odoo shows; one that is over is no match by name. */
function findStep(steps: readonly OdooRow[], order: PostedWorkOrder): OdooRow | undefined {
  const id = Number(/(\d{1,9})\s*$/.exec(order.operation)?.[1] ?? 0);
  const byId = steps.find((row) => row.id === id);
  return byId ?? steps.find((row) => nameOf(row) === order.reference && !OVER.has(text(row, 'state')));
}
