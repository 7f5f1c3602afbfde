// What quotes and the live planner do by themselves: quotes run out, and a new plan is loaded when somebody asks of plans.
import { errorFields } from '../../log.ts';
import type { LivePlanner } from '../live/live.ts';
import type { Quotes, QuotesOptions } from './service.ts';

const LOOK_MS = 60_000;
const REFRESH_MS = 3_000;

/** Looks now and from time to time; ends with the function returned. */
export function keepQuotes(
  quotes: Quotes,
  live: LivePlanner,
  { log }: Pick<QuotesOptions, 'log'>,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const then = (what: () => Promise<unknown>) => () => {
    running = running.then(what).catch((error: unknown) => log.warn(errorFields(error), 'quotes could not be kept up'));
  };
  const look = then(() => quotes.expire());
  look();
  const timers = [
    setInterval(look, LOOK_MS),
    setInterval(
      then(() => live.refresh()),
      REFRESH_MS,
    ),
  ];
  for (const timer of timers) timer.unref();
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await running;
  };
}
