// Domains as Odoo keeps them in its tables: a Python expression of lists, tuples, strings, numbers, True, False, None,
// a few names, and `+` between lists. Nothing is executed; whatever else is in there is refused.

import type { Domain } from './reader.ts';

export class NotLiteral extends Error {}

/** Values by name, for example `company_ids` → [1, 2] or `user.id` → 2. */
export type Names = Readonly<Record<string, unknown>>;

/** @throws NotLiteral for anything that is more than literals, known names and `+` */
export function parsePythonDomain(text: string, names: Names): Domain {
  const tokens = tokenize(text);
  let at = 0;
  const value = sum();
  if (at < tokens.length || !Array.isArray(value)) throw new NotLiteral(text);
  return value as Domain;

  function peek(): string | undefined {
    return tokens[at];
  }

  function sum(): unknown {
    let left = atom();
    while (peek() === '+') {
      at++;
      const right = atom();
      if (!Array.isArray(left) || !Array.isArray(right)) throw new NotLiteral(text);
      left = [...left, ...right];
    }
    return left;
  }

  function atom(): unknown {
    const token = tokens[at++];
    if (token === undefined) throw new NotLiteral(text);
    if (token === '[') return list(']').items;
    if (token === '(') {
      const { items, commas } = list(')');
      return items.length === 1 && commas === 0 ? items[0] : items;
    }
    if (token === '-') {
      const number = atom();
      if (typeof number !== 'number') throw new NotLiteral(text);
      return -number;
    }
    if (/^['"]/.test(token)) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (/^\d/.test(token)) return Number(token);
    if (token === 'True') return true;
    if (token === 'False' || token === 'None') return false;
    if (Object.hasOwn(names, token)) return names[token];
    throw new NotLiteral(text);
  }

  function list(end: string): { items: unknown[]; commas: number } {
    const items: unknown[] = [];
    let commas = 0;
    while (peek() !== end) {
      items.push(sum());
      if (peek() === ',') {
        at++;
        commas++;
      } else if (peek() !== end) throw new NotLiteral(text);
    }
    at++;
    return { items, commas };
  }
}

const TOKEN = /\s*(?:([[\](),+-])|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)|([A-Za-z_][\w.]*))/y;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const source = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) throw new NotLiteral(text);
    tokens.push((match[1] ?? match[2] ?? match[3] ?? match[4])!);
  }
  return tokens;
}
