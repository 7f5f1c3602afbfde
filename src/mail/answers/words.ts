// Words of answers that are made of what was read: what is wrong with a field, and quantities, money and days as a language writes
// them. Pure.
import type { ReadingError } from '../reading.ts';
import type { Language } from './language.ts';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR' };

export interface Formats {
  quantity(value: number, unit: string | null): string;
  money(value: number, currency: string): string;
  /** `YYYY-MM-DD`. */
  day(day: string): string;
  instant(milliseconds: number): string;
}

export function formatsOf(language: Language): Formats {
  const locale = LOCALES[language];
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return {
    quantity: (value, unit) => `${numbers.format(value)}${unit ? ` ${unit}` : ''}`,
    money(value, currency) {
      const amount = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 4 }).format(
        value,
      );
      return currency ? `${amount} ${currency}` : amount;
    },
    day: (day) => days.format(Date.parse(`${day}T00:00:00Z`)),
    instant: (milliseconds) => days.format(milliseconds),
  };
}

type Words = Readonly<Record<string, string>>;

const FIELDS: Readonly<Record<Language, Words>> = {
  en: {
    line: 'line',
    order: 'the order',
    product: 'product',
    quantity: 'quantity',
    uom: 'unit',
    deliveryDate: 'delivery date',
    orderDate: 'order date',
    customerReference: 'your reference',
    lines: 'number of lines',
    conversation: 'your answer',
  },
  de: {
    line: 'Position',
    order: 'die Bestellung',
    product: 'Produkt',
    quantity: 'Menge',
    uom: 'Einheit',
    deliveryDate: 'Liefertermin',
    orderDate: 'Bestelldatum',
    customerReference: 'Ihre Referenz',
    lines: 'Zahl der Positionen',
    conversation: 'Ihre Antwort',
  },
  fr: {
    line: 'ligne',
    order: 'la commande',
    product: 'produit',
    quantity: 'quantité',
    uom: 'unité',
    deliveryDate: 'date de livraison',
    orderDate: 'date de commande',
    customerReference: 'votre référence',
    lines: 'nombre de lignes',
    conversation: 'votre réponse',
  },
};

const PROBLEMS: Readonly<Record<Language, Words>> = {
  en: {
    missing: 'is missing',
    unknown: 'is not known to us',
    archived: 'is not sold any more',
    'not-for-sale': 'is not for sale',
    ambiguous: 'can be read in more than one way; please write it out',
    conflict: 'code and name are of two different products',
    zero: 'is zero',
    negative: 'is negative',
    'not-a-number': 'is not a number',
    fraction: 'a piece cannot be divided',
    absurd: 'is larger than we take by mail',
    mismatch: 'does not fit the product',
    invalid: 'is no date that exists',
    past: 'is in the past',
    'before-order': 'is before the order date',
    'already-used': 'was used for another order before',
    'too-many': 'is more than we take in one mail',
  },
  de: {
    missing: 'fehlt',
    unknown: 'ist uns nicht bekannt',
    archived: 'wird nicht mehr verkauft',
    'not-for-sale': 'ist nicht verkäuflich',
    ambiguous: 'lässt sich auf mehr als eine Weise lesen; bitte ausschreiben',
    conflict: 'Nummer und Name gehören zu zwei verschiedenen Produkten',
    zero: 'ist null',
    negative: 'ist negativ',
    'not-a-number': 'ist keine Zahl',
    fraction: 'ein Stück lässt sich nicht teilen',
    absurd: 'ist größer, als wir per Mail annehmen',
    mismatch: 'passt nicht zum Produkt',
    invalid: 'ist kein Datum, das es gibt',
    past: 'liegt in der Vergangenheit',
    'before-order': 'liegt vor dem Bestelldatum',
    'already-used': 'wurde schon für eine andere Bestellung verwendet',
    'too-many': 'ist größer, als wir in einer Mail annehmen',
  },
  fr: {
    missing: 'manque',
    unknown: 'nous est inconnu',
    archived: "n'est plus vendu",
    'not-for-sale': "n'est pas à vendre",
    ambiguous: "peut se lire de plusieurs façons ; merci de l'écrire en toutes lettres",
    conflict: 'le code et le nom désignent deux produits différents',
    zero: 'est nulle',
    negative: 'est négative',
    'not-a-number': "n'est pas un nombre",
    fraction: 'une pièce ne se divise pas',
    absurd: 'dépasse ce que nous acceptons par courriel',
    mismatch: 'ne convient pas à ce produit',
    invalid: "n'est pas une date qui existe",
    past: 'est passée',
    'before-order': 'précède la date de commande',
    'already-used': 'a déjà servi pour une autre commande',
    'too-many': 'dépasse ce que nous acceptons dans un courriel',
  },
};

