// Odoo's domains as a tree. Prefix operators take one (`!`) or two (`&`, `|`) terms; several terms in a row are joined by
// `&`, as Odoo does it.

import { PlanbridgeError } from '../../errors.ts';
import type { Domain } from './reader.ts';

export type Leaf = readonly [field: string, operator: string, value: unknown];
export type DomainNode =
  | { kind: 'leaf'; leaf: Leaf }
  | { kind: 'and'; nodes: readonly DomainNode[] }
  | { kind: 'or'; nodes: readonly DomainNode[] }
  | { kind: 'not'; node: DomainNode };

export function domainError(detail: string): PlanbridgeError {
  return new PlanbridgeError('PB_ODOO_FAULT', 502, `The domain is not valid: ${detail}.`);
}

/** @throws PlanbridgeError PB_ODOO_FAULT for what is no domain */
export function parseDomain(domain: Domain): DomainNode {
  const nodes: DomainNode[] = [];
  let at = 0;
  while (at < domain.length) nodes.push(next());
  return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes };

  function next(): DomainNode {
    const term: unknown = domain[at++];
    if (term === undefined) throw domainError('an operator at its end has no term');
    if (term === '!') return { kind: 'not', node: next() };
    if (term === '&') return { kind: 'and', nodes: [next(), next()] };
    if (term === '|') return { kind: 'or', nodes: [next(), next()] };
    if (!Array.isArray(term) || term.length !== 3) throw domainError(`${JSON.stringify(term)} is no term`);
    const [field, operator, value] = term as [unknown, unknown, unknown];
    if (typeof operator !== 'string') throw domainError(`${JSON.stringify(term)} has no operator`);
    // Odoo's constants TRUE_LEAF and FALSE_LEAF.
    if (typeof field === 'number') return { kind: 'leaf', leaf: [String(field), operator, value] };
    if (typeof field !== 'string') throw domainError(`${JSON.stringify(term)} names no field`);
    return { kind: 'leaf', leaf: [field, operator, value] };
  }
}

/** The domain as terms that all have to hold; each is a domain of its own. */
export function conjuncts(domain: Domain): Domain[] {
  const terms: Domain[] = [];
  let at = 0;
  while (at < domain.length) take();
  return terms;

  function take(): void {
    if (domain[at] === '&') {
      at++;
      take();
      take();
      return;
    }
    const start = at;
    let open = 1;
    while (open > 0) {
      const term = domain[at++];
      if (term === undefined) throw domainError('an operator at its end has no term');
      if (term === '&' || term === '|') open++;
      else if (term !== '!') open--;
    }
    terms.push(domain.slice(start, at));
  }
}
