// Quotes: asked of the live planner, kept, held until a day, made firm, given up. What is held is a demand in the planning model, so
// that the next plan delivers it; until then it lies on the live plan, and every other quote sees it.
import { PlanbridgeError } from '../../errors.ts';
import { notFound } from '../../http/api.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/database.ts';
import type { LivePlanner } from '../live/live.ts';
import type { LinePromise, QuoteLine } from '../live/protocol.ts';
import { dayWords } from '../output/words.ts';
import { findModel, type ModelScope } from '../store/scope.ts';
import type { QuoteRow } from './quote.ts';
import { endQuotes, findQuote, heldLines, heldOf, holdQuote, insertQuote, listQuotes, releaseQuote } from './store.ts';

export interface QuoteAsk {
  lines: readonly QuoteLine[];
  together: boolean;
  customer: string;
  note: string;
  keep: boolean;
}

export interface Quotes {
  /** @returns the quote, without an id when it is not kept */
  ask(
    scope: ModelScope,
    ask: QuoteAsk,
    who: string,
    signal?: AbortSignal,
  ): Promise<Omit<QuoteRow, 'id'> & { id: number | null }>;
  /**
   * Asks again, and holds what is promised until then. Held already: until another day.
   * @throws PlanbridgeError PB_PLAN_REFUSED when it can only be promised for later by now, unless `anyDate`
   */
  hold(scope: ModelScope, id: number, until: Date, anyDate: boolean, who: string): Promise<QuoteRow>;
  /** Firm from now on; with the number of the order in Odoo it ends as soon as that order is read. */
  confirm(scope: ModelScope, id: number, salesOrder: string, anyDate: boolean, who: string): Promise<QuoteRow>;
  cancel(scope: ModelScope, id: number, who: string): Promise<QuoteRow>;
  list(scope: ModelScope, filter: Parameters<typeof listQuotes>[2]): Promise<QuoteRow[]>;
  /** Only promises; keeps nothing. */
  promise(scope: ModelScope, lines: readonly QuoteLine[], signal?: AbortSignal): Promise<LinePromise[]>;
  /** Ends what has run out. */
  expire(): Promise<number>;
}

export interface QuotesOptions {
  store: Store;
  live: LivePlanner;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
}

const LOCK_WAIT_MS = 60_000;

export function createQuotes({ store, live, log, now }: QuotesOptions): Quotes {
  const planScope = ({ odoo, company }: ModelScope) => ({ odoo, company: company ?? '' });

  async function promised(
    scope: ModelScope,
    question: { lines: readonly QuoteLine[]; together: boolean },
    without: number | null = null,
    signal?: AbortSignal,
  ): Promise<{ promises: LinePromise[]; planId: number }> {
    const all = await heldLines(store.query, planScope(scope));
    const own = without === null ? null : `Quote ${without}/`;
    const held = own === null ? all : all.filter(({ name }) => !name.startsWith(own));
    const promises = await live.ask(scope, 'quote', { ...question, held }, { signal });
    const plan = await live.plan(scope);
    return { promises, planId: plan?.id ?? 0 };
  }

  /** One after the other: two must not be promised the same. */
  const alone = <T>(scope: ModelScope, run: () => Promise<T>): Promise<T> =>
    store.locked(`quotes ${scope.odoo} ${scope.company ?? ''}`, LOCK_WAIT_MS, run);

  async function found(scope: ModelScope, id: number): Promise<QuoteRow> {
    const row = await findQuote(store.query, planScope(scope), id);
    if (row === null) throw notFound('quote');
    return row;
  }

  async function modelOf(scope: ModelScope): Promise<number> {
    const model = await findModel(store, scope);
    if (model !== null) return model;
    throw refused('There is no planning model yet: Odoo was not read.', 'Run odoo_read_1 first.');
  }

  /** The quote with what can be promised now. */
  async function renewed(scope: ModelScope, row: QuoteRow, anyDate: boolean): Promise<QuoteRow & { planId: number }> {
    const { promises, planId } = await promised(scope, row, row.id);
    const fresh = { ...row, promises, planId };
    const later = promises.findIndex((now, i) => isLater(now, row.promises[i]));
    if (later >= 0 && !anyDate) {
      const one = promises[later] as LinePromise;
      const day = one.promised === null ? 'not at all' : `for ${dayWords(one.promised, 0)} only`;
      throw refused(
        `Meanwhile ${one.item} can be promised ${day}.`,
        'Look at the new dates by asking again, or hold it whatever the date.',
      );
    }
    if (heldOf(fresh).length === 0)
      throw refused('Nothing of it can be promised.', 'Ask for other dates or quantities.');
    return fresh;
  }

  return {
    async promise(scope, lines, signal) {
      return (await promised(scope, { lines, together: false }, null, signal)).promises;
    },
    async ask(scope, { keep, ...ask }, who, signal) {
      const { promises, planId } = await promised(scope, ask, null, signal);
      const quote = { ...ask, promises, planId, who };
      if (keep) return await insertQuote(store.query, planScope(scope), quote, now());
      const { lines, ...rest } = quote;
      const asked = { state: 'inquiry' as const, until: null, salesOrder: '', askedAt: new Date(now()), heldAt: null };
      return { id: null, ...rest, ...asked, lines: [...lines] };
    },
    hold: (scope, id, until, anyDate, who) =>
      alone(scope, async () => {
        if (until.getTime() <= now()) {
          throw new PlanbridgeError('PB_REQUEST_BODY', 400, 'A quote is held until a day that is not past.');
        }
        const row = await found(scope, id);
        if (row.state === 'confirmed' || row.state === 'ordered') throw refused(`Quote ${id} is ${row.state}.`, '');
        const fresh = row.state === 'held' ? { ...row, planId: row.planId ?? 0 } : await renewed(scope, row, anyDate);
        const { planId } = fresh;
        const change = { state: 'held' as const, until, salesOrder: '', planId, who, now: now() };
        return await holdQuote(store, await modelOf(scope), fresh, change);
      }),
    confirm: (scope, id, salesOrder, anyDate, who) =>
      alone(scope, async () => {
        const row = await found(scope, id);
        if (row.state === 'ordered') throw refused(`Quote ${id} is ordered already.`, '');
        const lies = row.state === 'held' || row.state === 'confirmed';
        const fresh = lies ? { ...row, planId: row.planId ?? 0 } : await renewed(scope, row, anyDate);
        const { planId } = fresh;
        const change = { state: 'confirmed' as const, until: null, salesOrder, planId, who, now: now() };
        return await holdQuote(store, await modelOf(scope), fresh, change);
      }),
    cancel: (scope, id, who) =>
      alone(scope, async () => {
        const row = await found(scope, id);
        if (row.state === 'cancelled') return row;
        if (row.state === 'ordered') throw refused(`Quote ${id} is an order in Odoo by now.`, 'Cancel it there.');
        return await releaseQuote(store, row, 'cancelled', { who, now: now() });
      }),
    list: (scope, filter) => listQuotes(store.query, planScope(scope), filter),
    async expire() {
      const ended = await endQuotes(store, now());
      if (ended > 0) log.info({ ended }, 'quotes have ended');
      return ended;
    },
  };
}

const SLACK = 60;

function isLater(now: LinePromise, then: LinePromise | undefined): boolean {
  if (then === undefined || then.promised === null) return false;
  return now.promised === null || now.promised > then.promised + SLACK;
}

function refused(message: string, remedy: string): PlanbridgeError {
  return new PlanbridgeError('PB_PLAN_REFUSED', 409, message, { remedy });
}
