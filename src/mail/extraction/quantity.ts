// Quantities as people write them: marks of numbers by country, number words, dozens, units. Nothing is guessed.
import { hasDirectionOverride, plain } from '../text/fold.ts';
import { numberWord } from '../words/numbers.ts';
import { isPackage, type KnownUnit, type UnitTable } from '../words/units.ts';
import type { Written } from './lines.ts';
import type { Manner } from './manner.ts';

export type QuantityProblem = 'missing' | 'not-a-number' | 'ambiguous';

export interface ReadQuantity {
  value: number | null;
  /** undefined: none was written; null: one that is not known. */
  unit: KnownUnit | null | undefined;
  problem?: QuantityProblem;
}

const MISSING: ReadQuantity = { value: null, unit: undefined, problem: 'missing' };
const NO_NUMBER: ReadQuantity = { value: null, unit: undefined, problem: 'not-a-number' };
const AMBIGUOUS: ReadQuantity = { value: null, unit: undefined, problem: 'ambiguous' };

const VULGAR: Readonly<Record<string, number>> = { '½': 0.5, '¼': 0.25, '¾': 0.75 };
const ODD_DIGITS = /[\u00b2\u00b3\u00b9\u2070-\u209f\u2150-\u215e\u2460-\u24ff\u2776-\u2793]/u;
const ROUGH =
  /^(?:about|approx\.?|approximately|around|ca\.?|circa|etwa|ungef[aä]hr|rund|environ|ongeveer|zo'n|unos|unas|aproximadamente|yaklasik|yaklaşık|~|≈|min\.?|max\.?|at least|up to|mindestens|h[oö]chstens|au moins|minstens|almeno|al menos|en az|bis zu|[<>≤≥])\s*(?=\d|\p{L})/iu;
const HALF_DOZEN =
  /^(?:a |une |eine?n? |een |una |un )?(?:half|halbes|halve|demi|media|mezza|yar[ıi]m)[ -](?:a |an |een )?(?:dozen|dutzend|dozijn|douzaine|docena|dozzina|d[uü]zine)$/iu;
const HARMLESS =
  /^(?:each|in total|total|only|please|bitte|s'il vous pla[iî]t|svp|a\.? ?u\.? ?b\.?|per favore|por favor|l[uü]tfen|net|netto|gesamt|insgesamt|au total|totaal|in totaal|in totale|en total|toplam|of each)$/iu;

/** A number with its marks. `ambiguous` where two readings are usual. */
export function readNumber(text: string, { decimal, language }: Manner): number | 'ambiguous' | undefined {
  const grouped = text.replaceAll(/(?<=\d)[ '](?=\d{3}(?!\d))/g, '');
  if (!/^\d+(?:[.,]\d+)*$/.test(grouped)) return undefined;
  if (grouped !== text && !/^\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?$/.test(text)) return 'ambiguous';
  // `1,00,000`: lakhs, as India groups them.
  if (decimal !== ',' && /^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$/.test(grouped))
    return Number(grouped.replaceAll(',', ''));
  const marks = grouped.match(/[.,]/g) ?? [];
  if (marks.length === 0) return Number(grouped);
  const last = marks.at(-1)!;
  if (new Set(marks).size > 1) {
    const other = last === ',' ? '.' : ',';
    const [whole, ...rest] = grouped.split(last);
    if (rest.length !== 1 || !new RegExp(`^\\d{1,3}(?:\\${other}\\d{3})+$`).test(whole!)) return undefined;
    return Number(`${whole!.replaceAll(other, '')}.${rest[0]}`);
  }
  if (marks.length > 1)
    return /^\d{1,3}(?:[.,]\d{3})+$/.test(grouped) ? Number(grouped.replaceAll(/[.,]/g, '')) : undefined;
  const asDecimal = Number(grouped.replace(',', '.'));
  if (last === decimal || grouped !== text) return asDecimal;
  const looksGrouped = /^[1-9]\d{0,2}[.,]\d{3}$/.test(grouped);
  if (!looksGrouped) return asDecimal;
  if (decimal !== null || (last === ',' && language === 'en')) return Number(grouped.replace(last, ''));
  return 'ambiguous';
}

function readUnit(text: string | undefined, units: UnitTable): KnownUnit | null | undefined {
  const words = (text ?? '').replaceAll(/[.()]/g, ' ').replaceAll(/\s+/g, ' ').trim();
  if (!words) return undefined;
  const whole = units.ofWord(words);
  if (whole) return whole;
  const [first = '', ...rest] = words.split(' ');
  const unit = units.ofWord(first);
  return unit && HARMLESS.test(rest.join(' ')) ? unit : null;
}

/** Number and unit of a text such as `1.250,00 Stück`, `two dozen`, `1½ kg`. */
function readText(text: string, manner: Manner): ReadQuantity {
  const { units } = manner;
  if (hasDirectionOverride(text)) return NO_NUMBER;
  let value = text.trim();
  const vulgar = /^(\d{0,4})\s*([½¼¾])\s*(.*)$/u.exec(value);
  if (vulgar) {
    return { value: Number(vulgar[1] || 0) + VULGAR[vulgar[2]!]!, unit: readUnit(vulgar[3], units) };
  }
  if (ODD_DIGITS.test(value)) return NO_NUMBER;
  value = plain(value)
    .replace(/^:\s*/, '')
    .replace(/\s*(?:@|à)\s*(?:\p{L}{2,3}\.?|[€$£₺])?\s*\d.*$/u, '')
    .replace(/[;,.]+$/, '');
  if (value.startsWith('=')) return NO_NUMBER;
  if (value === '' || /^[-_./]+$/.test(value)) return MISSING;
  if (ROUGH.test(value)) return AMBIGUOUS;
  if (HALF_DOZEN.test(value)) return { value: 0.5, unit: units.ofWord('dozen') };
  value = value.replace(/^[x×*]\s*(?=\d)/i, '');

  const bracket = /^([^()]*\S)\s*\(([^()]*)\)\s*(.*)$/u.exec(value);
  if (bracket) return readBracket(bracket[1]!, bracket[2]!, bracket[3]!, manner);

  const digits = /^([+-]?)\s*(\d[\d.,' ]*?)(?:[.,'](?=\s|$))?\s*(?:[x×*](?=\s|$))?\s*(-?\s*\p{L}.*|%|)$/u.exec(value);
  if (digits) {
    const [, sign, figure = '', after = ''] = digits;
    if (/^0[xob]/i.test(value) || /^e[+-]?\d/i.test(after) || after === '%') return NO_NUMBER;
    const rest = after.replace(/^-\s*/, '').trim();
    // A letter in place of a digit: `1O`, `1O0`.
    if (/\d$/.test(figure) && /^[oi](?:[\d.,oil]*)$/i.test(after)) return NO_NUMBER;
    if (/\d/.test(rest) && !units.ofWord(rest)) return AMBIGUOUS;
    const read = readNumber(figure.trim(), manner);
    if (read === undefined || !Number.isFinite(read === 'ambiguous' ? 0 : read)) return NO_NUMBER;
    if (read === 'ambiguous') return { ...AMBIGUOUS, unit: readUnit(rest, units) };
    const unit = readUnit(rest, units);
    const scaled = scaledByWord(read, rest, units);
    return scaled ?? { value: sign === '-' ? -read : read, unit };
  }
  if (/^[+-]?\d+\s*[-–/+x×*]\s*\d+/i.test(value))
    return /^\d+\s*[/]/.test(value) || /^0x/i.test(value) ? NO_NUMBER : AMBIGUOUS;
  return readWords(value, units);
}

/** `2 hundred`, `3 thousand`. */
function scaledByWord(value: number, rest: string, units: UnitTable): ReadQuantity | undefined {
  const [first = '', ...more] = rest.split(' ');
  const scale = /^(?:hundred|thousand|hundert|tausend|cents|mille|mila|honderd|duizend|mil|bin|y[uü]z)$/iu.test(first)
    ? numberWord(first.replace(/^mila$/i, 'mille').replace(/^cents$/i, 'cent'))
    : undefined;
  return scale === undefined ? undefined : { value: value * scale, unit: readUnit(more.join(' '), units) };
}

/** `10 (ten)` is ten, `24 (2 dozen)` is twenty-four; `10 (twenty)` is asked about; other remarks in brackets do not matter. */
function readBracket(main: string, inside: string, after: string, manner: Manner): ReadQuantity {
  const { units } = manner;
  const outer = readText(`${main} ${after}`.trim(), manner);
  if (outer.problem || outer.value === null) return outer;
  const inner = readText(inside, manner);
  if (inner.problem || inner.value === null || inner.unit === null) {
    // `100 (Stk)`: the unit stands in brackets.
    const unit = outer.unit === undefined ? readUnit(inside, units) : undefined;
    return unit ? { ...outer, unit } : outer;
  }
  const total = (read: ReadQuantity) => (read.value ?? 0) * (read.unit?.factor ?? 1);
  return Math.abs(total(outer) - total(inner)) < 1e-9 || outer.value === inner.value ? outer : AMBIGUOUS;
}

function readWords(value: string, units: UnitTable): ReadQuantity {
  // `ein paar` is a few, `ein Paar` a pair.
  if (/^(?:ein|een) paar(?!\p{L})/u.test(value)) return NO_NUMBER;
  const words = value.split(' ');
  for (let count = Math.min(3, words.length); count > 0; count--) {
    const number = numberWord(words.slice(0, count).join(' '));
    if (number === undefined) continue;
    const rest = words.slice(count).join(' ');
    const scaled = scaledByWord(number, rest, units);
    if (scaled) return scaled;
    const unit = readUnit(rest, units);
    // Words behind a number that are no unit: a text that happens to begin with a number.
    if (unit === null && !isPackage(rest)) return NO_NUMBER;
    return { value: number, unit };
  }
  const alone = units.ofWord(value.replace(/^an? /i, ''));
  return alone && alone.factor === 12 ? { value: 1, unit: alone } : NO_NUMBER;
}

/**
 * A quantity with its unit, which may stand in a place of its own.
 *
 * @example readQuantity('1.250,00 Stück', undefined, german) // { value: 1250, unit: Units }
 */
export function readQuantity(written: Written | undefined, unit: string | undefined, manner: Manner): ReadQuantity {
  if (written === undefined) return MISSING;
  const { units } = manner;
  const read: ReadQuantity =
    typeof written === 'number'
      ? Number.isFinite(written)
        ? { value: written, unit: undefined }
        : NO_NUMBER
      : readText(written, manner);
  const own = readUnit(unit && plain(unit), units);
  if (read.unit === undefined) return { ...read, unit: own };
  if (own && read.unit && own.name !== read.unit.name) return { ...AMBIGUOUS, unit: read.unit };
  return read;
}
