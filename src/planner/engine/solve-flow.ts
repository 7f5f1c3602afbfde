// One component of an order: its buffer is asked; with alternates, one buffer after the other in order of priority.
import { INFINITE_FUTURE } from '../model.ts';
import { hasAlternates, primaryOf } from './build-operations.ts';
import { setFlow, setFlowQuantity } from './flows.ts';
import type { Flow } from './network.ts';
import type { FlowPlan } from './order.ts';
import { EPSILON } from './profile.ts';
import { solveBuffer } from './solve-buffer.ts';
import type { Solver } from './solver.ts';

export function solveFlow(solver: Solver, flow: Flow): void {
  if (hasAlternates(flow)) {
    alternates(solver, flow);
    return;
  }
  const s = solver.s;
  const g = s.flowplan as FlowPlan;
  const least = s.qQtyMin;
  s.qQty = wantedBy(g);
  s.qQtyMin = -flow.fixed - least * flow.quantity;
  s.qDate = g.date;
  if (s.qQty !== 0) {
    askBuffer(solver, g);
    // after its end of validity the flow consumes nothing any more
    if (s.aDate > flow.end) s.aDate = flow.end;
  } else {
    s.aDate = s.qDate;
    s.aQty = 0;
  }
  s.qQtyMin = least;
}

/** A part of what a transfer batch takes is no answer: a smaller order would still take its first part at the same moment. */
function askBuffer(solver: Solver, g: FlowPlan): void {
  const s = solver.s;
  const { requireFull } = s;
  s.requireFull ||= g.flow.isTransfer;
  solveBuffer(solver, g.buffer);
  s.requireFull = requireFull;
}

/** What the movement takes; of a transfer batch, all parts together. */
function wantedBy(g: FlowPlan): number {
  if (!g.flow.isTransfer) return -g.quantity;
  let sum = 0;
  for (const f of g.opplan.flowplans) if (f.flow === g.flow) sum -= f.quantity;
  return sum;
}

function alternates(solver: Solver, flow: Flow): void {
  const s = solver.s;
  const g = s.flowplan as FlowPlan;
  const { net } = solver;
  const primary = primaryOf(flow) ?? flow;
  // of equal priority the last one declared is asked first
  const choices = flow.operation.flows
    .filter((f) => f.name === primary.name && f.priority !== 0 && g.date >= f.start && g.date < f.end)
    .reverse()
    .sort((a, b) => a.priority - b.priority);
  const { constrained, logConstraints } = solver;
  solver.constrained = true;
  let firstQuantity = 0;
  let next = INFINITE_FUTURE;
  choices.forEach((choice, i) => {
    if (next < 0) return;
    s.flowplan = g;
    setFlow(net, g, choice);
    if (i === 0) firstQuantity = -wantedBy(g);
    solver.logConstraints = i === 0 ? logConstraints : false;
    const least = s.qQtyMin;
    s.qQtyMin = -choice.fixed - least * choice.quantity;
    const asked = wantedBy(g);
    s.qQty = asked;
    s.qDate = g.date;
    const mark = solver.bookmark();
    askBuffer(solver, g);
    s.qQtyMin = least;
    if (s.aQty > EPSILON) {
      if (s.aQty < asked - EPSILON) {
        setFlowQuantity(net, g, -s.aQty, true);
        s.aQty = wantedBy(g);
      }
      if (s.aQty > EPSILON) {
        solver.acceptPartial = true;
        next = -1;
        return;
      }
      setFlowQuantity(net, g, -asked, false);
    }
    solver.rollback(mark);
    if (s.aDate < next) next = s.aDate;
  });
  solver.logConstraints = logConstraints;
  solver.constrained = constrained;
  solver.brokenPath = false;
  if (next < 0) return;
  const first = choices[0];
  if (!constrained && first !== undefined) {
    setFlow(net, g, first);
    s.flowplan = g;
    setFlowQuantity(net, g, firstQuantity, true);
    s.qQty = wantedBy(g);
    s.qDate = g.date;
    solveBuffer(solver, first.buffer);
    s.aQty = wantedBy(g);
  } else {
    s.aDate = next;
    s.aQty = 0;
  }
}
