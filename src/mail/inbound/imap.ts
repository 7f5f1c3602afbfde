// A mailbox over IMAP: what is new is fetched, committed together with how far the mailbox was read, and then flagged or moved.
// The server tells of new mail (IDLE); a look each minute finds what it does not tell. Nothing is ever deleted.
import { readFileSync } from 'node:fs';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { PlanbridgeError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/database.ts';
import { HEAD_KEPT_BYTES } from '../store/intake.ts';
import { advanceCursor, type Cursor, imapPlace, markedUpTo, openCursor, unmarked } from './imap-cursor.ts';
import type { ImapAccount } from './imap-url.ts';
import { fetchToken } from './oauth.ts';
import { createWaker } from './pause.ts';
import type { Source, SourceContext } from './source.ts';

export interface ImapOptions {
  account: ImapAccount;
  mailbox: string;
  /** Where the account names none. */
  quietHours: number;
  maxBytes: number;
  pollMs: number;
  store: Store;
  log: Log;
  now: () => number;
}

/** Messages that are asked for at once, without their text. */
const LISTED = 200;

export function imapSource(options: ImapOptions): Source {
  const { account, mailbox, pollMs } = options;
  const name = account.mailboxes.length > 1 ? `${account.name}/${mailbox}` : account.name;
  const named = { ...options, name };
  return {
    name,
    kind: 'imap',
    place: `${account.user} on ${account.host}:${account.port}, ${mailbox}`,
    quietHours: account.quietHours ?? options.quietHours,
    exclusive: true,
    run: (context) =>
      connected(named, context, async (client, closed) => {
        const waker = createWaker();
        client.on('exists', () => waker.wake());
        void closed.then(() => waker.wake());
        const { path, uidValidity } = opened(client);
        while (!context.signal.aborted) {
          await takeNew(client, named, context);
          await waker.pause(pollMs, context.signal);
          if (context.signal.aborted) return;
          if (!client.usable) throw new Error('the connection was closed');
          await client.noop();
          const status = await client.status(path, { uidValidity: true });
          // Its numbers are others now: it is opened anew.
          if (status && status.uidValidity !== undefined && status.uidValidity !== uidValidity) {
            throw new Error('the mailbox was made anew');
          }
        }
      }),
    once: (context) => connected(named, context, (client) => takeNew(client, named, context)),
  };
}

type NamedOptions = ImapOptions & { name: string };

/** Opens the mailbox for as long as `run` takes; changes nothing in it. */
export async function connected(
  options: Pick<ImapOptions, 'account' | 'mailbox'>,
  { signal }: Pick<SourceContext, 'signal'>,
  run: (client: ImapFlow, closed: Promise<void>) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  const client = new ImapFlow(clientOptions(options.account, await credentials(options.account, signal)));
  let failure: Error | undefined;
  client.on('error', (error: Error) => {
    failure ??= error;
  });
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  const stop = () => client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await client.mailboxOpen(pathOf(client, options.mailbox));
    await run(client, closed);
    if (!signal.aborted) await client.logout().catch(() => {});
  } catch (error) {
    throw trouble(options, failure ?? error);
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

type Credentials = NonNullable<ImapFlowOptions['auth']>;

/** A token lasts for an hour or so, and a connection mostly longer: each connection begins with a new one. */
async function credentials({ user, password, oauth }: ImapAccount, signal: AbortSignal): Promise<Credentials> {
  if (oauth === null) return { user, pass: password };
  return { user, accessToken: await fetchToken(oauth, password, signal) };
}

function clientOptions({ host, port, secure, withoutTls, ca }: ImapAccount, auth: Credentials): ImapFlowOptions {
  return {
    host,
    port,
    secure,
    ...(!secure && { doSTARTTLS: !withoutTls }),
    ...(ca !== null && { tls: { ca: readFileSync(ca) } }),
    auth,
    logger: false,
    clientInfo: { name: 'Planbridge' },
    // Soon after the last command, and not between two.
    autoIdleDelay: 1_000,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 180_000,
  };
}

function opened(client: ImapFlow): { uidValidity: bigint; uidNext: number; path: string } {
  if (!client.mailbox) throw new Error('the mailbox is not open');
  return client.mailbox;
}

/** All that came since, in the order of its UIDs. */
async function takeNew(client: ImapFlow, options: NamedOptions, context: SourceContext): Promise<void> {
  const { account, log, mailbox, name, now, store } = options;
  const selected = opened(client);
  const { cursor, renumbered } = await openCursor(store.query, name, mailbox, selected, account.first, now());
  if (renumbered) {
    log.warn({ source: name, uidValidity: cursor.uidValidity }, 'the mailbox has other numbers now and is read again');
  }
  const uids = await newUids(client, cursor);
  for (let at = 0; at < uids.length; at += LISTED) {
    const some = uids.slice(at, at + LISTED);
    const listed = await client.fetchAll(
      some.join(','),
      { uid: true, size: true, flags: true, internalDate: true },
      { uid: true },
    );
    for (const { uid, size = 0, flags, internalDate } of listed.sort((a, b) => a.uid - b.uid)) {
      context.signal.throwIfAborted();
      const came = new Date(internalDate ?? now());
      if (isWanted(cursor, uid, came, flags?.has('\\Seen') === true)) {
        await takeOne(client, options, context, cursor.uidValidity, uid, size);
      }
      context.report.beat();
    }
    cursor.stored = Math.max(cursor.stored, some.at(-1)!);
    await advanceCursor(store.query, name, mailbox, cursor.uidValidity, cursor.stored);
    await tryToMark(client, options, context, cursor);
  }
  if (await tryToMark(client, options, context, cursor)) context.report.well();
}

/** Mails come in although the mailbox may not be changed; it is said, and tried again with the next look. */
async function tryToMark(
  client: ImapFlow,
  options: NamedOptions,
  { report }: SourceContext,
  cursor: Cursor,
): Promise<boolean> {
  try {
    await mark(client, options, cursor);
    return true;
  } catch (error) {
    if (!client.usable) throw error;
    report.failed(trouble(options, error));
    return false;
  }
}

async function newUids(client: ImapFlow, { stored, backlog, since }: Cursor): Promise<number[]> {
  const find = async (query: object): Promise<number[]> => {
    const found = await client.search(query, { uid: true });
    if (!Array.isArray(found)) throw new Error('the server does not search');
    return found;
  };
  const uids: number[] = [];
  if (stored < backlog) {
    // Servers compare days in their own zone.
    const day = since === null ? {} : { since: new Date(since.getTime() - 86_400_000) };
    uids.push(...(await find({ uid: `${stored + 1}:${backlog}`, ...day })));
  }
  const from = Math.max(stored, backlog) + 1;
  // `n:*` names the last message even where its number is lower.
  uids.push(...(await find({ uid: `${from}:*` })).filter((uid) => uid >= from));
  return [...new Set(uids)].sort((a, b) => a - b);
}

/** Of what lay there when the mailbox was first seen, a mail that a person has read is left to that person. */
function isWanted({ backlog, since, beganAt }: Cursor, uid: number, came: Date, seen: boolean): boolean {
  if (uid > backlog || since === null) return true;
  return came >= since && (!seen || came >= beganAt);
}

async function takeOne(
  client: ImapFlow,
  { mailbox, maxBytes, name }: NamedOptions,
  { deliver }: SourceContext,
  uidValidity: string,
  uid: number,
  size: number,
): Promise<void> {
  const tooLarge = size > maxBytes;
  const source = tooLarge ? { start: 0, maxLength: Math.min(HEAD_KEPT_BYTES, maxBytes) } : true;
  const message = await client.fetchOne(String(uid), { uid: true, source }, { uid: true });
  // Taken away meanwhile by somebody who looks into the mailbox.
  const raw = message ? message.source : undefined;
  if (!raw) return;
  await deliver(
    {
      place: imapPlace(mailbox, uidValidity, uid),
      raw,
      // Servers may be wrong about the size of what they have not converted yet.
      size: tooLarge ? size : raw.length,
      envelope: { from: null, to: [] },
    },
    (query) => advanceCursor(query, name, mailbox, uidValidity, uid),
  );
}

/** Flags or moves what is stored. Done again after a crash, which changes nothing. */
async function mark(client: ImapFlow, { account, mailbox, name, store }: NamedOptions, cursor: Cursor): Promise<void> {
  const { done } = account;
  const { uidValidity } = cursor;
  while (cursor.marked < cursor.stored) {
    const uids = done.kind === 'keep' ? [] : await unmarked(store.query, name, mailbox, cursor);
    const last = uids.at(-1) ?? cursor.stored;
    if (uids.length > 0) {
      const range = uids.join(',');
      if (done.kind === 'flag' && !(await client.messageFlagsAdd(range, [done.flag], { uid: true }))) {
        throw new Error('the server does not flag what is stored');
      }
      if (done.kind === 'move') await move(client, range, done.to);
    }
    cursor.marked = last;
    await markedUpTo(store.query, name, mailbox, uidValidity, last);
  }
}

/** `Orders/EU` on every server, whatever stands between its mailboxes' names. */
function pathOf(client: ImapFlow, name: string): string {
  const selected = client.mailbox || undefined;
  const delimiter = selected?.delimiter || client.namespace?.delimiter || '/';
  return name.includes(delimiter) ? name : name.replaceAll('/', delimiter);
}

async function move(client: ImapFlow, range: string, name: string): Promise<void> {
  const to = pathOf(client, name);
  const moved = await client.messageMove(range, to, { uid: true }).catch(() => false as const);
  if (moved) return;
  // Most often because the mailbox is not there; where it is, the second answer says why.
  await client.mailboxCreate(to).catch(() => {});
  if (!(await client.messageMove(range, to, { uid: true }))) throw new Error(`the server moves nothing to ${to}`);
}

function trouble({ account, mailbox }: Pick<ImapOptions, 'account' | 'mailbox'>, error: unknown): unknown {
  if (error instanceof PlanbridgeError) return error;
  const { authenticationFailed, message, responseText, code } = error as Error & {
    authenticationFailed?: boolean;
    responseText?: string;
    code?: string;
  };
  const why = responseText ?? message ?? code;
  const failure = new PlanbridgeError(
    'PB_MAIL_SOURCE',
    503,
    `Mailbox ${mailbox} on ${account.host}: ${String(why).replace(/\.$/, '')}.`,
    {
      cause: error,
      remedy: authenticationFailed ? 'Check user and password in MAIL_IMAP_URL.' : 'It is tried again.',
    },
  );
  return Object.assign(failure, { authenticationFailed: authenticationFailed === true });
}
