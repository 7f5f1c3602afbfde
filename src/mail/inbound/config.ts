// The variables of incoming mail: what they may be, and what becomes of them. config.ts puts them among the others.
import { z } from 'zod';
import type { Policy } from '../triage/policy.ts';
import { type ImapAccount, parseImapUrl } from './imap-url.ts';
import { plainAddress } from './recipients.ts';

export interface MailInboundConfig {
  /** Addresses of the service itself, in lower case. */
  addresses: ReadonlySet<string>;
  staffDomains: ReadonlySet<string>;
  policy: Policy;
  limits: { maxLines: number; maxQuantity: number; duplicateWindowHours: number };
  imap: readonly ImapAccount[];
  /** null = none is listened on. */
  smtp: {
    host: string;
    port: number;
    tls: { cert: string; key: string } | null;
    tlsRequired: boolean;
    auth: { user: string; password: string } | null;
  } | null;
  folders: readonly string[];
  folderDone: 'keep' | 'delete';
  /** Opens POST /mail/inbound; null = API_TOKEN only. */
  token: string | null;
  maxBytes: number;
  pollSeconds: number;
  quietHours: number;
  /** How long originals are kept; 0 = always. */
  keepDays: number;
}

const whole = (fallback: number, minimum: number, maximum: number) => {
  const wanted = `is not a whole number from ${minimum} to ${maximum}`;
  return z.coerce.number(wanted).int(wanted).min(minimum, wanted).max(maximum, wanted).default(fallback);
};
const number = (fallback: number, minimum: number, maximum: number) => {
  const wanted = `is not a number from ${minimum} to ${maximum}`;
  return z.coerce.number(wanted).min(minimum, wanted).max(maximum, wanted).default(fallback);
};
const list = () =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []));
const choice = <const T extends string>(values: readonly [T, ...T[]], fallback: NoInfer<T>) =>
  z.enum(values, `is none of ${values.join(', ')}`).default(fallback as never);

const isDomain = (text: string) => /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u.test(text);
const isAddress = (text: string) => /^[^\s@<>]+@[^\s@<>]+$/.test(text);

/** Of the whole configuration's schema. */
export const MAIL_INBOUND_SHAPE = {
  MAIL_ADDRESSES: list().refine((all) => all.every(isAddress), 'is no list of addresses like sales@example.com'),
  MAIL_STAFF_DOMAINS: list().refine((all) => all.every(isDomain), 'is no list of domains like example.com'),
  MAIL_SENDERS: list().refine(
    (all) => all.length <= 1 || all.every(isDomain),
    'is neither everyone, nor known, nor a list of domains',
  ),
  MAIL_MAX_LINES: whole(500, 1, 10_000),
  MAIL_MAX_QUANTITY: number(100_000, 1, 1e12),
  MAIL_DUPLICATE_HOURS: number(24, 0, 8_760),
  MAIL_IMAP_URL: z
    .string()
    .default('')
    .transform((text, { addIssue }) => {
      const accounts: ImapAccount[] = [];
      for (const part of text.split(/[\s,]+/).filter(Boolean)) {
        const account = parseImapUrl(part);
        if (typeof account === 'string') addIssue({ code: 'custom', message: account });
        else accounts.push(account);
      }
      const sources = accounts.flatMap(({ name, mailboxes }) => mailboxes.map((mailbox) => `${name}\n${mailbox}`));
      if (new Set(sources).size < sources.length) {
        addIssue({ code: 'custom', message: 'names a mailbox twice, or two accounts have one name; give them name=' });
      }
      return accounts;
    }),
  MAIL_SMTP_PORT: whole(0, 0, 65_535).optional(),
  MAIL_SMTP_HOST: z.string().default('127.0.0.1'),
  MAIL_SMTP_CERT: z.string().optional(),
  MAIL_SMTP_KEY: z.string().optional(),
  MAIL_SMTP_TLS: choice(['optional', 'required'], 'optional'),
  MAIL_SMTP_LOGIN: z
    .string()
    .regex(/^[^:]+:.{8,}$/s, 'is not like user:password, with a password of eight characters or more')
    .optional(),
  MAIL_FOLDER: list(),
  MAIL_FOLDER_DONE: choice(['keep', 'delete'], 'keep'),
  MAIL_TOKEN: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, 'is shorter than 32 bytes, so it could be guessed')
    .optional(),
  MAIL_MAX_BYTES: whole(25 << 20, 64 << 10, 30_000_000),
  MAIL_POLL_SECONDS: whole(60, 1, 3_600),
  MAIL_QUIET_HOURS: number(0, 0, 8_760),
  MAIL_KEEP_DAYS: whole(0, 0, 36_500),
} as const;

