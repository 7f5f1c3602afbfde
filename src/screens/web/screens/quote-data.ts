// Quotes as the server has them, and as the form has them.
import type { Said } from '../kit/language.ts';

export interface ChainLink {
  level: number;
  type: string;
  item: string;
  location: string;
  operation: string | null;
  supplier: string | null;
  origin: string | null;
  quantity: number;
  start: number | null;
  end: number | null;
  resources: string[];
}

export interface LinePromise {
  item: string;
  location: string;
  quantity: number;
  wanted: number | null;
  deliveries: { date: number; quantity: number }[];
  promised: number | null;
  short: number;
  late: number;
  chain: ChainLink[];
  reasons: Said[];
}

export interface QuoteData {
  id: number;
  state: 'inquiry' | 'held' | 'confirmed' | 'ordered' | 'cancelled' | 'expired';
  customer: string;
  note: string;
  promises: LinePromise[];
  until: string | null;
  salesOrder: string;
  who: string;
  askedAt: string;
}

export interface LineDraft {
  key: number;
  item: string;
  location: string;
  quantity: string;
  date: string;
  minimumShipment: string;
  maximumLatenessDays: string;
}

export function freshLine(key: number, location = ''): LineDraft {
  return { key, item: '', location, quantity: '1', date: '', minimumShipment: '', maximumLatenessDays: '' };
}

/** What is sent; fields that are empty are left out. */
export function lineBody(line: LineDraft): object {
  const number = (text: string) => (text.trim() === '' ? null : Number(text));
  return {
    item: line.item.trim(),
    location: line.location || null,
    quantity: Number(line.quantity),
    date: line.date || null,
    minimumShipment: number(line.minimumShipment),
    maximumLatenessDays: number(line.maximumLatenessDays),
  };
}

/** Seconds on the plan's clock. */
export const stamp = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 16);

/** With a key each: a list may hold the same twice, and its order never changes. */
export function keyed<T>(list: readonly T[]): { key: string; one: T }[] {
  return list.map((one, place) => ({ key: String(place), one }));
}
