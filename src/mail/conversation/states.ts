// The life of one order mail, as a table: state and event give the next state and what is to be done. Nothing is done here.

/** `person`: somebody of ours has to look. The last four are ends. */
export const STATES = [
  'new',
  'waiting-for-correction',
  'waiting-for-choice',
  'waiting-for-stock',
  'person',
  'ordered',
  'cancelled',
  'expired',
  'closed',
] as const;

export type State = (typeof STATES)[number];

export const EVENTS = [
  /** Every line is right and in stock. */
  'covered',
  /** Right, but some lines are short of stock. */
  'short',
  /** A field is missing, wrong or ambiguous, or nothing in it can be had. */
  'wrong',
  /** The same order again. */
  'repeated',
  /** A person has to look: no order, an unreadable attachment, a reply without proof. */
  'question',
  'choice-available',
  'choice-wait',
  'choice-cancel',
  'unreadable',
  'reminder-due',
  'expiry-due',
  /** The purchase that was waited for has come, or the planner's date. */
  'replenished',
  'bounced',
  /** A reply that may answer several open questions. */
  'several',
  /** Odoo does not take what was decided. */
  'refused',
  /** A person of ours decides. */
  'release',
  'close',
] as const;

export type EventKind = (typeof EVENTS)[number];

export const EFFECTS = [
  'create-order',
  'create-order-of-available',
  'create-order-in-full',
  'request-replenishment',
  'answer-confirmation',
  'answer-errors',
  'answer-shortage',
  'answer-waiting',
  'answer-cancelled',
  'answer-choices-again',
  'answer-repeated',
  'answer-reminder',
  'answer-expired',
  'answer-which',
  'tell-person',
] as const;

export type Effect = (typeof EFFECTS)[number];

export interface Transition {
  from: State;
  on: EventKind;
  /** Under which condition; rows of one state and event are tried from the top. */
  when?: 'last-try';
  to: State;
  effects: readonly Effect[];
}

function row(from: State, on: EventKind, to: State, ...effects: Effect[]): Transition {
  return { from, on, to, effects };
}

