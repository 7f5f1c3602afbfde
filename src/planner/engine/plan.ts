// The planning run: safety stock, demands in order of urgency, purchases anew, clean-up; or, without constraints, one
// sweep level by level. Pure computation: the same network and options give the same plan.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { combineBatches } from './batches.ts';
import { deliveryOperation } from './build.ts';
import { cleanUp, removeWhole } from './excess.ts';
import { improveLate } from './improve.ts';
import { type Buffer, byName, type Demand, type Network, type Operation } from './network.ts';
import { EPSILON } from './profile.ts';
import { pullEarlier } from './pull.ts';
import { maskShortages } from './shortages.ts';
import { solveBuffer } from './solve-buffer.ts';
import { byUrgency, solveTask, type Task, taskOf } from './solve-demand.ts';
import { solveOperation } from './solve-operation.ts';
import { Solver, type SolverOptions } from './solver.ts';

export interface RunHooks {
  /** 0 to 1; called often, so it must be quick. Throwing stops the run. */
  progress?(part: number, step: string): void;
}

/** Plans the network in place. */
export function planNetwork(net: Network, options: SolverOptions, hooks: RunHooks = {}): Solver {
  const solver = new Solver(net, options);
  const unmask = maskShortages(net);
  if (options.constraints === 0) unconstrainedPlan(solver, hooks);
  else demandByDemand(solver, hooks);
  unmask();
  return solver;
}

function demandByDemand(solver: Solver, hooks: RunHooks): void {
  const { net, options } = solver;
  const tasks = tasksOf(net).sort(byUrgency);
  solver.constrained = options.plantype === 1;
  hooks.progress?.(0, 'safety stock');
  safetyStock(solver, true);
  solver.safetyStock = false;
  solver.shortagesOnly = false;
  tasks.forEach((task, i) => {
    hooks.progress?.(i / tasks.length, 'demands');
    guarded(solver, () => solveTask(solver, task), task.demands);
  });
  // what was given up comes after all others, so that nobody is worse off for it
  for (const task of tasks) {
    if (task.demands.some((d) => solver.givenUp.has(d))) guarded(solver, () => solveTask(solver, task), task.demands);
  }
  pullEarlier(solver);
  improveLate(solver, hooks);
  hooks.progress?.(1, 'purchases');
  for (const b of [...solver.purchaseBuffers].sort(byName)) replanPurchases(solver, b);
  solver.purchaseBuffers.clear();
  safetyStock(solver, false);
  combineBatches(net);
  cleanUp(solver);
}

/** An error with one demand or buffer is noted with it, and the run goes on. */
function guarded(solver: Solver, action: () => void, demands: Demand[] = []): void {
  const { constrained, logConstraints } = solver;
  try {
    action();
  } catch (error) {
    if (
      !(error instanceof Error) ||
      error instanceof TypeError ||
      error instanceof RangeError ||
      error.name === 'AbortError'
    )
      throw error;
    solver.rollback(0);
    solver.reset();
    solver.constrained = constrained;
    solver.logConstraints = logConstraints;
    for (const d of demands) {
      d.constraints.length = 0;
      d.constraints.push({
        kind: 'invalid',
        owner: d,
        operation: null,
        text: `Error: ${error.message}`,
        start: d.due,
        end: d.due,
        keep: true,
      });
    }
  }
}

/** Demands to plan; members of a group that belongs together are one task. */
function tasksOf(net: Network): Task[] {
  const tasks: Task[] = [];
  for (const d of net.demands.values()) {
    if (d.group !== null && d.group.policy !== 'independent') continue;
    if (d.quantity > 0 && (d.status === 'open' || d.status === 'quote')) tasks.push(taskOf([d], null));
  }
  for (const g of net.groups.values()) {
    if (g.policy === 'independent' || g.members.length === 0) continue;
    if (g.status === 'open' || g.status === 'quote' || g.status === 'inquiry') tasks.push(taskOf(g.members, g));
  }
  return tasks;
}

