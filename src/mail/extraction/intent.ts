// Whether a mail with or without lines is an order at all, or a question for a person.
import { foldName } from '../text/fold.ts';
import { type Intent, intentOf, PLAIN_ORDER, subjectIntentOf } from '../words/intents.ts';
import { sentencesOf } from '../words/sentences.ts';

/**
 * What the mail wants when it is no order; undefined when it may be one.
 *
 * Prices, cancellations, complaints and invoices decide whatever else is said. Thanks and requests for information do so only
 * where nothing is ordered in plain words.
 */
export function otherIntent(subject: string, text: string): Intent | undefined {
  // Rows of tables name goods.
  const running = text
    .split('\n')
    .filter((line) => !/\t|\|.*\||\S\s{2,}\S.*\S\s{2,}\S/.test(line))
    .join('\n');
  const sentences = [subject, ...sentencesOf(running.replaceAll(/(?<=[\p{Ll},])\n(?=\p{Ll})/gu, ' '))].map((sentence) =>
    foldName(sentence),
  );
  const intents = sentences.map((sentence, index) => {
    if (sentence.length > 600) return undefined;
    return index === 0 ? subjectIntentOf(sentence) : intentOf(sentence);
  });
  const strong = intents.find((intent) => intent !== undefined && intent !== 'thanks' && intent !== 'information');
  if (strong) return strong;
  const ordered = sentences.some((sentence, index) => intents[index] === undefined && PLAIN_ORDER.test(sentence));
  return ordered ? undefined : intents.find((intent) => intent !== undefined);
}
