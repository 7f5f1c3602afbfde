// Lead times: nothing may start before now, or before the operation's fence. The answer to an order that would have to
// is when it can end at the earliest.
import { INFINITE_PAST } from '../model.ts';
import { singles, skillPriority, workTimeOf } from './capacity-time.ts';
import type { Resource } from './network.ts';
import { dropSetup, setResource } from './opplan.ts';
import type { LoadPlan, Opplan } from './order.ts';
import { setQuantity } from './sizing.ts';
import { EPSILON, isLeadTimeConstrained, type Solver } from './solver.ts';
import { restore, setEnd, setParameters, setStart, stateOf } from './timing.ts';
import { forward } from './worktime.ts';

/** The earliest start: now, moved by the fence in working time. */
export function earliestStart(solver: Solver, o: Opplan): number {
  const { current } = solver.net;
  const fence = o.operation.fence;
  if (fence === 0) return current;
  const span = forward(workTimeOf(solver.net, o.operation, o), current, fence);
  return fence > 0 ? span.end : span.start;
}

/**
 * Whether the order starts late enough. When not, its quantity becomes 0 and the state's answer is its earliest end.
 * `pools` tries other members of the pools it loads, which may be faster.
 */
export function checkLeadTime(solver: Solver, o: Opplan, pools: boolean): boolean {
  if (!solver.constrained || !isLeadTimeConstrained(solver, o.operation)) return true;
  const threshold = earliestStart(solver, o);
  if (o.start >= threshold) return true;
  const s = solver.s;
  const original = stateOf(o);
  const choices = pools && s.keepAssignments !== o ? poolChoices(solver, o, threshold, original.start) : [];
  if (choices.length > 0) {
    const fits = combinations(solver, choices, (assign) => {
      if (solver.net.hasSetups) dropSetup(o);
      restore(solver.net, o, original);
      assign();
      setEnd(solver.net, o, s.qDate);
      return o.start >= threshold;
    });
    if (fits) return true;
  }
  s.aQty = 0;
  const least = Math.max(s.qQtyMin, o.operation.sizeMinimum);
  if (o.quantity + EPSILON < least) setQuantity(solver.net, o, least, false);
  if (choices.length > 0) {
    let earliest = Infinity;
    combinations(solver, choices, (assign) => {
      restore(solver.net, o, original);
      assign();
      setStart(solver.net, o, threshold, false);
      earliest = Math.min(earliest, o.end);
      return false;
    });
    s.aDate = earliest;
  } else {
    setParameters(solver.net, o, o.quantity, threshold, INFINITE_PAST, true, true, false, false);
    s.aDate = o.end;
  }
  const operation = o.operation.inRouting ? o.operation.owner : o.operation;
  if (operation !== null && operation.kind !== 'delivery') {
    solver.logConstraint({ kind: 'leadtime', owner: operation, operation, start: original.start, end: o.start });
  }
  setQuantity(solver.net, o, 0, false);
  return false;
}

type Choice = { loadplan: LoadPlan; members: Resource[] };

function poolChoices(_solver: Solver, o: Opplan, threshold: number, start: number): Choice[] {
  const choices: Choice[] = [];
  for (const loadplan of o.loadplans) {
    const load = loadplan.load;
    if (load === null || !load.resource.isGroup) continue;
    const members = singles(load.resource).filter(
      (r) =>
        (load.skill === '' || skillPriority(r, load.skill, threshold, threshold) >= 0) && r.efficiencyAt(start) > 0,
    );
    if (members.length > 0) choices.push({ loadplan, members });
  }
  return choices;
}

/** Tries all assignments until one is good; at most a few hundred, for pools of pools. */
function combinations(solver: Solver, choices: Choice[], good: (assign: () => void) => boolean): boolean {
  const index = choices.map(() => 0);
  for (let tries = 0; tries < 500; tries++) {
    const done = good(() => {
      choices.forEach((c, i) => {
        setResource(solver.net, c.loadplan, c.members[index[i] as number] as Resource);
      });
    });
    if (done) return true;
    let i = index.length - 1;
    for (; i >= 0; i--) {
      index[i] = (index[i] as number) + 1;
      if ((index[i] as number) < (choices[i] as Choice).members.length) break;
      index[i] = 0;
    }
    if (i < 0) return false;
  }
  return false;
}
