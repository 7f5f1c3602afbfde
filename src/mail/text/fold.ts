// Text made comparable, and nothing more: look-alike letters of other alphabets stay what they are.

const INVISIBLE = /\u034f|[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff]|[\ufe0e\ufe0f]/gu;
const DASHES = /[\u002d\u00ad\u058a\u05be\u2010-\u2015\u2043\u207b\u208b\u2212\ufe58\ufe63\uff0d]/gu;
const APOSTROPHES = /[\u0027\u0060\u00b4\u02b9\u02bc\u2018\u2019\u201b\u2032\uff07]/gu;

/** Nearly all text of mails: nothing in it looks like anything else, or is hidden. */
const SIMPLE = /^[\x21-\x5f\x61-\x7e]*(?: [\x21-\x5f\x61-\x7e]+)*$/;
const ASCII = /^[ -~]*$/;

/** Spaces of all kinds are one kind, dashes and apostrophes too; what cannot be seen is gone. */
export function plain(text: string): string {
  if (SIMPLE.test(text)) return text;
  return text
    .replaceAll(INVISIBLE, '')
    .normalize('NFKC')
    .replaceAll(DASHES, '-')
    .replaceAll(APOSTROPHES, "'")
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** For codes: case does not count, everything that can be seen does. */
export function foldCode(text: string): string {
  return plain(text).toLowerCase();
}

/** For names and words: accents do not count either. */
export function foldName(text: string): string {
  const shown = plain(text);
  if (ASCII.test(shown)) return shown.toLowerCase();
  return shown
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ß', 'ss')
    .normalize('NFC');
}

/** Marks that make text read in another order than it is written. */
export function hasDirectionOverride(text: string): boolean {
  return /[\u202a-\u202e\u2066-\u2069]/u.test(text);
}
