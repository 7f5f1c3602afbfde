// One mail of ours as bytes: built once, with its Message-ID, before anybody tries to send it.
import { randomBytes, randomInt } from 'node:crypto';
import { createTransport } from 'nodemailer';

export interface Address {
  address: string;
  name: string;
}

export interface OutgoingMail {
  from: Address;
  to: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  /** Message-ID of the mail that is answered. */
  inReplyTo: string | null;
  /** The nearest last. */
  references: readonly string[];
  /** RFC 3834: `auto-replied` answers a mail, `auto-generated` does not; null = a person has written it. */
  autoSubmitted: 'auto-replied' | 'auto-generated' | null;
  date: Date;
}

const REFERENCES = 20;

/** `<…@domain>` in lower case, as it is stored and compared. */
export function newMessageId(from: string): string {
  const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase() || 'planbridge.invalid';
  return `<pb.${randomBytes(15).toString('hex')}@${domain}>`;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `PB-` and twelve letters: 60 bits that only the receiver knows. */
export function newToken(): string {
  return `PB-${Array.from({ length: 12 }, () => LETTERS[randomInt(32)]).join('')}`;
}

/** Builds mails without sending them. */
const builder = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

export async function rawMessage(mail: OutgoingMail): Promise<Buffer> {
  const { message } = await builder.sendMail({
    from: mail.from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: mail.date,
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo }),
    ...(mail.references.length === 0 ? {} : { references: mail.references.slice(-REFERENCES).join(' ') }),
    headers:
      mail.autoSubmitted === null ? {} : { 'Auto-Submitted': mail.autoSubmitted, 'X-Auto-Response-Suppress': 'All' },
    // Nothing of a mail is ever fetched from elsewhere.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return message as Buffer;
}

/** `Name <address>` or an address alone. */
export function parseAddress(text: string): Address | null {
  const match = /^\s*(?:"?([^"<>]*?)"?\s*<([^<>\s@]+@[^<>\s@]+)>|([^<>\s@]+@[^<>\s@]+))\s*$/.exec(text);
  if (!match) return null;
  return { name: (match[1] ?? '').trim(), address: (match[2] ?? match[3] ?? '').toLowerCase() };
}
