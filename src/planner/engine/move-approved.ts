// Approved orders may be moved earlier to meet a requirement, when the plan allows it.
import { INFINITE_PAST } from '../model.ts';
import { flowToOrderDate } from './flows.ts';
import type { Buffer } from './network.ts';
import { place, unplace, update } from './opplan.ts';
import type { FlowPlan, Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { checkOrder } from './solve-operation.ts';
import type { Solver } from './solver.ts';
import { type OpplanState, setParameters, stateOf } from './timing.ts';

/** Tries the first approved receipt after `date`. Null: there is none. */
export function moveApprovedEarlier(
  solver: Solver,
  b: Buffer,
  date: number,
): { ok: true; quantity: number } | { ok: false; date: number } | null {
  let found: FlowPlan | null = null;
  for (const f of b.flowplans) {
    if (f.quantity > 0 && f.date > date && f.opplan.approved && (found === null || f.date < found.date)) found = f;
  }
  if (found === null) return null;
  const { quantity } = found;
  const order = found.opplan;
  const s = solver.s;
  const mark = solver.bookmark();
  const steps =
    order.owner !== null && order.owner.operation.kind === 'routing' ? [...order.owner.subs].reverse() : [order];
  let end = flowToOrderDate(solver.net, found.flow, order, date);
  const { requireFull } = s;
  for (const step of steps) {
    remember(solver, step);
    setParameters(solver.net, step, step.quantity, INFINITE_PAST, end, true, true, false, false);
    s.requireFull = true;
    solver.push(step.quantity, end, false);
    solver.s.keepAssignments = solver.net.options.moveApprovedEarly === 1 ? step : null;
    checkOrder(solver, step);
    solver.pop(true);
    s.requireFull = requireFull;
    if (s.aQty <= EPSILON) {
      const { aDate } = s;
      solver.rollback(mark);
      return { ok: false, date: aDate };
    }
    end = step.start;
  }
  return { ok: true, quantity };
}

/** Puts the order back on rollback. */
export function remember(solver: Solver, o: Opplan): void {
  const state: OpplanState = stateOf(o);
  const resources = o.loadplans.map((l) => l.resource);
  solver.undo.push(() => {
    unplace(o);
    o.start = state.start;
    o.end = state.end;
    o.setupEnd = state.setupEnd;
    o.quantity = state.quantity;
    o.loadplans.forEach((l, i) => {
      l.resource = resources[i] ?? l.resource;
    });
    place(solver.net, o);
    update(solver.net, o);
  });
}
