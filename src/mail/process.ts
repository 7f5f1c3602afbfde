// The pipeline: stored mails are read one after the other for each sender, and what is read goes to the conversations in one
// transaction with the mark that it is done. A process that is killed anywhere leaves a mail that is begun again.

import { describeError, PlanbridgeError } from '../errors.ts';
import { errorFields, type Log } from '../log.ts';
import type { Store } from '../store/database.ts';
import type { Catalogue } from './catalogue.ts';
import type { ConversationService, Handled, Incoming } from './conversation/service.ts';
import type { FieldWords } from './extraction/fields.ts';
import { createWaker } from './inbound/pause.ts';
import type { Mail } from './mail.ts';
import { customerKey, type FullReading, type ReadingContext } from './read.ts';
import type { Reading } from './reading.ts';
import { rawMail } from './store/mails.ts';
import {
  type Claim,
  ClaimLost,
  cameBefore,
  claimMail,
  countUp,
  customerVersions,
  finishMail,
  MOST_STARTS,
  nextDue,
  Overtaken,
  PAUSES_SECONDS,
  putAside,
  putBack,
  recordHead,
  renewClaims,
} from './store/queue.ts';
import type { Policy } from './triage/policy.ts';

/** Turns bytes into a mail and a mail into a reading, within limits of its own. */
export interface Reader {
  /** @param refused why only the head is to be read; null = all of it */
  parse(raw: Buffer, refused: string | null): Promise<Mail>;
  read(mail: Mail, context: ReadingContext): Promise<FullReading>;
}

/** How mails are read, apart from what is known at the moment. */
export interface ReadingSettings {
  ownAddresses: ReadonlySet<string>;
  staffDomains: ReadonlySet<string>;
  policy: Policy;
  limits: ReadingContext['limits'];
}

/** What became of a mail, for who watches. */
export interface ProcessedMail {
  id: number;
  source: string;
  sender: string;
  subject: string;
  /** undefined: it could not be read, and waits for another try or a person. */
  reading: Reading | undefined;
  outcome: string;
}

export interface PipelineOptions {
  store: Store;
  conversations: ConversationService;
  reader: Reader;
  settings: ReadingSettings;
  fields: () => FieldWords;
  /** Asks Odoo when what is known is too old. */
  catalogue: (signal: AbortSignal) => Promise<Catalogue>;
  /** Day of an instant in the company's time zone, `YYYY-MM-DD`. */
  dayOf: (instant: number) => Promise<string>;
  log: Log;
  now: () => number;
  /** Of this process. */
  holder: string;
  leaseMs: number;
  /** Mails that are read at once. */
  concurrency: number;
  pausesSeconds?: readonly number[];
  onMail?: (mail: ProcessedMail) => void;
}

export interface Pipeline {
  /** Until the signal is raised. */
  work(signal: AbortSignal): Promise<void>;
  /** Reads all that may be read now, then ends. @returns the number of mails that were read */
  drain(signal: AbortSignal): Promise<number>;
  /** There is a new mail. */
  wake(): void;
  /** What stops all mails, in a sentence; null = nothing. */
  trouble(): string | null;
}

/** Another process may have stored something. */
const LOOK_MS = 2_000;
const FIRST_TROUBLE_SECONDS = 2;
const LONGEST_TROUBLE_SECONDS = 60;

/** No mail's own fault: Odoo, the database or the configuration has to be mended, and then all goes on. */
const NOT_THE_MAIL = [
  'PB_ODOO_UNREACHABLE',
  'PB_ODOO_VERSION',
  'PB_ODOO_DATABASE',
  'PB_ODOO_COMPANY',
  'PB_CONFIG_INVALID',
  'PB_AUTH_',
  'PB_STORE',
  'PB_REQUEST_BUSY',
  'PB_MAPPING_',
];

type Step = 'none' | 'done' | 'again' | 'stopped';

