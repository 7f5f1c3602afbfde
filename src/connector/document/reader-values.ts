// Values of a plan document: durations, dates, numbers and booleans as frePPLe's own reader takes them.
// Pure; an unreadable value is a PlanbridgeError that names line and column.
import { PlanbridgeError } from '../../errors.ts';
import { INFINITE_FUTURE, INFINITE_PAST } from '../../planner/model.ts';

/** One element of a document with what it holds; gone as soon as its entity is read. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlNode[];
  text: string;
  readonly line: number;
  readonly column: number;
}

const DURATION =
  /^([+-])?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const CLOCK = /^([+-])?(?:(?:(\d+):)?(\d+):)?(\d+):(\d+)$/;

/** The error of a value that cannot be read, with its place in the document. */
export function badValue(node: XmlNode, what: string, value: string): PlanbridgeError {
  return new PlanbridgeError(
    'PB_PLAN_DOCUMENT',
    400,
    `The plan document cannot be read at line ${node.line}, column ${node.column}: <${node.name}> has ${what} "${value.slice(0, 60)}".`,
    { remedy: 'Correct the value in the document, or in the system that wrote it.' },
  );
}

/** Seconds of `P1DT2H`, `PT480M`, `12:30:00` or a plain number; fractions of a second stay. Undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const t = text.trim();
  const m = DURATION.exec(t);
  if (m) {
    const n = (i: number): number => (m[i] === undefined ? 0 : Number(m[i]));
    const sum = n(2) * 31_536_000 + n(3) * 2_628_000 + n(4) * 604_800 + n(5) * 86_400 + n(6) * 3600 + n(7) * 60 + n(8);
    return m[1] === '-' ? -sum : sum;
  }
  const c = CLOCK.exec(t);
  if (c) {
    const sum = Number(c[2] ?? 0) * 86_400 + Number(c[3] ?? 0) * 3600 + Number(c[4]) * 60 + Number(c[5]);
    return c[1] === '-' ? -sum : sum;
  }
  const n = Number(t);
  return t === '' || Number.isNaN(n) ? undefined : n;
}

/** Seconds on the plan's own clock of `2026-01-05T08:00:00`; clamped to the open ends. Undefined when it is no date. */
export function parseDate(text: string): number | undefined {
  const m = DATE.exec(text.trim());
  if (!m) return undefined;
  const t =
    Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]), Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)) /
    1000;
  return Math.min(Math.max(t, INFINITE_PAST), INFINITE_FUTURE);
}

/** Attribute or child element of that name, attribute first; undefined when there is neither. */
export function field(node: XmlNode, name: string): string | undefined {
  const attribute = node.attributes[name];
  if (attribute !== undefined) return attribute;
  for (let i = node.children.length - 1; i >= 0; i--) {
    const child = node.children[i];
    if (child !== undefined && child.name === name) return child.text;
  }
  return undefined;
}

export function textField(node: XmlNode, name: string): string | undefined {
  const v = field(node, name)?.trim();
  return v === '' ? undefined : v;
}

export function numberField(node: XmlNode, name: string): number | undefined {
  const v = textField(node, name);
  if (v === undefined) return undefined;
  const n = Number(v);
  if (Number.isNaN(n)) throw badValue(node, `no number in ${name}:`, v);
  return n;
}

export function durationField(node: XmlNode, name: string): number | undefined {
  const v = textField(node, name);
  if (v === undefined) return undefined;
  const n = parseDuration(v);
  if (n === undefined) throw badValue(node, `no duration in ${name}:`, v);
  return n;
}

export function dateField(node: XmlNode, name: string): number | undefined {
  const v = textField(node, name);
  if (v === undefined) return undefined;
  const n = parseDate(v);
  if (n === undefined) throw badValue(node, `no date in ${name}:`, v);
  return n;
}

export function booleanField(node: XmlNode, name: string): boolean | undefined {
  const v = textField(node, name)?.toLowerCase();
  if (v === undefined) return undefined;
  if (['1', 'true', 't', 'yes'].includes(v)) return true;
  if (['0', 'false', 'f', 'no'].includes(v)) return false;
  throw badValue(node, `no true or false in ${name}:`, v);
}

/** The element's type, given as xsi:type or type. */
export function typeField(node: XmlNode): string | undefined {
  return textField(node, 'xsi:type') ?? textField(node, 'type');
}

/** Leaves out the attributes that are not there, so that merging keeps what an earlier declaration said. */
export function compact<T extends object>(value: T): T {
  // a new object: deleting keys would make a slow and large dictionary of each of hundreds of thousands
  const kept: Record<string, unknown> = {};
  for (const key in value) {
    const one = value[key];
    if (one !== undefined) kept[key] = typeof one === 'string' ? detached(one) : one;
  }
  return kept as T;
}

/** From this length on V8 makes a part of a text a view of it, which keeps all of it in memory. */
const VIEW = 13;
let keys: Record<string, unknown> = Object.create(null);
let known = 0;

/** A text on its own rather than as a view of the document, and only once for all that are alike: V8 sees to that with keys. */
function detached(text: string): string {
  if (text.length < VIEW) return text;
  if (++known > 500) {
    keys = Object.create(null);
    known = 0;
  }
  keys[text] = undefined;
  return text;
}
