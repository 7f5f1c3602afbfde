// Languages of the screens: English, French, German; the user's of Odoo, else the browser's.

export const LANGUAGES = ['en', 'fr', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * @param wanted in order of preference: `fr_FR` of Odoo, or an Accept-Language header
 * @example chooseLanguage('nl_NL', 'de-DE,de;q=0.9') // 'de'
 */
export function chooseLanguage(...wanted: readonly string[]): Language {
  for (const text of wanted) {
    for (const part of text.split(',')) {
      const code = part.trim().slice(0, 2).toLowerCase();
      const found = LANGUAGES.find((language) => language === code);
      if (found) return found;
    }
  }
  return 'en';
}
