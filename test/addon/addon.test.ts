// The Odoo addon, as far as it can be judged without an Odoo: its own tests (odoo-addon/planbridge/tests) need one.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { FINDS } from '../../src/screens/odoo-links/find.ts';
import { SCREEN_PATHS } from '../../src/screens/paths.ts';

const ADDON = join(import.meta.dirname, '../../odoo-addon/planbridge');
const read = (path: string) => readFileSync(join(ADDON, path), 'utf8');

function filesOf(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === '__pycache__') return [];
    return statSync(path).isDirectory() ? filesOf(path) : [relative(ADDON, path)];
  });
}

/** Texts between quotes. */
const strings = (text: string) => [...text.matchAll(/"([^"\n]*)"/g)].map((match) => match[1]!);
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!);

const files = filesOf(ADDON);
const manifest = read('__manifest__.py');
const listed = (name: string) => strings(new RegExp(`"${name}": \\[([^\\]]*)\\]`).exec(manifest)![1]!);
const byVersion = [...new Set(strings(read('models/by_version.py')).filter((text) => text.endsWith('.xml')))];
const data = [...listed('data'), ...byVersion];
const python = files.filter((file) => file.startsWith('models/')).map(read);
const ownModels = new Set(python.flatMap((text) => matches(text, /^ {4}_name = "(planbridge\.[\w.]+)"/gm)));
const ownFields = new Set(python.flatMap((text) => matches(text, /^ {4}(\w+) = fields\./gm)));

/** Records of all data files, as `<record id model>`. */
const xml = data.filter((file) => file.endsWith('.xml')).map(read);
const ids = new Set(xml.flatMap((text) => matches(text, /<(?:record|menuitem)\s+id="([\w.]+)"/g)));

describe('the manifest', () => {
  test('lists only files that are there, and every data file once', () => {
    for (const file of data) expect(files, file).toContain(file);
    const there = files.filter((file) => /^(views|security)\//.test(file));
    expect([...data].toSorted()).toEqual(there.toSorted());
  });

  test('depends on apps of Odoo Community only, and is open source', () => {
    expect(listed('depends')).toEqual(['sale', 'purchase', 'stock', 'mrp']);
    expect(manifest).toContain('"license": "Other OSI approved licence"');
    expect(read('LICENSE')).toBe(readFileSync(join(ADDON, '../../LICENSE'), 'utf8'));
  });

  test('names screens’ files that are there', () => {
    const screen = files.filter((file) => file.startsWith('static/src/screen/')).map((file) => file.split('.').at(-1));
    expect(screen.toSorted()).toEqual(['js', 'scss', 'xml']);
    expect(listed('web.assets_backend')).toEqual(['planbridge/static/src/screen/*']);
  });

  test('every Python file is imported', () => {
    for (const folder of ['models', 'tests']) {
      const modules = files
        .filter((file) => file.startsWith(`${folder}/`) && !file.endsWith('__init__.py'))
        .map((file) => file.slice(folder.length + 1, -3));
      expect(matches(read(`${folder}/__init__.py`), /from \. import (\w+)/g).toSorted()).toEqual(modules.toSorted());
    }
    expect(read('__init__.py').trim()).toBe('from . import models');
  });

  test('needs nothing but Python’s own library and Odoo', () => {
    const modules = new Set(python.flatMap((text) => matches(text, /^(?:from|import) ([\w.]+)/gm)));
    const known = [
      '.',
      '.res_company',
      'base64',
      'hashlib',
      'hmac',
      'json',
      're',
      'secrets',
      'time',
      'urllib.parse',
      'odoo',
      'odoo.tools',
    ];
    for (const module of modules) expect(known).toContain(module);
  });
});

describe('the data files', () => {
  test.each(files.filter((file) => file.endsWith('.xml')))('%s is well-formed', (file) => {
    expect(XMLValidator.validate(read(file))).toBe(true);
  });

  test('every record is in one file of a version only, and all references are right', () => {
    for (const major of ['16', '17', '18']) {
      const own = new RegExp(`${major}: \\[([^\\]]*)\\]`).exec(read('models/by_version.py'));
      const texts = [...listed('data').filter((file) => file.endsWith('.xml')), ...strings(own![1]!)].map(read);
      const records = texts.flatMap((text) => matches(text, /<(?:record|menuitem)\s+id="([\w.]+)"/g));
      // The group's members are set in a part of its own, which updates leave alone.
      const twice = records.filter((id, at) => records.indexOf(id) !== at);
      expect(twice, major).toEqual(['group_planning_user']);
      expect(new Set(records), major).toEqual(ids);
      for (const text of texts)
        for (const id of matches(text, /(?:action|parent|ref|groups)="([\w.]+)"/g)) {
          if (!id.includes('.') || id.startsWith('planbridge.'))
            if (!id.startsWith('model_')) expect(ids, id).toContain(id.replace('planbridge.', ''));
        }
    }
  });

  test('fields of views are Odoo’s or the addon’s', () => {
    const odoo = [
      ...['name', 'model', 'arch', 'inherit_id', 'res_model', 'view_mode', 'help', 'tag', 'params', 'users', 'comment'],
      ...['category_id', 'implied_ids', 'parent_id', 'sequence', 'model_id', 'domain_force', 'company_id'],
    ];
    for (const text of xml)
      for (const field of matches(text, /<field name="(\w+)"/g))
        expect([...odoo, ...ownFields], field).toContain(field);
  });

  test('what access rows and rules name is there', () => {
    const [head, ...rows] = read('security/ir.model.access.csv').trim().split('\n');
    expect(head).toBe('id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink');
    const modelIds = new Set([...ownModels].map((model) => `model_${model.replaceAll('.', '_')}`));
    const stored = [...ownModels].filter((model) => !/by\.version|take\.over|\.link$/.test(model));
    const granted = new Set<string>();
    for (const row of rows) {
      const cells = row.split(',');
      expect(cells).toHaveLength(8);
      expect(modelIds, row).toContain(cells[2]);
      expect(['group_planning_user', 'mrp.group_mrp_user', 'mrp.group_mrp_manager'], row).toContain(cells[3]);
      granted.add(cells[2]!);
    }
    const expected = new Set(stored.map((model) => `model_${model.replaceAll('.', '_')}`));
    expect(granted).toEqual(expected);
    expect(new Set(matches(read('security/rules.xml'), /ref="(model_\w+)"/g))).toEqual(expected);
  });
});

describe('views that differ by version', () => {
  test('the lists are the same but for their name', () => {
    const older = read('views/by_version/lists_16.xml');
    expect(older.replaceAll('<tree ', '<list ').replaceAll('</tree>', '</list>')).toBe(
      read('views/by_version/lists_18.xml'),
    );
    expect(older).not.toContain('<list');
  });

  test('the settings have the same fields, buttons and words', () => {
    const parts = (file: string) => ({
      fields: matches(read(file), /<field name="(\w+)"[^>]*\/>/g),
      buttons: matches(read(file), /<button name="(\w+)"/g),
      ids: matches(read(file), / id="(planbridge_\w+)"/g),
      help: [...matches(read(file), / help="([^"]+)"/g), ...matches(read(file), /text-muted">([^<]+)</g)],
    });
    expect(parts('views/by_version/settings_16.xml')).toEqual(parts('views/by_version/settings_17.xml'));
  });

  test('no other view says what only some versions understand', () => {
    for (const file of listed('data').filter((one) => one.endsWith('.xml')))
      expect(read(file), file).not.toMatch(/<(?:tree|list|app|block|setting)\b|attrs=|\bstates=/);
  });
});

