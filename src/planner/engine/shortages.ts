// Shortages that confirmed supply ends within the autofence are left alone: they are covered while the plan is made.
import { INFINITE_PAST } from '../model.ts';
import type { Buffer, Network } from './network.ts';
import { EPSILON } from './profile.ts';

/** Covers temporary shortages; the function returned takes the cover away again. */
export function maskShortages(net: Network): () => void {
  const { autofence } = net.options;
  const covers: { b: Buffer; from: number; to: number; quantity: number }[] = [];
  if (autofence <= 0) return () => {};
  for (const b of net.buffers.values()) {
    if (b.infinite || !b.producing) continue;
    let cursor = INFINITE_PAST;
    for (;;) {
      const date = b.stock.nextBelow(cursor, -EPSILON, cursor > INFINITE_PAST);
      if (date === Infinity) break;
      const quantity = -b.stock.at(date);
      const until = Math.max(date, net.current) + autofence;
      const ends = b.stock.nextAbove(date, -quantity + EPSILON, true);
      if (ends <= until) {
        change(b, date, quantity);
        change(b, ends, -quantity);
        covers.push({ b, from: date, to: ends, quantity });
      }
      cursor = date;
    }
  }
  return () => {
    for (const { b, from, to, quantity } of covers) {
      for (const p of b.net === b.stock ? [b.stock] : [b.stock, b.net]) {
        p.remove(from, quantity);
        p.remove(to, -quantity);
      }
    }
  };
}

function change(b: Buffer, date: number, quantity: number): void {
  b.stock.insert(date, quantity);
  if (b.net !== b.stock) b.net.insert(date, quantity);
}
