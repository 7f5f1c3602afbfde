import { describe, expect, test } from 'vitest';
import { defaultMailFields } from '../../src/mapping/defaults.ts';
import { foldMailWord, MAIL_FIELDS, placesOverlap } from '../../src/mapping/mail-fields.ts';
import type { MappingOptions } from '../../src/mapping/rules.ts';
import { OPTION_ROWS } from '../../src/mapping/sheet-options.ts';
import { errorOf, mappingOf, sheetOf, sheets } from './sheet-fixtures.ts';

describe('Filters', () => {
  function withFilters(...rows: string[][]) {
    const all = sheets();
    all.find((sheet) => sheet.name === 'Filters')!.rows = [['Planning entity', 'Odoo domain'], ...rows];
    return all;
  }

  test('a domain for an entity', () => {
    const { rules, places } = mappingOf(withFilters(['item', "[('sale_ok', '=', True)]"], ['customer', '']));
    expect(rules.filters).toEqual(new Map([['item', [['sale_ok', '=', true]]]]));
    expect(places.filters.get('item')).toMatchObject([{ sheet: 'Filters', row: 2, column: 'B' }]);
  });

  test('several rows of one entity hold together', () => {
    const { rules } = mappingOf(
      withFilters(['item', "['|', ('a', '=', 1), ('b', '=', 2)]"], ['item', "[('c', '=', 3)]"]),
    );
    expect(rules.filters.get('item')).toEqual(['|', ['a', '=', 1], ['b', '=', 2], ['c', '=', 3]]);
  });

  test('a domain that cannot be read', () => {
    expect(errorOf(withFilters(['item', "[('a', '=', uid)]"]))).toMatchObject({
      sheet: 'Filters',
      row: 2,
      column: 'B',
      heading: 'Odoo domain',
    });
  });

  test.each(['users', 'load'])('%s has no filter of its own', (entity) => {
    expect(errorOf(withFilters([entity, "[('a', '=', 1)]"]))).toMatchObject({ column: 'A', found: entity });
  });

  test('a mistyped entity', () => {
    expect(errorOf(withFilters(['items', "[('a', '=', 1)]"]))).toMatchObject({ column: 'A', suggestion: 'item' });
  });
});

describe('Statuses', () => {
  function changed(state: string, column: number, value: string) {
    const all = sheets();
    sheetOf(all, 'Statuses').find((row) => row[1] === state)![column] = value;
    return all;
  }

  test('another status', () => {
    expect(
      mappingOf(changed('draft', 2, 'Inquiry'))
        .rules.statuses.get('sale.order')
        ?.get('draft'),
    ).toBe('inquiry');
    expect(
      mappingOf(changed('sent', 2, 'off'))
        .rules.statuses.get('sale.order')
        ?.get('sent'),
    ).toBe('off');
  });

  test('a state of an app of their own', () => {
    const all = sheets();
    sheetOf(all, 'Statuses').push(['purchase.order', 'bid', 'approved', '']);
    expect(mappingOf(all).rules.statuses.get('purchase.order')?.get('bid')).toBe('approved');
  });

  test('a row that is deleted leaves the state out', () => {
    const all = sheets();
    const rows = sheetOf(all, 'Statuses');
    rows.splice(
      rows.findIndex((row) => row[1] === 'sent'),
      1,
    );
    expect(mappingOf(all).rules.statuses.get('sale.order')?.has('sent')).toBe(false);
  });

  test.each([
    ['a status of orders for a sale', 'draft', 2, 'approved', { column: 'C', found: 'approved' }],
    ['a mistyped status', 'draft', 2, 'qoute', { column: 'C', suggestion: 'quote' }],
    ['no status', 'draft', 2, '', { column: 'C', found: '' }],
    ['a mistyped state', 'cancel', 1, 'cancl', { column: 'B', suggestion: 'cancel' }],
    ['no state', 'cancel', 1, '', { column: 'B' }],
    ['a state with markup', 'cancel', 1, '<b>', { column: 'B' }],
    ['another model', 'draft', 0, 'sale.orders', { column: 'A', suggestion: 'sale.order' }],
  ])('%s', (_case, state, column, value, error) => {
    expect(errorOf(changed(state, column, value))).toMatchObject({ sheet: 'Statuses', ...error });
  });

  test('a state that stands there twice', () => {
    const all = sheets();
    sheetOf(all, 'Statuses').push(['sale.order', 'draft', 'open', '']);
    expect(errorOf(all)).toMatchObject({ column: 'B', row: sheetOf(all, 'Statuses').length });
  });
});

