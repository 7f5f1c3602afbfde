// The step `forecast`: from the stored history of sales, with what people have set, net of open orders.
import { z } from 'zod';
import { runForecast } from '../forecast/run.ts';
import { listOverrides, overrideOf, readForecastInput } from '../forecasts/input.ts';
import { spreadNew, spreadWithout } from '../forecasts/spread.ts';
import { madeBefore, writeForecast } from '../forecasts/write.ts';
import type { PlannerSurroundings } from '../open.ts';
import type { Step } from '../runs/step.ts';
import { accountScope } from '../store/scope.ts';

const DAY = 86_400;

export const ForecastParameters = z.object({
  bucket: z.enum(['month', 'week']).default('month'),
  horizon: z.number().int().min(1).max(260).default(12).describe('buckets to forecast'),
  level: z
    .enum(['item', 'item-location', 'item-location-customer'])
    .default('item-location')
    .describe('at which level series are forecast; they are spread over what is sold below'),
  historyBuckets: z.number().int().min(0).max(1_040).default(0).describe('older ones are left out; 0 = all are taken'),
  select: z.enum(['combine', 'best']).default('combine').describe('several methods combined, or the best of them'),
  outliers: z.enum(['clip', 'keep']).default('clip'),
  netEarlierDays: z.number().min(0).max(3_650).default(0).describe('orders use up the forecast of so many days before'),
  netLaterDays: z.number().min(0).max(3_650).default(0).describe('and after'),
  priority: z.number().int().min(0).max(1_000_000).default(100).describe('of the demands for the plan, behind orders'),
});

export function createForecastStep(surroundings: PlannerSurroundings): Step {
  const { store, now } = surroundings;
  const step: Step<typeof ForecastParameters> = {
    name: 'forecast',
    title: 'Forecast',
    parameters: ForecastParameters,
    async run({ key, parameters, signal, progress, log }) {
      const { bucket, horizon, level, historyBuckets, select, outliers, priority } = parameters;
      const { odoo, company } = await accountScope(surroundings);
      const scope = { odoo, company: company ?? '' };
      const done = await madeBefore(store.query, scope, key);
      if (done) return { counts: done };
      progress(0, 'reading the history of sales');
      const asked = { bucket, historyBuckets, now: now(), signal };
      const { history, owners, sold, current } = await readForecastInput(store, { odoo, company }, asked);
      const set = await listOverrides(store.query, scope);
      const overrides = set.map((one) => overrideOf(bucket, one));
      const { plan, refusals, netting } = await runForecast(
        history,
        {
          ...{ horizon, level, select, owners, overrides },
          clipOutliers: outliers === 'clip',
          netEarlier: parameters.netEarlierDays * DAY,
          netLater: parameters.netLaterDays * DAY,
        },
        { signal, progress: (part) => progress(0.1 + part * 0.7, 'forecasting') },
      );
      for (const { override, reason } of refusals) {
        const where = [override.item, override.location, override.customer].map((name) => name ?? 'all').join(', ');
        log('warn', `what was set for ${where} is left out: ${reason}`);
      }
      const summary = {
        'sales lines': sold,
        series: plan.nodes.length,
        combinations: plan.leaves.length,
        outliers: plan.nodes.reduce((count, { result }) => count + result.outliers.length, 0),
        'orders netted': history.orders.length,
        'orders beyond the forecast': netting.unmatched.length,
      };
      progress(0.85, 'storing the forecast');
      const made = {
        scope,
        runKey: key,
        plan,
        current,
        priority,
        args: parameters,
        summary,
        applied: set.at(-1)?.id ?? 0,
      };
      const demands = await writeForecast(store, made, now(), signal);
      // What was set or taken back meanwhile.
      const left = new Set((await listOverrides(store.query, scope)).map(({ id }) => id));
      await spreadWithout(
        store,
        scope,
        set.filter(({ id }) => !left.has(id)),
      );
      await spreadNew(store, scope);
      return { counts: { ...summary, demands } };
    },
  };
  return step as unknown as Step;
}
