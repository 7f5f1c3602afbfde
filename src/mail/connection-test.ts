// Tries the connections of order mails for a person who asks: mailboxes, folders, what listens, and the server that sends. It
// reads no mail, changes nothing, and sends nothing; passwords are in none of its answers.
import { access, constants, opendir, stat } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import type { Config } from '../config.ts';
import { describeError, PlanbridgeError } from '../errors.ts';
import type { Query } from '../store/database.ts';
import { listSources } from './inbound/health.ts';
import { connected } from './inbound/imap.ts';
import type { ImapAccount } from './inbound/imap-url.ts';

export interface MailFinding {
  state: 'ok' | 'warning' | 'fault';
  subject: string;
  found: string;
  remedy: string;
}

export interface MailTestOptions {
  config: Pick<Config, 'mail' | 'mailAnswers'>;
  query: Query;
  now: number;
  /** For each connection. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
/** More files than these are not counted. */
const COUNTED = 10_000;

export async function examineMail(
  { config: { mail, mailAnswers }, query, now, timeoutMs = TIMEOUT_MS }: MailTestOptions,
  report: (finding: MailFinding) => void,
): Promise<void> {
  const ok = (subject: string, found: string) => report({ state: 'ok', subject, found, remedy: '' });
  const fault = (subject: string, error: unknown, remedy: string) => {
    const known = error instanceof PlanbridgeError;
    const advice = known && error.remedy !== TRIED_AGAIN ? error.remedy : remedy;
    report({ state: 'fault', subject, found: known ? error.message : describeError(error), remedy: advice });
  };

  for (const account of mail.imap) {
    for (const mailbox of account.mailboxes) {
      const subject = `IMAP ${account.user} on ${account.host}`;
      try {
        const { found, remedy } = await examineMailbox(account, mailbox, timeoutMs);
        if (remedy === '') ok(subject, found);
        else report({ state: 'warning', subject, found, remedy });
      } catch (error) {
        fault(subject, error, 'Check host, port, TLS and the name of the mailbox in MAIL_IMAP_URL.');
      }
    }
  }
  for (const folder of mail.folders) {
    try {
      ok(`Folder ${folder}`, await examineFolder(folder, mail.folderDone));
    } catch (error) {
      fault(`Folder ${folder}`, error, 'Check MAIL_FOLDER, and that this service may read the folder.');
    }
  }
  for (const { kind, name, place, error, alarm } of await listSources(query, now)) {
    if (kind !== 'smtp') continue;
    if (error === null && alarm === null) ok(`SMTP in, ${name}`, `listens on ${place}`);
    else fault(`SMTP in, ${name}`, error ?? `it is ${alarm}`, 'Check MAIL_SMTP_HOST and MAIL_SMTP_PORT.');
  }
  if (mail.imap.length === 0 && mail.folders.length === 0 && mail.smtp === null && mail.token === null) {
    report({
      state: 'warning',
      subject: 'Incoming mail',
      found: 'nothing is set up',
      remedy: 'Set MAIL_IMAP_URL, MAIL_SMTP_PORT, MAIL_FOLDER or MAIL_TOKEN to take orders by mail.',
    });
  }

  const from = mailAnswers.from?.address ?? null;
  if (mailAnswers.smtpUrl === null) {
    report({
      state: 'warning',
      subject: 'SMTP out',
      found: 'no mail server is set; answers wait',
      remedy: 'Set MAIL_SMTP_URL.',
    });
  } else if (mailAnswers.smtpUrl === 'catch:') {
    ok('SMTP out', 'answers are kept here and not sent, as catch: says');
  } else {
    const { host } = new URL(mailAnswers.smtpUrl);
    try {
      await examineSmtp(mailAnswers.smtpUrl, timeoutMs);
      ok('SMTP out', `${host} takes mails`);
    } catch (error) {
      fault(
        `SMTP out, ${host}`,
        error,
        (error as { code?: unknown }).code === 'EAUTH'
          ? 'Check user and password in MAIL_SMTP_URL.'
          : 'Check host, port and TLS in MAIL_SMTP_URL.',
      );
    }
  }
  if (from === null) {
    report({
      state: 'warning',
      subject: 'Sender',
      found: 'nothing says whom answers come from',
      remedy: 'Set MAIL_FROM.',
    });
  } else ok('Sender', from);
}

/** What a source says of a failure; here nothing is tried again. */
const TRIED_AGAIN = 'It is tried again.';

async function examineMailbox(
  account: ImapAccount,
  mailbox: string,
  timeoutMs: number,
): Promise<{ found: string; remedy: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  let answer = { found: '', remedy: '' };
  try {
    await connected({ account, mailbox }, { signal }, async (client) => {
      const opened = client.mailbox || null;
      const status = (await client.status(opened?.path ?? mailbox, { messages: true, unseen: true })) || null;
      const found = `${mailbox}: ${status?.messages ?? 0} mails, ${status?.unseen ?? 0} unread`;
      const closed = opened?.readOnly === true && account.done.kind !== 'keep';
      answer = {
        found: closed ? `${found}; it may only be read` : found,
        remedy: closed ? 'Let the user change flags there, or add ?done=keep to MAIL_IMAP_URL.' : '',
      };
    });
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${Math.round(timeoutMs / 1_000)} s`);
    throw error;
  }
  if (answer.found === '') throw new Error(`no answer within ${Math.round(timeoutMs / 1_000)} s`);
  return answer;
}

async function examineFolder(folder: string, done: 'keep' | 'delete'): Promise<string> {
  if (!(await stat(folder)).isDirectory()) throw new Error('this is a file, not a folder');
  await access(folder, done === 'delete' ? constants.R_OK | constants.W_OK : constants.R_OK);
  let count = 0;
  for await (const { name } of await opendir(folder)) {
    if (/^[^.].*\.eml$/i.test(name)) count += 1;
    if (count >= COUNTED) return `readable, ${COUNTED} mails or more`;
  }
  return `readable, ${count} mails`;
}

/** Connects, signs in, and leaves again. */
async function examineSmtp(url: string, timeoutMs: number): Promise<void> {
  const address = new URL(url);
  for (const name of ['connectionTimeout', 'greetingTimeout', 'socketTimeout']) {
    address.searchParams.set(name, String(timeoutMs));
  }
  address.searchParams.delete('pool');
  const transport = createTransport(address.href);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}
