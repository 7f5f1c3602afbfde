// Customers' orders with due and planned dates and why they are late; one of them with its whole chain of supply as a Gantt.
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { api } from '../kit/api.ts';
import { Grid } from '../kit/grid.tsx';
import { Badge, Failed, Loading, Screen, type Tone } from '../kit/ui.tsx';
import { durationText, momentText, numberText, t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';
import { ChainGantt, type ChainStep } from './demand-chain.tsx';

interface Answer {
  demand: {
    name: string;
    item: string | null;
    location: string | null;
    customer: string | null;
    state: string;
    quantity: number;
    planned: number;
    due: string;
    delivery: string | null;
    lateSeconds: number;
    reasons: string[];
  };
  chain: ChainStep[];
  planTime: string;
}

export const TONES: Record<string, Tone> = { 'on time': 'ok', late: 'late', short: 'late', 'not planned': 'warn' };

export function Demand({ detail }: ScreenProps) {
  const [, go] = useLocation();
  if (detail) return <OneDemand name={detail} />;
  return (
    <Screen title={t('Demand')} flush>
      <Grid
        name="demands"
        onOpen={(row) => go(`/demand/${encodeURIComponent(String(row.name))}/`)}
        cells={{ state: (value) => <Badge tone={TONES[String(value)] ?? 'none'}>{t(String(value))}</Badge> }}
      />
    </Screen>
  );
}

function OneDemand({ name }: { name: string }) {
  const found = useQuery({
    queryKey: ['demand', name],
    queryFn: () => api.get<Answer>(`/api/demands/${encodeURIComponent(name)}`),
  });
  return (
    <Screen title={name} tools={<Link href="/demand/">{t('All demands')}</Link>}>
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Chain {...found.data} />
      )}
    </Screen>
  );
}

function Chain({ demand, chain, planTime }: Answer) {
  const { item, customer, location, state, quantity, planned, due, delivery, lateSeconds, reasons } = demand;
  return (
    <>
      <div className="card">
        <div className="row">
          <Badge tone={TONES[state] ?? 'none'}>{t(state)}</Badge>
          <strong>
            {numberText(quantity)} × {item}
          </strong>
          <span className="soft">{[customer, location].filter(Boolean).join(' · ')}</span>
        </div>
        <p>
          {t('Due')} {momentText(due)} · {t('Planned delivery')} {delivery ? momentText(delivery) : t('none')}
          {lateSeconds > 0 && ` · ${t('Late by')} ${durationText(lateSeconds)}`}
          {planned < quantity && ` · ${t('{count} of {all} planned', { count: planned, all: quantity })}`}
        </p>
        {reasons.length > 0 && (
          <ul>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="card">
        <h2>{t('Chain of supply')}</h2>
        <ChainGantt chain={chain} due={due} now={planTime} />
      </div>
    </>
  );
}
