// One conversation: the mail as it came beside what was read from it, what happened since and why, our answers, the records in
// Odoo; and what a person can do about it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api } from '../kit/api.ts';
import { may, odooLink } from '../kit/start.ts';
import { Badge, Dialog, Failed, Loading, Screen, say, sayError, type Tone } from '../kit/ui.tsx';
import { dateText, instantText, numberText, t } from '../kit/words.ts';
import { nameOf, type OrderBody, OrderForm } from './mail-form.tsx';
import { OriginalMail } from './mail-original.tsx';
import { AnswerForm, Sent, Story } from './mail-story.tsx';
import { FIELDS, type Line, type ShortLine, spaced, type Talk } from './mail-words.ts';

export const STATE_TONES: Record<string, Tone> = {
  new: 'busy',
  'waiting-for-correction': 'warn',
  'waiting-for-choice': 'warn',
  'waiting-for-stock': 'busy',
  person: 'late',
  ordered: 'ok',
};
const OUTCOMES: Record<string, Tone> = { ordered: 'ok', short: 'warn', wrong: 'late', 'not-produced': 'late' };
const CORRECTABLE = ['waiting-for-correction', 'waiting-for-choice', 'person'];
const CHOOSABLE = ['waiting-for-choice', 'person'];
const CLOSABLE = [...CORRECTABLE, 'waiting-for-stock'];
const LOOK_MS = 3_000;

export function OneTalk({ id }: { id: number }) {
  const found = useQuery({
    queryKey: ['mail', id],
    queryFn: () => api.get<Talk>(`/api/mail/conversations/${id}`),
    refetchInterval: LOOK_MS,
  });
  const title = found.data?.subject || t('Conversation {number}', { number: String(id) });
  return (
    <Screen title={title} tools={<Link href="/mail/">{t('All conversations')}</Link>}>
      {found.isPending ? (
        <Loading />
      ) : found.error && !found.data ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <TalkView talk={found.data!} />
      )}
    </Screen>
  );
}

function TalkView({ talk }: { talk: Talk }) {
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [closing, setClosing] = useState(false);
  const [answering, setAnswering] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const { id, state, mails, records, lines, short, answers } = talk;
  const act = useMutation({
    mutationFn: ({ what, body = {} }: { what: string; body?: unknown; done: string }) =>
      api.post(`/api/mail/conversations/${id}/${what}`, body),
    onSuccess: async (_, { done }) => {
      setEditing(false);
      setChosen(null);
      setClosing(false);
      setAnswering(false);
      say(done);
      await client.invalidateQueries({ queryKey: ['mail'] });
    },
    onError: sayError,
  });
  const correct = (how: 'lines' | 'make', order: OrderBody) =>
    act.mutate({ what: how, body: order, done: t('The lines are checked, and the order goes on.') });
  const planner = may('planner');
  const due = talk.effects.some((effect) => effect.state === 'due' && effect.attempts > 0);
  const undelivered = answers.some((answer) => answer.state === 'dead');
  return (
    <>
      <div className="row" style={{ marginBottom: '.8rem' }}>
        <Badge tone={STATE_TONES[state] ?? 'none'}>{t(state)}</Badge>
        <strong>{talk.customer.name}</strong> {talk.customer.email}
        {records.map(({ model, id: record, name, url }) => {
          const address = odooLink(model, record) ?? url;
          return address ? (
            <a key={`${model} ${record}`} href={address} target="_blank" rel="noreferrer" title={t('Open in Odoo')}>
              {name} ↗
            </a>
          ) : (
            <strong key={`${model} ${record}`}>{name}</strong>
          );
        })}
        <span className="space" style={{ flex: 1 }} />
        {planner && (
          <>
            {CORRECTABLE.includes(state) && !editing && (
              <button type="button" className="button primary" onClick={() => setEditing(true)}>
                {t('Correct the order')}
              </button>
            )}
            <button type="button" className="button" onClick={() => setAnswering(true)}>
              {t('Answer')}
            </button>
            {(state === 'person' || due || undelivered) && (
              <button
                type="button"
                className="button"
                disabled={act.isPending}
                onClick={() => act.mutate({ what: 'retry', done: t('It is tried again.') })}
              >
                {due || undelivered ? t('Try again') : t('Read the mail again')}
              </button>
            )}
            {talk.waitsFor !== null && (
              <button
                type="button"
                className="button"
                disabled={act.isPending}
                onClick={() => act.mutate({ what: 'seen', done: t('It waits for nobody of us any more.') })}
              >
                {t('I have seen it')}
              </button>
            )}
            {CLOSABLE.includes(state) && (
              <button type="button" className="button danger" onClick={() => setClosing(true)}>
                {t('Close')}
              </button>
            )}
          </>
        )}
      </div>
      {talk.waitsFor !== null && (
        <div className="problem">
          <strong>{talk.waitsFor}</strong>{' '}
          {talk.waitsSince && <span className="soft">{t('since {when}', { when: instantText(talk.waitsSince) })}</span>}
        </div>
      )}
      <div className="split even">
        <section aria-label={t('Mails received')}>
          {mails.map((part) => (
            <OriginalMail key={part.mail} conversation={id} part={part} lines={lines} chosen={chosen} />
          ))}
        </section>
        <section aria-label={t('As it was read')}>
          {editing ? (
            <OrderForm
              talk={talk}
              busy={act.isPending}
              onSend={correct}
              onLeave={() => setEditing(false)}
              onLook={setChosen}
            />
          ) : (
            <Reading talk={talk} chosen={chosen} onLook={setChosen} />
          )}
          {short.length > 0 && (
            <Short
              lines={short}
              able={planner && CHOOSABLE.includes(state) && !act.isPending}
              onChoose={(choice) =>
                act.mutate({ what: 'choice', body: { choice }, done: t('Chosen; the customer is told.') })
              }
            />
          )}
          <Sent answers={answers} />
          <Story talk={talk} />
        </section>
      </div>
      {closing && (
        <Dialog title={t('Close without an answer?')} onClose={() => setClosing(false)}>
          <p>{t('The customer is not told. What was ordered already stays in Odoo.')}</p>
          <div className="row end">
            <button type="button" className="button" onClick={() => setClosing(false)}>
              {t('Cancel')}
            </button>
            <button
              type="button"
              className="button primary"
              disabled={act.isPending}
              onClick={() => act.mutate({ what: 'close', done: t('The conversation is closed.') })}
            >
              {t('Close the conversation')}
            </button>
          </div>
        </Dialog>
      )}
      {answering && (
        <AnswerForm
          talk={talk}
          busy={act.isPending}
          onSend={(body) => act.mutate({ what: 'answer', body, done: t('The answer is on its way.') })}
          onClose={() => setAnswering(false)}
        />
      )}
    </>
  );
}

