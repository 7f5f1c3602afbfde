// Conversations put together from the service's surroundings: what the pipeline calls, what works by itself, and the API.
import { setTimeout as sleep } from 'node:timers/promises';
import { PlanbridgeError } from '../../errors.ts';
import { errorFields } from '../../log.ts';
import { formatStamp, type Zone, zone } from '../../mapping/time.ts';
import { accountScope } from '../../planner/store/scope.ts';
import { openTemplates } from '../answers/templates.ts';
import { addMailRoutes } from '../api.ts';
import { addChoiceRoutes } from '../links/routes.ts';
import { openLinks } from '../links/sign.ts';
import { createDesk } from '../orders/desk.ts';
import { plannedPromises } from '../orders/planned-promise.ts';
import { companyWorkingDays, leadTimePromises, odooLeadTimes, type Promises } from '../orders/promise.ts';
import { replenish } from '../orders/replenish.ts';
import { missingRights } from '../orders/rights.ts';
import { CATCHER, type Carrier, sendDue, smtpCarrier } from '../outbox/send.ts';
import { customerKey } from '../read.ts';
import { createAnswering } from './answering.ts';
import type { Deadlines } from './apply.ts';
import { applyEvent } from './apply.ts';
import { type EffectSurroundings, runEffects } from './effects.ts';
import { type HandleSettings, handleMail } from './handle.ts';
import { rememberedMails } from './memory.ts';
import { noDetail } from './model.ts';
import { createPersonActions } from './person.ts';
import { type Facts, gatherFacts } from './prepare.ts';
import { queueReport } from './report.ts';
import { addPart, openConversation } from './rows.ts';
import type { ConversationService, ConversationSurroundings, CreateConversations, Incoming } from './service.ts';
import { reviewHolds, runDeadlines } from './timers.ts';

const DAY_MS = 86_400_000;
/** How often an unreadable reply is answered with the choices. */
const TRIES = 2;
/** Another process may have left something due. */
const LOOK_MS = 2_000;
const REVIEW_MS = 300_000;
const REPORT_HOUR = 7;
const RIGHTS_MS = 600_000;
const LACKING_MS = 30_000;
const LOCK_WAIT_MS = 500;
const WITHOUT_FROM = 'Nothing says whom answers to order mails come from: set MAIL_FROM.';

export interface ConversationOptions {
  /** The planner's promises; without it lead times do. */
  promises?: Promises;
  /** Instead of the mail server of the configuration. */
  carrier?: Carrier;
  /** How often stock that is held is looked at. */
  reviewMs?: number;
}

export const createConversations: CreateConversations = (surroundings) => openConversations(surroundings, {});

