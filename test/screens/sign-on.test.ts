// Signing in to the screens: links from Odoo, logins, cookies; who is let in, and what browsers are told.

import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOdooAccess } from '../../src/connector/access.ts';
import { createSignIn } from '../../src/connector/auth.ts';
import { createApi } from '../../src/http/api.ts';
import { createUsers } from '../../src/http/users.ts';
import { createLog } from '../../src/log.ts';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import type { Start } from '../../src/screens/page-start.ts';
import { createPages } from '../../src/screens/routes.ts';
import { createSessions } from '../../src/screens/sign-on/sessions.ts';
import { createSignOn, type SignOn } from '../../src/screens/sign-on/sign-on.ts';
import { addUserRoutes } from '../../src/screens/users-api.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { newDataDirectory } from '../support/shared.ts';

const KEY = 'the key of web tokens, at present';
const BEFORE = 'the key of web tokens as it was before';
const ODOO = 'https://odoo.example.com';
const web = { folder: '/nowhere', script: 'assets/app-1.js', styles: ['assets/app-1.css'] };
let now = Date.parse('2026-03-02T08:00:00Z');
let directory = '';
let store: Store;
let odoo: { url: string; close(): Promise<void> };
let server: Server;
let url = '';
let signOn: SignOn;
let lines: string[] = [];
const named = { administrators: new Set(['boss']), planners: new Set<string>() };
const account = async () => ({ database: 'demo', login: 'admin', password: 'admin', company: null });

beforeAll(async () => {
  directory = await newDataDirectory('screens');
  store = await openStore({ databaseUrl: null, dataDirectory: directory });
  odoo = await createSandbox({ data: demoCompany(new Date(now)), database: 'demo' }).listen(0);
  const access = createOdooAccess({ url: odoo.url, defaultDatabase: 'demo', databases: null, sqlUrl: () => null });
  const signIn = createSignIn({
    check: access.checkCredentials,
    interfaceUsers: new Set(),
    cacheSeconds: 60,
    failures: 5,
    now: () => now,
  });
  const odooOf = (database: string) => `${odoo.url} ${database}`;
  const log = createLog({ level: 'debug', write: (line) => void lines.push(line) });
  signOn = createSignOn({
    store,
    sessions: createSessions({ store, odooOf, hours: 12, now: () => now }),
    access,
    signIn,
    account,
    odooOf,
    keys: [KEY, BEFORE],
    named,
    log,
    now: () => now,
  });
  const authenticate = createUsers({
    access,
    signIn,
    ofBearer: signOn.ofBearer,
    requireInternal: async () => {},
    roleOf: signOn.roleOf,
    apiToken: null,
    database: async () => 'demo',
    now: () => now,
  });
  const api = createApi({ authenticate, log, discloseStackTrace: false });
  addUserRoutes(api, { store, imports: { odooOf } as never, signOn });
  const pages = createPages({
    signOn,
    web: () => web,
    odooUrl: ODOO,
    frameOrigins: [ODOO],
    sessionHours: 12,
    plannerEdits: true,
    log,
  });
  server = createServer(express().use(pages).use(api.router));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server?.close(resolve));
  await odoo?.close();
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  await store.query('truncate planbridge.session, planbridge.used_webtoken');
  lines = [];
});

let serial = 0;
/** As the addon makes it; `note` makes each one different. */
function webtoken(claims: object = {}, key = KEY, options: jwt.SignOptions = {}): string {
  serial += 1;
  return jwt.sign({ exp: now / 1_000 + 600, user: 'admin', navbar: true, note: serial, ...claims }, key, {
    algorithm: 'HS256',
    noTimestamp: true,
    ...options,
  });
}

const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers, redirect: 'manual' });

function startOf(html: string): Start {
  const [, content = ''] = /<meta name="planbridge" content="([^"]*)">/.exec(html) ?? [];
  return JSON.parse(content.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
}

async function open(path: string, headers: Record<string, string> = {}) {
  const answer = await get(path, headers);
  const html = await answer.text();
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: answer.status, headers: answer.headers, html, cookie };
}

