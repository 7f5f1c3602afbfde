import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  loadMapping,
  type MappingChange,
  mappingError,
  readMapping,
  resetMapping,
  watchMapping,
  writeDefaultMapping,
} from '../../src/connector/mapping-file.ts';
import { workbookBytes } from '../../src/connector/mapping-workbook.ts';
import { unzip, zip } from '../../src/connector/xlsx/zip.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { defaultMailFields, defaultRules } from '../../src/mapping/defaults.ts';
import { defaultSheets } from '../../src/mapping/sheet-defaults.ts';
import { COLUMN, rowOf, sheetOf, sheets } from './sheet-fixtures.ts';

let directory: string;
let shipped: Buffer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mapping-'));
  shipped = await workbookBytes(defaultSheets());
});
afterAll(() => rm(directory, { recursive: true }));

/** The workbook as shipped, with parts replaced. */
function withParts(change: (parts: Map<string, Buffer>) => void): Buffer {
  const parts = unzip(shipped, { entries: 100, bytes: 50_000_000 });
  change(parts);
  return zip(parts);
}

function withSheet(change: (xml: string) => string): Buffer {
  return withParts((parts) => {
    const path = 'xl/worksheets/sheet2.xml';
    parts.set(path, Buffer.from(change(parts.get(path)!.toString())));
  });
}

