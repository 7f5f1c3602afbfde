// The screens as a part of the service: their API. The pages themselves are mounted in front of it (routes.ts).
import type { Part, Surroundings } from '../parts.ts';
import { addBoardRoutes } from './board-api.ts';
import { addForecastScreenRoutes } from './forecast-api.ts';
import { MAIL_GRIDS } from './grids/mail-grids.ts';
import { PLAN_GRIDS } from './grids/plan-grids.ts';
import { addGridRoutes } from './grids/routes.ts';
import { addInventoryRoutes } from './inventory-api.ts';
import { addMappingRoutes } from './mapping-api.ts';
import { addModelRoutes } from './model-api.ts';
import { addOdooLinkRoutes } from './odoo-links/routes.ts';
import { createScope } from './scope.ts';
import { addUserRoutes } from './users-api.ts';

export async function openScreens(surroundings: Surroundings): Promise<Part> {
  const { api, store } = surroundings;
  const scope = createScope(surroundings);
  addUserRoutes(api, surroundings);
  addGridRoutes({ api, store, grids: [...PLAN_GRIDS, ...MAIL_GRIDS], scope });
  addBoardRoutes(surroundings, scope);
  addForecastScreenRoutes(surroundings, scope);
  addInventoryRoutes(surroundings, scope);
  addModelRoutes(surroundings, scope);
  addOdooLinkRoutes(surroundings, scope);
  addMappingRoutes(surroundings);
  return { name: 'screens', async stop() {} };
}
