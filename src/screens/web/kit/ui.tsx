// The small parts that every screen is made of.
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import { ApiError } from './api.ts';
import { may, start } from './start.ts';
import { t } from './words.ts';

interface ToastEntry {
  id: number;
  kind: 'good' | 'bad';
  content: ReactNode;
}

let toasts: readonly ToastEntry[] = [];
let serial = 0;
const watchers = new Set<() => void>();

function setToasts(next: readonly ToastEntry[]): void {
  toasts = next;
  for (const watcher of watchers) watcher();
}

const TOAST_MS = 6_000;

/** Says something for a moment; what went wrong stays until it is closed. */
export function say(content: ReactNode, kind: 'good' | 'bad' = 'good'): void {
  serial += 1;
  const id = serial;
  setToasts([...toasts.slice(-4), { id, kind, content }]);
  if (kind === 'good') setTimeout(() => setToasts(toasts.filter((toast) => toast.id !== id)), TOAST_MS);
}

export function sayError(error: unknown): void {
  const { message, remedy = '' } = error as Partial<ApiError> & Error;
  say(
    <>
      <strong>{message}</strong> {remedy}
    </>,
    'bad',
  );
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, kind, content }) => (
        <div key={id} className={`toast ${kind}`}>
          <div>{content}</div>
          <button
            type="button"
            className="button plain"
            aria-label={t('Close')}
            onClick={() => setToasts(toasts.filter((toast) => toast.id !== id))}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}

/** What a place says that has nothing to show: what is missing, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="note">
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { message, remedy, correlationId } = error as ApiError;
  return (
    <div className="note" role="alert">
      <strong>{message || t('Planbridge cannot be reached.')}</strong>
      {remedy && <p>{remedy}</p>}
      {correlationId && <p className="soft">{t('The log has more under {id}.', { id: correlationId })}</p>}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {t('Try again')}
        </button>
      )}
    </div>
  );
}

export function Loading() {
  return (
    <div className="note" aria-busy="true">
      <p>{t('Loading …')}</p>
    </div>
  );
}

export function Screen({ title, tools, children, flush }: ScreenProps) {
  useEffect(() => {
    document.title = `${title} · Planbridge`;
  }, [title]);
  return (
    <main className="screen" tabIndex={-1}>
      <header>
        <h1>{title}</h1>
        {tools}
      </header>
      <div className={flush ? 'content flush' : 'content'}>{children}</div>
    </main>
  );
}

interface ScreenProps {
  title: string;
  tools?: ReactNode;
  children: ReactNode;
  /** Without padding: grids and boards fill the place. */
  flush?: boolean;
}

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

/** Why there is nothing to change for a planner, where that is switched off. */
export function EditsOff() {
  if (start.edits || !may('planner')) return null;
  return (
    <span className="soft">
      {t(
        'Planning data are as Odoo has them: change them there. An administrator allows changes here with {setting}.',
        {
          setting: 'PLANNER_EDITS=yes',
        },
      )}
    </span>
  );
}

export function Progress({ percent, label }: { percent: number; label: string }) {
  const value = Math.round(percent);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-label={label}
    >
      <div style={{ width: `${value}%` }} />
    </div>
  );
}

export type Tone = 'ok' | 'warn' | 'late' | 'busy' | 'none';

export function Badge({ tone = 'none', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}
