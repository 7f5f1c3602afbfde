// The bar of the plan editor that says what moves have changed, what that does to the plan, and how to keep or drop it.
import { mayEdit } from '../kit/start.ts';
import { Badge, EditsOff } from '../kit/ui.tsx';
import { momentText, said, t } from '../kit/words.ts';
import type { MoveProblem, Moves } from './board-moves.ts';

/** Words of the kinds of problems. */
const KINDS: Readonly<Record<string, string>> = {
  late: 'late',
  short: 'short',
  'material shortage': 'material shortage',
  overload: 'overload',
  precedence: 'precedence',
  'before current': 'before current',
  overdue: 'overdue',
};

const MOST = 60;

export function MovesBar({ moves, onShow }: { moves: Moves; onShow: (reference: string) => void }) {
  const { view, busy } = moves;
  if (!view || view.moves === 0) return null;
  const chosen = view.changed.filter((order) => order.chosen && order.type !== 'MO');
  return (
    <section className="card moves" aria-label={t('What-if')}>
      <div className="row">
        <strong>{t('What-if')}</strong>
        <span aria-live="polite">
          {t('{moves} moves change {count} orders', { moves: view.moves, count: view.changed.length })}
        </span>
        <button type="button" className="button" disabled={busy} onClick={moves.undo} title="Ctrl+Z">
          {t('Undo')}
        </button>
        <button type="button" className="button" disabled={busy} onClick={moves.discard}>
          {t('Discard')}
        </button>
        <button type="button" className="button primary" disabled={busy || !mayEdit()} onClick={moves.save}>
          {t('Save')}
        </button>
        <EditsOff />
        {chosen.slice(0, 6).map(({ reference, was, start }) => (
          <button type="button" key={reference} className="button plain" onClick={() => onShow(reference)}>
            {reference}: {moment(was.start)} → {moment(start)}
          </button>
        ))}
      </div>
      {view.planChanged && (
        <p className="problem">{t('Another plan is current by now; the moves were made again on it.')}</p>
      )}
      {view.lost.map(({ move, reason, sentence }) => (
        <p key={move} className="problem">
          {said({ text: reason, sentence })}
        </p>
      ))}
      {view.problems.length === 0 && view.solved.length === 0 ? (
        <p className="soft">{t('No problem comes of it.')}</p>
      ) : (
        <ul className="problems" aria-label={t('Problems')}>
          {view.problems.slice(0, MOST).map((one) => (
            <Problem key={`${one.kind} ${one.text}`} problem={one} />
          ))}
          {view.problems.length > MOST && <li>{t('and {count} more', { count: view.problems.length - MOST })}</li>}
          {view.solved.slice(0, MOST).map((one) => (
            <Problem key={`solved ${one.kind} ${one.text}`} problem={one} solved />
          ))}
        </ul>
      )}
    </section>
  );
}

const moment = (seconds: number) => momentText(new Date(seconds * 1_000).toISOString());

function Problem({ problem, solved = false }: { problem: MoveProblem; solved?: boolean }) {
  return (
    <li>
      <Badge tone={solved ? 'ok' : problem.kind === 'overload' ? 'warn' : 'late'}>
        {solved ? t('solved') : t(KINDS[problem.kind] ?? problem.kind)}
      </Badge>{' '}
      {said(problem)}
    </li>
  );
}
