// What a decision needs of others, asked before its transaction: stock as Odoo has it now, and the days that can be promised.
import type { Store } from '../../store/database.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Desk } from '../orders/desk.ts';
import { FRESH_MS } from '../orders/known.ts';
import type { Promises } from '../orders/promise.ts';
import type { ReadingLine } from '../reading.ts';
import { inProductUnit } from './availability.ts';
import { heldAt } from './holds.ts';
import { type PromiseOf, withStock } from './lines.ts';
import type { ShortLine } from './model.ts';

export interface Facts {
  /** With stock as it was at `readAt`. */
  catalogue: Catalogue;
  readAt: Date;
  promise: PromiseOf;
}

export interface FactsSurroundings {
  store: Store;
  desk: Desk;
  promises: Promises;
  now: () => number;
}

export async function gatherFacts(
  { store, desk, promises, now }: FactsSurroundings,
  given: {
    catalogue: Catalogue;
    lines: readonly ReadingLine[];
    /** Whose open questions may be answered: as a partner, and as an address. */
    customerKeys: readonly string[];
    conversation: number | null;
    today: string;
    signal: AbortSignal;
  },
): Promise<Facts> {
  const { catalogue, today, signal } = given;
  const open =
    given.customerKeys.length === 0 && given.conversation === null
      ? []
      : await store.query<{ short: ShortLine[] }>(
          `select short from planbridge.mail_conversation where (customer_key = any($1) or id = $2) and jsonb_array_length(short) > 0`,
          [given.customerKeys, given.conversation],
        );
  const short = open.flatMap((row) => row.short);
  const ids = new Set([...given.lines.flatMap(({ product }) => product ?? []), ...short.map(({ product }) => product)]);
  const stocked = [...ids].filter((id) => (catalogue.product(id)?.free ?? null) !== null);
  const { free, readAt } = await freeNow(stocked, { catalogue, desk, now });
  const asked = new Map<string, { product: number; quantity: number; day: string | null }>();
  const ask = (product: number, quantity: number, day: string | null) =>
    asked.set(`${product} ${day ?? ''}`, { product, quantity, day });
  const held = await heldAt(store.query, stocked, new Date(readAt));
  const wantedOf = (line: ReadingLine) => {
    const product = line.product === null ? undefined : catalogue.product(line.product);
    return (product && inProductUnit(line, product.uom, catalogue.units)) ?? 0;
  };
  for (const line of given.lines) {
    const product = line.product === null ? undefined : catalogue.product(line.product);
    if (!product || product.free === null) continue;
    const all = given.lines
      .filter((other) => other.product === line.product)
      .reduce((sum, other) => sum + wantedOf(other), 0);
    // Others may take some until it is decided.
    const plenty = (free.get(product.id) ?? 0) - (held.get(product.id) ?? 0) >= 2 * all;
    if (!plenty) ask(product.id, wantedOf(line), line.deliveryDate ?? null);
  }
  for (const { product, wanted, day } of short) ask(product, wanted, day);
  const lines = [...asked.values()];
  const days = lines.length > 0 ? await promises(lines, { catalogue, today, signal }) : [];
  const known = new Map(lines.map(({ product, day }, index) => [`${product} ${day ?? ''}`, days[index] ?? null]));
  return {
    catalogue: withStock(catalogue, free),
    readAt: new Date(readAt),
    promise: (product, day) =>
      known.get(`${product} ${day ?? ''}`) ?? [...known].find(([key]) => key.startsWith(`${product} `))?.[1] ?? null,
  };
}

/**
 * Stock may be moments old: what mail orders take meanwhile is counted beside it. Where the catalogue was read a moment ago, from the
 * same warehouse, Odoo is not asked again.
 */
async function freeNow(
  products: readonly number[],
  { catalogue, desk, now }: Pick<FactsSurroundings, 'desk' | 'now'> & { catalogue: Catalogue },
): Promise<{ free: Map<number, number>; readAt: number }> {
  if (products.length === 0) return { free: new Map(), readAt: now() };
  const { read } = catalogue;
  if (read !== null && now() - read.at <= FRESH_MS && read.warehouse === ((await desk.warehouse())?.id ?? null)) {
    return { free: new Map(products.map((id) => [id, catalogue.product(id)?.free ?? 0])), readAt: read.at };
  }
  const rows = await desk.products(products, FRESH_MS);
  return {
    free: new Map([...rows].map(([id, row]) => [id, row.free])),
    readAt: Math.min(now(), ...[...rows.values()].map((row) => row.readAt)),
  };
}
