// Writes the lists of automations and their settings into docs/automations.md, from the automations themselves.
// node scripts/automations-doc.mjs [--check]: with --check it only says whether the file is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { AUTOMATIONS } from '../src/automation/automations.ts';
import { ENGINES } from '../src/automation/engines/engines.ts';

const FILE = new URL('../docs/automations.md', import.meta.url);
const MARKS = ['<!-- list -->', '<!-- /list -->'];

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value) => `\`${cell(JSON.stringify(value))}\``;

function settingsOf(schema) {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const standard = property.default === undefined ? '' : code(property.default);
    return `| \`${name}\` | ${standard} | ${cell(property.description ?? '')} |`;
  });
}

function table(schema) {
  const rows = settingsOf(schema);
  return rows.length === 0 ? [] : ['', '| setting | default | meaning |', '|---|---|---|', ...rows];
}

export function lists() {
  const overview = AUTOMATIONS.map(({ name, title, seed, schedule, needs }) => {
    return `| [\`${name}\`](#${name}) | ${cell(title)} | ${cell(seed)} | ${cell(schedule)} | ${needs.join(', ')} |`;
  });
  const each = AUTOMATIONS.flatMap(({ name, title, description, settings }) => {
    return ['', `### ${name}`, `**${title}.** ${description}`, ...table(settings)];
  });
  const engines = Object.entries(ENGINES).flatMap(([name, { settings }]) => [
    '',
    `### Engine ${name}`,
    ...table(settings),
  ]);
  const head = ['| name | what | number | when | needs |', '|---|---|---|---|---|'];
  return [...head, ...overview, ...each, '', '## Engines', ...engines, ''].join('\n');
}

export function withLists(text) {
  const [begin, end] = MARKS;
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  return `${text.slice(0, from)}\n${lists()}${text.slice(to)}`;
}

if (import.meta.main) {
  const before = readFileSync(FILE, 'utf8');
  const after = withLists(before);
  if (process.argv.includes('--check')) process.exitCode = before === after ? 0 : 1;
  else writeFileSync(FILE, after);
}
