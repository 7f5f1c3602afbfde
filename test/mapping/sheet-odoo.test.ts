import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkAgainstOdoo } from '../../src/connector/mapping-check.ts';
import { type MappingCommandSurroundings, registerMappingCommands } from '../../src/connector/mapping-commands.ts';
import { workbookBytes } from '../../src/connector/mapping-workbook.ts';
import type { FieldInfo, OdooReader, OdooRow } from '../../src/connector/odoo/reader.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { BASE_MODELS } from '../../src/mapping/entities.ts';
import { GOLDEN_SETS, goldenFields, goldenFolder } from '../support/golden.ts';
import { COLUMN, mappingOf, rowOf, sheetOf, sheets } from './sheet-fixtures.ts';

const field = (type: string, relation?: string): FieldInfo => ({
  type,
  stored: true,
  ...(relation ? { relation } : {}),
});

const MODELS: Record<string, Record<string, FieldInfo>> = {
  'stock.warehouse': { name: field('char'), code: field('char') },
  'mrp.workcenter': { name: field('char'), time_efficiency: field('float'), costs_hour: field('float') },
  'product.product': {
    name: field('char'),
    volume: field('float'),
    weight: field('float'),
    standard_price: field('float'),
    image: field('binary'),
    write_date: field('datetime'),
    product_tmpl_id: field('many2one', 'product.template'),
    tag_ids: field('many2many', 'product.tag'),
  },
  'product.template': {
    name: field('char'),
    list_price: field('float'),
    categ_id: field('many2one', 'product.category'),
  },
  'product.category': { name: field('char'), complete_name: field('char') },
  'product.tag': { name: field('char') },
  'mrp.bom': { code: field('char') },
  'resource.calendar': { name: field('char') },
};

const ROWS: Record<string, OdooRow[]> = {
  'resource.calendar': [{ id: 1, name: 'Two shifts' }],
  'stock.warehouse': [{ id: 1, name: 'Chicago', code: 'WH' }],
};

/** An Odoo of a few models. */
function odoo(): OdooReader {
  return {
    kind: 'rpc',
    server: { version: '17.0', major: 17, database: 'demo' },
    user: { id: 2, login: 'admin', tz: null, lang: null, companyId: 1, companyIds: [1] },
    scoped: () => odoo(),
    fields: async (model: string) => (MODELS[model] ? new Map(Object.entries(MODELS[model])) : null),
    async *pages({ model }: { model: string }) {
      yield ROWS[model] ?? [];
    },
    calls: 0,
    close: async () => {},
  };
}

async function checked(change: (all: ReturnType<typeof sheets>) => void) {
  const all = sheets();
  change(all);
  const { rules, places } = mappingOf(all);
  return checkAgainstOdoo(rules, odoo(), places);
}

const own =
  (path: string, transform = 'text') =>
  (all: ReturnType<typeof sheets>) => {
    sheetOf(all, 'Mapping').push(['item', 'mine', '', path, transform, '', '']);
  };

describe('the sheet against an Odoo', () => {
  test('as shipped, it fits; apps that are not installed have nothing to send', async () => {
    expect(await checkAgainstOdoo(defaultRules(), odoo())).toEqual([]);
    expect(await checked(() => {})).toEqual([]);
  });

  test.each([
    ['name', 'text'],
    ['product_tmpl_id.categ_id.complete_name', 'text'],
    ['product_tmpl_id.list_price', 'number'],
    ['write_date', 'date'],
    ['id', 'number'],
    ['no such field', 'constant'],
  ])('%s as %s is there', async (path, transform) => {
    expect(await checked(own(path, transform))).toEqual([]);
  });

  test('a field that is not there, with the one that was meant', async () => {
    const all = sheets();
    const { cells, number } = rowOf(all, 'item', 'cost');
    cells[COLUMN.field] = 'standard_prise';
    const { rules, places } = mappingOf(all);
    expect(await checkAgainstOdoo(rules, odoo(), places)).toMatchObject([
      {
        sheet: 'Mapping',
        row: number,
        column: 'D',
        heading: 'Odoo field',
        found: 'standard_prise',
        suggestion: 'standard_price',
      },
    ]);
  });

  test.each([
    [
      'product_tmpl_id.categ_id.complete_nam',
      'text',
      'product.category has no such field',
      'product_tmpl_id.categ_id.complete_name',
    ],
    ['name.length', 'text', 'leads to no other record', undefined],
    ['tag_ids.name', 'text', 'leads to no other record', undefined],
    ['product_tmpl_id.categ_id', 'text', 'link to product.category', undefined],
    ['tag_ids', 'text', 'link to product.tag', undefined],
    ['name', 'positive number', 'cannot read', undefined],
    ['name', 'date', 'cannot read', undefined],
    ['image', 'as is', 'is a file', undefined],
  ])('%s as %s: %s', async (path, transform, message, suggestion) => {
    const errors = await checked(own(path, transform));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain(message);
    expect(errors[0]?.suggestion).toBe(suggestion);
  });

  test('a row that is off is not looked up', async () => {
    expect(
      await checked((all) => {
        sheetOf(all, 'Mapping').push(['item', 'mine', '', 'no_such_field', 'text', 'off', '']);
      }),
    ).toEqual([]);
  });

  test('the fields of filters, each in its row, through lists too', async () => {
    const errors = await checked((all) => {
      sheetOf(all, 'Filters').push(['item', "[('tag_ids.name', '=', 'a'), ('product_tmpl_id.colour', '=', 1)]", '']);
      sheetOf(all, 'Filters').push(['item', "[('tag_ids', 'any', [('names', '=', 'a')])]", '']);
      sheetOf(all, 'Filters').push(['demand', "[('anything', '=', 'sales are not installed')]", '']);
    });
    expect(errors).toMatchObject([
      { sheet: 'Filters', row: 6, column: 'B', found: 'product_tmpl_id.colour' },
      { sheet: 'Filters', row: 7, column: 'B', found: 'names', suggestion: 'name' },
    ]);
  });

  test('names on the sheet Options', async () => {
    const set = (all: ReturnType<typeof sheets>, label: string, value: string) => {
      sheetOf(all, 'Options').find((row) => row[0] === label)![1] = value;
    };
    const errors = await checked((all) => {
      set(all, 'Calendar', 'Two shift');
      set(all, 'Manufacturing warehouse', 'WH');
      set(all, 'Language', 'fr_FR');
    });
    expect(errors).toMatchObject([{ sheet: 'Options', column: 'B', found: 'Two shift', suggestion: 'Two shifts' }]);
  });

  test('every base model is one of Odoo’s', () => {
    for (const model of Object.values(BASE_MODELS))
      expect(model).toMatch(/^(res|stock|product|mrp|sale|purchase|resource)(\.[a-z]+)+$/);
  });
});

