// The demo's orders, made by the same calls that a user of Odoo would make, with the clock set to the day they were made.

import { timeOf } from '../behaviour/tools.ts';
import { modelOf } from '../orm/env.ts';
import { createRecord, patch, removeRecords } from '../orm/write.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import type { DataSet } from '../store/load.ts';
import { COMPANY } from './base.ts';
import { wallClock } from './builder.ts';
import { addHistory } from './history.ts';
import { addOpenOrders } from './open-orders.ts';
import { STOCK } from './stock.ts';

/** Runs calls on days before or after the day of the demo. */
export interface Storyteller {
  readonly sandbox: Sandbox;
  /** Odoo's text of a wall clock some days from today. */
  at(days: number, clock?: string): string;
  /** Sets the clock for the calls that follow. */
  setDay(days: number, clock?: string): void;
  call(login: string, model: string, method: string, ...args: unknown[]): unknown;
  create(login: string, model: string, values: Record<string, unknown>): number;
  /** Ids of records that match. */
  find(model: string, domain: readonly unknown[]): number[];
  /** The same numbers in every run. */
  random(): number;
}

/** Plays the story on the master data and gives back everything as one data set. */
export function tell(master: DataSet, now: Date): DataSet {
  let clock = now;
  const sandbox = createSandbox({ data: master, now: () => clock });
  const at = (days: number, time = '09:00'): string => wallClock(now, days, time);
  const story: Storyteller = {
    sandbox,
    at,
    setDay: (days, time = '09:00') => {
      // Nothing of today's happens after the moment that the demo is opened.
      const moment = new Date(timeOf(at(days, time)));
      clock = days <= 0 && moment > now ? now : moment;
    },
    call: (login, model, method, ...args) => sandbox.call(login, model, method, args),
    create: (login, model, values) => sandbox.call(login, model, 'create', [values]) as number,
    find: (model, domain) => sandbox.call('admin', model, 'search', [domain], { order: 'id' }) as number[],
    random: randomNumbers(20240416),
  };
  addHistory(story);
  story.setDay(-12);
  layStock(sandbox, at(-40));
  addOpenOrders(story);
  return { ...master, records: recordsOf(sandbox) };
}

/** Counted stock: what history left behind is replaced. */
function layStock(sandbox: Sandbox, since: string): void {
  const env = sandbox.superuser({ active_test: false });
  const quants = modelOf(env, 'stock.quant');
  const internal = new Set(
    [...env.db.table('stock.location').rows()]
      .filter((row) => row.usage === 'internal' || row.usage === 'transit')
      .map((row) => row.id),
  );
  const old = [...env.db.table('stock.quant').rows()].filter((row) => internal.has(row.location_id as number));
  removeRecords(
    env,
    quants,
    old.map((row) => row.id),
  );
  for (const [product_id, location_id, quantity] of STOCK) {
    const id = createRecord(env, quants, {
      product_id,
      location_id,
      quantity,
      reserved_quantity: 0,
      company_id: COMPANY,
      in_date: since,
    });
    patch(env, 'stock.quant', id, { in_date: since });
  }
}

function recordsOf(sandbox: Sandbox): DataSet['records'] {
  const records: Record<string, Record<string, unknown>[]> = {};
  for (const model of sandbox.db.models.keys()) {
    const rows = [...sandbox.db.table(model).rows()].map((row) => ({ ...row }));
    if (rows.length > 0) records[model] = rows;
  }
  return records;
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
