// Which elements of an HTML mail a person would not see: by attribute, inline style, or a rule of a style block.
import type { Element } from 'domhandler';

type Declarations = ReadonlyMap<string, string>;

interface Compound {
  tag: string | undefined;
  classes: readonly string[];
  id: string | undefined;
  /** `[class="x"]`, `[hidden]`: name, how it is compared, value. */
  attributes: ReadonlyArray<readonly [name: string, mark: string, value: string]>;
}

interface Rule {
  /** Ancestors first, the element itself last. */
  path: readonly Compound[];
  declarations: Declarations;
}

export type Stylesheet = readonly Rule[];

/** Reads the rules that may hide something. Media queries that depend on the window's size are left out. */
export function stylesheetOf(css: string): Stylesheet {
  const rules: Rule[] = [];
  const text = css.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/<!--|-->/g, '');
  const flat = text.replaceAll(/@media([^{]*)\{((?:[^{}]*\{[^{}]*\})*)\s*\}/g, (_, query: string, inside: string) =>
    /width|height|print|prefers|dark/i.test(query) ? '' : inside,
  );
  for (const [, selectors = '', body = ''] of flat.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selectors.includes('@') || rules.length > 2000) continue;
    const declarations = declarationsOf(body);
    for (const selector of selectors.split(',')) {
      const path = selector
        .trim()
        .split(/\s*[>+]\s*|\s*~(?!=)\s*|\s+/)
        .map(compoundOf);
      if (path.length && path.every((part) => part !== undefined)) rules.push({ path, declarations });
    }
  }
  return rules;
}

