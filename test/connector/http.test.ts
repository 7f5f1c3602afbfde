// What the endpoint answers, case by case of connector.md 1.5: as the reference where frePPLe's client depends on it, clearer
// elsewhere.
import { Parser } from 'htmlparser2';
import supertest from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { PlanbridgeError } from '../../src/errors.ts';
import { ADMIN, type Bridge, type BridgeOptions, basic, PLAN, pull, startBridge } from './bridge.ts';

let bridge: Bridge;
async function given(options: BridgeOptions = {}): Promise<Bridge> {
  bridge = await startBridge(options);
  return bridge;
}
afterEach(() => bridge?.close());

/** What frePPLe's client prints of an error page: the text nodes after the one with the phrase. */
function printedByFrepple(html: string): string[] {
  const printed: string[] = [];
  let echo = false;
  let node = '';
  const flush = () => {
    if (node.includes('Error generating frePPLe XML data')) echo = true;
    else if (echo && node.trim()) printed.push(node.trim());
    node = '';
  };
  const parser = new Parser({ ontext: (data) => (node += data), onopentag: flush, onclosetag: flush });
  parser.end(html);
  flush();
  return printed;
}

describe('a pull', () => {
  it.each(['/frepple/xml', '/frepple/xml/', '/xml', '/xml/'])(
    'is answered at %s with the document and headers of the reference',
    async (path) => {
      const answer = await pull(await given(), `${path}?database=demo&company=My+Company&mode=1`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe(PLAN);
      expect(answer.headers.get('content-type')).toBe('application/xml;charset=utf8');
      expect(answer.headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate');
      expect(answer.headers.get('pragma')).toBe('no-cache');
      expect(answer.headers.get('expires')).toBe('0');
      expect(answer.headers.get('etag')).toBeNull();
      expect(answer.headers.get('content-encoding')).toBeNull();
      expect(answer.headers.get('x-correlation-id')).toMatch(/^[\w-]{36}$/);
    },
  );

  it('hands every argument to the export, decoded as a form', async () => {
    await pull(
      await given(),
      '/frepple/xml?company=Cedar+%26+Sons+%22M%C3%B6bel%22&mode=2&singlecompany=TRUE&language=fr_FR&timezone=Asia%2FTokyo&delta=7.5&apps=a%2Cfreppledb.shelflife&version=9.1.0',
    );
    expect(bridge.runs[0]?.request).toEqual({
      mode: 2,
      company: 'Cedar & Sons "Möbel"',
      singleCompany: true,
      language: 'fr_FR',
      timezone: 'Asia/Tokyo',
      delta: 7.5,
      apps: 'a,freppledb.shelflife',
    });
  });

  it('asks for everything of the own company when nothing is said, and passes over what it does not know', async () => {
    const answer = await pull(await given(), '/frepple/xml?foo=bar&%zz&company=&webtoken=a.b.c&delta=');
    expect(answer.status).toBe(200);
    expect(bridge.runs[0]?.request).toMatchObject({
      mode: 1,
      company: null,
      singleCompany: false,
      delta: 999,
      apps: '',
    });
  });

  it('takes the first of an argument that comes twice', async () => {
    await pull(await given(), '/frepple/xml?mode=2&mode=1');
    expect(bridge.runs[0]?.request.mode).toBe(2);
  });

  it('packs the answer only when asked to', async () => {
    const answer = await supertest((await given()).url)
      .get('/frepple/xml')
      .set('Authorization', ADMIN)
      .set('Accept-Encoding', 'gzip');
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.text ?? String(answer.body)).toBe(PLAN);
    const refused = await pull(bridge, '/frepple/xml', { 'accept-encoding': 'gzip;q=0, identity' });
    expect(refused.headers.get('content-encoding')).toBeNull();
  });

  it('says exactly application/json for JSON, which frePPLe compares to the letter', async () => {
    const answer = await pull(await given(), '/frepple/xml?format=json');
    expect(answer.headers.get('content-type')).toBe('application/json');
    const accepted = await pull(bridge, '/frepple/xml', { accept: 'application/json' });
    expect(accepted.headers.get('content-type')).toBe('application/json');
    const anything = await pull(bridge, '/frepple/xml', { accept: '*/*' });
    expect(anything.headers.get('content-type')).toBe('application/xml;charset=utf8');
  });

  it('keeps a correlation id that the caller chose, if it is harmless', async () => {
    const kept = await pull(await given(), '/frepple/xml', { 'x-correlation-id': 'run-17.b' });
    expect(kept.headers.get('x-correlation-id')).toBe('run-17.b');
    const refused = await pull(bridge, '/frepple/xml', { 'x-correlation-id': '<script>' });
    expect(refused.headers.get('x-correlation-id')).not.toContain('<');
  });
});

describe('sign-in', () => {
  const refused: Record<string, string | undefined> = {
    'no header': undefined,
    'a wrong password': basic('admin', 'wrong'),
    'an unknown user': basic('nobody', 'x'),
    'an empty password': basic('admin', ''),
    'no base64': 'Basic %%%',
    'no credentials': 'Basic',
    'another scheme': 'Digest abc',
    'no colon': `Basic ${Buffer.from('admin').toString('base64')}`,
    'bytes that are no UTF-8': `Basic ${Buffer.from([0x61, 0xff, 0x3a, 0x61]).toString('base64')}`,
  };
  it.each(Object.entries(refused))('is refused for %s, in the words of the reference', async (_name, authorization) => {
    const answer = await fetch(`${(await given()).url}/frepple/xml?mode=0`, {
      headers: authorization ? { authorization } : {},
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="odoo"');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe('Login with Odoo user name and password');
  });

  it('does not take bearer tokens, and says what to send instead', async () => {
    const answer = await pull(await given(), '/frepple/xml?version=9.1.0', { authorization: 'Bearer a.b.c' });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toMatch(/^Login with Odoo user name and password\n.*API key as Basic/s);
  });

  it('takes colons and letters of all alphabets in passwords', async () => {
    await given({ passwords: { 'ünal@example.com': 'pä:ß:木' } });
    const answer = await pull(bridge, '/frepple/xml', { authorization: basic('ünal@example.com', 'pä:ß:木') });
    expect(answer.status).toBe(200);
  });

  it('is 403 for portal users and for users who are not interface users', async () => {
    const portal = await pull(await given(), '/frepple/xml?mode=0', { authorization: basic('portal', 'portal') });
    expect(portal.status).toBe(403);
    await bridge.close();
    await given({ settings: { interfaceUsers: ['admin'] } });
    const demo = await pull(bridge, '/frepple/xml?mode=0', { authorization: basic('demo', 'demo') });
    expect(demo.status).toBe(403);
    expect(await demo.text()).toContain('INTERFACE_USERS');
    expect((await pull(bridge, '/frepple/xml?mode=0')).status).toBe(200);
  });

  it('comes before any word on companies', async () => {
    await given();
    const authorization = basic('admin', 'wrong');
    const [known, unknown] = await Promise.all([
      pull(bridge, '/frepple/xml?company=My+Company', { authorization }),
      pull(bridge, '/frepple/xml?company=Nope', { authorization }),
    ]);
    expect([known.status, unknown.status]).toEqual([401, 401]);
    expect(await known.text()).toBe(await unknown.text());
    expect(bridge.runs).toEqual([]);
  });

  it('is asked of Odoo once in minutes', async () => {
    await given();
    for (let time = 0; time < 3; time += 1) await pull(bridge, '/frepple/xml?mode=0');
    expect(bridge.checks).toBe(1);
  });

  it('is 429 after too many failures, and tells when to come again', async () => {
    await given({ settings: { failures: 3 } });
    const statuses: number[] = [];
    let last: Response | undefined;
    for (let time = 0; time < 4; time += 1) {
      last = await pull(bridge, '/frepple/xml', { authorization: basic('admin', `guess${time}`) });
      statuses.push(last.status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(200);
    expect((await pull(bridge, '/frepple/xml', { authorization: basic('demo', 'demo') })).status).toBe(200);
  });
});

describe('a failure', () => {
  const cases: [string, string, number, string][] = [
    ['a mode that is no number', '/frepple/xml?mode=abc', 400, 'mode'],
    ['a delta that is no number', '/frepple/xml?delta=x', 400, 'delta'],
    ['singlecompany neither true nor false', '/frepple/xml?singlecompany=maybe', 400, 'singlecompany'],
    ['an unknown format', '/frepple/xml?format=csv', 400, 'format'],
    ['an unknown company', '/frepple/xml?company=Nope', 404, 'Invalid company name argument'],
    ['an unknown database', '/frepple/xml?database=doesnotexist', 404, 'database'],
  ];
  it.each(cases)('for %s is a page whose text frePPLe prints', async (_name, path, status, word) => {
    const answer = await pull(await given(), path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const printed = printedByFrepple(await answer.text());
    expect(printed.join(' ')).toContain(word);
    expect(printed.join(' ')).toContain(`correlation id ${answer.headers.get('x-correlation-id')}`);
  });

  it('of Odoo is 502, and nothing of it was sent as a document', async () => {
    await given({
      open: async () => {
        throw new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'Odoo cannot be reached.', {
          remedy: 'Check that Odoo runs.',
        });
      },
    });
    const answer = await pull(bridge, '/frepple/xml');
    expect(answer.status).toBe(502);
    expect(printedByFrepple(await answer.text()).slice(0, 2)).toEqual([
      'Odoo cannot be reached.',
      'Check that Odoo runs.',
    ]);
  });

  it('before the first piece of text still gets a page', async () => {
    await given({
      // biome-ignore lint/correctness/useYield: it fails before
      text: async function* () {
        throw new PlanbridgeError('PB_ODOO_FAULT', 502, 'Odoo reports an error.');
      },
    });
    expect((await pull(bridge, '/frepple/xml')).status).toBe(502);
  });

  it('of our own tells strangers nothing, the log everything', async () => {
    await given({
      open: async () => {
        throw new TypeError('secret thing is undefined');
      },
    });
    const answer = await pull(bridge, '/frepple/xml');
    expect(answer.status).toBe(500);
    const page = await answer.text();
    expect(page).toContain('PB_INTERNAL');
    expect(page).not.toContain('secret thing');
    expect(bridge.log.find((line) => line.level === 'error')).toMatchObject({
      correlationId: answer.headers.get('x-correlation-id'),
      error: 'secret thing is undefined',
    });
  });

  it('shows its stack trace only when that is switched on, without credentials', async () => {
    await given({
      discloseStackTrace: true,
      open: async () => {
        throw new Error('cannot reach postgres://odoo:geheim@db/acme');
      },
    });
    const page = await (await pull(bridge, '/frepple/xml')).text();
    expect(page).toContain('<pre>');
    expect(page).toContain('bridge.ts');
    expect(page).not.toContain('geheim');
  });

  it('escapes what came from outside', async () => {
    const page = await (await pull(await given(), '/frepple/xml?mode=%3Cscript%3Ealert(1)%3C/script%3E')).text();
    expect(page).not.toContain('<script>');
    expect(printedByFrepple(page)[0]).toContain('<script>alert(1)</script>');
  });

  it('is problem JSON for those who accept JSON', async () => {
    const answer = await pull(await given(), '/frepple/xml?mode=abc', { accept: 'application/json' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({
      status: 400,
      code: 'PB_REQUEST_ARGUMENT',
      correlationId: expect.any(String),
    });
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('of the method %s is 405', async (method) => {
    const answer = await fetch(`${(await given()).url}/frepple/xml`, { method, headers: { authorization: ADMIN } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET');
    expect(bridge.runs).toEqual([]);
  });
});

describe('beside the endpoint', () => {
  it('answers 404 elsewhere and 400 to broken addresses', async () => {
    expect((await fetch(`${(await given()).url}/web/login`)).status).toBe(404);
    expect((await fetch(`${bridge.url}/%zz`)).status).toBeGreaterThanOrEqual(400);
  });
});

it('writes no password, header or token into its log', async () => {
  await given({
    passwords: { admin: 'hunter2-secret' },
    open: async () => {
      throw new Error('postgres://odoo:hunter3-secret@db/acme?password=hunter4-secret&webtoken=hunter5-secret');
    },
  });
  const good = basic('admin', 'hunter2-secret');
  await pull(bridge, '/frepple/xml?webtoken=hunter6-secret', { authorization: good });
  await pull(bridge, '/frepple/xml', { authorization: basic('admin', 'hunter7-secret') });
  expect(bridge.log.length).toBeGreaterThan(1);
  expect(bridge.logText()).not.toMatch(/hunter\d-secret/);
  expect(bridge.logText()).not.toContain(good.slice(6));
});
