// An examination by the rules of reading, each case written before it was read.
import { describe, expect, test } from 'vitest';
import { readChoice } from '../../src/mail/conversation/choice.ts';
import { parseMail } from '../../src/mail/parse.ts';
import { readMail } from '../../src/mail/read.ts';
import { AMENDS_EXAM } from './fixtures/exam/amends.ts';
import { AUTOMATIC_EXAM } from './fixtures/exam/automatic.ts';
import { BLOCK_EXAM } from './fixtures/exam/blocks.ts';
import { CHOICE_EXAM } from './fixtures/exam/choices.ts';
import { FILE_EXAM } from './fixtures/exam/files.ts';
import { HARMLESS } from './fixtures/exam/harmless.ts';
import { KEY_EXAM } from './fixtures/exam/keys.ts';
import { LETTER_EXAM } from './fixtures/exam/letters.ts';
import { NATURAL_EXAM } from './fixtures/exam/natural.ts';
import type { ExamCase } from './fixtures/exam/people.ts';
import { PROSE_EXAM } from './fixtures/exam/prose.ts';
import { RAW_EXAM } from './fixtures/exam/raw.ts';
import { TABLE_EXAM } from './fixtures/exam/tables.ts';
import { THREAD_EXAM } from './fixtures/exam/threads.ts';
import { TRAP_EXAM } from './fixtures/exam/traps.ts';
import { inShort, readTestMail, testContext } from './support.ts';

const EXAMS: ReadonlyArray<readonly [string, readonly ExamCase[]]> = [
  ['keys', BLOCK_EXAM],
  ['names of keys', KEY_EXAM],
  ['tables', TABLE_EXAM],
  ['prose', PROSE_EXAM],
  ['whole mails', NATURAL_EXAM],
  ['traps', TRAP_EXAM],
  ['letters', LETTER_EXAM],
  ['automatic mail', AUTOMATIC_EXAM],
  ['files', FILE_EXAM],
  ['corrections and changes', AMENDS_EXAM],
];

describe.each(EXAMS)('%s', (_, cases) => {
  test.each(cases.map(([name, ...rest]) => ({ name, rest })))('$name', async ({ rest: [from, mail, read, more] }) => {
    const reading = await readTestMail({ from, ...(typeof mail === 'string' ? { text: mail } : mail) });
    expect(inShort(reading)).toBe(read);
    if (reading.kind !== 'order') return;
    const { customerReference: reference, address, orderDate } = reading.order;
    expect({ reference, address, orderDate }).toEqual({
      reference: undefined,
      address: undefined,
      orderDate: undefined,
      ...more,
    });
  });
});

describe('sentences that change nothing', () => {
  const from = 'orders@moorland.example.org';
  test.each(HARMLESS)('%s', async (sentence) => {
    const after = await readTestMail({
      from,
      subject: 'PO M-1',
      text: `Please send 5 x KB-110.\n\n${sentence}\n\nTom`,
    });
    expect(inShort(after)).toBe('order | 11 5 Units');
    const around = await readTestMail({ from, text: `Hello,\n\n${sentence}\n\nItem: KB-110\nQty: 5\n\n${sentence}\n` });
    expect(inShort(around)).toBe('order | 11 5 Units');
  });
});

describe('threads', () => {
  test.each(THREAD_EXAM)('$name', async ({ mail, read }) => {
    expect(inShort(await readTestMail(mail))).toBe(read);
  });
});

describe('bytes', () => {
  test.each(RAW_EXAM)('$name', async ({ raw, read }) => {
    expect(inShort((await readMail(await parseMail(raw), testContext())).reading)).toBe(read);
  });
});

describe('choices', () => {
  test.each(CHOICE_EXAM)('%s', (text, choice) => {
    expect(readChoice(text)).toBe(choice);
  });
});
