// The orders that supply one demand, one a line, against time: a picture of SVG with the same as a table for who cannot see it.
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { InOdoo } from '../kit/odoo.tsx';
import { dateText, momentText, numberText, t } from '../kit/words.ts';

export interface ChainStep {
  reference: string | null;
  level: number;
  type: string | null;
  status: string | null;
  item: string | null;
  location: string | null;
  supplier: string | null;
  origin: string | null;
  operation: string | null;
  owner: string | null;
  resources: string[];
  quantity: number;
  /** Of it for this demand. */
  pegged: number;
  start: string | null;
  end: string | null;
  number: string | null;
}

const LINE = 26;
const HEAD = 24;
/** Between the lines of time. */
const TICK_PX = 96;
/** Hours between the lines of time: parts of a day, days, weeks. */
const STEPS_H = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1_344, 2_688, 8_064];
const HOUR = 3_600_000;
const INDENT_PX = 10;
/** Of a letter of the labels, on average. */
const LETTER_PX = 6.3;

const time = (text: string) => Date.parse(`${text}Z`);

const COLOURS: Record<string, string> = { confirmed: 'var(--bar-locked)', completed: 'var(--bar-locked)' };

export function ChainGantt({ chain, due, now }: { chain: readonly ChainStep[]; due: string; now: string }) {
  const [chosen, setChosen] = useState<ChainStep | null>(null);
  const [place, width] = useWidth();
  const dated = chain.filter((step) => step.start && step.end);
  if (chain.length === 0) return <p className="soft">{t('Nothing is planned for it.')}</p>;
  const times = [time(due), time(now), ...dated.flatMap((step) => [time(step.start!), time(step.end!)])];
  const first = Math.min(...times);
  const span = Math.max(Math.max(...times) - first, 3_600_000) * 1.02;
  const labels = Math.round(Math.min(420, Math.max(200, width * 0.3)));
  const x = (text: string) => labels + ((time(text) - first) / span) * (width - labels - 10);
  const height = HEAD + chain.length * LINE;
  const step = STEPS_H.find((hours) => hours * HOUR > (span * TICK_PX) / (width - labels)) ?? STEPS_H.at(-1)!;
  const ticks = ticksOf(first, first + span, step * HOUR);
  // A shorter chain has several lines on one day.
  const hours = step < 24;
  return (
    <div ref={place}>
      <Legend />
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose bars are buttons; there is no fieldset in SVG */}
      <svg
        width={width}
        height={height}
        style={{ display: 'block' }}
        role="group"
        aria-label={t('Orders of the chain against time')}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={HEAD - 4} y2={height} stroke="var(--line-soft)" />
            <text x={x(tick) + 3} y={14} fontSize="11" fill="var(--ink-soft)">
              {hours ? momentText(tick).replace(/ ?20\d\d/, '') : dateText(tick)}
            </text>
          </g>
        ))}
        {chain.map((step, index) => {
          const y = HEAD + index * LINE;
          const late = step.end !== null && time(step.end) > time(due);
          const fill = late ? 'var(--bar-late)' : (COLOURS[step.status ?? ''] ?? 'var(--bar)');
          const indent = 8 + Math.min(step.level, 12) * INDENT_PX;
          const label = labelOf(step);
          return (
            // biome-ignore lint/a11y/useSemanticElements: a button cannot stand in a picture
            <g
              // biome-ignore lint/suspicious/noArrayIndexKey: the same stock may stand there twice, and the chain stays as it is
              key={index}
              role="button"
              tabIndex={0}
              aria-label={label}
              aria-pressed={step === chosen}
              onClick={() => setChosen(step)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                setChosen(step);
              }}
              style={{ cursor: 'pointer' }}
            >
              <title>{label}</title>
              {/* What is clicked is the whole line. */}
              <rect
                x={0}
                y={y}
                width={width}
                height={LINE}
                fill={step === chosen ? 'var(--accent-soft)' : 'transparent'}
              />
              <text x={indent} y={y + 17} fontSize="12" fill="var(--ink)">
                {shorten(label, Math.floor((labels - indent) / LETTER_PX))}
              </text>
              {step.start && step.end && (
                <rect
                  x={x(step.start)}
                  y={y + 5}
                  width={Math.max(3, x(step.end) - x(step.start))}
                  height={16}
                  rx={3}
                  fill={fill}
                />
              )}
            </g>
          );
        })}
        <line x1={x(now)} x2={x(now)} y1={HEAD - 6} y2={height} stroke="var(--accent)" strokeDasharray="4 3">
          <title>{t('Now')}</title>
        </line>
        <line x1={x(due)} x2={x(due)} y1={HEAD - 6} y2={height} stroke="var(--late)">
          <title>{t('Due')}</title>
        </line>
      </svg>
      {chosen && <StepDetail step={chosen} />}
    </div>
  );
}

