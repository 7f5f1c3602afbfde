// The state of a planning run: what is being asked and answered on the way down the supply chain, the orders being
// tried, and how to take them back. The rules are in the solve-*.ts modules.
import { INFINITE_FUTURE } from '../model.ts';
import { mergeInto } from './merge.ts';
import type { Buffer, Constraint, Demand, Dependency, Network, Operation } from './network.ts';
import { activate, remove } from './opplan.ts';
import type { FlowPlan, LoadPlan, Opplan } from './order.ts';
import { EPSILON } from './profile.ts';
import { isSpoiled } from './shelf-life.ts';

/** Bits of `constraints`. */
export const CAPACITY = 4;
export const MFG_LEADTIME = 16;
export const PO_LEADTIME = 32;

export interface SolverOptions {
  constraints: number;
  plantype: number;
  lazydelay: number;
  minimumdelay: number;
  /** Rounds of a second look at late deliveries; 3 when not given, 0 for none, and nothing pulled earlier either. */
  secondLook?: number;
}

/** One question (quantity and date) and its answer; as many as there are levels of questions within questions. */
export class State {
  qQty = 0;
  qDate = 0;
  /** The latest end that still answers the question. */
  qDateMax = 0;
  qQtyMin = 1;
  loadplan: LoadPlan | null = null;
  flowplan: FlowPlan | null = null;
  opplan: Opplan | null = null;
  owner: Opplan | null = null;
  blocked: Opplan | null = null;
  dependency: Dependency | null = null;
  demand: Demand | null = null;
  buffer: Buffer | null = null;
  batch = '';
  /** Only later capacity may be used from here on. */
  forceLate = false;
  /** A part of the quantity is no answer. */
  requireFull = false;
  forceAccept = false;
  hasBuckets = false;
  keepAssignments: Opplan | null = null;
  aQty = 0;
  aDate = INFINITE_FUTURE;
  aCost = 0;
  aPenalty = 0;
}

/** An order that was made, or how to take a change back. */
export type Undo = Opplan | (() => void);

export class Solver {
  readonly net: Network;
  readonly options: SolverOptions;
  private readonly stack: State[] = [new State()];
  private depth = 0;
  s: State = this.stack[0] as State;
  readonly undo: Undo[] = [];
  constrained = true;
  logConstraints = true;
  constraints: Constraint[] | null = null;
  coordination = false;
  acceptPartial = false;
  brokenPath = false;
  readonly recentBuffers: Buffer[] = [];
  hitMaxSize = false;
  batchGrouping = false;
  shortagesOnly = false;
  safetyStock = false;
  /** Whether orders ask for their components at once; not when the plan is made level by level. */
  propagate = true;
  readonly dependencies = new Map<Operation, { count: number; date: number }>();
  readonly purchaseBuffers = new Set<Buffer>();
  /** What was made for a late delivery, by the delivery: it may be planned again for an earlier date. */
  readonly late = new Map<Opplan, Opplan[]>();
  /** Demands of which a rest could not be planned in their turn. */
  readonly givenUp = new Set<Demand>();
  /** Late deliveries are being looked at again. */
  looksAgain = false;
  lookQuestions = 0;
  /** Questions asked, as a measure of work. */
  questions = 0;
  /** What was committed, when all of it is to be taken back in the end: then no order that was there before is touched. */
  trial: Undo[] | null = null;

  constructor(net: Network, options: SolverOptions) {
    this.net = net;
    this.options = options;
  }

  get capacityConstrained(): boolean {
    return (this.options.constraints & CAPACITY) !== 0;
  }

  get isConstrained(): boolean {
    return this.options.constraints !== 0;
  }

  push(qty: number, date: number, full: boolean): void {
    const from = this.s;
    let to = this.stack[++this.depth];
    if (to === undefined) {
      to = new State();
      this.stack.push(to);
    }
    if (this.depth > 250) throw new Error('The supply chain is too deep');
    to.qQty = qty;
    to.qDate = date;
    to.qDateMax = date;
    to.loadplan = full ? from.loadplan : null;
    to.flowplan = full ? from.flowplan : null;
    to.opplan = full ? from.opplan : null;
    to.owner = full ? from.owner : null;
    to.blocked = full ? from.blocked : null;
    to.dependency = full ? from.dependency : null;
    to.demand = full ? from.demand : null;
    to.buffer = full ? from.buffer : null;
    to.qQtyMin = full ? from.qQtyMin : 1;
    to.forceLate = full && from.forceLate;
    to.requireFull = from.requireFull;
    to.aCost = full ? from.aCost : 0;
    to.aPenalty = full ? from.aPenalty : 0;
    to.batch = full ? from.batch : '';
    to.forceAccept = full && from.forceAccept;
    to.hasBuckets = full && from.hasBuckets;
    to.keepAssignments = full ? from.keepAssignments : null;
    to.aDate = INFINITE_FUTURE;
    to.aQty = 0;
    this.s = to;
  }

