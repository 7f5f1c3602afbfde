// Sends what stands in the outbox, and keeps what the server said. Tries again with growing pauses; what cannot be sent waits for
// a person. A crash between the server's 250 and our commit sends again, with the same Message-ID: receivers keep one of them.
import { createTransport } from 'nodemailer';
import { errorFields, type Log } from '../../log.ts';
import { redact } from '../../redact.ts';
import type { Store } from '../../store/database.ts';
import { tellPerson } from '../conversation/effects.ts';
import { type DueMail, markFailed, markSent, takeDue } from './store.ts';

export interface Carrier {
  /** @returns what the server said @throws with `responseCode` when it refuses */
  send(mail: DueMail): Promise<string>;
  /** Nothing left the house: the mails are kept to be looked at. */
  keeps?: true;
  close(): void;
}

/** Keeps mails where they are instead of sending them: for demos and trials. */
export const CATCHER: Carrier = { keeps: true, send: async () => 'kept here; not sent', close() {} };

const CONNECT_MS = 30_000;
const SOCKET_MS = 120_000;

/** @param url `smtp://user:password@host:587`, `smtps://…` */
export function smtpCarrier(url: string): Carrier {
  const address = new URL(url);
  const settings = {
    pool: 'true',
    maxConnections: '1',
    connectionTimeout: String(CONNECT_MS),
    greetingTimeout: String(CONNECT_MS),
    socketTimeout: String(SOCKET_MS),
  };
  // What the operator says in the address stands.
  for (const [name, value] of Object.entries(settings)) {
    if (!address.searchParams.has(name)) address.searchParams.set(name, value);
  }
  const transport = createTransport(address.href);
  return {
    async send({ envelopeFrom, recipient, raw }) {
      const info = await transport.sendMail({
        envelope: { from: envelopeFrom, to: [recipient] },
        raw,
      });
      return String((info as { response?: unknown }).response ?? 'sent');
    },
    close: () => transport.close(),
  };
}

export interface SendSurroundings {
  store: Store;
  carrier: Carrier;
  now: () => number;
  log: Log;
}

const BATCH = 20;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** With these pauses, about three days. */
const TRIES = 80;

/** @returns how many were tried */
export async function sendDue({ store, carrier, now, log }: SendSurroundings, signal: AbortSignal): Promise<number> {
  const due = await takeDue(store.query, BATCH, new Date(now()));
  for (const mail of due) {
    if (signal.aborted) {
      await release(store, mail, new Date(now()));
      continue;
    }
    try {
      const response = await carrier.send(mail);
      await markSent(store.query, mail.id, redact(response), new Date(now()), carrier.keeps ?? false);
      log.info({ outbound: mail.id, messageId: mail.messageId }, 'a mail was sent');
    } catch (error) {
      await failed(mail, error, { store, now, log });
    }
  }
  return due.length;
}

/** Nothing was tried. */
async function release(store: Store, mail: DueMail, now: Date): Promise<void> {
  await store.query(
    `update planbridge.mail_outbound set state = 'queued', attempts = attempts - 1, due_at = $2 where id = $1`,
    [mail.id, now],
  );
}

async function failed(
  mail: DueMail,
  error: unknown,
  { store, now, log }: Pick<SendSurroundings, 'store' | 'now' | 'log'>,
): Promise<void> {
  const code = (error as { responseCode?: unknown }).responseCode;
  const command = String((error as { command?: unknown }).command ?? '');
  // A server that refuses this mail or this receiver; a refused sign-in is a matter of the configuration, and passes.
  const final = typeof code === 'number' && code >= 500 && code < 600 && !/AUTH|EHLO|STARTTLS|CONN/i.test(command);
  const dead = final || mail.attempts >= TRIES;
  const text = redact(error instanceof Error ? error.message : String(error));
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(mail.attempts - 1, 12));
  const at = now();
  log[dead ? 'error' : 'warn'](
    { outbound: mail.id, attempts: mail.attempts, ...errorFields(error), error: text },
    'a mail was not sent',
  );
  await store.transaction(async (query) => {
    await markFailed(query, mail.id, { error: text, dead, due: new Date(at + pause) });
    if (dead && mail.conversation !== null) {
      await tellPerson(query, mail.conversation, `Our mail to ${mail.recipient} cannot be sent: ${text}`, new Date(at));
    }
  });
}
