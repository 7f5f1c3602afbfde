// A real WebDAV server on loopback, with a gate before it that can answer in its place.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v2 as dav } from 'webdav-server';

export const USER = 'shop';
export const PASSWORD = 'p4ss-that-nobody-may-see';

export interface DavServer {
  url: string;
  /** Method and path of each request. */
  requests: string[];
  /** Answers in place of the server when it returns a status; `cut` breaks the connection off. */
  gate: (method: string, path: string) => number | 'cut' | undefined;
  read(path: string): Promise<string | null>;
  bytes(path: string): Promise<Buffer>;
  close(): Promise<void>;
}

export async function startWebdav(kind: 'basic' | 'digest' = 'basic'): Promise<DavServer> {
  const users = new dav.SimpleUserManager();
  const user = users.addUser(USER, PASSWORD, false);
  const rights = new dav.SimplePathPrivilegeManager();
  rights.setRights(user, '/', ['all']);
  const folder = await mkdtemp(join(tmpdir(), 'planbridge-dav-'));
  const server = new dav.WebDAVServer({
    rootFileSystem: new dav.PhysicalFileSystem(folder),
    httpAuthentication:
      kind === 'basic' ? new dav.HTTPBasicAuthentication(users, 'dav') : new dav.HTTPDigestAuthentication(users, 'dav'),
    requireAuthentification: true,
    privilegeManager: rights,
    port: 0,
    hostname: '127.0.0.1',
  });
  const inner = (await server.startAsync(0)).address() as AddressInfo;
  const direct = { host: '127.0.0.1', port: inner.port };

  const front = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(request.url ?? '/');
    webdav.requests.push(`${request.method} ${path}`);
    const verdict = webdav.gate(request.method ?? '', path);
    if (verdict === 'cut') return request.socket.destroy();
    if (verdict !== undefined) {
      request.resume().on('end', () => response.writeHead(verdict, { 'content-type': 'text/plain' }).end('no'));
      return;
    }
    const headers = { ...request.headers };
    if (typeof headers.destination === 'string') {
      headers.destination = headers.destination.replace(webdav.url, `http://127.0.0.1:${inner.port}`);
    }
    const onward = httpRequest({ ...direct, method: request.method, path: request.url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));

  const webdav: DavServer = {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    requests: [],
    gate: () => undefined,
    read: (path) =>
      readFile(join(folder, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      }),
    bytes: (path) => readFile(join(folder, path)),
    async close() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await server.stopAsync();
      await rm(folder, { recursive: true });
    },
  };
  return webdav;
}
