// A delivery address that a sentence gives: `please deliver to our warehouse, Mill Road 5, 1000 Town`.
import { foldName, plain } from '../text/fold.ts';
import { sentencesOf } from '../words/sentences.ts';

const LEADS =
  /(?:deliver(?:ed|y)?(?: \S+){0,6}? to|ship(?:ped|ping)?(?: the goods| everything| it| them)? to|send(?: it| them| everything| the goods)? to|(?:lieferung|liefern sie|liefern|lieferadresse ist|geliefert werden) (?:\S+ ){0,6}?(?:an|nach)(?: die adresse)?|(?:livrer|livraison|livr[eé]e?s?|exp[eé]dier) (?:\S+ ){0,6}?(?:a|à)(?: l'adresse(?: suivante)?)?|(?:leveren|levering|bezorgen|sturen) (?:\S+ ){0,6}?(?:op|aan|naar)(?: het adres)?|(?:consegna(?:re|te)?|spedire|spedizione) (?:\S+ ){0,6}?(?:a|presso)(?: l'indirizzo)?|(?:entregar|entrega|enviar) (?:\S+ ){0,6}?(?:en|a)(?: la direcci[oó]n)?|(?:lieferadresse|delivery address|adresse de livraison|afleveradres|indirizzo di consegna|direcci[oó]n de entrega|teslimat adresi(?:miz)?) (?:is|ist|est|:|è|es))[\s:]+/iu;

export function addressIn(text: string): string | undefined {
  for (const sentence of sentencesOf(text)) {
    const value = plain(sentence);
    const lead = LEADS.exec(value);
    if (!lead) continue;
    const named = value.slice(lead.index + lead[0].length);
    // `to the Leeds site: Unit 7, Canal Road …`
    const rest = named
      .replace(/^[^:\d]{1,50}: (?=.*\d)/u, '')
      .replace(/\s+(?:by|until|before|bis|avant|pour le|v[oó]or|entro|antes del?)\s+(?=\S*\d|\p{L}+ \d).*$/iu, '')
      .replace(/[.;!]+$/, '')
      .trim();
    // A street's number or a postal code, and more than one part.
    if (
      /\d/.test(rest) &&
      rest.split(/[\s,]+/).length >= 3 &&
      /,|\d{4,5}/.test(rest) &&
      !/[@?]/.test(rest) &&
      foldName(rest).length < 200
    )
      return rest;
  }
  return undefined;
}
