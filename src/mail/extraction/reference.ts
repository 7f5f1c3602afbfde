// The customer's reference where no key gives it: in a sentence (`our order number is HV-1`), or in the subject.
import { plain } from '../text/fold.ts';
import { unitOfWord } from '../words/units.ts';

const WORDS = [
  // The longer ones first: what they say is a reference even where it is a plain number.
  String.raw`(?:our |your |purchase |customer |the )?(?:purchase )?order(?:'s)? (?:number|no\.?|nr\.?|ref(?:erence)?\.?|id)|p\.?o\.? ?(?:number|no\.?|nr\.?|ref(?:erence)?\.?|#)?|purchase order|(?:our|customer) ref(?:erence)?\.?(?: number| no\.?)?|reference(?: number| no\.?)?|ref\.?`,
  String.raw`bestell(?:ung(?:s)?)?[- ]?(?:nummer|nr\.?|no\.?)|auftrags?[- ]?(?:nummer|nr\.?)|(?:unsere |unser )?(?:referenz|zeichen|ref\.?)(?:nummer)?|kommission|belegnummer`,
  String.raw`(?:notre |votre )?(?:num[eé]ro|n\.?[°ºo]\.?|no\.?|nr\.?) (?:de |d')?(?:la )?(?:commande|bon de commande)|bon de commande(?: n\.?[°ºo]\.?)?|(?:notre |nos )?r[eé]f(?:[eé]rence)?s?\.?`,
  String.raw`(?:ons |onze )?(?:order|bestel|inkooporder)[- ]?(?:nummer|nr\.?)|(?:ons |onze )?(?:kenmerk|referentie|ref\.?)`,
  String.raw`(?:nostro |il nostro )?(?:numero|n\.?[°ºo]?|nr\.?) (?:di |d'|dell')?ordine|(?:nostro |ns\.? )?rif(?:erimento)?\.?`,
  String.raw`(?:nuestro |su )?(?:n[uú]mero|n\.?[°º]|n\.?[°ºo]\.?|no\.?) (?:de |del )?pedido|orden de compra(?: n[°º.]*)?|(?:nuestra |su )?ref(?:erencia)?\.?`,
  String.raw`sipari[sş](?:imiz(?:in)?)? (?:no(?:muz|su)?|numaras[ıi]|numaram[ıi]z)|referans(?:[ıi]m[ıi]z)?(?: no(?:muz)?)?`,
].join('|');
const SHORT = String.raw`(?:purchase |our |your |customer |new |sales )?order|bestellung|auftrag|(?:notre )?commande|(?:onze |inkoop)?(?:bestelling|order)|ordine(?: d'acquisto| di acquisto)?|pedido|sipari[sş](?:imiz)?`;
const LINK = String.raw`(?: (?:with|mit|met|con|avec)(?: (?:the|der|het|le|el|il|la))?)?\s*(?:\(?(?:no|nr|number|nummer|num[eé]ro|n|#)[.°ºo]{0,2}\)?(?![\p{L}]))?\s*[:#=]?\s*(?:(?:is|are|ist|lautet|lauten|est(?: le| la)?|est :|luidt|e'|è|es|will be|war|:)(?![\p{L}]))?\s*[:#"'„“»(]?\s*`;
const VALUE = String.raw`([\p{L}\p{N}](?:[\p{L}\p{N}]|[-_./#](?=[\p{L}\p{N}])){1,40})`;

const LONG_FORM = new RegExp(String.raw`(?<![\p{L}\p{N}-])(?:${WORDS})${LINK}${VALUE}`, 'giu');
const SHORT_FORM = new RegExp(String.raw`(?<![\p{L}\p{N}-])(?:${SHORT})${LINK}${VALUE}`, 'giu');

interface Tools {
  isProduct: (text: string) => boolean;
}

/** `23/11`, `23.11.26`; `88/26` is no day. */
function isDay(value: string): boolean {
  const day = /^(\d{1,2})[./-](\d{1,2})(?:[./-]\d{2,4})?$/.exec(value);
  return day !== null && Number(day[1]) <= 31 && Number(day[2]) <= 31;
}

function accepted(value: string, after: string, short: boolean, { isProduct }: Tools): boolean {
  if (!/\d/.test(value) || isProduct(value)) return false;
  if (isDay(value) || /^(?:19|20)\d{2}-\d{2}-\d{2}$/.test(value)) return false;
  if (/^\d+(?:st|nd|rd|th|er|e)$/i.test(value)) return false;
  if (/^\d+[x×]$/i.test(value) || (/^\d+(?:\p{L}{1,4})$/u.test(value) && unitOfWord(value.replace(/^\d+/, ''))))
    return false;
  if (!/^\d+(?:[.,]\d+)*$/.test(value)) return true;
  // A plain number may count something: `order 20 pcs`, `order 5 x DC-021`.
  const next = /^[^\S\n]*([x×*](?![\p{L}])|\p{L}+)/u.exec(after)?.[1];
  if (next && (/^[x×*]$/iu.test(next) || unitOfWord(next))) return false;
  if (!short) return value.length >= 2;
  return (
    value.length >= 4 &&
    !(
      next &&
      !/^(?:of|from|dated|vom|du|van|del|dal|by|bis|and|und|et|en|e|y|ve|is|to|for|with|per|please|tarihli|nolu|with|fur|pour|voor|as|wie|comme)$/iu.test(
        next,
      )
    )
  );
}

/** The number of an order before this one. */
const EARLIER =
  /(?<![\p{L}])(?:previous|earlier|former|prior|last|letzten?|letzter|vorherigen?|vorigen?|früheren?|précédente?|dernière|vorige|eerdere|laatste|precedente|ultimo|anterior|último|önceki|geçen)(?: \p{L}+'?s?){0,2} ?(?:n[°ºo.r]*|#)?[^\p{L}\p{N}]*$/iu;

function find(text: string, tools: Tools): string | undefined {
  for (const [pattern, short] of [
    [LONG_FORM, false],
    [SHORT_FORM, true],
  ] as const) {
    for (const match of text.matchAll(pattern)) {
      const value = match[1]!;
      if (EARLIER.test(text.slice(Math.max(0, match.index - 40), match.index + match[0].length - value.length)))
        continue;
      if (accepted(value, text.slice(match.index + match[0].length), short, tools)) return value;
    }
  }
  return undefined;
}

/** Turkish names it before the word: `AP-55 nolu siparişimiz`. */
const BEFORE = /([\p{L}\p{N}][\p{L}\p{N}_./-]{1,40})\s+(?:no'?lu|numaral[ıi])\s+sipari/iu;

/** @param text own words of the mail */
export function referenceIn(text: string, tools: Tools): string | undefined {
  const value = plainLines(text);
  return find(value, tools) ?? BEFORE.exec(value)?.[1];
}

/** `Order 901`: a subject that ends with a short number counts nothing by it. */
const AT_THE_END = new RegExp(String.raw`(?<![\p{L}\p{N}-])(?:${SHORT}) (?:n[°ºo.r]*\s*)?(\d{3})[\s"'»)]*$`, 'iu');

export function referenceInSubject(subject: string, tools: Tools): string | undefined {
  const text = subject.replaceAll(/\[PB-[A-Z0-9]+\]/gi, '');
  return referenceIn(text, tools) ?? AT_THE_END.exec(plain(text))?.[1];
}

function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n');
}
