// What tells the variants of a product apart, and their names as Odoo shows them.
import { byIds } from '../../connector/export/reads.ts';
import { type Domain, type OdooReader, readAll } from '../../connector/odoo/reader.ts';
import { link, links, number } from '../../mapping/records.ts';
import { namesIn } from './names.ts';
import { MOST_NAMED, readingOf, type State } from './state.ts';

/** What tells variants apart: values by attribute, with their names in all languages. */
export interface VariantValue {
  names: Record<string, string>;
  /** Attributes stand in this sequence in a variant's name. */
  rank: readonly [sequence: number, attribute: number, line: number];
}

/** Values of attributes that have several on their product: the others do not tell variants apart. */
export async function readValues(
  reader: OdooReader,
  state: State,
  domain: Domain,
  signal?: AbortSignal,
): Promise<void> {
  const model = 'product.template.attribute.value';
  if ((await reader.fields(model)) === null) return;
  const fields = ['product_attribute_value_id', 'attribute_line_id'];
  const rows = await readAll(reader, { model, fields, domain, signal });
  if (rows.length === 0) return;
  const reading = readingOf(reader, signal);
  const lines = new Map(
    (
      await byIds(
        reading,
        'product.template.attribute.line',
        rows.map((row) => link(row, 'attribute_line_id')),
        ['sequence', 'attribute_id', 'value_ids'],
      )
    ).map((line) => [line.id, line]),
  );
  const ids = [...new Set(rows.flatMap((row) => link(row, 'product_attribute_value_id') ?? []))];
  const among: Domain = domain.length > 0 && ids.length <= MOST_NAMED ? [['id', 'in', ids]] : [];
  const names = await namesIn(reader, 'product.attribute.value', state.languages, among, signal);
  for (const row of rows) {
    const line = lines.get(link(row, 'attribute_line_id') ?? 0);
    const own = names.get(link(row, 'product_attribute_value_id') ?? 0);
    if (!line || !own || links(line, 'value_ids').length < 2) continue;
    const rank = [number(line, 'sequence'), link(line, 'attribute_id') ?? 0, line.id] as const;
    state.values.set(row.id, { names: own, rank });
  }
}

/** As Odoo shows them: `Desk (Steel, White)`, where values tell variants apart. */
export function variantNames(state: State, template: number, values: readonly number[]): Record<string, string> {
  const names = state.names.get(template) ?? {};
  const told = values
    .flatMap((id) => state.values.get(id) ?? [])
    .toSorted((a, b) => a.rank.map((part, at) => part - b.rank[at]!).find((difference) => difference !== 0) ?? 0);
  if (told.length === 0) return names;
  const [first = 'en_US'] = state.languages;
  const inLanguage = (all: Record<string, string>, language: string) => all[language] ?? all[first] ?? '';
  const result: Record<string, string> = {};
  for (const language of state.languages) {
    const own = told.map((value) => inLanguage(value.names, language)).filter(Boolean);
    const name = `${inLanguage(names, language)} (${own.join(', ')})`;
    if (language === first || name !== result[first]) result[language] = name;
  }
  return result;
}
