// The hierarchy of items, locations and customers as a tree to unfold: what lies directly below a name. Pure.
import { chainOf, compare, type Owners } from './address.ts';
import type { ForecastPlan } from './plan.ts';

export interface TreeNode {
  name: string;
  /** Whether something lies below it. */
  children: boolean;
}

/**
 * Names directly below another one, in order; only those that lead to something that is forecast.
 * @param below null = the roots
 */
export function namesBelow(plan: ForecastPlan, level: keyof Owners, below: string | null): TreeNode[] {
  const owners = plan.owners[level];
  const found = new Map<string, boolean>();
  const seen = new Set<string>();
  for (const leaf of plan.leaves) {
    const name = leaf[level];
    if (name === '' || seen.has(name)) continue;
    seen.add(name);
    const chain = chainOf(name, owners);
    const at = below === null ? chain.length : chain.indexOf(below);
    if (at < 1) continue;
    const child = chain[at - 1]!;
    found.set(child, (found.get(child) ?? false) || at > 1);
  }
  return [...found].map(([name, children]) => ({ name, children })).sort((a, b) => compare(a.name, b.name));
}
