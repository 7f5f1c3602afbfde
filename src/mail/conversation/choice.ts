// Which of the three answers to a stock notice a reply gives: 1 what is available, 2 wait, 3 cancel; null when it cannot be told.
import type { Choice } from '../reading.ts';
import { foldName } from '../text/fold.ts';
import {
  AROUND,
  isNegated,
  LATER,
  NUMBER_WORDS,
  OPTION,
  ORDINALS,
  OTHER_THINGS,
  REST,
  WAITED_FOR,
  WAITS_FOR_US,
  WORDS,
} from '../words/choices.ts';
import { numberWord } from '../words/numbers.ts';
import { sentencesOf } from '../words/sentences.ts';

const NAMED = new RegExp(
  String.raw`(?<![\p{L}])${OPTION}[ .:#]*(?:(?:no|nr|number|nummer|numero|n[°º]?|is|ist|est|is:)[ .:#]*)?[("'\s]*([1-9]|${NUMBER_WORDS})(?![\d\p{L}]|[.,]\d)(?:\s*(?:or|oder|ou|of|o|veya|and|und|et|en|e|y|ve|/|,|&)\s*([1-9]|${NUMBER_WORDS})(?![\d\p{L}]))?`,
  'gu',
);
const BEHIND =
  /(?<![\p{N}.,])([1-3])[.)]?(?: numarali)? (?:option|secenek|secenegi|moglichkeit|variante|opcion)(?![\p{L}])/gu;

function asChoice(text: string | undefined): Choice | 'other' | undefined {
  if (text === undefined) return undefined;
  const digit = /^\d$/.test(text) ? text : String(numberWord(text));
  return digit === '1' || digit === '2' || digit === '3' ? (Number(digit) as Choice) : 'other';
}

/** The first choice, with other goods below. */
const INSTEAD_OF_IT =
  /^["'(\s]*1\s*[-,;:.)]+\s*(?:(?:but|and|please|aber|und|bitte|mais|et|maar|en|ma|e|pero|y|ama|ve)[, ]+)*(?:please |bitte |svp |graag |per favore |por favor |lutfen )?(?:(?:with|take|send|order|mit|avec|met|con) )?(?:the |these|those|this|following|other|different|instead|folgende|diese|andere|ces|ceux-ci|celles-ci|les|d'autres|deze|andere|volgende|questi|queste|altri|altre|i seguenti|estos|estas|otros|otras|los siguientes|sunlar|bunlar|asagidaki)[^\d?]*$/u;

/** A line that is a number, with nothing around it but small words. */
function lineChoice(line: string): Choice | 'other' | undefined {
  const folded = foldName(line.replaceAll(/[\u20e3\ufe0f]/g, '').replaceAll(/\*|_/g, ' '));
  const copied = /^[("'\s]*([1-3])\s*[-.):]\s+(?:order what is available|wait for replenishment|cancel the order)/.exec(
    folded,
  );
  if (copied) return asChoice(copied[1]);
  // `1, but please these:`
  if (INSTEAD_OF_IT.test(folded)) return 1;
  const digits = folded.match(/\d+/g) ?? [];
  if (digits.length !== 1 || digits[0]!.length !== 1) return undefined;
  const words = folded.replaceAll(/(?<=\d)'\p{L}{1,4}/gu, '').match(/\p{L}+/gu) ?? [];
  return words.length <= 9 && words.every((word) => AROUND.has(word)) && !/\?/.test(folded)
    ? asChoice(digits[0])
    : undefined;
}

/**
 * @param text the reply's own text, without quotes, signature and order lines
 */
export function readChoice(text: string): Choice | null {
  const numbers = new Set<Choice | 'other'>();
  const meanings = new Set<Choice>();
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) {
    const choice = lineChoice(line.trim());
    if (choice !== undefined) numbers.add(choice);
  }
  for (const sentence of sentencesOf(text.replaceAll(/(?<=[\p{L},])\n(?=\p{Ll})/gu, ' '))) {
    const folded = foldName(sentence);
    // A question about the choices is none of them.
    if (/\?["')\s]*$/.test(folded)) continue;
    if (isConditional(folded)) continue;
    readNumbers(folded, numbers);
    for (const [choice, pattern] of WORDS) {
      for (const match of folded.matchAll(new RegExp(pattern.source, 'gu'))) {
        const end = match.index + match[0].length;
        if (isNegated(folded, match.index, end)) continue;
        if (choice === 3 && (REST.test(folded) || OTHER_THINGS.test(folded.slice(end)))) continue;
        // Who waits for an answer of ours does not wait for goods.
        if (choice === 2 && (WAITS_FOR_US.test(folded.slice(end)) || WAITED_FOR.test(folded.slice(0, match.index))))
          continue;
        meanings.add(choice);
        // What is there now and the rest later is none of the three.
        if (choice === 1 && LATER.test(folded)) meanings.add(2);
      }
    }
  }
  if (numbers.has('other')) return null;
  if (numbers.size > 1) return null;
  const [number] = [...numbers] as Choice[];
  if (number !== undefined) {
    // The number and the words have to agree: a wrong cancellation is worse than another question.
    return meanings.size === 0 || (meanings.has(number) && meanings.size === 1) ? number : null;
  }
  return meanings.size === 1 ? [...meanings][0]! : null;
}

function readNumbers(folded: string, numbers: Set<Choice | 'other'>): void {
  for (const match of folded.matchAll(NAMED)) {
    if (isNegated(folded, match.index, match.index + match[0].length)) continue;
    for (const digit of [match[1], match[2]]) {
      const choice = asChoice(digit);
      if (choice !== undefined) numbers.add(choice);
    }
  }
  for (const match of folded.matchAll(BEHIND)) {
    if (!isNegated(folded, match.index, match.index + match[0].length)) numbers.add(Number(match[1]) as Choice);
  }
  for (const [choice, words] of ORDINALS) {
    const pattern = new RegExp(String.raw`(?<![\p{L}])(?:${words}) ${OPTION}(?![\p{L}])`, 'u');
    const match = pattern.exec(folded);
    if (match && !isNegated(folded, match.index, match.index + match[0].length)) numbers.add(choice);
  }
}

/** What depends on something else is not decided: `if you can deliver by May we wait`. */
function isConditional(folded: string): boolean {
  return /(?<![\p{L}])(?:if|unless|otherwise|falls|wenn|sofern|sonst|andernfalls|sinon|si vous|sauf si|als u|als jullie|anders|tenzij|se (?:potete|non|possibile)|altrimenti|si (?:pueden|no|es posible)|de lo contrario|eger|aksi halde|not sure|undecided|maybe|perhaps|vielleicht|peut-etre|misschien|forse|quizas?|belki|let you know|melden uns|come back to you)(?![\p{L}])/u.test(
    folded,
  );
}
