// One line of an answered quote: its dates, the chain of supply that leads to them, and what is in the way of earlier ones.
import { Badge } from '../kit/ui.tsx';
import { dateText, durationText, momentText, numberText, said, t } from '../kit/words.ts';
import { type ChainLink, keyed, type LinePromise, stamp } from './quote-data.ts';

export function Promised({ line }: { line: LinePromise }) {
  const { item, location, quantity, wanted, promised, late, short, deliveries, chain, reasons } = line;
  return (
    <article>
      <div className="row">
        <strong>
          {numberText(quantity)} × {item}
        </strong>
        <span className="soft">{location}</span>
        {promised === null ? (
          <Badge tone="late">
            {short < quantity ? t('{count} cannot be promised', { count: short }) : t('cannot be promised')}
          </Badge>
        ) : (
          <>
            <Badge tone={wanted !== null && late > 0 ? 'warn' : 'ok'}>{momentText(stamp(promised))}</Badge>
            {wanted !== null && (
              <span className="soft">
                {late > 0
                  ? t('{time} after {day}', { time: durationText(late), day: dateText(stamp(wanted)) })
                  : t('as wanted')}
              </span>
            )}
          </>
        )}
      </div>
      {deliveries.length > 1 && (
        <p>
          {deliveries.map(({ date, quantity: part }) => `${numberText(part)}: ${momentText(stamp(date))}`).join(' · ')}
        </p>
      )}
      {reasons.length > 0 && (
        <ul aria-label={t('What is in the way')}>
          {reasons.map((reason) => (
            <li key={reason.text}>{said(reason)}</li>
          ))}
        </ul>
      )}
      {chain.length > 1 && (
        <table className="plain" aria-label={t('What leads to it')}>
          <tbody>
            {keyed(chain).map(({ key, one }) => (
              <Link key={key} link={one} promised={promised} />
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}

function Link({ link, promised }: { link: ChainLink; promised: number | null }) {
  const { level, type, item, location, operation, supplier, origin, quantity, start, end, resources } = link;
  const from = supplier ?? origin ?? (type === 'WO' ? operation : null);
  return (
    <tr>
      <td style={{ paddingLeft: 8 + 18 * (level + (type === 'WO' ? 1 : 0)) }}>
        <Badge>{t(type)}</Badge> {type === 'WO' ? operation : item}
      </td>
      <td className="number">{numberText(quantity)}</td>
      <td className="soft">{[location, type === 'WO' ? null : from, ...resources].filter(Boolean).join(' · ')}</td>
      <td>
        {start !== null && end !== null
          ? start === end
            ? momentText(stamp(end))
            : `${momentText(stamp(start))} – ${momentText(stamp(end))}`
          : end === null
            ? t('in stock')
            : t('free on {day}', { day: momentText(stamp(end)) })}
        {type !== 'WO' && start !== null && end !== null && promised !== null && end > promised && (
          <span className="soft"> {t('replaces stock that is taken')}</span>
        )}
      </td>
    </tr>
  );
}
