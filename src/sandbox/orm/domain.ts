// Domains as they come over the wire, read into a tree: prefix operators, implicit "and", negation pushed down to the leaves.

import { invalidDomain, invalidLeaf } from '../faults.ts';
import type { RawDomain } from '../values.ts';

export interface Leaf {
  kind: 'leaf';
  path: string;
  operator: string;
  value: unknown;
  /** The leaf as it came, where it was rewritten. */
  written?: readonly unknown[];
}

export type DomainNode =
  | { kind: 'all' | 'none' }
  | { kind: 'and' | 'or'; parts: readonly DomainNode[] }
  | { kind: 'not'; part: DomainNode }
  | Leaf;

const OPPOSITE: Readonly<Record<string, string>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  in: 'not in',
  'not in': 'in',
  like: 'not like',
  'not like': 'like',
  ilike: 'not ilike',
  'not ilike': 'ilike',
  any: 'not any',
  'not any': 'any',
};

const OPERATORS = new Set([...Object.keys(OPPOSITE), '<>', '==', '=?', '=like', '=ilike', 'child_of', 'parent_of']);

export const ALL: DomainNode = { kind: 'all' };

export function parseDomain(domain: RawDomain): DomainNode {
  if (!Array.isArray(domain)) throw invalidDomain(domain);
  // Read from the end, each operator takes what lies on the stack.
  const stack: DomainNode[] = [];
  for (let i = domain.length - 1; i >= 0; i--) {
    const item: unknown = domain[i];
    if (item === '!') stack.push({ kind: 'not', part: take(stack, domain) });
    else if (item === '&' || item === '|') {
      const parts = [take(stack, domain), take(stack, domain)];
      stack.push({ kind: item === '&' ? 'and' : 'or', parts });
    } else stack.push(parseLeaf(item));
  }
  if (stack.length === 0) return ALL;
  return pushNot(stack.length === 1 ? stack[0]! : { kind: 'and', parts: stack.reverse() }, false);
}

function take(stack: DomainNode[], domain: RawDomain): DomainNode {
  const node = stack.pop();
  if (!node) throw invalidDomain(domain);
  return node;
}

function parseLeaf(item: unknown): DomainNode {
  if (!Array.isArray(item) || item.length !== 3) throw invalidLeaf(item);
  const [path, operator, value] = item as [unknown, unknown, unknown];
  if (path === 1 && value === 1) return { kind: 'all' };
  if (path === 0 && value === 1) return { kind: 'none' };
  if (typeof path !== 'string' || typeof operator !== 'string') throw invalidLeaf(item);
  const dot = path.indexOf('.');
  if (dot > 0) {
    // A path asks for a record behind the relation; so its negation asks that there is none.
    const inner = [[path.slice(dot + 1), operator, value]];
    return { kind: 'leaf', path: path.slice(0, dot), operator: 'any', value: inner, written: item };
  }
  const name = operator.toLowerCase();
  if (!OPERATORS.has(name)) throw invalidLeaf(item);
  const plain = name === '<>' ? '!=' : name === '==' ? '=' : name;
  // `=` with a list means membership, `in` with one value means equality.
  if (Array.isArray(value) && (plain === '=' || plain === '!=')) {
    return { kind: 'leaf', path, operator: plain === '=' ? 'in' : 'not in', value };
  }
  if (typeof value === 'boolean' && (plain === 'in' || plain === 'not in')) {
    return { kind: 'leaf', path, operator: plain === 'in' ? '=' : '!=', value };
  }
  return { kind: 'leaf', path, operator: plain, value };
}

function pushNot(node: DomainNode, negated: boolean): DomainNode {
  switch (node.kind) {
    case 'not':
      return pushNot(node.part, !negated);
    case 'all':
      return negated ? { kind: 'none' } : node;
    case 'none':
      return negated ? { kind: 'all' } : node;
    case 'and':
    case 'or': {
      const kind = negated ? (node.kind === 'and' ? 'or' : 'and') : node.kind;
      return { kind, parts: node.parts.map((part) => pushNot(part, negated)) };
    }
    case 'leaf': {
      if (!negated) return node;
      const opposite = OPPOSITE[node.operator];
      return opposite ? { ...node, operator: opposite } : { kind: 'not', part: node };
    }
  }
}

/** Whether a domain says something about `active`, which switches the hiding of archived records off. */
export function mentionsActive(domain: RawDomain): boolean {
  return Array.isArray(domain) && domain.some((item) => Array.isArray(item) && item[0] === 'active');
}
