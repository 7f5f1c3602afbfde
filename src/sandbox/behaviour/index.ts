// All behaviours, by model.

import type { Behaviour } from './behaviour.ts';

export const BEHAVIOURS: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([]);
