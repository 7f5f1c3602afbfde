// The step `recommend`: what the current plan recommends becomes the list that planners work on; what they decided stays.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { publishAdvice } from '../advice/store.ts';
import type { PlannerSurroundings } from '../open.ts';
import { currentPlan } from '../results/plans.ts';
import type { Step } from '../runs/step.ts';
import { accountScope } from '../store/scope.ts';

const Parameters = z.object({});

export function createRecommendStep(surroundings: PlannerSurroundings): Step {
  const { store, now } = surroundings;
  const step: Step<typeof Parameters> = {
    name: 'recommend',
    title: 'Recommend',
    parameters: Parameters,
    async run({ log }) {
      const { odoo, company } = await accountScope(surroundings);
      const scope = { odoo, company: company ?? '' };
      const plan = await currentPlan(store.query, scope);
      if (plan === null) {
        throw new PlanbridgeError('PB_PLAN_REFUSED', 409, 'There is no plan to recommend from.', {
          remedy: 'Run plan first.',
        });
      }
      const counts = await publishAdvice(store, scope, plan.id, now());
      log('info', `recommendations of plan ${plan.id}: ${counts.open} open`);
      return { counts };
    },
  };
  return step as unknown as Step;
}
