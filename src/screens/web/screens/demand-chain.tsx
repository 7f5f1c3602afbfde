// The orders that supply one demand, one a line, against time: a picture of SVG with the same as a table for who cannot see it.
import { type ReactNode, useState } from 'react';
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
const LABEL = 300;
const HEAD = 24;
const WIDTH = 1_000;
const TICKS = 8;
/** A shorter chain has several lines on one day. */
const DAYS_APART = TICKS * 86_400_000;

const time = (text: string) => Date.parse(`${text}Z`);

const COLOURS: Record<string, string> = { confirmed: 'var(--bar-locked)', completed: 'var(--bar-locked)' };

export function ChainGantt({ chain, due, now }: { chain: readonly ChainStep[]; due: string; now: string }) {
  const [chosen, setChosen] = useState<ChainStep | null>(null);
  const dated = chain.filter((step) => step.start && step.end);
  if (chain.length === 0) return <p className="soft">{t('Nothing is planned for it.')}</p>;
  const times = [time(due), time(now), ...dated.flatMap((step) => [time(step.start!), time(step.end!)])];
  const first = Math.min(...times);
  const span = Math.max(Math.max(...times) - first, 3_600_000) * 1.02;
  const x = (text: string) => LABEL + ((time(text) - first) / span) * (WIDTH - LABEL - 10);
  const height = HEAD + chain.length * LINE;
  const ticks = Array.from({ length: TICKS }, (_, index) =>
    new Date(first + (span * index) / TICKS).toISOString().slice(0, 16),
  );
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose bars are buttons; there is no fieldset in SVG */}
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        width="100%"
        role="group"
        aria-label={t('Orders of the chain against time')}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={HEAD - 4} y2={height} stroke="var(--line-soft)" />
            <text x={x(tick) + 3} y={14} fontSize="11" fill="var(--ink-soft)">
              {span < DAYS_APART ? momentText(tick).replace(/ ?20\d\d/, '') : dateText(tick)}
            </text>
          </g>
        ))}
        {chain.map((step, index) => {
          const y = HEAD + index * LINE;
          const late = step.end !== null && time(step.end) > time(due);
          const fill = late ? 'var(--bar-late)' : (COLOURS[step.status ?? ''] ?? 'var(--bar)');
          return (
            // biome-ignore lint/a11y/useSemanticElements: a button cannot stand in a picture
            <g
              key={`${step.reference ?? step.item} ${step.level}`}
              role="button"
              tabIndex={0}
              aria-label={labelOf(step)}
              onClick={() => setChosen(step)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') setChosen(step);
              }}
              style={{ cursor: 'pointer' }}
            >
              <text x={8 + Math.min(step.level, 12) * 10} y={y + 17} fontSize="12" fill="var(--ink)">
                {shorten(labelOf(step), 44 - Math.min(step.level, 12) * 2)}
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
    </>
  );
}

function labelOf({ type, reference, item, operation, supplier, origin }: ChainStep): string {
  const from = supplier ?? origin;
  if (reference === null) return `${t('Stock')} ${item ?? ''}`;
  return [type && t(type), item ?? operation, from && `← ${from}`].filter(Boolean).join(' ');
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
