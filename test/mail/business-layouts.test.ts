// Purchase orders as business software prints them, and replies as mail programs quote: short headings, titles in tables,
// tables of earlier orders, codes below `No.`, attributions in one line with the quote.
import { describe, expect, test } from 'vitest';
import { inShort, readTestMail, type TestMail } from './support.ts';

const DE = 'einkauf@tannberg.example.com';
const GB = 'orders@moorland.example.org';

const table = (...rows: readonly string[][]) =>
  `<table>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</table>`;

async function read(mail: TestMail): Promise<string> {
  const reading = await readTestMail(mail);
  const reference = reading.kind === 'order' ? reading.order.customerReference : undefined;
  return `${inShort(reading)}${reference ? ` | ref ${reference}` : ''}`;
}

describe('tables of business software', () => {
  test('headings cut short', async () => {
    const html = table(
      ['Pos', 'Art.-Nr.', 'Bez.', 'Anz.', 'Eh.', 'EP', 'GP', 'Liefertag'],
      ['1', 'KB-110', 'Klemmplatte', '1.200', 'Stk', '2,60', '3.120,00', '18.12.2026'],
    );
    expect(await read({ from: DE, html })).toBe('order | 11 1200 Units 2026-12-18');
  });
  test('a required date is no order date; a printed date is neither', async () => {
    const html = table(
      ['Print date', 'Description', 'Date Req.', 'Qty', 'Unit Cost'],
      ['20/11/2026', '[KB-110] Clamp plate', '18/12/2026 08:00:00', '3.00 Units', '12.20'],
    );
    expect(await read({ from: GB, html })).toBe('order | 11 3 Units 2026-12-18');
  });
  test('codes below a number that is no position, beside codes of other things', async () => {
    const text =
      'Type\tNo.\tDescription\tLocation Code\tQuantity\tUnit of Measure Code\tDirect Unit Cost\nItem\tKB-110\tClamp plate\tMAIN\t30\tPCS\t12.20\n';
    expect(await read({ from: GB, text })).toBe('order | 11 30 Units');
  });
  test('the number to order by is no reference', async () => {
    const html = table(['Pos.', 'Bestell-Nr.', 'Bezeichnung', 'Menge'], ['1', 'KB-110', 'Klemmplatte', '15']);
    expect(await read({ from: DE, html })).toBe('order | 11 15 Units');
  });
  test('a title in the table', async () => {
    const html = `<table><tr><th colspan="2">Bestellung 45001 vom 23.11.2026</th></tr><tr><td>Artikelnummer</td><td>Menge</td></tr><tr><td>KB-110</td><td>5</td></tr></table>`;
    expect(await read({ from: DE, html })).toBe('order | 11 5 Units | ref 45001');
  });
});

