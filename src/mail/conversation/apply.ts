// One event of one conversation: the next state by the table, recorded with its cause, and what is due because of it. Works in the
// caller's transaction on a locked row, and asks nobody.
import type { Query } from '../../store/database.ts';
import type { Conversation, Happening, OrderLine } from './model.ts';
import { addTransition, type Changes, saveConversation } from './rows.ts';
import { ASKING_STATES, DEADLINE_STATES, type Effect, ENDS, next, type Outcome, type State } from './states.ts';

export interface Deadlines {
  reminderMs: number;
  expiryMs: number;
  /** How often the choices are repeated after a reply that cannot be read. */
  tries: number;
}

const ACCEPTED_STATES: ReadonlySet<State> = new Set(['ordered', 'waiting-for-choice', 'waiting-for-stock']);

export interface Applied {
  outcome: Outcome;
  transition: number;
}

export async function applyEvent(
  query: Query,
  conversation: Conversation,
  happening: Happening,
  deadlines: Deadlines,
  now: Date,
): Promise<Applied> {
  const { event, cause, detail } = happening;
  const outcome = next(conversation.state, event, conversation.triesLeft);
  const due = outcome.effects.filter((effect) => effect !== 'tell-person');
  const transition = await addTransition(
    query,
    {
      conversation: conversation.id,
      from: conversation.state,
      event,
      to: outcome.to,
      expected: outcome.expected,
      cause,
      detail,
      effects: due,
    },
    now,
  );
  if (event === 'refused') await dropDue(query, conversation.id);
  if (due.some(isCreate)) await hold(query, conversation.id, transition, detail.order);
  const changes = changesOf(conversation, happening, outcome, deadlines, now);
  // What was ordered stays ordered, however the rest ends: the same mail again would order it twice.
  if (ENDS.has(outcome.to)) changes.accepted = await hasOrdered(query, conversation.id);
  await saveConversation(query, conversation.id, changes, now);
  Object.assign(conversation, changes);
  if (!ASKING_STATES.has(outcome.to)) await closeQuestions(query, conversation.id, 'short');
  if (outcome.to !== 'waiting-for-correction') await closeQuestions(query, conversation.id, 'format-error');
  if (ENDS.has(outcome.to) && outcome.expected) {
    await query(
      `delete from planbridge.mail_hold where conversation_id = $1 and sale_line is null and transition_id not in
         (select transition_id from planbridge.mail_effect where conversation_id = $1 and state = 'due')`,
      [conversation.id],
    );
  }
  return { outcome, transition };
}

export function isCreate(effect: Effect | string): boolean {
  return effect.startsWith('create-order');
}

function changesOf(
  before: Conversation,
  { event, detail, why }: Happening,
  { to, effects, expected }: Outcome,
  deadlines: Deadlines,
  now: Date,
): Changes {
  const asks = effects.includes('answer-shortage');
  const again = effects.includes('answer-choices-again');
  const told = effects.includes('tell-person');
  const shown = detail.lines.length > 0 ? detail.lines : before.lines;
  const deadline = deadlineOf(before, to, event, expected, deadlines, now);
  const solved = before.state === 'person' && to !== 'person';
  return {
    state: to,
    readOrder: before.readOrder,
    errors: event === 'wrong' || event === 'covered' || event === 'short' ? detail.errors : before.errors,
    lines: shown,
    short: asks ? detail.short : ASKING_STATES.has(to) || to === before.state ? before.short : [],
    accepted: accepted(before, to, event),
    triesLeft: asks ? deadlines.tries : again ? before.triesLeft - 1 : before.triesLeft,
    round: asks ? before.round + 1 : before.round,
    ...deadline,
    waitsFor: told ? why : solved ? null : before.waitsFor,
    waitsSince: told ? (before.waitsSince ?? now) : solved ? null : before.waitsSince,
  };
}

function accepted(before: Conversation, to: State, event: string): boolean {
  if (event === 'refused') return false;
  return ACCEPTED_STATES.has(to) || before.accepted;
}

function deadlineOf(
  before: Conversation,
  to: State,
  event: string,
  expected: boolean,
  { reminderMs, expiryMs }: Deadlines,
  now: Date,
): Pick<Changes, 'remindAt' | 'expireAt'> {
  if (!DEADLINE_STATES.has(to)) return { remindAt: null, expireAt: null };
  if (!expected) return { remindAt: before.remindAt, expireAt: before.expireAt };
  const expiry = new Date(now.getTime() + expiryMs);
  if (event === 'reminder-due') return { remindAt: null, expireAt: expiry };
  return { remindAt: new Date(now.getTime() + reminderMs), expireAt: new Date(now.getTime() + reminderMs + expiryMs) };
}

async function closeQuestions(query: Query, conversation: number, kind: string): Promise<void> {
  await query('update planbridge.mail_outbound set open = false where conversation_id = $1 and kind = $2 and open', [
    conversation,
    kind,
  ]);
}

async function hasOrdered(query: Query, conversation: number): Promise<boolean> {
  const rows = await query(
    `select 1 from planbridge.mail_effect e join planbridge.mail_transition t on t.id = e.transition_id
     where e.conversation_id = $1 and e.kind like 'create-order%' and e.state <> 'dropped'
       and jsonb_array_length(t.detail->'order') > 0 limit 1`,
    [conversation],
  );
  return rows.length > 0;
}

/** What was not carried out yet will not be. */
async function dropDue(query: Query, conversation: number): Promise<void> {
  await query(
    `delete from planbridge.mail_hold where sale_line is null and transition_id in
       (select transition_id from planbridge.mail_effect where conversation_id = $1 and state = 'due')`,
    [conversation],
  );
  await query(`update planbridge.mail_effect set state = 'dropped' where conversation_id = $1 and state = 'due'`, [
    conversation,
  ]);
}

async function hold(
  query: Query,
  conversation: number,
  transition: number,
  lines: readonly OrderLine[],
): Promise<void> {
  for (const { product, held } of lines) {
    if (held === null || held <= 0) continue;
    await query(
      `insert into planbridge.mail_hold (conversation_id, transition_id, product, quantity) values ($1, $2, $3, $4)`,
      [conversation, transition, product, held],
    );
  }
}
