// The demo that npm start brings when nothing is configured: the sandbox Odoo with a made-up company, in memory, on a free port.
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
