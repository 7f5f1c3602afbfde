// One buffer: stock and committed supply first, never what an earlier promise needs; then new supply for what is missing,
// at the moment it is missing, or at the moment it is asked for. The answer to a shortage is when there will be more.
import { INFINITE_FUTURE, INFINITE_PAST } from '../model.ts';
import { waitForConfirmed, withoutProposedPurchases } from './autofence.ts';
import { hasAlternates } from './build-operations.ts';
import { moveApprovedEarlier } from './move-approved.ts';
import type { Buffer, Operation } from './network.ts';
import { EPSILON } from './profile.ts';
import { solveOperation } from './solve-operation.ts';
import { solveSafetyStock } from './solve-safety.ts';
import { MFG_LEADTIME, PO_LEADTIME, type Solver } from './solver.ts';

export function solveBuffer(solver: Solver, b: Buffer): void {
  const s = solver.s;
  if (b.infinite) {
    s.aQty = s.qQty;
    s.aDate = s.qDate;
    s.aCost += s.qQty * (b.item?.cost ?? 0);
    return;
  }
  if (s.qQty === -1) {
    solveSafetyStock(solver, b);
    return;
  }
  if (s.qQty < EPSILON) {
    s.aQty = s.qQty;
    s.aDate = s.qDate;
    return;
  }
  if (solver.recentBuffers.includes(b)) {
    s.aQty = 0;
    s.aDate = INFINITE_FUTURE;
    const path = [...solver.recentBuffers.slice(solver.recentBuffers.indexOf(b)), b].map((x) => x.name).join(' - ');
    const text = `Loop detected in the supply path: ${path}`;
    solver.logConstraint({ kind: 'invalid', owner: null, text, start: INFINITE_PAST, end: INFINITE_FUTURE });
    return;
  }
  solver.recentBuffers.push(b);
  const depth = solver.recentBuffers.length;
  const { owner } = s;
  new BufferSearch(solver, b, depth).run();
  s.owner = owner;
  solver.recentBuffers.length = depth - 1;
}

/** The search for supply of one question. */
class BufferSearch {
  private readonly solver: Solver;
  private readonly b: Buffer;
  private readonly depth: number;
  private readonly requested: number;
  private readonly date: number;
  private readonly top: number;
  private shortage = 0;
  /** The question has been put to the producing operation at its own date already. */
  private triedDate = false;
  private noSupplyBefore = INFINITE_PAST;
  private extraSupply = INFINITE_FUTURE;
  private extraInventory = INFINITE_FUTURE;
  private extraConfirmed = INFINITE_FUTURE;
  /** Supply came so early that it expires before it is needed. */
  private isTooEarly = false;

  constructor(solver: Solver, b: Buffer, depth: number) {
    this.solver = solver;
    this.b = b;
    this.depth = depth;
    this.requested = solver.s.qQty;
    this.date = solver.s.qDate;
    this.top = solver.bookmark();
  }

  run(): void {
    const { solver, b } = this;
    const s = solver.s;
    const { produced } = b;
    const initial = solver.coordination ? Math.min(b.stock.before(this.date), 0) : 0;
    this.scan();
    this.askAtRequestedDate();
    if (
      solver.constrained &&
      solver.isConstrained &&
      (b.stock.last() < -EPSILON || (solver.options.constraints & (MFG_LEADTIME + PO_LEADTIME)) !== 0)
    ) {
      s.aQty = this.requested - this.shortage - initial;
      if (s.aQty < EPSILON || (this.requested - s.aQty > EPSILON && s.requireFull)) {
        solver.rollback(this.top);
        s.aQty = 0;
      }
      s.aDate = Math.min(this.extraInventory, this.extraSupply);
      if (this.extraConfirmed >= INFINITE_FUTURE) this.extraConfirmed = this.firstReceipt(s.aDate);
      if (this.extraConfirmed < s.aDate) s.aDate = this.extraConfirmed;
      if (this.isTooEarly) s.aDate = Math.min(s.aDate, this.date + solver.options.lazydelay);
      if (!b.producing && this.shortage > EPSILON) {
        solver.logConstraint({ kind: 'material', owner: b, start: this.date, end: INFINITE_FUTURE });
      }
    } else {
      s.aQty = this.requested;
      s.aDate = INFINITE_FUTURE;
    }
    if (b.item !== null && s.aQty > 0 && b.item.cost !== 0) {
      const made = b.produced - produced;
      if (s.aQty > made) s.aCost += (s.aQty - made) * b.item.cost;
    }
  }

