// `imaps://user:password@host/?mailbox=…` -> how a mailbox is reached and what becomes of its mails. Says what is wrong without
// repeating the password.

/** What happens to a mail in its mailbox once it is stored. */
export type Done = { kind: 'keep' } | { kind: 'flag'; flag: string } | { kind: 'move'; to: string };

/** What is taken of the mails that lie there when a mailbox is first seen: the unread ones of some days, all, or none. */
export type First = { kind: 'days'; days: number } | { kind: 'all' } | { kind: 'new' };

export interface ImapAccount {
  /** Of the source. */
  name: string;
  host: string;
  port: number;
  /** TLS from the first byte; else by STARTTLS. */
  secure: boolean;
  /** Only towards this machine, or where it was said so. */
  withoutTls: boolean;
  user: string;
  password: string;
  mailboxes: readonly string[];
  done: Done;
  first: First;
  /** null = as for all sources. */
  quietHours: number | null;
  /** File with certificates that are trusted instead of the usual ones. */
  ca: string | null;
  /** Where the password is one of a program, for which a token is to be had; null = it is the mailbox's own. */
  oauth: OAuthClient | null;
}

export interface OAuthClient {
  /** Token endpoint. */
  url: string;
  client: string;
  scope: string | null;
  /** Of a user who has agreed; null = the program signs in for itself. */
  refreshToken: string | null;
}

export const IMAP_EXAMPLE = 'imaps://sales%40example.com:password@imap.example.com/?mailbox=INBOX&done=seen';

const OAUTH = ['oauth', 'client', 'scope', 'refresh'];
const KNOWN = ['mailbox', 'name', 'done', 'first', 'quiet', 'tls', 'ca', ...OAUTH];
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** @returns what is wrong, as text that continues `MAIL_IMAP_URL …` */
export function parseImapUrl(text: string): ImapAccount | string {
  const url = URL.parse(text);
  if (!url || !['imap:', 'imaps:'].includes(url.protocol) || url.hostname === '') {
    return `is no IMAP address; give it like ${IMAP_EXAMPLE}`;
  }
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (!user || !password) return `names no user and password; give it like ${IMAP_EXAMPLE}`;
  const unknown = [...url.searchParams.keys()].find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) return `has ${unknown}=, which is none of ${KNOWN.join('=, ')}=`;
  const secure = url.protocol === 'imaps:';
  const tls = url.searchParams.get('tls') ?? (LOOPBACK.test(url.hostname) ? 'off' : 'required');
  if (!['required', 'off'].includes(tls)) return 'has tls=, which is neither required nor off';
  const done = doneOf(url.searchParams.get('done') ?? 'seen');
  if (done === undefined) return 'has done=, which is none of keep, seen, flag:NAME, move:MAILBOX';
  const first = firstOf(url.searchParams.get('first') ?? '3');
  if (first === undefined) return 'has first=, which is none of all, new, or a number of days';
  const quiet = url.searchParams.get('quiet');
  if (quiet !== null && !(Number(quiet) >= 0)) return 'has quiet=, which is no number of hours';
  const oauth = oauthOf(url.searchParams);
  if (typeof oauth === 'string') return oauth;
  const path = decoded(url.pathname.replace(/^\//, ''));
  const mailboxes = [...(path ? [path] : []), ...url.searchParams.getAll('mailbox')].filter(Boolean);
  return {
    name: url.searchParams.get('name') || `${user} on ${url.hostname}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : secure ? 993 : 143,
    secure,
    withoutTls: !secure && tls === 'off',
    user,
    password,
    mailboxes: mailboxes.length > 0 ? [...new Set(mailboxes)] : ['INBOX'],
    done,
    first,
    quietHours: quiet === null ? null : Number(quiet),
    ca: url.searchParams.get('ca') || null,
    oauth,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function doneOf(text: string): Done | undefined {
  if (text === 'keep') return { kind: 'keep' };
  if (text === 'seen') return { kind: 'flag', flag: '\\Seen' };
  const [, what, name] = /^(flag|move):(.+)$/.exec(text) ?? [];
  if (what === 'flag' && /^\\?[\w$-]+$/.test(name!)) return { kind: 'flag', flag: name! };
  return what === 'move' ? { kind: 'move', to: name! } : undefined;
}

function firstOf(text: string): First | undefined {
  if (text === 'all' || text === 'new') return { kind: text };
  return /^\d{1,4}$/.test(text) ? { kind: 'days', days: Number(text) } : undefined;
}

/** @returns the client, null where none is given, or what is wrong */
function oauthOf(parameters: URLSearchParams): OAuthClient | string | null {
  const [url, client, scope, refreshToken] = OAUTH.map((name) => parameters.get(name) || null);
  if (!url) return client || scope || refreshToken ? 'has client=, scope= or refresh= without oauth=' : null;
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname))) {
    return 'has oauth=, which is no https address of a token endpoint';
  }
  if (!client) return 'has oauth= without client=';
  return { url, client, scope: scope ?? null, refreshToken: refreshToken ?? null };
}
