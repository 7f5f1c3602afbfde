// kill -9 at random moments while mails come in by every source: in the end each mail is stored once and handled once.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawMail as bytesOf } from '../../src/mail/store/mails.ts';
import { openStore } from '../../src/store/database.ts';
import { missingDovecot, startDovecot, type TestDovecot } from '../support/dovecot.ts';
import { freePort, KINDS, openTestStore, rawMail, type TestStore, until } from './support.ts';

const noDovecot = missingDovecot() !== null;
const TOKEN = 'a-token-that-is-long-enough-for-this';
const CHILD = new URL('./crash-child.ts', import.meta.url).pathname;
/** More of both where there is time: `PLANBRIDGE_KILLS=100`. */
const MORE = Number(process.env.PLANBRIDGE_KILLS ?? 0);
const COUNTS = { postgres: { mails: 60, kills: MORE || 2 }, embedded: { mails: 24, kills: MORE || 1 } };

describe.each(KINDS)('killed at any moment ($kind)', ({ kind, skip: noStore }) => {
  const skip = noStore || noDovecot;
  let test: TestStore;
  let dovecot: TestDovecot;
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    if (skip) return;
    [test, dovecot] = await Promise.all([openTestStore(kind), startDovecot()]);
  });
  afterAll(async () => {
    child?.kill('SIGKILL');
    await dovecot?.stop();
    await test?.close();
  });

  it.skipIf(skip)('keeps each mail, and handles it once', { timeout: 180_000 + MORE * 5_000 }, async () => {
    const folder = join(test.directory, 'in');
    await mkdir(folder);
    const [smtpPort, httpPort] = [await freePort(), await freePort()];
    // An embedded database is the child's alone.
    if (kind === 'embedded') await test.store.close();
    const environment = {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
      ...(test.url === null ? {} : { DATABASE_URL: test.url }),
      PLANBRIDGE_DATA_DIR: test.directory,
      MAIL_ADDRESSES: 'sales@mycompany.com',
      MAIL_IMAP_URL: dovecot.url('crash'),
      MAIL_POLL_SECONDS: '1',
      MAIL_SMTP_PORT: String(smtpPort),
      MAIL_FOLDER: folder,
      MAIL_TOKEN: TOKEN,
      TEST_HTTP_PORT: String(httpPort),
    };
    let starts = 0;
    const start = async () => {
      starts++;
      const started = spawn(process.execPath, [CHILD], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
      child = started;
      await new Promise<void>((resolve, reject) => {
        started.stdout.once('data', () => resolve());
        started.once('exit', (code, signal) => reject(new Error(`the child ended: ${code ?? signal}`)));
      });
    };
    const kill = async () => {
      const one = child!;
      const ended = new Promise((resolve) => one.once('exit', resolve));
      one.kill('SIGKILL');
      await ended;
    };

    const raws = Array.from({ length: COUNTS[kind].mails }, (_, i) =>
      rawMail({
        from: `c${i % 40}@example.com`,
        subject: `mail ${i}`,
        body: `- Product ID: 21\n- Quantity: ${i + 1}\n`,
      }),
    );
    let done = false;
    /** As mail servers do: again, until it is taken. */
    const insist = async (send: () => Promise<unknown>) => {
      while (!done) {
        try {
          return await send();
        } catch {
          await sleep(50);
        }
      }
      throw new Error('too late');
    };
    const senders: ((raw: Buffer, i: number) => Promise<unknown>)[] = [
      (raw) =>
        insist(async () => {
          const transport = createTransport({
            host: '127.0.0.1',
            port: smtpPort,
            ignoreTLS: true,
            connectionTimeout: 2_000,
            socketTimeout: 3_000,
          });
          await transport.sendMail({ envelope: { from: 'ann@example.com', to: ['sales@mycompany.com'] }, raw });
        }),
      (raw) =>
        insist(async () => {
          const { status } = await fetch(`http://127.0.0.1:${httpPort}/mail/inbound`, {
            method: 'POST',
            headers: { authorization: `Bearer ${TOKEN}` },
            body: new Uint8Array(raw),
            signal: AbortSignal.timeout(3_000),
          });
          if (status >= 300) throw new Error(String(status));
        }),
      async (raw, i) => {
        const file = await open(join(folder, `${i}.eml`), 'w');
        await file.write(raw.subarray(0, 50));
        await sleep(20);
        await file.write(raw.subarray(50));
        await file.close();
      },
      (raw) => dovecot.client('crash', (client) => client.append('INBOX', raw)),
    ];

    await start();
    const feeding = Promise.all(
      senders.map(async (send, which) => {
        for (let i = which; i < raws.length; i += senders.length) {
          await send(raws[i]!, i);
          // Some come by two ways.
          if (i % 25 === 0) await senders[(which + 1) % senders.length]!(raws[i]!, i);
        }
      }),
    );
    for (let kills = 0; kills < COUNTS[kind].kills; kills++) {
      await sleep(20 + Math.random() * 500);
      await kill();
      await start();
    }
    await feeding;
    done = true;

    await until(
      'all read',
      async () => {
        const answer = await fetch(`http://127.0.0.1:${httpPort}/count`);
        const { mails, waiting } = (await answer.json()) as { mails: number; waiting: number };
        return mails >= COUNTS[kind].mails && waiting === 0;
      },
      30_000,
    );
    await until('all flagged', () => flagged(dovecot, COUNTS[kind].mails / senders.length), 20_000);
    await kill();
    if (kind === 'embedded') test.store = await openStore({ databaseUrl: null, dataDirectory: test.directory });
    const { store } = test;
    expect(starts).toBe(COUNTS[kind].kills + 1);

    const stored = await store.query<{ id: number; state: string; failures: number }>(
      'select id::integer, state, failures from planbridge.mail order by id',
    );
    expect(stored).toHaveLength(COUNTS[kind].mails);
    expect(stored.filter(({ state, failures }) => state !== 'done' || failures > 0)).toEqual([]);
    const handled = await store.query<{ mail: number; kind: string }>('select mail::integer, kind from public.handled');
    expect(handled.map(({ mail }) => mail).sort((a, b) => a - b)).toEqual(stored.map(({ id }) => id));
    expect(new Set(handled.map((row) => row.kind))).toEqual(new Set(['order']));
    const kept = new Set<string>();
    for (const { id } of stored) kept.add((await bytesOf(store.query, id))!.bytes.toString());
    expect(raws.filter((raw) => !kept.has(raw.toString()))).toEqual([]);
  });
});

async function flagged(dovecot: TestDovecot, least: number): Promise<boolean> {
  return await dovecot.client('crash', async (client) => {
    await client.mailboxOpen('INBOX');
    const all = await client.fetchAll('1:*', { flags: true });
    return all.length >= least && all.every(({ flags }) => flags?.has('\\Seen'));
  });
}
