// Mails that mean harm, or are broken: nothing is ordered that a person would not see, and nothing stops the service.
import { describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { unzip, zip } from '../../src/connector/xlsx/zip.ts';
import { parseMail } from '../../src/mail/parse.ts';
import { MAIL_LIMITS } from '../../src/mail/raw.ts';
import { inShort, rawMail, readTestMail } from './support.ts';

const GB = 'orders@moorland.example.org';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const VISIBLE = [
  ['Item', 'Qty'],
  ['KB-110', 5],
  ['KB-120', 7],
] as const;

async function workbook(change: (parts: Map<string, string>) => void = () => {}): Promise<Buffer> {
  const sheets = [
    VISIBLE,
    [
      ['Item', 'Qty'],
      ['KB-140', 99],
    ],
  ].map((rows, index) => ({
    sheet: `Sheet ${index + 1}`,
    data: rows.map((row) => row.map((value) => ({ value }))),
  }));
  const file = await (writeXlsxFile as unknown as (sheets: unknown) => { toBuffer(): Promise<Buffer> })(
    sheets,
  ).toBuffer();
  const entries = unzip(file, { entries: 100, bytes: 10_000_000 });
  const parts = new Map([...entries].map(([name, content]) => [name, content.toString('utf8')]));
  change(parts);
  return zip(new Map([...parts].map(([name, content]) => [name, Buffer.from(content)])));
}

function edit(parts: Map<string, string>, name: string, from: RegExp, to: string): void {
  const before = parts.get(name) ?? '';
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${name} has no ${from}`);
  parts.set(name, after);
}

async function readWorkbookMail(content: Buffer): Promise<string> {
  return inShort(
    await readTestMail({
      from: GB,
      text: 'See attachment.',
      attachments: [{ name: 'order.xlsx', type: XLSX, content }],
    }),
  );
}

describe('spreadsheets', () => {
  test('all sheets that a person sees', async () => {
    expect(await readWorkbookMail(await workbook())).toBe('order | 11 5 Units | 12 7 Units | 14 99 Units');
  });
  test('a hidden sheet is not ordered', async () => {
    const file = await workbook((parts) =>
      edit(parts, 'xl/workbook.xml', /<sheet (?=[^>]*Sheet 2)/, '<sheet state="hidden" '),
    );
    expect(await readWorkbookMail(file)).toBe('order | 11 5 Units | 12 7 Units');
  });
  test('a hidden row is not ordered', async () => {
    const file = await workbook((parts) => {
      edit(parts, 'xl/worksheets/sheet1.xml', /<row r="3"/, '<row hidden="1" r="3"');
      edit(parts, 'xl/workbook.xml', /<sheet (?=[^>]*Sheet 2)/, '<sheet state="veryHidden" ');
    });
    expect(await readWorkbookMail(file)).toBe('order | 11 5 Units');
  });
  test('a workbook that unpacks to an absurd size is refused', async () => {
    const file = await workbook((parts) => parts.set('xl/media/a.xml', ' '.repeat(40_000_000)));
    expect(await readWorkbookMail(file)).toBe('question');
  });
});

describe('structure', () => {
  test('text behind the closing boundary is not read', async () => {
    const raw = Buffer.concat([
      rawMail({ from: GB, text: '5 x KB-110', html: '<p>5 x KB-110</p>' }),
      Buffer.from('\r\n50 x KB-120\r\n'),
    ]);
    const mail = await parseMail(raw);
    expect(mail.text).not.toContain('KB-120');
  });
  test('too many lines', async () => {
    const text = Array.from({ length: 60 }, (_, index) => `${index + 1} x KB-110`).join('\n');
    expect(inShort(await readTestMail({ from: GB, text }))).toBe('order | lines too-many');
  });
  test('too many parts: the head is known, the text is not read', async () => {
    const parts = Array.from({ length: 500 }, () => '--b\r\nContent-Type: text/plain\r\n\r\n5 x KB-110\r\n').join('');
    const mail = await parseMail(
      Buffer.from(
        `From: ${GB}\r\nSubject: Order\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`,
      ),
    );
    expect(mail).toMatchObject({ from: { email: GB }, subject: 'Order', text: '' });
    expect(mail.refused).not.toBeNull();
  });
  test('too large', async () => {
    const mail = await parseMail(rawMail({ from: GB, text: 'x'.repeat(20_000) }), { ...MAIL_LIMITS, bytes: 10_000 });
    expect(mail).toMatchObject({ from: { email: GB }, text: '' });
    expect(mail.refused).toContain('10000 bytes');
  });
  test('deep HTML does not exhaust the stack', async () => {
    const html = `${'<div>'.repeat(20_000)}5 x KB-110${'</div>'.repeat(20_000)}`;
    expect(['question', 'order | 11 5 Units']).toContain(inShort(await readTestMail({ from: GB, html })));
  });
  test('no sender', async () => {
    const mail = await parseMail(Buffer.from('\r\n\r\n\r\nno head at all'));
    expect(mail.from).toBeNull();
  });
  test('the same words twice have the same content, whichever way they came', async () => {
    const once = await parseMail(rawMail({ from: GB, text: '5 x KB-110', headers: ['Received: by a'] }));
    const twice = await parseMail(
      rawMail({ from: GB, text: '5 x KB-110', headers: ['Received: by b', 'Return-Path: <a@b.example>'] }),
    );
    const other = await parseMail(rawMail({ from: GB, text: '6 x KB-110' }));
    expect(once.contentHash).toBe(twice.contentHash);
    expect(other.contentHash).not.toBe(once.contentHash);
  });
  test.each([
    ['koi8-r', Buffer.from([0xfa, 0xc1, 0xcb, 0xc1, 0xda]), 'Заказ'],
    ['windows-1252', Buffer.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]), 'Müller'],
    ['x-nobody-knows', Buffer.from('KB-110'), 'KB-110'],
  ])('charset %s', async (charset, bytes, text) => {
    const head = `From: ${GB}\r\nSubject: a\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`;
    expect((await parseMail(Buffer.concat([Buffer.from(head), bytes]))).text.trim()).toBe(text);
  });
});

/** Some 200,000 characters each. */
describe('long mails take about a second', () => {
  const filled = (piece: string) => piece.repeat(Math.ceil(200_000 / piece.length));
  test.each<[string, string]>([
    ['blank lines', filled('\n')],
    ['numbers', filled('1 ')],
    ['numbers, one a line', filled('1\n')],
    ['one number', filled('1')],
    ['blanks', `x${filled(' ')}y`],
    ['colons', filled('a: ')],
    ['words', filled('the quick brown fox and some more of these things soon ')],
    ['order lines', filled('5 x KB-110\n')],
    ['rows', filled('KB-110 | 5 | x\n')],
    ['dates', filled('on 12 March 2027\n')],
  ])('%s', async (_, text) => {
    await readTestMail({ from: GB, text: 'Please order' });
    const before = process.cpuUsage();
    await readTestMail({ from: GB, text: `Please order\n${text}` });
    const { user, system } = process.cpuUsage(before);
    // Twice and more of what it takes, for slower machines; ten times as much is what it took with patterns that look too far.
    expect((user + system) / 1e6).toBeLessThan(2.5);
  });

  const rules = Array.from({ length: 3_000 }, (_, i) => `.c${i}{display:none}`).join('');
  test.each<[string, string]>([
    ['many rules of style', `<style>${rules}</style>${filled('<p class="a b d">5 x KB-110</p>')}`],
    ['tables', filled('<table><tr><td>KB-110</td><td>5</td></tr></table>')],
    ['unclosed tags', filled('<td><b><i>')],
  ])('HTML: %s', async (_, html) => {
    const before = process.cpuUsage();
    await readTestMail({ from: GB, html });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(2.5);
  });
});
