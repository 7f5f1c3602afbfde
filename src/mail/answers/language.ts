// In which language a customer is answered: that of the mail, else that of the partner in Odoo, as far as there are templates.
import type { Customer } from '../catalogue.ts';

export const LANGUAGES = ['en', 'fr', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

function shipped(code: string | null | undefined): Language | undefined {
  return LANGUAGES.find((language) => code?.toLowerCase().slice(0, 2) === language);
}

/** @param mail what the mail is written in, undefined when its words do not tell */
export function languageFor(mail: string | undefined, customer: Customer | undefined): Language {
  return shipped(mail) ?? shipped(customer?.partner.lang) ?? shipped(customer?.company.lang) ?? 'en';
}

export function asLanguage(code: string): Language {
  return shipped(code) ?? 'en';
}

/** A name in a language; Odoo writes languages as `de_CH`. */
export function nameIn(names: Readonly<Record<string, string>>, language: Language): string {
  const entry = (wanted: string) => Object.entries(names).find(([code]) => code.toLowerCase().startsWith(wanted))?.[1];
  return names[language] ?? entry(language) ?? names.en ?? entry('en') ?? Object.values(names)[0] ?? '';
}
