import { describe, expect, test } from 'vitest';
import { kindOf } from '../../src/mapping/attribute-kinds.ts';
import { ATTRIBUTES } from '../../src/mapping/attributes.ts';
import { DEFAULT_ATTRIBUTES, defaultMailFields, defaultRules } from '../../src/mapping/defaults.ts';
import { isKey, LEADING_ATTRIBUTE } from '../../src/mapping/entities.ts';
import { ENTITIES, type EntityName, entityInMode, finisher } from '../../src/mapping/rules.ts';
import { readSheets } from '../../src/mapping/sheet.ts';
import { formatSheetError } from '../../src/mapping/sheet-errors.ts';
import { COLUMN, errorOf, errorsOf, mappingOf, rowOf, sheetOf, sheets } from './sheet-fixtures.ts';

const ruleOf = (all: ReturnType<typeof sheets>, entity: string, attribute: string) =>
  mappingOf(all).rules.attributes.find((rule) => rule.entity === entity && rule.attribute === attribute);

describe('the sheet as shipped', () => {
  test('says what the program does without a sheet', () => {
    expect(mappingOf(sheets()).rules).toEqual(defaultRules());
    expect(mappingOf(sheets()).mailFields).toEqual(defaultMailFields());
  });

  test('no sheets at all are as good as the sheet as shipped', () => {
    expect(mappingOf([]).rules).toEqual(defaultRules());
    expect(mappingOf([{ name: 'Mapping', rows: [] }]).rules).toEqual(defaultRules());
  });

  test('has every entity, led by a row of its own', () => {
    for (const entity of ENTITIES) {
      const rows = DEFAULT_ATTRIBUTES.filter((row) => row.entity === entity);
      expect(rows[0]?.attribute, entity).toBe(LEADING_ATTRIBUTE[entity]);
      const modes = new Set(rows.map((row) => row.modes).filter((text) => text !== 'off'));
      expect(modes.size, `${entity} has one mode`).toBe(1);
    }
  });

  test('names only attributes that the planning model knows, each with its kind', () => {
    for (const row of DEFAULT_ATTRIBUTES)
      expect(kindOf(row.entity, row.attribute), `${row.entity} ${row.attribute}`).toBeDefined();
    for (const entity of ENTITIES) {
      for (const name of Object.keys(ATTRIBUTES[entity]))
        expect(kindOf(entity, name), `${entity} ${name}`).toBeDefined();
    }
  });

  test('has a note on every row', () => {
    for (const row of DEFAULT_ATTRIBUTES) expect(row.note.length, `${row.entity} ${row.attribute}`).toBeGreaterThan(7);
  });

  test('sends in mode 2 what changes slowly', () => {
    const rules = defaultRules();
    const slow = ENTITIES.filter((entity) => entityInMode(rules, entity, 2));
    expect(slow).toEqual([
      'users',
      'location',
      'customer',
      'itemcategory',
      'item',
      'itemsupplier',
      'itemdistribution',
      'demand',
    ]);
    expect(ENTITIES.every((entity) => entityInMode(rules, entity, 1))).toBe(true);
  });
});

describe('how a sheet may look', () => {
  test('columns in any order, headings in any case, empty rows and rows above the headings', () => {
    const all = sheets();
    const rows = sheetOf(all, 'Mapping');
    const turned = rows.map((row) => [...row].reverse());
    turned[0] = turned[0]!.map((title) => String(title).toUpperCase());
    all.find((sheet) => sheet.name === 'Mapping')!.rows = [[], turned[0]!, [null, null], ...turned.slice(1)];
    expect(mappingOf(all).rules).toEqual(defaultRules());
  });

  test('numbers, blanks and other letter case in cells', () => {
    const all = sheets();
    const row = rowOf(all, 'resource', 'cost').cells;
    row[COLUMN.entity] = ' Resource ';
    row[COLUMN.attribute] = 'COST';
    row[COLUMN.transform] = 'Positive  Number';
    row[COLUMN.mode] = 1;
    expect(ruleOf(all, 'resource', 'cost')).toMatchObject({ transform: 'positive number', modes: new Set([1]) });
  });

  test.each(['1,2', '2, 1', '1;2', '1+2', '1 and 2', 1.2, '1 2'])('both modes written as %j', (text) => {
    const all = sheets();
    rowOf(all, 'calendar', 'name').cells[COLUMN.mode] = text;
    expect(ruleOf(all, 'calendar', 'name')?.modes).toEqual(new Set([1, 2]));
  });

  test('notes and the Odoo model may be left out', () => {
    const all = sheets();
    all.find((sheet) => sheet.name === 'Mapping')!.rows = sheetOf(all, 'Mapping').map((row) => [
      row[0],
      row[1],
      row[3],
      row[4],
      row[5],
    ]);
    expect(mappingOf(all).rules).toEqual(defaultRules());
  });
});

