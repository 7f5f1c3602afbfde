// Mail as a part of the service: sources, the stored mails, the pipeline that reads them, and the conversations, put together.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorFields } from '../log.ts';
import { formatStamp, zone } from '../mapping/time.ts';
import type { Part, Surroundings } from '../parts.ts';
import { createCurrentCatalogue } from './catalogue-current.ts';
import { createConversations } from './conversation/open.ts';
import type { StoredMails } from './conversation/service.ts';
import { type FieldWords, fieldWordsOf } from './extraction/fields.ts';
import { addMailMetrics } from './inbound/metrics.ts';
import { addStoredMailRoutes } from './inbound/routes.ts';
import { createInbound } from './inbound/service.ts';
import { dropOldAnswers, dropOldLinks } from './outbox/retention.ts';
import { createReadingPool, type ReadingPool } from './pool/pool.ts';
import { createPipeline, type ProcessedMail } from './process.ts';
import { rawMail, readAgain, storedMail } from './store/mails.ts';
import { dropClaims, dropOldMails } from './store/queue.ts';

export interface MailPart extends Part {
  /** Brings what waits in mailboxes and folders, reads it, and carries out what is due. Without `start`. */
  once(signal: AbortSignal): Promise<OnceResult>;
}

export interface OnceResult {
  read: number;
  /** What went wrong, by source. */
  failed: ReadonlyMap<string, unknown>;
}

export interface MailOptions {
  onMail?: (mail: ProcessedMail) => void;
  /** Threads of somebody else's, who also ends them. */
  pool?: ReadingPool;
}

/** A process that was killed gives back what it had begun after so long. */
const LEASE_MS = 15_000;
/** Reading takes the processor, so more at once would only take turns; what waits for Odoo lets another read. */
const AT_ONCE = 2;
const CHECK_MS = 30_000;
const KEEPING_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** After their deadline. */
const LINKS_KEPT_DAYS = 90;

export async function openMail(
  surroundings: Surroundings,
  { onMail, pool: given }: MailOptions = {},
): Promise<MailPart> {
  const { access, account, api, config, log, metrics, now, rules, store } = surroundings;
  const holder = `${hostname()} ${process.pid} ${randomUUID().slice(0, 8)}`;
  const catalogue = createCurrentCatalogue({ access, account, log, now });
  const pool = given ?? createReadingPool();
  const stopping = new AbortController();
  const running: Promise<unknown>[] = [];

  const mails: StoredMails = {
    raw: async (id) => (await rawMail(store.query, id))?.bytes ?? null,
    find: (id) => storedMail(store.query, id),
    again: readAgain,
    wake: () => pipeline.wake(),
  };
  const conversations = await createConversations({ ...surroundings, mails, catalogue: catalogue.get });
  const pipeline = createPipeline({
    store,
    conversations,
    reader: pool,
    settings: {
      ownAddresses: config.mail.addresses,
      staffDomains: config.mail.staffDomains,
      policy: config.mail.policy,
      limits: config.mail.limits,
    },
    fields: remembered(surroundings.mailFields, fieldWordsOf),
    catalogue: catalogue.get,
    async dayOf(instant) {
      const name = rules().options.timezone ?? (await catalogue.timezone()) ?? 'UTC';
      return formatStamp(zone(name).toWall(Math.floor(instant / 1_000))).slice(0, 10);
    },
    log,
    now,
    holder,
    leaseMs: LEASE_MS,
    concurrency: AT_ONCE,
    ...(onMail && { onMail }),
  });
  const inbound = createInbound({
    config: config.mail,
    apiToken: config.apiToken,
    store,
    log,
    now,
    lease: { holder, leaseMs: LEASE_MS },
    arrived: pipeline.wake,
  });
  inbound.addRoutes(api);
  addStoredMailRoutes({ api, store, now, wake: pipeline.wake });
  addMailMetrics({ metrics, store, now });
  /** Somebody has set mail up; a token that also starts runs says nothing. */
  const wanted = config.mail.token !== null || inbound.sources.some(({ kind }) => kind !== 'http');

  async function every(ms: number, run: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      await run().catch((error: unknown) => log.error(errorFields(error), 'mails are not looked after'));
      await sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  async function keep(): Promise<void> {
    const { keepDays } = config.mail;
    const links = await repeated(() => dropOldLinks(store, now() - LINKS_KEPT_DAYS * DAY_MS));
    if (links > 0) log.info({ links }, 'links of old mails were removed');
    if (keepDays === 0) return;
    const before = now() - keepDays * DAY_MS;
    const dropped = await repeated(() => dropOldMails(store, before));
    const answers = await repeated(() => dropOldAnswers(store, before));
    if (dropped + answers > 0) log.info({ dropped, answers, keepDays }, 'originals of old mails were removed');
  }

  /** In small pieces, so that others get their turn. */
  async function repeated(drop: () => Promise<number>): Promise<number> {
    for (let all = 0; ; ) {
      const some = await drop();
      all += some;
      if (some === 0 || stopping.signal.aborted) return all;
    }
  }

  async function takeOver(): Promise<void> {
    // Nobody else can have begun anything.
    if (store.kind !== 'embedded') return;
    await dropClaims(store, null);
    await store.query('delete from planbridge.mail_lease');
  }

  async function end(): Promise<void> {
    stopping.abort();
    await inbound.stop();
    await Promise.all(running);
    await conversations.close?.();
    await catalogue.close().catch(() => {});
    if (!given) await pool.close();
    await dropClaims(store, holder).catch(() => {});
  }

  return {
    name: 'mail',
    async start() {
      await takeOver();
      const { signal } = stopping;
      running.push(conversations.work(signal), pipeline.work(signal));
      running.push(every(CHECK_MS, inbound.check), every(KEEPING_MS, keep));
      await inbound.start();
    },
    async ready() {
      const trouble = pipeline.trouble();
      if (trouble !== null) return `Mails wait: ${trouble}`;
      return wanted ? await conversations.ready() : null;
    },
    async once(signal) {
      await takeOver();
      const all = AbortSignal.any([signal, stopping.signal]);
      const failed = await inbound.once(all);
      const read = await pipeline.drain(all);
      await conversations.drain(all);
      return { read, failed };
    },
    ending() {
      stopping.abort();
    },
    async stop(graceMs) {
      const timer = new AbortController();
      await Promise.race([end(), sleep(graceMs, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
    },
  };
}

/** The same answer for the same list, which the sheet replaces as a whole. */
function remembered<T>(list: () => T, make: (list: T) => FieldWords): () => FieldWords {
  let last: { list: T; made: FieldWords } | null = null;
  return () => {
    const now = list();
    if (last?.list !== now) last = { list: now, made: make(now) };
    return last.made;
  };
}
