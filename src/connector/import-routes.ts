// POST /frepple/xml and /frepple/recommendations, and what operators ask about imports. Plugs in in front of the endpoint that
// answers GET (http.ts).
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { type Request, type Response, Router } from 'express';
import { PlanbridgeError } from '../errors.ts';
import { correlationIdOf } from '../http/request.ts';
import { errorFields, type Log } from '../log.ts';
import type { PostedRecord } from '../mapping/posted.ts';
import { findImport, importDocument, listImports } from '../store/imports.ts';
import {
  findRecommendation,
  listRecommendations,
  replaceRecommendations,
  settleRecommendation,
} from '../store/recommendations.ts';
import type { OdooAccess } from './access.ts';
import { sendFailure } from './answers.ts';
import { SIGN_IN_TEXT, type SignIn } from './auth.ts';
import { readAuthorization } from './basic.ts';
import { readOrders } from './document/orders.ts';
import { jsonAnswer, messageOf, readsText, textAnswer } from './import-answer.ts';
import { receivePlan } from './import-receive.ts';
import type { ImportResult } from './import-result.ts';
import type { ImportCaller, ImportService } from './import-service.ts';
import { boundaryOf, MULTIPART_LIMITS, readMultipart, textOf, tooLarge } from './multipart.ts';
import { documentOf, parseRecommendations, type Recommendation } from './recommendations.ts';
import type { WebtokenSettings } from './webtoken.ts';

export interface ImportRouterOptions {
  imports: ImportService;
  access: Pick<OdooAccess, 'chooseDatabase'>;
  signIn: SignIn;
  webtoken: WebtokenSettings | null;
  maxBytes: number;
  log: Log;
  discloseStackTrace: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
}

const PHRASE = 'Error processing data posted by frePPLe:';
const NEVER_CACHED = { 'Cache-Control': 'no-cache, no-store, must-revalidate', Pragma: 'no-cache', Expires: '0' };
const unzip = promisify(gunzip);

export function createImportRouter(options: ImportRouterOptions): Router {
  const router = Router({ strict: false });
  const { access, signIn, log } = options;
  type Handler = (request: Request, response: Response, correlationId: string) => Promise<void>;

  function route(method: 'get' | 'post', path: string | string[], handler: Handler): void {
    router[method](path, async (request, response) => {
      const correlationId = correlationIdOf(request);
      response.setHeader('X-Correlation-Id', correlationId);
      try {
        await handler(request, response, correlationId);
      } catch (error) {
        const status = error instanceof PlanbridgeError ? error.status : 500;
        log[status >= 500 ? 'error' : 'warn'](
          { correlationId, path: request.path, ...errorFields(error) },
          'a request about plans failed',
        );
        // What is still coming in is not read any more.
        if (!request.complete) response.setHeader('Connection', 'close');
        const { discloseStackTrace } = options;
        if (response.headersSent) response.destroy();
        else sendFailure(request, response, error, { correlationId, discloseStackTrace, phrase: PHRASE });
      }
    });
  }

  async function callerOf(
    request: Request,
    database: string | null,
    credentials = credentialsOf(request),
  ): Promise<ImportCaller> {
    const caller = { ...credentials, database: await access.chooseDatabase(database) };
    await signIn.signIn(caller, request.ip ?? '');
    return caller;
  }

  /** Who asks about imports, and what keeps them. */
  async function insider(request: Request): Promise<{ caller: ImportCaller; imports: ImportService; odoo: string }> {
    const caller = await callerOf(request, queryOf(request).get('database'));
    const { imports } = options;
    await imports.requireInternal(caller);
    return { caller, imports, odoo: imports.odooOf(caller.database) };
  }

  const queryOf = (request: Request) => new URLSearchParams(request.originalUrl.split(/\?(.*)/s)[1] ?? '');

  route('post', ['/frepple/xml', '/xml'], async (request, response, correlationId) => {
    const credentials = credentialsOf(request);
    const started = performance.now();
    let caller: ImportCaller | null = null;
    const plan = await receivePlan(
      {
        contentType: request.get('content-type'),
        contentLength: request.get('content-length'),
        chunks: bytesOf(request),
        query: queryOf(request),
      },
      {
        login: credentials.login,
        webtoken: options.webtoken,
        maxBytes: options.maxBytes,
        nowSeconds: options.now() / 1_000,
        async signIn(database) {
          caller = await callerOf(request, database, credentials);
          return caller.database;
        },
      },
    );
    const client = request.get('user-agent') ?? '';
    const { imports } = options;
    const { id, result } = await imports.run(caller!, { ...plan, source: 'http', client, repeats: null });
    const { mode, actualUser } = plan.request;
    const ms = Math.round(performance.now() - started);
    log.info(
      { correlationId, login: credentials.login, actualUser, mode, import: id, calls: result.calls, ms },
      messageOf(result),
    );
    refuseHopeless(plan.request.mode, result);
    sendResult(request, response, result, id);
  });

  route('post', '/frepple/recommendations', async (request, response, correlationId) => {
    const credentials = credentialsOf(request);
    const json = await recommendationsBody(request, options.maxBytes);
    const list = parseRecommendations(json);
    const caller = await callerOf(request, list.database, credentials);
    const company = list.company ?? '';
    const { imports } = options;
    await imports.requireInternal(caller);
    await replaceRecommendations(imports.store, imports.odooOf(caller.database), company, list.recommendations);
    log.info(
      {
        correlationId,
        login: credentials.login,
        company,
        taken: list.recommendations.length,
        refused: list.refused.length,
      },
      'recommendations received',
    );
    response
      .status(200)
      .set(NEVER_CACHED)
      .json({ message: `${list.recommendations.length} recommendations taken`, refused: list.refused });
  });

  route('get', '/api/imports', async (request, response) => {
    const query = queryOf(request);
    const { imports, odoo } = await insider(request);
    const limit = Math.min(500, Math.max(1, Number(query.get('limit') ?? 50) || 50));
    const before = numberOf(query.get('before'));
    response.set(NEVER_CACHED).json({ imports: await listImports(imports.store, odoo, limit, before) });
  });

  route('get', '/api/imports/:id', async (request, response) => {
    const { imports, odoo } = await insider(request);
    const found = await findImport(imports.store, odoo, idOf(request));
    if (!found) throw missing('import');
    response.set(NEVER_CACHED).json(found);
  });

  route('get', '/api/imports/:id/document', async (request, response) => {
    const { imports, odoo } = await insider(request);
    const found = await importDocument(imports.store, odoo, idOf(request));
    if (!found) throw missing('import');
    response
      .set({ ...NEVER_CACHED, 'Content-Disposition': 'attachment; filename="plan.xml"' })
      .type('application/xml')
      .send(await unzip(found));
  });

  route('post', '/api/imports/:id/repeat', async (request, response) => {
    const caller = await callerOf(request, queryOf(request).get('database'));
    const { id, result } = await options.imports.repeat(caller, idOf(request));
    response.set(NEVER_CACHED).type('application/json').send(jsonAnswer(result, id));
  });

  route('get', '/api/recommendations', async (request, response) => {
    const query = queryOf(request);
    const { imports, odoo } = await insider(request);
    const list = await listRecommendations(imports.store, odoo, query.get('company'));
    response.set(NEVER_CACHED).json({ recommendations: list });
  });

  route('post', '/api/recommendations/:id/accept', async (request, response) => {
    const caller = await callerOf(request, queryOf(request).get('database'));
    const { id, result } = await acceptRecommendation(options.imports, caller, idOf(request));
    response.set(NEVER_CACHED).type('application/json').send(jsonAnswer(result, id));
  });

  router.all(['/frepple/xml', '/xml'], (request, response, next) => {
    if (request.method === 'GET') next();
    else notAllowed(request, response, 'GET, POST', 'GET pulls the planning data, POST takes a plan');
  });
  router.all('/frepple/recommendations', (request, response) =>
    notAllowed(request, response, 'POST', 'POST takes recommendations, GET /api/recommendations lists them'),
  );

  return router;
}

