// What a run is: the chain of steps that somebody asked for, and how far it is. Shapes only.
import { z } from 'zod';
import { STEP_NAMES, type StepName } from './step.ts';

/** `waiting`: for another run; `queued`: for a worker. */
export const RUN_STATES = ['waiting', 'queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

export const TRIGGERS = ['planner', 'schedule', 'api', 'command'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** What to do when a run of the same kind is unfinished. */
export const WHEN_RUNNING = ['join', 'wait', 'refuse'] as const;
export type WhenRunning = (typeof WHEN_RUNNING)[number];

/** Whose data a run is about. */
export interface RunScope {
  /** Address and database of Odoo. */
  odoo: string;
  /** Exact name; empty = the user's own. */
  company: string;
}

/** By name of the step, as the step's own schema has made it. */
export type RunParameters = Readonly<Partial<Record<StepName, Record<string, unknown>>>>;

const instant = z.date().nullable();

export const RunError = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
export type RunError = z.infer<typeof RunError>;

export const RunView = z.object({
  id: z.number(),
  /** The steps' names, separated by commas. */
  kind: z.string(),
  company: z.string(),
  state: z.enum(RUN_STATES),
  trigger: z.enum(TRIGGERS),
  who: z.string(),
  parameters: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Of the whole run, 0 to 100. */
  percent: z.number(),
  /** The step that is at work or next; null after the end. */
  step: z.enum(STEP_NAMES).nullable(),
  what: z.string(),
  /** Earlier runs that have to end before. */
  waitsFor: z.array(z.number()),
  cancelBy: z.string().nullable(),
  error: RunError.nullable(),
  schedule: z.number().nullable(),
  requestedAt: z.date(),
  startedAt: instant,
  finishedAt: instant,
  durationSeconds: z.number().nullable(),
});
export type RunView = z.infer<typeof RunView>;

export const StepView = z.object({
  name: z.enum(STEP_NAMES),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  tries: z.number(),
  counts: z.record(z.string(), z.number()),
  /** What was left out, and why. */
  report: z.array(
    z.object({
      kind: z.enum(['skipped', 'noticed']),
      entity: z.string(),
      reason: z.string(),
      count: z.number(),
      records: z.array(z.string()),
    }),
  ),
  startedAt: instant,
  finishedAt: instant,
});
export type StepView = z.infer<typeof StepView>;

export const LogLine = z.object({
  id: z.number(),
  at: z.date(),
  step: z.string(),
  level: z.enum(['info', 'warn', 'error']),
  message: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

export const UNFINISHED: readonly RunState[] = ['waiting', 'queued', 'running'];

export function isFinished(state: RunState): boolean {
  return !UNFINISHED.includes(state);
}
