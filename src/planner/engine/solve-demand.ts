// One demand: asked for on its due date, then, as long as it is not possible, at the next date that promises something.
// Partial deliveries down to the minimum shipment; groups that must be delivered together.
import { INFINITE_FUTURE } from '../model.ts';
import { deliveryOperation } from './build.ts';
import { dropExcess, makesSomething } from './excess.ts';
import { rememberLate } from './improve.ts';
import type { Demand, DemandGroup, Operation } from './network.ts';
import { EPSILON } from './profile.ts';
import { solveOperation } from './solve-operation.ts';
import { MFG_LEADTIME, PO_LEADTIME, type Solver } from './solver.ts';

const DAY = 86_400;

/** A demand, or a group whose members are planned together. */
export interface Task {
  demands: Demand[];
  /** The group, when its members depend on each other. */
  group: DemandGroup | null;
  name: string;
  priority: number;
  due: number;
  quantity: number;
  /** Planned after all firm demands. */
  tentative: boolean;
}

export function taskOf(demands: Demand[], group: DemandGroup | null): Task {
  const first = demands[0];
  return {
    demands,
    group,
    name: group?.name ?? first?.name ?? '',
    priority: Math.min(...demands.map((d) => d.priority)),
    due: Math.min(...demands.map((d) => d.due)),
    quantity: group === null ? (first?.quantity ?? 0) : 0,
    tentative: ['quote', 'inquiry'].includes(group?.status ?? first?.status ?? 'open'),
  };
}

/** Order of planning: firm before tentative, then priority, due date, quantity, name. */
export function byUrgency(a: Task, b: Task): number {
  if (a.tentative !== b.tentative) return a.tentative ? 1 : -1;
  return a.priority - b.priority || a.due - b.due || a.quantity - b.quantity || (a.name < b.name ? -1 : 1);
}

export function solveTask(solver: Solver, task: Task): void {
  const { group } = task;
  const lines = task.demands.filter((d) => {
    if (d.quantity - d.planned() <= EPSILON || d.due >= INFINITE_FUTURE) return false;
    // a rest that was given up and is too small for a shipment stays given up
    if (solver.givenUp.has(d) && d.quantity - d.planned() < d.minShipment - EPSILON) return false;
    if (d.status === 'open' || d.status === 'quote') return true;
    return group !== null && d.status === 'inquiry' && group.status === 'inquiry';
  });
  if (lines.length === 0) return;
  for (const d of lines) d.constraints.length = 0;
  const together = group !== null && group.policy === 'alltogether';
  let date = task.due;
  for (;;) {
    let next = date;
    let buster: Demand | null = null;
    const mark = solver.bookmark();
    for (const d of lines) {
      const line = new Line(solver, d, date, together);
      line.run();
      if (together && line.failed) {
        buster = d;
        next = line.date;
        break;
      }
    }
    if (!together) return;
    if (buster === null) {
      dropExcess(solver);
      solver.commit();
      return;
    }
    solver.rollback(mark);
    for (const d of lines) {
      if (d === buster) continue;
      d.constraints.length = 0;
      d.constraints.push({
        kind: 'sync',
        owner: buster,
        operation: null,
        text: `Demand '${d.name}' is synchronized with ${buster.name}`,
        start: d.due,
        end: d.due,
        keep: true,
      });
    }
    if (next >= INFINITE_FUTURE || next <= date) return;
    date = next;
  }
}

class Line {
  private readonly solver: Solver;
  private readonly d: Demand;
  private readonly asked: number;
  private readonly together: boolean;
  private readonly least: number;
  private readonly operation: Operation;
  private left: number;
  /** The date of the next attempt. */
  date: number;
  /** The second time that the demand is planned: it is not given up again. */
  private readonly patient: boolean;
  /** Of a group: this line made the date impossible. */
  failed = false;
  private best: { quantity: number; answer: number; date: number } | null = null;

  constructor(solver: Solver, d: Demand, date: number, together: boolean) {
    this.solver = solver;
    this.d = d;
    this.date = date;
    this.asked = date;
    this.patient = solver.givenUp.has(d);
    this.together = together;
    this.left = Math.max(d.quantity - d.planned(), d.minShipment);
    this.least = together ? this.left : d.minShipment;
    const operation = deliveryOperation(solver.net, d);
    if (operation === null) throw new Error(`Demand '${d.name}' can't be planned`);
    this.operation = operation;
  }

  run(): void {
    const { solver, d } = this;
    solver.logConstraints = solver.options.plantype === 1;
    solver.push(0, this.date, false);
    solver.s.requireFull = false;
    this.noteOverdue();
    const limit = Math.min(d.due + d.maxLateness, INFINITE_FUTURE);
    do {
      if (!this.attempt()) break;
    } while (
      this.left > EPSILON &&
      !this.failed &&
      (solver.options.plantype === 2 && solver.constrained ? this.date === this.asked : this.date < limit)
    );
    this.takeBest();
    solver.pop(false);
    const latest = Math.max(...d.deliveries.map((o) => o.end));
    if (d.deliveries.length > 0 && latest <= d.due && d.planned() >= d.quantity - EPSILON) d.constraints.length = 0;
  }

  private noteOverdue(): void {
    const { solver, d } = this;
    if (d.due >= solver.net.current || (solver.options.constraints & (MFG_LEADTIME + PO_LEADTIME)) === 0) return;
    d.constraints.push({
      kind: 'overdue',
      owner: d,
      operation: null,
      text: 'Demand is overdue',
      start: d.due,
      end: solver.net.current,
      keep: true,
    });
  }

