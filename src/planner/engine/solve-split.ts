// A split: the quantity is divided over the operations by percentage. When one of them can do only a part, all get less.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { findFlow, isProducer } from './build-operations.ts';
import type { Operation } from './network.ts';
import { createFlowLoads, createOpplan, place } from './opplan.ts';
import type { Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { checkOrder, solveOperation } from './solve-operation.ts';
import type { Solver } from './solver.ts';

export function solveSplit(solver: Solver, operation: Operation): void {
  const { net } = solver;
  const s = solver.s;
  const date = s.qDate;
  const asked = s.qQty;
  const { buffer, demand, batch } = s;
  const previousOwner = s.owner;
  const flowQuantity = (o: Operation): number => {
    if (buffer === null) return 0;
    const f = findFlow(o, buffer, date);
    return f !== null && isProducer(f) ? f.quantity : 0;
  };
  const topPer = buffer === null ? 1 : flowQuantity(operation);
  const parts = operation.steps.filter((x) => x.priority !== 0 && date >= x.start && date < x.end);
  const percent = parts.reduce((sum, x) => sum + x.priority, 0);
  if (percent === 0) throw new Error(`No operation is effective for split operation '${operation.name}'`);
  let quantity = asked;
  let top: Opplan | null = null;
  for (let recheck = true, tries = 0; recheck && tries < 50; tries++) {
    const mark = solver.bookmark();
    top = createOpplan(net, operation, {
      quantity: topPer > 0 ? asked / topPer : asked,
      start: INFINITE_PAST,
      end: date,
      batch,
      demand,
      owner: previousOwner,
    });
    if (previousOwner === null) solver.undo.push(top);
    recheck = false;
    let plannedPercent = 0;
    let planned = 0;
    for (const step of [...parts].reverse()) {
      const per = flowQuantity(step.operation) + topPer;
      const share = ((quantity - planned) * step.priority) / (percent - plannedPercent) / (per || 1);
      // lot sizes of the others can have made more than their share already
      if (share <= 0) continue;
      s.qQty = share;
      s.qDate = date;
      s.qDateMax = date;
      s.demand = null;
      s.owner = top;
      s.buffer = null;
      solveOperation(solver, step.operation);
      if (s.aQty === 0 || s.aQty <= share - EPSILON) {
        recheck = s.aQty > 0;
        quantity = s.aQty > 0 ? (quantity * s.aQty) / share : 0;
        solver.rollback(mark);
        top = null;
        break;
      }
      planned += s.aQty * per;
      plannedPercent += step.priority;
    }
  }
  if (quantity > 0 && top !== null) {
    s.qQty = top.quantity;
    s.qDate = date;
    createFlowLoads(net, top);
    if (top.flowplans.length > 0 || top.loadplans.length > 0) checkOrder(solver, top);
    else place(net, top);
  }
  s.owner = previousOwner;
  s.aQty = quantity;
  if (quantity > 0) s.aDate = INFINITE_FUTURE;
}
