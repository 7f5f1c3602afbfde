// Words of an edited mapping.xlsx reach the reader.
import { expect, test } from 'vitest';
import { readMapping } from '../../src/connector/mapping-file.ts';
import { workbookBytes } from '../../src/connector/mapping-workbook.ts';
import { currentFieldWords, fieldWordsOf } from '../../src/mail/extraction/fields.ts';
import { parseMail } from '../../src/mail/parse.ts';
import { readMail } from '../../src/mail/read.ts';
import { defaultMailFields } from '../../src/mapping/defaults.ts';
import { defaultSheets } from '../../src/mapping/sheet-defaults.ts';
import { inShort, rawMail, testContext } from './support.ts';

type Row = readonly [field: string, words: string, place: string, language: string, note: string];

/** The sheet as a person leaves it in Excel: rows added, and rows of a field taken out. */
async function edited(added: readonly Row[], without: readonly string[] = []) {
  const sheets = defaultSheets().map((sheet) =>
    sheet.name === 'Mail fields'
      ? { ...sheet, rows: [...sheet.rows.filter((row) => !without.includes(String(row[0]))), ...added] }
      : sheet,
  );
  const result = await readMapping(await workbookBytes(sheets));
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.mapping.mailFields;
}

async function read(text: string, words: Awaited<ReturnType<typeof edited>>): Promise<string> {
  const mail = await parseMail(rawMail({ from: 'orders@moorland.example.org', text }));
  return inShort((await readMail(mail, { ...testContext(), fields: fieldWordsOf(words) })).reading);
}

test.each([
  ['Varenummer: KB-110\nAntal: 5\nLevering senest: 15 January 2027', 'order | 11 5 Units 2027-01-15'],
  ['Varenummer | Antal\nKB-110 | 5\nKB-120 | 7', 'order | 11 5 Units | 12 7 Units'],
  // Words as shipped go on.
  ['Item: KB-110\nQty: 5', 'order | 11 5 Units'],
])('words of a language that is not shipped: %s', async (text, expected) => {
  const words = await edited([
    ['product code', 'varenummer; vare', 'anywhere', 'da', ''],
    ['quantity', 'antal', '', 'da', ''],
    ['delivery date', 'Levering senest', 'line', 'da', ''],
  ]);
  expect(await read(text, words)).toBe(expected);
  expect(await read('Varenummer: KB-110\nAntal: 5', defaultMailFields())).not.toBe('order | 11 5 Units');
});

test('a word for columns only is no key', async () => {
  const words = await edited([['quantity', 'colli', 'table', 'nl', '']]);
  expect(await read('Item | Colli | Price\nKB-110 | 5 | 9', words)).toBe('order | 11 5 Units');
});

test('a word that is taken out is no longer known', async () => {
  expect(await read('Item: KB-110\nQty: 5', await edited([], ['quantity']))).toBe(
    'order | 11 ? Units | 1 quantity missing',
  );
});

test('the words are made anew only when the sheet changes', () => {
  let words = defaultMailFields();
  const current = currentFieldWords(() => words);
  const first = current();
  expect(current()).toBe(first);
  words = [...words, { field: 'quantity', word: 'antal', place: 'anywhere', language: 'da' }];
  expect(current().key('Antal')?.field).toBe('quantity');
});
