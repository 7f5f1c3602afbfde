// Names of records in all languages that are in use.
import { type Domain, type OdooReader, readAll } from '../../connector/odoo/reader.ts';
import { text } from '../../mapping/records.ts';

export async function activeLanguages(reader: OdooReader, signal?: AbortSignal): Promise<string[]> {
  const rows = await readAll(reader, {
    model: 'res.lang',
    fields: ['code'],
    domain: [['active', '=', true]],
    signal,
  });
  const codes = rows.map((row) => text(row, 'code')).filter(Boolean);
  return codes.length > 0 ? codes : ['en_US'];
}

/** Names by id and language; a name that is the same as in the first language is left out. */
export async function namesIn(
  reader: OdooReader,
  model: string,
  languages: readonly string[],
  domain: Domain,
  signal?: AbortSignal,
): Promise<Map<number, Record<string, string>>> {
  const names = new Map<number, Record<string, string>>();
  const [first] = languages;
  for (const language of languages) {
    const scoped = reader.scoped({ lang: language });
    for await (const page of scoped.pages({ model, fields: ['name'], domain, signal })) {
      for (const row of page) {
        const name = text(row, 'name').trim();
        if (!name) continue;
        const known = names.get(row.id);
        if (!known) names.set(row.id, { [language]: name });
        else if (known[first!] !== name) known[language] = name;
      }
    }
  }
  return names;
}