export function whereOf({ line }: ReadingError, language: Language): string {
  const words = FIELDS[language];
  return line === undefined ? words.order! : `${words.line} ${line}`;
}

const QUOTES: Readonly<Record<Language, readonly [string, string]>> = {
  en: ['“', '”'],
  de: ['„', '“'],
  fr: ['« ', ' »'],
};

/** Such a problem is a sentence of its own. */
const SENTENCES: ReadonlySet<string> = new Set(['fraction', 'conflict']);
const LONGEST_QUOTED = 60;

/** @param written what stands in the mail; it is quoted */
export function problemOf({ field, problem }: ReadingError, language: Language, written: string | null = null): string {
  const said = (written ?? '').replace(/\s+/g, ' ').trim();
  const [open, close] = QUOTES[language];
  const cut = said.length > LONGEST_QUOTED ? `${said.slice(0, LONGEST_QUOTED)}…` : said;
  const quoted = cut === '' || problem === 'missing' ? '' : ` ${open}${cut}${close}`;
  const between = SENTENCES.has(problem) ? (language === 'fr' ? ' : ' : ': ') : ' ';
  return `${FIELDS[language][field] ?? field}${quoted}${between}${PROBLEMS[language][problem] ?? problem}`;
}

const PAGE: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Your choice',
    1: 'Order what is available now',
    2: 'Wait for replenishment',
    3: 'Cancel the order',
    of: 'for your order',
    from: 'for your order of',
    confirm: 'Confirm',
    thanks: 'Thank you. Your choice is being carried out, and you will receive a mail.',
    used: 'This question has been answered already.',
    expired: 'This link is no longer valid. Please answer our mail instead.',
    invalid: 'This link is not valid. Please use it as it stands in our mail, or answer our mail.',
    later: 'This does not work right now. Please try again in a few minutes, or answer our mail.',
  },
  de: {
    title: 'Ihre Wahl',
    1: 'Bestellen, was jetzt verfügbar ist',
    2: 'Auf Nachschub warten',
    3: 'Die Bestellung stornieren',
    of: 'für Ihre Bestellung',
    from: 'für Ihre Bestellung vom',
    confirm: 'Bestätigen',
    thanks: 'Vielen Dank. Ihre Wahl wird ausgeführt, und Sie erhalten eine Mail.',
    used: 'Diese Frage ist schon beantwortet.',
    expired: 'Dieser Link gilt nicht mehr. Bitte antworten Sie stattdessen auf unsere Mail.',
    invalid:
      'Dieser Link ist ungültig. Bitte verwenden Sie ihn so, wie er in unserer Mail steht, oder antworten Sie auf die Mail.',
    later:
      'Das geht gerade nicht. Bitte versuchen Sie es in einigen Minuten noch einmal, oder antworten Sie auf unsere Mail.',
  },
  fr: {
    title: 'Votre choix',
    1: 'Commander ce qui est disponible maintenant',
    2: 'Attendre le réapprovisionnement',
    3: 'Annuler la commande',
    of: 'pour votre commande',
    from: 'pour votre commande du',
    confirm: 'Confirmer',
    thanks: 'Merci. Votre choix est en cours de traitement ; vous recevrez un courriel.',
    used: 'Cette question a déjà reçu une réponse.',
    expired: "Ce lien n'est plus valable. Merci de répondre à notre courriel.",
    invalid: "Ce lien n'est pas valable. Merci de l'utiliser tel qu'il figure dans notre courriel, ou d'y répondre.",
    later:
      "Cela ne fonctionne pas pour l'instant. Merci de réessayer dans quelques minutes, ou de répondre à notre courriel.",
  },
};

export function pageWords(language: Language): Words {
  return PAGE[language];
}
