// Which product a line means: internal reference, barcode, Odoo's id, the customer's own code, then the full name.
// A name that fits several is never guessed, and no character is repaired.
import type { Catalogue, CatalogueProduct } from '../catalogue.ts';
import { foldCode, foldName, hasDirectionOverride, plain } from '../text/fold.ts';
import type { WrittenLine } from './lines.ts';

export type ProductProblem = 'missing' | 'unknown' | 'archived' | 'not-for-sale' | 'ambiguous' | 'conflict';

export type ReadProduct =
  | { product: CatalogueProduct; problem?: undefined }
  | { product?: CatalogueProduct; problem: ProductProblem };

type Found = { products: readonly CatalogueProduct[]; rest: string } | undefined;

/** One of several with the same code: those that can be ordered win. */
function choose(products: readonly CatalogueProduct[]): ReadProduct {
  const active = products.filter((product) => product.active);
  const sold = active.filter((product) => product.saleOk);
  const best = sold.length ? sold : active.length ? active : products;
  if (best.length > 1) return { problem: 'ambiguous' };
  const [product] = best;
  if (!product) return { problem: 'unknown' };
  if (!product.active) return { product, problem: 'archived' };
  return product.saleOk ? { product } : { product, problem: 'not-for-sale' };
}

/** Products that a whole text names by a code. */
export function byCode(
  text: string,
  catalogue: Catalogue,
  company: number | undefined,
  ids = true,
): readonly CatalogueProduct[] {
  const references = catalogue.byReference(text);
  if (references.length) return references;
  const barcodes = catalogue.byBarcode(text);
  if (barcodes.length) return barcodes;
  const digits = plain(text);
  const product = ids && /^\d{1,9}$/.test(digits) ? catalogue.product(Number(digits)) : undefined;
  if (product) return [product];
  return company === undefined ? [] : catalogue.byCustomerCode(text, company);
}

/** A code inside a text, with what stands around it. Plain numbers inside a text are no ids. */
function codeInside(text: string, catalogue: Catalogue, company: number | undefined): Found | 'several' {
  const tokens = plain(text).split(' ');
  const hits: Array<{ products: readonly CatalogueProduct[]; rest: string; words: number }> = [];
  for (let count = Math.min(catalogue.codeWords, tokens.length); count > 0 && hits.length === 0; count--) {
    for (let at = 0; at + count <= tokens.length; at++) {
      const whole = tokens.slice(at, at + count).join(' ');
      for (const candidate of new Set([whole, whole.replace(/^[[("'#]+/, '').replace(/[\])"':;,.]+$/, '')])) {
        const products = candidate ? byCode(candidate, catalogue, company, false) : [];
        if (products.length === 0) continue;
        const rest = [...tokens.slice(0, at), ...tokens.slice(at + count)].join(' ');
        hits.push({ products, rest, words: count });
        break;
      }
    }
  }
  const [first, ...others] = hits;
  if (others.some((other) => other.products[0] !== first!.products[0])) return 'several';
  return first;
}

function bare(text: string): string {
  return text.replaceAll(/^[\s\-:;,.()[\]"'/|]+|[\s\-:;,.([\]"'/|]+$/g, '').trim();
}

function byFullName(text: string, catalogue: Catalogue): readonly CatalogueProduct[] {
  for (const candidate of [text, bare(text), bare(text).replace(/\)$/, ''), bare(text).replace(/\s*\([^()]*\)$/, '')]) {
    const products = candidate ? catalogue.byName(candidate) : [];
    if (products.length) return products;
  }
  return [];
}

function byName(text: string, catalogue: Catalogue): ReadProduct {
  const named = byFullName(text, catalogue);
  if (named.length) return choose(named);
  return catalogue.byPartOfName(bare(text)).length > 1 ? { problem: 'ambiguous' } : { problem: 'unknown' };
}

/** The description names another product in full. */
function contradicts(product: CatalogueProduct, description: string | undefined, catalogue: Catalogue): boolean {
  if (!description) return false;
  const named = byFullName(description, catalogue);
  return named.length > 0 && !named.some((other) => other.id === product.id || sameName(other, product));
}

function sameName(a: CatalogueProduct, b: CatalogueProduct): boolean {
  const names = new Set(Object.values(a.name).map(foldName));
  return Object.values(b.name).some((name) => names.has(foldName(name)));
}

function checked(read: ReadProduct, descriptions: readonly (string | undefined)[], catalogue: Catalogue): ReadProduct {
  const { product } = read;
  if (!product || read.problem) return read;
  return descriptions.some((text) => contradicts(product, text, catalogue)) ? { product, problem: 'conflict' } : read;
}

/** @param company the company that the sender orders for, when it is known: its own codes count. */
export function readProduct(line: WrittenLine, catalogue: Catalogue, company: number | undefined): ReadProduct {
  const code = line.code?.trim();
  const product = line.product?.trim();
  const description = line.description?.trim();
  if ([code, product, line.buyerCode].some((text) => text && hasDirectionOverride(text))) return { problem: 'unknown' };
  if (code) return readCode(code, line, catalogue, company);
  if (line.buyerCode && company !== undefined) {
    const own = catalogue.byCustomerCode(line.buyerCode, company);
    if (own.length) return checked(choose(own), [product, description], catalogue);
  }
  if (product) return readText(product, description, catalogue, company);
  if (description) return readText(description, undefined, catalogue, company);
  return { problem: line.buyerCode ? 'unknown' : 'missing' };
}

function readCode(code: string, line: WrittenLine, catalogue: Catalogue, company: number | undefined): ReadProduct {
  const around = [line.product, line.description];
  if (line.codeIsId) {
    const id = /^#?(\d{1,9})(?![\p{L}\p{N}])(.*)$/u.exec(plain(code));
    const product = id ? catalogue.product(Number(id[1])) : undefined;
    if (product) return checked(choose([product]), [...around, id![2]], catalogue);
  }
  const whole = byCode(code, catalogue, company);
  if (whole.length) return checked(choose(whole), around, catalogue);
  const inside = codeInside(code, catalogue, company);
  if (inside === 'several') return { problem: 'ambiguous' };
  if (inside) return checked(choose(inside.products), [...around, inside.rest], catalogue);
  // A name where a code should stand is a name still; a code that nobody knows stays unknown whatever is said beside it.
  return byName(code, catalogue);
}

function readText(
  text: string,
  description: string | undefined,
  catalogue: Catalogue,
  company: number | undefined,
): ReadProduct {
  const whole = byCode(text, catalogue, company);
  if (whole.length) return checked(choose(whole), [description], catalogue);
  const named = byFullName(text, catalogue);
  if (named.length) return choose(named);
  const inside = codeInside(text, catalogue, company);
  if (inside === 'several') return { problem: 'ambiguous' };
  if (inside) return checked(choose(inside.products), [description, inside.rest], catalogue);
  const id = /^(?:id|product id|#)\s*[:#]?\s*(\d{1,9})$/i.exec(foldCode(text));
  const product = id ? catalogue.product(Number(id[1])) : undefined;
  if (product) return choose([product]);
  return byName(text, catalogue);
}