  pop(copyAnswer: boolean): void {
    const from = this.s;
    const to = this.stack[--this.depth] as State;
    if (copyAnswer) {
      to.aQty = from.aQty;
      to.aDate = from.aDate;
      to.aPenalty = from.aPenalty;
      to.aCost = from.aCost;
      to.forceAccept = from.forceAccept;
      to.requireFull = from.requireFull;
    }
    this.s = to;
  }

  /** Back to the outermost question, after an error. */
  reset(): void {
    this.depth = 0;
    this.s = this.stack[0] as State;
  }

  bookmark(): number {
    return this.undo.length;
  }

  /** Takes back everything since the bookmark. */
  rollback(mark: number): void {
    while (this.undo.length > mark) {
      const entry = this.undo.pop() as Undo;
      if (typeof entry === 'function') entry();
      else remove(this.net, entry);
    }
  }

  /** Whether something of this attempt takes what has expired by then. */
  takesExpired(mark: number): boolean {
    for (let i = mark; i < this.undo.length; i++) {
      const entry = this.undo[i] as Undo;
      if (typeof entry !== 'function' && isSpoiled(entry)) return true;
    }
    return false;
  }

  /** Takes back what was committed since the trial had this length. */
  endTrial(length: number): void {
    const { trial } = this;
    while (trial !== null && trial.length > length) {
      const entry = trial.pop() as Undo;
      if (typeof entry === 'function') entry();
      else remove(this.net, entry);
    }
  }

  /** Makes what was tried part of the plan. */
  commit(): void {
    if (this.trial !== null) {
      for (const entry of this.undo) {
        if (typeof entry !== 'function') activate(this.net, entry);
        this.trial.push(entry);
      }
      this.undo.length = 0;
      return;
    }
    for (const entry of this.undo) {
      if (typeof entry === 'function') continue;
      if (entry.quantity <= 0 && entry.proposed && entry.owner === null) remove(this.net, entry);
      else if (this.mergeWhole(entry)) remove(this.net, entry);
      else activate(this.net, entry);
    }
    this.undo.length = 0;
  }

  /** Orders that are alike become one. */
  private mergeWhole(o: Opplan): boolean {
    const only = o.operation.kind === 'alternate' && o.subs.length === 1 ? (o.subs[0] as Opplan) : o;
    if (only !== o && (o.flowplans.length > 0 || o.loadplans.length > 0)) return false;
    return mergeInto(this.net, only);
  }

  logConstraint(constraint: Omit<Constraint, 'keep' | 'text' | 'operation'> & Partial<Constraint>): void {
    if (!this.logConstraints || this.constraints === null) return;
    const list = this.constraints;
    if (constraint.owner !== null && list.some((c) => c.owner === constraint.owner)) return;
    if (constraint.kind === 'invalid' && list.some((c) => c.text === constraint.text)) return;
    list.push({ keep: false, text: '', operation: null, ...constraint });
  }

  /** Forgets the reasons noted since there were `count`. */
  popConstraints(count: number): void {
    const list = this.constraints;
    if (list === null || list.length <= count) return;
    const kept = list.slice(count).filter((c) => c.keep);
    list.length = count;
    list.push(...kept);
  }
}

/** Whether lead times limit when an operation may start: purchases by one constraint, the others by another. */
export function isLeadTimeConstrained(solver: Solver, operation: Operation): boolean {
  const po = (solver.options.constraints & PO_LEADTIME) !== 0;
  const mfg = (solver.options.constraints & MFG_LEADTIME) !== 0;
  if (isBought(operation)) return po;
  if (operation.kind === 'alternate' || operation.kind === 'split') {
    return operation.steps.every((s) => s.operation.priority === 0 || isBought(s.operation)) ? po : mfg;
  }
  return mfg;
}

function isBought(o: Operation): boolean {
  return o.kind === 'purchase' || o.category === 'subcontractor';
}

export { EPSILON };