function compoundOf(text: string): Compound | undefined {
  const match = /^([a-z][\w:-]*|\*)?((?:[.#][\w-]+)*)((?:\[[^\]]*\])*)$/i.exec(text);
  if (!match || (!match[1] && !match[2] && !match[3])) return undefined;
  const attributes = [...match[3]!.matchAll(/\[\s*([\w:-]+)\s*(?:([~|^$*]?=)\s*["']?([^"'\]]*)["']?\s*)?\]/g)];
  const marks = match[2]?.match(/[.#][\w-]+/g) ?? [];
  return {
    tag: match[1] === '*' ? undefined : match[1]?.toLowerCase(),
    classes: marks.filter((mark) => mark.startsWith('.')).map((mark) => mark.slice(1).toLowerCase()),
    id: marks.find((mark) => mark.startsWith('#'))?.slice(1),
    attributes: attributes.map(
      ([, name, mark = '', value = '']) => [name!.toLowerCase(), mark, value.toLowerCase()] as const,
    ),
  };
}

export function declarationsOf(style: string): Map<string, string> {
  const declarations = new Map<string, string>();
  for (const part of style.replaceAll(/\/\*[\s\S]*?\*\//g, '').split(';')) {
    const at = part.indexOf(':');
    if (at < 0) continue;
    const value = part
      .slice(at + 1)
      .replace(/!\s*important/i, '')
      .trim();
    declarations.set(part.slice(0, at).trim().toLowerCase(), value.toLowerCase());
  }
  return declarations;
}

function hasAttribute(element: Element, [name, mark, value]: Compound['attributes'][number]): boolean {
  const own = element.attribs[name]?.toLowerCase();
  if (own === undefined || mark === '') return own !== undefined;
  if (mark === '=') return own === value;
  if (mark === '~=') return own.split(/\s+/).includes(value);
  if (mark === '^=') return own.startsWith(value);
  if (mark === '$=') return own.endsWith(value);
  return mark === '*=' ? own.includes(value) : own === value || own.startsWith(`${value}-`);
}

const known = new WeakMap<Element, readonly string[]>();

/** Asked for each rule of a style block. */
function classesOf(element: Element): readonly string[] {
  const before = known.get(element);
  if (before) return before;
  const classes = (element.attribs.class ?? '').toLowerCase().split(/\s+/);
  known.set(element, classes);
  return classes;
}

function fits(element: Element, { tag, classes, id, attributes }: Compound): boolean {
  if (tag && element.name !== tag) return false;
  if (id && element.attribs.id !== id) return false;
  return (
    classes.every((name) => classesOf(element).includes(name)) &&
    attributes.every((each) => hasAttribute(element, each))
  );
}

function applies(rule: Rule, element: Element): boolean {
  const last = rule.path.length - 1;
  if (!fits(element, rule.path[last]!)) return false;
  let at = last - 1;
  for (let above = element.parent; above && at >= 0; above = above.parent) {
    if (above.type === 'tag' && fits(above, rule.path[at]!)) at--;
  }
  return at < 0;
}

/** What holds for an element by itself; inline style wins over the style blocks. */
export function styleOf(element: Element, sheet: Stylesheet): Declarations {
  const style = new Map<string, string>();
  for (const rule of sheet) {
    if (applies(rule, element)) for (const [name, value] of rule.declarations) style.set(name, value);
  }
  for (const [name, value] of declarationsOf(element.attribs.style ?? '')) style.set(name, value);
  return style;
}

const NOTHING = /^0*(?:\.0+)?(?:px|pt|em|rem|%|cm|mm)?$/;
const WHITE = /^(?:#fff(?:fff)?|white|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)|rgba\(.*,\s*0(?:\.0+)?\s*\)|transparent)$/;

function isNothing(value: string | undefined): boolean {
  return value !== undefined && value !== '' && NOTHING.test(value);
}

/** Letters of less than two pixels. */
function isTiny(size: string | undefined): boolean {
  const number = /^(\d*\.?\d+)(px|pt|em|rem|%|cm|mm)?$/.exec(size ?? '');
  if (!number) return false;
  const pixels = { px: 1, pt: 1.33, em: 16, rem: 16, '%': 0.16, cm: 38, mm: 3.8 }[number[2] ?? 'px'] ?? 1;
  return Number(number[1]) * pixels < 2;
}

/** Whether a person would not see the element, whatever stands around it. `colored`: something above it has a background. */
export function isHidden(element: Element, style: Declarations, colored: boolean): boolean {
  if (element.attribs.hidden !== undefined) return true;
  if (style.get('display') === 'none' || /^(?:hidden|collapse)$/.test(style.get('visibility') ?? '')) return true;
  if (style.get('mso-hide') === 'all' || isNothing(style.get('opacity'))) return true;
  if (isTiny(style.get('font-size')) || isTiny(/(?:^|\s)(\.?\d\S*?)(?:\/|\s|$)/.exec(style.get('font') ?? '')?.[1]))
    return true;
  const cut = (style.get('overflow') ?? '') === 'hidden';
  if (cut && ['max-height', 'height', 'width', 'max-width'].some((name) => isNothing(style.get(name)))) return true;
  if (/^-\d{3,}/.test(style.get('text-indent') ?? '')) return true;
  if (
    /absolute|fixed/.test(style.get('position') ?? '') &&
    /^-\d{3,}/.test(style.get('left') ?? style.get('top') ?? '')
  )
    return true;
  if (/rect\(0|inset\((?:50|100)%/.test(`${style.get('clip') ?? ''}${style.get('clip-path') ?? ''}`)) return true;
  const color = style.get('color') ?? element.attribs.color?.toLowerCase();
  return color !== undefined && WHITE.test(color) && !colored && !hasBackground(element, style);
}

export function hasBackground(element: Element, style: Declarations): boolean {
  const background = style.get('background-color') ?? style.get('background') ?? element.attribs.bgcolor?.toLowerCase();
  return background !== undefined && background !== '' && !WHITE.test(background) && background !== 'none';
}

export function isStruck(element: Element, style: Declarations): boolean {
  if (['s', 'del', 'strike'].includes(element.name)) return true;
  return `${style.get('text-decoration') ?? ''}${style.get('text-decoration-line') ?? ''}`.includes('line-through');
}
