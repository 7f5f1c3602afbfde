// How far each buffer and operation is from the deliveries: 0 delivers, higher numbers are further upstream.
// Safety stock and the unconstrained plan are solved level by level.
import { isConsumer, isProducer } from './build-operations.ts';
import { byName, type Network, type Operation } from './network.ts';

export function computeLevels(net: Network): void {
  for (const b of net.buffers.values()) b.level = -1;
  for (const o of net.operations.values()) o.level = -1;
  net.levels = 0;
  for (const operation of [...net.operations.values()].sort(byName)) {
    if (operation.owner !== null || feedsConsumers(operation)) continue;
    operation.level = 0;
    descend(net, operation);
  }
}

/** Whether what an operation makes is used by another one. */
function feedsConsumers(operation: Operation): boolean {
  for (const o of [operation, ...operation.steps.map((s) => s.operation)]) {
    if (o.flows.some((f) => isProducer(f) && f.buffer.flows.some(isConsumer))) return true;
  }
  return false;
}

function descend(net: Network, top: Operation): void {
  const stack: [Operation, number][] = [[top, top.level]];
  const visits = new Map<Operation, number>();
  const push = (operation: Operation, level: number): void => {
    if (operation.level >= level) return;
    operation.level = level;
    stack.push([operation, level]);
  };
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [operation, level] = next;
    net.levels = Math.max(net.levels, level);
    const seen = visits.get(operation) ?? 0;
    visits.set(operation, seen + 1);
    // a loop in the supply chain would raise the level for ever
    if (seen > 1) continue;
    for (const s of operation.steps) push(s.operation, level);
    if (operation.owner !== null) push(operation.owner, level);
    for (const d of operation.dependencies) push(d.operation === operation ? d.blockedBy : d.operation, level + 1);
    for (const f of operation.flows) {
      const b = f.buffer;
      if (isConsumer(f)) {
        if (b.level >= level + 1) continue;
        b.level = level + 1;
        net.levels = Math.max(net.levels, level + 1);
        for (const g of b.flows) if (g !== f && isProducer(g)) push(g.operation, level + 1);
      } else if (b.level < 0) b.level = 0;
    }
  }
}
