// Makes sales orders in Odoo, many in one call, and confirms them. What Odoo refuses is tried alone, so that one bad order stops no other.
import { randomInt } from 'node:crypto';
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { Values } from '../../mapping/commands.ts';
import { text } from '../../mapping/records.ts';
import { type SaleWish, saleOrderValues } from '../../mapping/sale-commands.ts';
import { isPassing } from './desk.ts';
import { partnerNotes } from './partner-notes.ts';
import { resolvePartners } from './partners.ts';
import type { SaleJob, SaleResult, SaleSurroundings } from './sale-job.ts';
import { begin, keep } from './sale-keys.ts';

/** 14 letters and digits. */
function newToken(): string {
  return Array.from({ length: 14 }, () => randomInt(36).toString(36)).join('');
}

interface Asked {
  job: SaleJob;
  token: string;
  values: Values;
}

/** Orders that nobody has asked for before. @param ids of what was made, by effect */
export async function createSales(
  jobs: readonly SaleJob[],
  ids: Map<number, number>,
  surroundings: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<void> {
  const { desk, confirm, store, now } = surroundings;
  const context = await desk.saleContext(jobs.flatMap(({ lines }) => lines.map(({ product }) => product)));
  const warehouse = await desk.warehouse();
  const partners = await partnersOf(jobs, surroundings, writer, results);
  const asked: Asked[] = [];
  for (const job of jobs) {
    const partner = partners.get(job.effect);
    if (!partner) continue;
    const token = newToken();
    const wish: SaleWish = {
      token,
      ...partner,
      warehouse: warehouse?.id ?? null,
      reference: job.reference,
      lines: job.lines.map(({ product, quantity, uom, day }) => ({ product, quantity, unit: uom, day })),
      confirmed: confirm,
      today: job.today,
    };
    const outcome = saleOrderValues(context, wish);
    if (outcome.ok) asked.push({ job, token, values: outcome.values });
    else results.set(job.effect, { kind: 'refused', reason: outcome.reason });
  }
  if (asked.length === 0) return;
  await begin(store, asked, new Date(now()));
  await attempt(asked, ids, surroundings, writer, results);
}

async function partnersOf(
  jobs: readonly SaleJob[],
  surroundings: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<Map<number, { partner: number; shipping: number | null }>> {
  try {
    const partners = await resolvePartners(
      writer,
      jobs.map(({ customer }) => customer),
      partnerNotes(jobs[0]!, surroundings),
      await surroundings.desk.knownPartners(),
    );
    return new Map(jobs.map(({ effect }, index) => [effect, partners[index]!]));
  } catch (error) {
    if (isPassing(error)) throw error;
    const [only] = jobs;
    if (jobs.length === 1 && only) {
      results.set(only.effect, { kind: 'refused', reason: `the customer: ${(error as Error).message}` });
      return new Map();
    }
    // One customer that Odoo does not take is no matter of the others.
    const all = new Map<number, { partner: number; shipping: number | null }>();
    for (const job of jobs)
      for (const [effect, partner] of await partnersOf([job], surroundings, writer, results)) all.set(effect, partner);
    return all;
  }
}

async function attempt(
  asked: readonly Asked[],
  ids: Map<number, number>,
  surroundings: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<void> {
  const { store } = surroundings;
  try {
    const made = await writer.create(
      'sale.order',
      asked.map(({ values }) => values),
    );
    for (const [index, { job }] of asked.entries()) ids.set(job.effect, made[index]!);
    await keep(
      store,
      asked.map(({ token }, index) => ({ token, id: made[index]! })),
    );
  } catch (error) {
    if (isPassing(error) || !(error instanceof PlanbridgeError)) throw error;
    const [only] = asked;
    if (asked.length === 1 && only) {
      await store.query('delete from planbridge.mail_record where token = $1', [only.token]);
      results.set(only.job.effect, { kind: 'refused', reason: error.message });
      return;
    }
    for (const one of asked) await attempt([one], ids, surroundings, writer, results);
  }
}

/** Confirms what is not yet. @returns why Odoo does not want to, by id */
export async function confirmAll(
  ids: readonly number[],
  confirm: boolean,
  writer: OdooWriter,
): Promise<Map<number, string>> {
  const refused = new Map<number, string>();
  if (!confirm || ids.length === 0) return refused;
  try {
    await writer.act('sale.order', 'action_confirm', ids);
    return refused;
  } catch (error) {
    if (isPassing(error)) throw error;
    const rows = await writer.read({ model: 'sale.order', domain: [['id', 'in', ids]], fields: ['state'] });
    for (const row of rows) {
      if (!['draft', 'sent'].includes(text(row, 'state'))) continue;
      try {
        await writer.act('sale.order', 'action_confirm', [row.id]);
      } catch (single) {
        if (isPassing(single)) throw single;
        refused.set(row.id, `Odoo does not confirm the order it has made: ${(single as Error).message}`);
      }
    }
    return refused;
  }
}
