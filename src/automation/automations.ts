// All automations, in the order of the specification. One module each; this list is the only place that knows them all.
import type { Automation } from './automation.ts';

export const AUTOMATIONS: readonly Automation[] = [];
