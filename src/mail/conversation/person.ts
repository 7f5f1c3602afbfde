// What a person of ours does with a conversation: corrects the lines, chooses for the customer, answers, has a mail read again,
// closes. Everything goes through the same table of transitions, with the login as its cause.
import { PlanbridgeError } from '../../errors.ts';
import type { Query, Store } from '../../store/database.ts';
import type { Catalogue } from '../catalogue.ts';
import type { ReadingLine, ReadOrder } from '../reading.ts';
import { applyEvent } from './apply.ts';
import { inProductUnit } from './availability.ts';
import { choiceHappening, type HandleSettings, orderHappening } from './handle.ts';
import { lockStock } from './holds.ts';
import { dayOf, orderLine } from './lines.ts';
import { type Conversation, type Happening, noDetail } from './model.ts';
import { type Facts, type FactsSurroundings, gatherFacts } from './prepare.ts';
import { findConversation, lockConversation } from './rows.ts';
import type { StoredMails } from './service.ts';
import { next } from './states.ts';

export interface PersonSurroundings extends FactsSurroundings {
  store: Store;
  settings: HandleSettings;
  catalogue: () => Promise<Catalogue>;
  mails: StoredMails;
  today: (instant: number) => string;
  wake(): void;
}

export interface CorrectedOrder {
  lines: readonly { product: number; quantity: number; uom: string | null; deliveryDate: string | null }[];
  customerReference: string | null;
  address: string | null;
}

export interface PersonActions {
  /** The order as a person reads it. `regardless`: it is made whatever the stock. */
  correct(id: number, order: CorrectedOrder, options: { regardless: boolean; login: string }): Promise<void>;
  choose(id: number, choice: 1 | 2 | 3, login: string): Promise<void>;
  close(id: number, login: string): Promise<void>;
  /** A person has looked; nothing else changes. */
  seen(id: number, login: string): Promise<void>;
  /** Tries again what has not worked, or has the first mail read again where nothing else is due. */
  retry(id: number, login: string): Promise<'effects' | 'mail'>;
  /** Has a mail read again whatever the policy says of its sender. */
  release(mail: number, login: string): Promise<void>;
}

function notFound(): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, 'There is no such conversation.');
}

function wrongState({ state }: Conversation, what: string): PlanbridgeError {
  return new PlanbridgeError('PB_MAIL_STATE', 409, `The conversation is ${state}: ${what} is not possible.`, {
    remedy: 'Read it again; somebody else may have been faster.',
  });
}

function invalid(message: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BODY', 400, message);
}

