// Tools go with a routing from step to step: the steps that ask for the same kind of tool use the same one.
import type { Load, Resource } from './network.ts';
import type { LoadPlan } from './order.ts';

/** Loads of the other steps of the routing that need the same tool. */
export function sharedToolLoads(l: LoadPlan, load: Load | null): LoadPlan[] {
  if (load === null || (!load.resource.tool && !load.resource.toolPerPiece)) return [];
  const { owner } = l.opplan;
  if (owner === null || owner.operation.kind !== 'routing' || l.resource.owner === null) return [];
  return owner.subs
    .filter((step) => step !== l.opplan)
    .flatMap((step) => step.loadplans)
    .filter((other) => other.load?.resource === load.resource && other.load.skill === load.skill);
}

/** Whether one of the resources that belong together is a tool; then all of them are. */
export function spreadTools(resources: Iterable<Resource>): void {
  for (const r of resources) {
    const { tool, toolPerPiece } = r;
    if (!tool && !toolPerPiece) continue;
    const family: Resource[] = [r.top()];
    for (const x of family) {
      x.tool ||= tool;
      x.toolPerPiece ||= toolPerPiece;
      for (const member of x.members) if (!family.includes(member)) family.push(member);
    }
  }
}
