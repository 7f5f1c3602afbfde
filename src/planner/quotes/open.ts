// Quotes as a part of the planner: the service, and what ends them by itself.
import { errorFields } from '../../log.ts';
import type { Quotes, QuotesOptions } from './service.ts';

const LOOK_MS = 60_000;

/** Looks now and every minute; ends with the function returned. */
export function expireQuotes(quotes: Quotes, { log }: Pick<QuotesOptions, 'log'>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const look = () => {
    running = running
      .then(() => quotes.expire())
      .catch((error: unknown) => log.warn(errorFields(error), 'quotes could not be looked through'));
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
