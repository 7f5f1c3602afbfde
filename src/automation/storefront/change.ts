// Changes of shop products as effects: each is recorded by itself, but they go to the shop as many at a time as one request takes.
import type { AutomationContext, Json } from '../automation.ts';
import { refused } from '../engines/http.ts';
import type { ProductChange, Storefront, StoreProduct } from './storefront.ts';

export interface StoreUpdate {
  product: StoreProduct;
  /** For people: `sort order -820`. */
  description: string;
  values: Omit<ProductChange, 'id'>;
}

const NAMES = ['visible', 'featured', 'sortOrder', 'totalSold', 'related'] as const;

/** Those that change something. Pure. */
export function differing(updates: readonly StoreUpdate[]): StoreUpdate[] {
  return updates.filter(({ product, values }) =>
    NAMES.some((name) => values[name] !== undefined && JSON.stringify(values[name]) !== JSON.stringify(product[name])),
  );
}

/** @returns how many were done (in a dry run: would be) */
export async function changeStore(context: AutomationContext, all: readonly StoreUpdate[]): Promise<number> {
  const { storefront, effect, progress, signal } = context;
  const updates = differing(all);
  let done = 0;
  for (let at = 0; at < updates.length; at += storefront.batch) {
    signal.throwIfAborted();
    const part = updates.slice(at, at + storefront.batch);
    const together = gather(storefront, part.length, signal);
    const outcomes = await Promise.all(
      part.map(async ({ product, description, values }) => {
        const change = { key: `product/${product.id}/${Object.keys(values).join('+')}`, once: 'run' as const };
        const before = Object.fromEntries(
          Object.keys(values).map((name) => [name, product[name as keyof StoreProduct]]),
        );
        const subject = product.skus[0] ? `${product.name} (${product.skus[0]})` : product.name;
        try {
          return await effect(
            { ...change, subject, description, before: before as Json, after: values as Json },
            async () => {
              const said = await together.change({ id: product.id, ...values });
              if (said !== null) throw refused('The shop', said, '');
              return true;
            },
          );
        } finally {
          together.settled(product.id);
        }
      }),
    );
    done += outcomes.filter(({ kind }) => kind === 'done' || kind === 'dry').length;
    progress(Math.min(1, (at + part.length) / updates.length), `${at + part.length} of ${updates.length} products`);
  }
  return done;
}

interface Gathering {
  change(change: ProductChange): Promise<string | null>;
  /** Nothing more will come of this product. */
  settled(id: number): void;
}

/** Waits until all have asked, or have turned out to need nothing, and asks the shop once for them. */
function gather(storefront: Storefront, expected: number, signal: AbortSignal): Gathering {
  const asked: { change: ProductChange; resolve(said: string | null): void; reject(error: unknown): void }[] = [];
  const quiet = new Set<number>();
  let sent = false;

  function sendWhenAll(): void {
    if (sent || asked.length === 0 || asked.length + quiet.size < expected) return;
    sent = true;
    storefront
      .update(
        asked.map(({ change }) => change),
        signal,
      )
      .then(
        (outcome) => {
          for (const { change, resolve } of asked) resolve(outcome.get(change.id) ?? null);
        },
        (error: unknown) => {
          for (const { reject } of asked) reject(error);
        },
      );
  }

  return {
    change: (change) =>
      new Promise((resolve, reject) => {
        asked.push({ change, resolve, reject });
        sendWhenAll();
      }),
    settled(id) {
      if (asked.some(({ change }) => change.id === id)) return;
      quiet.add(id);
      sendWhenAll();
    },
  };
}