describe('what a planner can change', () => {
  test('the field behind an attribute', () => {
    const all = sheets();
    rowOf(all, 'item', 'cost').cells[COLUMN.field] = 'product_tmpl_id.list_price';
    expect(ruleOf(all, 'item', 'cost')).toMatchObject({
      field: 'product_tmpl_id.list_price',
      transform: 'positive number',
    });
  });

  test('a rule into a field', () => {
    const all = sheets();
    const { cells } = rowOf(all, 'demand', 'priority');
    cells[COLUMN.field] = 'order_id.x_priority';
    cells[COLUMN.transform] = 'number';
    expect(ruleOf(all, 'demand', 'priority')).toMatchObject({ field: 'order_id.x_priority', transform: 'number' });
  });

  test('a row that is deleted is off', () => {
    const all = sheets();
    const rows = sheetOf(all, 'Mapping');
    rows.splice(rowOf(all, 'item', 'weight').number - 1, 1);
    expect(ruleOf(all, 'item', 'weight')?.modes).toEqual(new Set());
  });

  test('an attribute of their own, which then is a property', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['item', 'colour', '', 'product_tmpl_id.x_colour', 'text', '', '']);
    const { rules } = mappingOf(all);
    const apply = finisher<{ name: string; properties?: unknown }>(rules, 'item', 1, ATTRIBUTES.item, () => undefined);
    const item = apply({ id: 1, 'product_tmpl_id.x_colour': 'red', standard_price: 2 }, { name: 'Table' });
    expect(item).toEqual({ name: 'Table', cost: 2, properties: [{ kind: 'string', name: 'colour', value: 'red' }] });
  });

  test('an attribute that the planning model knows but the sheet as shipped does not send', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['operation', 'batchwindow', 'mrp.bom', 'x_window', 'days to duration', '1', '']);
    expect(ruleOf(all, 'operation', 'batchwindow')).toMatchObject({
      transform: 'days to duration',
      modes: new Set([1]),
    });
  });

  test.each([
    ['resource', 'maxearly', '7 days', 604_800],
    ['resource', 'constrained', 'no', false],
    ['demand', 'maxlateness', '4 h', 14_400],
    ['itemsupplier', 'fence', '90', 90],
    ['operation', 'size_maximum', 12.5, 12.5],
    ['operation', 'effective_end', '2027-01-01', 1_798_761_600],
    ['operation', 'effective_start', new Date('2026-11-21T00:00:00Z'), 1_795_219_200],
    ['location', 'category', '007', '007'],
    ['location', 'zone of mine', '007', '007'],
    ['location', 'floor_space', '120', 120],
    ['location', 'heated', true, true],
  ])('constants: %s %s = %j', (entity, attribute, text, value) => {
    const all = sheets();
    sheetOf(all, 'Mapping').push([entity, attribute, '', text, 'constant', '', '']);
    expect(ruleOf(all, entity, attribute)?.constant).toBe(value);
  });

  test('"as is" becomes what the planning model needs', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['operation', 'effective_start', '', 'x_from', 'as is', '1', '']);
    expect(ruleOf(all, 'operation', 'effective_start')?.transform).toBe('date and time');
  });
});

