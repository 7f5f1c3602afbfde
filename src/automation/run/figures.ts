// Figures of the automations for monitoring: when each last ran, how long it took, its errors and changes.
import type { Metrics } from '../../metrics.ts';
import type { Store } from '../../store/database.ts';
import { type AutomationRun, lastRuns } from './rows.ts';

export interface FiguresOptions {
  metrics: Metrics;
  store: Pick<Store, 'query'>;
  odooKey(): Promise<string>;
  names: readonly string[];
  now: () => number;
}

/** Figures of one question are asked for together. */
const TOGETHER_MS = 1_000;

export function addAutomationFigures({ metrics, store, odooKey, names, now }: FiguresOptions): void {
  let asked: { at: number; runs: Promise<AutomationRun[]> } | null = null;

  async function runs(): Promise<AutomationRun[]> {
    if (asked === null || now() - asked.at > TOGETHER_MS) {
      asked = { at: now(), runs: odooKey().then((odoo) => lastRuns(store.query, odoo, names)) };
    }
    return (await asked.runs).filter(({ finishedAt }) => finishedAt !== null);
  }
  const each = (value: (run: AutomationRun) => number) => async () =>
    (await runs()).map((run) => ({ labels: { automation: run.automation }, value: value(run) }));

  const label = ['automation'];
  metrics.observe(
    'automation_run_age_seconds',
    'Seconds since an automation last ended',
    label,
    each(({ finishedAt }) => Math.max(0, now() - finishedAt!.getTime()) / 1_000),
  );
  metrics.observe(
    'automation_run_seconds',
    'How long its last run took',
    label,
    each(({ durationSeconds }) => durationSeconds ?? 0),
  );
  metrics.observe(
    'automation_run_errors',
    'Errors of its last run',
    label,
    each(({ errors, state }) => Math.max(errors, state === 'failed' ? 1 : 0)),
  );
  metrics.observe(
    'automation_run_changes',
    'Changes of its last run',
    label,
    each(({ changes }) => changes),
  );
}
