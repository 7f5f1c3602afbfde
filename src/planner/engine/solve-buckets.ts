// placeholder
import type { Resource } from './network.ts';
import type { Solver } from './solver.ts';
export function solveBuckets(_s: Solver, _r: Resource): void {}
