// What the mail screens show of codes of the server, and the shapes of its answers.

/** Words of what happens to a conversation. */
export const EVENT_WORDS = [
  'covered',
  'short',
  'wrong',
  'repeated',
  'question',
  'choice available',
  'choice wait',
  'choice cancel',
  'unreadable',
  'reminder due',
  'expiry due',
  'replenished',
  'bounced',
  'several',
  'refused',
  'release',
  'close',
  'seen',
  'create order',
  'create order of available',
  'create order in full',
  'request replenishment',
  'answer confirmation',
  'answer errors',
  'answer shortage',
  'answer waiting',
  'answer cancelled',
  'answer choices again',
  'answer repeated',
  'answer reminder',
  'answer expired',
  'answer which',
  'tell person',
];

/** Words of what is wrong with a field. */
export const PROBLEM_WORDS = [
  'missing',
  'unknown',
  'archived',
  'not for sale',
  'ambiguous',
  'conflict',
  'zero',
  'negative',
  'not a number',
  'fraction',
  'absurd',
  'mismatch',
  'invalid',
  'past',
  'before order',
  'already used',
  'too many',
];

/** Words of what a mail is to its conversation, and of what became of a line. */
export const ROLE_WORDS = [
  'order',
  'correction',
  'reply',
  'duplicate',
  'question',
  'bounce',
  'unread',
  'ordered',
  'not produced',
];

/** Words of fields of an order, of causes, and of what is wrong with a source. */
export const FIELDS: Readonly<Record<string, string>> = {
  product: 'Product',
  quantity: 'Quantity',
  uom: 'Unit',
  deliveryDate: 'Delivery date',
  orderDate: 'Order date',
  customerReference: 'Reference',
  lines: 'Lines',
  conversation: 'Conversation',
  quiet: 'nothing has come for long',
  failing: 'it fails',
  stopped: 'nobody looks there',
};

/** `choice-wait` -> the words of `choice wait`. */
export const spaced = (code: string) => code.replaceAll('-', ' ');

export interface Item {
  code: string | null;
  name: string;
  unit: string;
  units: string[];
  free: number | null;
}

export interface Line {
  line: number;
  product: number | null;
  written: string | null;
  place: string | null;
  quantity: number | null;
  uom: string | null;
  day: string | null;
  outcome: string;
  item: Item | null;
}

export interface ShortLine {
  line: number;
  product: number;
  quantity: number;
  uom: string | null;
  wanted: number;
  free: number;
  promise: string | null;
  item: Item | null;
}

export interface Original {
  from: { email: string; name: string | null } | null;
  subject: string;
  date: string | null;
  text: string;
  hasHtml: boolean;
  refused: string | null;
  attachments: { name: string; type: string; bytes: number; inline: boolean }[];
}

export interface PartMail {
  mail: number;
  role: string;
  at: string;
  original: Original | null;
}

export interface Transition {
  id: number;
  from: string;
  event: string;
  to: string;
  expected: boolean;
  cause: { kind: string; mail?: number; login?: string; what?: string; reason?: string };
  at: string;
}

export interface Effect {
  id: number;
  transition: number;
  kind: string;
  state: 'due' | 'done' | 'dropped';
  attempts: number;
  error: string | null;
}

export interface Sent {
  id: number;
  template: string;
  recipient: string;
  subject: string;
  text: string;
  state: string;
  author: string | null;
  error: string | null;
  response: string | null;
  createdAt: string;
  sentAt: string | null;
}

export interface Talk {
  id: number;
  state: string;
  customer: { email: string; name: string | null };
  answerTo: string;
  subject: string;
  language: string;
  reference: string | null;
  address: string | null;
  waitsFor: string | null;
  waitsSince: string | null;
  receivedAt: string;
  updatedAt: string;
  remindAt: string | null;
  expireAt: string | null;
  order: { orderDate?: string; deliveryDate?: string } | null;
  errors: { line?: number; field: string; problem: string }[];
  lines: Line[];
  short: ShortLine[];
  mails: PartMail[];
  transitions: Transition[];
  effects: Effect[];
  answers: Sent[];
  records: { model: string; id: number; name: string; url: string | null }[];
}