describe('tables of earlier orders', () => {
  const ordered = table(['Part', 'Qty'], ['KB-110', '5']);
  const earlier = table(['Part', 'Qty'], ['KB-120', '60']);
  test('beside the order', async () => {
    const html = `<p>PO M-77, please deliver:</p>${ordered}<p>For your information, our previous order M-55 was:</p>${earlier}`;
    expect(await read({ from: GB, html })).toBe('order | 11 5 Units | ref M-77');
  });
  test('in plain text', async () => {
    const text =
      'unsere letzte Bestellung war:\n\nArtikel   Menge\nKB-120    60\n\nJetzt benötigen wir:\n\nArtikel   Menge\nKB-110    5';
    expect(await read({ from: DE, text })).toBe('order | 11 5 Units');
  });
  test('alone they order nothing', async () => {
    expect(await read({ from: GB, html: `<p>Last month we ordered:</p>${earlier}` })).toBe('question');
  });
  test.each([
    'Please advise when the following open items will ship:',
    'Our current stock:',
    'We confirm receipt of the following goods:',
    'Bitte teilen Sie uns die Liefertermine zu folgenden offenen Positionen mit:',
  ])('goods on record: %s', async (text) => {
    expect(await read({ from: GB, html: `<p>${text}</p>${ordered}` })).toBe('question');
    const list = { name: 'list.csv', type: 'text/csv', content: 'Part,Qty\nKB-110,5\n' };
    expect(await read({ from: GB, subject: 'List', text, attachments: [list] })).toBe('question');
    expect(await read({ from: GB, text: `${text}\n\nPart      Qty\nKB-110    5` })).toBe('question');
  });
  test.each([
    'To replenish our stock we need:',
    'Please confirm receipt of this order:',
    'Please release from our open order:',
    'Our last order of this year:',
  ])('an order all the same: %s', async (text) => {
    expect(await read({ from: GB, html: `<p>${text}</p>${ordered}` })).toBe('order | 11 5 Units');
  });
  test('a list of open orders above the order', async () => {
    const text =
      'Open orders from last month, for your information:\n- 40 x KB-120\n- 2 x KB-130\n\nNew order:\n- 5 x KB-110';
    expect(await read({ from: GB, text })).toBe('order | 11 5 Units');
  });
  test('a stock list as a file', async () => {
    const list = { name: 'list.csv', type: 'text/csv', content: 'Part,Qty\nKB-110,5\n' };
    expect(await read({ from: GB, subject: 'List', text: 'Hi, attached our stock list.', attachments: [list] })).toBe(
      'question',
    );
  });
  test('an order as a file, by a mail that speaks of open orders too', async () => {
    const list = { name: 'list.csv', type: 'text/csv', content: 'Part,Qty\nKB-110,5\n' };
    const text = 'Please find our new order attached. What about our open orders?';
    expect(await read({ from: GB, text, attachments: [list] })).toBe('order | 11 5 Units');
  });
  test('wanted once more they are an order', async () => {
    expect(await read({ from: GB, html: `<p>Please repeat our previous order:</p>${earlier}` })).toBe(
      'order | 12 60 Units',
    );
  });
});

describe('replies in the ways of mail programs', () => {
  const sent = [{ messageId: '<pb.1@brennhof.example.com>', token: 'PB-ABCDABCDABCD', to: GB }];
  const headers = ['In-Reply-To: <pb.1@brennhof.example.com>'];
  const reply = (mail: TestMail) =>
    read({ from: GB, subject: 'Re: Insufficient Stock Notice', sent, headers, ...mail });
  test('the quoted text goes on in the line of the attribution', async () => {
    const text =
      'case 3\n\n  On Thu., Dec. 10, 2026 at 4:12 a.m., Orders<orders@brennhof.example.com> wrote:   Dear Customer,\n\n    - Product ID: 17\n    - Quantity: 2\n2 - wait for replenishment';
    expect(await reply({ text })).toBe('reply | choice 3');
  });
  test('no blank line above the attribution', async () => {
    const text =
      'Bonjour\n3\nMerci\nLe 10 déc. 2026 à 08:12, Orders <orders@brennhof.example.com> a écrit :\n\nold text';
    expect(await reply({ text })).toBe('reply | choice 3');
  });
  test('other goods with the first choice', async () => {
    const html = `<p>1, but please these instead:</p>${table(['Part', 'Qty'], ['KB-110', '5'])}`;
    expect(await reply({ html })).toBe('reply | choice 1 | 11 5 Units');
  });
  test.each([
    ['3, sorry.', 'reply | choice 3'],
    ['1 - thanks for the quick answer', 'reply | choice 1'],
    ['3, but only the second line', 'reply | choice null'],
  ])('%s', async (text, choice) => {
    expect(await reply({ text })).toBe(choice);
  });
});

test('what a contact line counts is no order', async () => {
  const text = 'Please send 5 x KB-110\n\n[cid:logo.png]\nMoorland | 555-0100 | 2 offices';
  expect(await read({ from: GB, text })).toBe('order | 11 5 Units');
});
