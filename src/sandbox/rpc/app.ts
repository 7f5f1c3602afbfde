// The endpoints as an express application: /jsonrpc, /json/2, version and health, and the pages for people.

import { gzip } from 'node:zlib';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { answerJson2 } from './json2.ts';
import { answerJsonRpc } from './jsonrpc.ts';
import { createPages } from './pages.ts';
import type { Served } from './served.ts';

export function createApp(served: Served): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json({ limit: '128mb', type: () => true, strict: false }));
  app.post('/jsonrpc', (request, response) => send(request, response, 200, answerJsonRpc(served, request.body)));
  app.post('/web/webclient/version_info', (request, response) => {
    const id = (request.body as { id?: unknown } | undefined)?.id ?? null;
    send(request, response, 200, { jsonrpc: '2.0', id, result: served.version });
  });
  app.post('/web/database/list', (request, response) => {
    const id = (request.body as { id?: unknown } | undefined)?.id ?? null;
    send(request, response, 200, { jsonrpc: '2.0', id, result: [served.database] });
  });
  app.get('/web/health', (request, response) => send(request, response, 200, { status: 'pass' }));
  if (majorOf(served) >= 19) {
    app.get('/web/version', (request, response) => {
      const { server_version: version, server_version_info: version_info } = served.version;
      send(request, response, 200, { version_info, version });
    });
    app.post('/json/2/:model/:method', (request, response) => {
      const { status, body } = answerJson2(served, {
        model: request.params.model,
        method: request.params.method,
        authorization: request.get('authorization'),
        database: request.get('x-odoo-database'),
        body: request.body,
      });
      send(request, response, status, body);
    });
  }
  app.use(createPages(served));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const status = (error as { status?: number }).status ?? 500;
    send(request, response, status, { error: error instanceof Error ? error.message : String(error) });
  });
  return app;
}

function majorOf(served: Served): number {
  return Number(String(served.version.server_version_info[0]).replace('saas~', ''));
}

/** JSON, compressed when the client takes it: quickly, since both are on one machine mostly. */
function send(request: Request, response: Response, status: number, body: unknown): void {
  const json = Buffer.from(JSON.stringify(body) ?? 'null');
  response.status(status).type('application/json');
  if (json.length < 2048 || !/\bgzip\b/.test(request.get('accept-encoding') ?? '')) {
    response.send(json);
    return;
  }
  gzip(json, { level: 1 }, (error, compressed) => {
    if (error) {
      response.send(json);
      return;
    }
    response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Vary', 'Accept-Encoding');
    response.send(compressed);
  });
}
