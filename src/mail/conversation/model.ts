// What a conversation is made of, as it is stored: its lines, the lines that wait for a choice, the causes of its transitions, and
// what the effects of a transition work with. Types only.
import type { ReadingError, ReadOrder } from '../reading.ts';
import type { EventKind, State } from './states.ts';

/** A line as a person and the answer see it. */
export interface LineRecord {
  /** From 1, as in the mail. */
  line: number;
  product: number | null;
  /** The product as the mail names it. */
  written: string | null;
  /** Where in the mail it was read. */
  place: string | null;
  quantity: number | null;
  uom: string | null;
  day: string | null;
  /** Other values as the mail writes them, to say what was read. */
  texts?: { quantity?: string; uom?: string; deliveryDate?: string };
  outcome: 'ordered' | 'short' | 'not-produced' | 'wrong';
}

/** A line that free stock does not cover. */
export interface ShortLine {
  line: number;
  product: number;
  /** As the customer counts. */
  quantity: number;
  uom: string | null;
  day: string | null;
  /** In the product's own unit. */
  wanted: number;
  free: number;
  /** Earliest day on which all of it can be promised; null = nobody knows. */
  promise: string | null;
}

/** A line of the sales order to make. */
export interface OrderLine {
  product: number;
  quantity: number;
  uom: string | null;
  day: string | null;
  /** In the product's own unit, for what is held; null = no stock is kept of it. */
  held: number | null;
}

/** Why something of a reply is not ordered. */
export interface LeftOut {
  product: number | null;
  written: string | null;
  quantity: number | null;
  uom: string | null;
}

export interface OpenQuestion {
  conversation: number;
  outbound: number;
  receivedAt: number;
  reference: string | null;
  lines: readonly ShortLine[];
}

/** What the effects of one transition work with. */
export interface Detail {
  order: readonly OrderLine[];
  lines: readonly LineRecord[];
  short: readonly ShortLine[];
  errors: readonly ReadingError[];
  leftOut: readonly LeftOut[];
  reference: string | null;
  address: string | null;
  /** Nothing of what was asked for is free any more. */
  nothingFree?: boolean;
  /** The mail that is answered; null = nothing was written to us. */
  mail: number | null;
  questions?: readonly OpenQuestion[];
  /** Today in the company's zone. */
  today: string;
}

export type Cause =
  | { kind: 'mail'; mail: number }
  | { kind: 'link'; link: number }
  | { kind: 'person'; login: string; what: string }
  | { kind: 'timer' }
  | { kind: 'odoo'; reason: string };

export interface Conversation {
  id: number;
  state: State;
  customerEmail: string;
  customerName: string | null;
  customerKey: string;
  answerTo: string;
  language: string;
  subject: string;
  mailId: number | null;
  readOrder: ReadOrder | null;
  errors: readonly ReadingError[];
  lines: readonly LineRecord[];
  short: readonly ShortLine[];
  accepted: boolean;
  receivedAt: Date;
  triesLeft: number;
  round: number;
  remindAt: Date | null;
  expireAt: Date | null;
  waitsFor: string | null;
  waitsSince: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface Happening {
  event: EventKind;
  cause: Cause;
  detail: Detail;
  /** For the person who has to look, a sentence. */
  why: string;
}

export function noDetail(today: string, more: Partial<Detail> = {}): Detail {
  return {
    order: [],
    lines: [],
    short: [],
    errors: [],
    leftOut: [],
    reference: null,
    address: null,
    mail: null,
    today,
    ...more,
  };
}
