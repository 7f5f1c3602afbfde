// The planner as a part of the service: the steps there are, their runs and schedules, and the API of all that.
import type { Part, Surroundings } from '../parts.ts';
import { addAdviceRoutes } from './advice/routes.ts';
import { addForecastRoutes } from './forecasts/routes.ts';
import { addPlanRoutes } from './results/routes.ts';
import { addRunRoutes } from './runs/routes.ts';
import { addScheduleRoutes } from './runs/schedule-routes.ts';
import { openRuns, type Runs } from './runs/service.ts';
import { createSteps } from './steps/steps.ts';
import { accountScope, odooKey } from './store/scope.ts';

/** What steps and their runs need of the service. */
export type PlannerSurroundings = Pick<
  Surroundings,
  'config' | 'odoo' | 'access' | 'rules' | 'store' | 'imports' | 'account' | 'log' | 'now'
>;

export async function openPlanner(surroundings: Surroundings): Promise<Part> {
  const { api, odoo, metrics, now } = surroundings;
  const runs = await openPlannerRuns(surroundings);
  const odooOf = (database: string) => odooKey(odoo.url, database);
  addRunRoutes({ api, runs, odooOf, now });
  addScheduleRoutes({ api, runs, odooOf, now });
  addPlanRoutes(api, surroundings);
  addAdviceRoutes(api, surroundings);
  addForecastRoutes(api, surroundings);
  metrics.observe('runs_queued', 'Runs that wait for a worker', [], async () => [{ value: await runs.queue.depth() }]);

  return {
    name: 'planner',
    start: () => runs.start(),
    ending: () => runs.end(),
    stop: (graceMs) => runs.stop(graceMs),
  };
}

/** Runs of this service's steps, without an API. */
export async function openPlannerRuns(surroundings: PlannerSurroundings): Promise<Runs> {
  const { store, log, now } = surroundings;
  return await openRuns({
    store,
    steps: createSteps(surroundings),
    log,
    now,
    async scope() {
      const { odoo, company } = await accountScope(surroundings);
      return { odoo, company: company ?? '' };
    },
  });
}
