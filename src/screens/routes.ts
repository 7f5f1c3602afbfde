// The pages: sign-on by link, by login or by cookie, and the app's own files. Everything else the app asks the API for.
import express, { type Request, type Response, Router } from 'express';
import { PlanbridgeError } from '../errors.ts';
import { refuseOtherSites } from '../http/request.ts';
import { bearerOf } from '../http/secret.ts';
import { errorFields, type Log } from '../log.ts';
import { type HeaderOptions, setPageHeaders } from './headers.ts';
import { chooseLanguage } from './languages.ts';
import { isScreen } from './paths.ts';
import { shellPage, startOf, type WebFiles } from './shell.ts';
import { clearCookie, readCookie, setCookie } from './sign-on/cookie.ts';
import { SIGN_IN_STYLE, signInPage } from './sign-on/page.ts';
import type { SignedIn, SignOn } from './sign-on/sign-on.ts';
import { claimedLogin } from './sign-on/webtoken.ts';

export interface PagesOptions extends HeaderOptions {
  signOn: SignOn;
  web: () => WebFiles | null;
  odooUrl: string;
  sessionHours: number;
  /** Whether planners may change planning data (PLANNER_EDITS). */
  plannerEdits: boolean;
  log: Log;
}

const NOT_BUILT = 'The screens are not built. npm start builds them; npm run build does so alone.';

export function createPages(options: PagesOptions): Router {
  const { signOn, web, odooUrl, sessionHours, plannerEdits, log } = options;
  const router = Router();

  function showApp(request: Request, response: Response, signedIn: SignedIn, path: string): void {
    const files = web();
    if (!files) throw new PlanbridgeError('PB_FILE', 503, NOT_BUILT);
    if (signedIn.cookie !== null) setCookie(response, signedIn.cookie, sessionHours);
    const language = chooseLanguage(signedIn.user.lang, request.get('accept-language') ?? '');
    response
      .status(200)
      .type('html')
      .send(shellPage(files, startOf(signedIn, { language, odooUrl, path, edits: plannerEdits })));
  }

  function askToSignIn(request: Request, response: Response, next: string, error: unknown = null, login = ''): void {
    const known = error instanceof PlanbridgeError;
    if (error !== null) log[known ? 'info' : 'error'](errorFields(error), 'a sign-in failed');
    const problem = known
      ? { message: error.message, remedy: error.remedy }
      : error === null
        ? null
        : { message: 'Planbridge made a mistake.', remedy: 'Its log says more.' };
    const status = error === null ? 401 : known ? error.status : 500;
    if (known && error.retryAfterSeconds !== undefined) response.set('Retry-After', String(error.retryAfterSeconds));
    const language = chooseLanguage(request.get('accept-language') ?? '');
    response.status(status).type('html').send(signInPage({ language, next, problem, login }));
  }

  router.get('/signin.css', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=3600').type('css').send(SIGN_IN_STYLE);
  });

  router.post('/signin', express.urlencoded({ extended: false, limit: 16_384 }), async (request, response) => {
    setPageHeaders(response, options);
    const { login = '', password = '', next = '/' } = textsOf(request.body);
    const path = safePath(next);
    try {
      refuseOtherSites(request, 'Another web site may not sign in here.');
      showApp(request, response, await signOn.byPassword(login, password, request.ip ?? ''), path);
    } catch (error) {
      askToSignIn(request, response, path, error, login);
    }
  });

  router.post('/signout', async (request, response) => {
    const bearer = bearerOf(request.get('authorization'));
    if (bearer) await signOn.signOut(bearer);
    clearCookie(response);
    response.status(204).end();
  });

  router.use('/assets', (request, response, next) => {
    const files = web();
    if (!files) return next();
    express.static(`${files.folder}/assets`, { immutable: true, maxAge: '1y', index: false, fallthrough: false })(
      request,
      response,
      next,
    );
  });

  router.get(/.*/, async (request, response, next) => {
    if (!isScreen(request.path)) return next();
    setPageHeaders(response, options);
    const { path, webtoken } = readAddress(request);
    try {
      if (webtoken !== null) return showApp(request, response, await signOn.byWebtoken(webtoken), path);
      const cookie = readCookie(request);
      const signedIn = cookie === null ? null : await signOn.byCookie(cookie);
      if (signedIn) return showApp(request, response, signedIn, path);
      askToSignIn(request, response, path);
    } catch (error) {
      const again = webtoken === null ? null : await reloaded(request, webtoken).catch(() => null);
      if (again) showApp(request, response, again, path);
      else askToSignIn(request, response, path, error);
    }
  });

  /** A link that was used before, in the browser that holds the session of the same user: a reload of the frame. */
  async function reloaded(request: Request, webtoken: string): Promise<SignedIn | null> {
    const cookie = readCookie(request);
    const signedIn = cookie === null ? null : await signOn.byCookie(cookie);
    return signedIn?.session.login === claimedLogin(webtoken) ? signedIn : null;
  }

  return router;
}

function readAddress(request: Request): { path: string; webtoken: string | null } {
  const [, query = ''] = request.originalUrl.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const webtoken = parameters.get('webtoken');
  parameters.delete('webtoken');
  const rest = parameters.toString();
  return { path: request.path + (rest ? `?${rest}` : ''), webtoken };
}

/** Only our own screens: a page that sends people elsewhere after signing in is a trap. */
function safePath(next: string): string {
  const [path = '/'] = next.split('?');
  return next.startsWith('/') && !next.startsWith('//') && isScreen(path) ? next : '/';
}

function textsOf(body: unknown): Record<string, string> {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
