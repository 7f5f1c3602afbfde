// Orders that deliver in transfer batches: large enough for the largest shortage, early enough for the first one.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { workTimeOf } from './capacity-time.ts';
import type { Buffer, Flow } from './network.ts';
import { place } from './opplan.ts';
import type { Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import type { Solver } from './solver.ts';
import { setParameters } from './timing.ts';
import { between, forward } from './worktime.ts';

export function placeTransferBatch(solver: Solver, o: Opplan, b: Buffer, flow: Flow): void {
  const { net } = solver;
  const s = solver.s;
  let worst = -EPSILON;
  let date = INFINITE_FUTURE;
  b.stock.scan(s.qDate, (t, value) => {
    if (value < worst) {
      worst = value;
      date = t;
    }
    return true;
  });
  if (date < INFINITE_FUTURE) {
    const size = flow.quantity === 0 || -worst < flow.fixed + EPSILON ? 0.001 : (-worst - flow.fixed) / flow.quantity;
    setParameters(net, o, size, INFINITE_PAST, date, true, true, false, false);
  }
  place(net, o);
  for (let tries = 0; tries < 100; tries++) {
    const short = b.stock.nextBelow(INFINITE_PAST, -EPSILON);
    if (short === Infinity) return;
    const missing = b.stock.at(short);
    let made = 0;
    const parts = o.flowplans.filter((f) => f.flow === flow && f.date > short).sort((x, y) => x.date - y.date);
    const enough = parts.find((f) => {
      made += f.quantity;
      return missing + made >= -EPSILON;
    });
    if (enough === undefined) return;
    const work = workTimeOf(net, o.operation, o);
    const delta = between(work, short, enough.date).actual;
    const earlier = forward(work, o.start, -delta);
    if (earlier.start >= o.start || earlier.start <= INFINITE_PAST) return;
    setParameters(net, o, o.quantity, earlier.start, INFINITE_PAST, false, true, false, false);
  }
}
