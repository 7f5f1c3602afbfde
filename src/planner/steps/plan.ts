// The step `plan`: the built-in engine plans the stored model in a thread of its own, and the new plan takes the old one's place.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { parsePostedTime } from '../../mapping/posted.ts';
import { parseConstraints } from '../commands.ts';
import { DEFAULT_ARGUMENTS, type PlanArguments } from '../engine/run.ts';
import { settleForecast } from '../forecasts/settle.ts';
import type { PlannerSurroundings } from '../open.ts';
import { planInDatabase } from '../results/plan-thread.ts';
import { abandonPlan, beginPlan, clearPlans, completePlan } from '../results/plans.ts';
import type { Step } from '../runs/step.ts';
import { accountScope } from '../store/scope.ts';

const days = z.number().min(0).max(3_650);

export const PlanParameters = z.object({
  constraints: z
    .string()
    .regex(
      /^\s*(none|(capa|mfg_lt|po_lt|lt)(\s*,\s*(capa|mfg_lt|po_lt|lt))*)\s*$/,
      'is none of capa, mfg_lt, po_lt, lt, none',
    )
    .default('capa,mfg_lt,po_lt')
    .describe('what a plan may not break: capa, mfg_lt, po_lt separated by commas, or none'),
  plantype: z
    .number()
    .int()
    .min(1)
    .max(2)
    .default(1)
    .describe('1: late rather than infeasible; 2: on time, problems shown'),
  autofenceDays: days.optional().describe('confirmed receipts that come within so many days are waited for'),
  current: z
    .string()
    .refine((text) => parsePostedTime(text) !== undefined, 'is no date; give it like 2026-01-05 08:00:00')
    .optional()
    .describe("the plan's now; default: the moment of the last read"),
  forecast: z.boolean().default(false).describe('whether what is left of the forecast is planned too, behind orders'),
  minimumDelayMinutes: z.number().min(0).max(100_000).optional().describe('least step when a later date is looked for'),
});

export function createPlanStep(surroundings: PlannerSurroundings): Step {
  const { store, config, now } = surroundings;
  const step: Step<typeof PlanParameters> = {
    name: 'plan',
    title: 'Plan',
    parameters: PlanParameters,
    async run(context) {
      const { key, runId, who, signal, progress, log } = context;
      const args = argumentsOf(context.parameters);
      const { odoo, company } = await accountScope(surroundings);
      const scope = { odoo, company: company ?? '' };
      const { id, done } = await beginPlan(store, { scope, runKey: key, runId, who, args: context.parameters }, now());
      if (done) return { counts: done.summary };
      await clearPlans(store, scope, signal);
      try {
        const { forecast } = context.parameters;
        if (forecast) await settleForecast(store, scope, { now: now(), signal });
        const task = { planId: id, scope: { odoo, company }, args, forecast };
        const outcome = await planInDatabase(store, config.store.databaseUrl, task, { signal, progress });
        signal.throwIfAborted();
        if (!(await completePlan(store, scope, id, outcome, now()))) throw takenOver();
        const { summary } = outcome;
        log('info', `plan ${id}: ${summary.demands} demands, ${summary.late} late, ${summary.short} short`);
        return { counts: summary };
      } catch (error) {
        await abandonPlan(store, id).catch(() => {});
        throw error;
      }
    },
  };
  return step as unknown as Step;
}

/** What the engine is given for a plan with these parameters. */
export function argumentsOf(given: z.output<typeof PlanParameters>): PlanArguments {
  const { constraints, plantype, autofenceDays, current, minimumDelayMinutes } = given;
  return {
    ...DEFAULT_ARGUMENTS,
    constraints: parseConstraints(constraints.trim()),
    plantype,
    ...(autofenceDays === undefined ? {} : { autofence: autofenceDays * 86_400 }),
    ...(current === undefined ? {} : { current: parsePostedTime(current) }),
    ...(minimumDelayMinutes === undefined ? {} : { minimumdelay: minimumDelayMinutes * 60 }),
  };
}

function takenOver(): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BUSY', 503, 'Another process has begun to plan meanwhile.', {
    remedy: 'Nothing is lost: look at its run.',
  });
}
