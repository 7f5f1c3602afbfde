// A reply counts only with proof, and only for what it plainly says.
import { describe, expect, test } from 'vitest';
import { readChoice } from '../../src/mail/conversation/choice.ts';
import { REPLIES } from './fixtures/replies.ts';
import { inShort, readTestMail, type TestMail } from './support.ts';

const GB = 'orders@moorland.example.org';
const NOTICE = { messageId: '<pb.1@brennhof.example.com>', token: 'PB-ABCDABCDABCD', to: GB };
const REPLIED = ['In-Reply-To: <pb.1@brennhof.example.com>'];

async function read(mail: TestMail): Promise<string> {
  return inShort(await readTestMail({ from: GB, subject: 'Re: Insufficient Stock Notice', sent: [NOTICE], ...mail }));
}

describe('the three choices', () => {
  test.each(REPLIES)('%s', (text, choice) => {
    expect(readChoice(text)).toBe(choice);
  });
});

describe('proof of a reply', () => {
  test('a Message-ID of ours', async () => {
    expect(await read({ text: '3', headers: REPLIED })).toBe('reply | choice 3');
  });
  test('a token that we gave out', async () => {
    expect(await read({ text: '2', subject: 'Re: stock [PB-ABCDABCDABCD]' })).toBe('reply | choice 2');
  });
  test('a token that we did not give out', async () => {
    expect(await read({ text: '3', subject: 'Re: stock [PB-ZZZZZZZZZZZZ]' })).toBe('question');
  });
  test('another sender with the right token', async () => {
    expect(await read({ from: 'ann@elsewhere.example.org', text: '3', subject: 'Re: [PB-ABCDABCDABCD]' })).toBe(
      'question',
    );
  });
  test('a contact of the same company', async () => {
    const sent = [{ ...NOTICE, to: 'einkauf@tannberg.example.com' }];
    expect(await read({ from: 'u.sander@tannberg.example.com', text: '2', headers: REPLIED, sent })).toBe(
      'reply | choice 2',
    );
  });
  test('the subject alone, with one open question', async () => {
    expect(await read({ text: '3', subject: 'reply: insufficient stocks' })).toBe('reply | choice 3');
  });
  test('the subject alone, with several open questions', async () => {
    const sent = [NOTICE, { ...NOTICE, messageId: '<pb.2@brennhof.example.com>', token: 'PB-ABCDABCDABCE' }];
    expect(await read({ text: '3', subject: 'Reply: Insufficient Stocks', sent })).toBe(
      'reply | choice 3 | conversation ambiguous',
    );
  });
  test('the subject alone, with no open question', async () => {
    expect(await read({ text: '3', subject: 'Reply: Insufficient Stocks', sent: [] })).toBe('question');
  });
});

describe('what a reply holds', () => {
  test('lines of its own', async () => {
    expect(await read({ text: '1\n\nProduct: KB-110\nQuantity: 3\n', headers: REPLIED })).toBe(
      'reply | choice 1 | 11 3 Units',
    );
  });
  test('the quoted notice is not read', async () => {
    const text = 'Option 2 please\n\n> - Product ID: 11\n> - Quantity: 2\n> 3 - cancel the order\n';
    expect(await read({ text, headers: REPLIED })).toBe('reply | choice 2');
  });
  test('an order below a confirmation is a new order', async () => {
    const sent = [{ ...NOTICE, kind: 'confirmation' as const, open: false }];
    expect(
      await read({ text: 'Please also send 5 x KB-110.', subject: 'Re: Order Confirmation', headers: REPLIED, sent }),
    ).toBe('order | 11 5 Units');
  });
  test('a supplier’s answer is for a person', async () => {
    const sent = [{ ...NOTICE, kind: 'replenishment' as const }];
    expect(await read({ text: 'We confirm 5 x KB-110.', headers: REPLIED, sent })).toBe('question');
  });
  test('a late answer to a closed question is for a person', async () => {
    expect(await read({ text: '3', headers: REPLIED, sent: [{ ...NOTICE, open: false }] })).toBe('question');
  });
});