  /** Puts the question to the delivery operation. */
  private ask(quantity: number, date: number, coordination: boolean): void {
    const { solver, d } = this;
    const s = solver.s;
    s.buffer = null;
    s.qQty = quantity;
    s.qQtyMin = this.least;
    s.forceAccept = false;
    s.keepAssignments = null;
    s.forceLate = false;
    s.qDate = date;
    s.qDateMax = date;
    s.demand = d;
    s.owner = null;
    s.batch = d.batch;
    s.dependency = null;
    s.blocked = null;
    s.flowplan = null;
    solver.brokenPath = false;
    solver.constraints = d.constraints;
    solver.coordination = coordination;
    solver.acceptPartial = false;
    solver.recentBuffers.length = 0;
    solver.dependencies.clear();
    solveOperation(solver, this.operation);
  }

  /** One date. False: nothing more can be done. */
  private attempt(): boolean {
    const { solver, least } = this;
    const s = solver.s;
    const mark = solver.bookmark();
    const { date } = this;
    let asked = this.left;
    this.ask(this.left, date, false);
    let next = s.aDate;
    const { brokenPath } = solver;
    if (s.aQty < EPSILON && this.left > least && least > 0 && !this.together) {
      const found = this.largestPossible(mark, date, next);
      asked = found.asked;
      next = found.next;
    }
    const rest = this.left - s.aQty;
    const answered = s.aQty > EPSILON;
    const refused =
      s.aQty < EPSILON ||
      (!s.forceAccept && s.aQty + EPSILON < least) ||
      (!s.forceAccept && rest < least && s.aQty < this.left - EPSILON);
    if (!refused) return this.accept(mark, date, asked);
    if (rest < least && s.aQty + EPSILON >= least && answered && s.aQty > (this.best?.answer ?? 0)) {
      // what would be left over is too small for a shipment: perhaps there is a better answer later
      this.best = { quantity: asked, answer: s.aQty, date };
    }
    this.date = this.nextDate(date, next, rest, answered, brokenPath);
    if (this.together) this.failed = true;
    solver.rollback(mark);
    return true;
  }

  private nextDate(date: number, next: number, rest: number, answered: boolean, brokenPath: boolean): number {
    const { lazydelay, minimumdelay } = this.solver.options;
    if (answered && rest < this.least && rest > EPSILON) {
      if (brokenPath) return INFINITE_FUTURE;
      return makesSomething(this.solver) || next < date + lazydelay ? date + lazydelay : next;
    }
    if (next <= date || answered) return date + lazydelay;
    return Math.max(next, date + minimumdelay);
  }

  /** The full quantity is not possible: the largest one that is, between the minimum shipment and it. */
  private largestPossible(mark: number, date: number, first: number): { asked: number; next: number } {
    const { solver, d, least } = this;
    const s = solver.s;
    const { logConstraints } = solver;
    solver.logConstraints = false;
    let next = first;
    let asked = this.left;
    const attempt = (quantity: number): void => {
      solver.rollback(mark);
      this.ask(quantity, date, false);
      if (s.aDate < next) next = s.aDate;
    };
    attempt(least);
    if (s.aQty > EPSILON) {
      let low = least;
      let high = this.left;
      while (high - low > 0.01 * d.quantity && high - low > 1) {
        let middle = Math.floor((low + high) / 2);
        if (middle === low) {
          middle++;
          if (middle > high) break;
        }
        attempt(middle);
        if (s.aQty > EPSILON) low = middle;
        else high = middle;
      }
      asked = low;
      if (s.aQty <= EPSILON) attempt(low);
    }
    solver.logConstraints = logConstraints;
    return { asked, next };
  }

  private accept(mark: number, date: number, asked: number): boolean {
    const { solver } = this;
    const s = solver.s;
    let planned = s.aQty;
    if (s.aQty + EPSILON < asked) {
      // only a part is possible: plan just that, so that no component is made for the rest
      const answer = s.aQty;
      solver.rollback(mark);
      planned = this.coordinate(answer, date);
      if (planned === 0) {
        // what was possible as a test is not possible alone
        solver.rollback(mark);
        if (!this.patient && !this.together) {
          solver.givenUp.add(this.d);
          return false;
        }
        this.date = date + solver.options.lazydelay;
        if (this.together) this.failed = true;
        return true;
      }
    }
    if (solver.takesExpired(mark)) {
      solver.rollback(mark);
      this.date = date + solver.options.lazydelay;
      if (this.together) this.failed = true;
      return true;
    }
    if (!this.together) this.commit();
    this.left -= planned;
    this.best = null;
    return true;
  }

  private coordinate(quantity: number, from: number): number {
    const { solver } = this;
    const s = solver.s;
    let date = from;
    let flag = true;
    let tries = 7;
    let planned = 0;
    for (let rest = quantity; rest > EPSILON; ) {
      this.ask(rest, date, flag);
      if (s.aQty < EPSILON) {
        if (flag) flag = false;
        else if (tries-- > 0) {
          flag = true;
          date -= DAY;
        } else break;
      } else {
        flag = true;
        planned += s.aQty;
        rest -= s.aQty;
      }
    }
    return planned;
  }

  /** No better answer came: take the one that was put aside. */
  private takeBest(): void {
    const { solver, best } = this;
    if (best === null || !solver.constrained || this.together) return;
    for (let rest = best.quantity; rest > EPSILON && rest > this.least; ) {
      this.ask(rest, best.date, true);
      if (solver.s.aQty < EPSILON) break;
      rest -= solver.s.aQty;
    }
    if (solver.takesExpired(0)) solver.rollback(0);
    else this.commit();
  }

  private commit(): void {
    const { solver, d } = this;
    dropExcess(solver);
    rememberLate(solver, d);
    solver.commit();
  }
}
