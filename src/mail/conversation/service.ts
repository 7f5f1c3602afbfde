// The border between the pipeline, which stores and reads mails, and the conversations, which decide, remember and answer.
// Types only: the pipeline (process.ts) calls what stands here, `createConversations` implements it.
import type { Surroundings } from '../../parts.ts';
import type { Query } from '../../store/database.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Mail } from '../mail.ts';
import type { FullReading, PastOrder } from '../read.ts';
import type { SentMail } from '../threading.ts';

/** A mail as it is stored: `planbridge.mail`, from which rows of conversations may refer to `id`. */
export interface StoredMail {
  id: number;
  /** SHA-256 of the raw bytes, in hexadecimal digits. */
  sha256: string;
  /** Name of the source that brought it first. */
  source: string;
  /** When it was stored, milliseconds since 1970: the `now` of its reading, however late it is read. */
  receivedAt: number;
  envelope: Envelope;
  /** Bytes of the raw mail. */
  size: number;
  /** How often its reading has begun, this time included: 1 at first. */
  attempt: number;
  /** A person has let this mail through although its sender is refused. */
  released: boolean;
}

/** What the transport said of a mail; null where the source does not know. */
export interface Envelope {
  /** MAIL FROM; empty for notices that must not be answered. */
  from: string | null;
  to: readonly string[];
}

/** What is to be known before a mail can be read. */
export interface MemoryRequest {
  mail: Mail;
  stored: StoredMail;
  catalogue: Catalogue;
  /**
   * Whose earlier orders may matter, as `customerKey` names them: the sender; where our own people forward, also whoever
   * stands in what they forward.
   */
  customers: readonly string[];
}

/** Plain data, so that it can be given to another thread. Whether a mail came before is known by the pipeline itself. */
export interface RememberedMails {
  /**
   * Our mails that this one may answer: those that it names (References, In-Reply-To, tokens in subject and text, the delivery
   * report's message) to whomever they went, and those with an open question to any of `customers`.
   */
  sent: readonly SentMail[];
  /** Orders of `customers` that were accepted as orders. A `name` is text for the pipeline; conversations choose it. */
  orders: readonly PastOrder[];
}

/** A mail that is read. */
export interface Incoming {
  stored: StoredMail;
  mail: Mail;
  /** `reading`, the text's language, and the layout that matched. */
  full: FullReading;
  /** With which it was read; `free` may be minutes old. */
  catalogue: Catalogue;
  /** Day of arrival in the company's time zone, `YYYY-MM-DD`. */
  today: string;
}

/** What became of a mail, kept with it and shown in the list of mails. */
export interface Handled {
  /** null for mails that are recorded only. */
  conversation: number | null;
  /** In words, for people: `sale order`, `asked again`, `a person looks` … */
  outcome: string;
}

export interface ConversationService<Prepared = unknown> {
  /** Before reading. Outside of any transaction. */
  memory(request: MemoryRequest): Promise<RememberedMails>;

  /**
   * After reading, outside of any transaction: asks Odoo and the planner for what the decision needs (stock as it is now,
   * promises). It changes nothing anywhere. What it throws makes the pipeline try the mail again later, with growing pauses.
   */
  prepare(incoming: Incoming, signal: AbortSignal): Promise<Prepared>;

  /**
   * Decides, and records the state with its cause and the effects that are now due (sale orders, answers), through `query`
   * alone: the pipeline marks the mail as done in the same transaction, so this is called once for each mail that is done. It
   * asks nobody else, and waits for nothing. The mails of one customer come here one after the other, but a mail that our own
   * people forward may come beside them, so rows that are decided upon are locked (`for update`).
   */
  handle(query: Query, incoming: Incoming, prepared: Prepared): Promise<Handled>;

  /**
   * In the transaction in which a mail is given up: nothing could be read within the tries. It opens a conversation for a
   * person, so that the mail waits where people look. `why` is a sentence.
   */
  giveUp(query: Query, stored: StoredMail, why: string): Promise<Handled>;

  /** Carries out what is due (Odoo, outgoing mail, reminders) until the signal; it ends only then. */
  work(signal: AbortSignal): Promise<void>;
  /** Something was handled: work need not wait for its next look. */
  wake(): void;
  /** Carries out all that is due now, then ends: for `planbridge mail run --once`. */
  drain(signal: AbortSignal): Promise<void>;
  /** What keeps it from working, in a sentence; null = ready. */
  ready(): Promise<string | null>;
  /** Gives up the connections to Odoo and to the mail server. */
  close?(): Promise<void>;
}

/** What conversations may ask of the stored mails. */
export interface StoredMails {
  /** The original bytes; null when retention has taken them, or they were too large to keep. */
  raw(id: number): Promise<Buffer | null>;
  find(id: number): Promise<StoredMail | null>;
  /** Has a mail read again, for example when a person lets its sender through. The caller commits, then calls `wake`. */
  again(query: Query, id: number, options: { release: boolean }): Promise<void>;
  wake(): void;
}

export interface ConversationSurroundings extends Surroundings {
  mails: StoredMails;
  /** The catalogue as it was read last; asks Odoo when that is long ago. */
  catalogue(signal?: AbortSignal): Promise<Catalogue>;
}

/** `src/mail/conversation/open.ts` exports `createConversations: CreateConversations`, and adds its API routes in it. */
export type CreateConversations = (surroundings: ConversationSurroundings) => Promise<ConversationService>;
