// frePPLe's HTTP API for tasks (its "remote commands"): launch, status, cancel, log. It answers 200 to mistakes of its own too,
// with a message instead of a task.
import { fetch } from 'undici';
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';

export interface FreppleSettings {
  /** Address of the server, with the scenario's name behind it where it is not the default one. No slash at the end. */
  url: string;
  /** User with password, or an API key. */
  authorization: { user: string; password: string } | { apiKey: string };
  /** Longest wait for an answer. */
  timeoutMs?: number;
}

export interface FreppleTask {
  id: number;
  name: string;
  arguments: string;
  /** `Waiting`, a percentage such as `35%`, `Done`, `Failed`, `Canceled`. */
  status: string;
  message: string;
  /** As frePPLe writes it, on its own clock: `2026-03-02 08:00:00.123456`. */
  submitted: string;
  user: string | null;
}

export interface FreppleClient {
  /** @returns the number of the new task
   * @throws PlanbridgeError PB_PLANNER_REFUSED, PB_PLANNER_UNREACHABLE */
  launch(task: string, args: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<number>;
  /** Tasks by number, or those that wait or run. */
  status(ids?: readonly number[], signal?: AbortSignal): Promise<FreppleTask[]>;
  cancel(id: number): Promise<void>;
  /** The log of a task as far as it is there; empty when there is none. */
  log(id: number, signal?: AbortSignal): Promise<string>;
}

const Launched = z.object({ taskid: z.number().int() });
const Said = z.object({ message: z.string() });
const text = z
  .unknown()
  .transform((value) => (value === null || value === undefined || value === 'None' ? '' : String(value)));
const Tasks = z.record(
  z.string().regex(/^\d+$/),
  z.object({
    name: text,
    arguments: text,
    status: text,
    message: text,
    submitted: text,
    user: z.string().nullable().optional(),
  }),
);

const TIMEOUT_MS = 30_000;
const LONGEST_LOG = 4 << 20;

export function createFreppleClient(settings: FreppleSettings): FreppleClient {
  const { url, authorization, timeoutMs = TIMEOUT_MS } = settings;
  const header =
    'apiKey' in authorization
      ? `Bearer ${authorization.apiKey}`
      : `Basic ${Buffer.from(`${authorization.user}:${authorization.password}`).toString('base64')}`;

  async function ask(method: 'GET' | 'POST', path: string, body?: URLSearchParams, signal?: AbortSignal) {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await fetch(`${url}/execute/api/${path}`, {
        method,
        // A page to sign in is no answer.
        redirect: 'manual',
        headers: { authorization: header, accept: 'application/json' },
        ...(body ? { body } : {}),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const content = await answer.text();
      if (answer.status === 401 || answer.status === 403 || (answer.status >= 300 && answer.status < 400)) {
        throw new PlanbridgeError('PB_PLANNER_REFUSED', 502, 'frePPLe refuses the sign-in.', {
          remedy: 'Check FREPPLE_USER and FREPPLE_PASSWORD, or FREPPLE_API_KEY, and what this user may do there.',
        });
      }
      if (answer.status !== 200) throw unreachable(`it answers ${answer.status}`);
      return content;
    } catch (error) {
      if (error instanceof PlanbridgeError) throw error;
      signal?.throwIfAborted();
      const { message, cause } = error as Error;
      const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
      throw unreachable(timeout.aborted ? `no answer within ${timeoutMs / 1_000} s` : reason, error);
    }
  }

  return {
    async launch(task, args, signal) {
      const content = await ask('POST', `${encodeURIComponent(task)}/`, new URLSearchParams(args), signal);
      const launched = Launched.safeParse(parsed(content));
      if (launched.success) return launched.data.taskid;
      const said = Said.safeParse(parsed(content));
      const reason = said.success ? said.data.message : 'an answer that is not understood';
      throw new PlanbridgeError('PB_PLANNER_REFUSED', 502, `frePPLe did not take the task ${task}: ${reason}.`, {
        remedy: 'Check that its user may generate plans, that the task exists there, and that none waits already.',
      });
    },
    async status(ids, signal) {
      const query = ids ? `?${new URLSearchParams(ids.map((id): [string, string] => ['id', String(id)]))}` : '';
      const tasks = Tasks.safeParse(parsed(await ask('GET', `status/${query}`, undefined, signal)));
      if (!tasks.success) throw unreachable('its answer about tasks is not understood');
      return Object.entries(tasks.data).map(([id, { user, ...task }]) => ({
        id: Number(id),
        ...task,
        user: user ?? null,
      }));
    },
    async cancel(id) {
      await ask('POST', `cancel/?id=${id}`);
    },
    async log(id, signal) {
      const content = await ask('GET', `log/?id=${id}`, undefined, signal);
      // Without a log it says so as JSON.
      return Said.safeParse(parsed(content)).success ? '' : content.slice(-LONGEST_LOG);
    },
  };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function unreachable(reason: string, cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_PLANNER_UNREACHABLE', 502, `frePPLe cannot be reached: ${reason}.`, {
    remedy: 'Check FREPPLE_URL, and that its web server runs.',
    cause,
  });
}
