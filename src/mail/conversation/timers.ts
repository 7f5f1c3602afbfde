// What happens by the clock: reminders, questions that nobody answers, goods that have come for those who wait.
import { link, text } from '../../mapping/records.ts';
import type { Store } from '../../store/database.ts';
import type { Desk } from '../orders/desk.ts';
import { readReserved } from '../orders/reserved.ts';
import { applyEvent, type Deadlines } from './apply.ts';
import { splitHold } from './effects.ts';
import { noDetail } from './model.ts';
import { lockConversation } from './rows.ts';

export interface TimerSurroundings {
  store: Store;
  desk: Desk;
  deadlines: Deadlines;
  now: () => number;
  today: (instant: number) => string;
}

const BATCH = 50;

/** @returns how many conversations were reminded or closed */
export async function runDeadlines({ store, deadlines, now, today }: TimerSurroundings): Promise<number> {
  const at = new Date(now());
  const due = await store.query<{ id: number }>(
    `select id::integer from planbridge.mail_conversation where remind_at <= $1 or expire_at <= $1 order by id limit ${BATCH}`,
    [at],
  );
  for (const { id } of due) {
    await store.transaction(async (query) => {
      const conversation = await lockConversation(query, id);
      if (!conversation) return;
      // Where nothing ran for long, a reminder that comes with the end would be none.
      const expired = conversation.expireAt !== null && conversation.expireAt <= at && conversation.remindAt === null;
      const remind = conversation.remindAt !== null && conversation.remindAt <= at;
      if (!expired && !remind) return;
      const event = expired ? 'expiry-due' : 'reminder-due';
      const detail = noDetail(today(at.getTime()), {
        short: conversation.short,
        errors: conversation.errors,
        lines: conversation.lines,
      });
      await applyEvent(query, conversation, { event, cause: { kind: 'timer' }, detail, why: '' }, deadlines, at);
    });
  }
  return due.length;
}

interface Hold {
  id: number;
  conversation: number;
  quantity: number;
  line: number;
}

const FORGET_MS = 86_400_000;

/**
 * Looks how far Odoo has set goods aside for orders that wait: what it has is no longer held here; who waits for nothing more has
 * his goods.
 */
export async function reviewHolds({ store, desk, deadlines, now, today }: TimerSurroundings): Promise<void> {
  await store.query('delete from planbridge.mail_hold where visible_at < $1', [new Date(now() - FORGET_MS)]);
  const holds = await store.query<Hold>(
    `select id::integer, conversation_id::integer as conversation, quantity, sale_line as line from planbridge.mail_hold
     where sale_line is not null and visible_at is null order by id limit 2000`,
  );
  if (holds.length === 0) return;
  const { writer } = await desk.connect();
  const ids = [...new Set(holds.map(({ line }) => line))];
  const rows = await writer.read({
    model: 'sale.order.line',
    domain: [['id', 'in', ids]],
    fields: ['state', 'order_id'],
  });
  const reserved = await readReserved(ids, writer);
  const at = new Date(now());
  await store.transaction(async (query) => {
    for (const hold of holds) {
      const row = rows.find(({ id }) => id === hold.line);
      const state = text(row, 'state');
      if (!row || link(row, 'order_id') === undefined || state === 'cancel') {
        await query('delete from planbridge.mail_hold where id = $1', [hold.id]);
        continue;
      }
      if (state !== 'sale' && state !== 'done') continue;
      const found = reserved.get(hold.line);
      const [before] = await query<{ sum: number | null }>(
        'select sum(quantity) as sum from planbridge.mail_hold where sale_line = $1 and visible_at is not null',
        [hold.line],
      );
      // Odoo asks nothing of the stock for it: there is nothing to hold.
      const more = !found || found.settled ? hold.quantity : Math.max(0, found.reserved - Number(before?.sum ?? 0));
      if (more > 1e-9) await splitHold(query, hold, hold.line, Math.min(more, hold.quantity), at);
    }
  });
  for (const id of new Set(holds.map(({ conversation }) => conversation))) {
    await store.transaction(async (query) => {
      const conversation = await lockConversation(query, id);
      if (conversation?.state !== 'waiting-for-stock') return;
      const [open] = await query<{ count: number }>(
        `select (select count(*) from planbridge.mail_hold where conversation_id = $1 and visible_at is null)
           + (select count(*) from planbridge.mail_effect where conversation_id = $1 and state = 'due') as count`,
        [id],
      );
      if (Number(open?.count) > 0) return;
      const happening = {
        event: 'replenished',
        cause: { kind: 'odoo', reason: 'reserved' },
        detail: noDetail(today(at.getTime())),
        why: '',
      } as const;
      await applyEvent(query, conversation, happening, deadlines, at);
    });
  }
}
