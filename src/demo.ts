// The demo that npm start brings when nothing is configured: the sandbox Odoo with a made-up company, in memory, on a free port.
import { createServer } from 'node:net';
import { demoCompany } from './sandbox/demo/company.ts';
import { createSandbox } from './sandbox/sandbox.ts';

export interface Demo {
  url: string;
  database: string;
  company: string;
  login: string;
  password: string;
  close(): Promise<void>;
}

const DATABASE = 'demo';
const LOGIN = 'admin';
const PORTS_TRIED = 50;

export async function startDemo(now = new Date()): Promise<Demo> {
  const sandbox = createSandbox({ data: demoCompany(now), database: DATABASE });
  const [company] = [...sandbox.db.table('res.company').rows()].sort((a, b) => a.id - b.id);
  const running = await sandbox.listen(0);
  return {
    url: running.url,
    database: DATABASE,
    company: String(company?.name ?? ''),
    login: LOGIN,
    // Every user of the sandbox has his login as password.
    password: LOGIN,
    close: () => running.close(),
  };
}

/** The port that is wanted, or the next free one after it; 0 = any. @param given said by the user: no other will do */
export async function freePort(wanted: number, given: boolean): Promise<number> {
  const tried = wanted === 0 || given ? 1 : PORTS_TRIED;
  for (let port = wanted; port < wanted + tried; port++) {
    const free = await new Promise<number | null>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(null));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(address && typeof address === 'object' ? address.port : null));
      });
    });
    if (free !== null) return free;
  }
  return wanted;
}
