// The end of a run, or its way back into the queue; what waited for it may go in the same moment.
import type { Query } from '../../store/database.ts';
import type { RunQueue } from './queue.ts';
import { letGo, lockScope } from './request.ts';
import { addLines, findRun, type NewLine, type RunRow } from './rows.ts';
import type { RunError } from './run.ts';

export interface Ending {
  state: 'done' | 'failed' | 'cancelled';
  error?: RunError | null;
  lines?: readonly NewLine[];
  /** Whoever is at it must still be the one; null = whoever is. */
  attempt: number | null;
}

/** In a transaction of the caller's. @returns false when another process has the run now */
export async function finishRun(
  query: Query,
  queue: RunQueue,
  run: RunRow,
  end: Ending,
  now: number,
): Promise<boolean> {
  await lockScope(query, run);
  const at = new Date(now);
  const ended = await query(
    `update planbridge.run set state = $2, error = $3::jsonb, finished_at = $4, attempt = attempt + 1, what = ''
     where id = $1 and state in ('waiting', 'queued', 'running') and ($5::integer is null or attempt = $5) returning id`,
    [run.id, end.state, end.error ? JSON.stringify(end.error) : null, at, end.attempt],
  );
  if (ended.length === 0) return false;
  // A step that was at work ends as the run does; those that never began stay as they are.
  const step = `update planbridge.run_step set state = $2, finished_at = $3 where run_id = $1 and state = 'running'`;
  await query(step, [run.id, end.state, at]);
  await addLines(query, run.id, end.lines ?? []);
  await letGo(query, queue, run);
  return true;
}

/** Back into the queue: this process ends, or Odoo shall be given a while. */
export async function giveBack(
  query: Query,
  queue: RunQueue,
  run: RunRow,
  { attempt, delayMs, counts, lines }: { attempt: number; delayMs: number; counts: boolean; lines: readonly NewLine[] },
): Promise<boolean> {
  const job = await queue.send(query, run.id, delayMs);
  const given = await query(
    `update planbridge.run set state = 'queued', job_id = $2, attempt = attempt + 1, worker = ''
     where id = $1 and state = 'running' and attempt = $3 returning step`,
    [run.id, job, attempt],
  );
  // The job finds its run with somebody else, and ends.
  if (given.length === 0) return false;
  await query(
    `update planbridge.run_step set state = 'waiting', tries = tries - $2 where run_id = $1 and state = 'running'`,
    [run.id, counts ? 0 : 1],
  );
  await addLines(query, run.id, lines);
  return true;
}

/** A process that has a run and says nothing for so long is gone, and nobody may be there to take it up. */
const SILENT_MS = 60_000;

/**
 * In a transaction of the caller's. What runs is told to end, and ends within a second or two; what does not run ends at once.
 * @returns whether there was something to cancel
 */
export async function cancelRun(query: Query, queue: RunQueue, id: number, who: string, now: number): Promise<boolean> {
  const run = await findRun(query, id);
  if (run === null) return false;
  await lockScope(query, run);
  const asked = await query(
    `update planbridge.run set cancel_by = coalesce(cancel_by, $2) where id = $1 and state in ('waiting', 'queued', 'running')
     returning state`,
    [id, who],
  );
  const current = await findRun(query, id);
  if (asked.length === 0 || current === null) return false;
  const silent = now - (current.beatAt?.getTime() ?? now) > SILENT_MS;
  if (current.state === 'running' && !silent) return true;
  const line = { at: now, step: '', level: 'warn' as const, message: `cancelled by ${who}` };
  return await finishRun(query, queue, current, { state: 'cancelled', lines: [line], attempt: null }, now);
}