describe('the menus', () => {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
  const { odoo } = parser.parse(read('views/menus.xml'));

  test('open screens that there are', () => {
    const paths = matches(read('views/menus.xml'), /'path': '([^']+)'/g);
    expect(paths).toHaveLength(6);
    for (const path of paths) expect(SCREEN_PATHS).toContain(path);
  });

  test('are for members of the planning group', () => {
    for (const menu of odoo.menuitem) expect(menu.groups).toBe('planbridge.group_planning_user');
    const under = Object.groupBy(odoo.menuitem as Array<{ name: string; parent: string }>, (menu) => menu.name);
    expect(under['Forecast editor']?.map(({ parent }) => parent)).toEqual(['sale.sale_order_menu']);
    expect(under['Inventory planning']?.map(({ parent }) => parent)).toEqual(['stock.menu_stock_warehouse_mgmt']);
    expect(under['Plan editor']?.map(({ parent }) => parent)).toEqual(['mrp.menu_mrp_manufacturing']);
    expect(under['Advanced planning']?.map(({ parent }) => parent)).toEqual([
      'mrp.menu_mrp_root',
      'purchase.menu_purchase_root',
    ]);
  });
});

describe('the buttons on records', () => {
  const links = read('views/links.xml');
  const linked = matches(read('models/link.py'), /_inherit = \["([\w.]+)", "planbridge\.link"\]/g);

  test('stand on forms of models that have a link, for members of the planning group', () => {
    const models = matches(links, /<field name="model">([\w.]+)</g);
    // A reordering rule has no form of its own that people use.
    expect(new Set(linked)).toEqual(new Set([...models, 'stock.warehouse.orderpoint']));
    const buttons = matches(links, /(<button [^>]*>)/g);
    expect(buttons).toHaveLength(models.length);
    for (const button of buttons) {
      expect(button).toContain('name="planbridge_open_record" type="object"');
      expect(button).toContain('groups="planbridge.group_planning_user"');
    }
  });

  test('lead to records that the planner can open', () => {
    for (const model of linked) expect(Object.keys(FINDS)).toContain(model);
    expect(read('models/link.py')).toContain('"path": "/open/%s/%d/" % (self._name, self.id)');
    expect(SCREEN_PATHS).toContain('/open/');
  });
});

describe('translations', () => {
  const entries = (file: string) => {
    const text = read(file).replaceAll(/"\n"/g, '');
    return new Map([...text.matchAll(/^msgid "(.+)"\nmsgstr "(.*)"$/gm)].map((match) => [match[1]!, match[2]!]));
  };
  const template = entries('i18n/planbridge.pot');

  test.each(['fr', 'de'])('%s has every word, with the same places for values', (language) => {
    const words = entries(`i18n/${language}.po`);
    expect(template.size).toBeGreaterThan(100);
    expect([...words.keys()].toSorted()).toEqual([...template.keys()].toSorted());
    for (const [source, translated] of words) {
      expect(translated, source).not.toBe('');
      expect(matches(translated, /(%\(\w+\)s|%s)/g), source).toEqual(matches(source, /(%\(\w+\)s|%s)/g));
    }
  });
});

test('the key stands in no column, and only administrators reach it', () => {
  const company = read('models/res_company.py');
  const field = /planbridge_webtoken_key = fields\.Char\(([\s\S]*?)\n {4}\)/.exec(company)![1]!;
  expect(field).toMatch(/compute=.*[\s\S]*inverse=.*[\s\S]*search=.*[\s\S]*groups="base\.group_system"/);
  expect(field).not.toContain('store=True');
  expect(company).toMatch(/def planbridge_open\([\s\S]*?has_group\(PLANNING_GROUP\)/);
  expect(company).toContain('KEY_LENGTH = 32');
});