describe('modes', () => {
  const modesOf = (all: ReturnType<typeof sheets>, entity: EntityName) =>
    Object.fromEntries(
      mappingOf(all)
        .rules.attributes.filter((rule) => rule.entity === entity)
        .map((rule) => [rule.attribute, [...rule.modes].join(',') || 'off']),
    );

  test('the leading row moves the whole entity', () => {
    const all = sheets();
    rowOf(all, 'resource', 'name').cells[COLUMN.mode] = '1,2';
    const modes = modesOf(all, 'resource');
    expect(modes.cost).toBe('off');
    delete modes.cost;
    expect(new Set(Object.values(modes))).toEqual(new Set(['1,2']));
  });

  test('the leading row bounds the others', () => {
    const all = sheets();
    rowOf(all, 'demand', 'name').cells[COLUMN.mode] = '2';
    rowOf(all, 'demand', 'batch').cells[COLUMN.mode] = 'off';
    expect(modesOf(all, 'demand')).toMatchObject({ name: '2', quantity: '2', item: '2', batch: 'off' });
  });

  test('a row can be narrower than its entity', () => {
    const all = sheets();
    rowOf(all, 'item', 'cost').cells[COLUMN.mode] = '1';
    expect(modesOf(all, 'item')).toMatchObject({ cost: '1', volume: '1,2' });
  });

  test('an empty mode is that of the leading row', () => {
    const all = sheets();
    rowOf(all, 'item', 'cost').cells[COLUMN.mode] = '';
    rowOf(all, 'calendar', 'name').cells[COLUMN.mode] = null;
    expect(modesOf(all, 'item').cost).toBe('1,2');
    expect(modesOf(all, 'calendar')).toEqual({ name: '1', default: '1', buckets: '1' });
  });

  test('"off" in the leading row switches the entity off', () => {
    const all = sheets();
    rowOf(all, 'calendar', 'name').cells[COLUMN.mode] = 'off';
    expect(entityInMode(mappingOf(all).rules, 'calendar', 1)).toBe(false);
  });

  test('an attribute in a mode that its entity has not', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['calendar', 'colour', '', 'x_colour', 'text', '2', '']);
    expect(errorOf(all)).toMatchObject({ column: 'F', row: sheetOf(all, 'Mapping').length, allowed: ['1', 'off'] });
  });
});

describe('attributes that name or link objects', () => {
  test.each([
    ['item', 'name'],
    ['location', 'name'],
    ['item', 'owner'],
    ['demand', 'customer'],
    ['load', 'skill'],
    ['itemsupplier', 'supplier'],
  ])('%s %s is computed', (entity, attribute) => {
    const all = sheets();
    const { cells, number } = rowOf(all, entity, attribute);
    cells[COLUMN.transform] = 'text';
    cells[COLUMN.field] = 'x_other';
    expect(errorOf(all)).toMatchObject({
      sheet: 'Mapping',
      row: number,
      column: 'E',
      heading: 'Transform',
      found: 'text',
      allowed: ['rule'],
    });
  });

  test.each([
    ['item', 'name'],
    ['location', 'name'],
    ['item', 'owner'],
    ['demand', 'item'],
    ['purchaseorder', 'supplier'],
    ['itemdistribution', 'destination'],
  ])('%s %s cannot be off by itself', (entity, attribute) => {
    const all = sheets();
    const { cells, number } = rowOf(all, entity, attribute);
    cells[COLUMN.mode] = 'off';
    expect(errorOf(all)).toMatchObject({ row: number, column: 'F', found: 'off' });
  });

  test('their rows cannot be deleted', () => {
    for (const { entity, attribute } of DEFAULT_ATTRIBUTES.filter((row) => isKey(row.entity, row.attribute))) {
      const all = sheets();
      sheetOf(all, 'Mapping').splice(rowOf(all, entity, attribute).number - 1, 1);
      const errors = errorsOf(all).filter((error) => error.message.includes('is missing'));
      expect(errors.map((error) => error.message).join(), `${entity} ${attribute}`).toContain(
        `${entity} "${attribute}"`,
      );
      expect(errors[0]).toMatchObject({ sheet: 'Mapping', column: 'B' });
    }
  });

  test('those that the program has no rule for cannot be added', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['customer', 'owner', '', 'parent_id.name', 'text', '1', '']);
    expect(errorOf(all)).toMatchObject({ column: 'B', found: 'owner' });
  });
});

