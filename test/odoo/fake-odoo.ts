// A small HTTP server that speaks Odoo's external API over rows in memory, and misbehaves on demand.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface Call {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  /** Of JSON-RPC `object.execute_kw` and of JSON-2. */
  model?: string;
  method?: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
}

/** What happens to a call instead of an answer. */
export type Fault =
  | { kind: 'drop' }
  | { kind: 'cut' }
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  | { kind: 'slow'; ms: number }
  | { kind: 'html' }
  | { kind: 'odoo'; name: string; message: string; debug?: string };

export interface FakeOdoo {
  url: string;
  calls: Call[];
  /** Faults of the next calls of `execute_kw` or JSON-2, in order; null = none. */
  faults: (Fault | null)[];
  gzip: boolean;
  close(): Promise<void>;
}

export interface FakeModel {
  fields: Record<string, Record<string, unknown>>;
  rows: Record<string, unknown>[];
}

export interface FakeOptions {
  version?: string;
  databases?: string[] | 'denied';
  password?: string;
  models?: Record<string, FakeModel>;
}

class Refusal extends Error {
  readonly fault: { name: string; message: string; debug: string };
  constructor(name: string, message: string, debug = 'Traceback (most recent call last)') {
    super(message);
    this.fault = { name, message, debug };
  }
}

const USER = {
  id: 2,
  login: 'admin',
  tz: 'Europe/Brussels',
  lang: 'en_US',
  company_id: [1, 'One'],
  company_ids: [2, 1],
};

