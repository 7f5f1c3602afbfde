// Files on a real WebDAV server: replaced as a whole or not at all, and an upload whose answer is an error is an error.
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WEBDAV_SETTINGS, webdav } from '../../src/automation/engines/webdav.ts';
import type { PlanbridgeError } from '../../src/errors.ts';
import { type DavServer, PASSWORD, startWebdav, USER } from './webdav-server.ts';

let server: DavServer;
beforeEach(async () => {
  server = await startWebdav();
});
afterEach(() => server.close());

const engine = (changes: Record<string, unknown> = {}) =>
  webdav(WEBDAV_SETTINGS.parse({ url: server.url, user: USER, password: PASSWORD, timeoutSeconds: 5, ...changes }));
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it was taken')),
    (error: unknown) => error as PlanbridgeError,
  );
const uploadsOf = async (folder: string) => (await engine().list(folder)).map(({ path, size }) => [path, size]);

describe('an upload', () => {
  it('makes the folders, and replaces what is there', async () => {
    await engine().upload('feeds/shop/stock.csv', 'a,b\n1,2\n', 'text/csv');
    await engine().upload('feeds/shop/stock.csv', 'a,b\n3,4,ü\n', 'text/csv');
    expect(await server.read('/feeds/shop/stock.csv')).toBe('a,b\n3,4,ü\n');
    expect(await uploadsOf('feeds/shop')).toEqual([['feeds/shop/stock.csv', 11]]);
  });

  it('takes streams', async () => {
    const parts = Array.from({ length: 64 }, (_, n) => Buffer.alloc(16_384, 65 + (n % 26)));
    await engine().upload(
      'big.bin',
      { size: 64 * 16_384, open: () => Readable.from(parts) },
      'application/octet-stream',
    );
    expect(await server.read('/big.bin')).toBe(Buffer.concat(parts).toString());
  });

  it('signs in as the server wants it, streams too', async () => {
    const digest = await startWebdav('digest');
    try {
      const client = engine({ url: digest.url });
      await client.upload('one.txt', 'one', 'text/plain');
      await client.upload('two.txt', { size: 3, open: () => Readable.from(['two']) }, 'text/plain');
      expect([await digest.read('/one.txt'), await digest.read('/two.txt')]).toEqual(['one', 'two']);
    } finally {
      await digest.close();
    }
  });

  it.each([500, 502, 503])(
    'that is answered %i failed, may be tried again, and leaves the old file',
    async (status) => {
      await engine().upload('stock.csv', 'old', 'text/csv');
      server.gate = (method) => (method === 'PUT' ? status : undefined);
      expect((await failure(engine().upload('stock.csv', 'new', 'text/csv'))).code).toBe('PB_AUTOMATION_UNREACHABLE');
      expect(await server.read('/stock.csv')).toBe('old');
    },
  );

  it.each([
    [401, 'user and password'],
    [403, 'may write'],
    [409, 'url of the engine'],
    [507, 'Make room'],
  ])('that is answered %i is refused, with what to do', async (status, remedy) => {
    server.gate = (method) => (method === 'PUT' ? status : undefined);
    const error = await failure(engine().upload('stock.csv', 'new', 'text/csv'));
    expect(error.code).toBe('PB_AUTOMATION_REFUSED');
    expect(error.message).toContain('stock.csv');
    expect(error.remedy).toContain(remedy);
    expect(await server.read('/stock.csv')).toBeNull();
  });

  it('that the server swallows is found out', async () => {
    server.gate = (method) => (method === 'PUT' ? 201 : undefined);
    const error = await failure(engine().upload('stock.csv', 'new', 'text/csv'));
    expect(error.message).toContain('(3 bytes) there is nothing');
  });

  it('that is cut leaves the old file, and nothing beside it', async () => {
    await engine().upload('stock.csv', 'old', 'text/csv');
    server.gate = (method) => (method === 'MOVE' ? 'cut' : undefined);
    expect((await failure(engine().upload('stock.csv', 'newer', 'text/csv'))).code).toBe('PB_AUTOMATION_UNREACHABLE');
    server.gate = () => undefined;
    expect(await server.read('/stock.csv')).toBe('old');
    const deleted = server.requests.filter((request) => request.startsWith('DELETE'));
    expect(deleted).toHaveLength(1);
  });

  it('is written in place where the server cannot move', async () => {
    await engine().upload('stock.csv', 'old', 'text/csv');
    server.gate = (method) => (method === 'MOVE' ? 405 : undefined);
    await engine().upload('stock.csv', 'new', 'text/csv');
    expect(await server.read('/stock.csv')).toBe('new');
  });

  it('never leads out of its folder', async () => {
    expect((await failure(engine().upload('../etc/passwd', 'x', 'text/plain'))).message).toContain('leads out');
    expect(server.requests).toEqual([]);
  });

  it('says when there is no server, and no password', async () => {
    const error = await failure(engine({ url: 'http://127.0.0.1:9' }).upload('a', 'b', 'text/plain'));
    expect(error.code).toBe('PB_AUTOMATION_UNREACHABLE');
    const denied = await failure(engine({ password: 'wrong-p4ss' }).upload('a', 'b', 'text/plain'));
    expect(denied.code).toBe('PB_AUTOMATION_REFUSED');
    expect(JSON.stringify([denied.message, denied.remedy])).not.toContain('wrong-p4ss');
  });
});

describe('what is there', () => {
  it('is found, listed and removed', async () => {
    expect(await engine().list('nowhere')).toEqual([]);
    expect(await engine().find('nowhere/a b.txt')).toBeNull();
    await engine().upload('folder/a b.txt', 'abc', 'text/plain');
    expect(await engine().find('folder/a b.txt')).toMatchObject({ path: 'folder/a b.txt', size: 3 });
    await engine().remove('folder/a b.txt');
    await engine().remove('folder/a b.txt');
    expect(await engine().list('folder')).toEqual([]);
  });

  it('has an address for others', async () => {
    const client = engine({ publicUrl: 'https://files.example.com/content/' });
    expect(client.address('sms/5 off.jpg')).toBe('https://files.example.com/content/sms/5%20off.jpg');
    expect(() => engine().address('a.jpg')).toThrow('publicUrl');
  });
});

it('takes no credentials in an address', () => {
  expect(WEBDAV_SETTINGS.safeParse({ url: 'https://a:b@dav.example.com' }).success).toBe(false);
  expect(WEBDAV_SETTINGS.safeParse({ url: 'ftp://dav.example.com' }).success).toBe(false);
});