function Reading({ talk, chosen, onLook }: ReadingProps) {
  const { lines, errors, reference, address, order } = talk;
  const whole = errors.filter(({ line }) => line === undefined);
  return (
    <section className="card">
      <h2>{t('As it was read')}</h2>
      {whole.map(({ field, problem }) => (
        <p key={`${field} ${problem}`} className="problem">
          {t(FIELDS[field] ?? field)}: {t(spaced(problem))}
        </p>
      ))}
      <p className="soft">
        {[
          reference && `${t("Customer's reference")} ${reference}`,
          order?.orderDate && `${t('Order date')} ${dateText(order.orderDate)}`,
          order?.deliveryDate && `${t('Delivery date')} ${dateText(order.deliveryDate)}`,
          address && `${t('Delivery address')} ${address}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {lines.length === 0 ? (
        <p className="soft">{t('No line of an order was found in the mail. Answer it, or enter the order by hand.')}</p>
      ) : (
        <table className="plain order">
          <thead>
            <tr>
              <th className="number">{t('Line')}</th>
              <th>{t('Product')}</th>
              <th className="number">{t('Quantity')}</th>
              <th>{t('Delivery date')}</th>
              <th>{t('Read from')}</th>
              <th>{t('Result')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <LineRow
                key={line.line}
                line={line}
                errors={errors.filter((error) => error.line === line.line)}
                chosen={line.line === chosen}
                onLook={onLook}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface ReadingProps {
  talk: Talk;
  chosen: number | null;
  onLook: (line: number | null) => void;
}

function LineRow({ line, errors, chosen, onLook }: LineRowProps) {
  const { line: number, item, product, written, quantity, uom, day, place, outcome } = line;
  return (
    <tr
      className={chosen ? 'chosen' : ''}
      onMouseEnter={() => onLook(number)}
      onMouseLeave={() => onLook(null)}
      onFocus={() => onLook(number)}
    >
      <td className="number">{number}</td>
      <td>
        {item ? nameOf(item) : (product ?? written ?? '')}
        {item && written && <div className="soft">{`“${written}”`}</div>}
        {errors.map(({ field, problem }) => (
          <div key={`${field} ${problem}`} className="wrong">
            {t(FIELDS[field] ?? field)}: {t(spaced(problem))}
          </div>
        ))}
      </td>
      <td className="number">{quantity === null ? '' : `${numberText(quantity)} ${uom ?? item?.unit ?? ''}`}</td>
      <td>{day ? dateText(day) : ''}</td>
      <td className="moment">{place && <Place text={place} />}</td>
      <td>
        <Badge tone={OUTCOMES[outcome] ?? 'none'}>{t(spaced(outcome))}</Badge>
      </td>
    </tr>
  );
}

interface LineRowProps {
  line: Line;
  errors: Talk['errors'];
  chosen: boolean;
  onLook: (line: number | null) => void;
}

function Place({ text }: { text: string }) {
  const [, kind, number] = /^(line|paragraph) (\d+)$/.exec(text) ?? [];
  if (kind === 'line') return t('line {number}', { number: number! });
  if (kind === 'paragraph') return t('paragraph {number}', { number: number! });
  return text;
}

function Short({ lines, able, onChoose }: ShortProps) {
  return (
    <section className="card" aria-label={t('Short of stock')}>
      <h2>{t('Short of stock')}</h2>
      <table className="plain">
        <thead>
          <tr>
            <th>{t('Product')}</th>
            <th className="number">{t('Wanted')}</th>
            <th className="number">{t('Free')}</th>
            <th>{t('Promised')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ line, product, item, wanted, free, promise }) => (
            <tr key={line}>
              <td>{item ? nameOf(item) : product}</td>
              <td className="number">{numberText(wanted)}</td>
              <td className="number">{numberText(free)}</td>
              <td>{promise ? dateText(promise) : t('not known')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {able && (
        <fieldset className="row choices">
          <legend>{t('Choose for the customer')}</legend>
          <button type="button" className="button" onClick={() => onChoose(1)}>
            {`1 · ${t('what is available')}`}
          </button>
          <button type="button" className="button" onClick={() => onChoose(2)}>
            {`2 · ${t('wait for replenishment')}`}
          </button>
          <button type="button" className="button danger" onClick={() => onChoose(3)}>
            {`3 · ${t('cancel the short lines')}`}
          </button>
        </fieldset>
      )}
    </section>
  );
}

interface ShortProps {
  lines: readonly ShortLine[];
  able: boolean;
  onChoose: (choice: 1 | 2 | 3) => void;
}
