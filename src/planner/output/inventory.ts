// Stock of an item at a place over time, and the movements that make it: for the projected-stock chart and the tables of
// inventory planning. Reads only.
import { type Buffer, byName, type Network } from '../engine/network.ts';
import type { FlowPlan } from '../engine/order.ts';
import { type Loss, withExpired } from '../engine/shelf-life.ts';
import { INFINITE_PAST, type PlanTime } from '../model.ts';
import { orderType, type References, unitOf } from './orders.ts';

/** One movement of stock. */
export interface FlowplanOutput {
  item: string;
  location: string;
  batch: string | null;
  /** Of the order, or of its MO when it is a step; the opening stock, and what expires, have none. */
  reference: string | null;
  date: PlanTime;
  /** Negative: taken out. */
  quantity: number;
  /** Stock after it. */
  onhand: number;
}

/** Stock of one item at one place. */
export interface InventoryOutput {
  buffer: string;
  item: string;
  location: string;
  batch: string | null;
  onhand: number;
  /** Stock from a moment on, changes at one moment together; the first is the opening stock. */
  points: { date: PlanTime; onhand: number }[];
  /** Safety stock from a moment on. */
  safetyStock: { date: PlanTime; quantity: number }[];
}

/** Sums of one bucket. */
export interface InventoryBucketOutput {
  buffer: string;
  item: string;
  location: string;
  start: PlanTime;
  end: PlanTime;
  opening: number;
  /** By kind of order. */
  purchased: number;
  made: number;
  transportedIn: number;
  delivered: number;
  used: number;
  transportedOut: number;
  expired: number;
  closing: number;
  /** At the end of the bucket. */
  safetyStock: number;
  /** Lowest stock within the bucket. */
  lowest: number;
}

function movements(b: Buffer): (FlowPlan | Loss)[] {
  const moves = b.flowplans
    .filter((f) => f.quantity !== 0)
    .sort((x, y) => x.date - y.date || y.quantity - x.quantity || x.opplan.sequence - y.opplan.sequence);
  return withExpired(b, moves);
}

function nameOf(b: Buffer): { item: string; location: string; batch: string | null } {
  return {
    item: b.item?.name || b.name,
    location: b.location?.name ?? '',
    batch: b.batch === '' ? null : b.batch,
  };
}

/** Noise of the arithmetic is no stock. */
function clean(n: number): number {
  const rounded = Math.round(n * 1e6) / 1e6;
  return rounded === 0 ? 0 : rounded;
}

export function* flowplanOutputs(net: Network, references: References): Generator<FlowplanOutput> {
  for (const b of [...net.buffers.values()].sort(byName)) {
    let onhand = 0;
    for (const f of movements(b)) {
      onhand += f.quantity;
      const order = f.opplan === null || orderType(f.opplan) === 'STCK' ? null : f.opplan;
      yield {
        ...nameOf(b),
        reference: order === null ? null : references(unitOf(order)),
        date: f.date,
        quantity: f.quantity,
        onhand: clean(onhand),
      };
    }
  }
}

export function inventoryOf(net: Network, b: Buffer): InventoryOutput {
  const points: InventoryOutput['points'] = [];
  let onhand = 0;
  for (const f of movements(b)) {
    onhand += f.quantity;
    const date = Math.max(f.date, INFINITE_PAST);
    const last = points[points.length - 1];
    if (last !== undefined && last.date === date) last.onhand = clean(onhand);
    else points.push({ date, onhand: clean(onhand) });
  }
  const safetyStock = (b.minimum?.dates ?? []).map((date, i) => ({ date, quantity: b.minimum?.values[i] ?? 0 }));
  return { buffer: b.name, ...nameOf(b), onhand: clean(b.stock.at(net.current)), points, safetyStock };
}

/** Stock of all buffers that hold or move anything. */
export function* inventoryOutputs(net: Network): Generator<InventoryOutput> {
  for (const b of [...net.buffers.values()].sort(byName)) {
    if (b.flowplans.length > 0 || b.minimum !== null) yield inventoryOf(net, b);
  }
}

/**
 * Stock per bucket.
 * @param starts begin of each bucket, and the end of the last one
 */
export function* inventoryBuckets(b: Buffer, starts: readonly PlanTime[]): Generator<InventoryBucketOutput> {
  const moves = movements(b);
  let i = 0;
  let onhand = 0;
  while (i < moves.length && moves[i]!.date < (starts[0] ?? 0)) onhand += moves[i++]!.quantity;
  for (let k = 0; k + 1 < starts.length; k++) {
    const [start, end] = [starts[k]!, starts[k + 1]!];
    const row: InventoryBucketOutput = {
      buffer: b.name,
      item: nameOf(b).item,
      location: nameOf(b).location,
      start,
      end,
      opening: clean(onhand),
      purchased: 0,
      made: 0,
      transportedIn: 0,
      delivered: 0,
      used: 0,
      transportedOut: 0,
      expired: 0,
      closing: 0,
      safetyStock: b.minimumAt(end - 1),
      lowest: onhand,
    };
    for (; i < moves.length && moves[i]!.date < end; i++) {
      const { quantity, opplan } = moves[i]!;
      onhand += quantity;
      // what comes in at a moment comes before what goes out
      row.lowest = Math.min(row.lowest, onhand);
      if (opplan === null) {
        row.expired -= quantity;
        continue;
      }
      const type = orderType(opplan);
      if (quantity > 0) row[type === 'PO' ? 'purchased' : type === 'DO' ? 'transportedIn' : 'made'] += quantity;
      else row[type === 'DLVR' ? 'delivered' : type === 'DO' ? 'transportedOut' : 'used'] -= quantity;
    }
    row.closing = clean(onhand);
    row.lowest = clean(row.lowest);
    yield row;
  }
}
