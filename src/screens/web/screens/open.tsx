// A record of Odoo, as buttons in Odoo lead to it: goes on to the screen that shows it, offers them where there are several, and
// says why where the plan has it not.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../kit/api.ts';
import { OdooArrow } from '../kit/odoo.tsx';
import { Failed, Loading, Screen } from '../kit/ui.tsx';
import { instantText, t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';

/** The note's text is in the middle; lines of a list begin at one place. */
const LIST = { display: 'inline-block', margin: 0, paddingLeft: '1.2rem', textAlign: 'left' } as const;

interface Opened {
  name: string;
  places: { screen: string; address: string }[];
  reasons: Reason[];
}

interface Reason {
  why: string;
  name?: string;
  state?: string;
  status?: string;
  reason?: string;
  at?: string;
}

export function Open({ detail }: ScreenProps) {
  const [, go] = useLocation();
  const [model = '', id = ''] = detail.split('/');
  const path = `/api/open/${encodeURIComponent(model)}/${encodeURIComponent(id)}`;
  const found = useQuery({ queryKey: ['open', model, id], queryFn: () => api.get<Opened>(path), gcTime: 0 });
  const places = found.data?.places ?? [];
  const only = places.length === 1 ? places[0]!.address : null;
  useEffect(() => {
    // Going back leads to where one came from, not here again.
    if (only !== null) go(only, { replace: true });
  }, [only, go]);

  if (found.error) {
    return (
      <Screen title={t('In the plan')}>
        <Failed error={found.error} retry={() => void found.refetch()} />
      </Screen>
    );
  }
  if (found.isPending || only !== null) {
    return (
      <Screen title={t('In the plan')}>
        <Loading />
      </Screen>
    );
  }
  const { name, reasons } = found.data;
  return (
    <Screen title={name}>
      <div className="note">
        <strong>
          {places.length > 0 ? t('Where to look at it?') : t('{name} is not in the plan.', { name })}
          <OdooArrow record={{ model, id: Number(id) }} name={name} />
        </strong>
        {places.length > 0 && (
          <ul style={LIST}>
            {places.map(({ screen, address }) => (
              <li key={address}>
                <Link href={address}>{screenName(screen)}</Link>
              </li>
            ))}
          </ul>
        )}
        {places.length === 0 && (
          <>
            <ul style={LIST}>
              {reasons.map((reason) => (
                <li key={JSON.stringify(reason)}>{reasonText(reason)}</li>
              ))}
            </ul>
            <p>{t('What was changed in Odoo comes with the next import.')}</p>
            <Link className="button" href="/execute/">
              {t('Execute')}
            </Link>
          </>
        )}
      </div>
    </Screen>
  );
}

function screenName(screen: string): string {
  switch (screen) {
    case 'demand':
      return t('Demand');
    case 'inventory':
      return t('Inventory planning');
    case 'board':
      return t('Plan editor');
    default:
      return t('Orders');
  }
}

function reasonText({ why, name = '', state = '', status = '', reason = '', at }: Reason): string {
  switch (why) {
    case 'gone':
      return t('Odoo has no such record any more.');
    case 'archived':
      return t('It is archived in Odoo.');
    case 'state':
      return t('Its state in Odoo is “{state}”.', { state });
    case 'no model':
      return t('Nothing was read from Odoo yet.');
    case 'no plan':
      return t('There is no plan yet.');
    case 'not read':
      return t('The last import, of {when}, made nothing of it.', { when: at ? instantText(at) : '' });
    case 'nothing to plan':
      return t('{name} is {status}: nothing is left to plan.', { name, status: t(status) });
    case 'newer than the plan':
      return t('The planning model has it, the current plan does not: run a plan.');
    default:
      return t('The import left {name} out: {reason}', { name, reason: t(reason) });
  }
}
