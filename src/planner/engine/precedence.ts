// Orders that begin before those have ended that they have to wait for: the step before them in their routing, or, where
// dependencies are given, the orders these name.
import { COMPLETED, CONFIRMED, type Opplan } from './order.ts';

export interface Precedence {
  before: Opplan;
  after: Opplan;
  start: number;
  end: number;
}

/** What an order should have waited for, and did not. A second's difference is rounding. */
export function precedencesOf(o: Opplan): Precedence[] {
  if (o.status >= COMPLETED) return [];
  const found: Precedence[] = [];
  const check = (before: Opplan, after: Opplan, end: number): void => {
    if (end > after.start + 1) found.push({ before, after, start: after.start, end });
  };
  if (o.dependencies.length > 0) {
    for (const { first, second, dependency } of o.dependencies)
      if (second === o) check(first, o, first.end + (dependency?.hardSafety ?? 0));
    return found;
  }
  if (o.owner === null || o.owner.operation.kind !== 'routing') return found;
  const next = o.owner.subs[o.owner.subs.indexOf(o) + 1];
  if (next !== undefined && next.status !== CONFIRMED) check(o, next, o.end);
  return found;
}
