// The API of Planbridge: one table of routes, from which requests are checked and the API's description is made. A handler gets
// what was sent as the route says it, and who sent it; it returns what is answered as JSON.
import express, { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import { sendFailure } from '../connector/answers.ts';
import { PlanbridgeError } from '../errors.ts';
import { errorFields, type Log, withFields } from '../log.ts';
import { correlationIdOf, refuseOtherSites } from './request.ts';

/** Each may do what those before it may. */
export const ROLES = ['viewer', 'planner', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

export interface ApiUser {
  login: string;
  role: Role;
  /** Of Odoo. */
  database: string;
  /** In whose name Odoo is asked; null for those who are known by a token only: then the service's own account works. */
  password: string | null;
}

/** @throws PlanbridgeError PB_AUTH_REQUIRED, PB_AUTH_FAILED, PB_AUTH_FORBIDDEN, PB_REQUEST_TOO_MANY */
export type Authenticate = (request: Request) => Promise<ApiUser>;

export interface ApiRoute {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As express has it: `/api/runs/:id`. */
  path: string;
  /** Heading under which the description lists it. */
  tag: string;
  summary: string;
  /** The least role that may; `anyone` needs no sign-in. */
  role: Role | 'anyone';
  query?: z.ZodObject;
  /** Of a JSON body; without it the handler reads the request itself. */
  body?: z.ZodType;
  /** Of the JSON that is answered. */
  answer?: z.ZodType;
  /** Of answers that are not JSON. */
  contentType?: string;
  /** Of a good answer, where it is not 200. */
  status?: 201 | 202;
  /** Types of a body that the handler reads itself. */
  takes?: readonly string[];
  /** Headers that it looks at, and what they say. */
  headers?: Readonly<Record<string, string>>;
  /** Changes what Odoo says of the planning model: refused where planners' edits are switched off. */
  edits?: boolean;
  /** Web sites of others may post here too; the handler says which. */
  otherSites?: true;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

export interface ApiCall<R extends ApiRoute> {
  request: Request;
  response: Response;
  /** null where anyone may. */
  user: R['role'] extends 'anyone' ? null : ApiUser;
  params: Readonly<Record<string, string>>;
  query: Parsed<R['query']>;
  body: Parsed<R['body']>;
  log: Log;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
}

export interface Api {
  readonly router: Router;
  readonly routes: readonly ApiRoute[];
  /**
   * Adds a route. What the handler returns is sent as JSON; `undefined` means that it has answered itself.
   * @example api.route({ method: 'get', path: '/api/runs', tag: 'Runs', summary: 'Runs, newest first', role: 'viewer' }, () => list())
   */
  route<const R extends ApiRoute>(route: R, handler: (call: ApiCall<R>) => unknown): void;
}

export interface ApiOptions {
  authenticate: Authenticate;
  log: Log;
  discloseStackTrace: boolean;
  /** Whether planners may change what Odoo says of the planning model. */
  plannerEdits?: boolean;
}

const BODY_LIMIT = 2 << 20;
const NEVER_CACHED = 'no-store';

export function createApi({ authenticate, log, discloseStackTrace, plannerEdits = true }: ApiOptions): Api {
  const router = Router();
  const routes: ApiRoute[] = [];
  const json = express.json({ limit: BODY_LIMIT, type: () => true, strict: false });

  return {
    router,
    routes,
    route(route, handler) {
      routes.push(route);
      router[route.method](route.path, async (request, response) => {
        const correlationId = correlationIdOf(request);
        const bound = withFields(log, { correlationId });
        response.setHeader('X-Correlation-Id', correlationId);
        response.setHeader('Cache-Control', NEVER_CACHED);
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        try {
          if (request.method !== 'GET' && !route.otherSites)
            refuseOtherSites(request, 'Another web site may not ask for changes here.');
          const user = route.role === 'anyone' ? null : await authenticate(request);
          if (user) requireRole(user, route.role as Role);
          if (route.edits && !plannerEdits) throw editsAreOff();
          if (route.body) await readBody(json, request, response);
          const call = {
            request,
            response,
            user,
            params: request.params,
            query: route.query && checked(route.query, queryOf(request), 'query'),
            body: route.body && checked(route.body, request.body, 'body'),
            log: bound,
            signal: gone.signal,
          };
          const answer = await handler(call as never);
          if (answer === undefined || response.headersSent) return;
          if (route.status && response.statusCode === 200) response.status(route.status);
          response.json(answer);
        } catch (error) {
          const status = error instanceof PlanbridgeError ? error.status : 500;
          bound[status >= 500 ? 'error' : 'info']({ path: request.path, ...errorFields(error) }, 'a request failed');
          if (!request.complete) response.setHeader('Connection', 'close');
          if (response.headersSent) response.destroy();
          else sendFailure(request, response, error, { correlationId, discloseStackTrace, phrase: '', json: true });
        }
      });
    },
  };
}

/** @throws PlanbridgeError PB_AUTH_FORBIDDEN */
export function requireRole(user: ApiUser, role: Role): void {
  if (ROLES.indexOf(user.role) >= ROLES.indexOf(role)) return;
  throw new PlanbridgeError('PB_AUTH_FORBIDDEN', 403, `This needs the role ${role}; ${user.login} is ${user.role}.`, {
    remedy: 'An administrator can give the role.',
  });
}

function editsAreOff(): PlanbridgeError {
  return new PlanbridgeError(
    'PB_AUTH_FORBIDDEN',
    403,
    'Planning data are as Odoo has them; changing them is switched off.',
    {
      remedy: 'Change it in Odoo. An administrator allows changes here with PLANNER_EDITS=yes.',
    },
  );
}

function queryOf(request: Request): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(request.originalUrl.split(/\?(.*)/s)[1] ?? ''));
}

async function readBody(json: express.RequestHandler, request: Request, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    json(request, response, (error: unknown) => {
      if (!error) return resolve();
      const { status, message } = error as { status?: number; message: string };
      if (status === 413) {
        const limit = `${BODY_LIMIT >> 20} MB`;
        return reject(new PlanbridgeError('PB_REQUEST_TOO_LARGE', 413, `The body is larger than ${limit}.`));
      }
      reject(new PlanbridgeError('PB_REQUEST_BODY', 400, `The body is no JSON: ${message}`));
    });
  });
}

function checked(schema: z.ZodType, value: unknown, what: string): unknown {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${[what, ...path].join('.')}: ${message}`);
  const code = what === 'body' ? 'PB_REQUEST_BODY' : 'PB_REQUEST_ARGUMENT';
  throw new PlanbridgeError(code, 400, problems.slice(0, 20).join('; '), {
    remedy: 'GET /api describes what is taken.',
  });
}

/** `:id` of a path as a number. @throws PlanbridgeError PB_REQUEST_ARGUMENT (404) when it is none */
export function idOf(params: Readonly<Record<string, string>>, what: string): number {
  const text = params.id ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw notFound(what);
}

export function notFound(what: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `There is no such ${what}.`);
}
