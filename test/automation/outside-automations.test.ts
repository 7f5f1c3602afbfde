// The connection check, the prices of competitors and the off-site backup, against real hosts, sites, folders and servers of this machine.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { competitorPrices } from '../../src/automation/automations/competitor-prices.ts';
import { connectionCheck } from '../../src/automation/automations/connection-check.ts';
import { offSiteBackup, outdated } from '../../src/automation/automations/off-site-backup.ts';
import { pageOf, Site, scrape, tableIn } from '../../src/automation/scrape.ts';
import { PASSWORD, startWebdav, USER } from './webdav-server.ts';
import { Killed, type World, world } from './world.ts';

let folder: string;
let w: World;
let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => unknown;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planbridge-outside-'));
  w = world({ now: '2026-03-07T12:00:00Z' });
  answer = (_, response) => response.end('ok');
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    answer(request, response, body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

describe('the connection check', () => {
  // A name that nobody can have (RFC 2606), and ports of this machine on which nobody listens.
  const AWAY = ['http://nowhere.invalid/', '127.0.0.1', 'http://127.0.0.1:9/'];
  const settings = (hosts: readonly string[], more: Record<string, unknown> = {}) => ({
    ...{
      hosts,
      port: 9,
      timeoutSeconds: 0.3,
      command: ['/bin/sh', '-c', `echo x >> ${join(folder, 'restarted')}`],
      ...more,
    },
  });
  const restarts = async () => (await readFile(join(folder, 'restarted'), 'utf8').catch(() => '')).length / 2;

  it('runs the command when all hosts fail, and says so', async () => {
    await w.run(connectionCheck, settings(AWAY));
    expect(await restarts()).toBe(1);
    expect(w.errors()[0]).toContain('none of http://nowhere.invalid/, 127.0.0.1, http://127.0.0.1:9/ answers');
  });

  it('does not when one of them answers, with whatever', async () => {
    answer = (_, response) => response.writeHead(503).end();
    await w.run(connectionCheck, settings([...AWAY, url]));
    await w.run(connectionCheck, settings([...AWAY, '127.0.0.1'], { port: Number(new URL(url).port) }));
    expect(await restarts()).toBe(0);
    expect(w.errors()).toEqual([]);
  });

  it.each(['before', 'after'] as const)(
    'runs it at most once a run, also when that ends this process %s it',
    async (when) => {
      w.kill = { key: /command/, when };
      await expect(w.run(connectionCheck, settings(AWAY))).rejects.toThrow(Killed);
      w.kill = null;
      await w.run(connectionCheck, settings(AWAY), { sameRun: true });
      expect(await restarts()).toBe(when === 'after' ? 1 : 0);
      await w.run(connectionCheck, settings(AWAY));
      expect(await restarts()).toBe(when === 'after' ? 2 : 1);
    },
  );

  it('only says it without a command, in a dry run, and when the command fails', async () => {
    await w.run(connectionCheck, settings(AWAY, { command: [] }));
    await w.run(connectionCheck, settings(AWAY), { dryRun: true });
    expect(w.descriptions()[0]).toContain('runs /bin/sh');
    await w.run(connectionCheck, settings(AWAY, { command: ['/bin/sh', '-c', 'echo not allowed >&2; exit 3'] }));
    expect(w.errors().at(-1)).toContain('not allowed');
    expect(await restarts()).toBe(0);
  });

  it('asks the hosts of the specification', () => {
    expect(connectionCheck.settings.parse({})).toMatchObject({
      hosts: ['https://www.google.com/', '1.1.1.1', '8.8.8.8'],
    });
    expect(connectionCheck.settings.safeParse({ hosts: ['google'] }).success).toBe(false);
  });
});

describe('prices of competitors', () => {
  const TABLE = `<table id="stock"><thead><tr><th>Plant</th><th>Price</th><th>Qty</th></tr></thead>
    <tbody><tr><td> Red  Oak </td><td>$1,200.00</td><td>3</td></tr><tr><td colspan="2">Rose</td><td>-</td></tr></tbody></table>`;
  /** A shop: form with a token in a hidden field, a session in a cookie, two pages. */
  function shop(request: IncomingMessage, response: ServerResponse, body: string) {
    const signedIn = request.headers.cookie?.includes('session=good');
    const path = new URL(request.url!, url);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (path.pathname === '/login' && request.method === 'POST') {
      const form = new URLSearchParams(body);
      const right =
        form.get('user') === 'us' &&
        form.get('pass') === 'geheim' &&
        form.get('csrf') === 'abc' &&
        form.get('keep') === '1';
      if (!right || !request.headers.cookie?.includes('first=1')) return response.end(form_);
      return response.writeHead(302, { location: '/home', 'set-cookie': 'session=good; Path=/; HttpOnly' }).end();
    }
    if (path.pathname === '/login') return response.setHeader('set-cookie', 'first=1; Path=/').end(form_);
    if (!signedIn) return response.writeHead(302, { location: '/login' }).end();
    if (path.searchParams.get('page') === '2') return response.end(TABLE.replace('Red  Oak', 'Élan'));
    return response.end(`<table><tr><td>menu</td></tr></table>${TABLE}<a rel="next" href="?page=2">more</a>`);
  }
  const form_ = `<form action="/search"><input name="q"></form><form method="post" action="/login"><input type="hidden" name="csrf" value="abc">
    <input type="checkbox" name="keep" value="1" checked><input name="user"><input type="password" name="pass"></form>`;
  const site = (changes: Record<string, unknown> = {}) => ({
    name: 'rival',
    login: { page: `${url}/login`, user: 'us', password: 'geheim', userField: 'user', passwordField: 'pass' },
    ...{ page: `${url}/stock`, table: '#stock', next: 'a[rel=next]', ...changes },
  });
  const quick = { pauseSeconds: 0, timeoutSeconds: 1 };

  it('are read behind the sign-in, page by page, into the file of the day', async () => {
    answer = shop;
    await w.run(competitorPrices, { sites: [site()], ...quick });
    expect(w.errors()).toEqual([]);
    expect(w.files.get('competitors/rival_03_07_26.csv')).toEqual({
      header: ['Plant', 'Price', 'Qty'],
      rows: [
        ['Red Oak', '$1,200.00', '3'],
        ['Rose', '', '-'],
        ['Élan', '$1,200.00', '3'],
        ['Rose', '', '-'],
      ],
    });
  });

  it('of one site that fails do not keep those of another', async () => {
    answer = shop;
    const wrong = { ...site({ name: 'wrong' }), login: { ...site().login, password: 'falsch-geheim' } };
    const away = site({ name: 'away', login: null, page: 'http://nowhere.invalid/' });
    const empty = site({ name: 'empty', table: '#nothing' });
    const out = site({ name: 'out', login: null });
    await w.run(competitorPrices, { sites: [wrong, away, empty, out, site()], ...quick });
    expect(w.errors()).toEqual([
      expect.stringMatching(/^error wrong refuses: it does not take the sign-in/),
      expect.stringMatching(/^error away cannot be reached/),
      expect.stringMatching(/^error empty refuses: there is no table #nothing with rows/),
      expect.stringMatching(/^error out refuses: .* It asks to sign in there/),
    ]);
    expect(w.logs.join()).not.toContain('geheim');
    expect([...w.files.keys()]).toEqual(['competitors/rival_03_07_26.csv']);
  });

  it('are not asked for where the form sends the password elsewhere', async () => {
    const asked: string[] = [];
    answer = (request, response) => {
      asked.push(request.method!);
      response.end(form_.replaceAll('/login', 'https://thief.example/'));
    };
    await w.run(competitorPrices, { sites: [site()], ...quick });
    expect(w.errors()[0]).toContain('sends the password to thief.example');
    expect(asked).toEqual(['GET']);
  });

  it('are read once where the next page is the same', async () => {
    answer = (_, response) => response.end(`${TABLE}<a rel="next" href="/stock">more</a>`);
    const options = { timeoutMs: 1_000, pauseMs: 0, userAgent: 'test', signal: new AbortController().signal };
    expect((await scrape(Site.parse(site({ login: null })), options)).rows).toHaveLength(2);
  });

  it('are understood in other encodings', async () => {
    answer = (_, response) => {
      response.setHeader('content-type', 'text/html; charset=iso-8859-1');
      response.end(Buffer.from(TABLE.replace('Red  Oak', 'Élan'), 'latin1'));
    };
    await w.run(competitorPrices, { sites: [site({ login: null, next: null })], ...quick });
    expect(w.files.get('competitors/rival_03_07_26.csv')!.rows[0]![0]).toBe('Élan');
  });

  it('come from the first table with rows, by its own cells, with names for columns that have none', () => {
    const html = `<table class="p"><tr><th>only</th></tr></table>
      <table class="p"><tr><td>a<table class="q"><tr><td>x</td></tr></table></td><td>1</td></tr><tr><td>b</td></tr></table>`;
    expect(tableIn(pageOf(html), '.p')).toEqual({
      ...{
        header: ['column 1', 'column 2'],
        rows: [
          ['ax', '1'],
          ['b', ''],
        ],
      },
    });
    expect(tableIn(pageOf('<p>none</p>'), 'table')).toBeNull();
  });
});

describe('the off-site backup', () => {
  let source: string;
  let away: string;
  beforeEach(async () => {
    [source, away] = [join(folder, 'shop'), join(folder, 'away')];
    await mkdir(join(source, 'deep'), { recursive: true });
    await writeFile(join(source, 'deep/ü.txt'), 'kept');
    await writeFile(join(folder, 'one.csv'), 'a,b');
  });
  const targets = () => ({ shop: source, one: join(folder, 'one.csv') });

  it('saves folders and files as archives that can be read', async () => {
    await w.run(offSiteBackup, { targets: targets(), folder: away });
    expect((await readdir(away)).sort()).toEqual(['one_03_07_26.tar.gz', 'shop_03_07_26.tar.gz']);
    const back = join(folder, 'back');
    await mkdir(back);
    for (const name of await readdir(away)) await extract({ file: join(away, name), cwd: back, strict: true });
    expect(await readFile(join(back, 'shop/deep/ü.txt'), 'utf8')).toBe('kept');
    expect(await readFile(join(back, 'one.csv'), 'utf8')).toBe('a,b');
  });

  it('goes to a WebDAV server, and an upload that fails is a failure', async () => {
    const dav = await startWebdav();
    try {
      const settings = { targets: targets(), webdav: { url: dav.url, user: USER, password: PASSWORD } };
      await w.run(offSiteBackup, settings);
      const copy = join(folder, 'copy.tar.gz');
      await writeFile(copy, await dav.bytes('shop_03_07_26.tar.gz'));
      await mkdir(join(folder, 'back'));
      await extract({ file: copy, cwd: join(folder, 'back'), strict: true });
      expect(await readFile(join(folder, 'back/shop/deep/ü.txt'), 'utf8')).toBe('kept');
      dav.gate = (method) => (method === 'PUT' ? 507 : undefined);
      await w.run(offSiteBackup, settings);
      expect(w.errors()).toHaveLength(2);
    } finally {
      await dav.close();
    }
  });

  it('keeps the last ones, of each by itself', async () => {
    for (let day = 0; day < 5; day++) {
      await w.run(offSiteBackup, { targets: targets(), folder: away, keep: 2 });
      w.clock += 86_400_000;
    }
    const days = ['03_10_26', '03_11_26'];
    expect((await readdir(away)).sort()).toEqual(
      ['one', 'shop'].flatMap((name) => days.map((day) => `${name}_${day}.tar.gz`)),
    );
    const names = ['a_12_31_25.tar.gz', 'a_01_01_26.tar.gz', 'a_b_01_01_20.tar.gz', 'mine.txt'];
    expect(outdated(names, 'a', 1)).toEqual(['a_12_31_25.tar.gz']);
  });

  it('of one that cannot be read does not keep the others, and removes nothing old', async () => {
    await w.run(offSiteBackup, { targets: { gone: source, one: join(folder, 'one.csv') }, folder: away, keep: 1 });
    w.clock += 86_400_000;
    const lost = { gone: join(folder, 'nowhere'), one: join(folder, 'one.csv') };
    await w.run(offSiteBackup, { targets: lost, folder: away, keep: 1 });
    expect(w.errors()).toEqual([expect.stringMatching(/gone.*nowhere cannot be read \(ENOENT\)/)]);
    expect((await readdir(away)).sort()).toEqual(['gone_03_07_26.tar.gz', 'one_03_08_26.tar.gz']);
  });

  it('leaves nothing behind where archives are made, and needs a place to go to', async () => {
    const scratch = join(folder, 'scratch');
    await mkdir(scratch);
    await chmod(scratch, 0o700);
    await w.run(offSiteBackup, { targets: targets(), folder: away, scratch });
    expect(await readdir(scratch)).toEqual([]);
    await expect(w.run(offSiteBackup, { targets: targets() })).rejects.toMatchObject({ code: 'PB_AUTOMATION_ENGINE' });
    await w.run(offSiteBackup, { targets: { later: source }, folder: away }, { dryRun: true });
    expect(await readdir(away)).not.toContain('later_03_07_26.tar.gz');
  });
});
