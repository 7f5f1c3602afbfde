// Values that users write into the mapping sheet: constants, and the words that a cell may hold.
import { type AttributeKind, choicesOf } from './attribute-kinds.ts';
import type { EntityName } from './rules.ts';
import { parseStamp } from './time.ts';

export type ConstantResult =
  | { ok: true; value: string | number | boolean }
  | { ok: false; message: string; allowed: readonly string[] };

const NUMBER = /^[+-]?(?:0|[1-9]\d*|(?=\.))(?:\.\d+)?$/;
const BOOLEANS: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };
const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };
const STAMP = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)?$/;

/** Reads a constant as its attribute needs it; an attribute of the users' own takes the type that the text looks like. */
export function parseConstant(
  text: string,
  entity: EntityName,
  attribute: string,
  kind: AttributeKind | undefined,
): ConstantResult {
  if (!text) return { ok: false, message: 'the value of the constant is missing', allowed: ['the value itself'] };
  const word = text.toLowerCase();
  switch (kind) {
    case 'number':
      if (NUMBER.test(text)) return { ok: true, value: Number(text) };
      return { ok: false, message: `"${attribute}" is a number`, allowed: ['a number such as 7 or 0.5'] };
    case 'boolean':
      if (Object.hasOwn(BOOLEANS, word)) return { ok: true, value: BOOLEANS[word]! };
      return { ok: false, message: `"${attribute}" is yes or no`, allowed: ['yes', 'no'] };
    case 'duration': {
      const seconds = parseDuration(word);
      if (seconds !== undefined) return { ok: true, value: seconds };
      return { ok: false, message: `"${attribute}" is a duration`, allowed: ['7 days', '4 hours', '30 minutes'] };
    }
    case 'date': {
      const time = STAMP.test(text) ? parseStamp(text) : undefined;
      if (time !== undefined) return { ok: true, value: time };
      return { ok: false, message: `"${attribute}" is a date`, allowed: ['2026-11-21', '2026-11-21 08:30:00'] };
    }
    case undefined:
      if (NUMBER.test(text) && text.length <= 15) return { ok: true, value: Number(text) };
      return { ok: true, value: Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word]! : text };
    default: {
      const choices = choicesOf(entity, attribute);
      if (!choices || choices.includes(text)) return { ok: true, value: text };
      return { ok: false, message: `"${attribute}" has a fixed set of values`, allowed: choices };
    }
  }
}

/** `7 days`, `4 h`, `30 minutes`, `90` (seconds) -> seconds. */
function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(d|days?|h|hours?|m|min|minutes?|s|sec|seconds?)?$/.exec(text);
  return match ? Math.round(Number(match[1]) * UNITS[(match[2] ?? 's')[0]!]!) : undefined;
}

/** The candidate that a text is, letter case and blanks aside. */
export function pick<T extends string>(text: string, candidates: readonly T[]): T | undefined {
  const folded = fold(text);
  return (
    candidates.find((candidate) => candidate === text) ?? candidates.find((candidate) => fold(candidate) === folded)
  );
}

const fold = (text: string) => text.toLowerCase().replaceAll(/[\s_]+/g, '');