export async function startFakeOdoo(options: FakeOptions = {}): Promise<FakeOdoo> {
  const version = options.version ?? '17.0';
  const json2 = Number.parseInt(version, 10) >= 19;
  const password = options.password ?? 's3cret-password';
  const models: Record<string, FakeModel> = {
    'res.users': {
      fields: Object.fromEntries(Object.keys(USER).map((name) => [name, { type: 'char', store: true }])),
      rows: [USER],
    },
    ...options.models,
  };
  const state: { calls: Call[]; faults: (Fault | null)[]; gzip: boolean } = { calls: [], faults: [], gzip: false };
  const sockets = new Set<Socket>();

  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      void answer(request, response, text === '' ? {} : JSON.parse(text));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: Record<string, unknown>,
  ): Promise<void> {
    const path = request.url ?? '';
    const call: Call = { path, headers: request.headers, body, args: [], kwargs: {} };
    if (path === '/web/version' && json2)
      return send(response, 200, { version, version_info: [19, 0, 0, 'final', 0, ''] });
    if (path === '/jsonrpc' && !json2) return await jsonRpc(call, response);
    if (path.startsWith('/json/2/') && json2) return await second(call, response);
    response.writeHead(404, { 'content-type': 'text/html' });
    response.end('<!DOCTYPE html><html><title>404 Not Found</title></html>');
  }

  async function jsonRpc(call: Call, response: ServerResponse): Promise<void> {
    const { service, method, args } = call.body.params as { service: string; method: string; args: unknown[] };
    try {
      let result: unknown;
      if (service === 'common' && method === 'version')
        result = { server_version: version, server_version_info: [17, 0] };
      else if (service === 'db') {
        if (options.databases === 'denied') throw new Refusal('odoo.exceptions.AccessDenied', 'Access Denied');
        result = options.databases ?? ['one'];
      } else if (service === 'common') {
        checkDatabase(String(args[0]));
        result = args[2] === password ? USER.id : false;
      } else {
        const [database, , given, model, name, positional, kwargs] = args as [
          string,
          number,
          string,
          string,
          string,
          unknown[],
          Record<string, unknown>,
        ];
        Object.assign(call, { model, method: name, args: positional, kwargs });
        state.calls.push(call);
        if (await misbehave(response)) return;
        checkDatabase(database);
        if (given !== password) throw new Refusal('odoo.exceptions.AccessDenied', 'Access Denied');
        result = execute(call);
      }
      send(response, 200, { jsonrpc: '2.0', id: 1, result });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, 200, {
        jsonrpc: '2.0',
        id: 1,
        error: { code: 200, message: 'Odoo Server Error', data: error.fault },
      });
    }
  }

  async function second(call: Call, response: ServerResponse): Promise<void> {
    const [, , , model = '', method = ''] = call.path.split('/');
    const { ids, ...kwargs } = call.body;
    Object.assign(call, { model, method, args: ids === undefined ? [] : [ids], kwargs });
    state.calls.push(call);
    try {
      if (await misbehave(response)) return;
      if (call.headers.authorization !== `bearer ${password}`) {
        return send(response, 401, { name: 'werkzeug.exceptions.Unauthorized', message: 'Invalid apikey', debug: '' });
      }
      if (method === 'context_get') return send(response, 200, { uid: USER.id, lang: 'en_US', tz: 'UTC' });
      send(response, 200, execute(call));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const status = error.fault.name.endsWith('AccessError')
        ? 403
        : error.message.includes('does not exist')
          ? 404
          : 500;
      send(response, status, error.fault);
    }
  }

  /** True when the fault was the answer. */
  async function misbehave(response: ServerResponse): Promise<boolean> {
    const fault = state.faults.shift();
    if (fault == null) return false;
    switch (fault.kind) {
      case 'drop':
        response.socket?.destroy();
        return true;
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"jsonrpc": "2.0", "result": [{"id": 1');
        setTimeout(() => response.socket?.destroy(), 10);
        return true;
      case 'status':
        response.writeHead(fault.status, { 'content-type': 'text/html', ...fault.headers });
        response.end(fault.body ?? '<html>busy</html>');
        return true;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!DOCTYPE html><html><body>Welcome</body></html>');
        return true;
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return response.destroyed;
      case 'odoo':
        throw new Refusal(fault.name, fault.message, fault.debug);
    }
  }

  function checkDatabase(name: string): void {
    const known = Array.isArray(options.databases) ? options.databases : ['one'];
    if (!known.includes(name)) {
      throw new Refusal('psycopg2.OperationalError', `connection failed: FATAL:  database "${name}" does not exist\n`);
    }
  }

  function execute({ model = '', method, args, kwargs }: Call): unknown {
    const known = models[model];
    if (known === undefined) {
      throw json2
        ? new Refusal('werkzeug.exceptions.NotFound', `the model '${model}' does not exist`)
        : new Refusal('odoo.exceptions.UserError', `Object ${model} doesn't exist`);
    }
    if (method === 'fields_get') return known.fields;
    const wanted = (kwargs.fields ?? args[1]) as string[] | undefined;
    const show = (row: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(row).filter(([name]) => name === 'id' || !wanted || wanted.includes(name)));
    if (method === 'read')
      return known.rows.filter((row) => (args[0] as number[]).includes(row.id as number)).map(show);
    const domain = (kwargs.domain ?? args[0] ?? []) as [string, string, unknown][];
    let rows = known.rows.filter((row) => domain.every((leaf) => matches(row, leaf)));
    rows = rows.toSorted((a, b) => (a.id as number) - (b.id as number));
    if (kwargs.order === 'id desc') rows.reverse();
    rows = rows.slice(0, (kwargs.limit as number | undefined) ?? rows.length);
    return method === 'search' ? rows.map((row) => row.id) : rows.map(show);
  }

  function send(response: ServerResponse, status: number, json: unknown): void {
    const text = JSON.stringify(json);
    const gzip = state.gzip && String(response.req.headers['accept-encoding']).includes('gzip');
    response.writeHead(status, { 'content-type': 'application/json', ...(gzip ? { 'content-encoding': 'gzip' } : {}) });
    response.end(gzip ? gzipSync(text) : text);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function matches(row: Record<string, unknown>, [field, operator, value]: [string, string, unknown]): boolean {
  const own = row[field] as number;
  switch (operator) {
    case '>':
      return own > (value as number);
    case '<=':
      return own <= (value as number);
    case '=':
      return own === value;
    case 'in': {
      const list = value as unknown[];
      return Array.isArray(own) ? own.some((id) => list.includes(id)) : list.includes(own);
    }
  }
  throw new Error(`the fake server does not know ${operator}`);
}
