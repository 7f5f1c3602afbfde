// What a step of a run is: `odoo_read_1`, `plan`, `odoo_write` … Each step is a module of its own that is given this context.
import type { z } from 'zod';
import type { ReportEntry } from '../../mapping/report.ts';

export const STEP_NAMES = ['odoo_read_1', 'odoo_read_2', 'forecast', 'plan', 'recommend', 'odoo_write'] as const;
export type StepName = (typeof STEP_NAMES)[number];

export interface StepContext<P = unknown> {
  runId: number;
  /** The same each time this step of this run is tried: effects outside carry it. */
  key: string;
  /** Login of who asked, or `schedule`. */
  who: string;
  parameters: P;
  /** Aborted by a cancel, or when the process ends: the step is then taken up again by another. */
  signal: AbortSignal;
  /** @param part of this step, from 0 to 1 */
  progress(part: number, what: string): void;
  /** A line of the run's log, for people. */
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

export interface StepResult {
  /** Shown with the run, for example `{ items: 20000, removed: 3 }`. */
  counts: Readonly<Record<string, number>>;
  /** What was left out, and why. */
  report?: readonly ReportEntry[];
}

export interface Step<S extends z.ZodObject = z.ZodObject> {
  name: StepName;
  title: string;
  parameters: S;
  /** Tried again from the start after a crash: what it did before must not be done twice. */
  run(context: StepContext<z.output<S>>): Promise<StepResult>;
}