export function createPipeline(options: PipelineOptions): Pipeline {
  const { store, conversations, reader, settings, log, now, holder, leaseMs } = options;
  const pauses = options.pausesSeconds ?? PAUSES_SECONDS;
  const wakers = Array.from({ length: options.concurrency }, createWaker);
  let trouble: string | null = null;
  let troubles = 0;

  /** Reads the next mail. */
  async function step(signal: AbortSignal): Promise<Step> {
    const claim = await claimMail(store, holder, leaseMs);
    if (!claim) return 'none';
    const { id } = claim.stored;
    const seen = { sender: '', subject: '', reading: undefined as Reading | undefined };
    const tell = (outcome: string) => options.onMail?.({ id, source: claim.stored.source, ...seen, outcome });
    try {
      if (claim.stored.attempt > MOST_STARTS) throw new Error(`its reading has ended the process ${MOST_STARTS} times`);
      const handled = await process(claim, signal, seen);
      trouble = null;
      troubles = 0;
      tell(handled.outcome);
      return 'done';
    } catch (error) {
      if (signal.aborted) {
        await putBack(store, id, holder, { error: 'the service ended', counts: false, pauseSeconds: 0 }).catch(
          () => {},
        );
        return 'stopped';
      }
      if (error instanceof ClaimLost) return 'again';
      if (error instanceof Overtaken || isContention(error)) {
        await putBack(store, id, holder, { error: describeError(error), counts: false, pauseSeconds: 0 });
        return 'again';
      }
      return await failed(claim, error, tell);
    }
  }

  async function failed(claim: Claim, error: unknown, tell: (outcome: string) => void): Promise<Step> {
    const { id, attempt, source } = claim.stored;
    const text = describeError(error);
    if (isNotTheMail(error)) {
      troubles++;
      const pauseSeconds = Math.min(LONGEST_TROUBLE_SECONDS, FIRST_TROUBLE_SECONDS * 2 ** (troubles - 1));
      log[trouble === text ? 'debug' : 'error']({ mail: id, ...errorFields(error) }, 'mails wait');
      trouble = text;
      await putBack(store, id, holder, { error: text, counts: false, pauseSeconds });
      return 'stopped';
    }
    const pauseSeconds = attempt > MOST_STARTS ? undefined : pauses[claim.failures];
    if (pauseSeconds !== undefined) {
      log.warn(
        { mail: id, source, tries: claim.failures + 1, ...errorFields(error) },
        'a mail was not read; it is tried again',
      );
      await putBack(store, id, holder, { error: text, counts: true, pauseSeconds });
      tell(`tried again: ${text}`);
      return 'again';
    }
    log.error({ mail: id, source, ...errorFields(error) }, 'a mail cannot be read and waits for a person');
    try {
      const giveUp = conversations.giveUp.bind(conversations);
      await putAside(store, id, holder, text, now(), (query) => giveUp(query, claim.stored, text));
      tell(`waits for a person: ${text}`);
      conversations.wake();
    } catch (failure) {
      if (failure instanceof ClaimLost) return 'again';
      // Not even that: it stays where it is.
      log.error({ mail: id, ...errorFields(failure) }, 'a mail could not be put aside');
      await putBack(store, id, holder, { error: text, counts: false, pauseSeconds: pauses.at(-1) ?? 60 });
    }
    return 'again';
  }

  async function process(
    claim: Claim,
    signal: AbortSignal,
    seen: { sender: string; subject: string; reading: Reading | undefined },
  ): Promise<Handled> {
    const { stored } = claim;
    const raw = await rawMail(store.query, stored.id);
    if (!raw) throw new Error('its original is no longer kept');
    const refused = raw.kept === 'head' ? `larger than is taken (${raw.size} bytes)` : null;
    const parsed = await reader.parse(raw.bytes, refused);
    // What the transport says of the sender is truer than a header that anybody can write.
    const mail = stored.envelope.from === null ? parsed : { ...parsed, returnPath: stored.envelope.from.toLowerCase() };
    Object.assign(seen, { sender: mail.from?.email ?? '', subject: mail.subject });
    await recordHead(store, stored.id, mail);
    const received = await cameBefore(store, claim, mail);
    signal.throwIfAborted();
    const catalogue = await options.catalogue(signal);
    const today = await options.dayOf(stored.receivedAt);
    const customers = customersOf(mail, catalogue, settings);
    const versions = await customerVersions(store, customers);
    const memory = await conversations.memory({ mail, stored, catalogue, customers });
    signal.throwIfAborted();
    const full = await reader.read(mail, {
      catalogue,
      fields: options.fields(),
      ...settings,
      policy: stored.released ? { kind: 'everyone' } : settings.policy,
      today,
      now: stored.receivedAt,
      memory: { ...memory, wasReceived: () => received },
    });
    seen.reading = full.reading;
    const incoming: Incoming = { stored, mail, full, catalogue, today };
    const prepared = await conversations.prepare(incoming, signal);
    signal.throwIfAborted();
    const handled = await finishMail(store, stored.id, holder, full, now(), async (query) => {
      if (full.reading.kind !== 'ignored') await countUp(query, versions);
      return await conversations.handle(query, incoming, prepared);
    });
    conversations.wake();
    return handled;
  }

  async function worker(signal: AbortSignal, waker: (typeof wakers)[number]): Promise<void> {
    while (!signal.aborted) {
      let pauseMs = 0;
      try {
        const result = await step(signal);
        if (result === 'none') pauseMs = await idleMs();
        else if (result === 'stopped') {
          // New mails do not make it go on.
          await createWaker().pause(1_000 * Math.min(LONGEST_TROUBLE_SECONDS, 2 ** troubles), signal);
        }
      } catch (error) {
        // The database itself.
        log.error(errorFields(error), 'the queue of mails is not reached');
        trouble = describeError(error);
        pauseMs = LOOK_MS;
      }
      if (pauseMs > 0) await waker.pause(pauseMs, signal);
    }
  }

  async function idleMs(): Promise<number> {
    const seconds = await nextDue(store);
    if (seconds === null) trouble = null;
    return Math.min(LOOK_MS, Math.max(20, (seconds ?? LOOK_MS) * 1_000));
  }

  function renewing(): () => void {
    const timer = setInterval(() => void renewClaims(store, holder, leaseMs).catch(() => {}), leaseMs / 3);
    return () => clearInterval(timer);
  }

  return {
    async work(signal) {
      const stop = renewing();
      try {
        await Promise.all(wakers.map((waker) => worker(signal, waker)));
      } finally {
        stop();
      }
    },
    async drain(signal) {
      const stop = renewing();
      let count = 0;
      const one = async () => {
        while (!signal.aborted) {
          const result = await step(signal);
          if (result === 'none') return;
          if (result === 'stopped' && signal.aborted) return;
          if (result === 'stopped') throw new PlanbridgeError('PB_MAIL_SOURCE', 503, trouble ?? 'Mails wait.');
          if (result === 'done') count++;
        }
      };
      try {
        await Promise.all(wakers.map(one));
      } finally {
        stop();
      }
      return count;
    },
    wake() {
      for (const waker of wakers) waker.wake();
    },
    trouble: () => trouble,
  };
}

