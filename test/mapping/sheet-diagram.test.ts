import { readFile } from 'node:fs/promises';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { drawMapping } from '../../src/mapping/diagram.ts';
import { AREAS, areaOf } from '../../src/mapping/diagram-style.ts';
import { BASE_MODELS } from '../../src/mapping/entities.ts';
import { ENTITIES } from '../../src/mapping/rules.ts';
import { COLUMN, mappingOf, rowOf, sheetOf, sheets } from './sheet-fixtures.ts';

/** Texts of a drawing; throws when it is no XML. */
function textsOf(svg: string): string[] {
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on('text', (text) => {
    if (text.trim()) texts.push(text);
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(svg).close();
  return texts;
}

test('every entity, every attribute and every model is in it, as text', () => {
  const rules = defaultRules();
  const texts = textsOf(drawMapping(rules));
  for (const entity of ENTITIES) expect(texts).toContain(entity);
  for (const model of Object.values(BASE_MODELS)) expect(texts).toContain(model);
  for (const { attribute } of rules.attributes)
    expect(
      texts.some((text) => text.startsWith(attribute)),
      attribute,
    ).toBe(true);
  expect(texts).toContain('cost ← standard_price');
});

test('entities stand in the groups of their modes', () => {
  const all = sheets();
  rowOf(all, 'calendar', 'name').cells[COLUMN.mode] = 'off';
  rowOf(all, 'demand', 'name').cells[COLUMN.mode] = '2';
  const texts = textsOf(drawMapping(mappingOf(all).rules));
  const at = (text: string) => texts.findIndex((entry) => entry.startsWith(text));
  const groups = ['MODES 1 AND 2', 'MODE 1 ', 'MODE 2 ', 'SWITCHED OFF'].map(at);
  expect(groups).toEqual(groups.toSorted((a, b) => a - b));
  expect(Math.min(...groups)).toBeGreaterThan(0);
});

test('own attributes and filters are shown, and nothing in them is markup', () => {
  const all = sheets();
  sheetOf(all, 'Mapping').push(['item', 'colour', '', '<b>&"', 'constant', '', '']);
  sheetOf(all, 'Filters').push(['item', "[('name', '=', '<script>')]", '']);
  const texts = textsOf(drawMapping(mappingOf(all).rules));
  expect(texts).toContain('+ colour = <b>&"');
  expect(texts).toContain("only [('name', '=', '<script>')]");
});

test('nothing is fetched, and it can be read in the dark', () => {
  const svg = drawMapping(defaultRules());
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<image|<script|href/);
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).toContain('<title');
});

test('every model has a colour', () => {
  for (const model of Object.values(BASE_MODELS)) expect(AREAS).toContain(areaOf(model));
});

test('the same rules give the same drawing', () => {
  expect(drawMapping(defaultRules())).toBe(drawMapping(defaultRules()));
});

test('the drawing in docs is that of the sheet as shipped', async () => {
  const drawing = await readFile('docs/mapping.svg', 'utf8');
  expect(drawing === drawMapping(defaultRules()), 'run: planbridge mapping diagram --out docs/mapping.svg').toBe(true);
});
