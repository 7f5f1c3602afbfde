// Replenishing a buffer for its own sake: safety stock, and everything that is missing when the plan is made level by level.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { firstReceipt } from './autofence.ts';
import type { Buffer } from './network.ts';
import { EPSILON } from './profile.ts';
import { solveOperation } from './solve-operation.ts';
import { MFG_LEADTIME, PO_LEADTIME, type Solver } from './solver.ts';

export function solveSafetyStock(solver: Solver, b: Buffer): void {
  const producing = b.producing;
  if (!producing) return;
  const s = solver.s;
  const profile = b.net;
  const guard = Math.max(solver.net.levels * 2, 30);
  let cursor = INFINITE_PAST;
  let strict = false;
  for (;;) {
    const date = profile.nextBelow(cursor, -EPSILON, strict);
    if (date === Infinity) return;
    let missing = profile.at(date);
    let onhand = b.stock.at(date);
    const maximum = b.maximumAt(date);
    if (maximum > EPSILON && maximum > b.minimumAt(date)) missing -= maximum - b.minimumAt(date);
    let left = guard + (producing.sizeMaximum < Infinity ? Math.ceil(-missing / producing.sizeMaximum) : 0);
    let ask = date;
    const next = profile.next(date);
    while (missing < -EPSILON && --left > 0) {
      if (isAwaited(solver, b, ask, onhand)) break;
      const mark = solver.bookmark();
      askProducer(solver, b, -missing, ask);
      if (s.aQty > EPSILON) {
        missing += s.aQty;
        onhand += s.aQty;
        continue;
      }
      solver.rollback(mark);
      if (s.aDate >= Math.min(next, INFINITE_FUTURE) || s.aDate <= ask) break;
      ask = Math.max(s.aDate, ask + solver.options.minimumdelay);
    }
    cursor = date;
    strict = true;
  }
}

/** Confirmed supply is under way; more is ordered only when the stock would get negative. */
function isAwaited(solver: Solver, b: Buffer, date: number, onhand: number): boolean {
  const { autofence } = solver.net.options;
  const { plantype, constraints } = solver.options;
  if (autofence <= 0) return false;
  if (!(onhand > -EPSILON || plantype === 2 || (constraints & (MFG_LEADTIME + PO_LEADTIME)) === 0)) return false;
  return firstReceipt(b, date, Math.max(date, solver.net.current) + autofence + 1) < INFINITE_FUTURE;
}

function askProducer(solver: Solver, b: Buffer, quantity: number, date: number): void {
  const s = solver.s;
  s.buffer = b;
  s.qQty = quantity;
  s.qDate = date;
  s.owner = null;
  s.qQtyMin = 1;
  s.batch = b.batch;
  s.blocked = null;
  s.dependency = null;
  solver.recentBuffers.length = 0;
  solver.recentBuffers.push(b);
  const { safetyStock, shortagesOnly } = solver;
  solver.safetyStock = false;
  solver.shortagesOnly = true;
  if (b.producing) solveOperation(solver, b.producing);
  solver.safetyStock = safetyStock;
  solver.shortagesOnly = shortagesOnly;
}
