// The hold of one process on one run: writes progress and log lines as they come, a few times a second at most, and notices that
// the run was cancelled or that another process has it. Works for one taking-up; never decides what becomes of the run.
import { errorFields, type Log } from '../../log.ts';
import type { Store } from '../../store/database.ts';
import { addLines, type NewLine } from './rows.ts';

export interface Lease {
  /** Aborted with a `RunCut` as its reason. */
  readonly signal: AbortSignal;
  progress(part: number, what: string): void;
  log(level: NewLine['level'], message: string): void;
  /** Lines that are not written yet, for whoever ends the run. */
  takeLines(): NewLine[];
  abort(loss: Loss): void;
  /** No more is written. */
  end(): Promise<void>;
}

/** Why a run's work is cut: somebody cancelled it, another process has it, or this one ends. */
export type Loss = { kind: 'cancelled'; by: string } | { kind: 'lost' } | { kind: 'ending' };

export interface RunCut extends Error {
  loss: Loss;
}

function cutBy(loss: Loss): RunCut {
  const words = {
    cancelled: 'The run was cancelled.',
    lost: 'Another process has the run.',
    ending: 'The process ends.',
  };
  return Object.assign(new Error(words[loss.kind]), { name: 'AbortError', loss });
}

export interface LeaseOptions {
  store: Store;
  log: Log;
  now: () => number;
  runId: number;
  attempt: number;
  /** Name of the step, for the log's lines. */
  step: string;
  changed(runId: number): void;
}

const WRITE_MS = 500;
/** A cancel is noticed within this time. */
const LOOK_MS = 1_000;
const LINES_KEPT = 20_000;

export function openLease(options: LeaseOptions): Lease {
  const { store, runId, attempt, step, now } = options;
  const controller = new AbortController();
  let lines: NewLine[] = [];
  let dropped = 0;
  let progress: { part: number; what: string } | null = null;
  let ended = false;
  let writing: Promise<void> = Promise.resolve();
  let lookedAt = 0;

  function abort(loss: Loss): void {
    if (!controller.signal.aborted) controller.abort(cutBy(loss));
  }

  async function write(): Promise<void> {
    const due = progress !== null || lines.length > 0 || now() - lookedAt >= LOOK_MS;
    if (!due || ended) return;
    const { part, what } = progress ?? { part: null, what: null };
    const batch = lines.splice(0, 1_000);
    progress = null;
    try {
      await store.transaction(async (query) => {
        const [row] = await query<{ by: string | null }>(
          `update planbridge.run set part = coalesce($3, part), what = coalesce($4, what), beat_at = $5
           where id = $1 and attempt = $2 and state = 'running' returning cancel_by as by`,
          [runId, attempt, part, what, new Date(now())],
        );
        if (!row) return abort({ kind: 'lost' });
        if (row.by !== null) abort({ kind: 'cancelled', by: row.by });
        await addLines(query, runId, batch);
      });
      lookedAt = now();
      if (part !== null || batch.length > 0) options.changed(runId);
    } catch (error) {
      // The database may be away for a moment; what was to be written is written later.
      lines.unshift(...batch);
      options.log.warn({ run: runId, ...errorFields(error) }, 'the progress of a run could not be written');
    }
  }

  const timer = setInterval(() => {
    writing = writing.then(write);
  }, WRITE_MS);

  return {
    signal: controller.signal,
    progress(part, what) {
      if (ended) return;
      progress = { part: Math.min(1, Math.max(0, part)) || 0, what: what.slice(0, 500) };
    },
    log(level, message) {
      if (lines.length < LINES_KEPT) lines.push({ at: now(), step, level, message });
      else dropped += 1;
    },
    takeLines() {
      const left = lines;
      lines = [];
      if (dropped > 0) left.push({ at: now(), step, level: 'warn', message: `${dropped} more lines were left out` });
      return left;
    },
    abort,
    async end() {
      ended = true;
      clearInterval(timer);
      await writing;
    },
  };
}