describe('a link from Odoo', () => {
  it.each(['/', '/planningboard/', '/inventoryplanning/drp/', '/forecast/editor/', '/quote/', '/demand/S00012/'])(
    'opens %s, and the address that is shown has no token',
    async (path) => {
      const { status, html } = await open(`${path}?tab=1&webtoken=${webtoken()}`);
      expect(status).toBe(200);
      expect(startOf(html)).toMatchObject({ login: 'admin', path: `${path}?tab=1`, navbar: true, odooUrl: ODOO });
      expect(html).not.toContain('webtoken');
    },
  );

  it('gives a session whose secret calls the API, and a cookie that does not', async () => {
    const { html, headers, cookie } = await open(`/?webtoken=${webtoken({ navbar: false })}`);
    const { session, navbar } = startOf(html);
    expect(navbar).toBe(false);
    const me = await get('/api/me', { authorization: `Bearer ${session}` });
    expect(await me.json()).toMatchObject({ login: 'admin', database: 'demo' });
    expect((await get('/api/me', { cookie })).status).toBe(401);
    const flags = ['HttpOnly', 'Secure', 'SameSite=None', 'Partitioned', 'Path=/'];
    for (const flag of flags) expect(headers.get('set-cookie')).toContain(flag);
  });

  it('works once; a reload in the same browser goes on with its session', async () => {
    const link = `/?webtoken=${webtoken()}`;
    const { cookie } = await open(link);
    const again = await open(link);
    expect(again.status).toBe(401);
    expect(again.html).toContain('This link was used before.');
    expect((await open(link, { cookie })).status).toBe(200);
    // Somebody else's link does not open my session.
    const other = `/?webtoken=${webtoken({ user: 'demo', exp: now / 1_000 - 999 })}`;
    expect((await open(other, { cookie })).status).toBe(401);
  });

  it('may be signed with the key before', async () => {
    expect((await open(`/?webtoken=${webtoken({}, BEFORE)}`)).status).toBe(200);
  });

  it.each([
    ['expired', () => webtoken({ exp: now / 1_000 - 60 }), 401, 'has expired'],
    ['without an end', () => jwt.sign({ user: 'admin' }, KEY), 403, 'not valid'],
    ['with an end two hours ahead', () => webtoken({ exp: now / 1_000 + 7_200 }), 403, 'not valid'],
    ['with an end that is text', () => jwt.sign(JSON.stringify({ exp: 'x', user: 'admin' }), KEY), 403, 'not valid'],
    ['of another key', () => webtoken({}, `${KEY}!`), 403, 'not valid'],
    ['of HS512', () => webtoken({}, KEY, { algorithm: 'HS512' }), 403, 'not valid'],
    [
      'of no algorithm',
      () => jwt.sign({ exp: now / 1_000 + 60, user: 'admin' }, '', { algorithm: 'none' }),
      403,
      'not valid',
    ],
    ['without a user', () => webtoken({ user: undefined }), 403, 'not valid'],
    ['of a user that is a number', () => webtoken({ user: 2 }), 403, 'not valid'],
    ['of a stranger', () => webtoken({ user: 'nobody' }), 403, 'not a planning user'],
    ['of letters', () => 'x'.repeat(5_000), 403, 'not valid'],
  ])('%s is refused, with a page that says what to do', async (_, token, status, text) => {
    const answer = await open(`/?webtoken=${token()}`);
    expect(answer.status).toBe(status);
    expect(answer.html).toContain(text);
    expect(answer.html).toContain('<form method="post" action="/signin">');
    expect(answer.cookie).toBe('');
  });

  it('is not taken with any change to it', async () => {
    const token = webtoken();
    const taken: string[] = [];
    for (let at = 0; at < 1_000; at++) {
      const place = (at * 7) % token.length;
      const letter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'[(at * 31) % 65]!;
      const changed = token.slice(0, place) + letter + token.slice(place + 1);
      // The last letter of a part carries bits that mean nothing.
      const same = changed
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('hex'))
        .join('.');
      const original = token
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('hex'))
        .join('.');
      if (same === original) continue;
      await signOn.byWebtoken(changed).then(
        () => taken.push(changed),
        () => {},
      );
    }
    expect(taken).toEqual([]);
  });

  it('stands in no line of the log', async () => {
    const token = webtoken();
    await open(`/?webtoken=${token}`);
    await open(`/?webtoken=${token}`);
    await open(`/?webtoken=${webtoken({ user: 'nobody' })}`);
    expect(lines.join('')).not.toMatch(/eyJ/);
  });
});

describe('a session', () => {
  it('is opened anew from its cookie until it ends', async () => {
    const { cookie } = await open(`/?webtoken=${webtoken()}`);
    expect((await open('/planningboard/', { cookie })).status).toBe(200);
    const before = now;
    now += 13 * 3_600_000;
    expect((await open('/planningboard/', { cookie })).status).toBe(401);
    now = before;
  });

  it('ends for all its pages when somebody signs out', async () => {
    const { html, cookie } = await open(`/?webtoken=${webtoken()}`);
    const second = startOf((await open('/', { cookie })).html).session;
    const authorization = `Bearer ${startOf(html).session}`;
    expect((await fetch(`${url}/signout`, { method: 'POST', headers: { authorization } })).status).toBe(204);
    expect((await get('/api/me', { authorization: `Bearer ${second}` })).status).toBe(401);
    expect((await open('/', { cookie })).status).toBe(401);
  });

  it('ends when the user is no planning user any more', async () => {
    const { html } = await open(`/?webtoken=${webtoken()}`);
    const authorization = `Bearer ${startOf(html).session}`;
    await store.query(`update planbridge.planning_user set active = false where login = 'admin'`);
    expect((await get('/api/me', { authorization })).status).toBe(403);
    await signOn.syncUsers();
    expect((await get('/api/me', { authorization })).status).toBe(200);
  });
});