describe('planbridge mapping', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mapping-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function run(...words: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    let exitCode = 0;
    const opened: unknown[] = [];
    const surroundings: MappingCommandSurroundings = {
      environment: { ODOO_PASSWORD: 'secret' },
      print: (line) => out.push(line),
      printError: (line) => err.push(line),
      setExitCode: (code) => {
        exitCode = code;
      },
      open: async (flags) => {
        opened.push(flags);
        return odoo();
      },
    };
    const program = new Command('planbridge').exitOverride();
    registerMappingCommands(program, surroundings);
    await program.parseAsync(['mapping', ...words], { from: 'user' });
    return { out, err, exitCode, opened };
  }

  test('reset, check and diagram', async () => {
    const file = join(directory, 'mapping.xlsx');
    const drawing = join(directory, 'mapping.svg');
    await run('reset', '--file', file);
    expect(await run('check', '--file', file)).toMatchObject({ err: [], exitCode: 0, opened: [] });
    await run('diagram', '--file', file, '--out', drawing);
    expect(await readFile(drawing, 'utf8')).toMatch(/^<svg /);
  });

  test('errors as lines with their cells, and 2', async () => {
    const file = join(directory, 'wrong.xlsx');
    const all = sheets();
    const { cells, number } = rowOf(all, 'item', 'cost');
    cells[COLUMN.field] = 'x-y';
    await writeFile(file, await workbookBytes(all));
    const { err, exitCode, out } = await run('check', '--file', file);
    expect(err[0]).toMatch(new RegExp(`^Mapping!D${number}: `));
    expect(err.at(-1)).toBe(`${file}: one error.`);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
    expect(await run('diagram', '--file', file, '--out', join(directory, 'none.svg'))).toMatchObject({ exitCode: 2 });
  });

  test('check with an Odoo looks the fields up there', async () => {
    const file = join(directory, 'fields.xlsx');
    const all = sheets();
    rowOf(all, 'item', 'cost').cells[COLUMN.field] = 'x_cost';
    await writeFile(file, await workbookBytes(all));
    const { err, exitCode, opened } = await run(
      'check',
      '--file',
      file,
      '--odoo-url',
      'http://odoo',
      '--database',
      'demo',
      '--user',
      'admin',
    );
    expect(opened).toEqual([
      { odooUrl: 'http://odoo', odooDatabaseUrl: undefined, database: 'demo', user: 'admin', password: 'secret' },
    ]);
    expect(err[0]).toContain('product.product has no such field in this Odoo: "x_cost"');
    expect(exitCode).toBe(2);
  });

  test('a file that is missing is an error that says what to do', async () => {
    await expect(run('check', '--file', join(directory, 'none.xlsx'))).rejects.toMatchObject({ code: 'PB_FILE' });
  });
});

const golden = goldenFolder();

describe.skipIf(golden === null)('the sheet as shipped against real Odoo 17', () => {
  test.each(GOLDEN_SETS)('%s has all its fields', async (set) => {
    const models = await goldenFields(golden!, set);
    const reader: OdooReader = {
      ...odoo(),
      fields: async (model: string) => {
        const fields = models[model];
        if (!fields) return null;
        return new Map(
          Object.entries(fields).map(([name, { type, relation, store }]) => [name, { type, relation, stored: store }]),
        );
      },
    };
    expect(await checkAgainstOdoo(defaultRules(), reader)).toEqual([]);
  });

  test('every state of its orders has a row', async () => {
    const models = (await goldenFields(golden!, 'ref17')) as unknown as Record<
      string,
      Record<string, { selection?: [string, string][] }>
    >;
    for (const [model, states] of defaultRules().statuses) {
      for (const [state] of models[model]?.state?.selection ?? []) expect([...states.keys()], model).toContain(state);
      expect(models[model]?.state?.selection?.length, model).toBeGreaterThan(3);
    }
  });
});
