// Domains as people copy them from Odoo: Python's literals, or JSON. Nothing is evaluated; names, calls and comprehensions are
// refused (what Odoo fills in at run time, such as `uid`, has no meaning here).
import type { FilterDomain } from './rules.ts';

/** Comparison operators of Odoo. */
export const DOMAIN_OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  '=?',
  'in',
  'not in',
  'like',
  'not like',
  'ilike',
  'not ilike',
  '=like',
  'not =like',
  '=ilike',
  'not =ilike',
  'child_of',
  'parent_of',
  'any',
  'not any',
] as const;

export type DomainResult =
  | { ok: true; domain: FilterDomain }
  | { ok: false; message: string; allowed: readonly string[] };

/** A sequence remembers whether it was written as a tuple or a list; both mean the same in a domain. */
type Value = string | number | boolean | null | Value[];

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 20;

class DomainFault extends Error {
  readonly allowed: readonly string[];
  constructor(message: string, allowed: readonly string[] = []) {
    super(message);
    this.allowed = allowed;
  }
}

const EXAMPLE = "[('type', '=', 'product'), ('sale_ok', '=', True)]";

/** Reads a domain. An empty text is the empty domain: everything. */
export function parseDomain(source: string): DomainResult {
  const text = source.trim();
  if (!text) return { ok: true, domain: [] };
  try {
    if (text.length > MAX_LENGTH) throw new DomainFault(`the domain is longer than ${MAX_LENGTH} characters`);
    const value = literal(text);
    if (!Array.isArray(value)) throw new DomainFault('a domain is a list of conditions', [EXAMPLE]);
    return { ok: true, domain: checked(value) };
  } catch (fault) {
    if (!(fault instanceof DomainFault)) throw fault;
    return { ok: false, message: fault.message, allowed: fault.allowed.length > 0 ? fault.allowed : [EXAMPLE] };
  }
}

/** Writes a domain as Odoo writes it. */
export function formatDomain(domain: FilterDomain): string {
  return `[${domain.map((part) => (typeof part === 'string' ? pythonText(part) : `(${part.map(python).join(', ')})`)).join(', ')}]`;
}

