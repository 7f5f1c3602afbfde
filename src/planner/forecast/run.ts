// One call from history to forecast, with progress and cancel: the event loop gets its turn in between.
import { setImmediate } from 'node:timers/promises';
import type { History } from './history.ts';
import { type Netting, type NettingOptions, netOrders } from './netting.ts';
import { applyOverrides, type ForecastOverride, type OverrideRefusal } from './overrides.ts';
import { type ForecastOptions, type ForecastPlan, forecastHistory } from './plan.ts';

export interface ForecastHooks {
  /** 0 to 1. */
  progress?(part: number): void;
  signal?: AbortSignal;
}

export interface ForecastOutcome {
  plan: ForecastPlan;
  refusals: OverrideRefusal[];
  netting: Netting;
}

/** Series between two breaths; one takes about a millisecond. */
const BREATH = 25;

/** Forecasts, applies what people set, and nets orders. Rejects with the signal's reason when it aborts. */
export async function runForecast(
  history: History,
  options: ForecastOptions & NettingOptions & { overrides?: readonly ForecastOverride[] },
  hooks: ForecastHooks = {},
): Promise<ForecastOutcome> {
  const steps = forecastHistory(history, options);
  for (;;) {
    const step = steps.next();
    if (step.done) {
      const plan = step.value;
      const refusals = applyOverrides(plan, options.overrides ?? []);
      const netting = netOrders(plan, history.orders, options);
      hooks.progress?.(1);
      return { plan, refusals, netting };
    }
    const { done, of } = step.value;
    if (done % BREATH !== 0) continue;
    hooks.progress?.(done / of);
    await setImmediate();
    hooks.signal?.throwIfAborted();
  }
}