export async function openConversations(
  surroundings: ConversationSurroundings,
  { promises, carrier: given, reviewMs = REVIEW_MS }: ConversationOptions,
): Promise<ConversationService<Facts>> {
  const { config, store, mails, catalogue, api, log, now, rules } = surroundings;
  const answers = config.mailAnswers;
  const deadlines: Deadlines = {
    reminderMs: answers.reminderDays * DAY_MS,
    expiryMs: answers.expiryDays * DAY_MS,
    tries: TRIES,
  };
  const settings: HandleSettings = {
    deadlines,
    holdWholeOrder: answers.holdWholeOrder,
    answersPerHour: answers.answersPerHour,
  };
  const desk = createDesk(surroundings);
  const templates = openTemplates(answers.templates);
  const from = answers.from ?? { name: '', address: 'nobody@planbridge.invalid' };
  const links = answers.publicUrl === null ? null : await openLinks(store, answers.publicUrl);
  const carrier =
    given ?? (answers.smtpUrl === null ? null : answers.smtpUrl === 'catch:' ? CATCHER : smtpCarrier(answers.smtpUrl));
  const shown = { company: from.name, currency: '' };
  let where: Zone | null = null;
  const today = (instant: number) => {
    where ??= zone(rules().options.timezone ?? 'UTC');
    return formatStamp(where.toWall(Math.floor(instant / 1_000))).slice(0, 10);
  };
  const connect = () => desk.connect();
  const byLeadTime = leadTimePromises(companyWorkingDays(connect, now), odooLeadTimes(connect, now));
  const { live } = surroundings;
  const planned = live && {
    ...{ store, live, log },
    scope: () => accountScope(surroundings),
    warehouse: async () => (await desk.warehouse())?.id ?? null,
  };
  const promise = promises ?? (planned ? plannedPromises(planned, byLeadTime) : byLeadTime);
  const facts = { store, desk, promises: promise, now };
  const wakers = new Set<() => void>();
  const wake = () => {
    for (const waken of wakers) waken();
  };

  const answering = createAnswering({
    store,
    templates,
    links,
    from,
    company: () => shown.company,
    currency: () => shown.currency,
    catalogue: () => catalogue(),
    answersPerHour: answers.answersPerHour,
    now,
  });
  const effects: EffectSurroundings = {
    store,
    desk,
    confirm: answers.confirmOrders,
    settleMs: config.imports.settleSeconds * 1_000,
    deadlines,
    now,
    log,
    async replenish(job) {
      await ready();
      return await replenish(`${job.transition}`, job.at, job.detail.short, {
        ...surroundings,
        desk,
        catalogue: () => catalogue(),
      });
    },
    answer: answering.answer,
    readyToAnswer: ready,
  };

  async function ready(): Promise<void> {
    if (answers.from === null) {
      throw new PlanbridgeError('PB_CONFIG_INVALID', 500, WITHOUT_FROM);
    }
    if (shown.currency === '') {
      const connected = await desk.connect();
      where = connected.zone;
      if (shown.company === '') shown.company = connected.company.name;
      shown.currency = (await desk.currency(connected.company.currency)) || ' ';
    }
    await answering.ready();
  }

  let allowed: { lacking: string | null; until: number } | null = null;
  /** Asked now and then: somebody asks each few seconds whether we are ready. */
  async function rights(): Promise<string | null> {
    if (allowed === null || allowed.until <= now()) {
      try {
        const lacking = await missingRights((await desk.connect()).writer);
        allowed = { lacking, until: now() + (lacking === null ? RIGHTS_MS : LACKING_MS) };
      } catch (error) {
        // That Odoo is not reached is told elsewhere.
        desk.failed(error);
        return null;
      }
    }
    return allowed.lacking;
  }

  const timers = { store, desk, deadlines, now, today };
  let reviewed = 0;

  /** All that is due, by one process at a time. @returns whether something was done */
  async function effectsPass(signal: AbortSignal): Promise<boolean> {
    return await alone('mail effects', async () => {
      let busy = false;
      for (;;) {
        const tried = (await runDeadlines(timers)) + (await runEffects(effects, signal));
        if (tried === 0 || signal.aborted) break;
        busy = true;
      }
      if (now() - reviewed >= reviewMs) {
        reviewed = now();
        await reviewHolds(timers).catch((error: unknown) => {
          desk.failed(error);
          log.warn(errorFields(error), 'stock that mail orders hold could not be looked at');
        });
        await report();
      }
      return busy;
    });
  }

  async function close(): Promise<void> {
    await desk.close();
    carrier?.close();
  }

  async function report(): Promise<void> {
    if (answers.reportTo === null) return;
    const at = now();
    const hour = new Date((where?.toWall(Math.floor(at / 1_000)) ?? Math.floor(at / 1_000)) * 1_000).getUTCHours();
    if (hour >= REPORT_HOUR) await queueReport(store, from, answers.reportTo, today(at), new Date(at));
  }

  async function outboxPass(signal: AbortSignal): Promise<boolean> {
    if (carrier === null) return false;
    return await alone('mail outbox', async () => {
      let busy = false;
      while (!signal.aborted && (await sendDue({ store, carrier, now, log }, signal)) > 0) busy = true;
      return busy;
    });
  }

  async function alone(name: string, run: () => Promise<boolean>): Promise<boolean> {
    try {
      return await store.locked(name, LOCK_WAIT_MS, run);
    } catch (error) {
      // Another process is at it.
      if ((error as { code?: unknown }).code === 'PB_REQUEST_BUSY') return false;
      throw error;
    }
  }

  async function loop(pass: (signal: AbortSignal) => Promise<boolean>, signal: AbortSignal): Promise<void> {
    let troubles = 0;
    while (!signal.aborted) {
      const woken = Promise.withResolvers<void>();
      wakers.add(woken.resolve);
      try {
        const busy = await pass(signal);
        troubles = 0;
        // What one loop has done, the other may go on with.
        if (busy) for (const waken of wakers) if (waken !== woken.resolve) waken();
      } catch (error) {
        troubles += 1;
        log.error(errorFields(error), 'mail orders could not be gone on with');
      }
      const pause = new AbortController();
      const wait = troubles > 0 ? Math.min(60_000, 1_000 * 2 ** Math.min(troubles, 6)) : LOOK_MS;
      const timer = sleep(wait, undefined, { signal: AbortSignal.any([pause.signal, signal]) }).catch(() => {});
      await (troubles > 0 ? timer : Promise.race([woken.promise, timer]));
      pause.abort();
      wakers.delete(woken.resolve);
    }
  }

  const person = createPersonActions({ ...facts, store, settings, catalogue: () => catalogue(), mails, today, wake });
  addMailRoutes({
    api,
    store,
    mails,
    person,
    answering,
    ready,
    odooUrl: surroundings.odoo.url,
    catalogue: () => catalogue(),
    calls: () => desk.calls,
    now,
    wake,
  });
  if (links) {
    addChoiceRoutes(api, links, {
      ...facts,
      store,
      settings,
      catalogue: () => catalogue(),
      today,
      company: () => shown.company,
      wake,
      log,
    });
  }

  return {
    memory: (request) => rememberedMails(store, request),
    async prepare(incoming, signal) {
      const { reading } = incoming.full;
      const read =
        reading.kind === 'order'
          ? reading.order
          : reading.kind === 'reply'
            ? reading.reply.lines
              ? { lines: reading.reply.lines }
              : null
            : null;
      const asks = reading.kind === 'order' || reading.kind === 'reply';
      const lines = (read?.lines ?? []).map((line) => {
        const day = line.deliveryDate ?? (read && 'deliveryDate' in read ? read.deliveryDate : undefined);
        return day === undefined ? line : { ...line, deliveryDate: day };
      });
      try {
        return await gatherFacts(facts, {
          catalogue: incoming.catalogue,
          lines,
          customerKeys: asks ? [customerKey(reading.customer.email, incoming.catalogue), reading.customer.email] : [],
          conversation: null,
          today: incoming.today,
          signal,
        });
      } catch (error) {
        desk.failed(error);
        throw error;
      }
    },
    handle: (query, incoming: Incoming, prepared) =>
      handleMail({ query, incoming, facts: prepared, settings, now: new Date(now()) }),
    async giveUp(query, stored, why) {
      const at = new Date(now());
      const conversation = await openConversation(
        query,
        {
          customerEmail: stored.envelope.from ?? '',
          customerName: null,
          customerKey: (stored.envelope.from ?? '').toLowerCase(),
          answerTo: stored.envelope.from ?? '',
          language: 'en',
          subject: '',
          mailId: stored.id,
          readOrder: null,
          errors: [],
          receivedAt: new Date(stored.receivedAt),
          triesLeft: TRIES,
        },
        at,
      );
      await addPart(
        query,
        { conversation: conversation.id, mail: stored.id, role: 'unread', messageId: null, refs: [], reading: null },
        at,
      );
      const cause = { kind: 'mail', mail: stored.id } as const;
      await applyEvent(
        query,
        conversation,
        { event: 'question', cause, detail: noDetail(today(at.getTime())), why },
        deadlines,
        at,
      );
      return { conversation: conversation.id, outcome: 'a person looks' };
    },
    async work(signal) {
      await Promise.all([loop(effectsPass, signal), loop(outboxPass, signal)]);
      await close();
    },
    close,
    wake,
    async drain(signal) {
      for (;;) {
        const busy = [await effectsPass(signal), await outboxPass(signal)].some(Boolean);
        if (!busy || signal.aborted) return;
      }
    },
    async ready() {
      if (answers.from === null) return WITHOUT_FROM;
      const lacking = await rights();
      if (lacking !== null) return lacking;
      if (carrier !== null) return null;
      const [row] = await store.query<{ count: number }>(
        `select count(*)::integer as count from planbridge.mail_outbound where state = 'queued'`,
      );
      return (row?.count ?? 0) > 0 ? `${row?.count} answers wait for a mail server: set MAIL_SMTP_URL.` : null;
    },
  };
}
