// Sales orders of mail orders in Odoo, many at a time: asked for under a key that is stored before, looked up before asking again,
// confirmed, and read back for the answer. Each order of a call that Odoo refuses is tried alone.
import { readMadeOrders } from './made-orders.ts';
import { confirmAll, createSales } from './sale-create.ts';
import type { SaleJob, SaleResult, SaleSurroundings } from './sale-job.ts';
import { askedBefore } from './sale-keys.ts';
import { takeOver } from './takeover.ts';

/** @throws PlanbridgeError when Odoo cannot be reached; all of them are then to be tried again */
export async function makeSales(
  jobs: readonly SaleJob[],
  surroundings: SaleSurroundings,
): Promise<Map<number, SaleResult>> {
  const { desk, confirm } = surroundings;
  const results = new Map<number, SaleResult>();
  const { writer } = await desk.connect();
  const ids = await askedBefore(jobs, surroundings, writer, results);
  await takeOver(
    jobs.filter(({ effect }) => !ids.has(effect) && !results.has(effect)),
    ids,
    results,
    surroundings,
    writer,
  );
  const fresh = jobs.filter(({ effect }) => !ids.has(effect) && !results.has(effect));
  if (fresh.length > 0) await createSales(fresh, ids, surroundings, writer, results);
  const states = await confirmAll([...ids.values()], confirm, writer);
  for (const [effect, id] of ids) {
    const refused = states.get(id);
    if (refused !== undefined) results.set(effect, { kind: 'refused', reason: refused });
  }
  const orders = await readMadeOrders(
    [...ids].filter(([effect]) => !results.has(effect)).map(([, id]) => id),
    desk,
    writer,
  );
  for (const [effect, id] of ids) {
    const order = orders.get(id);
    if (results.has(effect)) continue;
    results.set(
      effect,
      order ? { kind: 'made', order } : { kind: 'refused', reason: 'the sales order is gone from Odoo' },
    );
  }
  return results;
}
