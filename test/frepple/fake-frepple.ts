// frePPLe's task API as its 9.x server answers it: 200 with a message for mistakes, statuses as texts, a log per task.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeTask {
  name: string;
  arguments: Record<string, string>;
  status: string;
  message: string;
  log: string;
}

export interface FakeFrepple {
  url: string;
  tasks: Map<number, FakeTask>;
  /** What the next requests meet instead: an answer's status, or `drop` = the task is launched and the answer lost. */
  troubles: (number | 'drop')[];
  /** Called at each look at a task: moves it on. */
  onStatus: (task: FakeTask) => void;
  close(): Promise<void>;
}

export async function startFrepple(authorization: string): Promise<FakeFrepple> {
  const tasks = new Map<number, FakeTask>();
  const fake: FakeFrepple = { url: '', tasks, troubles: [], onStatus: () => {}, close: async () => {} };
  const view = (id: number, { name, status, message }: FakeTask) => ({
    [id]: {
      name,
      submitted: '2026-03-02 08:00:00',
      started: 'None',
      finished: 'None',
      arguments: '',
      status,
      message,
      user: 'admin',
    },
  });

  const server = createServer(async (request, response) => {
    const json = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    const trouble = fake.troubles.shift();
    if (typeof trouble === 'number') return response.writeHead(trouble).end('<html>Server Error</html>');
    if (request.headers.authorization !== authorization)
      return response.writeHead(302, { location: '/data/login/' }).end();
    const url = new URL(request.url!, 'http://frepple');
    const action = /^\/execute\/api\/(.+)\/$/.exec(url.pathname)?.[1] ?? '';
    const id = Number(url.searchParams.get('id'));
    const task = tasks.get(id);
    switch (action) {
      case 'status': {
        if (id) {
          if (task) fake.onStatus(task);
          return json(task ? view(id, task) : {});
        }
        const open = [...tasks].filter(([, { status }]) => !['Done', 'Failed', 'Canceled'].includes(status));
        return json(Object.assign({}, ...open.map(([number, each]) => view(number, each))));
      }
      case 'cancel':
        if (task) task.status = 'Canceled';
        return json(task ? view(id, task) : {});
      case 'log':
        if (!task?.log) return json({ message: `Task ${id} has no logfile` });
        return response.setHeader('content-type', 'application/octet-stream').end(task.log);
    }
    if (request.method !== 'POST' || !['runplan', 'odoo_export'].includes(action))
      return json({ message: 'Exception launching task' });
    const number = tasks.size + 1;
    const given = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
    tasks.set(number, { name: action, arguments: given, status: 'Waiting', message: '', log: '' });
    if (trouble === 'drop') return response.destroy();
    json({ taskid: number, message: 'Successfully launched task' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fake.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return fake;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