function ask(solver: Solver, b: Buffer): void {
  const s = solver.s;
  s.buffer = null;
  s.qQty = -1;
  s.qDate = INFINITE_PAST;
  s.aCost = 0;
  s.aPenalty = 0;
  s.aQty = 0;
  s.demand = null;
  s.owner = null;
  s.blocked = null;
  s.dependency = null;
  s.flowplan = null;
  s.batch = b.batch;
  s.requireFull = false;
  solver.constraints = null;
  solver.coordination = false;
  guarded(solver, () => {
    solveBuffer(solver, b);
    solver.commit();
  });
}

function safetyStock(solver: Solver, firstPass: boolean): void {
  const buffers = [...solver.net.buffers.values()]
    .filter((b) => !b.infinite && b.producing && (b.minimum !== null || b.flowplans.length > 0))
    .sort((a, b) => Math.max(a.level, 0) - Math.max(b.level, 0) || byName(a, b));
  for (const b of buffers) {
    // later only what is still missing in the end
    if (!firstPass && b.shelf === null && b.net.last() >= -EPSILON) continue;
    solver.safetyStock = true;
    solver.shortagesOnly = false;
    ask(solver, b);
  }
  solver.safetyStock = false;
}

/** Purchases were made demand by demand; made again by date, they combine better. */
function replanPurchases(solver: Solver, b: Buffer): void {
  const producing = b.producing;
  if (!producing) return;
  for (const f of [...b.flowplans]) {
    const o = f.opplan;
    if (f.quantity > 0 && f.slot >= 0 && o.proposed && o.demand === null && isOf(o.operation, producing))
      removeWhole(solver.net, o);
  }
  solver.safetyStock = true;
  solver.shortagesOnly = false;
  ask(solver, b);
}

function isOf(operation: Operation, producing: Operation): boolean {
  return operation === producing || producing.steps.some((s) => s.operation === operation);
}

function unconstrainedPlan(solver: Solver, hooks: RunHooks): void {
  const { net, options } = solver;
  solver.propagate = false;
  solver.batchGrouping = true;
  solver.constrained = true;
  for (const d of net.demands.values()) deliver(solver, d);
  solver.shortagesOnly = false;
  const levels = Math.max(net.levels, 0);
  for (let level = -1; level <= levels; level++) {
    hooks.progress?.((level + 1) / (levels + 2), 'levels');
    for (const b of [...net.buffers.values()].filter((x) => x.level === level).sort(byName)) ask(solver, b);
  }
  void options;
  cleanUp(solver);
}

/** Delivers a demand on time, whatever it takes. */
function deliver(solver: Solver, d: Demand): void {
  const inGroup = d.group !== null && d.group.policy !== 'independent';
  const wanted =
    d.status === 'open' || d.status === 'quote' || (d.status === 'inquiry' && inGroup && d.group?.status === 'inquiry');
  if (!wanted || d.quantity <= 0 || d.due >= INFINITE_FUTURE || d.due <= INFINITE_PAST) return;
  const operation = deliveryOperation(solver.net, d);
  if (operation === null) return;
  let due = inGroup ? Math.min(...(d.group?.members ?? []).map((m) => m.due)) : d.due;
  let left = d.quantity - d.planned();
  const s = solver.s;
  while (left > EPSILON) {
    s.buffer = null;
    s.qQty = Math.max(left, d.minShipment);
    s.qDate = due;
    s.qDateMax = due;
    s.aCost = 0;
    s.aPenalty = 0;
    s.demand = d;
    s.owner = null;
    s.blocked = null;
    s.dependency = null;
    s.flowplan = null;
    s.batch = d.batch;
    s.aQty = 0;
    solver.constraints = null;
    solver.dependencies.clear();
    let failed = false;
    guarded(solver, () => {
      failed = true;
      solveOperation(solver, operation);
      solver.commit();
      failed = false;
    });
    if (failed) return;
    left -= s.aQty;
    if (s.aQty === 0) {
      if (s.aDate >= INFINITE_FUTURE || s.aDate <= due) return;
      due = s.aDate;
    }
  }
}
