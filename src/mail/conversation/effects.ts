// Carries out what transitions ask for, each effect once, in order within its conversation: sales orders many at a time, purchases,
// answers into the outbox. One process at a time does this; a crash anywhere leaves the effect due.
import { describeError, PlanbridgeError } from '../../errors.ts';
import { errorFields, type Log } from '../../log.ts';
import type { Query, Store } from '../../store/database.ts';
import { type Desk, isPassing } from '../orders/desk.ts';
import type { MadeOrder } from '../orders/made-orders.ts';
import type { ReplenishResult } from '../orders/replenish.ts';
import type { SaleResult } from '../orders/sale-job.ts';
import { makeSales } from '../orders/sales.ts';
import { applyEvent, type Deadlines, isCreate } from './apply.ts';
import { type Conversation, type Detail, noDetail } from './model.ts';
import { findConversation, json, lockConversation } from './rows.ts';
import type { Effect } from './states.ts';

export interface EffectJob {
  id: number;
  conversation: number;
  transition: number;
  kind: Effect;
  attempts: number;
  detail: Detail;
  /** When the transition was, whenever this is tried. */
  at: Date;
}

/** What earlier effects of the same transition gave. */
export interface EffectResults {
  order: MadeOrder | null;
  replenished: ReplenishResult | null;
}

export interface EffectSurroundings {
  store: Store;
  desk: Desk;
  confirm: boolean;
  settleMs: number;
  deadlines: Deadlines;
  now: () => number;
  log: Log;
  replenish(job: EffectJob, conversation: Conversation): Promise<ReplenishResult>;
  /** Builds the answer and puts it into the outbox, in the transaction that ends the effect. */
  answer(query: Query, job: EffectJob, conversation: Conversation, results: EffectResults): Promise<void>;
  /** Gathers what `answer` needs, outside of the transaction. */
  readyToAnswer(): Promise<void>;
}

const BATCH = 40;
/** A person is told when nothing has worked so often; trying goes on. */
const PATIENCE = 8;
const LONGEST_PAUSE_MS = 900_000;

/** What has not come about, for the person who has to look. */
const FAILED: Readonly<Record<Effect, string>> = {
  'create-order': 'The sales order was not made in Odoo',
  'create-order-of-available': 'The sales order of what is available was not made in Odoo',
  'create-order-in-full': 'The sales order in full was not made in Odoo',
  'request-replenishment': 'The vendor was not asked for replenishment',
  'answer-confirmation': 'The confirmation was not written to the customer',
  'answer-errors': 'The customer was not asked for a correction',
  'answer-shortage': 'The stock notice was not written to the customer',
  'answer-waiting': 'The customer was not told that we replenish',
  'answer-cancelled': 'The customer was not told of the cancellation',
  'answer-choices-again': 'The customer was not asked again for his choice',
  'answer-repeated': 'The customer was not told that the order came twice',
  'answer-reminder': 'The customer was not reminded',
  'answer-expired': 'The customer was not told that the question is closed',
  'answer-which': 'The customer was not asked which question he answers',
  'tell-person': 'A person was not told',
};

/** Due effects whose predecessors in the conversation are done. @returns how many were tried */
export async function runEffects(surroundings: EffectSurroundings, signal: AbortSignal): Promise<number> {
  const jobs = await nextJobs(surroundings);
  const creates = jobs.filter(({ kind }) => isCreate(kind));
  if (creates.length > 0) await runCreates(creates, surroundings);
  // A purchase may have to wait until a plan is written: nobody else waits with it.
  const others = jobs.filter(({ kind }) => !isCreate(kind));
  for (const job of others.toSorted((a, b) => Number(isPurchase(a)) - Number(isPurchase(b)) || a.id - b.id)) {
    if (signal.aborted) break;
    await guarded(job, surroundings, () =>
      isPurchase(job) ? runReplenish(job, surroundings) : runAnswer(job, surroundings),
    );
  }
  return jobs.length;
}

function isPurchase({ kind }: EffectJob): boolean {
  return kind === 'request-replenishment';
}

async function nextJobs({ store, now }: EffectSurroundings): Promise<EffectJob[]> {
  return await store.query<EffectJob>(
    `select e.id::integer, e.conversation_id::integer as conversation, e.transition_id::integer as transition, e.kind, e.attempts, t.detail, t.at
     from planbridge.mail_effect e join planbridge.mail_transition t on t.id = e.transition_id
     where e.state = 'due' and e.due_at <= $1
       and not exists (select 1 from planbridge.mail_effect b where b.conversation_id = e.conversation_id and b.state = 'due' and b.id < e.id)
     order by e.id limit ${BATCH}`,
    [new Date(now())],
  );
}

