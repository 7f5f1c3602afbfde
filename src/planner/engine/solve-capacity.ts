// Capacity of all resources of an order together: each may move it, and then the others are asked again.
import { INFINITE_FUTURE } from '../model.ts';
import { timeLoad } from './movements.ts';
import type { Opplan } from './order.ts';
import { setQuantity } from './sizing.ts';
import { solveLoad } from './solve-load.ts';
import type { Solver } from './solver.ts';

/** Finds room for the order on its resources. Without room its quantity becomes 0 and the answer says when there is some. */
export function checkCapacity(solver: Solver, o: Opplan): void {
  const s = solver.s;
  let count = 0;
  for (const l of o.loadplans)
    if (l.resource.constrained && l.load !== null && l.load.quantity + l.load.fixed !== 0) count++;
  if (count === 0) return;
  const { logConstraints } = solver;
  const { forceLate } = s;
  const latest = s.qDateMax;
  let delayed = false;
  let recheck = false;
  let start: number;
  let end: number;
  for (let round = 1; ; round++) {
    start = o.start;
    end = o.end;
    recheck = false;
    let first = true;
    for (const l of o.loadplans) {
      if (o.start !== start || o.end !== end) break;
      timeLoad(solver.net, l);
      if (l.load === null || l.quantity === 0) {
        first = false;
        continue;
      }
      s.opplan = o;
      s.loadplan = l;
      s.qQty = -l.quantity;
      s.qDate = l.end;
      solveLoad(solver, l.load);
      if (o.start !== start || o.end !== end || s.aQty === 0) {
        if (s.aQty === 0) {
          if (s.aDate >= INFINITE_FUTURE) {
            solver.logConstraints = logConstraints;
            s.forceLate = forceLate;
            if (o.quantity > 0) setQuantity(solver.net, o, 0, false);
            return;
          }
          // one resource is late: the others must not pull the order in again
          s.forceLate = true;
          delayed = true;
        } else if (first) {
          start = o.start;
          end = o.end;
        }
        if (!first && s.aQty !== 0) recheck = true;
      }
      first = false;
    }
    solver.logConstraints = false;
    if (round >= 20) {
      if (solver.constrained && solver.capacityConstrained) s.aQty = 0;
      s.aDate = Math.max(s.aDate, latest) + solver.options.minimumdelay;
      break;
    }
    const moved = Math.abs(o.start - start) > 1 || Math.abs(o.end - end) > 1;
    if (!(count > 1 && moved && solver.constrained && ((s.aQty === 0 && s.aDate < latest) || recheck))) break;
  }
  solver.logConstraints = logConstraints;
  s.forceLate = forceLate;
  if ((delayed || s.forceLate) && s.aQty > 0) s.aQty = 0;
  if (s.aQty === 0 && o.quantity > 0) setQuantity(solver.net, o, 0, false);
}
