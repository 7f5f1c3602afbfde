// Takes secrets out of text that is logged or shown: credentials in addresses, web tokens, authorization headers.

const RULES: ReadonlyArray<readonly [RegExp, string]> = [
  // Credentials in front of a host: greedy up to the last @, because passwords may hold one.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, '$1***@'],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s"'<>]*@(?=[^\s"'<>@]*)/gi, '$1***@'],
  [/\b(webtoken|token|password|api_?key|secret)(\\*"?\s*(?:=|%3D|:)\s*\\*["']?)[^\s&"'\\,;<>]+/gi, '$1$2***'],
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{4,}/g, '$1 ***'],
];

/** @example redact('postgres://odoo:geheim@db/acme') === 'postgres://***@db/acme' */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return clean;
}
