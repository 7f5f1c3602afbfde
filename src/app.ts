// The web application: the connector's endpoint, a health check, and a page that says what this is.
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import { type ConnectorRouterOptions, createConnectorRouter } from './connector/http.ts';
import { createImportRouter, type ImportRouterOptions } from './connector/import-routes.ts';
import type { Api } from './http/api.ts';
import { errorFields } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface AppOptions extends ConnectorRouterOptions {
  /** Write-back; without it plans are not taken. */
  imports?: Omit<ImportRouterOptions, 'log' | 'discloseStackTrace'>;
  /** Routes of the parts. */
  api?: Api;
  metrics?: Metrics;
  /** The screens. */
  pages?: Router;
  /** Number of reverse proxies in front. */
  trustProxy: number;
}

const WELCOME = `Planbridge stands between Odoo and frePPLe.

GET /frepple/xml   the planning data of Odoo, for frePPLe (sign in with an Odoo login)
POST /frepple/xml  plans of frePPLe, into Odoo
GET /healthz       whether this service runs
`;

export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustProxy);
  app.use((request: Request, response: Response, next: NextFunction) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (options.metrics) count(options.metrics, request, response);
    next();
  });
  // Not the pages: they hold a secret beside text of the address.
  app.use(['/assets', '/api'], compression({ filter: isCompressed }));
  if (options.pages) app.use(options.pages);
  else app.get('/', (_request, response) => void response.type('text/plain').send(WELCOME));
  const { api, imports, log, discloseStackTrace } = options;
  if (api) app.use(api.router);
  if (imports) app.use(createImportRouter({ ...imports, log, discloseStackTrace }));
  app.use(createConnectorRouter(options));
  app.use((_request: Request, response: Response) => {
    response.status(404).type('text/plain').send('There is nothing at this address. frePPLe pulls from /frepple/xml.');
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const status = (error as { status?: unknown }).status === 400 ? 400 : 500;
    options.log.error(errorFields(error), 'a request failed');
    response
      .status(status)
      .type('text/plain')
      .send(status === 400 ? 'Bad request.' : 'Planbridge made a mistake.');
  });
  return app;
}

/** Events have to arrive as they happen. */
function isCompressed(request: Request, response: Response): boolean {
  return (
    !String(response.getHeader('content-type')).startsWith('text/event-stream') && compression.filter(request, response)
  );
}

function count(metrics: Metrics, request: Request, response: Response): void {
  const started = performance.now();
  response.once('close', () => {
    const path: unknown = request.route?.path;
    // Paths that nobody serves are as many as strangers like.
    const route = typeof path === 'string' ? path : Array.isArray(path) ? String(path[0]) : 'other';
    metrics.answered(request.method, route, response.statusCode, (performance.now() - started) / 1_000);
  });
}