describe('errors name their cell, and what is allowed', () => {
  function changed(entity: string, attribute: string, column: number, value: string) {
    const all = sheets();
    const { cells, number } = rowOf(all, entity, attribute);
    cells[column] = value;
    return { error: errorOf(all), number };
  }

  test('an unknown entity, with the one that was meant', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['custmer', 'segment', '', 'x_segment', 'text', '1', '']);
    const error = errorOf(all);
    expect(error).toMatchObject({
      column: 'A',
      heading: 'Planning entity',
      found: 'custmer',
      suggestion: 'customer',
      allowed: ENTITIES,
    });
    expect(formatSheetError(error)).toMatch(
      /^Mapping!A\d+: \(Planning entity\) "custmer" is not a planning entity\. Did you mean "customer"\?/,
    );
  });

  test('a mistyped attribute', () => {
    const { error, number } = changed('resource', 'efficiency', COLUMN.attribute, 'eficiency');
    expect(error).toMatchObject({ row: number, column: 'B', found: 'eficiency', suggestion: 'efficiency' });
  });

  test('a name like a known one is free once that one has its row', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['resource', 'costs', '', 'costs_hour', 'number', '1', '']);
    expect(ruleOf(all, 'resource', 'costs')?.field).toBe('costs_hour');
  });

  test('an attribute of their own where there is no room for one', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['skill', 'level', '', 'x_level', 'number', '1', '']);
    expect(errorOf(all)).toMatchObject({ column: 'B', allowed: ['name'] });
  });

  test.each(['source', '1st', '<b>', 'x"y', 'a'.repeat(101)])('%j is no name for an attribute', (name) => {
    const all = sheets();
    sheetOf(all, 'Mapping').push(['item', name, '', 'x', 'text', '1', '']);
    expect(errorOf(all)).toMatchObject({ column: 'B', found: name });
  });

  test('another model', () => {
    const { error } = changed('item', 'cost', COLUMN.model, 'product.template');
    expect(error).toMatchObject({
      column: 'C',
      heading: 'Odoo model',
      found: 'product.template',
      allowed: ['product.product'],
    });
  });

  test('another field for a rule, which would not be read', () => {
    const { error, number } = changed('demand', 'due', COLUMN.field, 'order_id.x_due');
    expect(error).toMatchObject({ row: number, column: 'D', heading: 'Odoo field', found: 'order_id.x_due' });
    expect(error.message).toContain('change the transform');
  });

  test.each(['', 'x-y', 'a..b', '.a', 'a.b.c.d.e.f.g', "name'; drop table", '=A1'])('%j is no field', (text) => {
    const { error } = changed('item', 'cost', COLUMN.field, text);
    expect(error).toMatchObject({ column: 'D', found: text });
  });

  test('an unknown transform', () => {
    const { error } = changed('item', 'cost', COLUMN.transform, 'positiv number');
    expect(error).toMatchObject({ column: 'E', suggestion: 'positive number' });
    expect(error.allowed).toEqual(['number', 'positive number', 'as is', 'constant']);
  });

  test('a transform that does not fit the attribute', () => {
    const { error } = changed('item', 'cost', COLUMN.transform, 'date');
    expect(error).toMatchObject({ column: 'E', message: '"cost" is a number, which "date" does not give' });
  });

  test('a rule where there is none', () => {
    const { error } = changed('item', 'cost', COLUMN.transform, 'rule');
    expect(error).toMatchObject({ column: 'E', found: 'rule' });
  });

  test('an attribute of few values', () => {
    const all = sheets();
    const { cells } = rowOf(all, 'item', 'type');
    cells[COLUMN.transform] = 'constant';
    cells[COLUMN.field] = 'mto';
    expect(errorOf(all)).toMatchObject({ column: 'D', allowed: ['item_mts', 'item_mto'] });
  });

  test.each([
    ['resource', 'cost', '12,5'],
    ['resource', 'cost', '1e3'],
    ['operation', 'posttime', 'a week'],
    ['operation', 'effective_end', '31.12.2026'],
    ['operation', 'effective_end', '2026-13-01'],
  ])('a constant of the wrong kind: %s %s %s', (entity, attribute, text) => {
    const all = sheets();
    const rows = sheetOf(all, 'Mapping');
    const known = rows.find((row) => row[0] === entity && row[1] === attribute);
    if (known) [known[COLUMN.field], known[COLUMN.transform]] = [text, 'constant'];
    else rows.push([entity, attribute, '', text, 'constant', '', '']);
    expect(errorOf(all)).toMatchObject({ column: 'D', found: text });
  });

  test.each(['3', '12', '1,3', 'yes', '1-2'])('%j is no mode', (text) => {
    const { error } = changed('item', 'cost', COLUMN.mode, text);
    expect(error).toMatchObject({ column: 'F', heading: 'Mode', found: text, allowed: ['1', '2', '1,2', 'off'] });
  });

  test('an attribute that stands there twice', () => {
    const all = sheets();
    const { cells, number } = rowOf(all, 'item', 'cost');
    sheetOf(all, 'Mapping').push([...cells]);
    const error = errorOf(all);
    expect(error).toMatchObject({ column: 'B', row: sheetOf(all, 'Mapping').length });
    expect(error.message).toContain(`row ${number}`);
  });

  test('the address follows the columns where they stand', () => {
    const all = sheets();
    const rows = sheetOf(all, 'Mapping');
    all.find((sheet) => sheet.name === 'Mapping')!.rows = rows.map((row) => ['', '', ...row]);
    rowOf2(all, 'item', 'cost')[COLUMN.mode + 2] = 'often';
    expect(errorOf(all)).toMatchObject({ column: 'H' });
  });

  test('unknown, double and missing headings', () => {
    const all = sheets();
    sheetOf(all, 'Mapping')[0]!.push('Colour', 'Mode');
    expect(errorsOf(all).map(({ row, column, found }) => ({ row, column, found }))).toEqual([
      { row: 1, column: 'H', found: 'Colour' },
      { row: 1, column: 'I', found: 'Mode' },
    ]);
    const other = sheets();
    sheetOf(other, 'Mapping')[0]![COLUMN.transform] = 'Transfrom';
    expect(errorsOf(other)[0]).toMatchObject({ row: 1, column: 'E', suggestion: 'Transform' });
    expect(errorsOf(other)[1]?.message).toBe('the column "Transform" is missing');
  });

  test('a cell in a column without heading', () => {
    const all = sheets();
    sheetOf(all, 'Filters')[2]![5] = 'and this?';
    expect(errorOf(all)).toMatchObject({ sheet: 'Filters', row: 3, column: 'F', found: 'and this?' });
  });

  test('an unknown sheet, and one that is there twice', () => {
    expect(errorOf([...sheets(), { name: 'Optoins', rows: [] }])).toMatchObject({
      sheet: 'Optoins',
      suggestion: 'Options',
    });
    expect(errorOf([...sheets(), { name: 'mapping', rows: [] }])).toMatchObject({ sheet: 'mapping' });
  });

  test('all errors at once, in the order of the sheets', () => {
    const all = sheets();
    rowOf(all, 'stock', 'onhand').cells[COLUMN.mode] = 'x';
    rowOf(all, 'item', 'cost').cells[COLUMN.mode] = 'x';
    sheetOf(all, 'Options')[1]![1] = 'perhaps';
    sheetOf(all, 'Filters')[1]![1] = '[';
    expect(errorsOf(all).map((error) => error.sheet)).toEqual(['Mapping', 'Mapping', 'Filters', 'Options']);
    expect(errorsOf(all)[0]!.row).toBeLessThan(errorsOf(all)[1]!.row);
  });

  test('messages are one line, whatever a cell holds', () => {
    const all = sheets();
    sheetOf(all, 'Mapping').push([`a\nb\u0007${'x'.repeat(500)}`, 'b', '', 'c', 'text', '1', '']);
    const line = formatSheetError(errorOf(all));
    expect(line).not.toMatch(/[\x00-\x1f]/);
    expect(line.length).toBeLessThan(700);
  });

  test('any cells at all give rules or errors, never a fault', () => {
    const strange = [
      [[new Date(Number.NaN), Number.NaN, true, null, undefined, '🙂', '\u0000']],
      [['Planning entity']],
      [[]],
    ];
    for (const rows of strange) expect(readSheets([{ name: 'Mapping', rows }]).ok).toBe(rows[0]!.length === 0);
  });
});

/** Row of an attribute in a sheet that was moved two columns to the right. */
function rowOf2(all: ReturnType<typeof sheets>, entity: string, attribute: string) {
  return sheetOf(all, 'Mapping').find((row) => row[2] === entity && row[3] === attribute)!;
}
