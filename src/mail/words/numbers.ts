// Numbers as words, in the shipped languages.
import { foldName } from '../text/fold.ts';

/** From zero on; several words for one number are separated by `/`. */
const COUNTED: readonly string[] = [
  'zero one/a/an/single two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
  'null ein/eine/einen/eins zwei/zwo drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn zwanzig',
  'zero un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt',
  'nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig',
  'zero uno/una/un due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti',
  'cero uno/una/un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte',
  'sifir bir iki uc dort bes alti yedi sekiz dokuz on on-bir on-iki on-uc on-dort on-bes on-alti on-yedi on-sekiz on-dokuz yirmi',
];

const TENS: Readonly<Record<number, string>> = {
  25: 'twenty-five funfundzwanzig vingt-cinq vijfentwintig venticinque veinticinco yirmi-bes',
  30: 'thirty dreissig trente dertig trenta treinta otuz',
  40: 'forty vierzig quarante veertig quaranta cuarenta kirk',
  50: 'fifty funfzig cinquante vijftig cinquanta cincuenta elli',
  60: 'sixty sechzig soixante zestig sessanta sesenta altmis',
  70: 'seventy siebzig septante soixante-dix zeventig settanta setenta yetmis',
  80: 'eighty achtzig quatre-vingt quatre-vingts tachtig ottanta ochenta seksen',
  90: 'ninety neunzig nonante quatre-vingt-dix negentig novanta noventa doksan',
  100: 'hundred a-hundred one-hundred hundert einhundert cent honderd cento cien ciento yuz',
  200: 'two-hundred zweihundert deux-cents tweehonderd duecento doscientos doscientas iki-yuz ikiyuz',
  300: 'three-hundred dreihundert trois-cents driehonderd trecento trescientos uc-yuz',
  500: 'five-hundred funfhundert cinq-cents vijfhonderd cinquecento quinientos quinientas bes-yuz',
  1000: 'thousand a-thousand one-thousand tausend eintausend mille duizend mil bin',
};

const WORDS = new Map<string, number>();
const ARTICLES = new Set(['a', 'an']);
for (const list of COUNTED) {
  for (const [value, words] of list.split(' ').entries()) for (const word of words.split('/')) WORDS.set(word, value);
}
for (const [value, words] of Object.entries(TENS)) for (const word of words.split(' ')) WORDS.set(word, Number(value));

const ENGLISH_TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
for (const tens of ENGLISH_TENS) {
  for (const [ones, words] of COUNTED[0]!.split(' ').entries()) {
    if (ones > 0 && ones < 10) WORDS.set(`${tens}-${words.split('/')[0]}`, WORDS.get(tens)! + ones);
  }
}
const GERMAN_TENS = ['zwanzig', 'dreissig', 'vierzig', 'funfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'];
for (const tens of GERMAN_TENS) {
  for (const [ones, words] of COUNTED[1]!.split(' ').entries()) {
    if (ones > 0 && ones < 10) WORDS.set(`${words.split('/')[0]}und${tens}`, WORDS.get(tens)! + ones);
  }
}

/** Number that the words say, or undefined. `a` alone is no number. */
export function numberWord(text: string): number | undefined {
  const folded = foldName(text).replaceAll(/[\s-]+/g, '-');
  return ARTICLES.has(folded) ? undefined : WORDS.get(folded);
}