/** All that can happen. What is not in the table changes nothing and tells a person. */
export const TRANSITIONS: readonly Transition[] = [
  row('new', 'covered', 'ordered', 'create-order', 'answer-confirmation'),
  row('new', 'short', 'waiting-for-choice', 'create-order-of-available', 'answer-shortage'),
  row('new', 'wrong', 'waiting-for-correction', 'answer-errors'),
  row('new', 'repeated', 'closed', 'answer-repeated'),
  row('new', 'several', 'closed', 'answer-which'),
  row('new', 'question', 'person', 'tell-person'),
  row('new', 'bounced', 'person', 'tell-person'),

  // A corrected order is a new mail with an order of its own; the conversation of the wrong one ends with it.
  row('waiting-for-correction', 'covered', 'ordered', 'create-order', 'answer-confirmation'),
  row('waiting-for-correction', 'short', 'waiting-for-choice', 'create-order-of-available', 'answer-shortage'),
  row('waiting-for-correction', 'wrong', 'waiting-for-correction', 'answer-errors'),
  row('waiting-for-correction', 'question', 'person', 'tell-person'),
  row('waiting-for-correction', 'bounced', 'person', 'tell-person'),
  row('waiting-for-correction', 'reminder-due', 'waiting-for-correction', 'answer-reminder'),
  row('waiting-for-correction', 'expiry-due', 'expired', 'answer-expired'),
  row('waiting-for-correction', 'close', 'closed'),

  row('waiting-for-choice', 'choice-available', 'ordered', 'create-order-of-available', 'answer-confirmation'),
  // The lines that the customer wants instead are checked like any order.
  row('waiting-for-choice', 'covered', 'ordered', 'create-order', 'answer-confirmation'),
  row('waiting-for-choice', 'short', 'waiting-for-choice', 'create-order-of-available', 'answer-shortage'),
  row('waiting-for-choice', 'wrong', 'waiting-for-choice', 'answer-errors'),
  row(
    'waiting-for-choice',
    'choice-wait',
    'waiting-for-stock',
    'create-order-in-full',
    'request-replenishment',
    'answer-waiting',
  ),
  row('waiting-for-choice', 'choice-cancel', 'cancelled', 'answer-cancelled'),
  { ...row('waiting-for-choice', 'unreadable', 'person', 'tell-person'), when: 'last-try' },
  row('waiting-for-choice', 'unreadable', 'waiting-for-choice', 'answer-choices-again'),
  row('waiting-for-choice', 'repeated', 'waiting-for-choice', 'answer-repeated'),
  row('waiting-for-choice', 'question', 'person', 'tell-person'),
  row('waiting-for-choice', 'bounced', 'person', 'tell-person'),
  row('waiting-for-choice', 'refused', 'person', 'tell-person'),
  row('waiting-for-choice', 'reminder-due', 'waiting-for-choice', 'answer-reminder'),
  row('waiting-for-choice', 'expiry-due', 'expired', 'answer-expired'),
  row('waiting-for-choice', 'close', 'closed'),

  row('waiting-for-stock', 'replenished', 'ordered'),
  row('waiting-for-stock', 'repeated', 'waiting-for-stock', 'answer-repeated'),
  // The order stands in Odoo: who wants to leave it speaks with a person.
  row('waiting-for-stock', 'choice-cancel', 'waiting-for-stock', 'tell-person'),
  row('waiting-for-stock', 'question', 'waiting-for-stock', 'tell-person'),
  row('waiting-for-stock', 'bounced', 'waiting-for-stock', 'tell-person'),
  row('waiting-for-stock', 'refused', 'person', 'tell-person'),
  row('waiting-for-stock', 'close', 'closed'),

  row('person', 'release', 'new'),
  row('person', 'covered', 'ordered', 'create-order', 'answer-confirmation'),
  row('person', 'short', 'waiting-for-choice', 'create-order-of-available', 'answer-shortage'),
  row('person', 'choice-available', 'ordered', 'create-order-of-available', 'answer-confirmation'),
  row('person', 'choice-wait', 'waiting-for-stock', 'create-order-in-full', 'request-replenishment', 'answer-waiting'),
  row('person', 'choice-cancel', 'cancelled', 'answer-cancelled'),
  row('person', 'repeated', 'person', 'answer-repeated'),
  row('person', 'question', 'person', 'tell-person'),
  row('person', 'unreadable', 'person', 'tell-person'),
  row('person', 'bounced', 'person', 'tell-person'),
  row('person', 'close', 'closed'),

  row('ordered', 'repeated', 'ordered', 'answer-repeated'),
  row('ordered', 'question', 'ordered', 'tell-person'),
  row('ordered', 'bounced', 'ordered', 'tell-person'),
  row('ordered', 'refused', 'person', 'tell-person'),
];

function statesKnowing(event: EventKind): ReadonlySet<State> {
  return new Set(TRANSITIONS.filter(({ on }) => on === event).map(({ from }) => from));
}

/** Nothing leads out of these. */
export const ENDS: ReadonlySet<State> = new Set(
  STATES.filter((state) => !TRANSITIONS.some(({ from }) => from === state)),
);
/** These are left when nobody answers. */
export const DEADLINE_STATES = statesKnowing('expiry-due');
/** In these a choice is still taken. */
export const ASKING_STATES = statesKnowing('choice-available');

export interface Outcome {
  to: State;
  effects: readonly Effect[];
  /** False: the table does not know the event in this state; nothing changes, and a person is told. */
  expected: boolean;
}

/**
 * The next state.
 *
 * @param triesLeft how often an unreadable reply may be answered with the choices again
 * @example next('waiting-for-choice', 'choice-wait') // { to: 'waiting-for-stock', effects: ['create-order-in-full', …] }
 */
export function next(from: State, on: EventKind, triesLeft = 1): Outcome {
  const found = TRANSITIONS.find(
    (each) => each.from === from && each.on === on && (each.when !== 'last-try' || triesLeft <= 0),
  );
  if (!found) return { to: from, effects: ['tell-person'], expected: false };
  return { to: found.to, effects: found.effects, expected: true };
}
