// The steps of this service, put together from its parts.
import { createFreppleClient } from '../frepple/client.ts';
import { createFreppleSteps } from '../frepple/steps.ts';
import type { PlannerSurroundings } from '../open.ts';
import { createReadSteps } from '../read/steps.ts';
import type { Step } from '../runs/step.ts';
import { createForecastStep } from './forecast.ts';
import { createPlanStep } from './plan.ts';
import { createRecommendStep } from './recommend.ts';
import { createWriteStep } from './write.ts';

/** Where frePPLe is the engine, its steps take the place of ours. */
export function createSteps(surroundings: PlannerSurroundings): Step[] {
  const { frepple } = surroundings.config;
  const own = [
    ...createReadSteps(surroundings),
    createForecastStep(surroundings),
    createPlanStep(surroundings),
    createRecommendStep(surroundings),
    createWriteStep(surroundings),
  ];
  if (frepple === null) return own;
  const theirs = createFreppleSteps(surroundings, frepple, createFreppleClient(frepple));
  // It sends its recommendations by itself.
  const replaced = ['recommend', ...theirs.map(({ name }) => name)];
  return [...own.filter(({ name }) => !replaced.includes(name)), ...theirs];
}
