// Order mails: where they come from and how that is, conversations (those that wait for a person first), mails as they came, and ours.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, download } from '../kit/api.ts';
import { Grid } from '../kit/grid.tsx';
import type { Cell, Filter, Row } from '../kit/grid-cells.tsx';
import { may } from '../kit/start.ts';
import { Badge, Dialog, Empty, Failed, Loading, Screen, say, sayError } from '../kit/ui.tsx';
import { instantText, numberText, t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';
import { SENT_TONES } from './mail-story.tsx';
import { OneTalk, STATE_TONES } from './mail-talk.tsx';
import { EVENT_WORDS, FIELDS, spaced } from './mail-words.ts';

const ROOT = '/mail/';
const LOOK_MS = 4_000;

interface Sources {
  sources: {
    name: string;
    kind: string;
    place: string;
    heartbeatAt: string | null;
    lastMailAt: string | null;
    error: string | null;
    alarm: string | null;
    mails: number;
  }[];
  waiting: number;
  dead: number;
}

interface Report {
  persons: { count: number };
  customers: number;
  stock: number;
  undelivered: number;
  outbox: number;
  retried: number;
  changed: string;
}

const VIEWS: readonly { title: string; path: string; grid: string }[] = [
  { title: 'Conversations', path: '', grid: 'conversations' },
  { title: 'Mails received', path: 'mails', grid: 'mails' },
  { title: 'Mails sent', path: 'sent', grid: 'outbox' },
];

export function MailOrders({ detail }: ScreenProps) {
  if (/^\d+$/.test(detail)) return <OneTalk key={detail} id={Number(detail)} />;
  return <Lists view={VIEWS.find(({ path }) => path === detail) ?? VIEWS[0]!} />;
}

const instant: Cell = (value) => (value ? instantText(`${String(value)}Z`) : null);

function Lists({ view }: { view: (typeof VIEWS)[number] }) {
  const [, go] = useLocation();
  const [mail, setMail] = useState<Row | null>(null);
  const [waiting, setWaiting] = useState(false);
  const report = useQuery({
    queryKey: ['mail', 'report'],
    queryFn: () => api.get<Report>('/api/mail/report'),
    refetchInterval: LOOK_MS,
  });
  const version = useVersion(report.data?.changed);
  const heard = (useSources().data?.sources.length ?? 0) > 0;
  const fixed: Filter[] =
    waiting && view.grid === 'conversations' ? [{ column: 'waitsFor', operator: 'not empty' }] : [];
  const open = (row: Row) => {
    if (view.grid === 'mails') setMail(row);
    else if (view.grid === 'conversations') go(`${ROOT}${row.id}/`);
    else if (row.conversation) go(`${ROOT}${row.conversation}/`);
  };
  return (
    <Screen title={t('Mail orders')} flush>
      <SourceStrip />
      {report.data && <Counts {...report.data} />}
      <Grid
        key={view.grid}
        name={view.grid}
        version={version}
        fixed={fixed}
        onOpen={open}
        tools={
          <>
            <div role="tablist" className="row">
              {VIEWS.map(({ title, path, grid }) => (
                <button
                  key={grid}
                  type="button"
                  role="tab"
                  aria-selected={grid === view.grid}
                  className={grid === view.grid ? 'button primary' : 'button'}
                  onClick={() => go(path ? `${ROOT}${path}/` : ROOT)}
                >
                  {t(title)}
                </button>
              ))}
            </div>
            {view.grid === 'conversations' && (
              <label>
                <input type="checkbox" checked={waiting} onChange={(event) => setWaiting(event.target.checked)} />{' '}
                {t('waiting for a person')}
              </label>
            )}
          </>
        }
        empty={
          <Empty title={t('No mail has come yet.')}>
            {heard
              ? t('What customers send shows up here by itself.')
              : t(
                  'Name a mailbox in MAIL_IMAP_URL, a port in MAIL_SMTP_PORT or a folder in MAIL_FOLDER, or hand mails in at /mail/inbound.',
                )}
          </Empty>
        }
        cells={{
          state: (value) => (
            <Badge tone={{ ...SENT_TONES, ...STATE_TONES }[String(value)] ?? 'none'}>{t(String(value))}</Badge>
          ),
          waitsFor: (value) =>
            value ? (
              <strong className="wrong" title={String(value)}>
                {String(value)}
              </strong>
            ) : null,
          template: (value) => templateText(String(value)),
          receivedAt: instant,
          updatedAt: instant,
          waitsSince: instant,
          createdAt: instant,
          sentAt: instant,
        }}
      />
      {mail && <OneMail row={mail} onClose={() => setMail(null)} />}
    </Screen>
  );
}

/** An answer as the story of its conversation calls it. */
function templateText(template: string): string {
  const word = `answer ${spaced(template)}`;
  return EVENT_WORDS.includes(word) ? t(word) : t(template);
}

/** Counts up with each other text. */
function useVersion(text: string | undefined): number {
  const client = useQueryClient();
  const [version, setVersion] = useState(0);
  const last = useRef(text);
  useEffect(() => {
    if (text === undefined || text === last.current) return;
    const first = last.current === undefined;
    last.current = text;
    if (first) return;
    setVersion((before) => before + 1);
    void client.invalidateQueries({ queryKey: ['mail', 'sources'] });
  }, [text, client]);
  return version;
}

function useSources() {
  return useQuery({
    queryKey: ['mail', 'sources'],
    queryFn: () => api.get<Sources>('/api/mail/sources'),
    refetchInterval: 15_000,
  });
}

function SourceStrip() {
  const found = useSources();
  if (found.isPending) return null;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const { sources, waiting, dead } = found.data;
  return (
    <section className="strip" aria-label={t('Sources')}>
      {sources.length === 0 && <span className="soft">{t('No source of mails is set up.')}</span>}
      {sources.map(({ name, kind, place, alarm, error, mails, heartbeatAt, lastMailAt }) => (
        <span key={name} className="row" title={error ?? place}>
          <Badge tone={alarm ? 'late' : heartbeatAt === null ? 'none' : 'ok'}>{kind}</Badge>
          <span>{name === kind ? '' : name.replace(`${kind} `, '')}</span>
          {alarm && <strong className="wrong">{t(FIELDS[alarm] ?? alarm)}</strong>}
          {error && <span className="wrong">{error}</span>}
          <span className="soft">
            {t('{count} in 24 h', { count: mails })}
            {lastMailAt && ` · ${t('last {when}', { when: instantText(lastMailAt) })}`}
          </span>
        </span>
      ))}
      {waiting > 0 && <Badge tone="busy">{t('{count} to be read', { count: waiting })}</Badge>}
      {dead > 0 && <Badge tone="late">{t('{count} cannot be read', { count: dead })}</Badge>}
    </section>
  );
}

function Counts({ persons, customers, stock, undelivered, outbox, retried }: Report) {
  const parts = [
    { tone: 'late', count: persons.count, text: t('{count} waiting for a person', { count: persons.count }) },
    { tone: 'warn', count: customers, text: t('{count} waiting for the customer', { count: customers }) },
    { tone: 'busy', count: stock, text: t('{count} waiting for goods', { count: stock }) },
    { tone: 'late', count: undelivered, text: t('{count} of our mails did not arrive', { count: undelivered }) },
    { tone: 'busy', count: outbox, text: t('{count} to be sent', { count: outbox }) },
    { tone: 'warn', count: retried, text: t('{count} tried again', { count: retried }) },
  ] as const;
  const shown = parts.filter(({ count }) => count > 0);
  if (shown.length === 0) return null;
  return (
    <div className="strip">
      {shown.map(({ tone, text }) => (
        <Badge key={text} tone={tone}>
          {text}
        </Badge>
      ))}
    </div>
  );
}

/** A mail as it came: what became of it, and another try. */
function OneMail({ row, onClose }: { row: Row; onClose: () => void }) {
  const client = useQueryClient();
  const id = Number(row.id);
  const found = useQuery({
    queryKey: ['mail', 'message', id],
    queryFn: () => api.get<MessageAnswer>(`/api/mail/messages/${id}`),
    staleTime: 0,
    refetchInterval: LOOK_MS,
  });
  const act = async (what: 'retry' | 'release') => {
    try {
      await api.post(`/api/mail/messages/${id}/${what}`);
      say(what === 'release' ? t('It is let through and read again.') : t('It is read again.'));
      onClose();
      await client.invalidateQueries({ queryKey: ['mail'] });
    } catch (error) {
      sayError(error);
    }
  };
  return (
    <Dialog title={String(row.subject || t('Without subject'))} onClose={onClose}>
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Message message={found.data} onAct={act} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface MessageAnswer {
  id: number;
  source: string;
  sender: string | null;
  size: number;
  kept: string;
  receivedAt: string;
  state: string;
  kind: string | null;
  reason: string | null;
  outcome: string | null;
  error: string | null;
  failures: number;
  conversation: number | null;
  headers: { name: string; value: string }[];
}

const RELEASABLE = ['refused', 'loop'];

function Message({ message, onAct, onClose }: MessageProps) {
  const { id, sender, source, size, kept, receivedAt, state, kind, reason, outcome, error, conversation } = message;
  const facts: [string, string | null][] = [
    [t('Sender'), sender],
    [t('Received'), instantText(receivedAt)],
    [t('Source'), `${source} · ${numberText(size)} B`],
    [t('State'), t(state)],
    [t('Kind'), kind && [t(kind), reason && t(reason)].filter(Boolean).join(' · ')],
    [t('Result'), outcome],
    [t('Error'), error],
  ];
  return (
    <>
      <table className="plain">
        <tbody>
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <tr key={name}>
                <th>{name}</th>
                <td>{value}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <details>
        <summary>{t('Head of the mail')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <pre className="log" tabIndex={0}>
          {message.headers.map(({ name, value }) => `${name}: ${value}\n`).join('')}
        </pre>
      </details>
      <div className="row end">
        {conversation !== null && conversation > 0 && (
          <Link href={`${ROOT}${conversation}/`}>{t('Conversation {number}', { number: String(conversation) })}</Link>
        )}
        {kept !== 'removed' && (
          <button
            type="button"
            className="button"
            onClick={() => void download(`/api/mail/messages/${id}/original`, `mail-${id}.eml`).catch(sayError)}
          >
            {t('Download the original')}
          </button>
        )}
        {may('planner') && state !== 'done' && (
          <button type="button" className="button primary" onClick={() => void onAct('retry')}>
            {t('Read the mail again')}
          </button>
        )}
        {may('planner') && state === 'done' && RELEASABLE.includes(reason ?? '') && (
          <button type="button" className="button primary" onClick={() => void onAct('release')}>
            {t('Let it through')}
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>
          {t('Close')}
        </button>
      </div>
    </>
  );
}

interface MessageProps {
  message: MessageAnswer;
  onAct: (what: 'retry' | 'release') => Promise<void>;
  onClose: () => void;
}
