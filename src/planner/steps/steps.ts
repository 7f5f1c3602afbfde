// The steps of this service, put together from its parts.
import { createFreppleClient } from '../frepple/client.ts';
import { createFreppleSteps } from '../frepple/steps.ts';
import type { PlannerSurroundings } from '../open.ts';
import { createReadSteps } from '../read/steps.ts';
import type { Step } from '../runs/step.ts';
import { createPlanStep } from './plan.ts';
import { createWriteStep } from './write.ts';

/** Where frePPLe is the engine, its steps take the place of ours. */
export function createSteps(surroundings: PlannerSurroundings): Step[] {
  const { frepple } = surroundings.config;
  const own = [...createReadSteps(surroundings), createPlanStep(surroundings), createWriteStep(surroundings)];
  if (frepple === null) return own;
  const theirs = createFreppleSteps(surroundings, frepple, createFreppleClient(frepple));
  return [...own.filter(({ name }) => !theirs.some((step) => step.name === name)), ...theirs];
}