// --- sales orders ------------------------------------------------------------------------------------------------------

async function runCreates(jobs: readonly EffectJob[], surroundings: EffectSurroundings): Promise<void> {
  const { store, desk } = surroundings;
  const empty = jobs.filter(({ detail }) => detail.order.length === 0);
  for (const job of empty) await finish(store, job, { order: null }, surroundings.now);
  const full = jobs.filter(({ detail }) => detail.order.length > 0);
  if (full.length === 0) return;
  let results: Map<number, SaleResult>;
  try {
    const conversations = new Map<number, Conversation>();
    for (const { conversation } of full) {
      const row = await findConversation(store.query, conversation);
      if (row) conversations.set(conversation, row);
    }
    results = await makeSales(
      full.map((job) => {
        const { customerEmail, customerName } = conversations.get(job.conversation)!;
        return {
          effect: job.id,
          conversation: job.conversation,
          customer: { email: customerEmail, name: customerName, address: job.detail.address },
          reference: job.detail.reference,
          lines: job.detail.order,
          today: job.detail.today,
        };
      }),
      surroundings,
    );
  } catch (error) {
    desk.failed(error);
    for (const job of full) await putOff(job, error, surroundings);
    return;
  }
  for (const job of full) {
    const result = results.get(job.id);
    if (result?.kind === 'made') await created(job, result.order, surroundings);
    else if (result?.kind === 'refused') await refuse(job, result.reason, surroundings);
    else {
      const due = new Date(surroundings.now() + (result?.kind === 'later' ? result.afterMs : 1_000));
      await store.query('update planbridge.mail_effect set due_at = $2 where id = $1', [job.id, due]);
    }
  }
}

async function created(job: EffectJob, order: MadeOrder, { store, now, confirm }: EffectSurroundings): Promise<void> {
  const at = new Date(now());
  await store.transaction(async (query) => {
    await query(`update planbridge.mail_record set name = $2 where effect_id = $1 and model = 'sale.order'`, [
      job.id,
      order.name,
    ]);
    // From now on, line by line, what Odoo has set aside is no longer held here.
    const holds = await query<{ id: number; product: number; quantity: number }>(
      `select id::integer, product, quantity from planbridge.mail_hold where transition_id = $1 order by id`,
      [job.transition],
    );
    const left = [...order.lines];
    for (const hold of holds) {
      const index = left.findIndex(({ product }) => product === hold.product);
      const [line] = index < 0 ? [] : left.splice(index, 1);
      const reserved = confirm ? Math.min(hold.quantity, line?.reserved ?? 0) : 0;
      await splitHold(query, hold, line?.id ?? null, reserved, at);
    }
    await end(query, job, { order }, at);
  });
}

/** What is reserved is free no more in Odoo itself; the rest is still held. */
export async function splitHold(
  query: Query,
  { id, quantity }: { id: number; quantity: number },
  saleLine: number | null,
  reserved: number,
  at: Date,
): Promise<void> {
  if (reserved >= quantity - 1e-9) {
    await query('update planbridge.mail_hold set visible_at = $2, sale_line = $3 where id = $1', [id, at, saleLine]);
    return;
  }
  await query('update planbridge.mail_hold set quantity = $2, sale_line = $3 where id = $1', [
    id,
    quantity - reserved,
    saleLine,
  ]);
  if (reserved > 1e-9) {
    await query(
      `insert into planbridge.mail_hold (conversation_id, transition_id, product, quantity, sale_line, visible_at)
       select conversation_id, transition_id, product, $2, $3, $4 from planbridge.mail_hold where id = $1`,
      [id, reserved, saleLine, at],
    );
  }
}

// --- purchases and answers ---------------------------------------------------------------------------------------------

async function runReplenish(job: EffectJob, surroundings: EffectSurroundings): Promise<void> {
  const conversation = await findConversation(surroundings.store.query, job.conversation);
  if (!conversation) return;
  const replenished = await surroundings.replenish(job, conversation).catch((error: unknown): ReplenishResult => {
    if (isPassing(error)) throw error;
    // The customer's order stands and he is to be told; the purchase is then a person's.
    return { requests: [], orders: [], problems: [`Nothing was ordered from vendors: ${describeError(error)}`] };
  });
  const { store, now } = surroundings;
  const at = new Date(now());
  await store.transaction(async (query) => {
    for (const { id, name } of replenished.orders) {
      await query(
        `insert into planbridge.mail_record (token, conversation_id, effect_id, model, res_id, name, asked_at)
         values ($1, $2, $3, 'purchase.order', $4, $5, $6) on conflict (token) do nothing`,
        [`purchase ${job.id} ${id}`, job.conversation, job.id, id, name, at],
      );
    }
    if (replenished.problems.length > 0) await tellPerson(query, job.conversation, replenished.problems.join(' '), at);
    const results = await resultsOf(query, job);
    await surroundings.answer(query, job, conversation, { ...results, replenished });
    await end(query, job, { replenished }, at);
  });
}