function isNotTheMail(error: unknown): boolean {
  if (error instanceof PlanbridgeError) return NOT_THE_MAIL.some((code) => error.code.startsWith(code));
  const code = (error as { code?: unknown } | null)?.code;
  // PostgreSQL: connection, resources, shutdown (classes 08, 53, 57), and a server that is not there.
  return typeof code === 'string' && /^(?:08|53|57)\w{3}$|^E(?:CONN|PIPE|HOST|TIMEDOUT)/.test(code);
}

/** Two transactions in each other's way: one of them is to be repeated. */
function isContention(error: unknown): boolean {
  return ['40001', '40P01'].includes(String((error as { code?: unknown } | null)?.code));
}

const MOST_CUSTOMERS = 50;
const ADDRESS = /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,190}/g;

/** Whose orders may matter: the sender's; where our own people forward, also those of who stands in what they forward. */
function customersOf(mail: Mail, catalogue: Catalogue, { staffDomains, ownAddresses }: ReadingSettings): string[] {
  if (!mail.from) return [];
  const emails = new Set([mail.from.email]);
  if (staffDomains.has(mail.from.email.slice(mail.from.email.lastIndexOf('@') + 1))) {
    const attached = mail.attachments
      .filter(({ type, name }) => type === 'message/rfc822' || /\.eml$/i.test(name))
      .map(({ content }) => content.subarray(0, 64 << 10).toString('latin1'));
    for (const text of [mail.text, mail.html, ...attached]) {
      for (const [found] of text.slice(0, 200_000).matchAll(ADDRESS)) {
        if (emails.size >= MOST_CUSTOMERS) break;
        if (!ownAddresses.has(found.toLowerCase())) emails.add(found.toLowerCase());
      }
    }
  }
  return [...new Set([...emails].map((email) => customerKey(email, catalogue)))];
}