  /** Walks through the moments from the requested date on at which stock is missing, and asks for supply. */
  private scan(): void {
    const { solver, b } = this;
    const profile = !solver.shortagesOnly || solver.safetyStock ? b.net : b.stock;
    let cursor = this.date;
    let strict = false;
    let checked = this.date;
    for (;;) {
      const short = profile.nextBelow(cursor, -EPSILON - this.shortage, strict);
      if (this.extraInventory >= INFINITE_FUTURE) {
        const excess = this.excessAfter(profile, checked, short);
        if (excess < short) this.extraInventory = excess;
      }
      if (short === Infinity) return;
      let missing = profile.at(short) + this.shortage;
      const maximum = b.maximumAt(short);
      const minimum = profile === b.net ? b.minimumAt(short) : 0;
      if (maximum > EPSILON && maximum > minimum) missing -= maximum - minimum;
      this.supplyAt(short, missing);
      cursor = short;
      checked = short;
      strict = true;
    }
  }

  /** First moment after `from` at which there is more than this attempt itself brought in by the way. */
  private excessAfter(profile: Buffer['stock'], from: number, until: number): number {
    const { b } = this;
    const level = EPSILON - this.shortage;
    if (b.pending.length === 0) return profile.nextAbove(from, level, true);
    const own = b.pending.filter((f) => f.opplan.operation !== b.producing);
    if (own.length === 0) return profile.nextAbove(from, level, true);
    let found = Infinity;
    profile.scan(from, (date, value) => {
      if (date >= until) return false;
      if (date <= from) return true;
      let unconfirmed = 0;
      for (const f of own) if (f.date <= date) unconfirmed += f.quantity;
      if (value < level + unconfirmed) return true;
      found = date;
      return false;
    });
    return found;
  }

  private supplyAt(date: number, missing: number): void {
    const { solver, b } = this;
    const stock = (): number => b.stock.at(date);
    let left = missing;
    if (solver.net.options.moveApprovedEarly !== 0) {
      const moved = moveApprovedEarlier(solver, b, date);
      if (moved !== null) {
        if (moved.ok) {
          left += moved.quantity;
          if (left >= -EPSILON) return;
        } else {
          if (moved.date > this.date) {
            this.extraSupply = Math.min(this.extraSupply, moved.date);
            this.extraConfirmed = Math.min(this.extraConfirmed, moved.date);
          }
          this.cover(-stock());
          return;
        }
      }
    }
    if (solver.net.options.autofence > 0 && !solver.coordination) {
      const receipt = waitForConfirmed(solver, b, this.date);
      if (receipt !== null) {
        solver.logConstraint({ kind: 'await', owner: b, start: date, end: receipt });
        this.extraConfirmed = Math.min(this.extraConfirmed, receipt);
        this.cover(-stock());
        return;
      }
      const fenced = withoutProposedPurchases(b, Math.max(date, solver.net.current) + solver.net.options.autofence);
      // confirmed supply within the fence covers a part
      if (left < fenced && fenced < 0 && fenced - left > EPSILON) left = fenced;
    }
    if (this.alternateHasStock()) {
      this.cover(-stock());
      return;
    }
    this.create(date, left);
    if (stock() + this.shortage < -EPSILON) {
      if (date >= this.date && this.shortage < -stock()) this.shortage = -stock();
      this.extraInventory = b.stock.last() >= -EPSILON ? this.sufficientFrom() : INFINITE_FUTURE;
      if (b.shelf !== null && b.producing && solver.s.aQty > EPSILON) this.isTooEarly = true;
    }
  }