async function runAnswer(job: EffectJob, surroundings: EffectSurroundings): Promise<void> {
  const { store, now } = surroundings;
  await surroundings.readyToAnswer();
  await store.transaction(async (query) => {
    const conversation = await lockConversation(query, job.conversation);
    if (conversation) await surroundings.answer(query, job, conversation, await resultsOf(query, job));
    await end(query, job, {}, new Date(now()));
  });
}

async function resultsOf(query: Query, { transition, id }: EffectJob): Promise<EffectResults> {
  const rows = await query<{ result: Partial<EffectResults> | null }>(
    'select result from planbridge.mail_effect where transition_id = $1 and id < $2 order by id',
    [transition, id],
  );
  return Object.assign({ order: null, replenished: null }, ...rows.map(({ result }) => result ?? {})) as EffectResults;
}

// --- ends --------------------------------------------------------------------------------------------------------------

async function end(query: Query, job: EffectJob, result: object, at: Date): Promise<void> {
  await query(
    `update planbridge.mail_effect set state = 'done', result = $2, error = null, done_at = $3 where id = $1`,
    [job.id, json(result), at],
  );
  await query('update planbridge.mail_conversation set updated_at = $2 where id = $1', [job.conversation, at]);
}

async function finish(store: Store, job: EffectJob, result: object, now: () => number): Promise<void> {
  await store.transaction((query) => end(query, job, result, new Date(now())));
}

async function guarded(job: EffectJob, surroundings: EffectSurroundings, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    surroundings.desk.failed(error);
    if (isPassing(error)) await putOff(job, error, surroundings);
    else await refuse(job, describeError(error), surroundings);
  }
}

async function putOff(job: EffectJob, error: unknown, { store, now, log }: EffectSurroundings): Promise<void> {
  const pause = Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(job.attempts, 20));
  const at = now();
  const level = error instanceof PlanbridgeError ? 'warn' : 'error';
  log[level](
    { conversation: job.conversation, effect: job.kind, attempts: job.attempts + 1, ...errorFields(error) },
    'an effect of a mail is tried again',
  );
  await store.transaction(async (query) => {
    await query('update planbridge.mail_effect set attempts = attempts + 1, error = $2, due_at = $3 where id = $1', [
      job.id,
      describeError(error).slice(0, 2_000),
      new Date(at + pause),
    ]);
    if (job.attempts + 1 === PATIENCE) {
      const why = `${FAILED[job.kind]}, after ${PATIENCE} tries; it is tried further. ${describeError(error).slice(0, 500)}`;
      await tellPerson(query, job.conversation, why, new Date(at));
    }
  });
}

/** Trying again would not help: a person decides. */
async function refuse(job: EffectJob, reason: string, { store, now, deadlines }: EffectSurroundings): Promise<void> {
  const at = new Date(now());
  await store.transaction(async (query) => {
    const conversation = await lockConversation(query, job.conversation);
    if (!conversation) return;
    await query('update planbridge.mail_effect set error = $2 where id = $1', [job.id, reason.slice(0, 2_000)]);
    const why = `${FAILED[job.kind]}. ${reason}`.slice(0, 1_000);
    const detail = noDetail(job.detail.today, { ...job.detail });
    await applyEvent(
      query,
      conversation,
      { event: 'refused', cause: { kind: 'odoo', reason }, detail, why },
      deadlines,
      at,
    );
    // In a state that does not know refusals the effect must not stay due.
    await query(`update planbridge.mail_effect set state = 'dropped' where conversation_id = $1 and state = 'due'`, [
      job.conversation,
    ]);
  });
}

export async function tellPerson(query: Query, conversation: number, why: string, at: Date): Promise<void> {
  await query(
    `update planbridge.mail_conversation set waits_for = case when waits_for is null then $2 else left(waits_for || ' ' || $2, 2000) end,
       waits_since = coalesce(waits_since, $3), updated_at = $3 where id = $1`,
    [conversation, why.slice(0, 1_000), at],
  );
}