function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonText(value);
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  return String(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', "'": "\\'" };

function pythonText(value: string): string {
  const escaped = value.replaceAll(/[\n\r\t\\']/g, (mark) => ESCAPES[mark]!);
  return `'${escaped.replaceAll(/[\x00-\x1f\x7f]/g, (mark) => `\\x${mark.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
}

function literal(text: string): Value {
  let at = 0;

  const fail = (message: string): never => {
    throw new DomainFault(`${message} at character ${at + 1}`);
  };
  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };

  function value(depth: number): Value {
    if (depth > MAX_DEPTH) fail('too many brackets inside each other');
    skip();
    const mark = text[at];
    if (mark === undefined) return fail('the domain ends too early');
    if (mark === '[') return sequence(']', depth);
    if (mark === '(') return sequence(')', depth);
    if (mark === '"' || mark === "'") return adjacent();
    const number = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?/i.exec(text.slice(at, at + 60))?.[0];
    if (number) {
      at += number.length;
      if (/\w/.test(text[at] ?? '')) fail('a number cannot be read');
      return Number(number.replaceAll('_', ''));
    }
    return word();
  }

  function word(): Value {
    const name = /^\w+/u.exec(text.slice(at, at + 60))?.[0];
    if (!name) return fail(`"${text[at]}" is not expected`);
    switch (name) {
      case 'True':
      case 'true':
        at += 4;
        return true;
      case 'False':
      case 'false':
        at += 5;
        return false;
      case 'None':
      case 'null':
        at += 4;
        return null;
      default:
        return fail(`"${name}" is a name; only texts in quotes, numbers, True, False, None and lists can be used,`);
    }
  }

  function sequence(end: string, depth: number): Value {
    at++;
    const parts: Value[] = [];
    let comma = false;
    for (;;) {
      skip();
      if (text[at] === end) {
        at++;
        // Python: (1) is a number in brackets, (1,) a tuple.
        return end === ')' && parts.length === 1 && !comma ? parts[0]! : parts;
      }
      if (parts.length > 0 && !comma) fail(`a comma or "${end}" is missing`);
      parts.push(value(depth + 1));
      skip();
      comma = text[at] === ',';
      if (comma) at++;
    }
  }

  function adjacent(): string {
    let joined = '';
    do {
      joined += quoted();
      skip();
    } while (text[at] === '"' || text[at] === "'");
    return joined;
  }

  function quoted(): string {
    const quote = text[at++]!;
    let result = '';
    for (;;) {
      const mark = text[at++];
      if (mark === undefined) return fail('a text is not closed by its quote');
      if (mark === quote) return result;
      result += mark === '\\' ? escaped() : mark;
    }
  }

  function escaped(): string {
    const mark = text[at++];
    switch (mark) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case '\\':
      case "'":
      case '"':
      case '/':
        return mark;
      case 'x':
        return coded(2);
      case 'u':
        return coded(4);
      case undefined:
        return fail('a text is not closed by its quote');
      default:
        // As Python: an unknown escape stands for itself.
        return `\\${mark}`;
    }
  }

  function coded(digits: number): string {
    const code = text.slice(at, at + digits);
    if (code.length < digits || !/^[0-9a-f]+$/i.test(code)) fail('an escape cannot be read');
    at += digits;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  const result = value(0);
  skip();
  if (at < text.length) fail('there is something after the end of the domain,');
  return result;
}

const FIELD = /^[a-z_]\w*(\.[a-z_]\w*)*$/i;
const PREFIXES = ['&', '|', '!'] as const;
type Prefix = (typeof PREFIXES)[number];

/** Checks operators and their numbers of conditions. */
function checked(parts: readonly Value[]): FilterDomain {
  const domain: Array<Prefix | [string, string, unknown]> = [];
  // How many conditions are still owed to prefix operators, as in Odoo's own check.
  let owed = 0;
  parts.forEach((part, index) => {
    if (typeof part === 'string') {
      const prefix = PREFIXES.find((mark) => mark === part);
      if (!prefix) throw new DomainFault(`"${part}" is not an operator between conditions`, PREFIXES);
      if (owed === 0) owed = 1;
      if (prefix !== '!') owed++;
      domain.push(prefix);
      return;
    }
    if (!Array.isArray(part)) throw new DomainFault(`part ${index + 1} is neither a condition nor an operator`);
    domain.push(condition(part, index));
    owed = Math.max(0, owed - 1);
  });
  if (owed > 0) {
    throw new DomainFault(
      `${owed === 1 ? 'one condition is' : `${owed} conditions are`} missing after '&', '|' or '!'`,
      ["'|' and '&' stand before two conditions", "'!' before one"],
    );
  }
  return domain;
}

function condition(part: readonly Value[], index: number): [string, string, unknown] {
  const where = `condition ${index + 1}`;
  if (part.length !== 3)
    throw new DomainFault(`${where} has ${part.length} parts, not three`, ["('field', 'operator', value)"]);
  const [field, operator, value] = part;
  if (typeof field !== 'string' || !FIELD.test(field)) {
    throw new DomainFault(`${where} does not begin with the name of a field`, ["'field' or 'many2one.field'"]);
  }
  const name = typeof operator === 'string' ? operator.trim().replaceAll(/\s+/g, ' ').toLowerCase() : '';
  const known = name === '==' ? '=' : name === '<>' ? '!=' : DOMAIN_OPERATORS.find((entry) => entry === name);
  if (!known) throw new DomainFault(`${where} has the unknown operator ${JSON.stringify(operator)}`, DOMAIN_OPERATORS);
  if (known === 'in' || known === 'not in') {
    if (!Array.isArray(value) || value.some(Array.isArray)) {
      throw new DomainFault(`${where}: '${known}' needs a list of values`, [`('${field}', '${known}', ['a', 'b'])`]);
    }
  } else if (known === 'any' || known === 'not any') {
    if (!Array.isArray(value))
      throw new DomainFault(`${where}: '${known}' needs a domain`, [`('${field}', '${known}', [('name', '=', 'a')])`]);
    return [field, known, checked(value)];
  } else if (Array.isArray(value) && known !== '=' && known !== '!=' && known !== 'child_of' && known !== 'parent_of') {
    throw new DomainFault(`${where}: '${known}' needs one value, not a list`, ["'in' and 'not in' take lists"]);
  }
  return [field, known, value];
}
