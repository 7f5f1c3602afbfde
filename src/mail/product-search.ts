// What a person who corrects a line may mean by what he types: products that are for sale, the likeliest first, with the units that
// they can be counted in. Pure.
import type { Catalogue, CatalogueProduct } from './catalogue.ts';
import { foldCode, foldName } from './text/fold.ts';

export type SearchedCatalogue = Pick<Catalogue, 'products' | 'units' | 'unitRows'>;

/** @returns at most `limit` products; all of them fit when nothing is typed */
export function findProducts(catalogue: SearchedCatalogue, typed: string, limit: number): CatalogueProduct[] {
  const wanted = { code: foldCode(typed), words: foldName(typed).split(' ').filter(Boolean) };
  const found: { product: CatalogueProduct; rank: number; name: string }[] = [];
  for (const product of catalogue.products()) {
    if (!product.active || !product.saleOk) continue;
    const rank = rankOf(product, wanted);
    if (rank !== null) found.push({ product, rank, name: product.default_code ?? nameOf(product) });
  }
  found.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.product.id - b.product.id));
  return found.slice(0, limit).map(({ product }) => product);
}

/** The smaller the better; null = it does not fit. */
function rankOf(
  { id, default_code, barcode, name }: CatalogueProduct,
  { code, words }: { code: string; words: readonly string[] },
): number | null {
  if (code === '') return 9;
  const own = foldCode(default_code ?? '');
  if (own === code) return 0;
  if ((barcode !== null && foldCode(barcode) === code) || String(id) === code) return 1;
  if (own.startsWith(code)) return 2;
  // `Pump housing PH-120`, in any order.
  const texts = Object.values(name).map((text) => `${foldName(text)} ${own}`);
  if (texts.some((text) => text.startsWith(words.join(' ')))) return 3;
  if (texts.some((text) => words.every((word) => ` ${text}`.includes(` ${word}`)))) return 4;
  if (texts.some((text) => words.every((word) => text.includes(word)))) return 5;
  return null;
}

function nameOf({ name }: CatalogueProduct): string {
  return Object.values(name)[0] ?? '';
}

/** Units that measure the same as the product's own, which stands first. */
export function unitsFor({ uom }: CatalogueProduct, { units, unitRows }: SearchedCatalogue): string[] {
  const kind = units.ofName(uom)?.kind;
  const rows = unitRows?.rows ?? [];
  const names = rows.filter(({ active }) => active !== false).map(({ name }) => String(name));
  const fitting = kind === undefined ? [] : names.filter((name) => units.ofName(name)?.kind === kind);
  return [...new Set([uom, ...fitting.sort()])];
}
