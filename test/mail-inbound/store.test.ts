// The raw store: exact bytes, one mail for the same bytes, the beginning of what is too large, and an end to all keeping.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { senderOf } from '../../src/mail/store/head.ts';
import { storeMail } from '../../src/mail/store/intake.ts';
import { takeLease, withLease } from '../../src/mail/store/lease.ts';
import { rawMail as bytesOf, findMail, listMails, sightingsOf } from '../../src/mail/store/mails.ts';
import { dropOldMails } from '../../src/mail/store/queue.ts';
import { clear, KINDS, openTestStore, rawMail, type TestStore } from './support.ts';

describe.each(KINDS)('stored mails ($kind)', ({ kind, skip }) => {
  let test: TestStore;
  beforeAll(async () => {
    if (!skip) test = await openTestStore(kind);
  });
  afterAll(() => test?.close());
  beforeEach(async () => {
    if (!skip) await clear(test.store);
  });

  const arrived = (raw: Buffer, more: object = {}) => ({
    source: 'smtp',
    place: '127.0.0.1',
    raw,
    size: raw.length,
    envelope: { from: 'ann@example.com', to: ['sales@mycompany.com'] },
    receivedAt: Date.parse('2026-11-21T09:00:00Z'),
    ...more,
  });

  it.skipIf(skip).each([
    ['text', rawMail({ body: 'Hello\n'.repeat(2_000) })],
    [
      'every byte',
      Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.from(Array.from({ length: 256 }, (_, i) => i))]),
    ],
    ['what does not compress', Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), randomBytes(300_000)])],
    ['nothing', Buffer.alloc(0)],
  ])('gives back the exact bytes of %s', async (_name, raw) => {
    const { id, added, sha256 } = await storeMail(test.store, arrived(raw));
    expect(added).toBe(true);
    expect(sha256).toBe(createHash('sha256').update(raw).digest('hex'));
    const kept = await bytesOf(test.store.query, id);
    expect(kept?.kept).toBe('whole');
    expect(kept?.bytes.equals(raw)).toBe(true);
  });

  it.skipIf(skip)('takes the same bytes from two sources for one mail that was seen twice', async () => {
    const raw = rawMail();
    const one = await storeMail(test.store, arrived(raw));
    const two = await storeMail(
      test.store,
      arrived(raw, { source: 'folder', place: '/in/1.eml', envelope: { from: null, to: [] } }),
    );
    const three = await storeMail(test.store, arrived(raw));
    expect([two, three].map(({ id, added }) => [id, added])).toEqual([
      [one.id, false],
      [one.id, false],
    ]);
    expect(
      (await sightingsOf(test.store.query, one.id)).map(({ source, place }) => `${source} ${place}`).sort(),
    ).toEqual(['folder /in/1.eml', 'smtp 127.0.0.1']);
    expect(await listMails(test.store.query, { limit: 10 })).toHaveLength(1);
  });

  it.skipIf(skip)('stores one mail when the same bytes come at once', async () => {
    const raw = rawMail();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => storeMail(test.store, arrived(raw, { place: `${i}` }))),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(all.filter(({ added }) => added)).toHaveLength(1);
  });

  it.skipIf(skip)('stores nothing when what belongs to it fails', async () => {
    const raw = rawMail();
    const failing = storeMail(test.store, arrived(raw), () => Promise.reject(new Error('no cursor')));
    await expect(failing).rejects.toThrow('no cursor');
    expect(await listMails(test.store.query, { limit: 10 })).toEqual([]);
  });

  it.skipIf(skip)('keeps the beginning of what is too large, with its size', async () => {
    const raw = rawMail({ subject: 'Large' });
    const { id } = await storeMail(test.store, arrived(raw, { size: 90_000_000 }));
    expect(await findMail(test.store.query, id)).toMatchObject({ kept: 'head', size: 90_000_000 });
    const other = await storeMail(test.store, arrived(raw, { size: 90_000_001 }));
    expect(other.added).toBe(true);
  });

  it.skipIf(skip)('takes the bytes of done mails after their time, and knows them still', async () => {
    const raw = rawMail();
    const done = await storeMail(test.store, arrived(raw));
    const waiting = await storeMail(test.store, arrived(rawMail()));
    await test.store.query(`update planbridge.mail set state = 'done', done_at = '2026-01-01' where id = $1`, [
      done.id,
    ]);
    expect(await dropOldMails(test.store, Date.parse('2026-01-02'))).toBe(1);
    expect(await bytesOf(test.store.query, done.id)).toBeNull();
    expect(await bytesOf(test.store.query, waiting.id)).not.toBeNull();
    expect(await storeMail(test.store, arrived(raw))).toMatchObject({ id: done.id, added: false });
  });

  it.skipIf(skip)('finds mails by sender, state and words, and takes signs as signs', async () => {
    await storeMail(test.store, arrived(rawMail({ from: 'Ann <ann@example.com>' })));
    await storeMail(test.store, arrived(rawMail({ from: 'b%b@example.com' })));
    const found = async (search: string) => (await listMails(test.store.query, { search, limit: 10 })).length;
    await test.store.query('update planbridge.mail set sender = lane');
    expect(await found('ann@')).toBe(1);
    expect(await found('%')).toBe(1);
    expect(await found('nobody')).toBe(0);
    expect(await listMails(test.store.query, { state: 'dead', limit: 10 })).toEqual([]);
  });

  it.skipIf(skip)('lends to one holder, until it gives back or no longer renews', async () => {
    const a = { holder: 'a', leaseMs: 150 };
    const b = { holder: 'b', leaseMs: 150 };
    const signal = new AbortController().signal;
    const inside = Promise.withResolvers<void>();
    const held = withLease(test.store, 'x', a, signal, () => inside.promise);
    await new Promise((resolve) => setTimeout(resolve, 400));
    // Renewed twice by now.
    expect(await takeLease(test.store, 'x', b)).toBe(false);
    inside.resolve();
    await held;
    expect(await takeLease(test.store, 'x', b)).toBe(true);
    expect(await takeLease(test.store, 'x', a)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await takeLease(test.store, 'x', a)).toBe(true);
  });
});

describe('the sender in a raw head', () => {
  it.each([
    ['From: Ann <Ann@Example.com>\r\n\r\nx', 'ann@example.com'],
    ['Subject: x\nFrom: ann@example.com\n\nFrom: no@example.com', 'ann@example.com'],
    ['From: "a@b.c, the <x@y.z>" <real@example.com>\n\n', 'real@example.com'],
    ['From:\n =?utf-8?q?Ann?=\n <ann@example.com>\n\n', 'ann@example.com'],
    ['rest of a line\nFrom: ann@example.com\n\n', 'ann@example.com'],
    ['Subject: x\n\nFrom: no@example.com', ''],
    ['', ''],
    [`From: ${'a'.repeat(60_000)}\n\n`, ''],
  ])('%#: is found or is empty', (raw, sender) => {
    expect(senderOf(Buffer.from(raw))).toBe(sender);
  });
});
