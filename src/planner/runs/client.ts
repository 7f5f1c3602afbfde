// Runs from outside: over the API of a service, or over the database that one works on. The same for whoever asks.
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { isStoreAway } from '../../store/away.ts';
import { findRun, logOf, stepsOf, viewOf } from './rows.ts';
import { isFinished, LogLine, RunView, StepView, type WhenRunning } from './run.ts';
import type { Runs } from './service.ts';

export interface RunWish {
  steps: string;
  parameters: Record<string, Record<string, unknown>>;
  whenRunning: WhenRunning;
}

export interface RunClient {
  begin(wish: RunWish): Promise<{ run: RunView; message: string }>;
  /** Progress and lines as they come; ends with the run, or when `signal` aborts. */
  follow(runId: number, signal: AbortSignal): AsyncIterable<RunNews>;
  steps(runId: number): Promise<StepView[]>;
  cancel(runId: number): Promise<void>;
  close(): Promise<void>;
}

export type RunNews = { kind: 'progress'; run: RunView } | { kind: 'line'; line: LogLine };

const PAGE = 500;
/** A database or a service that is restarted is waited for so often. */
const TRIES = 30;
const PAUSE_MS = 2_000;

export interface StoreClientOptions {
  runs: Runs;
  who: string;
  now: () => number;
  /** Ends what was opened for it. */
  close(): Promise<void>;
  /** Between two looks for a database that is away. */
  pauseMs?: number;
}

export function storeClient({ runs, who, now, close, pauseMs = PAUSE_MS }: StoreClientOptions): RunClient {
  const { store, registry } = runs;

  /** Runs go on in their workers while this command cannot look. @throws PlanbridgeError PB_STORE */
  async function patiently<T>(runId: number, ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        if (!isStoreAway(error)) throw error;
        if (tries >= TRIES || signal?.aborted) throw notAnswering(runId, error);
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  return {
    async begin({ steps, parameters, whenRunning }) {
      const names = registry.chain(steps);
      const checked = registry.parameters(names, parameters);
      const wish = { steps: names, parameters: checked, trigger: 'command' as const, who, whenRunning };
      const { run, message } = await runs.request(wish);
      return { run: viewOf(run, now()), message };
    },
    async *follow(runId, signal) {
      let after = 0;
      for (;;) {
        const run = await patiently(runId, () => findRun(store.query, runId), signal);
        if (run === null) return;
        yield { kind: 'progress', run: viewOf(run, now()) };
        for (let lines = PAGE; lines === PAGE; ) {
          const page = await patiently(runId, () => logOf(store.query, runId, after, PAGE), signal);
          for (const line of page) yield { kind: 'line', line };
          after = page.at(-1)?.id ?? after;
          lines = page.length;
        }
        if (isFinished(run.state) || signal.aborted) return;
        await runs.changes.next(runId, 1_000, signal);
      }
    },
    steps: (runId) => patiently(runId, () => stepsOf(store.query, runId, registry)),
    async cancel(runId) {
      await patiently(runId, () => runs.cancel(runId, who));
    },
    close,
  };
}

export interface Reach {
  /** Without a slash at the end. */
  url: string;
  /** Header; of a token or a login. */
  authorization: string;
}

/** @param reach asked each time: a service that is restarted has another address and token */
export function httpClient(reach: () => Promise<Reach>): RunClient {
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const { url, authorization } = await reach();
    const headers = { authorization, accept: 'application/json' };
    let answer: Response;
    try {
      answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    } catch (cause) {
      throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `Planbridge does not answer at ${url}.`, {
        remedy: 'Check the address (--url), and that the service runs.',
        cause,
      });
    }
    const text = await answer.text();
    const json: unknown = text.startsWith('{') ? JSON.parse(text) : { message: text.slice(0, 500) };
    if (answer.ok) return json;
    throw refused(answer.status, json);
  }

  return {
    async begin(wish) {
      const { run, message } = (await call('POST', '/api/runs', wish)) as { run: unknown; message: string };
      return { run: dated(RunView, run), message };
    },
    async *follow(runId, signal) {
      let last = '';
      for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
        try {
          for await (const { id, event, data } of events(await reach(), runId, last, signal)) {
            tries = 0;
            last = id ?? last;
            if (event === 'log') yield { kind: 'line', line: dated(LogLine, data) };
            if (event === 'progress' || event === 'end') yield { kind: 'progress', run: dated(RunView, data) };
            if (event === 'end') return;
          }
        } catch (error) {
          if (signal.aborted) return;
          if (error instanceof PlanbridgeError) throw error;
        }
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
      }
      if (signal.aborted) return;
      throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, 'Planbridge no longer answers.', {
        remedy: `Look at run ${runId} when it does again; it goes on without this command.`,
      });
    },
    async steps(runId) {
      const { steps } = (await call('GET', `/api/runs/${runId}`)) as { steps: unknown[] };
      return steps.map((step) => dated(StepView, step));
    },
    async cancel(runId) {
      await call('POST', `/api/runs/${runId}/cancel`);
    },
    close: async () => {},
  };
}

interface ServerEvent {
  id: string | null;
  event: string;
  data: unknown;
}

async function* events(
  { url, authorization }: Reach,
  runId: number,
  last: string,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const headers = { authorization, accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) };
  const answer = await fetch(`${url}/api/runs/${runId}/events`, { headers, signal });
  if (answer.status >= 400 && answer.status < 500) throw refused(answer.status, await answer.json().catch(() => ({})));
  if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
  let text = '';
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const parts = (text + chunk).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const fields = new Map(part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
      const [event, data] = [fields.get('event'), fields.get('data')];
      if (event !== undefined && data !== undefined)
        yield { id: fields.get('id') ?? null, event, data: JSON.parse(data) };
    }
  }
}

function notAnswering(runId: number, cause: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_STORE', 503, 'The database of Planbridge no longer answers.', {
    remedy: `Look at run ${runId} when it does again; it goes on without this command.`,
    cause,
  });
}

function refused(status: number, json: unknown): PlanbridgeError {
  const { message, detail, remedy } = json as { message?: unknown; detail?: unknown; remedy?: unknown };
  const said = [detail, message].find((text) => typeof text === 'string') as string | undefined;
  const code = status === 401 ? 'PB_AUTH_FAILED' : status === 403 ? 'PB_AUTH_FORBIDDEN' : 'PB_REQUEST_ARGUMENT';
  return new PlanbridgeError(status === 409 ? 'PB_RUN_BUSY' : code, status, said ?? `Planbridge answers ${status}.`, {
    remedy: typeof remedy === 'string' ? remedy : '',
  });
}

/** JSON carries dates as text. */
function dated<T extends z.ZodObject>(schema: T, json: unknown): z.output<T> {
  const given = { ...(json as Record<string, unknown>) };
  for (const [key, value] of Object.entries(given)) {
    if ((key === 'at' || key.endsWith('At')) && typeof value === 'string') given[key] = new Date(value);
  }
  return schema.parse(given);
}
