// Lines of text that hold keys with values: `- Product ID: 21`, `Article : X, Quantité : 5`, `Menge ..... 20`.
import type { MailField } from '../../mapping/mail-fields.ts';
import { plain } from '../text/fold.ts';
import type { FieldWords, FoundField } from './fields.ts';

export interface KeyValue {
  field: MailField;
  key: string;
  value: string;
  found: FoundField;
}

export interface KeyLine {
  /** A position number stood before the key: `1.`, `Pos. 10:`. */
  numbered: boolean;
  pairs: KeyValue[];
}

const BULLET = /^[\s>]*(?:[-–—*•·●▪◦‣⁃+o»→]\s+|[-–—*•·●▪◦‣⁃»→](?=\p{L}))?/u;
const NUMBER =
  /^\(?(?:#|no\.? ?|nr\.? ?|pos(?:ition)?\.? ?|line ?|item ?|zeile ?|ligne ?|regel ?|riga ?|l[ií]nea ?|kalem ?|poste ?)?(\d{1,3})(?:[.)\]:]|\s-)(?!\d)\s*/iu;
const POSITION_ALONE =
  /^(?:pos(?:ition)?\.?|line|item|zeile|ligne|regel|positie|riga|posizione|l[ií]nea|posici[oó]n|kalem|s[ıi]ra|poste|artikel|article|order line)\s*(?:no\.?|nr\.?|n°|#)?\s*[:#]?\s*(\d{1,4})\s*[.:)]?$/iu;

/** A line that is nothing but a position: `Pos. 10`, `Line 2:`, `1)`. */
export function isPosition(text: string): boolean {
  const value = plain(text).replace(BULLET, '');
  return POSITION_ALONE.test(value) || /^\(?\d{1,3}[.)]$/.test(value);
}

/** Forms count their keys: `Product 2`, `Quantity (2)`. */
const COUNTED = /(?<=[\p{L}.])\s*[#(]?\d{1,3}\)?$/u;

const UNKNOWN_KEY = /^\p{L}[\p{L}.]{1,15}(?: \p{L}{1,10})?\s?[:：]\s/u;

/** The keys of a line, or undefined when it begins with none. */
export function keyLine(text: string, fields: FieldWords): KeyLine | undefined {
  const withoutBullet = text
    .replaceAll(/[*_]{1,2}(?=\S)(?=[^*_]*[:：][*_]{1,2}|[^*_]*[*_]{1,2}\s*[:：])/gu, '')
    .replaceAll(/(?<=[:：])[*_]{1,2}|[*_]{1,2}(?=\s*[:：])/gu, '')
    .replace(BULLET, '')
    .trim();
  const number = NUMBER.exec(withoutBullet);
  const rest = number ? withoutBullet.slice(number[0].length) : withoutBullet;
  const pairs = pairsOf(rest, fields);
  if (pairs.length > 0) return { numbered: number !== null, pairs };
  if (number) {
    const whole = pairsOf(withoutBullet, fields);
    if (whole.length > 0) return { numbered: false, pairs: whole };
  }
  return undefined;
}

interface Mark {
  found: FoundField;
  key: string;
  start: number;
  valueAt: number;
}

function pairsOf(text: string, fields: FieldWords): KeyValue[] {
  const first = keyAt(text, 0, fields, true);
  if (!first) return [];
  const marks = [first];
  // Further keys in the line stand behind a mark or a wide gap.
  for (const gap of text.matchAll(/[,;|/\t]\s*|\s{2,}|\s+-\s+|\.\s+/gu)) {
    const at = gap.index + gap[0].length;
    if (at <= marks.at(-1)!.valueAt) continue;
    const mark = keyAt(text, at, fields, false);
    if (mark) marks.push({ ...mark, start: gap.index });
    // A key that is not known ends the value before it, unless that is an address.
    else if (marks.at(-1)!.found.field !== 'delivery address' && UNKNOWN_KEY.test(text.slice(at))) {
      marks.push({
        ...marks.at(-1)!,
        found: { ...marks.at(-1)!.found, field: 'ignore' },
        start: gap.index,
        valueAt: at,
      });
    }
  }
  return marks.map((mark, index) => ({
    field: mark.found.field,
    key: mark.key,
    found: mark.found,
    value: text
      .slice(mark.valueAt, marks[index + 1]?.start ?? text.length)
      .trim()
      .replace(/[|;,]$/, '')
      .trim(),
  }));
}

function keyAt(text: string, at: number, fields: FieldWords, first: boolean): Mark | undefined {
  const rest = text.slice(at);
  const colon = /^([^:：=\t|]{1,60}?)\s*(?:[:：]|=(?!["=])|\t+|\s?\.{3,}:?|\|)\s*/u.exec(rest);
  if (colon) {
    const found = fields.key(colon[1]!) ?? fields.key(colon[1]!.replace(COUNTED, ''));
    const value = rest.slice(colon[0].length);
    // A row of a table, or its headings, is no key with a value.
    const row = /[|\t]/.test(colon[0]) && (/[|\t]/.test(value) || fields.heading(value) !== undefined);
    if (found && !row) return { found, key: colon[1]!.trim(), start: at, valueAt: at + colon[0].length };
  }
  if (!first) return undefined;
  const gap = /^(\S(?:\S| (?! ))*?)(?:\s{2,}|\s+[-–]\s+)(?=\S)/u.exec(rest);
  const value = gap ? rest.slice(gap[0].length) : '';
  const found = gap && !fields.heading(value) && !/\S\s{2,}\S/.test(value) ? fields.key(gap[1]!) : undefined;
  return found ? { found, key: gap![1]!.trim(), start: at, valueAt: at + gap![0].length } : undefined;
}
