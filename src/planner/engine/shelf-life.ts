// Shelf life: what is not used by its last day leaves the stock. First expired, first out: which lot a movement takes, and what
// is left of it on its last day, follows from the movements of the buffer alone. So it is worked out anew when somebody looks
// after a change, and there is nothing to take back. Buffers of other items know nothing of it.
import { INFINITE_PAST } from '../model.ts';
import type { Buffer, Network } from './network.ts';
import type { FlowPlan, Opplan } from './order.ts';
import { EPSILON, Profile } from './profile.ts';

/** What is left of a lot on its last day. */
export interface Expired {
  readonly supply: FlowPlan;
  readonly date: number;
  readonly quantity: number;
}

/** What leaves the stock because it expires; no order's doing. */
export interface Loss {
  readonly date: number;
  readonly quantity: number;
  readonly opplan: null;
}

/** A part of a supply that a use takes. */
export interface Share {
  readonly supply: FlowPlan;
  readonly use: FlowPlan;
  readonly quantity: number;
}

interface Walk {
  expired: Expired[];
  shares: Share[];
  lastUse: number;
}

/** Rest of the arithmetic. */
const NOISE = 1e-9;

/** The shelf of a buffer: its stock over time, with what expires. */
export class Shelf {
  readonly buffer: Buffer;
  /** Seconds for which supply can be used; Infinity when only lots with a date expire. */
  readonly life: number;
  readonly stock: Profile = new ShelfProfile(this);
  /**
   * Stock less its minimum. What expires after the last use is left in it: safety stock is renewed as long as there is something
   * that it is for.
   */
  readonly net: Profile = new ShelfProfile(this);
  /** Last days of stock that is there. */
  readonly lots = new Map<FlowPlan, number>();
  private isStale = false;
  private gone: readonly Expired[] = [];
  private goneBeforeUse: readonly Expired[] = [];

  constructor(buffer: Buffer, life: number) {
    this.buffer = buffer;
    this.life = life;
  }

  /** What expires, by date. */
  expired(): readonly Expired[] {
    this.refresh();
    return this.gone;
  }

  changed(): void {
    this.isStale = true;
  }

  refresh(): void {
    if (!this.isStale) return;
    this.isStale = false;
    const { expired, lastUse } = walk(this);
    const before = expired.filter(({ date }) => date <= lastUse);
    (this.stock as ShelfProfile).replace(this.gone, expired);
    (this.net as ShelfProfile).replace(this.goneBeforeUse, before);
    this.gone = expired;
    this.goneBeforeUse = before;
  }

  lastDayOf(f: FlowPlan): number {
    return this.lots.get(f) ?? f.date + this.life;
  }
}

/** A profile that is brought up to date before it is read. */
class ShelfProfile extends Profile {
  private readonly shelf: Shelf;

  constructor(shelf: Shelf) {
    super();
    this.shelf = shelf;
  }

  /** Takes other lots out than before. */
  replace(before: readonly Expired[], after: readonly Expired[]): void {
    let same = 0;
    while (same < before.length && same < after.length && isSame(before[same]!, after[same]!)) same++;
    for (const { date, quantity } of before.slice(same)) super.remove(date, -quantity);
    for (const { date, quantity } of after.slice(same)) super.insert(date, -quantity);
  }

  override insert(date: number, change: number): void {
    this.shelf.changed();
    super.insert(date, change);
  }

  override remove(date: number, change: number): void {
    this.shelf.changed();
    super.remove(date, change);
  }

  override last(): number {
    this.shelf.refresh();
    return super.last();
  }

  override at(date: number): number {
    this.shelf.refresh();
    return super.at(date);
  }

  override before(date: number): number {
    this.shelf.refresh();
    return super.before(date);
  }

  override minimumFrom(date: number): number {
    this.shelf.refresh();
    return super.minimumFrom(date);
  }

  override nextBelow(date: number, level: number, strict = false): number {
    this.shelf.refresh();
    return super.nextBelow(date, level, strict);
  }

  override nextAbove(date: number, level: number, strict = false): number {
    this.shelf.refresh();
    return super.nextAbove(date, level, strict);
  }

  override previousBelow(date: number, level: number): number {
    this.shelf.refresh();
    return super.previousBelow(date, level);
  }

  override next(date: number): number {
    this.shelf.refresh();
    return super.next(date);
  }

  override scan(from: number, visit: (date: number, value: number) => boolean): void {
    this.shelf.refresh();
    super.scan(from, visit);
  }
}

function isSame(a: Expired, b: Expired): boolean {
  return a.date === b.date && a.quantity === b.quantity;
}

/** Movements in the order of time; what comes in at a moment can go out at it. */
function inOrder(b: Buffer): FlowPlan[] {
  return b.flowplans
    .filter((f) => f.quantity !== 0)
    .sort((x, y) => x.date - y.date || y.quantity - x.quantity || x.opplan.sequence - y.opplan.sequence);
}

/**
 * First expired, first out. What is missing is taken from the next supply that comes.
 * @param less how much smaller one of the supplies is thought to be
 */
