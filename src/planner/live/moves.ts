// What-if moves on the planned network: made one after the other, told with all that followed and the problems that came of it, and
// put back. No I/O.

import { moveOrder, type Obstacle } from '../engine/move.ts';
import type { Network, Operation, Resource } from '../engine/network.ts';
import { type Opplan, STATUS_NAMES } from '../engine/order.ts';
import { choicesOf as loadChoices, openJournal } from '../engine/place-order.ts';
import { allOrders, family, isScaffold, orderOutput, type References, unitOf } from '../output/orders.ts';
import { problemOutputs } from '../output/problems.ts';
import { english, type Sentence, sentence } from '../output/sentence.ts';
import type { ChangedOrder, Choices, MoveProblem, MovesAnswer, MoveWish } from './protocol.ts';

/** @param references of the orders that the plan has */
export function openMoves(net: Network, references: References): (moves: readonly MoveWish[]) => MovesAnswer {
  const byReference = new Map<string, Opplan>();
  for (const o of allOrders(net)) byReference.set(references(o), o);

  return (moves) => {
    const journal = openJournal(net);
    const lost: MovesAnswer['lost'] = [];
    const chosen = new Set<Opplan>();
    let changed: ChangedOrder[];
    let touched: Network;
    let after: MoveProblem[];
    try {
      moves.forEach((wish, move) => {
        const reason = makeMove(wish);
        if (reason !== null) lost.push({ move, reason: english(reason, net.current), sentence: reason });
      });
      const units = new Set([...journal.before.keys()].map(unitOf));
      changed = [...units].flatMap((unit) => changedOf(unit));
      touched = partOf(net, [...units]);
      after = [...problemOutputs(touched, references)].map(rounded);
    } finally {
      journal.back();
    }
    const before = [...problemOutputs(touched, references)].map(rounded);
    const known = new Set(before.map((one) => one.text));
    const left = new Set(after.map(({ kind, object, name }) => `${kind}\n${object}\n${name}`));
    return {
      changed,
      problems: after.filter((one) => !known.has(one.text)),
      solved: before.filter(({ kind, object, name }) => !left.has(`${kind}\n${object}\n${name}`)),
      lost,
    };

    function makeMove({ reference, start, from, to }: MoveWish): Sentence | null {
      const order = byReference.get(reference);
      if (order === undefined) return sentence('The plan has no order {order} any more.', { order: reference });
      const fromResource = from === null ? undefined : net.resources.get(from);
      const toResource = to === null ? undefined : net.resources.get(to);
      if (to !== null && (toResource === undefined || fromResource === undefined))
        return sentence('There is no resource {resource}.', { resource: to });
      const resource =
        fromResource !== undefined && toResource !== undefined && fromResource !== toResource
          ? { from: fromResource, to: toResource }
          : null;
      const own = openJournal(net);
      const obstacle = moveOrder(net, own, { order, start, resource });
      if (obstacle === null) {
        chosen.add(order);
        journal.join(own);
        return null;
      }
      own.back();
      return obstacleSaid(obstacle);
    }

    function changedOf(unit: Opplan): ChangedOrder[] {
      const members = family(unit).filter((o) => !isScaffold(o));
      const isChanged = members.some((o) => {
        const was = journal.before.get(o);
        return (
          was !== undefined &&
          (was.start !== o.start ||
            was.end !== o.end ||
            was.loads.some(({ resource }, i) => resource !== o.loadplans[i]?.resource))
        );
      });
      return isChanged ? members.map(changeOf) : [];
    }

    function changeOf(o: Opplan): ChangedOrder {
      const out = orderOutput(o, references);
      const was = journal.before.get(o);
      const steps = o.subs.map((s): { start: number; end: number } => journal.before.get(s) ?? s);
      const names = (list: readonly { resource: Resource }[]) => list.map(({ resource }) => resource.name);
      const status = was === undefined ? out.status : (STATUS_NAMES[was.status] ?? out.status);
      return {
        reference: out.reference,
        type: out.type,
        item: out.item,
        location: out.location,
        operation: out.operation,
        owner: out.owner,
        demand: out.demand,
        supplier: out.supplier,
        origin: out.origin,
        batch: out.batch,
        quantity: out.quantity,
        status,
        start: Math.round(o.start),
        end: Math.round(o.end),
        resources: names(o.loadplans),
        was: {
          start: Math.round(steps.length > 0 ? Math.min(...steps.map((s) => s.start)) : (was?.start ?? o.start)),
          end: Math.round(steps.length > 0 ? Math.max(...steps.map((s) => s.end)) : (was?.end ?? o.end)),
          resources: names(was?.loads ?? o.loadplans),
        },
        chosen: chosen.has(o) || o.subs.some((s) => chosen.has(s)),
      };
    }
  };
}

function obstacleSaid(obstacle: Obstacle): Sentence {
  switch (obstacle.kind) {
    case 'confirmed':
      return sentence('It is confirmed: its dates are not the plan’s to change.');
    case 'not used':
      return sentence('It does not use {resource}.', { resource: obstacle.resource.name });
    case 'not able':
      return sentence('{resource} cannot do it.', { resource: obstacle.resource.name });
    case 'no time':
      return sentence('There is no working time for it then.');
    case 'no time for a step':
      return sentence('There is no working time for one of its steps then.');
  }
}

function rounded(one: MoveProblem): MoveProblem {
  return { ...one, start: Math.round(one.start), end: Math.round(one.end) };
}

/** Buffers, resources, demands and operations that these orders touch. */
function partOf(net: Network, units: readonly Opplan[]): Network {
  const all = units.flatMap(family);
  const named = <T extends { name: string }>(list: readonly T[]) => new Map(list.map((one) => [one.name, one]));
  const operations: Operation[] = all.flatMap((o) => (isScaffold(o) ? [] : [o.operation]));
  return {
    ...net,
    buffers: named(all.flatMap((o) => o.flowplans.map(({ buffer }) => buffer))),
    // the old ones too: what is taken off them solves problems
    resources: named(
      all.flatMap((o) => o.loadplans.flatMap((l) => [l.resource, ...loadChoices(l).map((c) => c.resource)])),
    ),
    demands: named(all.flatMap((o) => o.demand ?? [])),
    operations: named(operations),
    invalid: [],
  };
}

/** Of each operation that has a choice, the resources that can stand in for each other. */
export function choicesOf(net: Network): Choices {
  const operations: Choices['operations'] = {};
  for (const operation of net.operations.values()) {
    const [some] = operation.opplans;
    if (some === undefined || operation.loads.length === 0) continue;
    const groups = some.loadplans
      .map((l) => [...new Set(loadChoices(l).map(({ resource }) => resource.name))])
      .filter((group) => group.length > 1);
    if (groups.length > 0) operations[operation.name] = groups;
  }
  return { operations };
}