function notAllowed(request: Request, response: Response, allow: string, what: string): void {
  response.setHeader('Allow', allow);
  response.status(405).type('text/plain').send(`${request.method} is not answered here; ${what}.`);
}

/** @throws PlanbridgeError PB_PLAN_REFUSED when Odoo or the plan does not allow it */
async function acceptRecommendation(
  imports: ImportService,
  caller: ImportCaller,
  id: number,
): Promise<{ id: number; result: ImportResult }> {
  const odoo = imports.odooOf(caller.database);
  const found = await findRecommendation(imports.store, odoo, id);
  if (!found) throw missing('recommendation');
  const writer = await imports.openWriter(caller);
  let document: string;
  try {
    document = await documentOf(found.body as Recommendation, `recommendation ${id}`, writer);
  } finally {
    await writer.close();
  }
  const posted: PostedRecord[] = [];
  await readOrders(once(document), (record) => posted.push(record));
  const done = await imports.run(caller, {
    request: { mode: 2, company: found.company || null, actualUser: null },
    posted,
    document: gzipSync(document),
    source: 'recommendation',
    client: '',
    repeats: null,
    settings: { promises: true },
  });
  const [record] = done.result.records;
  const state = record?.outcome === 'refused' ? 'refused' : 'accepted';
  await settleRecommendation(imports.store, id, { state, note: record?.note ?? '', importId: done.id });
  return done;
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function credentialsOf(request: Request): { login: string; password: string } {
  const authorization = readAuthorization(request.get('authorization'));
  if (authorization.kind === 'basic') return { login: authorization.login, password: authorization.password };
  throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, SIGN_IN_TEXT);
}

/** A planner who pressed a button must not read of success when there was none; a page of a plan must not end the whole run. */
function refuseHopeless(mode: number | null, result: ImportResult): void {
  if (mode !== 2 || result.records.length === 0 || result.records.some(({ outcome }) => outcome !== 'refused')) return;
  throw new PlanbridgeError('PB_PLAN_REFUSED', 409, messageOf(result));
}

function sendResult(request: Request, response: Response, result: ImportResult, id: number): void {
  response.status(200).set(NEVER_CACHED);
  if (readsText(request.get('user-agent'), request.get('accept'))) response.type('text/plain').send(textAnswer(result));
  else response.type('application/json').send(jsonAnswer(result, id));
}

async function recommendationsBody(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const boundary = boundaryOf(request.get('content-type'));
  const limits = { ...MULTIPART_LIMITS, bytes: maxBytes };
  if (boundary !== null) {
    for await (const part of readMultipart(bytesOf(request), boundary, limits)) {
      if (part.filename !== null || part.name === 'recommendations.json') return await textOf(part, maxBytes);
    }
    return '';
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytesOf(request)) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A request that is refused midway still has to be answered, so leaving it early does not end the connection. */
function bytesOf(request: Request): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function idOf(request: Request): number {
  const id = numberOf(String(request.params.id));
  if (id === null) throw missing('record');
  return id;
}

function missing(what: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `There is no such ${what}.`);
}
