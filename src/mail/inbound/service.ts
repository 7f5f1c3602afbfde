// All sources of mails together: made from the configuration, kept running, their mails committed, their health kept.

import type { Api } from '../../http/api.ts';
import { errorFields, type Log } from '../../log.ts';
import type { Store } from '../../store/database.ts';
import { storeMail } from '../store/intake.ts';
import { type LeaseOptions, takeLease, withLease } from '../store/lease.ts';
import { type Budget, createBudget } from './collect.ts';
import type { MailInboundConfig } from './config.ts';
import { folderSource } from './folder.ts';
import { checkSources, createReporter, registerSources, retireSources } from './health.ts';
import { addInboundRoute } from './http.ts';
import { imapSource } from './imap.ts';
import { smtpSource } from './smtp.ts';
import type { Deliver, Reporter, Source, SourceInfo } from './source.ts';
import { supervise } from './supervise.ts';

export interface InboundOptions {
  config: MailInboundConfig;
  /** Opens the HTTP source too. */
  apiToken: string | null;
  store: Store;
  log: Log;
  now: () => number;
  lease: LeaseOptions;
  /** Something is stored that was not there. */
  arrived: () => void;
  timing?: Partial<InboundTiming>;
  /** Told the port of the SMTP receiver once it listens. */
  listening?: (port: number) => void;
}

export interface InboundTiming {
  folderPollMs: number;
  settleMs: number;
  patienceMs: number;
  pauseMs: number;
}

export interface Inbound {
  readonly sources: readonly SourceInfo[];
  addRoutes(api: Api): void;
  /** Listens and looks until `stop`. */
  start(): Promise<void>;
  /** Brings what is there now. @returns what went wrong, by source */
  once(signal: AbortSignal): Promise<Map<string, unknown>>;
  /** Raises and ends alarms. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

const TIMING: InboundTiming = { folderPollMs: 5_000, settleMs: 2_000, patienceMs: 60_000, pauseMs: 1_000 };
/** Bytes of mails that are under way at once, in mails of the largest size. */
const LARGEST_AT_ONCE = 4;
const HTTP: Omit<SourceInfo, 'quietHours'> = { name: 'http', kind: 'http', place: 'POST /mail/inbound' };

export function createInbound(options: InboundOptions): Inbound {
  const { apiToken, config, lease, log, now, store } = options;
  const timing = { ...TIMING, ...options.timing };
  const budget = createBudget(config.maxBytes * LARGEST_AT_ONCE);
  const sources = sourcesOf(options, timing, budget);
  const tokens = [config.token, apiToken].filter((token) => token !== null);
  const http: SourceInfo[] = tokens.length > 0 ? [{ ...HTTP, quietHours: config.quietHours }] : [];
  const infos: SourceInfo[] = [...sources, ...http];
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const reporters = new Map<string, Reporter>();

  const deliverAs =
    (source: string): Deliver =>
    async (mail, also) => {
      const stored = await storeMail(store, { ...mail, source, receivedAt: now() }, also);
      log[stored.added ? 'info' : 'debug'](
        { source, mail: stored.id, place: mail.place, bytes: mail.size },
        stored.added ? 'a mail is stored' : 'a mail was stored before',
      );
      if (stored.added) options.arrived();
      return stored;
    };
  const reporterOf = (name: string): Reporter => {
    const known = reporters.get(name) ?? createReporter(store, name, log, now);
    reporters.set(name, known);
    return known;
  };

  return {
    sources: infos,
    addRoutes(api) {
      const route = { ...HTTP, quietHours: 0, tokens, maxBytes: config.maxBytes, budget };
      addInboundRoute(api, route, deliverAs(HTTP.name), reporterOf(HTTP.name));
    },
    async start() {
      await registerSources(store, infos, now());
      await retireSources(
        store,
        infos.map(({ name }) => name),
      );
      const { signal } = stopping;
      running = Promise.all(
        sources.map((source) =>
          supervise(
            { source, deliver: deliverAs(source.name), report: reporterOf(source.name) },
            { store, lease, signal, pauseMs: timing.pauseMs },
          ),
        ),
      );
    },
    async once(signal) {
      await registerSources(store, infos, now());
      const failed = new Map<string, unknown>();
      for (const { once, name } of sources) {
        if (!once || signal.aborted) continue;
        if (!(await takeLease(store, `source ${name}`, lease))) {
          failed.set(name, new Error('another process looks there'));
          continue;
        }
        // Ours already: it is kept while the source is read, and given back.
        await withLease(store, `source ${name}`, lease, signal, (held) =>
          once({ deliver: deliverAs(name), report: reporterOf(name), signal: held }),
        ).catch((error: unknown) => {
          failed.set(name, error);
          reporterOf(name).failed(error);
        });
      }
      return failed;
    },
    async check() {
      await checkSources(store, log, now()).catch((error) => log.error(errorFields(error), 'sources are not checked'));
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function sourcesOf(options: InboundOptions, timing: InboundTiming, budget: Budget): Source[] {
  const { config, log, now, store } = options;
  const { maxBytes, quietHours } = config;
  const common = { maxBytes, quietHours, store, log, now };
  const sources: Source[] = config.imap.flatMap((account) =>
    account.mailboxes.map((mailbox) => imapSource({ ...common, account, mailbox, pollMs: config.pollSeconds * 1_000 })),
  );
  if (config.smtp) {
    sources.push(
      smtpSource({
        name: 'smtp',
        ...config.smtp,
        ...{ maxBytes, quietHours, budget },
        recipients: config.addresses,
        maxClients: 100,
        maxClientsPerAddress: 50,
        maxRecipients: 100,
        idleMs: 60_000,
        ...(options.listening && { listening: options.listening }),
      }),
    );
  }
  for (const directory of config.folders) {
    sources.push(
      folderSource({
        ...common,
        name: `folder ${directory}`,
        directory,
        done: config.folderDone,
        pollMs: Math.min(timing.folderPollMs, config.pollSeconds * 1_000),
        settleMs: timing.settleMs,
        patienceMs: timing.patienceMs,
      }),
    );
  }
  return sources;
}
