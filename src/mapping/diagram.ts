// The mapping as a picture: Odoo's models on the left, planning entities with their attributes on the right, grouped by mode.
// Pure: rules in, SVG out. Text stays text.

import { ATTRIBUTES } from './attributes.ts';
import { areaOf, DIAGRAM_STYLE } from './diagram-style.ts';
import { BASE_MODELS, LEADING_ATTRIBUTE } from './entities.ts';
import { type AttributeRule, ENTITIES, type EntityName, type MappingRules } from './rules.ts';
import { formatDomain } from './sheet-domain.ts';

const WIDTH = 1180;
const MARGIN = 32;
const MODEL = { x: MARGIN + 20, width: 240, height: 44 };
const CARD = { x: 470, width: WIDTH - MARGIN - 20 - 470, pad: 16, head: 36, line: 18, gap: 14 };
/** Width of a character of the fixed-width type, at 11 px. */
const CHARACTER = 6.63;
const TOP = 128;

interface Word {
  text: string;
  look: 'rule' | 'field' | 'own' | 'off';
}

interface Card {
  entity: EntityName;
  model: string;
  modes: string;
  active: number;
  lines: Word[][];
  filter: string | undefined;
  y: number;
  height: number;
}

interface Band {
  title: string;
  y: number;
  height: number;
  cards: Card[];
}

const GROUPS: readonly [modes: string, title: string][] = [
  ['1,2', 'MODES 1 AND 2 — IN EVERY EXPORT'],
  ['1', 'MODE 1 — IN THE FULL PLAN'],
  ['2', 'MODE 2 — ONLY WHAT CHANGES SLOWLY'],
  ['off', 'SWITCHED OFF'],
];

const modesText = (modes: ReadonlySet<number>) => (modes.size === 0 ? 'off' : [...modes].sort().join(','));

/** An SVG document, readable in light and dark. */
export function drawMapping(rules: MappingRules): string {
  const bands = layOut(rules);
  const cards = bands.flatMap((band) => band.cards);
  const models = placeModels(cards);
  const bottom = Math.max(bands.at(-1)!.y + bands.at(-1)!.height, ...[...models.values()].map((y) => y + MODEL.height));
  const height = Math.ceil(bottom + MARGIN + 8);
  const attributes = cards.reduce((sum, card) => sum + card.active, 0);
  const summary = `${attributes} attributes of ${cards.filter((card) => card.modes !== 'off').length} planning entities, from ${models.size} models of Odoo.`;

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d">`,
    '<title id="t">What of Odoo becomes what in planning</title>',
    `<desc id="d">${escaped(summary)}</desc>`,
    `<style>${DIAGRAM_STYLE}</style>`,
    `<rect class="bg" width="${WIDTH}" height="${height}" rx="12"/>`,
    `<text class="h1" x="${MARGIN}" y="48">What of Odoo becomes what in planning</text>`,
    `<text class="sub" x="${MARGIN}" y="70">${escaped(summary)}</text>`,
    legend(),
    ...bands.map(drawBand),
    ...cards.map((card) => drawArrow(card, models.get(card.model)!)),
    ...[...models].map(([model, y]) => drawModel(model, y)),
    ...cards.map(drawCard),
    '</svg>',
    '',
  ].join('\n');
}

function layOut(rules: MappingRules): Band[] {
  const bands: Band[] = [];
  let y = TOP;
  for (const [modes, title] of GROUPS) {
    const cards = ENTITIES.map((entity) => cardOf(rules, entity)).filter((card) => card.modes === modes);
    if (cards.length === 0) continue;
    let at = y + 40;
    for (const card of cards) {
      card.y = at;
      at += card.height + CARD.gap;
    }
    const height = at - y + 6;
    bands.push({ title, y, height, cards });
    y += height + 20;
  }
  return bands;
}

function cardOf(rules: MappingRules, entity: EntityName): Card {
  const own = rules.attributes.filter((rule) => rule.entity === entity);
  const leading = own.find((rule) => rule.attribute === LEADING_ATTRIBUTE[entity]);
  const modes = leading?.modes ?? new Set(own.flatMap((rule) => [...rule.modes]));
  const lines = flow(own.map((rule) => wordOf(rule, modesText(modes))));
  const domain = rules.filters.get(entity);
  const filter = domain && domain.length > 0 ? shortened(`only ${formatDomain(domain)}`) : undefined;
  return {
    entity,
    model: BASE_MODELS[entity],
    modes: modesText(modes),
    active: own.filter((rule) => rule.modes.size > 0).length,
    lines,
    filter,
    y: 0,
    height: CARD.head + (lines.length + (filter ? 1 : 0)) * CARD.line + 8,
  };
}

function wordOf(rule: AttributeRule, entityModes: string): Word {
  const { attribute, field, transform } = rule;
  const source = transform === 'rule' ? '' : transform === 'constant' ? ` = ${field}` : ` ← ${field}`;
  const modes = modesText(rule.modes);
  const only = modes === entityModes || modes === 'off' ? '' : ` (${modes})`;
  const known = Object.hasOwn(ATTRIBUTES[rule.entity], attribute);
  const text = `${known ? '' : '+ '}${attribute}${source}${only}`;
  if (modes === 'off') return { text: attribute, look: 'off' };
  if (!known) return { text, look: 'own' };
  return { text, look: transform === 'rule' ? 'rule' : 'field' };
}

const LINE_LENGTH = Math.floor((CARD.width - 2 * CARD.pad) / CHARACTER);

