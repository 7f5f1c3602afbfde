// The planner as a part of the service: the steps there are, their runs and schedules, and the API of all that.
import type { Part, Surroundings } from '../parts.ts';
import { addRunRoutes } from './runs/routes.ts';
import { addScheduleRoutes } from './runs/schedule-routes.ts';
import { openRuns } from './runs/service.ts';
import type { Step } from './runs/step.ts';

export async function openPlanner(surroundings: Surroundings): Promise<Part> {
  return await openPlannerWith(surroundings, []);
}

/** @param more steps that take the place of those of the same name */
export async function openPlannerWith(surroundings: Surroundings, more: readonly Step[]): Promise<Part> {
  const { store, api, odoo, account, metrics, log, now } = surroundings;
  const odooOf = (database: string) => `${odoo.url ?? 'sql:'} ${database}`;
  const steps = [...more];
  const runs = await openRuns({
    store,
    steps,
    log,
    now,
    async scope() {
      const { database, company } = await account();
      return { odoo: odooOf(database), company: company ?? '' };
    },
  });
  addRunRoutes({ api, runs, odooOf, now });
  addScheduleRoutes({ api, runs, odooOf, now });
  metrics.observe('runs_queued', 'Runs that wait for a worker', [], async () => [{ value: await runs.queue.depth() }]);

  return {
    name: 'planner',
    start: () => runs.start(),
    ending: () => runs.end(),
    stop: (graceMs) => runs.stop(graceMs),
  };
}
