// Words of the sheet `Mail fields` -> fields of an order, by place: before a colon, or above a column.
import { foldMailWord, type MailField, type MailFieldWord } from '../../mapping/mail-fields.ts';
import { plain } from '../text/fold.ts';

export interface FoundField {
  field: MailField;
  /** The word that was found, folded. */
  word: string;
  /** Languages in which the word means this. */
  languages: readonly string[];
}

export interface FieldWords {
  /** As the sheet gives them. */
  readonly all: readonly MailFieldWord[];
  /** Field of a key that stands before a colon. */
  key(text: string): FoundField | undefined;
  /** Field of a column's heading. */
  heading(text: string): FoundField | undefined;
  /** Folded words of a field. */
  words(field: MailField): readonly string[];
}

/** Follows a sheet that is edited while the program runs. */
export function currentFieldWords(words: () => readonly MailFieldWord[]): () => FieldWords {
  let known: FieldWords | undefined;
  return () => {
    const all = words();
    if (known?.all !== all) known = fieldWordsOf(all);
    return known;
  };
}

type Table = ReadonlyMap<string, FoundField>;

export function fieldWordsOf(words: readonly MailFieldWord[]): FieldWords {
  const inLines = tableOf(words, 'line');
  const inTables = tableOf(words, 'table');
  return {
    all: words,
    key: remembering((text) => lookUp(text, inLines, inTables)),
    heading: remembering((text) => lookUp(text, inTables, inLines) ?? beginning(text, inTables)),
    words: (field) => [...new Set(words.filter((word) => word.field === field).map(({ word }) => foldMailWord(word)))],
  };
}

const MOST_REMEMBERED = 2_000;

/** The cells of a column and the keys of blocks are the same again and again. */
function remembering(find: (text: string) => FoundField | undefined): (text: string) => FoundField | undefined {
  const known = new Map<string, FoundField | undefined>();
  return (text) => {
    if (text.length > 80) return find(text);
    if (known.has(text)) return known.get(text);
    const found = find(text);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(text, found);
    return found;
  };
}

function tableOf(words: readonly MailFieldWord[], place: 'line' | 'table'): Table {
  const table = new Map<string, FoundField & { languages: string[] }>();
  for (const entry of words) {
    if (entry.place !== 'anywhere' && entry.place !== place) continue;
    const word = foldMailWord(entry.word);
    const found = table.get(word);
    if (!found) table.set(word, { field: entry.field, word, languages: entry.language ? [entry.language] : [] });
    else if (found.field === entry.field && entry.language) found.languages.push(entry.language);
  }
  return table;
}

/** The word as it is, without what stands in brackets, without a bullet's number. Words of the other place count where none fits. */
function lookUp(text: string, first: Table, second: Table): FoundField | undefined {
  const value = plain(text);
  if (!value || value.length > 80) return undefined;
  const candidates = [value, value.replaceAll(/[([][^)\]]*[)\]]/g, ' '), value.replace(/\/.*$/, '')];
  for (const table of [first, second]) {
    for (const candidate of candidates) {
      const folded = foldMailWord(candidate);
      const found =
        table.get(folded) ??
        table.get(folded.replaceAll(' ', '')) ??
        table.get(folded.replace(/(?<=\p{L}{3})nr(?![\p{L}])/u, 'nummer')) ??
        table.get(withoutQualifiers(folded)) ??
        table.get(withoutQualifiers(folded).replace(/(?<=\p{L}{3})nr(?![\p{L}])/u, 'nummer')) ??
        (candidate.includes('\ufffd') ? garbled(candidate, table) : undefined);
      if (folded && found) return found;
    }
  }
  // German joins words: `Abrufmenge`, `Wareneingangstermin`.
  const joined = /^\p{L}{3,}(menge|stuckzahl|termin)$/u.exec(foldMailWord(value));
  return joined ? (first.get(joined[1]!) ?? second.get(joined[1]!)) : undefined;
}

/** Words that say whose or which one, and nothing about what: `our`, `required`, `souhaitée`, `gewünschter`. */
const QUALIFIERS = new Set(
  (
    'our your their the requested required reqd desired wanted needed preferred expected ordered order total exact ' +
    'notre votre nos vos souhaitee souhaite demandee demande desiree desire commandee cdee ' +
    'unser unsere unserer ihr ihre ihrer eure gewunschte gewunschter gewunschtes gewunscht bestellte bestellt benotigte ' +
    'ons onze uw jullie gewenst gewenste bestelde besteld gevraagde ' +
    'ns vs nostro nostra vostro vostra richiesta richiesto ordinata ordinato desiderata il ' +
    'nuestro nuestra su solicitada solicitado deseada deseado del ' +
    'istenen istediginiz istedigimiz talep edilen bizim sizin'
  ).split(' '),
);

function withoutQualifiers(folded: string): string {
  const words = folded.split(' ');
  const left = words.filter((word) => !QUALIFIERS.has(word));
  return left.length > 0 && left.length < words.length ? left.join(' ') : '';
}

/** A key with letters that were lost (`Quantit\ufffd`): the field, where all words that fit mean the same. */
function garbled(text: string, table: Table): FoundField | undefined {
  const pattern = text
    .split(/\ufffd+/u)
    .map((part) => foldMailWord(part).replaceAll(/[^\p{L}\p{N} ]/gu, ''))
    .join('.{1,2}');
  const whole = new RegExp(`^${pattern}$`, 'u');
  const found = [...table].flatMap(([word, field]) => (whole.test(word) ? [field] : []));
  return new Set(found.map(({ field }) => field)).size === 1 ? found[0] : undefined;
}

/** Words for a day, whatever happens on it. */
const DAYS = new Set('date datum data fecha tarih tarihi'.split(' '));

const CODES = new Set('code codes kod kodu codice codigo'.split(' '));

/** `Menge bestellt`, `Qty ordered`: a heading that begins or ends with a known word. */
function beginning(text: string, table: Table): FoundField | undefined {
  const words = foldMailWord(plain(text)).split(' ');
  if (words.length < 2 || words.length > 4) return undefined;
  for (let count = words.length - 1; count > 0; count--) {
    const last = words.slice(-count).join(' ');
    // `Location code`, `tax code`: of what, the words before say.
    const found = table.get(words.slice(0, count).join(' ')) ?? (CODES.has(last) ? undefined : table.get(last));
    // One letter says little, and `print date` is no date of an order.
    if (found && found.word.length > 1 && !DAYS.has(found.word)) return found;
  }
  return undefined;
}
