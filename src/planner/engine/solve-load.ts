// Which resource carries a load: alternates by priority or cost, members of a pool, people with a skill.
import { INFINITE_FUTURE } from '../model.ts';
import { hasAlternateLoads, primaryLoad } from './build-operations.ts';
import { valueAt } from './calendar.ts';
import { singles, skillPriority } from './capacity-time.ts';
import { timeLoad } from './movements.ts';
import type { Load, Resource } from './network.ts';
import { dropSetup, setResource } from './opplan.ts';
import type { LoadPlan, Opplan } from './order.ts';
import { setQuantity } from './sizing.ts';
import { solveResource } from './solve-resource.ts';
import { EPSILON, type Solver } from './solver.ts';
import { type OpplanState, restore, setEnd, stateOf } from './timing.ts';
import { sharedToolLoads } from './tools.ts';

export function solveLoad(solver: Solver, load: Load): void {
  const l = solver.s.loadplan as LoadPlan;
  if ((!hasAlternateLoads(load) && primaryLoad(load) === null) || l.confirmed) {
    chooseResource(solver, load);
    return;
  }
  alternates(solver, load);
}

/** What an alternate costs in the way that counts for the choice. */
function worthOf(load: Load, cost: number, penalty: number, quantity: number, priority: number): number {
  switch (load.search) {
    case 'MINCOST':
      return cost / quantity;
    case 'MINPENALTY':
      return penalty / quantity;
    case 'MINCOSTPENALTY':
      return (cost + penalty) / quantity;
    default:
      return priority;
  }
}

function askResource(solver: Solver, l: LoadPlan, resource: Resource): void {
  const s = solver.s;
  timeLoad(solver.net, l);
  s.loadplan = l;
  s.qQty = -l.quantity;
  s.qDate = l.end;
  solveResource(solver, resource);
}

function chooseResource(solver: Solver, load: Load): void {
  const s = solver.s;
  const l = s.loadplan as LoadPlan;
  const o = l.opplan;
  const tool = sharedToolLoads(l, load)[0]?.resource;
  if (tool !== undefined) {
    const { end } = o;
    setResource(solver.net, l, tool);
    setEnd(solver.net, o, end);
    askResource(solver, l, tool);
    return;
  }
  if ((load.skill === '' && !load.resource.isGroup) || l.confirmed || o === s.keepAssignments) {
    solveResource(solver, l.resource);
    return;
  }
  const { constrained, logConstraints } = solver;
  solver.constrained = true;
  solver.logConstraints = false;
  const original = stateOf(o);
  const qDate = s.qDate;
  const cost = s.aCost;
  const penalty = s.aPenalty;
  let best: { resource: Resource; state: OpplanState; value: number; quantity: number } | null = null;
  let first: { resource: Resource; state: OpplanState } | null = null;
  let next = INFINITE_FUTURE;
  let qualified = false;
  const candidates = singles(load.resource).sort(
    (a, b) => b.efficiency - a.efficiency || (a.name < b.name ? 1 : a.name > b.name ? -1 : 0),
  );
  for (const resource of candidates) {
    const priority = load.skill === '' ? 0 : skillPriority(resource, load.skill, original.start, original.end);
    if (priority < 0 || (load.skill !== '' && priority === 0)) continue;
    qualified = true;
    if (load.resource.isGroup && solver.net.options.individualPool && earlierLoadOn(l, resource)) continue;
    restore(solver.net, o, original);
    setResource(solver.net, l, resource);
    if (resource.toolPerPiece && load.quantity !== 0) {
      // no more pieces at a time than there are tools
      timeLoad(solver.net, l);
      const most = resource.maximum === null ? Infinity : valueAt(resource.maximum, l.start);
      if (l.quantity > most + EPSILON) {
        setQuantity(solver.net, o, most / load.quantity, true);
        if (o.quantity === 0) continue;
        if (s.qQtyMin > o.quantity) {
          s.forceAccept = true;
          s.qQtyMin = o.quantity;
        }
      }
    }
    setEnd(solver.net, o, original.end);
    first ??= { resource, state: stateOf(o) };
    const mark = solver.bookmark();
    askResource(solver, l, resource);
    solver.rollback(mark);
    if (s.aQty > EPSILON && o.quantity > 0) {
      const value = worthOf(load, s.aCost - cost, s.aPenalty - penalty, o.quantity, priority);
      s.aCost = cost;
      s.aPenalty = penalty;
      if (
        best === null ||
        value + EPSILON < best.value ||
        (Math.abs(value - best.value) < EPSILON && o.quantity > best.quantity)
      ) {
        best = { resource, state: stateOf(o), value, quantity: o.quantity };
      }
    }
    if (s.aDate < next) next = s.aDate;
  }
  solver.constrained = constrained;
  solver.logConstraints = logConstraints;
  if (!qualified) throw new Error(`No resource of '${load.resource.name}' has the skill '${load.skill}'`);
  if (best !== null) {
    s.aCost = cost;
    s.aPenalty = penalty;
    switchTo(solver, l, best.resource, best.state);
    solver.constrained = true;
    solver.logConstraints = false;
    askResource(solver, l, best.resource);
    solver.constrained = constrained;
    solver.logConstraints = logConstraints;
    return;
  }
  if (!constrained && first !== null) {
    switchTo(solver, l, first.resource, first.state);
    timeLoad(solver.net, l);
    s.aQty = l.quantity;
    s.aDate = l.end;
    return;
  }
  s.aDate = Math.max(next, qDate);
  s.aQty = 0;
  solver.logConstraint({
    kind: 'capacity',
    owner: load.resource,
    operation: load.operation,
    start: original.start,
    end: original.end,
  });
}

