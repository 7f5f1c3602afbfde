// A task in frePPLe from its launch to its end, once under a key: who takes it up again after a crash finds it.
import { setTimeout as sleep } from 'node:timers/promises';
import { PlanbridgeError } from '../../errors.ts';
import type { Store } from '../../store/database.ts';
import type { StepContext } from '../runs/step.ts';
import type { FreppleClient, FreppleTask } from './client.ts';

export interface TaskRequest {
  key: string;
  name: string;
  arguments: Readonly<Record<string, string>>;
}

export type TaskHooks = Pick<StepContext, 'signal' | 'progress' | 'log'>;

export interface TaskSurroundings {
  client: FreppleClient;
  store: Store;
  /** Address of the server: tasks are known there only. */
  server: string;
  pollMs?: number;
}

const POLL_MS = 2_000;
/** Polls that may fail in a row: a restart of its web server takes a while. */
const PATIENCE = 60;

/**
 * @returns the task when it is done
 * @throws PlanbridgeError PB_PLANNER_REFUSED when it failed or somebody cancelled it there, PB_PLANNER_UNREACHABLE
 */
export async function runTask(
  request: TaskRequest,
  { client, store, server, pollMs = POLL_MS }: TaskSurroundings,
  { signal, progress, log }: TaskHooks,
): Promise<FreppleTask> {
  const id = await launchOnce(request, { client, store, server }, signal);
  log('info', `frePPLe runs it as task ${id}`);
  const follow = createFollower(client, id, log);
  try {
    for (let failures = 0; ; ) {
      let task: FreppleTask | undefined;
      try {
        [task] = await client.status([id], signal);
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        if (failures >= PATIENCE || !isUnreachable(error)) throw error;
      }
      if (task) {
        await follow(signal);
        const ended = endOf(task);
        if (ended) return ended;
        const percent = Number(/^(\d+)%$/.exec(task.status)?.[1] ?? 0);
        progress(percent / 100, task.status === 'Waiting' ? 'waits in frePPLe' : task.message || 'frePPLe plans');
      } else if (failures === 0) {
        throw new PlanbridgeError('PB_PLANNER_REFUSED', 502, `frePPLe does not know task ${id} any more.`);
      }
      await sleep(pollMs, undefined, { signal });
    }
  } catch (error) {
    if (isCancel(signal)) await client.cancel(id).catch(() => {});
    throw error;
  }
}

/** A cancel of the run ends the task too; the end of this process does not. */
function isCancel({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof PlanbridgeError && reason.code === 'PB_REQUEST_ABORTED';
}

function isUnreachable(error: unknown): boolean {
  return error instanceof PlanbridgeError && error.code === 'PB_PLANNER_UNREACHABLE';
}

/** @throws PlanbridgeError PB_PLANNER_REFUSED */
function endOf(task: FreppleTask): FreppleTask | null {
  if (task.status === 'Done') return task;
  if (task.status !== 'Failed' && task.status !== 'Canceled') return null;
  const how = task.status === 'Failed' ? 'failed' : 'was cancelled';
  throw new PlanbridgeError(
    'PB_PLANNER_REFUSED',
    502,
    `Task ${task.id} ${how} in frePPLe: ${task.message || 'no reason given'}.`,
    {
      remedy: "The run's log has frePPLe's own log.",
    },
  );
}

async function launchOnce(
  { key, name, arguments: args }: TaskRequest,
  { client, store, server }: TaskSurroundings,
  signal: AbortSignal,
): Promise<number> {
  const known = await store.query<{ taskId: number | null; seconds: number }>(
    `select task_id::integer as "taskId", extract(epoch from now() - asked_at)::float8 as seconds
     from planbridge.frepple_task where key = $1 and server = $2`,
    [key, server],
  );
  const [before] = known;
  if (before?.taskId) return before.taskId;
  if (before) {
    // Asked, and the answer was lost: what waits or runs there since then is it.
    const running = (await client.status(undefined, signal)).filter((task) => task.name === name);
    const newest = running.toSorted((a, b) => b.id - a.id)[0];
    const taken = newest && (await isTaken(store, server, newest.id));
    if (newest && !taken) return await remember(store, key, newest.id);
  }
  await store.query(
    `insert into planbridge.frepple_task (key, server) values ($1, $2)
     on conflict (key) do update set asked_at = now(), server = excluded.server, task_id = null`,
    [key, server],
  );
  return await remember(store, key, await client.launch(name, args, signal));
}

async function isTaken(store: Store, server: string, id: number): Promise<boolean> {
  const rows = await store.query('select 1 from planbridge.frepple_task where server = $1 and task_id = $2', [
    server,
    id,
  ]);
  return rows.length > 0;
}

async function remember(store: Store, key: string, id: number): Promise<number> {
  await store.query('update planbridge.frepple_task set task_id = $2 where key = $1', [key, id]);
  return id;
}

/** Passes on what is new in the task's log, line by line. */
function createFollower(
  client: FreppleClient,
  id: number,
  log: TaskHooks['log'],
): (signal: AbortSignal) => Promise<void> {
  let passed = 0;
  return async (signal) => {
    const content = await client.log(id, signal).catch(() => '');
    const end = content.lastIndexOf('\n') + 1;
    if (end <= passed) return;
    for (const line of content.slice(passed, end).split('\n')) if (line.trim()) log('info', line.trimEnd());
    passed = end;
  };
}