export function createPersonActions(surroundings: PersonSurroundings): PersonActions {
  const { store, settings, mails, now, today, wake } = surroundings;

  async function factsFor(conversation: Conversation, lines: readonly ReadingLine[]): Promise<Facts> {
    return await gatherFacts(surroundings, {
      catalogue: await surroundings.catalogue(),
      lines,
      customerKeys: [],
      conversation: conversation.id,
      today: today(now()),
      signal: new AbortController().signal,
    });
  }

  async function within(
    id: number,
    what: string,
    happen: (query: Query, conversation: Conversation) => Promise<Omit<Happening, 'cause'>>,
    login: string,
    before?: (conversation: Conversation) => void,
  ): Promise<void> {
    await store.transaction(async (query) => {
      await lockStock(query);
      const conversation = await lockConversation(query, id);
      if (!conversation) throw notFound();
      const { event, detail, why } = await happen(query, conversation);
      if (!next(conversation.state, event, conversation.triesLeft).expected) throw wrongState(conversation, what);
      before?.(conversation);
      const cause = { kind: 'person', login, what } as const;
      await applyEvent(query, conversation, { event, cause, detail, why }, settings.deadlines, new Date(now()));
    });
    wake();
  }

  return {
    async correct(id, given, { regardless, login }) {
      const found = await findConversation(store.query, id);
      if (!found) throw notFound();
      const order: ReadOrder = {
        ...(given.customerReference && { customerReference: given.customerReference }),
        ...(given.address && { address: given.address }),
        lines: given.lines.map(({ deliveryDate, ...line }) => ({ ...line, ...(deliveryDate && { deliveryDate }) })),
      };
      const facts = await factsFor(found, order.lines);
      for (const [index, line] of order.lines.entries()) checkLine(line, index + 1, facts.catalogue);
      const incoming = { today: today(now()), stored: null };
      await within(
        id,
        regardless ? 'made by hand' : 'lines corrected',
        async (query) => {
          const happening = await orderHappening({ query, facts, settings, incoming }, order, []);
          if (!regardless) return happening;
          const lines = happening.detail.lines.map((line) => ({ ...line, outcome: 'ordered' as const }));
          const all = order.lines.map((line) => orderLine(line, dayOf(line, order), facts.catalogue));
          return { event: 'covered', detail: { ...happening.detail, lines, short: [], order: all }, why: '' };
        },
        login,
        (conversation) => {
          conversation.readOrder = order;
        },
      );
    },
    async choose(id, choice, login) {
      const found = await findConversation(store.query, id);
      if (!found) throw notFound();
      const facts = await factsFor(found, []);
      await within(
        id,
        `choice ${choice}`,
        async (query, conversation) => {
          if (conversation.short.length === 0) throw wrongState(conversation, 'a choice');
          return await choiceHappening(
            { query, facts, incoming: { today: today(now()), stored: null } },
            conversation,
            choice,
            [],
          );
        },
        login,
      );
    },
    async close(id, login) {
      await within(id, 'closed', async () => ({ event: 'close', detail: noDetail(today(now())), why: '' }), login);
    },
    async seen(id, login) {
      const rows = await store.query(
        'update planbridge.mail_conversation set waits_for = null, waits_since = null, updated_at = $2 where id = $1 returning id',
        [id, new Date(now())],
      );
      if (rows.length === 0) throw notFound();
      await store.query(
        `insert into planbridge.mail_transition (conversation_id, from_state, event, to_state, expected, cause, detail, at)
         select id, state, 'seen', state, true, $2, '{}', $3 from planbridge.mail_conversation where id = $1`,
        [id, JSON.stringify({ kind: 'person', login, what: 'seen' }), new Date(now())],
      );
    },
    async retry(id, login) {
      const tried = await store.query(
        `update planbridge.mail_effect set due_at = $2 where conversation_id = $1 and state = 'due' returning id`,
        [id, new Date(now())],
      );
      const mailed = await store.query(
        `update planbridge.mail_outbound set state = 'queued', due_at = $2, attempts = 0 where conversation_id = $1 and
           (state = 'dead' or state = 'queued') and raw is not null returning id`,
        [id, new Date(now())],
      );
      wake();
      if (tried.length + mailed.length > 0) return 'effects';
      const conversation = await findConversation(store.query, id);
      if (!conversation) throw notFound();
      if (conversation.mailId === null) throw wrongState(conversation, 'a retry');
      await readAgain(conversation, conversation.mailId, login);
      return 'mail';
    },
    async release(mail, login) {
      const [row] = await store.query<{ id: number }>(
        `select id::integer from planbridge.mail_conversation where mail_id = $1 and state = 'person' order by id limit 1`,
        [mail],
      );
      const conversation = row ? await findConversation(store.query, row.id) : null;
      if (conversation) {
        await readAgain(conversation, mail, login);
        return;
      }
      if ((await mails.find(mail)) === null) {
        throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, 'There is no such mail.');
      }
      await store.transaction((query) => mails.again(query, mail, { release: true }));
      mails.wake();
    },
  };

  async function readAgain({ id }: Conversation, mail: number, login: string): Promise<void> {
    await store.transaction(async (query) => {
      const conversation = await lockConversation(query, id);
      if (!conversation) throw notFound();
      if (!next(conversation.state, 'release', 1).expected) throw wrongState(conversation, 'reading its mail again');
      const happening = {
        event: 'release',
        cause: { kind: 'person', login, what: 'released' },
        detail: noDetail(today(now())),
        why: '',
      } as const;
      await applyEvent(query, conversation, happening, settings.deadlines, new Date(now()));
      await mails.again(query, mail, { release: true });
    });
    mails.wake();
  }
}

/** @throws PlanbridgeError PB_REQUEST_BODY */
function checkLine(line: ReadingLine, number: number, catalogue: Catalogue): void {
  const product = line.product === null ? undefined : catalogue.product(line.product);
  if (!product) throw invalid(`Line ${number}: there is no product ${line.product} in Odoo.`);
  if (!product.active || !product.saleOk) throw invalid(`Line ${number}: product ${product.id} is not for sale.`);
  if (inProductUnit(line, product.uom, catalogue.units) === undefined) {
    throw invalid(`Line ${number}: product ${product.id} cannot be ordered in ${line.uom}.`);
  }
}
