// Sentences that people read, as structures: English words with blanks, and what fills them. Here they become English; the screens
// say the same words in the reader's language (screens/web/kit/language.ts). Pure; never takes a sentence apart.
import { INFINITE_FUTURE, INFINITE_PAST, type PlanTime } from '../model.ts';
import { dayWords, quantityWords, spanWords } from './words.ts';

/** A name, a quantity or count, a day, a length of time, a list with how many more there are, or a sentence within. */
export type Filling =
  | string
  | number
  | { day: string }
  | { span: number }
  | { list: readonly Filling[]; more: number }
  | Sentence;

export interface Sentence {
  /** English, with blanks: `Buy {quantity} {item} from {supplier}`; the key of the lists of words. */
  words: string;
  values?: Readonly<Record<string, Filling>>;
}

type Blanks<Words extends string> = Words extends `${string}{${infer Name}}${infer Rest}` ? Name | Blanks<Rest> : never;

/**
 * Every blank is to be filled. The words stand in the call itself: from there a test knows what has to be translated.
 * @example sentence('Make {quantity} {item}', { quantity: 3, item: 'Table' })
 */
export function sentence<const Words extends string>(
  words: Words,
  ...[values]: [Blanks<Words>] extends [never] ? [] : [values: Readonly<Record<Blanks<Words>, Filling>>]
): Sentence {
  return values === undefined ? { words } : { words, values };
}

/** The day of a moment of the plan. */
export function day(t: PlanTime): Filling {
  if (t >= INFINITE_FUTURE) return sentence('the end of the plan');
  if (t <= INFINITE_PAST) return sentence('the beginning');
  return { day: new Date(t * 1000).toISOString().slice(0, 10) };
}

/** A length of time, of which only as much is said as matters. */
export function span(seconds: number): Filling {
  return { span: seconds };
}

/** The first ones, and how many more there are. @param count how many there are in all */
export function list(fillings: readonly Filling[], most = 5, count = fillings.length): Filling {
  const shown = fillings.slice(0, most);
  return { list: shown, more: count - shown.length };
}

/** @param now of the plan: days of its year are said without the year */
export function english({ words, values = {} }: Sentence, now: PlanTime): string {
  return words.replace(/\{(\w+)\}/g, (blank, name: string) => {
    const value = values[name];
    return value === undefined ? blank : englishOf(value, now);
  });
}

function englishOf(value: Filling, now: PlanTime): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return quantityWords(value);
  if ('day' in value) return dayWords(Date.parse(value.day) / 1000, now);
  if ('span' in value) return spanWords(value.span);
  if ('words' in value) return english(value, now);
  const names = value.list.map((one) => englishOf(one, now)).join(', ');
  return value.more > 0 ? `${names} and ${value.more} more` : names;
}