  /** What is missing comes from elsewhere, or is waited for. */
  private cover(missing: number): void {
    if (this.shortage < missing) this.shortage = missing;
    this.triedDate = true;
  }

  /** Moment from which the stock suffices for good. */
  private sufficientFrom(): number {
    const { solver, b } = this;
    const profile = solver.shortagesOnly ? b.stock : b.net;
    const last = profile.previousBelow(INFINITE_FUTURE + 1, -EPSILON);
    const from = last === -Infinity ? INFINITE_PAST : profile.next(last);
    return from === Infinity ? INFINITE_FUTURE : from;
  }

  /** An alternate component that has all that is needed makes new supply of this one needless. */
  private alternateHasStock(): boolean {
    const g = this.solver.s.flowplan;
    if (g === null || !hasAlternates(g.flow)) return false;
    for (const h of g.flow.operation.flows) {
      if (h.buffer === this.b || h.name !== g.flow.name || g.date < h.start || g.date >= h.end) continue;
      const need = -(h.fixed + g.opplan.quantity * h.quantity);
      if (need > 0 && h.buffer.stock.minimumFrom(g.date) > need - EPSILON) return true;
    }
    return false;
  }

  private create(date: number, missing: number): void {
    const { solver, b } = this;
    const s = solver.s;
    const producing = b.producing;
    if (!producing) {
      if (b.stock.last() < -EPSILON) {
        solver.brokenPath = true;
        solver.acceptPartial = true;
      }
      return;
    }
    let left = missing;
    while (date >= this.noSupplyBefore || b.hasTransferBatch) {
      solver.hitMaxSize = false;
      this.ask(producing, -left, date);
      // what cannot be had then cannot be had earlier either; the first look asks nevertheless, for its next date
      if (solver.looksAgain && s.aQty <= EPSILON && date > this.date) this.triedDate = true;
      this.noSupplyBefore = s.aQty > EPSILON ? INFINITE_PAST : s.aDate;
      if (!(s.aQty > EPSILON && s.aQty < -left - EPSILON && solver.acceptPartial)) return;
      left += s.aQty;
    }
  }

  private ask(producing: Operation, quantity: number, date: number): void {
    const { solver, b } = this;
    const s = solver.s;
    s.buffer = b;
    s.qQty = quantity;
    s.qDate = date;
    if (date === this.date) this.triedDate = true;
    s.owner = null;
    s.batch = b.batch;
    const { flowplan } = s;
    solveOperation(solver, producing);
    s.flowplan = flowplan;
    solver.recentBuffers.length = this.depth;
    if (s.aDate < this.extraSupply && s.aDate > this.date) this.extraSupply = s.aDate;
  }

  /** Stock can be there at the requested date and be missing only later: then supply at the requested date is tried too. */
  private askAtRequestedDate(): void {
    const { solver, b } = this;
    const producing = b.producing;
    while (producing && this.shortage > EPSILON && !this.triedDate) {
      if (this.requested - this.shortage < EPSILON) solver.rollback(this.top);
      this.ask(producing, this.shortage, this.date);
      this.triedDate = false;
      const left = this.shortageWith(solver.s.aQty);
      if (solver.s.aQty > EPSILON && left < this.shortage) this.shortage = left;
      else this.triedDate = true;
    }
  }

  private shortageWith(supply: number): number {
    const { b } = this;
    if (b.shelf === null) return this.shortage - supply;
    const left = Math.max(-b.stock.minimumFrom(this.date), 0);
    if (supply > EPSILON && left > EPSILON) this.isTooEarly = true;
    return left;
  }

  /** First receipt between the requested date and `until` that is part of the plan. */
  private firstReceipt(until: number): number {
    const first = this.b.receipts.next(this.date);
    return first < until ? first : INFINITE_FUTURE;
  }
}
