// The loop guard, and limits of one mail.
import { expect, test } from 'vitest';
import { parseMail } from '../../src/mail/parse.ts';
import { readMail } from '../../src/mail/read.ts';
import { answersInLastHour, isLoop } from '../../src/mail/triage/loop.ts';
import { rawMail, testContext } from './support.ts';

const NOW = Date.parse('2026-11-23T09:00:00Z');
const MINUTE = 60_000;

test('answers of the last hour to one address', () => {
  const answers = [1, 30, 59, 60, 90].map((minutes) => ({ to: 'A@x.example', at: NOW - minutes * MINUTE }));
  const more = [...answers, { to: 'b@x.example', at: NOW }, { to: 'a@x.example', at: NOW + 1 }];
  expect(answersInLastHour(more, ' a@X.example', NOW)).toBe(3);
  expect(isLoop(more, 'a@x.example', { now: NOW, mostAnHour: 3 })).toBe(true);
  expect(isLoop(more, 'a@x.example', { now: NOW, mostAnHour: 4 })).toBe(false);
  expect(isLoop([], 'a@x.example', { now: NOW, mostAnHour: 1 })).toBe(false);
});

test('more files than are read: nothing is ordered by halves', async () => {
  const attachments = Array.from({ length: 30 }, (_, at) => ({
    name: `order${at}.csv`,
    type: 'text/csv',
    content: `Item;Qty\nKB-110;${at + 1}\n`,
  }));
  const mail = await parseMail(rawMail({ from: 'a@x.example', text: 'as attached', attachments }));
  const { reading } = await readMail(mail, testContext());
  expect(reading).toMatchObject({ kind: 'question', reason: 'attachment' });
});

test('a mail of who was answered too often is recorded and not answered', async () => {
  const mail = await parseMail(rawMail({ from: 'a@x.example', text: '5 x KB-110 please' }));
  const context = testContext();
  const answered = Array.from({ length: 5 }, () => ({ to: 'a@x.example', at: context.now - MINUTE }));
  const read = async (answersAnHour: number) =>
    (
      await readMail(mail, {
        ...context,
        limits: { ...context.limits, answersAnHour },
        memory: { ...context.memory, answered },
      })
    ).reading;
  expect(await read(5)).toEqual({ kind: 'ignored', reason: 'loop' });
  expect((await read(6)).kind).toBe('order');
});
