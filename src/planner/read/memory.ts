// What a read remembers for the next one, so that it can tell which sales order lines to read again. Kept compressed.
import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Reading } from '../../connector/export/reads.ts';
import type { MappingContext } from '../../mapping/context.ts';
import { createReport } from '../../mapping/report.ts';
import type { MappingRules } from '../../mapping/rules.ts';
import type { Asked } from './open.ts';

/** To be raised when the mapping of sales order lines, or what is kept here, changes: the next read is then a full one. */
const REVISION = 1;

const ids = z.array(z.number());
const signatures = z.array(z.tuple([z.number(), z.string()]));

const memorySchema = z.object({
  /** Odoo's clock at the latest change that was surely seen. */
  stamp: z.string(),
  /** Lines that were there, as differences. */
  known: ids,
  /** Lines that can change without a sign: their deliveries are open, or something is still to be delivered. Likewise. */
  unsettled: ids,
  notes: z.array(
    z.object({
      kind: z.enum(['skipped', 'noticed']),
      entity: z.string(),
      reason: z.string(),
      lines: z.array(z.tuple([z.number(), z.array(z.string())])),
    }),
  ),
  products: signatures,
  partners: signatures,
  warehouses: signatures,
});

export type ReadMemory = z.output<typeof memorySchema>;

export function pack(memory: ReadMemory): Buffer {
  const small = { ...memory, known: differences(memory.known), unsettled: differences(memory.unsettled) };
  return gzipSync(JSON.stringify(small), { level: 1 });
}

/** null when there is none, or it cannot be read: then everything is read. */
export function unpack(bytes: Buffer | null): ReadMemory | null {
  if (bytes === null) return null;
  try {
    const { known, unsettled, ...rest } = memorySchema.parse(JSON.parse(gunzipSync(bytes).toString('utf8')));
    return { ...rest, known: sums(known), unsettled: sums(unsettled) };
  } catch {
    return null;
  }
}

function differences(sorted: readonly number[]): number[] {
  return sorted.map((value, position) => value - (position === 0 ? 0 : sorted[position - 1]!));
}

function sums(steps: readonly number[]): number[] {
  let sum = 0;
  return steps.map((step) => {
    sum += step;
    return sum;
  });
}

/**
 * Everything beside the records that what is made of a line depends on. Another basis means that all are read again: the mapping
 * sheet was edited, a company added, a unit changed, the program renewed.
 */
export function basisOf(reading: Reading, context: MappingContext, asked: Asked): string {
  const { server, user } = reading.reader;
  const all = {
    revision: REVISION,
    rules: rulesText(reading.rules),
    asked,
    server: [server.version, server.database],
    user: [user.id, user.companyId],
    zone: context.zone.name,
    language: context.language,
    companies: context.companies,
    shelfLife: context.shelfLife,
    units: context.rows('uom.uom'),
  };
  return hash('sha256', JSON.stringify(all));
}

function rulesText(rules: MappingRules): string {
  return JSON.stringify(rules, (_, value: unknown) =>
    value instanceof Map ? [...value] : value instanceof Set ? [...value] : value,
  );
}

export interface Signatures {
  products: Map<number, string>;
  partners: Map<number, string>;
  warehouses: Map<number, string>;
}

/** What the mapping of a line takes from its product, its customer and its warehouse. */
export function signaturesOf(context: MappingContext): Signatures {
  const short = (text: string) => hash('md5', text).slice(0, 12);
  const { report } = context;
  // Kits are looked through here for their parts only; what they leave out was said before.
  context.report = createReport();
  try {
    const products = new Map<number, string>();
    const named = (id: number) => {
      const item = context.items.of(id);
      return item ? `${item.name}\n${item.uom}` : context.items.reasonWithout(id);
    };
    for (const { id } of context.rows('product.product')) {
      const parts = context.kits.isKit(id) ? context.kits.explode(id, 1) : [];
      const inside = parts.map(({ product, quantity }) => `${product} ${quantity} ${named(product)}`);
      products.set(id, short([named(id), context.kits.isKit(id), ...inside].join('\n')));
    }
    const partners = new Map<number, string>();
    for (const { id } of context.rows('res.partner')) partners.set(id, short(context.partners.key(id) ?? ''));
    const warehouses = new Map<number, string>();
    for (const { id } of context.rows('stock.warehouse')) {
      warehouses.set(id, short(context.locations.ofWarehouse(id) ?? ''));
    }
    return { products, partners, warehouses };
  } finally {
    context.report = report;
  }
}

/** Ids that are new, gone, or have another signature. */
export function changedSince(
  before: readonly (readonly [number, string])[],
  now: ReadonlyMap<number, string>,
): number[] {
  const old = new Map(before);
  const changed = [...now].filter(([id, signature]) => old.get(id) !== signature).map(([id]) => id);
  for (const id of old.keys()) if (!now.has(id)) changed.push(id);
  return changed.sort((a, b) => a - b);
}
