// GET /frepple/xml and /xml, with and without slash: what frePPLe pulls from Odoo, it pulls here (connector.md 1).
import { type Request, type Response, Router } from 'express';
import { PlanbridgeError } from '../errors.ts';
import { correlationIdOf } from '../http/request.ts';
import { errorFields, type Log, withFields } from '../log.ts';
import { sendFailure } from './answers.ts';
import { readArguments } from './arguments.ts';
import { SIGN_IN_TEXT } from './auth.ts';
import { readAuthorization } from './basic.ts';
import type { DocumentFormat } from './document/write.ts';
import { cut, sendChunks } from './send.ts';
import type { Connector } from './service.ts';

export interface ConnectorRouterOptions {
  connector: Connector;
  log: Log;
  discloseStackTrace: boolean;
  stallSeconds: number;
}

// Written as the reference and frePPLe's client have them: `utf8` without a hyphen, JSON without a charset (planner-wire.md 1).
const CONTENT_TYPES: Record<DocumentFormat, string> = {
  xml: 'application/xml;charset=utf8',
  json: 'application/json',
};
const NEVER_CACHED = { 'Cache-Control': 'no-cache, no-store, must-revalidate', Pragma: 'no-cache', Expires: '0' };

export function createConnectorRouter(options: ConnectorRouterOptions): Router {
  const router = Router({ strict: false });
  router.all(['/frepple/xml', '/xml'], async (request, response) => {
    if (request.method === 'GET') return answerPull(request, response, options);
    response.setHeader('Allow', 'GET');
    response
      .status(405)
      .type('text/plain')
      .send(`${request.method} is not answered here; GET pulls the planning data.`);
  });
  return router;
}

function signInOf(request: Request): { login: string; password: string } {
  const authorization = readAuthorization(request.get('authorization'));
  if (authorization.kind === 'basic') return authorization;
  if (authorization.kind === 'bearer') {
    throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, 'Bearer tokens are not taken here.', {
      remedy: 'Send the login with its password or API key as Basic authorization.',
    });
  }
  throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, SIGN_IN_TEXT);
}

function chooseFormat(request: Request, asked: DocumentFormat | null): DocumentFormat {
  if (asked) return asked;
  return request.accepts(['application/xml', 'text/xml', 'application/json']) === 'application/json' ? 'json' : 'xml';
}

async function answerPull(request: Request, response: Response, options: ConnectorRouterOptions): Promise<void> {
  const { connector, discloseStackTrace, stallSeconds } = options;
  const correlationId = correlationIdOf(request);
  const log = withFields(options.log, { correlationId });
  const started = performance.now();
  response.setHeader('X-Correlation-Id', correlationId);
  const gone = new AbortController();
  response.once('close', () => gone.abort());

  const fields: Record<string, unknown> = {};
  try {
    const { login, password } = signInOf(request);
    fields.login = login;
    const [, query = ''] = request.originalUrl.split(/\?(.*)/s);
    const given = new URLSearchParams(query);
    const asked = readArguments((name) => given.get(name));
    const format = chooseFormat(request, asked.format);
    Object.assign(fields, { database: asked.database, mode: asked.request.mode, company: asked.request.company });

    const address = request.ip ?? '';
    const pull = { database: asked.database, login, password, address, request: asked.request, format };
    const run = await connector.pull(pull, log, gone.signal);
    fields.shared = run.shared;
    fields.bytes = await sendChunks(response, run.chunks, {
      headers: { 'Content-Type': CONTENT_TYPES[format], ...NEVER_CACHED, Vary: 'Accept, Accept-Encoding' },
      gzip: request.acceptsEncodings(['gzip', 'identity']) === 'gzip',
      stallMs: stallSeconds * 1_000,
    });
    log.info({ ...fields, ms: Math.round(performance.now() - started) }, 'pulled');
  } catch (error) {
    const failed = { ...fields, ...errorFields(error), ms: Math.round(performance.now() - started) };
    const status = error instanceof PlanbridgeError ? error.status : 500;
    if (status >= 500) log.error(failed, 'a pull failed');
    // Browsers ask without sign-in first.
    else if (error instanceof PlanbridgeError && error.code === 'PB_AUTH_REQUIRED')
      log.info(failed, 'a pull without sign-in');
    else log.warn(failed, 'a pull failed');
    if (response.headersSent || response.destroyed) cut(response);
    else sendFailure(request, response, error, { correlationId, discloseStackTrace });
  }
}
