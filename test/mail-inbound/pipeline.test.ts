// The pipeline: each mail is handled once, in the order of its sender, whatever fails on the way; what cannot be read waits for a
// person; and nobody's mail waits for somebody else's.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlanbridgeError } from '../../src/errors.ts';
import type { ConversationService } from '../../src/mail/conversation/service.ts';
import type { PipelineOptions } from '../../src/mail/process.ts';
import { type ArrivedMail, storeMail } from '../../src/mail/store/intake.ts';
import { findMail, readAgain } from '../../src/mail/store/mails.ts';
import { claimMail, MOST_STARTS } from '../../src/mail/store/queue.ts';
import {
  CATALOGUE,
  clear,
  KINDS,
  openPipeline,
  openTestStore,
  plainReader,
  type Recorded,
  rawMail,
  recordingConversations,
  type TestStore,
  until,
} from './support.ts';

describe.each(KINDS)('the pipeline ($kind)', ({ kind, skip }) => {
  let test: TestStore;
  let conversations: Recorded;
  const never = new AbortController().signal;

  beforeAll(async () => {
    if (!skip) test = await openTestStore(kind);
  });
  afterAll(() => test?.close());
  beforeEach(async () => {
    if (skip) return;
    await clear(test.store);
    conversations = await recordingConversations(test.store);
    await test.store.query('delete from public.handled');
  });

  const receivedAt = Date.parse('2026-11-21T22:30:00Z');
  const put = async (raw: Buffer, more: Partial<ArrivedMail> = {}) =>
    (
      await storeMail(test.store, {
        source: 'smtp',
        place: 'x',
        raw,
        size: raw.length,
        envelope: { from: 'ann@example.com', to: [] },
        receivedAt,
        ...more,
      })
    ).id;
  const find = async (id: number) => (await findMail(test.store.query, id))!;
  const handledInTable = async () =>
    (
      await test.store.query<{ mail: number; kind: string }>(
        'select mail::integer, kind from public.handled order by mail, kind',
      )
    ).map(({ mail, kind: what }) => `${mail} ${what}`);
  const drain = (options: Partial<PipelineOptions> = {}, service: ConversationService = conversations) =>
    openPipeline(test.store, service, options).pipeline.drain(never);
  /** Makes what is to be tried later due. */
  const hurry = () => test.store.query('update planbridge.mail set due_at = now()');

  it.skipIf(skip)('reads a mail and hands it over with what it needs to know', async () => {
    const id = await put(rawMail({ subject: 'Our order', messageId: '<one@example.com>' }));
    expect(await drain()).toBe(1);
    const [incoming] = conversations.handled;
    expect(incoming?.stored).toMatchObject({ id, source: 'smtp', receivedAt, attempt: 1, released: false });
    expect(incoming?.full.reading).toMatchObject({ kind: 'order', order: { lines: [{ product: 21, quantity: 2 }] } });
    expect(incoming?.today).toBe('2026-11-21');
    expect(await find(id)).toMatchObject({
      state: 'done',
      kind: 'order',
      outcome: 'order',
      conversation: id,
      sender: 'ann@example.com',
      subject: 'Our order',
      messageId: '<one@example.com>',
      error: null,
    });
    expect(await drain()).toBe(0);
  });

  it.skipIf(skip)('tells a mail that came again by its Message-ID, and without one by what it says', async () => {
    const first = await put(rawMail({ messageId: '<same@example.com>' }));
    const again = await put(rawMail({ messageId: '<SAME@example.com>', body: 'other text\n' }));
    const plain = await put(rawMail({ messageId: null, body: 'an order without a number\n' }));
    const traced = await put(
      rawMail({ messageId: null, body: 'an order without a number\n', headers: ['Received: from a by b; today'] }),
    );
    const kept = await put(rawMail({ messageId: null, body: 'another\n' }));
    await drain();
    const reasons = await Promise.all([first, again, plain, traced, kept].map(async (id) => (await find(id)).reason));
    expect(reasons).toEqual([null, 'duplicate-message', 'no-order', 'duplicate-message', 'no-order']);
  });

  it.skipIf(skip)('reads the copies that FakeSMTP writes for each recipient as one order', async () => {
    // The first four lines are dropped; what is left of the trace differs by the second.
    const copy = (second: number) =>
      Buffer.from(
        `        Thu, 02 May 2024 15:12:0${second} +0200 (CEST)\nSubject: Order\nFrom: ann@example.com\nTo: sales@mycompany.com\n\n- Product ID: 21\n- Quantity: 2\n`,
      );
    await put(copy(1));
    await put(copy(2));
    await drain();
    expect(conversations.handled.map(({ full }) => full.reading.kind)).toEqual(['order', 'ignored']);
  });

  it.skipIf(skip)('believes the envelope more than a header that anybody writes', async () => {
    const bounce = await put(rawMail({ headers: ['Return-Path: <ann@example.com>'] }), {
      envelope: { from: '', to: [] },
    });
    const person = await put(rawMail({ headers: ['Return-Path: <>'] }));
    const unknown = await put(rawMail({ headers: ['Return-Path: <>'] }), { envelope: { from: null, to: [] } });
    await drain();
    expect([(await find(bounce)).reason, (await find(person)).kind, (await find(unknown)).reason]).toEqual([
      'bounce',
      'order',
      'bounce',
    ]);
  });

  it.skipIf(skip)('handles the mails of a sender in their order, however long each takes', async () => {
    const ids: number[] = [];
    for (let i = 0; i < 6; i++)
      ids.push(await put(rawMail({ from: i % 2 ? 'ann@example.com' : 'carl@other.com', subject: `${i}` })));
    const reader = {
      ...plainReader,
      parse: async (raw: Buffer) => {
        const mail = await plainReader.parse(raw, null);
        await new Promise((resolve) => setTimeout(resolve, 30 - 5 * Number(mail.subject)));
        return mail;
      },
    };
    await drain({ reader, concurrency: 4 });
    const order = (from: string) =>
      conversations.handled.filter(({ mail }) => mail.from?.email === from).map(({ mail }) => mail.subject);
    expect(order('ann@example.com')).toEqual(['1', '3', '5']);
    expect(order('carl@other.com')).toEqual(['0', '2', '4']);
  });

  it.skipIf(skip)('reads a mail again when another of the same company was handled meanwhile', async () => {
    // Bob is a contact of Ann's company: two senders, one customer.
    await put(rawMail({ from: 'ann@example.com' }));
    await put(rawMail({ from: 'bob@example.com' }));
    const known: number[] = [];
    const memory: Recorded['memory'] = async () => {
      known.push(conversations.handled.length);
      await new Promise((resolve) => setTimeout(resolve, 40));
      return { sent: [], orders: [] };
    };
    await drain({}, { ...conversations, memory });
    // Both began without the other; one of them looked again and saw it.
    expect(known.slice(0, 2)).toEqual([0, 0]);
    expect(known.at(-1)).toBe(1);
    expect(await handledInTable()).toHaveLength(2);
  });

  it.skipIf(skip)('tries again what fails, then leaves it to a person, and others go on', async () => {
    const bad = await put(rawMail({ from: 'bad@example.com', subject: 'bad' }));
    const behind = await put(rawMail({ from: 'bad@example.com', subject: 'behind' }));
    const other = await put(rawMail({ subject: 'other' }));
    let tries = 0;
    const reader = {
      ...plainReader,
      read: async (...args: Parameters<typeof plainReader.read>) => {
        if (args[0].subject !== 'bad') return await plainReader.read(...args);
        tries++;
        throw new Error('stumbled');
      },
    };
    await drain({ reader });
    expect(await find(bad)).toMatchObject({ state: 'waiting', failures: 1, error: 'stumbled' });
    expect(await find(other)).toMatchObject({ state: 'done' });
    // What comes after it from the same sender may belong to it.
    expect(await find(behind)).toMatchObject({ state: 'waiting', failures: 0 });
    for (let i = 0; i < 2; i++) {
      await hurry();
      await drain({ reader });
    }
    expect(tries).toBe(3);
    expect(await find(bad)).toMatchObject({ state: 'dead', failures: 3, error: 'stumbled', outcome: 'a person looks' });
    expect(conversations.givenUp).toMatchObject([{ stored: { id: bad }, why: 'stumbled' }]);
    expect(await find(behind)).toMatchObject({ state: 'done' });

    // A person has mended it.
    await readAgain(test.store.query, bad, { release: false });
    await drain();
    expect(await find(bad)).toMatchObject({ state: 'done', failures: 0, error: null });
  });

  it.skipIf(skip)('undoes all of a mail when its last step fails', async () => {
    const id = await put(rawMail());
    const handle: Recorded['handle'] = async (query, incoming, prepared) => {
      await conversations.handle(query, incoming, prepared);
      throw new Error('in the middle');
    };
    await drain({}, { ...conversations, handle });
    expect(await handledInTable()).toEqual([]);
    expect(await find(id)).toMatchObject({ state: 'waiting', failures: 1 });
    await hurry();
    await drain();
    expect(await handledInTable()).toEqual([`${id} order`]);
  });

  it.skipIf(skip)('lets mails wait while Odoo is away, without counting it against them', async () => {
    const id = await put(rawMail());
    let away = true;
    const catalogue: PipelineOptions['catalogue'] = async () => {
      if (away) throw new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'Odoo does not answer.');
      return CATALOGUE;
    };
    const { pipeline, lines } = openPipeline(test.store, conversations, { catalogue, concurrency: 1 });
    const stop = new AbortController();
    const working = pipeline.work(stop.signal);
    await until('trouble', () => pipeline.trouble()?.includes('Odoo') === true);
    expect(await find(id)).toMatchObject({ state: 'waiting', failures: 0 });
    away = false;
    await hurry();
    await until('read', async () => (await find(id)).state === 'done');
    await until('well', () => pipeline.trouble() === null);
    stop.abort();
    await working;
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it.skipIf(skip)('gives back what it had begun when the service ends, and begins it again', async () => {
    const id = await put(rawMail());
    const began = Promise.withResolvers<void>();
    const prepare: Recorded['prepare'] = async (_incoming, signal) => {
      began.resolve();
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));
      return '';
    };
    const { pipeline } = openPipeline(test.store, { ...conversations, prepare });
    const stop = new AbortController();
    const working = pipeline.work(stop.signal);
    await began.promise;
    stop.abort();
    await working;
    expect(await find(id)).toMatchObject({ state: 'waiting', failures: 0 });
    expect(await drain()).toBe(1);
    expect(await handledInTable()).toEqual([`${id} order`]);
  });

  it.skipIf(skip)('takes up what a killed process had begun, and refuses its late result', async () => {
    // A mail that counts for no customer: nothing but the claim tells that it was taken over.
    const id = await put(rawMail({ headers: ['Precedence: bulk'] }));
    const inside = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const prepare: Recorded['prepare'] = async () => {
      inside.resolve();
      await go.promise;
      return '';
    };
    // Its claim ends before it has finished; it does not renew, as if it had been stopped.
    const late = openPipeline(test.store, { ...conversations, prepare }, { holder: 'late', leaseMs: 100_000 });
    const lateWork = late.pipeline.drain(never);
    await inside.promise;
    expect(await drain()).toBe(0);
    await test.store.query(`update planbridge.mail set held_until = now() - interval '1 second'`);
    expect(await drain()).toBe(1);
    go.resolve();
    expect(await lateWork).toBe(0);
    expect(await handledInTable()).toEqual([`${id} ignored`]);
  });

  it.skipIf(skip)('leaves to a person a mail that ends the process each time', async () => {
    const id = await put(rawMail());
    for (let i = 0; i < MOST_STARTS; i++) {
      expect(await claimMail(test.store, `killed ${i}`, 0)).not.toBeNull();
      await test.store.query(`update planbridge.mail set held_until = now() - interval '1 second'`);
    }
    await drain();
    expect(await find(id)).toMatchObject({ state: 'dead' });
    expect(conversations.givenUp).toHaveLength(1);
    expect(conversations.handled).toHaveLength(0);
  });

  it.skipIf(skip)('reads a mail of a refused sender when a person lets it through', async () => {
    const settings = {
      ownAddresses: new Set(['sales@mycompany.com']),
      staffDomains: new Set<string>(),
      policy: { kind: 'domains', domains: ['elsewhere.com'] } as const,
      limits: { maxLines: 500, maxQuantity: 1_000, duplicateWindowHours: 24 },
    };
    const id = await put(rawMail());
    await drain({ settings });
    expect(await find(id)).toMatchObject({ state: 'done', reason: 'refused' });
    await readAgain(test.store.query, id, { release: true });
    await drain({ settings });
    expect(await find(id)).toMatchObject({ state: 'done', kind: 'order', released: true });
  });

  it.skipIf(skip)('reads only the head of what was too large, and a person looks', async () => {
    const raw = rawMail({
      headers: ['Content-Type: multipart/mixed; boundary=x'],
      body: '--x\n\n- Product ID: 21\n- Quantity: 2\n',
    });
    const id = await put(raw, { size: 90_000_000 });
    await drain();
    expect(await find(id)).toMatchObject({ state: 'done', kind: 'question', reason: 'attachment', kept: 'head' });
    expect(conversations.handled[0]?.mail.refused).toContain('90000000');
  });

  it.skipIf(skip)('asks for the orders of who wrote first, when our own people forward', async () => {
    const asked: (readonly string[])[] = [];
    const memory: Recorded['memory'] = async ({ customers }) => {
      asked.push(customers);
      return { sent: [], orders: [] };
    };
    const body =
      'please\n\n---------- Forwarded message ---------\nFrom: Bob <bob@example.com>\n\n- Product ID: 21\n- Quantity: 2\n';
    await put(rawMail({ from: 'eve@mycompany.com', body }));
    await put(rawMail({ from: 'stranger@else.com', body }));
    await drain({ concurrency: 1 }, { ...conversations, memory });
    expect(asked).toEqual([['eve@mycompany.com', 'partner 1'], ['stranger@else.com']]);
  });

  it.skipIf(skip)('shares the work between processes, each mail once', async () => {
    for (let i = 0; i < 60; i++) await put(rawMail({ from: `c${i % 20}@example.com` }));
    const counts = await Promise.all(['a', 'b', 'c'].map((holder) => drain({ holder })));
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
    const rows = await handledInTable();
    expect(new Set(rows).size).toBe(60);
    expect(rows).toHaveLength(60);
  });
});
