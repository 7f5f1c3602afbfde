// A real IMAP server for tests: Dovecot from Debian, in a temporary folder, on a free port of 127.0.0.1, without rights of root.
// Where it is not installed the tests are skipped and say so; with PLANBRIDGE_REQUIRE_DOVECOT=1 that is a failure.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ImapFlow } from 'imapflow';

const run = promisify(execFile);
const PROGRAM = '/usr/sbin/dovecot';
const PASSWORD = 'secret@word/1';

export interface TestDovecot {
  port: number;
  /** With TLS from the first byte. */
  tlsPort: number;
  /** Certificate that is to be trusted. */
  ca: string;
  password: string;
  /** Of a user's mailbox, for MAIL_IMAP_URL. */
  url(user: string, query?: string): string;
  /** The same, by TLS. */
  tlsUrl(user: string, query?: string): string;
  /** A client, for what mail users do. */
  client<T>(user: string, use: (client: ImapFlow) => Promise<T>): Promise<T>;
  /** Ends the server as a crash would, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there is no Dovecot, or null when there is one. Ask before `startDovecot`. */
export function missingDovecot(): string | null {
  if (existsSync(PROGRAM)) return null;
  const reason = 'no Dovecot: install dovecot-imapd';
  if (process.env.PLANBRIDGE_REQUIRE_DOVECOT === '1') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return reason;
}

/** @param introspectionUrl who is asked about tokens (RFC 7662); without it there are passwords only */
export async function startDovecot(introspectionUrl: string | null = null): Promise<TestDovecot> {
  const folder = await mkdtemp(join(tmpdir(), 'planbridge-dovecot-'));
  const account = await ownAccount();
  const as = account.switch ? { uid: account.uid, gid: account.gid } : {};
  const [port, tlsPort] = [await freePort(), await freePort()];
  const ca = join(folder, 'certificate.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    join(folder, 'key.pem'),
  ];
  await run('openssl', ['req', '-x509', ...key, '-out', ca, '-days', '2', ...subject]);
  for (const name of ['run', 'mail', 'home']) await mkdir(join(folder, name));
  const config = join(folder, 'dovecot.conf');
  await writeFile(config, configuration(folder, account, port, tlsPort, introspectionUrl !== null));
  const asked = [
    'introspection_mode = post',
    `introspection_url = ${introspectionUrl}`,
    'username_attribute = username',
  ];
  await writeFile(
    join(folder, 'oauth2.conf'),
    `${[...asked, 'active_attribute = active', 'active_value = true'].join('\n')}\n`,
  );
  for (const name of ['', 'run', 'mail', 'home', 'key.pem']) {
    if (account.switch) await chown(join(folder, name), account.uid, account.gid);
  }

  let server: ChildProcess | undefined;
  const start = async () => {
    server = spawn(PROGRAM, ['-F', '-c', config], { ...as, cwd: folder, stdio: 'ignore', detached: true });
    const ended = new Promise<never>((_, reject) => {
      server?.once('exit', (code) => {
        void readFile(join(folder, 'log'), 'utf8')
          .catch(() => '')
          .then((log) => reject(new Error(`Dovecot ended with ${code}: ${log.slice(-2_000)}`)));
      });
    });
    ended.catch(() => {});
    await Promise.race([listens(port), ended]);
  };
  const end = async (signal: NodeJS.Signals) => {
    const one = server;
    server = undefined;
    if (!one || one.exitCode !== null) return;
    const ended = new Promise((resolve) => one.once('exit', resolve));
    one.kill(signal);
    await ended;
    try {
      // Processes that hold connections outlive their master for a while.
      process.kill(-one.pid!, 'SIGKILL');
    } catch {
      // All have ended.
    }
  };
  const stopNow = () => void server?.kill('SIGTERM');
  process.once('exit', stopNow);
  await start();

  const encoded = encodeURIComponent(PASSWORD);
  return {
    port,
    tlsPort,
    ca,
    password: PASSWORD,
    url: (user, query = '') => `imap://${user}:${encoded}@127.0.0.1:${port}/?tls=off${query && `&${query}`}`,
    tlsUrl: (user, query = '') =>
      `imaps://${user}:${encoded}@localhost:${tlsPort}/?ca=${encodeURIComponent(ca)}${query && `&${query}`}`,
    async client(user, use) {
      const auth = { user, pass: PASSWORD };
      const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false });
      await client.connect();
      try {
        return await use(client);
      } finally {
        await client.logout().catch(() => client.close());
      }
    },
    async restart() {
      await end('SIGTERM');
      await start();
    },
    async stop() {
      process.removeListener('exit', stopNow);
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

interface Account {
  name: string;
  group: string;
  uid: number;
  gid: number;
  /** The test runs as root; the server does not. */
  switch: boolean;
}

function configuration(
  folder: string,
  { name, group, uid, gid }: Account,
  port: number,
  tlsPort: number,
  tokens: boolean,
): string {
  const unchrooted = ['anvil', 'imap-login', 'stats', 'auth', 'imap', 'old-stats', 'ipc', 'director'];
  return `base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <${folder}/certificate.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login${tokens ? ' xoauth2' : ''}
auth_failure_delay = 0
default_internal_user = ${name}
default_internal_group = ${group}
default_login_user = ${name}
default_vsz_limit = 0
first_valid_uid = 1
first_valid_gid = 1
mail_uid = ${uid}
mail_gid = ${gid}
mail_location = maildir:${folder}/mail/%u
mail_fsync = never
imap_idle_notify_interval = 2 mins
mail_max_userip_connections = 100
${tokens ? `passdb {\n  driver = oauth2\n  mechanisms = xoauth2\n  args = ${folder}/oauth2.conf\n}` : ''}
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/home/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
${unchrooted.map((service) => `service ${service} {\n  chroot =\n}`).join('\n')}
`;
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', () => {
        socket.destroy();
        resolve(true);
      });
      for (const event of ['error', 'close'] as const) socket.once(event, () => resolve(false));
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error('Dovecot did not answer within 10 s');
}

async function ownAccount(): Promise<Account> {
  const { uid, gid, username } = userInfo();
  if (uid !== 0) {
    const { stdout } = await run('id', ['-gn']);
    return { name: username, group: stdout.trim(), uid, gid, switch: false };
  }
  const ask = async (option: string) => (await run('id', [option, 'nobody'])).stdout.trim();
  return {
    name: 'nobody',
    group: await ask('-gn'),
    uid: Number(await ask('-u')),
    gid: Number(await ask('-g')),
    switch: true,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
