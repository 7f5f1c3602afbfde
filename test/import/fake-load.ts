// A server that signs everybody in and answers `load` as it is told.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeOdoo {
  url: string;
  answers: object[];
  /** Rows of each call of `load`, the cells joined. */
  sent: string[][];
  close(): Promise<void>;
}

export async function fakeOdoo(answers: object[]): Promise<FakeOdoo> {
  const sent: string[][] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { params } = JSON.parse(Buffer.concat(chunks).toString());
      const result = answer(params.method, params.args);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
    });
  });

  function answer(method: string, args: readonly unknown[]): unknown {
    if (method === 'version') return { server_version: '17.0' };
    if (method === 'authenticate') return 2;
    if (args[4] === 'read')
      return [{ id: 2, login: 'admin', tz: 'UTC', company_id: 1, company_ids: [1], share: false }];
    const { data } = args[6] as { data: string[][] };
    sent.push(data.map((row) => row.join()));
    return left.shift() ?? { ids: [], messages: [] };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    sent,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
