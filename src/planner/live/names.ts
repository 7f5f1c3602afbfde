// How the demands of quotes are called in the planning model. Pure.

/** Nothing of Odoo's begins so. */
export const HELD_PREFIX = 'Quote ';

/** `Quote 12/1`: of a line of a quote, lines counted from 1. */
export function heldName(quote: number, line: number): string {
  return `${HELD_PREFIX}${quote}/${line}`;
}
