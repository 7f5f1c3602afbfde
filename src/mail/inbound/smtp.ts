// An SMTP receiver, for a mail server that relays to it, and in the place of FakeSMTP: it says 250 only when the raw message is
// committed. It takes mail for its own addresses and relays none.

import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { PlanbridgeError } from '../../errors.ts';
import { sameSecret } from '../../http/secret.ts';
import { type Budget, collect } from './collect.ts';
import { isRecipient } from './recipients.ts';
import type { Source, SourceContext } from './source.ts';

export interface SmtpOptions {
  name: string;
  host: string;
  /** 0 = any free one. */
  port: number;
  quietHours: number;
  maxBytes: number;
  budget: Budget;
  /** Recipients that are taken; empty = all. */
  recipients: ReadonlySet<string>;
  /** Certificate and key in PEM; null = without TLS. */
  tls: { cert: string; key: string } | null;
  /** Nothing is taken before STARTTLS. */
  tlsRequired: boolean;
  /** Who may send; null = everybody. */
  auth: { user: string; password: string } | null;
  maxClients: number;
  maxClientsPerAddress: number;
  maxRecipients: number;
  idleMs: number;
  /** Told the port once it listens. */
  listening?: (port: number) => void;
}

/** An answer to the client: code, enhanced code, text. */
function answer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

const BEAT_MS = 20_000;

export function smtpSource(options: SmtpOptions): Source {
  return {
    name: options.name,
    kind: 'smtp',
    place: `${options.host}:${options.port}`,
    quietHours: options.quietHours,
    exclusive: false,
    async run(context) {
      const { signal, report } = context;
      const server = createReceiver(options, context);
      const broken = Promise.withResolvers<never>();
      let listens = false;
      // Clients that break off are theirs to mend; a listener that fails is ours.
      server.on('error', (error: Error) => {
        if (!listens) broken.reject(listenTrouble(options, error));
      });
      const ended = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      const beats = setInterval(() => report.beat(), BEAT_MS);
      try {
        const open = new Promise<void>((resolve) => {
          server.listen(options.port, options.host, resolve);
        });
        await Promise.race([open, broken.promise]);
        listens = true;
        options.listening?.((server.server.address() as AddressInfo).port);
        report.well();
        await ended;
      } finally {
        clearInterval(beats);
        if (listens) await new Promise<void>((resolve) => server.close(() => resolve()));
      }
    },
  };
}

function createReceiver(options: SmtpOptions, { deliver, report }: SourceContext): SMTPServer {
  const { auth, maxBytes, maxRecipients, recipients, tls, tlsRequired } = options;
  const perAddress = new Map<string, number>();
  const counted = new Set<string>();

  return new SMTPServer({
    // Commands from the days of sendmail are answered like any unknown one.
    disabledCommands: ['WIZ', 'SHELL', 'KILL', ...(tls ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])],
    ...(tls && { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' as const }),
    authOptional: auth === null,
    // Only where the configuration has taken it (loopback).
    allowInsecureAuth: tls === null,
    authMethods: ['PLAIN', 'LOGIN'],
    size: maxBytes,
    disableReverseLookup: true,
    banner: 'Planbridge',
    logger: false,
    maxClients: options.maxClients,
    socketTimeout: options.idleMs,
    closeTimeout: 3_000,

    onConnect(session, callback) {
      const open = perAddress.get(session.remoteAddress) ?? 0;
      if (open >= options.maxClientsPerAddress) return callback(answer(421, 'Too many connections from your address'));
      perAddress.set(session.remoteAddress, open + 1);
      counted.add(session.id);
      callback();
    },
    onClose(session) {
      if (!counted.delete(session.id)) return;
      const open = (perAddress.get(session.remoteAddress) ?? 1) - 1;
      if (open > 0) perAddress.set(session.remoteAddress, open);
      else perAddress.delete(session.remoteAddress);
    },
    onAuth({ username, password }, _session, callback) {
      const right = auth !== null && sameSecret(username ?? '', auth.user) && sameSecret(password ?? '', auth.password);
      if (right) callback(null, { user: auth.user });
      else callback(answer(535, 'Authentication failed'));
    },
    onMailFrom(_address, session, callback) {
      if (tlsRequired && !session.secure) return callback(answer(530, 'Must issue a STARTTLS command first'));
      callback();
    },
    onRcptTo({ address }, session, callback) {
      if (!isRecipient(address, recipients)) return callback(answer(550, 'No such mailbox here'));
      if (session.envelope.rcptTo.length >= maxRecipients) return callback(answer(452, 'Too many recipients'));
      callback();
    },
    onData(stream, session, callback) {
      receive(stream, session).then(
        (text) => callback(null, text),
        (error: unknown) => {
          if ((error as { responseCode?: number }).responseCode !== undefined) return callback(error as Error);
          if ((error as { code?: string }).code !== 'ECONNECTION') report.failed(error);
          callback(answer(451, 'Not stored, try again later'));
        },
      );
    },
  });

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const { mailFrom, rcptTo } = session.envelope;
    const address = ({ address }: SMTPServerAddress) => address;
    const found = await collect(stream as AsyncIterable<Buffer>, { maxBytes, budget: options.budget }, (raw) =>
      deliver({
        place: session.remoteAddress,
        raw,
        size: raw.length,
        envelope: { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(address) },
      }),
    );
    if (found.kind === 'too-large') throw answer(552, `Larger than ${maxBytes} bytes`);
    if (found.kind === 'busy') throw answer(452, 'Too many large mails at once, try again later');
    report.well();
    return `stored as ${found.value.id}`;
  }
}

function listenTrouble({ host, port }: SmtpOptions, cause: Error): PlanbridgeError {
  const code = (cause as NodeJS.ErrnoException).code ?? cause.message;
  return new PlanbridgeError(
    'PB_CONFIG_INVALID',
    500,
    `The SMTP receiver cannot listen on ${host}:${port} (${code}).`,
    {
      cause,
      remedy: 'Set MAIL_SMTP_PORT to a free port, and MAIL_SMTP_HOST to an address of this machine.',
    },
  );
}
