// The steps of this service, put together from its parts.
import type { PlannerSurroundings } from '../open.ts';
import type { Step } from '../runs/step.ts';

export async function createSteps(_surroundings: PlannerSurroundings): Promise<Step[]> {
  return [];
}
