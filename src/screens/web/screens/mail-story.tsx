// What happened in a conversation, and what we wrote: transitions with their causes, answers with how far they came, an answer by hand.
import { useState } from 'react';
import { download } from '../kit/api.ts';
import { may } from '../kit/start.ts';
import { Badge, Dialog, sayError, type Tone } from '../kit/ui.tsx';
import { instantText, t } from '../kit/words.ts';
import { type Sent as SentMail, spaced, type Talk, type Transition } from './mail-words.ts';

export const SENT_TONES: Record<string, Tone> = {
  queued: 'busy',
  sending: 'busy',
  sent: 'ok',
  dead: 'late',
  bounced: 'late',
};

export function Sent({ answers }: { answers: readonly SentMail[] }) {
  if (answers.length === 0) return null;
  const save = (id: number) => download(`/api/mail/outbox/${id}/original`, `outbox-${id}.eml`).catch(sayError);
  return (
    <section className="card" aria-label={t('Mails sent')}>
      <h2>{t('Mails sent')}</h2>
      {answers.map(({ id, subject, recipient, state, text, author, error, response, createdAt, sentAt }) => (
        <details key={id}>
          <summary>
            {subject} <Badge tone={SENT_TONES[state] ?? 'none'}>{t(state)}</Badge>
            <div className="soft">
              {recipient} · {instantText(sentAt ?? createdAt)}
              {author && ` · ${author}`}
            </div>
          </summary>
          {(error ?? response) && <p className={error ? 'problem' : 'soft'}>{error ?? response}</p>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          <pre className="log mail" tabIndex={0}>
            {text}
          </pre>
          {may('planner') && (
            <button type="button" className="button" onClick={() => void save(id)}>
              {t('Download')}
            </button>
          )}
        </details>
      ))}
    </section>
  );
}

export function Story({ talk: { transitions, effects } }: { talk: Talk }) {
  return (
    <section className="card" aria-label={t('What happened')}>
      <h2>{t('What happened')}</h2>
      <table className="plain">
        <tbody>
          {transitions.toReversed().map((transition) => (
            <tr key={transition.id}>
              <td className="soft">{instantText(transition.at)}</td>
              <td>
                <strong>{t(spaced(transition.event))}</strong>
                {transition.from !== transition.to && ` → ${t(transition.to)}`}
                {!transition.expected && <Badge tone="warn">{t('not expected')}</Badge>}
                <div className="soft">{causeText(transition)}</div>
              </td>
              <td>
                {effects
                  .filter((effect) => effect.transition === transition.id)
                  .map(({ id, kind, state, attempts, error }) => (
                    <div key={id}>
                      {t(spaced(kind))}{' '}
                      {state === 'due' ? (
                        <Badge tone={attempts > 0 ? 'late' : 'busy'}>{t('due')}</Badge>
                      ) : (
                        state === 'dropped' && <Badge>{t('dropped')}</Badge>
                      )}
                      {error && state !== 'done' && <div className="wrong">{error}</div>}
                    </div>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function causeText({ cause }: Transition): string {
  switch (cause.kind) {
    case 'mail':
      return t('by mail {number}', { number: String(cause.mail ?? '') });
    case 'link':
      return t('by a link in our mail');
    case 'person':
      return t('by {name}', { name: cause.login ?? '' });
    case 'timer':
      return t('by the clock');
    case 'odoo':
      return t('by Odoo: {reason}', { reason: cause.reason ?? '' });
    default:
      return cause.kind;
  }
}

export interface AnswerFormProps {
  talk: Talk;
  busy: boolean;
  onSend: (answer: { subject: string; text: string }) => void;
  onClose: () => void;
}

export function AnswerForm({ talk, busy, onSend, onClose }: AnswerFormProps) {
  const [subject, setSubject] = useState(/^re:/i.test(talk.subject) ? talk.subject : `Re: ${talk.subject}`);
  const [text, setText] = useState('');
  return (
    <Dialog title={t('Answer {name}', { name: talk.answerTo || talk.customer.email })} onClose={onClose}>
      <form
        className="answer"
        onSubmit={(event) => {
          event.preventDefault();
          onSend({ subject, text });
        }}
      >
        <label className="field">
          <span>{t('Subject')}</span>
          <input
            type="text"
            required
            maxLength={300}
            value={subject}
            onChange={(event) => setSubject(event.target.value)}
          />
        </label>
        <label className="field">
          <span>{t('Text')}</span>
          <textarea
            required
            rows={12}
            maxLength={50_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {t('Cancel')}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {t('Send')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