describe('an Odoo login', () => {
  const signIn = (form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${url}/signin`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

  it('opens the screen that was asked for', async () => {
    const answer = await signIn({ login: 'admin', password: 'admin', next: '/demand/?late=1' });
    expect(answer.status).toBe(200);
    expect(startOf(await answer.text())).toMatchObject({ login: 'admin', path: '/demand/?late=1' });
  });

  it.each(['//evil.example.com', 'https://evil.example.com', '/frepple/xml', '/\\evil.example.com'])(
    'does not send people to %s',
    async (next) => {
      const answer = await signIn({ login: 'admin', password: 'admin', next });
      expect(startOf(await answer.text()).path).toBe('/');
    },
  );

  it('that is wrong is asked for again, and not for ever', async () => {
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries++) statuses.push((await signIn({ login: 'demo', password: 'x' })).status);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses[5]).toBe(429);
  });

  it('is not taken from the form of another site', async () => {
    const answer = await signIn({ login: 'admin', password: 'admin' }, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });

  it('shows what came from outside as text', async () => {
    const answer = await signIn({ login: '"><script>alert(1)</script>', password: 'x' });
    expect(await answer.text()).not.toContain('<script>');
  });
});

describe('browsers are told', () => {
  it('that only Odoo may frame us, that only our files run, and to tell nobody the address', async () => {
    const { headers } = await open(`/?webtoken=${webtoken()}`);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain(`frame-ancestors 'self' ${ODOO}`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-frame-options')).toBeNull();
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('in their language', async () => {
    const { html } = await open('/', { 'accept-language': 'fr-CH, en;q=0.8' });
    expect(html).toContain('<html lang="fr">');
    expect(html).toContain('Connexion');
  });
});

describe('users', () => {
  it('are those of Odoo, with a role that an administrator may change', async () => {
    const { html } = await open(`/?webtoken=${webtoken()}`);
    const headers = { authorization: `Bearer ${startOf(html).session}`, 'content-type': 'application/json' };
    const { users } = (await (await get('/api/users', headers)).json()) as { users: { login: string; role: string }[] };
    expect(users.find(({ login }) => login === 'admin')).toMatchObject({ role: 'administrator' });
    const put = (login: string, role: string | null) =>
      fetch(`${url}/api/users/${login}/role`, { method: 'PUT', headers, body: JSON.stringify({ role }) });
    expect(await (await put('planner', 'viewer')).json()).toMatchObject({ givenRole: 'viewer' });
    const demo = startOf((await open(`/?webtoken=${webtoken({ user: 'planner' })}`)).html);
    expect(demo.role).toBe('viewer');
    expect((await get('/api/users', { authorization: `Bearer ${demo.session}` })).status).toBe(403);
    expect((await put('nobody', 'viewer')).status).toBe(404);
    await put('planner', null);
  });
});

describe('roles', () => {
  const basic = (login: string) => ({ authorization: `Basic ${btoa(`${login}:${login}`)}` });
  const onScreen = async (login: string) => startOf((await open(`/?webtoken=${webtoken({ user: login })}`)).html).role;
  const byApi = async (login: string) => ((await (await get('/api/me', basic(login))).json()) as { role: string }).role;

  it('are the same on the screens and for an Odoo login at the API', async () => {
    await signOn.syncUsers();
    for (const login of ['admin', 'planner']) expect(await byApi(login), login).toBe(await onScreen(login));
    await store.query(`update planbridge.planning_user set given_role = 'viewer' where login = 'planner'`);
    expect([await onScreen('planner'), await byApi('planner')]).toEqual(['viewer', 'viewer']);
    await store.query(`update planbridge.planning_user set given_role = null where login = 'planner'`);
    named.planners.add('somebody else');
    expect([await onScreen('planner'), await byApi('planner')]).toEqual(['viewer', 'viewer']);
    named.planners.clear();
    named.administrators.add('planner');
    expect([await onScreen('planner'), await byApi('planner')]).toEqual(['administrator', 'administrator']);
    named.administrators.delete('planner');
  });

  it('an internal user outside Odoo’s planning group is a user of neither', async () => {
    await store.query(`update planbridge.planning_user set active = false where login = 'planner'`);
    expect((await get('/api/me', basic('planner'))).status).toBe(403);
    expect((await open(`/?webtoken=${webtoken({ user: 'planner' })}`)).status).toBe(403);
    await signOn.syncUsers();
    expect(await byApi('planner')).toBe(await onScreen('planner'));
  });
});
