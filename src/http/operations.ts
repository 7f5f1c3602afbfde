// What operators and their tools look at: whether the process runs, whether it can work, its figures, and the API's description.
import { readFileSync } from 'node:fs';
import type { Request } from 'express';
import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import type { Part } from '../parts.ts';
import type { Store } from '../store/database.ts';
import type { Api } from './api.ts';
import { describeApi } from './openapi.ts';
import { API_PAGE_POLICY, apiPage } from './openapi-page.ts';
import { bearerOf, sameSecret } from './secret.ts';

export interface OperationsOptions {
  api: Api;
  store: Store;
  parts: readonly Part[];
  metrics: Metrics;
  /** Bearer token of who reads figures from another machine; null = only from this one. */
  metricsToken: string | null;
  /** Whether the service is about to end. */
  ending: () => boolean;
}

const Health = z.object({
  status: z.enum(['ready', 'not ready']),
  checks: z.record(z.string(), z.string().describe('ok, or what is missing')),
});

const CHECK_MS = 3_000;

export function addOperations({ api, store, parts, metrics, metricsToken, ending }: OperationsOptions): void {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const tag = 'Operations';

  api.route({ method: 'get', path: '/healthz', tag, summary: 'Whether the process runs', role: 'anyone' }, () => ({
    status: 'ok',
  }));

  api.route(
    {
      method: 'get',
      path: '/readyz',
      tag,
      summary: 'Whether it can work: its database answers and every part is ready (200), else 503',
      role: 'anyone',
      answer: Health,
    },
    async ({ request, response }) => {
      const checks: Record<string, string> = {};
      const check = async (name: string, ask: () => Promise<string | null>) => {
        checks[name] = (await inTime(ask()).catch((error: Error) => error.message || 'fails')) ?? 'ok';
      };
      await check('database', async () => {
        await store.query('select 1');
        return null;
      });
      await Promise.all(parts.map((part) => check(part.name, async () => (await part.ready?.()) ?? null)));
      if (ending()) checks.process = 'is ending';
      const ready = Object.values(checks).every((said) => said === 'ok');
      // Reasons name hosts and accounts; here they are only for those who look from this machine.
      const shown = isLocal(request) ? checks : hideReasons(checks);
      response.status(ready ? 200 : 503);
      return { status: ready ? 'ready' : 'not ready', checks: shown };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/metrics',
      tag,
      summary: 'Figures for Prometheus; from other machines with METRICS_TOKEN as bearer',
      role: 'anyone',
      contentType: 'text/plain',
    },
    async ({ request, response }) => {
      if (!isLocal(request) && !bears(request, metricsToken)) {
        response.status(403).type('text/plain').send('Set METRICS_TOKEN and send it as bearer token.');
        return undefined;
      }
      const { contentType, body } = await metrics.text();
      response.setHeader('Content-Type', contentType);
      response.end(body);
      return undefined;
    },
  );

  api.route(
    { method: 'get', path: '/api/openapi.json', tag, summary: 'This description, for programs', role: 'anyone' },
    () => describeApi(api.routes, version),
  );

  api.route(
    {
      method: 'get',
      path: '/api',
      tag,
      summary: 'This description, to read',
      role: 'anyone',
      contentType: 'text/html',
    },
    ({ response }) => {
      response.setHeader('Content-Security-Policy', API_PAGE_POLICY);
      response.type('html').send(apiPage(api.routes, version));
      return undefined;
    },
  );
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('does not answer')), CHECK_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function hideReasons(checks: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(checks).map(([name, said]) => [name, said === 'ok' ? said : 'not ready']));
}

/** Whoever comes through a proxy is from elsewhere, also where TRUST_PROXY does not say that there is one. */
function isLocal(request: Request): boolean {
  const { ip = '' } = request;
  if (request.get('x-forwarded-for') !== undefined || request.get('forwarded') !== undefined) return false;
  return ip === '::1' || ip.startsWith('127.') || ip.startsWith('::ffff:127.');
}

function bears(request: Request, token: string | null): boolean {
  return token !== null && sameSecret(bearerOf(request.get('authorization')) ?? '', token);
}
