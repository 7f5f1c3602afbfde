// Customers' orders with due and planned dates and why they are late; one of them with its whole chain of supply as a Gantt.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Only, useAddressFilter } from '../kit/address.tsx';
import { api } from '../kit/api.ts';
import { Grid } from '../kit/grid.tsx';
import type { Said } from '../kit/language.ts';
import { InOdoo } from '../kit/odoo.tsx';
import { may } from '../kit/start.ts';
import { Badge, Failed, Loading, Screen, type Tone } from '../kit/ui.tsx';
import { durationText, momentText, numberText, said, t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';
import { ChainGantt, type ChainStep } from './demand-chain.tsx';
import { OrderLink, PromiseDialog } from './demand-promise.tsx';

interface Answer {
  planTime: string;
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
    reasons: Said[];
    promise: { number: string | null; resId: number | null } | null;
  };
  supply: ChainStep[];
}

export const TONES: Record<string, Tone> = { 'on time': 'ok', late: 'late', short: 'late', 'not planned': 'warn' };

/** Columns that an address may ask for. */
const ASKED = ['name', 'customer', 'item', 'location', 'state'];

export function Demand({ detail }: ScreenProps) {
  return detail ? <OneDemand key={detail} name={detail} /> : <Demands />;
}

function Demands() {
  const [, go] = useLocation();
  const asked = useAddressFilter(ASKED);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [promising, setPromising] = useState(false);
  const [version, setVersion] = useState(0);
  const boxes = may('planner') ? { chosen, onChoose: setChosen } : {};
  return (
    <Screen title={t('Demand')} flush>
      <Grid
        key={asked.key}
        name="demands"
        fixed={asked.filters}
        version={version}
        {...boxes}
        tools={
          <>
            {may('planner') && (
              <button
                type="button"
                className="button"
                disabled={chosen.size === 0}
                title={t('Choose orders by their boxes first.')}
                onClick={() => setPromising(true)}
              >
                {chosen.size > 0 ? t('Promise {count} in Odoo …', { count: chosen.size }) : t('Promise in Odoo …')}
              </button>
            )}
            <Only {...asked} />
          </>
        }
        onOpen={(row) => go(`/demand/${encodeURIComponent(String(row.name))}/`)}
        cells={{ state: (value) => <Badge tone={TONES[String(value)] ?? 'none'}>{t(String(value))}</Badge> }}
      />
      {promising && (
        <PromiseDialog
          demands={[...chosen]}
          onClose={(done) => {
            setPromising(false);
            if (!done) return;
            setChosen(new Set());
            setVersion(version + 1);
          }}
        />
      )}
    </Screen>
  );
}

function OneDemand({ name }: { name: string }) {
  const [promising, setPromising] = useState(false);
  const found = useQuery({
    queryKey: ['demand', name],
    queryFn: () => api.get<Answer>(`/api/plan/demands/${encodeURIComponent(name)}`),
  });
  return (
    <Screen
      title={name}
      tools={
        <>
          <InOdoo kind="demand" name={name} />
          <Link href="/demand/">{t('All demands')}</Link>
          <span className="space" />
          {may('planner') && found.data?.demand.delivery && (
            <button type="button" className="button" onClick={() => setPromising(true)}>
              {t('Promise in Odoo …')}
            </button>
          )}
        </>
      }
    >
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Chain {...found.data} />
      )}
      {promising && <PromiseDialog demands={[name]} onClose={() => setPromising(false)} />}
    </Screen>
  );
}

function Chain({ demand, supply, planTime }: Answer) {
  const { item, customer, location, state, quantity, planned, due, delivery, lateSeconds, reasons, promise } = demand;
  return (
    <>
      <div className="card">
        <div className="row">
          <Badge tone={TONES[state] ?? 'none'}>{t(state)}</Badge>
          <strong>
            {numberText(quantity)} × {item}
            <InOdoo kind="item" name={item} />
          </strong>
          <span className="soft">
            {[customer, location].filter(Boolean).join(' · ')}
            <InOdoo kind="customer" name={customer} />
          </span>
        </div>
        <p>
          {t('Due')} {momentText(due)} · {t('Planned delivery')} {delivery ? momentText(delivery) : t('none')}
          {lateSeconds > 0 && ` · ${t('Late by')} ${durationText(lateSeconds)}`}
          {planned < quantity && ` · ${t('{count} of {all} planned', { count: planned, all: quantity })}`}
        </p>
        {promise?.number && (
          <p>
            {t('Promised in Odoo')} <OrderLink order={promise.number} id={promise.resId} />
          </p>
        )}
        {reasons.length > 0 && (
          <ul>
            {reasons.map((reason) => (
              <li key={reason.text}>{said(reason)}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="card">
        <h2>{t('Chain of supply')}</h2>
        <ChainGantt chain={supply} due={due} now={planTime} />
      </div>
    </>
  );
}
