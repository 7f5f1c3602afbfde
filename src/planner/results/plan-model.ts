// The model that a plan is made from: the stored one, with the demands of the forecast where the plan is to have them.
import type { Store } from '../../store/database.ts';
import { storedForecastDemands } from '../forecasts/write.ts';
import { addEntity, type PlanModel } from '../plan-document.ts';
import { type LoadOptions, loadModel } from '../store/load.ts';
import type { ModelScope } from '../store/scope.ts';

/** @throws PlanbridgeError PB_PLAN_REFUSED when nothing was read from Odoo yet */
export async function modelToPlan(
  store: Store,
  scope: ModelScope,
  forecast: boolean,
  options: LoadOptions = {},
): Promise<PlanModel> {
  const model = await loadModel(store, scope, options);
  if (!forecast) return model;
  const { odoo, company } = scope;
  const demands = await storedForecastDemands(store.query, { odoo, company: company ?? '' });
  for (const demand of demands) addEntity(model, { entity: 'demand', value: demand });
  return model;
}
