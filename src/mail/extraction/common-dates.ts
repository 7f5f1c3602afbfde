// Days that running text gives for the whole order: `please deliver by 14 December`, `our order of 3 December`.
import { foldName, plain } from '../text/fold.ts';
import { sentencesOf, tellsAboutThePast } from '../words/sentences.ts';
import { type FoundDate, findDates } from './dates.ts';
import type { Manner } from './manner.ts';
import { cued } from './prose.ts';

const DELIVERY =
  /(?<![\p{L}])(?:deliver\w*|ship\w*|need\w*|require\w*|due|arrive|by|liefer\w*|benotig\w*|brauch\w*|bis|spatestens|termin|livr\w*|besoin|pour le|avant le|au plus tard|delai|lever\w*|nodig|uiterlijk|voor|conseg\w*|entro|serv\w*|spedi\w*|entreg\w*|antes|necesit\w*|para el|teslim\w*|kadar|tarihine|sevk\w*|termin)(?![\p{L}])/u;
const NOT_DELIVERY =
  /(?<![\p{L}])(?:closed|holiday|vacation|geschlossen|ferien|urlaub|betriebsferien|ferme|conges|vacances|gesloten|vakantie|chius[oi]|ferie|cerrado|vacaciones|kapali|tatil|invoice|rechnung|facture|not (?:\S+ )?before|nicht (?:\S+ )?vor|pas (?:\S+ )?avant|niet (?:\S+ )?voor|non (?:\S+ ){0,2}prima|no (?:\S+ )?antes|valid until|gultig bis|born|meeting|call|telefon)(?![\p{L}])/u;
const ORDERED =
  /(?:order|p\.?o\.?|purchase order|bestellung|auftrag|commande|bestelling|ordine|pedido|siparis)(?: (?:no\.?|nr\.?|n°|n\.|n[or]?|number|nummer|numero))?[ :#]*[\p{L}\p{N}_./-]{0,40},? (?:of|dated|from|vom|v\.|du|van|d\.d\.|del|dal|de)(?: the| den)? $/u;
/** Behind the day: `21 Aralık 2026 tarihine kadar`. */
const CUE_BEHIND =
  /^(?:'?\p{L}{0,4} )?(?:tarihine |tarihi )?(?:kadar|itibariyle|at the latest|spatestens|au plus tard|uiterlijk|al piu tardi|a mas tardar)/u;

export interface CommonDates {
  orderDate?: string;
  deliveryDate?: string;
}

/** @param lines sentences of these lines are taken already */
export function commonDates(text: string, manner: Manner, today: string): CommonDates {
  const result: CommonDates = {};
  let weak: string | undefined;
  for (const sentence of sentencesOf(text.replaceAll(/(?<=[\p{L},\d])\n(?=\p{Ll})/gu, ' '))) {
    const folded = foldName(plain(sentence));
    if (NOT_DELIVERY.test(folded) || (tellsAboutThePast(folded) && !DELIVERY.test(folded))) continue;
    for (const date of findDates(folded, manner, today)) {
      const written = folded.slice(date.index, date.index + date.length);
      const before = folded.slice(0, date.index);
      if (ORDERED.test(before)) {
        result.orderDate ??= written;
        continue;
      }
      if (wanted(date, folded)) result.deliveryDate ??= written;
      else if (date.sure && DELIVERY.test(folded)) weak ??= written;
    }
  }
  result.deliveryDate ??= weak;
  return result;
}

function wanted(date: FoundDate, folded: string): boolean {
  const before = folded.slice(Math.max(0, date.index - 30), date.index);
  const behind = folded.slice(date.index + date.length).trimStart();
  if (CUE_BEHIND.test(behind)) return true;
  // `in two weeks` brings its own word; a weekday or `tomorrow` needs one.
  if (
    /^(?:in|within|innerhalb|binnen|dans|sous|over|tra|fra|entro|en|dentro)(?![\p{L}])/u.test(folded.slice(date.index))
  )
    return DELIVERY.test(folded);
  if (!cued(before)) return false;
  return date.sure || DELIVERY.test(folded);
}
