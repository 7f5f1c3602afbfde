// Orders that an earlier try of the same conversation has left in Odoo: taken over where they say the same, else withdrawn first.
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import type { Store } from '../../store/database.ts';
import { isPassing } from './desk.ts';
import { type LeftOrder, leftOrders } from './left.ts';
import type { SaleJob, SaleResult, SaleSurroundings } from './sale-job.ts';

/**
 * Orders that stand in Odoo from a try of the same conversation that was given up, for example because Odoo did not confirm them:
 * the same lines are not ordered again, drafts with other lines are cancelled first.
 */
export async function takeOver(
  jobs: readonly SaleJob[],
  ids: Map<number, number>,
  results: Map<number, SaleResult>,
  { store, desk }: SaleSurroundings,
  writer: OdooWriter,
): Promise<void> {
  const left = await leftOrders(jobs, store, desk, writer);
  for (const job of jobs) {
    const own = left.filter(({ conversation }) => conversation === job.conversation);
    const same = own.find((order) => order.says(job.lines));
    if (same) {
      await store.query('update planbridge.mail_record set effect_id = $2, res_id = $3 where token = $1', [
        same.token,
        job.effect,
        same.id,
      ]);
      ids.set(job.effect, same.id);
      continue;
    }
    for (const order of own) {
      const reason = await withdraw(order, store, writer);
      if (reason !== null) results.set(job.effect, { kind: 'refused', reason });
    }
  }
}

/** @returns why it has to stay */
async function withdraw(
  { id, name, state, token }: LeftOrder,
  store: Store,
  writer: OdooWriter,
): Promise<string | null> {
  if (state !== 'draft') {
    return `${name} was made for this mail before, with other lines, and is no draft any more: cancel it in Odoo, or close the conversation`;
  }
  try {
    await writer.act('sale.order', 'action_cancel', [id]);
  } catch (error) {
    if (isPassing(error)) throw error;
    return `${name} was made for this mail before, with other lines, and Odoo does not cancel it: ${(error as Error).message}`;
  }
  await store.query('delete from planbridge.mail_record where token = $1', [token]);
  return null;
}
