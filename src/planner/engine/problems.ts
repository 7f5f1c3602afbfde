// What is wrong with a plan, whatever its constraints: stock that is missing, resources that are overloaded, steps that
// overlap, data that cannot be planned with.
import { INFINITE_FUTURE } from '../model.ts';
import { byName, type Network } from './network.ts';
import { precedencesOf } from './precedence.ts';
import { EPSILON } from './profile.ts';

export interface Problem {
  type: 'material shortage' | 'overload' | 'precedence' | 'invalid data';
  description: string;
  start: number;
  end: number;
}

export function problemsOf(net: Network): Problem[] {
  const problems: Problem[] = [];
  for (const b of [...net.buffers.values()].sort(byName)) {
    if (b.infinite) continue;
    for (let from = 0, strict = false; ; strict = true) {
      const start = b.net.nextBelow(from, -EPSILON, strict);
      if (start === Infinity) break;
      const end = Math.min(b.net.nextAbove(start, -EPSILON, true), INFINITE_FUTURE);
      let worst = 0;
      b.net.scan(start, (date, value) => {
        if (date >= end) return false;
        worst = Math.min(worst, value);
        return true;
      });
      const text = `Buffer '${b.name}' has material shortage of ${short(-worst)}`;
      problems.push({ type: 'material shortage', description: text, start, end });
      if (end >= INFINITE_FUTURE) break;
      from = end;
    }
  }
  for (const r of [...net.resources.values()].sort(byName)) {
    if (!r.constrained) continue;
    if (r.buckets !== null) {
      r.buckets.starts.forEach((start, i) => {
        const over = (r.buckets?.used[i] ?? 0) - (r.buckets?.capacity[i] ?? 0);
        if (over <= EPSILON) return;
        const end = r.buckets?.starts[i + 1] ?? INFINITE_FUTURE;
        problems.push({ type: 'overload', description: overload(r.name, over), start, end });
      });
      continue;
    }
    for (let from = 0, strict = false; ; strict = true) {
      const start = r.free.nextBelow(from, -EPSILON, strict);
      if (start === Infinity) break;
      const end = Math.min(r.free.nextAbove(start, -EPSILON, true), INFINITE_FUTURE);
      let worst = 0;
      r.free.scan(start, (date, value) => {
        if (date >= end) return false;
        worst = Math.min(worst, value);
        return true;
      });
      problems.push({ type: 'overload', description: overload(r.name, -worst), start, end });
      if (end >= INFINITE_FUTURE) break;
      from = end;
    }
  }
  for (const o of [...net.operations.values()].sort(byName)) {
    for (const plan of o.opplans) {
      for (const { before, after, start, end } of precedencesOf(plan)) {
        const text = `Operation '${after.operation.name}' starts before operation '${before.operation.name}' ends`;
        problems.push({ type: 'precedence', description: text, start, end });
      }
    }
  }
  for (const p of net.invalid) problems.push({ type: 'invalid data', description: p.text, start: p.start, end: p.end });
  return problems;
}

function overload(name: string, quantity: number): string {
  return `Resource '${name}' has capacity shortage of ${short(quantity)}`;
}

/** A number with at most six significant digits. */
export function short(n: number): string {
  if (Number.isInteger(n) && Math.abs(n) < 1e6) return String(n);
  return String(Number(n.toPrecision(6)));
}
