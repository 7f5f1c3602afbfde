// The planner as a part of the service: the steps there are, their runs and schedules, and the API of all that.
import type { Part, Surroundings } from '../parts.ts';
import { addAdviceRoutes } from './advice/routes.ts';
import { addForecastRoutes } from './forecasts/routes.ts';
import { createLivePlanner } from './live/live.ts';
import { keepQuotes } from './quotes/open.ts';
import { addQuoteRoutes } from './quotes/routes.ts';
import { createQuotes } from './quotes/service.ts';
import { addPromiseRoutes } from './results/promise-routes.ts';
import { addPlanRoutes } from './results/routes.ts';
import { addRunRoutes } from './runs/routes.ts';
import { addScheduleRoutes } from './runs/schedule-routes.ts';
import { openRuns, type Runs } from './runs/service.ts';
import { createSteps } from './steps/steps.ts';
import { accountScope, odooKey } from './store/scope.ts';
import { addWhatifRoutes } from './whatif/routes.ts';
import { createWhatifs } from './whatif/service.ts';

/** What steps and their runs need of the service. */
export type PlannerSurroundings = Pick<
  Surroundings,
  'config' | 'odoo' | 'access' | 'rules' | 'store' | 'imports' | 'account' | 'log' | 'now'
>;

export async function openPlanner(surroundings: Surroundings): Promise<Part> {
  const { api, odoo, metrics, now, config, store, log } = surroundings;
  const live = surroundings.live ?? createLivePlanner({ store, databaseUrl: config.store.databaseUrl, log, metrics });
  const quotes = createQuotes({ store, live, log, now });
  let stopKeeping = async () => {};
  const runs = await openPlannerRuns(surroundings);
  const odooOf = (database: string) => odooKey(odoo.url, database);
  addRunRoutes({ api, runs, odooOf, now });
  addScheduleRoutes({ api, runs, odooOf, now });
  addPlanRoutes(api, surroundings);
  addPromiseRoutes(api, surroundings);
  addAdviceRoutes(api, surroundings);
  addForecastRoutes(api, surroundings);
  addQuoteRoutes(api, surroundings, quotes, live);
  addWhatifRoutes(api, surroundings, createWhatifs({ store, live, now }), live);
  metrics.observe('runs_queued', 'Runs that wait for a worker', [], async () => [{ value: await runs.queue.depth() }]);

  return {
    name: 'planner',
    async start() {
      stopKeeping = keepQuotes(quotes, live, { log });
      await runs.start();
    },
    ending: () => runs.end(),
    async stop(graceMs) {
      await stopKeeping();
      await live.end();

      await runs.stop(graceMs);
    },
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