function earlierLoadOn(l: LoadPlan, resource: Resource): boolean {
  for (const other of l.opplan.loadplans) {
    if (other === l) return false;
    if (other.resource === resource) return true;
  }
  return false;
}

function switchTo(solver: Solver, l: LoadPlan, resource: Resource, state: OpplanState): void {
  if (l.resource !== resource || l.opplan.quantity === 0) {
    dropSetup(l.opplan);
    restore(solver.net, l.opplan, state);
    setResource(solver.net, l, resource);
  } else restore(solver.net, l.opplan, state);
}

function alternates(solver: Solver, load: Load): void {
  const s = solver.s;
  const l = s.loadplan as LoadPlan;
  const o: Opplan = l.opplan;
  const primary = primaryLoad(load) ?? load;
  const choices = load.operation.loads
    .filter((x) => x.name === primary.name && x.priority !== 0 && l.end >= x.start && l.end < x.end)
    .sort((a, b) => a.priority - b.priority || a.resource.efficiency - b.resource.efficiency);
  const { constrained, logConstraints } = solver;
  solver.constrained = true;
  solver.logConstraints = false;
  const original = stateOf(o);
  const cost = s.aCost;
  const penalty = s.aPenalty;
  let next = INFINITE_FUTURE;
  let best: { load: Load; value: number; quantity: number } | null = null;
  const accept = (): void => {
    solver.constrained = constrained;
    solver.logConstraints = logConstraints;
  };
  for (const choice of choices) {
    setLoad(solver, l, choice);
    setQuantity(solver.net, o, original.quantity, false);
    setEnd(solver.net, o, original.end);
    const mark = solver.bookmark();
    askResource(solver, l, l.resource);
    if (s.aQty > EPSILON && o.quantity > 0) {
      const deltaCost = s.aCost - cost;
      const deltaPenalty = s.aPenalty - penalty;
      if (load.search === 'PRIORITY' || (deltaCost < EPSILON && deltaPenalty < EPSILON)) {
        accept();
        return;
      }
      s.aCost = cost;
      s.aPenalty = penalty;
      const value = worthOf(load, deltaCost, deltaPenalty, o.quantity, 0);
      if (
        best === null ||
        value + EPSILON < best.value ||
        (Math.abs(value - best.value) < EPSILON && o.quantity > best.quantity)
      ) {
        best = { load: choice, value, quantity: o.quantity };
      }
    }
    solver.rollback(mark);
    if (s.aDate < next) next = s.aDate;
  }
  const first = choices[0];
  if (!constrained && best === null && first !== undefined) {
    solver.constrained = false;
    best = { load: first, value: 0, quantity: 0 };
  }
  if (best !== null) {
    s.aCost = cost;
    s.aPenalty = penalty;
    setLoad(solver, l, best.load);
    restore(solver.net, o, original);
    setEnd(solver.net, o, original.end);
    askResource(solver, l, l.resource);
    accept();
    return;
  }
  s.aDate = next;
  s.aQty = 0;
  accept();
  if (first !== undefined) {
    solver.logConstraint({
      kind: 'capacity',
      owner: first.resource,
      operation: load.operation,
      start: original.start,
      end: original.end,
    });
  }
}

function setLoad(solver: Solver, l: LoadPlan, load: Load): void {
  if (l.load === load) return;
  l.load = load;
  setResource(solver.net, l, load.resource);
}
