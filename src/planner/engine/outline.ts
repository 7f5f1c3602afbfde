// What of a network comes into being by asking: buffers, operations, places that were only implied. Notes what there is, and takes
// away what came later. Orders of what came later must be gone by then.
import type { Network } from './network.ts';

export interface Outline {
  buffers: number;
  operations: number;
  places: number;
  resources: number;
  invalid: number;
  nextReference: number;
}

export function outlineOf(net: Network): Outline {
  return {
    buffers: net.buffers.size,
    operations: net.operations.size,
    places: net.places.size,
    resources: net.resources.size,
    invalid: net.invalid.length,
    nextReference: net.nextReference,
  };
}

/** Takes away what has come into being since. */
export function restoreOutline(net: Network, before: Outline): void {
  for (const [name, operation] of newer(net.operations, before.operations)) {
    net.operations.delete(name);
    for (const { operation: step } of operation.steps) if (step.owner === operation) step.owner = null;
    for (const flow of operation.flows) drop(flow.buffer.flows, flow);
  }
  for (const [name, buffer] of newer(net.buffers, before.buffers)) {
    net.buffers.delete(name);
    if (buffer.item !== null) drop(buffer.item.buffers, buffer);
    for (const flow of buffer.flows) drop(flow.operation.flows, flow);
  }
  for (const [name] of newer(net.places, before.places)) net.places.delete(name);
  for (const [name] of newer(net.resources, before.resources)) net.resources.delete(name);
  net.invalid.length = before.invalid;
  net.nextReference = before.nextReference;
}

/** Entries of a map beyond the first so many: maps keep the order in which they were filled. */
function newer<T>(map: Map<string, T>, known: number): [string, T][] {
  return map.size === known ? [] : [...map].slice(known);
}

function drop<T>(list: T[], one: T): void {
  const at = list.indexOf(one);
  if (at >= 0) list.splice(at, 1);
}