async function refusal(bytes: Buffer): Promise<string> {
  const error = await readMapping(bytes).then(
    () => undefined,
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(PlanbridgeError);
  expect((error as PlanbridgeError).code).toBe('PB_MAPPING_SHEET');
  return (error as PlanbridgeError).message;
}

describe('mapping.xlsx', () => {
  test('written and read again is what was shipped', async () => {
    const path = join(directory, 'shipped.xlsx');
    await writeDefaultMapping(path);
    const result = await loadMapping(path);
    if (!result.ok) throw mappingError(path, result.errors);
    expect(result.mapping.rules).toEqual(defaultRules());
    expect(result.mapping.mailFields).toEqual(defaultMailFields());
  });

  test('at the top of the repository is the one that is shipped', async () => {
    expect((await readFile('mapping.xlsx')).equals(shipped), 'run: planbridge mapping reset').toBe(true);
  });

  test('has the same bytes whenever it is written', async () => {
    expect((await workbookBytes(defaultSheets())).equals(shipped)).toBe(true);
  });

  test('errors are those of its cells', async () => {
    const all = sheets();
    const { cells, number } = rowOf(all, 'item', 'cost');
    cells[COLUMN.field] = 'x-y';
    const result = await readMapping(await workbookBytes(all));
    expect(result.ok ? [] : result.errors).toMatchObject([
      { sheet: 'Mapping', row: number, column: 'D', found: 'x-y' },
    ]);
    expect(mappingError('mapping.xlsx', result.ok ? [] : result.errors).message).toContain(`Mapping!D${number}`);
  });

  test('texts keep what they are: markup, quotes, other scripts', async () => {
    const all = sheets();
    sheetOf(all, 'Filters').push(['item', `[('name', 'ilike', '<b>&"Ü 漢字')]`, '']);
    const result = await readMapping(await workbookBytes(all));
    expect(result.ok && result.mapping.rules.filters.get('item')).toEqual([['name', 'ilike', '<b>&"Ü 漢字']]);
  });

  test('a file that is missing says how to get one', async () => {
    await expect(loadMapping(join(directory, 'none.xlsx'))).rejects.toMatchObject({
      code: 'PB_FILE',
      remedy: expect.stringContaining('mapping reset'),
    });
  });

  test('reset keeps a sheet with changes beside the new one', async () => {
    const path = join(directory, 'reset.xlsx');
    expect(await resetMapping(path)).toBeUndefined();
    expect(await resetMapping(path)).toBeUndefined();
    await writeFile(path, 'mine');
    expect(await resetMapping(path)).toBe(`${path}.bak`);
    expect((await readFile(path)).equals(shipped)).toBe(true);
    expect(await readFile(`${path}.bak`, 'utf8')).toBe('mine');
  });
});

describe('workbooks that are refused before they are parsed', () => {
  test('too large a file', async () => {
    expect(await refusal(Buffer.concat([shipped, Buffer.alloc(5_000_000)]))).toContain('larger than 5 MB');
  });

  test('what is no workbook', async () => {
    expect(await refusal(Buffer.from('entity;attribute;field'))).toContain('no archive');
    expect(await refusal(Buffer.alloc(0))).toContain('no archive');
    expect(await refusal(zip(new Map([['a.txt', Buffer.from('a')]])))).toContain('not an Excel workbook');
    expect(await refusal(Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100)]))).toContain(
      'old .xls file, or protected by a password',
    );
  });

  test('a file cut off anywhere', async () => {
    for (let length = 0; length < shipped.length; length += 997) await refusal(shipped.subarray(0, length));
  });

  test('a zip bomb that tells its size', async () => {
    const bomb = withParts((parts) => parts.set('xl/media/a.xml', Buffer.alloc(60_000_000)));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await refusal(bomb)).toContain('larger than 50 MB');
  });

  test('a zip bomb that lies about its size', async () => {
    const bomb = withParts((parts) => parts.set('xl/media/a.xml', Buffer.alloc(60_000_000)));
    // The size that the last entry claims, in its header and in the directory.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(60_000_000);
    for (let at = bomb.indexOf(size); at >= 0; at = bomb.indexOf(size, at + 1)) bomb.writeUInt32LE(100, at);
    expect(await refusal(bomb)).toContain('larger than 50 MB');
  });

  test('a part that only the front of the archive shows', async () => {
    const hidden = deflateRawSync(Buffer.alloc(200_000_000));
    const front = zip(new Map([['xl/worksheets/sheet9.xml', Buffer.from('x')]]));
    // A local entry of 200 MB before the real archive, which no directory lists.
    const header = Buffer.from(front.subarray(0, 30 + 24));
    header.writeUInt32LE(hidden.length, 18);
    header.writeUInt32LE(200_000_000, 22);
    const prefix = Buffer.concat([header, hidden]);
    const bytes = Buffer.concat([prefix, shipped]);
    const end = bytes.length - 22;
    const directoryAt = bytes.readUInt32LE(end + 16) + prefix.length;
    bytes.writeUInt32LE(directoryAt, end + 16);
    for (let at = directoryAt; at < end; ) {
      bytes.writeUInt32LE(bytes.readUInt32LE(at + 42) + prefix.length, at + 42);
      at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
    const before = process.memoryUsage().rss;
    expect((await readMapping(bytes)).ok).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  test('too many parts', async () => {
    const many = withParts((parts) => {
      for (let index = 0; index < 600; index++) parts.set(`xl/media/${index}.xml`, Buffer.from('<a/>'));
    });
    expect(await refusal(many)).toContain('more than 500 parts');
  });

  test('too many rows, whether there or only numbered', async () => {
    const row = (number: number) => `<row r="${number}"><c r="A${number}"/></row>`;
    const long = Array.from({ length: 20_001 }, (_, index) => row(index + 200)).join('');
    expect(await refusal(withSheet((xml) => xml.replace('</sheetData>', `${long}</sheetData>`)))).toContain(
      'more than 20000 rows',
    );
    expect(await refusal(withSheet((xml) => xml.replace('</sheetData>', `${row(1_048_576)}</sheetData>`)))).toContain(
      'more than 20000 rows',
    );
    const quoted = "<row custom='>' r = '1048576'></row>";
    expect(await refusal(withSheet((xml) => xml.replace('</sheetData>', `${quoted}</sheetData>`)))).toContain(
      'more than 20000 rows',
    );
  });

  test('too many columns', async () => {
    expect(
      await refusal(withSheet((xml) => xml.replace('</sheetData>', '<row r="900"><c r="XFD900"/></row></sheetData>'))),
    ).toContain('more than 200 columns');
  });

  test('a document type', async () => {
    const dtd = '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>';
    expect(await refusal(withSheet((xml) => xml.replace('<worksheet', `${dtd}<worksheet`)))).toContain('document type');
  });

  test.each(['<row r="&#49;">', '<row r="9" r="x"', '<c r="A-1"/>', '<row r="99999999999"/>'])(
    'a damaged sheet: %s',
    async (tag) => {
      await refusal(withSheet((xml) => xml.replace('</sheetData>', `${tag}</sheetData>`)));
    },
  );

  test('a sheet that is not XML', async () => {
    await refusal(withSheet((xml) => xml.slice(0, xml.length / 2)));
  });
});

describe('cells that are not what they seem', () => {
  test('a formula is never calculated, nor is its last value believed', async () => {
    const result = await readMapping(
      withSheet((xml) => xml.replace(/<c r="F2"([^>]*)>.*?<\/c>/, '<c r="F2"$1><f>IF(1,"off","1")</f><v>0</v></c>')),
    );
    expect(result.ok ? [] : result.errors[0]).toMatchObject({
      sheet: 'Mapping',
      row: 2,
      column: 'F',
      message: 'this cell holds a formula',
    });
  });

  test('an error of Excel', async () => {
    const result = await readMapping(
      withSheet((xml) => xml.replace(/<c r="G2"[^>]*>.*?<\/c>/, '<c r="G2" t="e"><v>#REF!</v></c>')),
    );
    expect(result.ok ? [] : result.errors[0]).toMatchObject({ sheet: 'Mapping', row: 2, column: 'G' });
  });
});

describe('watching', () => {
  async function until(condition: () => boolean): Promise<void> {
    for (let wait = 0; wait < 200 && !condition(); wait++) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(condition()).toBe(true);
  }

  test('tells new content, errors and damage, and nothing when the content is the same', async () => {
    const path = join(directory, 'watched.xlsx');
    await writeFile(path, shipped);
    const seen: MappingChange[] = [];
    const watch = watchMapping(path, (change) => seen.push(change), { intervalMs: 20 });
    try {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await writeFile(path, shipped);

      const all = sheets();
      rowOf(all, 'item', 'cost').cells[COLUMN.field] = 'list_price';
      await writeFile(`${path}.new`, await workbookBytes(all));
      await rename(`${path}.new`, path);
      await until(() => seen.length === 1);
      const change = seen[0]!;
      expect(
        change.ok &&
          change.mapping.rules.attributes.find((rule) => rule.attribute === 'cost' && rule.entity === 'item')?.field,
      ).toBe('list_price');

      rowOf(all, 'item', 'cost').cells[COLUMN.mode] = 'x';
      await writeFile(path, await workbookBytes(all));
      await until(() => seen.length === 2);
      expect(seen[1]).toMatchObject({ ok: false, errors: [{ column: 'F' }] });

      await writeFile(path, 'damaged');
      await until(() => seen.length === 3);
      expect(seen[2]).toMatchObject({ ok: false, failure: { code: 'PB_MAPPING_SHEET' } });
    } finally {
      watch.close();
    }
    await writeFile(path, shipped);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(seen.length).toBe(3);
  });
});
