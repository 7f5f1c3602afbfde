// Orders that wait for others: each order gets predecessors, existing ones that nobody waits for yet, then new ones.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { remember } from './move-approved.ts';
import type { Dependency, Operation } from './network.ts';
import { unlink } from './opplan.ts';
import { byStart, type Opplan, type OpplanDependency } from './order.ts';
import { EPSILON } from './profile.ts';
import { checkOrder, link, solveOperation } from './solve-operation.ts';
import type { Solver } from './solver.ts';
import { setParameters } from './timing.ts';

/** Whether steps of the routing wait for each other explicitly. */
export function usesDependencies(operation: Operation): boolean {
  return operation.steps.some((s) =>
    s.operation.dependencies.some((d) => d.blockedBy.owner === operation && d.operation.owner === operation),
  );
}

/** Counts how often each predecessor is waited for, so that it is planned once, for the earliest need. */
export function populateDependencies(solver: Solver, operation: Operation): void {
  for (const d of operation.dependencies) {
    if (d.operation !== operation) continue;
    const known = solver.dependencies.get(d.blockedBy);
    if (known !== undefined) known.count++;
    else {
      solver.dependencies.set(d.blockedBy, { count: 1, date: INFINITE_FUTURE });
      populateDependencies(solver, d.blockedBy);
    }
  }
  for (const s of operation.steps) {
    const isFinal = operation.kind !== 'routing' || !s.operation.dependencies.some((d) => d.blockedBy === s.operation);
    if (isFinal) populateDependencies(solver, s.operation);
  }
}

/** How much a predecessor gives to the order that waits for it. */
export function allocated(d: OpplanDependency): number {
  const need = d.dependency === null ? d.second.quantity : d.second.quantity * d.dependency.quantity;
  return Math.min(need, d.first.quantity);
}

interface Wait {
  incomplete: boolean;
  quantity: number;
  /** When the order could end at the earliest. */
  next: number;
}

export function checkDependencies(solver: Solver, o: Opplan): Wait | null {
  const needs = o.operation.dependencies.filter((d) => d.operation === o.operation && d.quantity > 0);
  if (needs.length === 0) return null;
  if (solver.dependencies.size === 0) populateDependencies(solver, o.operation);
  let quantity = o.quantity;
  for (const d of needs) {
    const wait = checkDependency(solver, o, d);
    if (wait === null) continue;
    if (wait.incomplete) return wait;
    quantity = wait.quantity;
  }
  return { incomplete: false, quantity, next: INFINITE_FUTURE };
}

function checkDependency(solver: Solver, o: Opplan, d: Dependency): Wait | null {
  const s = solver.s;
  const needed = o.start - d.hardSafety;
  const wished = d.safety > d.hardSafety ? o.start - d.safety : needed;
  s.qDate = wished;
  const known = solver.dependencies.get(d.blockedBy);
  if (known !== undefined) {
    if (known.count > 1) {
      known.count--;
      known.date = Math.min(known.date, s.qDate);
      return null;
    }
    s.qDate = Math.min(s.qDate, known.date);
    solver.dependencies.delete(d.blockedBy);
  }
  const required = o.quantity * d.quantity;
  let got = 0;
  for (const e of o.dependencies) if (e.second === o && e.first.operation === d.blockedBy) got += e.first.quantity;
  const askDate = s.qDate;
  for (const first of [...d.blockedBy.opplans].sort(byStart)) {
    if (required <= got + EPSILON) break;
    if (o.batch !== '' && first.batch !== o.batch) continue;
    let free = first.quantity;
    for (const e of first.dependencies) if (e.first === first) free -= allocated(e);
    if (free <= EPSILON) continue;
    if (first.end > needed && solver.isConstrained && solver.constrained) {
      const refuse = waitFor(solver, o, first, d, needed, wished);
      if (refuse !== null) return refuse;
    }
    link(first, o, d);
    const made = o.dependencies[0] as OpplanDependency;
    solver.undo.push(() => unlink(made));
    got = Math.min(got + free, required);
  }
  if (required <= got + EPSILON) return { incomplete: false, quantity: o.quantity, next: INFINITE_FUTURE };
  return planPredecessor(solver, o, d, { required, got, askDate, needed });
}

function waitFor(solver: Solver, o: Opplan, first: Opplan, d: Dependency, needed: number, wished: number): Wait | null {
  const s = solver.s;
  const movable = !first.locked && solver.net.options.moveApprovedEarly !== 0;
  let end = first.end;
  if (movable) {
    const mark = solver.bookmark();
    remember(solver, first);
    setParameters(solver.net, first, first.quantity, INFINITE_PAST, wished, true, true, false, false);
    solver.push(first.quantity, wished, false);
    checkOrder(solver, first);
    solver.pop(false);
    if (first.end <= needed && first.quantity > 0) return null;
    end = first.end;
    solver.rollback(mark);
  }
  const at = setParameters(
    solver.net,
    o,
    o.quantity,
    Math.max(end, first.end),
    INFINITE_PAST,
    true,
    false,
    false,
    false,
  );
  const refuse = at.end + d.hardSafety;
  solver.logConstraint({
    kind: 'await',
    owner: first.operation,
    operation: first.operation,
    start: o.start,
    end: refuse,
  });
  s.aDate = refuse;
  return { incomplete: true, quantity: 0, next: refuse };
}

function planPredecessor(
  solver: Solver,
  o: Opplan,
  d: Dependency,
  { required, got: already, askDate, needed }: { required: number; got: number; askDate: number; needed: number },
): Wait {
  const s = solver.s;
  let got = already;
  const { owner, buffer } = s;
  const sameRouting = d.blockedBy.owner !== null && d.blockedBy.owner === d.operation.owner;
  let date = askDate;
  const size = o.quantity;
  try {
    for (let tries = 0; tries < 100; tries++) {
      const mark = solver.bookmark();
      const wanted = required - got;
      s.qQty = wanted;
      s.qDate = date;
      s.qDateMax = date;
      s.blocked = o;
      s.dependency = d;
      s.buffer = null;
      s.owner = sameRouting ? owner : null;
      solveOperation(solver, d.blockedBy);
      if (s.aQty < EPSILON) {
        // the soft time between the two may be given up
        if (d.safety > d.hardSafety && s.aDate <= needed && s.aDate > date) {
          date = s.aDate;
          solver.rollback(mark);
          continue;
        }
        const start = s.aDate + d.hardSafety;
        s.aDate = start;
        solver.dependencies.clear();
        if (start >= INFINITE_FUTURE) return { incomplete: true, quantity: 0, next: INFINITE_FUTURE };
        // a predecessor in the same routing that failed has left it without quantity
        const at = setParameters(solver.net, o, size, start, INFINITE_PAST, true, false, false, false);
        return { incomplete: true, quantity: 0, next: at.end };
      }
      if (!sameRouting && wanted - s.aQty > EPSILON) {
        got += s.aQty;
        continue;
      }
      return { incomplete: false, quantity: (s.aQty + got) / d.quantity, next: INFINITE_FUTURE };
    }
  } finally {
    s.owner = owner;
    s.buffer = buffer;
  }
  return { incomplete: false, quantity: got / d.quantity, next: INFINITE_FUTURE };
}
