// The plan as tab-separated text, one line per stock movement, delivery, load, order, problem and reason. This is how
// plans of different engines are compared.
import { byName, type Constraint, type Demand, type Network } from './network.ts';
import { byStart, type Opplan, STATUS_NAMES } from './order.ts';
import { problemsOf, short } from './problems.ts';
import { EPSILON } from './profile.ts';
import { withExpired } from './shelf-life.ts';

const DAY = 86_400;
/** Days as text: a plan has many dates on few days. */
const days = new Map<number, string>();
const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** `2026-01-05T08:00:00` */
export function isoDate(t: number): string {
  const day = Math.floor(t / DAY);
  let date = days.get(day);
  if (date === undefined) {
    date = new Date(day * DAY * 1000).toISOString().slice(0, 11);
    days.set(day, date);
  }
  const s = Math.floor(t - day * DAY);
  return `${date}${two[Math.floor(s / 3600)]}:${two[Math.floor(s / 60) % 60]}:${two[s % 60]}`;
}

/** Quantities of a running column: rounded to thousandths. */
function column(n: number): string {
  const rounded = Math.round(n * 1000) / 1000;
  return short(Math.abs(rounded) < EPSILON ? 0 : rounded);
}

/** Lines of the plan, in a fixed order. */
export function* planLines(net: Network): Generator<string> {
  yield* bufferLines(net);
  const demands = [...net.demands.values()].sort(byName);
  for (const d of demands) yield* demandLines(d);
  yield* resourceLines(net);
  yield* operationLines(net);
  for (const p of problemsOf(net))
    yield `PROBLEM\t${p.type}\t${p.description}\t${isoDate(p.start)} / ${isoDate(p.end)}`;
  for (const d of demands) {
    for (const c of d.constraints) {
      yield `DEMAND CONSTRAINT\t${d.name}\t${describe(c)}\t${isoDate(c.start)} / ${isoDate(c.end)}`;
    }
  }
}

function* bufferLines(net: Network): Generator<string> {
  for (const b of [...net.buffers.values()].sort(byName)) {
    const moves = b.flowplans
      .filter((f) => f.quantity !== 0)
      .sort((x, y) => x.date - y.date || y.quantity - x.quantity || x.opplan.sequence - y.opplan.sequence);
    let onhand = 0;
    for (const f of withExpired(b, moves)) {
      onhand += f.quantity;
      yield `BUFFER\t${b.name}\t${isoDate(f.date)}\t${short(f.quantity)}\t${column(onhand)}`;
    }
  }
}

function* demandLines(d: Demand): Generator<string> {
  let planned = 0;
  for (const o of [...d.deliveries].sort((a, b) => b.end - a.end || a.sequence - b.sequence)) {
    const note =
      o.end > d.due ? `\tlater than ${isoDate(d.due)}` : o.end < d.due ? `\tearlier than ${isoDate(d.due)}` : '';
    yield `DEMAND\t${d.name}\t${isoDate(o.end)}\t${short(o.quantity)}${note}`;
    planned += o.quantity;
  }
  if (d.status === 'closed' || d.status === 'canceled') return;
  const delta = planned - d.quantity;
  if (delta < -EPSILON) yield `DEMAND\t${d.name}\tplanned ${short(-delta)} units short`;
  else if (delta > EPSILON) yield `DEMAND\t${d.name}\tplanned ${short(delta)} units too much`;
}

function* resourceLines(net: Network): Generator<string> {
  for (const r of [...net.resources.values()].sort(byName)) {
    const events: { date: number; quantity: number; sequence: number }[] = [];
    for (const l of r.loadplans) {
      if (l.quantity === 0) continue;
      const { sequence } = l.opplan;
      if (r.kind === 'buckets') events.push({ date: l.start, quantity: -l.quantity, sequence });
      else
        events.push(
          { date: l.start, quantity: l.quantity, sequence },
          { date: l.end, quantity: -l.quantity, sequence },
        );
    }
    events.sort((a, b) => a.date - b.date || b.quantity - a.quantity || a.sequence - b.sequence);
    let load = 0;
    let bucket = -1;
    for (const e of events) {
      if (r.buckets !== null) {
        const i = bucketAt(r.buckets.starts, e.date);
        if (i !== bucket) load = r.buckets.capacity[i] ?? 0;
        bucket = i;
      }
      load += e.quantity;
      yield `RESOURCE\t${r.name}\t${isoDate(e.date)}\t${short(e.quantity)}\t${column(load)}`;
    }
  }
}

function bucketAt(starts: Float64Array, date: number): number {
  let i = starts.length - 1;
  while (i > 0 && (starts[i] as number) > date) i--;
  return i;
}

function* operationLines(net: Network): Generator<string> {
  for (const operation of [...net.operations.values()].sort(byName)) {
    if (operation.hidden && operation.kind !== 'purchase' && operation.kind !== 'distribution') continue;
    for (const o of [...operation.opplans].sort(byStart)) yield orderLine(o);
  }
}

function orderLine(o: Opplan): string {
  const batch = o.batch === '' ? '' : `\t${o.batch}`;
  const status = o.proposed ? '' : `\t${STATUS_NAMES[o.status]}`;
  return `OPERATION\t${o.operation.name}\t${isoDate(o.start)}\t${isoDate(o.end)}\t${short(o.quantity)}${batch}${status}`;
}

/** A reason in words. */
export function describe(c: Constraint): string {
  const name = c.owner?.name ?? '';
  switch (c.kind) {
    case 'leadtime': {
      const kind = c.operation?.kind;
      if (kind === 'purchase') return `Purchasing lead time on '${name}'`;
      if (kind === 'distribution') return `Distribution lead time on '${name}'`;
      return `Manufacturing lead time on '${name}'`;
    }
    case 'capacity':
      return `Resource '${name}' has capacity shortage`;
    case 'material':
      return `Buffer '${name}' has material shortage`;
    case 'await':
      return c.operation === null
        ? `Buffer '${name}' awaits confirmed supply`
        : `Operation '${name}' awaits confirmed supply`;
    default:
      return c.text;
  }
}
