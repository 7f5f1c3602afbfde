// Whatever the screens say in English they say in French and German too, with the same blanks to fill.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUTOMATIONS } from '../../src/automation/automations.ts';
import { ROLES } from '../../src/http/api.ts';
import { REASONS } from '../../src/mapping/report.ts';
import { SHEETS } from '../../src/mapping/sheet.ts';
import { RUN_STATES } from '../../src/planner/runs/run.ts';
import { STEP_NAMES } from '../../src/planner/runs/step.ts';
import { OPERATORS } from '../../src/screens/grids/grid.ts';
import { MAIL_GRIDS } from '../../src/screens/grids/mail-grids.ts';
import { PLAN_GRIDS } from '../../src/screens/grids/plan-grids.ts';
import { de } from '../../src/screens/web/words/de.ts';
import { fr } from '../../src/screens/web/words/fr.ts';

const URGENCIES = ['overdue', 'today', 'this week', 'later'];
const src = new URL('../../src', import.meta.url).pathname;
const web = join(src, 'screens/web');

function* saidInSources(): Generator<string> {
  for (const entry of readdirSync(web, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || entry.parentPath.endsWith('words')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8').replace(/^.*@example.*$/gm, '');
    for (const [, single, double] of text.matchAll(/\bt\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)) {
      yield (single ?? double ?? '').replace(/\\(.)/g, '$1');
    }
    // Lists whose texts are said later: `title: 'Import'`, `screen('/x/', 'Execute', …`, and those marked as words.
    for (const [, said] of text.matchAll(/\btitle: '([^']+)'/g)) yield said!;
    for (const [, said] of text.matchAll(/screen\('[^']+', '([^']+)'/g)) yield said!;
    for (const [, list = ''] of text.matchAll(/\/\*\* Words[^*]*\*\/([\s\S]*?);\n/g)) {
      for (const [, said] of list.matchAll(/'([^']+)'/g)) yield said!;
    }
  }
}

/** Templates of the server's sentences: `sentence('Make {quantity} {item} at {location}', …)`. */
function* sentences(): Generator<string> {
  for (const path of serverSources()) {
    const text = readFileSync(path, 'utf8').replace(/^.*@example.*$/gm, '');
    for (const [, single, double] of text.matchAll(SENTENCE)) yield (single ?? double ?? '').replace(/\\(.)/g, '$1');
  }
}

const SENTENCE = /\bsentence\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

function serverSources(): string[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter(({ name, parentPath }) => name.endsWith('.ts') && !join(parentPath, name).startsWith(web))
    .map(({ name, parentPath }) => join(parentPath, name));
}

function* saidOfTheServer(): Generator<string> {
  yield* sentences();
  for (const { title, columns } of [...PLAN_GRIDS, ...MAIL_GRIDS]) {
    yield title;
    for (const column of columns) {
      yield column.title;
      yield* column.choices ?? [];
    }
  }
  yield* [
    ...RUN_STATES,
    ...STEP_NAMES,
    ...OPERATORS,
    ...ROLES,
    ...SHEETS,
    'STCK',
    ...AUTOMATIONS.flatMap(({ title, description }) => [title, description]),
    ...URGENCIES,
    ...REASONS,
    'ok',
    'warning',
    'fault',
  ];
}

/** Signs and numbers are the same everywhere. */
const wanted = [...new Set([...saidInSources(), ...saidOfTheServer()])]
  .filter((said) => /\p{L}{2}/u.test(said.replace(/\{\w+\}/g, '')))
  .sort();
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

it('the server says its sentences with words that stand where they are said', () => {
  for (const path of serverSources()) {
    if (path.endsWith('output/sentence.ts')) continue;
    const text = readFileSync(path, 'utf8');
    // whatever else a call is given would be translated nowhere
    expect([path, text.match(/\bsentence\(/g)?.length ?? 0]).toEqual([path, text.match(SENTENCE)?.length ?? 0]);
  }
  expect([...sentences()].length).toBeGreaterThan(50);
});

describe.each([
  ['French', fr],
  ['German', de],
])('%s', (_, words) => {
  it('has every text', () => {
    expect(wanted.length).toBeGreaterThan(150);
    expect(wanted.filter((said) => !words[said])).toEqual([]);
  });

  it('fills the same blanks', () => {
    const wrong = Object.entries(words).filter(([said, word]) => blanks(said).join() !== blanks(word).join());
    expect(wrong).toEqual([]);
  });

  it('has no text that nobody says', () => {
    expect(Object.keys(words).filter((said) => !wanted.includes(said))).toEqual([]);
  });
});