function walk(shelf: Shelf, less?: { supply: FlowPlan; quantity: number }): Walk {
  const found: Walk = { expired: [], shares: [], lastUse: -Infinity };
  const lots: { supply: FlowPlan; lastDay: number; left: number }[] = [];
  const waiting: { use: FlowPlan; left: number }[] = [];
  const give = (lot: (typeof lots)[number], need: (typeof waiting)[number]): void => {
    const quantity = Math.min(lot.left, need.left);
    lot.left -= quantity;
    need.left -= quantity;
    found.shares.push({ supply: lot.supply, use: need.use, quantity });
  };
  const expire = (until: number): void => {
    while (lots.length > 0 && lots[0]!.lastDay < until) {
      const { supply, lastDay, left } = lots.shift()!;
      if (left > NOISE) found.expired.push({ supply, date: Math.max(lastDay, supply.date), quantity: left });
    }
  };
  for (const f of inOrder(shelf.buffer)) {
    expire(f.date);
    if (f.quantity > 0) {
      const left = less?.supply === f ? f.quantity - less.quantity : f.quantity;
      const lot = { supply: f, lastDay: shelf.lastDayOf(f), left };
      while (waiting.length > 0 && lot.left > NOISE) {
        give(lot, waiting[0]!);
        if (waiting[0]!.left <= NOISE) waiting.shift();
      }
      if (lot.left <= NOISE) continue;
      const at = lots.findIndex(({ lastDay }) => lastDay > lot.lastDay);
      lots.splice(at < 0 ? lots.length : at, 0, lot);
    } else {
      found.lastUse = f.date;
      const need = { use: f, left: -f.quantity };
      while (lots.length > 0 && need.left > NOISE) {
        give(lots[0]!, need);
        if (lots[0]!.left <= NOISE) lots.shift();
      }
      if (need.left > NOISE) waiting.push(need);
    }
  }
  expire(Infinity);
  return found;
}

/** Who takes from whom. */
export function sharesOf(shelf: Shelf): Share[] {
  return walk(shelf).shares;
}

/** Stock over time as it is shown: movements, and what expires as one more of them. */
export function withExpired(b: Buffer, moves: readonly FlowPlan[]): (FlowPlan | Loss)[] {
  if (b.shelf === null) return [...moves];
  const losses = b.shelf.expired().map(({ date, quantity }): Loss => ({ date, quantity: -quantity, opplan: null }));
  return [...moves, ...losses].sort((x, y) => x.date - y.date || Number(x.opplan === null) - Number(y.opplan === null));
}

/** What expires in a buffer, by date. */
export function expiredIn(b: Buffer): readonly Expired[] {
  return b.shelf === null ? [] : b.shelf.expired();
}

/** Whether a movement is of what expires: then later is not always safer than earlier. */
export function isPerishable(f: FlowPlan): boolean {
  return f.buffer.shelf !== null;
}

export function takesPerishable(o: Opplan): boolean {
  return o.flowplans.some((f) => f.quantity < 0 && isPerishable(f)) || o.subs.some(takesPerishable);
}

/** Whether an order takes what is gone by then: made smaller, it can begin later than when it asked. */
export function isSpoiled(o: Opplan): boolean {
  for (const f of o.flowplans) {
    if (f.buffer.shelf === null || f.quantity >= 0 || f.slot < 0) continue;
    if (f.buffer.stock.minimumFrom(f.date) < -EPSILON) return true;
  }
  return o.subs.some(isSpoiled);
}

/**
 * How much smaller a supply could be without anything going short that is not short now. What is left out can be missing once at
 * most, so that going back by what is missing never goes back too far.
 */
export function spareOf(shelf: Shelf, supply: FlowPlan): number {
  const { net } = shelf.buffer;
  const now = shelf.expired();
  let quantity = supply.quantity;
  for (let tries = 0; tries < 50 && quantity > EPSILON; tries++) {
    const { expired, lastUse } = walk(shelf, { supply, quantity });
    const changes = [{ date: supply.date, change: -quantity }];
    for (const x of now) if (x.date <= lastUse) changes.push({ date: x.date, change: x.quantity });
    for (const x of expired) if (x.date <= lastUse) changes.push({ date: x.date, change: -x.quantity });
    const missing = mostMissing(net, changes);
    if (missing <= EPSILON) return quantity;
    quantity -= missing;
  }
  return 0;
}

/** How far a profile would get below zero, or further below it, with these changes. */
function mostMissing(net: Profile, changes: { date: number; change: number }[]): number {
  changes.sort((a, b) => a.date - b.date);
  const moments = new Set(changes.map(({ date }) => date));
  net.scan(changes[0]!.date, (date) => {
    moments.add(date);
    return true;
  });
  let most = 0;
  let i = 0;
  let sum = 0;
  for (const date of [...moments].sort((a, b) => a - b)) {
    while (i < changes.length && changes[i]!.date <= date) sum += changes[i++]!.change;
    const value = net.at(date);
    most = Math.max(most, Math.min(value, 0) - value - sum);
  }
  return most;
}

/** Tells operations how long what they make can be kept: it is not made so much too early. */
export function noteShelfLives(net: Network): void {
  for (const b of net.buffers.values()) {
    if (b.shelf === null) continue;
    for (const f of b.flows) if (f.quantity > 0) f.operation.keeps = Math.min(f.operation.keeps, b.shelf.life);
  }
}

/** The last day of stock that is there: of a lot as it says, else it was made before now. */
export function noteLot(b: Buffer, stock: FlowPlan, current: number, expiry: number | undefined): void {
  if (b.shelf === null) return;
  b.shelf.lots.set(stock, expiry ?? Math.max(current, INFINITE_PAST) + b.shelf.life);
  b.shelf.changed();
}
