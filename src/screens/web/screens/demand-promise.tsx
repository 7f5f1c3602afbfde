// The dates that the plan promises, into sales orders: first a look at what changes in Odoo, then the writing, order by order.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Sentence } from '../../../planner/output/sentence.ts';
import { api } from '../kit/api.ts';
import type { Said } from '../kit/language.ts';
import { odooLink } from '../kit/start.ts';
import { Badge, Dialog, Failed, Loading, type Tone } from '../kit/ui.tsx';
import { momentText, said, t } from '../kit/words.ts';

interface PromisedOrder {
  order: string;
  id: number | null;
  demands: string[];
  before: string | null;
  after: string | null;
  outcome: string;
  notes: Said[];
}

interface Answer {
  written: boolean;
  allowed: boolean;
  /** Days that goods leave before the date that is promised. */
  marginDays: number;
  orders: PromisedOrder[];
  leftOut: { reference: string; reason: string; sentence: Sentence }[];
  warnings: string[];
}

const TONES: Record<string, Tone> = { updated: 'ok', refused: 'late', skipped: 'warn' };
/** Words of what becomes of an order, before and after it is written. */
const BEFORE: Readonly<Record<string, string>> = {
  updated: 'will change',
  unchanged: 'as in Odoo',
  skipped: 'left out',
  refused: 'refused',
};
/** Words */
const AFTER: Readonly<Record<string, string>> = { ...BEFORE, updated: 'written' };

export function PromiseDialog({ demands, onClose }: { demands: readonly string[]; onClose: (done: boolean) => void }) {
  const client = useQueryClient();
  const ask = (dryRun: boolean) => api.post<Answer>('/api/plan/promises', { demands, dryRun });
  const look = useQuery({ queryKey: ['promises', demands], queryFn: () => ask(true), staleTime: 0, gcTime: 0 });
  const write = useMutation({
    mutationFn: () => ask(false),
    onSuccess: () => client.invalidateQueries({ queryKey: ['demand'] }),
  });
  const done = write.isSuccess;
  const shown = write.data ?? look.data;
  const changes = shown?.orders.filter(({ outcome }) => outcome === 'updated').length ?? 0;
  return (
    <Dialog title={t('Promised dates into Odoo')} onClose={() => onClose(done)}>
      {look.isPending ? (
        <Loading />
      ) : look.error ? (
        <Failed error={look.error} retry={() => void look.refetch()} />
      ) : (
        shown && <Orders {...shown} />
      )}
      {write.error && <Failed error={write.error} />}
      {shown && !shown.allowed && (
        <p className="problem">
          {t('Promised dates are not written to Odoo here. An administrator allows it with {setting}.', {
            setting: 'WRITE_PROMISED_DATES=yes',
          })}
        </p>
      )}
      <div className="row end">
        {done && <span aria-live="polite">{t('{count} orders written', { count: changes })}</span>}
        <button type="button" className="button" onClick={() => onClose(done)}>
          {done ? t('Close') : t('Cancel')}
        </button>
        {!done && (
          <button
            type="button"
            className="button primary"
            disabled={!shown?.allowed || changes === 0 || write.isPending}
            onClick={() => write.mutate()}
          >
            {write.isPending ? t('Writing …') : t('Write {count} to Odoo', { count: changes })}
          </button>
        )}
      </div>
    </Dialog>
  );
}

function Orders({ written, marginDays, orders, leftOut, warnings }: Answer) {
  const words = written ? AFTER : BEFORE;
  return (
    <div className="promises">
      {orders.length > 0 && (
        <table className="plain">
          <thead>
            <tr>
              <th>{t('Order')}</th>
              <th>{t('Delivery date in Odoo')}</th>
              <th>{t('Promised by the plan')}</th>
              <th>{t('Result')}</th>
            </tr>
          </thead>
          <tbody>
            {orders.map(({ order, id, demands, before, after, outcome, notes }) => (
              <tr key={order}>
                <td title={demands.join('\n')}>
                  <OrderLink order={order} id={id} />
                </td>
                <td>{before ? momentText(before) : <span className="soft">{t('none')}</span>}</td>
                <td>{after && momentText(after)}</td>
                <td>
                  <Badge tone={TONES[outcome] ?? 'none'}>{t(words[outcome] ?? outcome)}</Badge>
                  {notes.length > 0 && <div className="soft">{notes.map(said).join('; ')}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {marginDays > 0 && (
        <p className="soft">{t("Odoo's margin for sales is in it: {count} days.", { count: marginDays })}</p>
      )}
      {leftOut.length > 0 && (
        <>
          <h2>{t('Without a date to promise')}</h2>
          <ul>
            {leftOut.map(({ reference, reason, sentence }) => (
              <li key={reference}>{`${reference}: ${said({ text: reason, sentence })}`}</li>
            ))}
          </ul>
        </>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="problem">
          {warning}
        </p>
      ))}
    </div>
  );
}

export function OrderLink({ order, id }: { order: string; id: number | null }) {
  const address = id === null ? null : odooLink('sale.order', id);
  if (!address) return <strong>{order}</strong>;
  return (
    <a href={address} target="_blank" rel="noreferrer" title={t('Open in Odoo')}>
      {order} ↗
    </a>
  );
}