describe('Options', () => {
  function withOption(label: string, value: string | number | boolean) {
    const all = sheets();
    sheetOf(all, 'Options').find((row) => row[0] === label)![1] = value;
    return all;
  }

  test.each<[string, string | number | boolean, Partial<MappingOptions>]>([
    ['Respect reservations', 'No', { respectReservations: false }],
    ['Respect reservations', true, { respectReservations: true }],
    ['Calendar', 'Two shifts', { calendar: 'Two shifts' }],
    ['Manufacturing warehouse', 'WH', { manufacturingWarehouse: 'WH' }],
    ['Purchase lead days', 3, { purchaseLeadDays: 3 }],
    ['Manufacturing lead days', '0', { manufacturingLeadDays: 0 }],
    ['Location names', 'NAME', { locationNames: 'name' }],
    ['Item names', 'long', { itemNames: 'long' }],
    ['Operation names', 'own warehouse', { operationNames: 'own warehouse' }],
    ['Reorder calendar names', 'warehouse name', { reorderCalendarNames: 'warehouse name' }],
    ['Individuals', 'separate', { individuals: 'separate' }],
    ['Time zone', 'Europe/Brussels', { timezone: 'Europe/Brussels' }],
    ['Time zone', 'UTC', { timezone: 'UTC' }],
    ['Language', 'fr_FR', { language: 'fr_FR' }],
    ['Language', 'As in odoo', { language: null }],
    ['Calendar', '', { calendar: null }],
  ])('%s: %j', (label, value, options) => {
    expect(mappingOf(withOption(label, value)).rules.options).toMatchObject(options);
  });

  test.each([
    ['Respect reservations', 'maybe', undefined],
    ['Purchase lead days', '-1', undefined],
    ['Purchase lead days', '4000', undefined],
    ['Manufacturing lead days', 'two', undefined],
    ['Item names', 'shorts', 'short'],
    ['Time zone', 'Europe/Brusels', 'Europe/Brussels'],
    ['Time zone', 'CET+1', undefined],
    ['Language', 'fr-FR', 'fr_FR'],
    ['Language', 'French', undefined],
  ])('%s cannot be %j', (label, value, suggestion) => {
    const error = errorOf(withOption(label, value));
    expect(error).toMatchObject({ sheet: 'Options', column: 'B', heading: 'Value', found: value });
    expect(error.suggestion).toBe(suggestion);
    expect(error.allowed).toEqual(OPTION_ROWS.find((row) => row.label === label)?.allowed);
  });

  test('an option that there is not, and one that stands there twice', () => {
    const all = sheets();
    sheetOf(all, 'Options').push(['Item name', 'long']);
    expect(errorOf(all)).toMatchObject({ column: 'A', suggestion: 'Item names' });
    const twice = sheets();
    sheetOf(twice, 'Options').push(['calendar', 'x']);
    expect(errorOf(twice)).toMatchObject({ column: 'A', row: sheetOf(twice, 'Options').length });
  });

  test('every option has a row', () => {
    const keys = OPTION_ROWS.map((row) => row.key).toSorted();
    expect(keys).toEqual(Object.keys(mappingOf([]).rules.options).toSorted());
  });
});

describe('Mail fields', () => {
  test('words of their own', () => {
    const all = sheets();
    sheetOf(all, 'Mail fields').push(['quantity', 'Losgröße; Los', 'table', 'de', '']);
    expect(mappingOf(all).mailFields.slice(-2)).toEqual([
      { field: 'quantity', word: 'Losgröße', place: 'table', language: 'de' },
      { field: 'quantity', word: 'Los', place: 'table', language: 'de' },
    ]);
  });

  test('one word, two fields', () => {
    const all = sheets();
    sheetOf(all, 'Mail fields').push(['remark', 'MENGE', '', '', '']);
    expect(errorOf(all)).toMatchObject({ sheet: 'Mail fields', column: 'B', found: 'MENGE' });
  });

  test.each([
    [['quantty', 'x', '', ''], { column: 'A', suggestion: 'quantity' }],
    [['quantity', '', 'line', ''], { column: 'B' }],
    [['quantity', '---', '', ''], { column: 'B' }],
    [['quantity', 'x'.repeat(61), '', ''], { column: 'B' }],
    [['quantity', 'xyz', 'tables', ''], { column: 'C', suggestion: 'table' }],
  ])('%j', (row, error) => {
    const all = sheets();
    sheetOf(all, 'Mail fields').push(row);
    expect(errorOf(all)).toMatchObject(error);
  });

  test('words are compared without case, accents and marks', () => {
    expect(foldMailWord('  Réf.  n° ')).toBe(foldMailWord('REF N°'));
    expect(foldMailWord('Teslim tarihı')).toBe('teslim tarihi');
    expect(foldMailWord('MASSEINHEIT')).toBe(foldMailWord('Maßeinheit'));
  });

  test('as shipped, every field has words in each language, and no word means two fields in one place', () => {
    const words = defaultMailFields();
    for (const field of MAIL_FIELDS) {
      const languages = new Set(words.filter((word) => word.field === field).map((word) => word.language));
      expect([...languages].toSorted(), field).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl', 'tr']);
    }
    for (const a of words) {
      const others = words.filter((b) => b.field !== a.field && foldMailWord(b.word) === foldMailWord(a.word));
      expect(
        others.filter((b) => placesOverlap(a.place, b.place)),
        a.word,
      ).toEqual([]);
    }
  });
});