/** Words in lines of the card's width. */
function flow(words: readonly Word[]): Word[][] {
  const lines: Word[][] = [];
  let length = LINE_LENGTH + 1;
  for (const word of words.map((entry) => ({ ...entry, text: shortened(entry.text) }))) {
    if (length + word.text.length > LINE_LENGTH) {
      lines.push([]);
      length = 0;
    }
    lines.at(-1)!.push(word);
    length += word.text.length + 3;
  }
  return lines;
}

function shortened(text: string): string {
  return text.length > LINE_LENGTH ? `${text.slice(0, LINE_LENGTH - 1)}…` : text;
}

/** Models beside the entities that are made of them, without overlaps. */
function placeModels(cards: readonly Card[]): Map<string, number> {
  const wished = new Map<string, number>();
  for (const model of new Set(cards.map((card) => card.model))) {
    // The first of several: the others are reached by longer arrows.
    const first = cards.find((card) => card.model === model)!;
    wished.set(model, first.y + first.height / 2 - MODEL.height / 2);
  }
  const placed = new Map<string, number>();
  let free = TOP + 34;
  for (const [model, y] of [...wished].sort((a, b) => a[1] - b[1])) {
    const at = Math.max(y, free);
    placed.set(model, at);
    free = at + MODEL.height + 10;
  }
  return placed;
}

function legend(): string {
  const y = 102;
  const item = (x: number, look: string, text: string) => `<text class="m ${look}" x="${x}" y="${y}">${text}</text>`;
  const mark = (x: number, text: string) => `<text class="sub" x="${x}" y="${y}">${text}</text>`;
  return [
    `<text class="h2" x="${MODEL.x}" y="${y}">ODOO</text>`,
    `<text class="h2" x="${CARD.x}" y="${y}">PLANNING</text>`,
    item(CARD.x + 110, 'quiet', 'attribute'),
    mark(CARD.x + 176, 'by rule'),
    item(CARD.x + 240, '', 'attribute ← field'),
    mark(CARD.x + 362, 'read'),
    item(CARD.x + 408, 'own', '+ attribute'),
    mark(CARD.x + 488, 'your own'),
    item(CARD.x + 560, 'off', 'attribute'),
    mark(CARD.x + 626, 'off'),
  ].join('');
}

function drawBand({ title, y, height }: Band): string {
  return `<rect class="band" x="${MARGIN}" y="${y}" width="${WIDTH - 2 * MARGIN}" height="${height}" rx="10"/><text class="h2" x="${CARD.x}" y="${y + 25}">${title}</text>`;
}

function drawModel(model: string, y: number): string {
  const area = areaOf(model);
  return [
    `<g><rect class="card ${area}" x="${MODEL.x}" y="${y}" width="${MODEL.width}" height="${MODEL.height}" rx="8"/>`,
    `<rect class="${area}-f" x="${MODEL.x}" y="${y + 10}" width="4" height="${MODEL.height - 20}" rx="2"/>`,
    `<text class="model" x="${MODEL.x + 18}" y="${y + MODEL.height / 2 + 4.5}">${escaped(model)}</text></g>`,
  ].join('');
}

function drawArrow(card: Card, modelY: number): string {
  const area = areaOf(card.model);
  const from = { x: MODEL.x + MODEL.width, y: modelY + MODEL.height / 2 };
  const to = { x: CARD.x - 10, y: card.y + card.height / 2 };
  // A level stretch before the card carries the number.
  const level = { x: to.x - 56, y: to.y };
  const bend = (level.x - from.x) / 2;
  const path = `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${level.x - bend} ${to.y} ${level.x} ${to.y}H${to.x}`;
  const label = String(card.active);
  const width = 14 + label.length * 6.5;
  const pill = { x: to.x - 34, y: to.y };
  return [
    `<g${card.modes === 'off' ? ' class="dim"' : ''}><path class="arrow ${area}" d="${path}"/>`,
    `<path class="${area}-f" d="M${to.x + 7} ${to.y}l-9 -5v10z"/>`,
    `<rect class="pill ${area}" x="${pill.x - width / 2}" y="${pill.y - 9}" width="${width}" height="18" rx="9"/>`,
    `<text class="count" x="${pill.x}" y="${pill.y + 3.8}" text-anchor="middle">${label}</text></g>`,
  ].join('');
}

const LOOKS: Readonly<Record<Word['look'], string>> = { rule: 'quiet', field: '', own: 'own', off: 'off' };

function drawCard(card: Card): string {
  const area = areaOf(card.model);
  const x = CARD.x + CARD.pad;
  const texts = card.lines.map((line, index) => {
    let at = 0;
    const words = line.map((word) => {
      const start = x + at * CHARACTER;
      at += word.text.length + 3;
      return `<tspan x="${start.toFixed(1)}" class="${LOOKS[word.look]}">${escaped(word.text)}</tspan>`;
    });
    return `<text class="m" y="${card.y + CARD.head + index * CARD.line + 8}">${words.join('')}</text>`;
  });
  if (card.filter) {
    const y = card.y + CARD.head + card.lines.length * CARD.line + 8;
    texts.push(`<text class="m own" x="${x}" y="${y}">${escaped(card.filter)}</text>`);
  }
  return [
    `<g${card.modes === 'off' ? ' class="dim"' : ''}><rect class="card" x="${CARD.x}" y="${card.y}" width="${CARD.width}" height="${card.height}" rx="8"/>`,
    `<rect class="${area}-f" x="${CARD.x}" y="${card.y + 10}" width="4" height="${card.height - 20}" rx="2"/>`,
    `<text class="name" x="${x}" y="${card.y + 24}">${card.entity}</text>`,
    ...texts,
    '</g>',
  ].join('');
}

function escaped(text: string): string {
  return text
    .replaceAll(/[\x00-\x1f\x7f]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
