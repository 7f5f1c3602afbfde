// Alternates: the first in order of priority that can, or the cheapest. First those that are valid at the date and whose
// lot sizes suit the quantity, then the others.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { findFlow, isProducer } from './build-operations.ts';
import { flowToOrderDate, orderToFlowDate } from './flows.ts';
import type { Buffer, Demand, Flow, Operation, Step } from './network.ts';
import { createFlowLoads, createOpplan, place } from './opplan.ts';
import type { Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { checkOrder, solveOperation } from './solve-operation.ts';
import type { Solver } from './solver.ts';

export function solveAlternate(solver: Solver, operation: Operation): void {
  const usable = operation.steps.filter((x) => x.priority !== 0);
  const only = usable[0];
  if (usable.length === 1 && only !== undefined && only.start <= INFINITE_PAST && only.end >= INFINITE_FUTURE) {
    solveOperation(solver, only.operation);
    return;
  }
  new AlternateSearch(solver, operation).run();
}

interface Best {
  step: Step;
  flow: Flow | null;
  value: number;
  quantity: number;
  date: number;
  acceptPartial: boolean;
}

class AlternateSearch {
  private readonly solver: Solver;
  private readonly operation: Operation;
  private readonly date: number;
  private readonly asked: number;
  private readonly least: number;
  private readonly buffer: Buffer | null;
  private readonly demand: Demand | null;
  private readonly batch: string;
  private readonly owner: Opplan | null;
  private left: number;
  private next = INFINITE_FUTURE;
  private first: { step: Step; flow: Flow | null } | null = null;

  constructor(solver: Solver, operation: Operation) {
    const s = solver.s;
    this.solver = solver;
    this.operation = operation;
    this.date = s.qDate;
    this.asked = s.qQty;
    this.left = s.qQty;
    this.least = s.qQtyMin;
    this.buffer = s.buffer;
    this.demand = s.demand;
    this.batch = s.batch;
    this.owner = s.owner;
  }

  run(): void {
    const { solver, operation } = this;
    const s = solver.s;
    const { constrained, logConstraints, acceptPartial } = solver;
    const noted = solver.constraints?.length ?? 0;
    solver.constrained = true;
    if (operation.search === 'PRIORITY') this.byPriority();
    else this.byCost(acceptPartial);
    if (this.left < EPSILON || !logConstraints) solver.popConstraints(noted);
    if (!constrained && Math.abs(this.asked - this.left) < EPSILON && this.first !== null) this.unconstrained();
    s.aQty = this.asked - this.left;
    s.aDate = this.next;
    s.qQtyMin = this.least;
    if (s.aQty === 0 && s.aDate <= this.date) s.aDate = this.date + solver.options.lazydelay;
    solver.constrained = constrained;
    solver.logConstraints = logConstraints;
    if (s.aQty > 0) s.aCost += s.aQty * operation.cost;
    s.owner = this.owner;
    solver.brokenPath = false;
  }

  /** Alternates that suit first, then the others. */
  private ordered(): { step: Step; suits: boolean }[] {
    const all = this.operation.steps.filter((x) => x.priority !== 0).map((step) => ({ step, suits: this.suits(step) }));
    return [...all.filter((x) => x.suits), ...all.filter((x) => !x.suits)];
  }

  private suits(step: Step): boolean {
    if (this.date < step.start || this.date >= step.end) return false;
    const { kind, sizeMinimum, sizeMaximum } = step.operation;
    if (kind === 'purchase' || kind === 'distribution') return true;
    return this.asked >= sizeMinimum && this.asked <= sizeMaximum;
  }

  private byPriority(): void {
    const { solver } = this;
    const s = solver.s;
    for (const { step, suits } of this.ordered()) {
      // as long as an alternate gives something it is asked for the rest
      for (let tries = 0; tries < 1000 && this.left > 0; tries++) {
        const mark = solver.bookmark();
        const { acceptPartial } = solver;
        solver.acceptPartial = false;
        this.ask(step, suits, (asked, date) => this.rejectPartial(step, asked, date));
        if (acceptPartial) solver.acceptPartial = true;
        if (s.aQty < EPSILON) {
          solver.rollback(mark);
          break;
        }
        this.left -= s.aQty;
        if (this.left < EPSILON) {
          this.left = 0;
          return;
        }
      }
    }
  }

  /** A part of the quantity counts only when the operation allows no more at a time. */
  private rejectPartial(step: Step, asked: number, date: number): void {
    const { solver } = this;
    const s = solver.s;
    if (!(s.aQty > EPSILON && s.aQty <= asked - EPSILON) || solver.acceptPartial) return;
    let most = step.operation.sizeMaximum;
    if (most < Infinity) {
      const { sizeMultiple } = step.operation;
      if (sizeMultiple > 0) most = Math.floor(most / sizeMultiple) * sizeMultiple;
      if (Math.abs(most - s.aQty) < EPSILON) return;
    }
    s.aQty = 0;
    s.aDate = date + solver.options.lazydelay;
  }

  private byCost(acceptPartial: boolean): void {
    const { solver } = this;
    const s = solver.s;
    while (this.left > 0) {
      let best: Best | null = null;
      for (const { step, suits } of this.ordered()) {
        const mark = solver.bookmark();
        const { aCost, aPenalty } = s;
        solver.acceptPartial = false;
        let cost = 0;
        let penalty = 0;
        const asked = this.ask(step, suits, () => {
          cost = s.aCost - aCost;
          penalty = s.aPenalty - aPenalty;
        });
        s.aCost = aCost;
        s.aPenalty = aPenalty;
        if (s.aQty > EPSILON) {
          const value = this.value(cost, penalty) / s.aQty;
          if (
            best === null ||
            value + EPSILON < best.value ||
            (Math.abs(value - best.value) < EPSILON && s.aQty > best.quantity)
          ) {
            best = {
              step,
              flow: asked.flow,
              value,
              quantity: s.aQty,
              date: asked.date,
              acceptPartial: solver.acceptPartial,
            };
          }
        }
        solver.rollback(mark);
      }
      if (best === null) return;
      this.plan(best.step, best.flow, best.date, this.left);
      solver.acceptPartial = acceptPartial || best.acceptPartial;
      if (s.aQty < EPSILON) return;
      if (s.aDate < this.next && s.aDate > best.date) this.next = s.aDate;
      this.left -= s.aQty;
      if (this.left < EPSILON) this.left = 0;
    }
  }

  private value(cost: number, penalty: number): number {
    switch (this.operation.search) {
      case 'MINCOST':
        return cost;
      case 'MINPENALTY':
        return penalty;
      default:
        return cost + penalty;
    }
  }

  /** Asks one alternate for what is left. `answered` sees the answer in the alternate's own units. */
  private ask(
    step: Step,
    suits: boolean,
    answered: (asked: number, date: number) => void,
  ): { flow: Flow | null; date: number } {
    const { solver } = this;
    const s = solver.s;
    const date = !suits && this.date > step.end ? step.end : this.date;
    const flow = this.flowOf(step, date);
    this.first ??= { step, flow };
    const { aCost } = s;
    if (this.date < step.start) {
      s.aQty = 0;
      s.aDate = step.start;
      s.aCost = aCost;
      const operation = step.operation.inRouting ? step.operation.owner : step.operation;
      if (operation !== null) {
        solver.logConstraint({ kind: 'leadtime', owner: operation, operation, start: this.date, end: step.start });
      }
    } else {
      this.plan(step, flow, date, this.left, answered);
      if (s.aQty < EPSILON && s.aDate > step.end) s.aDate = INFINITE_FUTURE;
    }
    if (s.aDate < INFINITE_FUTURE && flow !== null && flow.offset !== 0 && s.aQty < EPSILON) {
      s.aDate = orderToFlowDate(solver.net, flow, null, s.aDate);
    }
    if (s.aDate < this.next && s.aDate > date) this.next = s.aDate;
    return { flow, date };
  }

  /** The flow into the buffer that asks, on the alternate or on one of its steps. */
  private flowOf(step: Step, date: number): Flow | null {
    if (this.buffer === null) return null;
    let flow = findFlow(step.operation, this.buffer, date);
    if (flow !== null && !isProducer(flow)) flow = null;
    if (step.operation.kind === 'routing') {
      for (const sub of step.operation.steps) {
        const f = findFlow(sub.operation, this.buffer, date);
        if (f !== null && isProducer(f)) flow = f;
      }
    }
    return flow;
  }

  /** Plans a quantity on an alternate: the order of the alternative, and below it that of the operation. */
  private plan(
    step: Step,
    flow: Flow | null,
    date: number,
    quantity: number,
    answered?: (asked: number, date: number) => void,
  ): void {
    const { solver, operation } = this;
    const { net } = solver;
    const s = solver.s;
    const top = createOpplan(net, operation, {
      quantity,
      start: INFINITE_PAST,
      end: date,
      batch: this.batch,
      demand: this.demand,
      owner: this.owner,
    });
    if (this.owner === null) solver.undo.push(top);
    s.qDate = date;
    s.qDateMax = date;
    s.demand = null;
    s.owner = top;
    s.buffer = null;
    s.batch = this.batch;
    const per = flow?.quantity ?? 1;
    const fixed = flow?.fixed ?? 0;
    s.qQty = flow === null ? quantity : per === 0 || quantity < fixed + EPSILON ? 0.001 : (quantity - fixed) / per;
    s.qQtyMin =
      flow === null ? this.least : per === 0 || this.least < fixed + EPSILON ? 0.001 : (this.least - fixed) / per;
    if (flow !== null && flow.offset !== 0) {
      s.qDate = flowToOrderDate(net, flow, null, date);
      s.qDateMax = s.qDate;
    }
    const asked = s.qQty;
    const askedDate = s.qDate;
    solveOperation(solver, step.operation);
    answered?.(asked, askedDate);
    if (s.aQty > EPSILON) {
      s.qQty = s.aQty;
      s.qDate = this.date;
      s.qDateMax = this.date;
      createFlowLoads(net, top);
      if (top.flowplans.length > 0 || top.loadplans.length > 0) checkOrder(solver, top);
      else place(net, top);
      if (flow !== null && s.aQty > EPSILON) s.aQty = fixed + s.aQty * per;
    } else s.aQty = 0;
    s.owner = this.owner;
  }

  /** Without constraints the first alternate does it, whatever its dates say. */
  private unconstrained(): void {
    const { solver, first } = this;
    const s = solver.s;
    if (first === null) return;
    solver.constrained = false;
    solver.logConstraints = false;
    for (let tries = 0; tries < 1000 && this.left > EPSILON; tries++) {
      this.plan(first.step, first.flow, this.date, this.left);
      if (s.aQty <= 0) break;
      this.left -= s.aQty;
    }
    this.left = 0;
    s.aDate = this.date;
  }
}