/** A picture as wide as its place, so that its letters stay as large as all others. */
function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1_000);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.max(480, Math.floor(entry!.contentRect.width))));
    if (place.current) watcher.observe(place.current);
    return () => watcher.disconnect();
  }, []);
  return [place, width];
}

function Legend() {
  const colours = [
    [t('proposed or approved'), 'var(--bar)'],
    [t('confirmed'), 'var(--bar-locked)'],
    [t('late'), 'var(--bar-late)'],
  ];
  return (
    <div className="row soft legend">
      {colours.map(([name, colour]) => (
        <span key={name}>
          <i style={{ background: colour }} /> {name}
        </span>
      ))}
      <span>
        <i className="line" style={{ borderColor: 'var(--accent)', borderLeftStyle: 'dashed' }} /> {t('Now')}
      </span>
      <span>
        <i className="line" style={{ borderColor: 'var(--late)' }} /> {t('Due')}
      </span>
    </div>
  );
}

/** Whole hours or days, as clocks and calendars have them. */
function ticksOf(from: number, to: number, step: number): string[] {
  const ticks: string[] = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) ticks.push(new Date(at).toISOString().slice(0, 16));
  return ticks;
}

function labelOf({ type, reference, item, operation, supplier, origin, pegged }: ChainStep): string {
  const from = supplier ?? origin;
  const what = item ?? operation;
  const much = what && `${numberText(pegged)} × ${what}`;
  if (reference === null) return [t('Stock'), much].filter(Boolean).join(' ');
  return [type && t(type), much, from && `← ${from}`].filter(Boolean).join(' ');
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function StepDetail({ step }: { step: ChainStep }) {
  const facts: [string, string | null, ReactNode?][] = [
    [
      t('Order'),
      step.reference,
      step.type !== 'DLVR' && <InOdoo key="order" kind="operationplan" name={step.reference} />,
    ],
    [t('Number in Odoo'), step.number],
    [t('Status'), step.status && t(step.status)],
    [t('Operation'), step.operation, <InOdoo key="operation" kind="operation" name={step.operation} />],
    [
      t('Resources'),
      step.resources.join(', ') || null,
      step.resources.map((name) => <InOdoo key={name} kind="resource" name={name} />),
    ],
    [
      t('Supplier or origin'),
      step.supplier ?? step.origin,
      <InOdoo key="from" kind={step.supplier ? 'supplier' : 'location'} name={step.supplier ?? step.origin} />,
    ],
    [t('Location'), step.location, <InOdoo key="location" kind="location" name={step.location} />],
    [t('Quantity'), `${numberText(step.quantity)} (${t('{count} for this demand', { count: step.pegged })})`],
    [t('Start'), step.start && momentText(step.start)],
    [t('End'), step.end && momentText(step.end)],
  ];
  return (
    <table className="plain" style={{ maxWidth: '40rem', marginTop: '.8rem' }}>
      <tbody>
        <tr>
          <th>{t('Item')}</th>
          <td>
            {step.item && <Link href={`/inventoryplanning/drp/${encodeURIComponent(step.item)}/`}>{step.item}</Link>}
            <InOdoo kind="item" name={step.item} />
          </td>
        </tr>
        {facts.map(
          ([name, value, link]) =>
            value && (
              <tr key={name}>
                <th>{name}</th>
                <td>
                  {value}
                  {link}
                </td>
              </tr>
            ),
        )}
      </tbody>
    </table>
  );
}
