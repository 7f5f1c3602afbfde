// Calls of our API with the session's secret; refusals come as errors that say what to do.
import { start } from './start.ts';

export class ApiError extends Error {
  readonly status: number;
  readonly remedy: string;
  readonly correlationId: string;

  constructor(status: number, message: string, remedy = '', correlationId = '') {
    super(message);
    this.status = status;
    this.remedy = remedy;
    this.correlationId = correlationId;
  }
}

type Listener = () => void;
const ended = new Set<Listener>();

/** Called when the server does not know the session any more. */
export function onSessionEnd(listener: Listener): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

export function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${start.session}`);
  return fetch(path, { ...init, method, headers, credentials: 'omit' });
}

/** @throws ApiError */
export async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as Record<string, string>;
  if (answer.status === 401) for (const listener of ended) listener();
  throw new ApiError(answer.status, problem.detail ?? answer.statusText, problem.remedy, problem.correlationId);
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { ...(signal ? { signal } : {}) };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'Content-Type': 'application/json' };
  }
  const answer = await checked(await send(method, path, init));
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const api = {
  text: async (path: string) => (await checked(await send('GET', path))).text(),
  get: <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal),
  post: <T>(path: string, body: unknown = {}) => call<T>('POST', path, body),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, body),
  delete: <T>(path: string) => call<T>('DELETE', path),
};

/** @example query({ sort: '-due', limit: 100, search: '' }) // '?sort=-due&limit=100' */
export function query(values: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** Saves what an address answers as a file. */
export async function download(path: string, name: string): Promise<void> {
  const blob = await (await checked(await send('GET', path))).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
