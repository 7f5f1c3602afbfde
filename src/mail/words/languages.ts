// Which language a mail is written in, by its small words. Only as sure as marks of numbers and order of dates need it.
import { foldName } from '../text/fold.ts';

const SMALL: Readonly<Record<string, string>> = {
  en: 'the and of to for please we our you your with would like is are this that by from have need order thanks thank regards hello hi dear best kind as following send deliver could',
  de: 'der die das und fur bitte wir uns unsere unser sie ihr ihre mit von bis zu den dem ein eine ist sind bestellen bestellung guten tag hallo danke grusse grussen folgende stuck liefern im wie auch nicht vielen sehr geehrte damen herren hiermit',
  fr: 'le la les des du et pour nous notre nos vous votre vos avec est sont une un bonjour merci commande ci dessous veuillez cordialement livraison de salutations au aux je souhaitons en piece jointe messieurs',
  nl: 'de het een en voor wij ons onze u uw met van tot graag bestellen bestelling goedemorgen goedemiddag goedendag beste bedankt groet groeten stuks hierbij dit zijn is leveren naar volgende alvast geachte',
  it: 'il lo la gli le di e per noi nostro nostra vi vostro con del della dei ordine buongiorno grazie saluti seguente prego inviare consegna si un una sono cordiali spettabile gentili ordiniamo entro pezzi',
  es: 'el la los las de y para nos nuestro nuestra les su con del pedido buenos dias gracias saludos siguiente por favor enviar entrega un una que adjunto estimados senores rogamos unidades antes',
  tr: 've icin bir bu ile lutfen siparis siparisimiz siparisimizi merhaba tesekkurler saygilarimla adet teslim asagidaki rica ederiz ederim sayin iyi calismalar istiyoruz kadar olarak gonderin gunler',
  pt: 'o os as de e para nos nosso nossa com do da encomenda bom dia obrigado obrigada seguinte por favor enviar entrega um uma que anexo cumprimentos ate nao',
  sv: 'och att det som for vi oss var vart ni er med fran till bestalla bestallning hej tack halsningar styck senast leverans en ett ar',
  pl: 'i w na do prosze nasze zamowienie dzien dobry dziekuje sztuk dostawa z pozdrawiam oraz',
  da: 'og at det som for vi os vores jer med fra til bestille bestilling hej tak hilsen stk venlig levering en et er',
};

const LANGUAGES = Object.entries(SMALL).map(([language, words]) => [language, new Set(words.split(' '))] as const);

/** Language of a text, or undefined when its words do not tell. `hints`: languages of the keys that were found, one entry a key. */
export function languageOf(text: string, hints: readonly (readonly string[])[] = []): string | undefined {
  const words = foldName(text.slice(0, 20_000)).match(/\p{L}+/gu) ?? [];
  const scores = new Map<string, number>();
  const add = (language: string, points: number) => scores.set(language, (scores.get(language) ?? 0) + points);
  for (const [language, small] of LANGUAGES) {
    for (const word of words) if (small.has(word)) add(language, 1);
  }
  // A word that several languages share says as much less.
  for (const languages of hints) for (const language of languages) add(language, 2 / languages.length);
  const ranked = [...scores].sort((a, b) => b[1] - a[1]);
  const [best, second] = ranked;
  if (!best || best[1] < 1) return undefined;
  return second && second[1] === best[1] ? undefined : best[0];
}
