// All orders of a posted plan -> commands, by type. Duplicates within the document are refused, steps of new orders joined to them.
import { type Commands, noCommands } from './commands.ts';
import { manufacturingCommands } from './manufacturing-commands.ts';
import type { PostedManufacturing, PostedOrder, PostedType, PostedWorkOrder } from './posted.ts';
import { promiseCommands } from './promise-commands.ts';
import { purchaseCommands } from './purchase-commands.ts';
import { transferCommands } from './transfer-commands.ts';
import { workorderCommands } from './workorder-commands.ts';
import { billOf, type WriteContext } from './write-context.ts';

export function planCommands(context: WriteContext, posted: readonly PostedOrder[]): Commands {
  const commands = noCommands();
  const orders = withoutTwins(posted, commands);
  const of = <T extends PostedType>(type: T) =>
    orders.filter((order): order is Extract<PostedOrder, { type: T }> => order.type === type);
  const { makes, steps } = joinSteps(of('MO'), of('WO'), commands);
  purchaseCommands(context, of('PO'), commands);
  manufacturingCommands(context, makes, new Set(steps.map(({ owner }) => owner)), commands);
  workorderCommands(context, steps, commands);
  transferCommands(context, of('DO'), commands);
  promiseCommands(context, of('SO'), commands);
  return commands;
}

/** The same order twice in a document is one order; without a reference, equal orders are distinct. */
function withoutTwins(posted: readonly PostedOrder[], commands: Commands): PostedOrder[] {
  const seen = new Map<string, number>();
  const kept: PostedOrder[] = [];
  for (const order of posted) {
    const { index, ...content } = order;
    if (order.reference === '') {
      const text = JSON.stringify(content);
      const before = seen.get(text) ?? 0;
      seen.set(text, before + 1);
      // The key of an order without a name counts how many like it came before.
      kept.push(before === 0 ? order : { ...order, reference: `#${before + 1}` });
      continue;
    }
    const product = 'product' in order ? order.product : 0;
    const key = JSON.stringify([order.type, order.reference, product]);
    if (seen.has(key)) {
      const { reference, type, item } = order;
      commands.refusals.push({
        index,
        reference,
        type,
        item,
        reason: `the document holds ${type} "${reference}" twice; the first one is taken`,
      });
      continue;
    }
    seen.set(key, 1);
    kept.push(order);
  }
  return kept;
}

/** Work orders whose owner is an order that this document makes. */
function joinSteps(
  makes: readonly PostedManufacturing[],
  steps: readonly PostedWorkOrder[],
  commands: Commands,
): { makes: PostedManufacturing[]; steps: PostedWorkOrder[] } {
  const fresh = new Map(
    makes.filter(({ change, reference }) => !change && reference !== '').map((order) => [order.reference, order]),
  );
  const rest: PostedWorkOrder[] = [];
  const joined = new Map<PostedManufacturing, PostedWorkOrder[]>();
  for (const step of steps) {
    const owner = fresh.get(step.owner);
    if (owner && billOf(step.operation) !== undefined) {
      joined.set(owner, [...(joined.get(owner) ?? []), step]);
      const { index, reference, type, item } = step;
      const note = `goes with manufacturing order ${owner.reference} of this document`;
      commands.settled.push({
        record: { index, reference, type, item },
        outcome: 'skipped',
        model: 'mrp.production',
        id: null,
        name: owner.reference,
        note,
      });
    } else rest.push(step);
  }
  return {
    steps: rest,
    makes: makes.map((order) => {
      const more = joined.get(order);
      if (!more) return order;
      const added = more.map(({ operation, start, end, resources }) => ({
        operation,
        id: billOf(operation)!,
        start,
        end,
        resources,
      }));
      return { ...order, steps: [...order.steps, ...added] };
    }),
  };
}