type Values = z.output<z.ZodObject<typeof MAIL_INBOUND_SHAPE>>;

/** @param refuse told what does not fit together */
export function mailInboundConfig(
  values: Values,
  smtpGiven: boolean,
  refuse: (problems: string[]) => Error,
): MailInboundConfig {
  return {
    addresses: new Set(values.MAIL_ADDRESSES.map(plainAddress)),
    staffDomains: new Set(values.MAIL_STAFF_DOMAINS.map((domain) => domain.toLowerCase())),
    policy: policyOf(values.MAIL_SENDERS, refuse),
    limits: {
      maxLines: values.MAIL_MAX_LINES,
      maxQuantity: values.MAIL_MAX_QUANTITY,
      duplicateWindowHours: values.MAIL_DUPLICATE_HOURS,
    },
    imap: values.MAIL_IMAP_URL,
    smtp: smtpGiven ? smtpOf(values, refuse) : null,
    folders: [...new Set(values.MAIL_FOLDER)],
    folderDone: values.MAIL_FOLDER_DONE,
    token: values.MAIL_TOKEN ?? null,
    maxBytes: values.MAIL_MAX_BYTES,
    pollSeconds: values.MAIL_POLL_SECONDS,
    quietHours: values.MAIL_QUIET_HOURS,
    keepDays: values.MAIL_KEEP_DAYS,
  };
}

function policyOf(senders: readonly string[], refuse: (problems: string[]) => Error): Policy {
  const [only = 'everyone'] = senders;
  if (senders.length <= 1 && only === 'everyone') return { kind: 'everyone' };
  if (senders.length === 1 && only === 'known') return { kind: 'known-partners' };
  if (!senders.every(isDomain)) throw refuse(['MAIL_SENDERS is neither everyone, nor known, nor a list of domains']);
  return { kind: 'domains', domains: senders.map((domain) => domain.toLowerCase()) };
}

function smtpOf(values: Values, refuse: (problems: string[]) => Error): NonNullable<MailInboundConfig['smtp']> {
  const { MAIL_SMTP_HOST: host, MAIL_SMTP_PORT: port, MAIL_SMTP_CERT: cert, MAIL_SMTP_KEY: key } = values;
  const problems: string[] = [];
  if ((cert === undefined) !== (key === undefined)) problems.push('MAIL_SMTP_CERT and MAIL_SMTP_KEY belong together');
  const tls = cert !== undefined && key !== undefined ? { cert, key } : null;
  const tlsRequired = values.MAIL_SMTP_TLS === 'required';
  if (tlsRequired && !tls) problems.push('MAIL_SMTP_TLS is required, but MAIL_SMTP_CERT and MAIL_SMTP_KEY are not set');
  const login = values.MAIL_SMTP_LOGIN;
  if (login !== undefined && !tls && !/^(?:localhost|127\.|::1$)/.test(host)) {
    problems.push('MAIL_SMTP_LOGIN would send a password in clear text; set MAIL_SMTP_CERT and MAIL_SMTP_KEY too');
  }
  if (problems.length > 0) throw refuse(problems);
  const at = login?.indexOf(':') ?? -1;
  const auth = login === undefined ? null : { user: login.slice(0, at), password: login.slice(at + 1) };
  return { host, port: port ?? 0, tls, tlsRequired, auth };
}
