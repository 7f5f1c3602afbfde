// Texts of messages with places for what is known of the receiver: `{{firstName}}`. Names that a text may not use are found before
// anything is sent. Pure.
import Mustache from 'mustache';

/** What stands in a text as {{name}}, sections too. @throws when the braces do not fit */
export function namesIn(template: string): Set<string> {
  const names = new Set<string>();
  const walk = (tokens: readonly unknown[][]) => {
    for (const [kind, name, , , inner] of tokens) {
      if (kind === 'name' || kind === '&' || kind === '#' || kind === '^') names.add(String(name));
      if (Array.isArray(inner)) walk(inner as unknown[][]);
    }
  };
  walk(Mustache.parse(template) as unknown as unknown[][]);
  return names;
}

/** What is wrong with a template, in words; null = nothing. */
export function problemOf(template: string, allowed: readonly string[]): string | null {
  try {
    const unknown = [...namesIn(template)].filter((name) => !allowed.includes(name));
    if (unknown.length === 0) return null;
    return `names {{${unknown.join('}}, {{')}}}, but there are {{${allowed.join('}}, {{')}}}`;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}

export type Fillings = Readonly<Record<string, string | number | boolean | null>>;

/** As plain text: nothing is escaped. */
export function fillText(template: string, fillings: Fillings): string {
  return Mustache.render(template, fillings, {}, { escape: String }).trim();
}

/** As a page: what is filled in is escaped. */
export function fillHtml(template: string, fillings: Fillings): string {
  return Mustache.render(template, fillings).trim();
}
