// The API of promised dates: what the plan promises for chosen demands, into their sales orders in Odoo, or what that would change.
import { z } from 'zod';
import { messageOf } from '../../connector/import-answer.ts';
import type { ImportCaller } from '../../connector/import-service.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { Api } from '../../http/api.ts';
import { zone } from '../../mapping/time.ts';
import type { PlannerSurroundings } from '../open.ts';
import { planFor, writingFor } from './caller.ts';
import { documentOf, noteExport } from './export.ts';
import { LeftOut, PromiseOutcome, promisedOrders, promiseOutcomes, promiseRows, type SalesOrder } from './promises.ts';
import { readSalesOrders } from './sales-orders.ts';

const Ask = z.strictObject({
  demands: z.array(z.string().min(1).max(500)).min(1).max(1_000),
  dryRun: z.boolean().default(false),
});
const Answer = z.object({
  message: z.string(),
  written: z.boolean().describe('false for a dry run'),
  allowed: z.boolean().describe('whether WRITE_PROMISED_DATES lets dates be written'),
  marginDays: z.number().describe('days that goods leave before the date that is promised, as Odoo has them'),
  orders: z.array(PromiseOutcome),
  leftOut: z.array(LeftOut),
  warnings: z.array(z.string()),
});

const OFF = 'Promised dates are not written to Odoo here.';

export function addPromiseRoutes(api: Api, surroundings: PlannerSurroundings): void {
  const { store, imports, config, now } = surroundings;
  const allowed = config.imports.promises;

  api.route(
    {
      method: 'post',
      path: '/api/plan/promises',
      tag: 'Plan',
      summary:
        'Writes the delivery dates that the plan promises to the sales orders of chosen demands; an order is promised as a whole',
      role: 'planner',
      body: Ask,
      answer: Answer,
    },
    async ({ user, body: { demands, dryRun } }): Promise<z.infer<typeof Answer>> => {
      if (!allowed && !dryRun) {
        throw new PlanbridgeError('PB_PLAN_REFUSED', 409, OFF, {
          remedy: 'An administrator allows it with WRITE_PROMISED_DATES=yes; nothing was changed.',
        });
      }
      const plan = await planFor(surroundings, user);
      const { caller, request } = await writingFor(surroundings, user);
      const names = [...new Set(demands)];
      const rows = await promiseRows(store.query, plan, names);
      const known = await salesOrders(
        caller,
        rows.map(({ name }) => name),
      );
      const { orders, leftOut } = promisedOrders(rows, names, known);
      const marginDays = Math.max(0, ...orders.map(({ order }) => order.margin));
      const shown = { allowed, marginDays, leftOut };
      if (orders.length === 0) return { message: 'No orders', written: false, orders: [], warnings: [], ...shown };
      const made = await documentOf(orders.flatMap(({ lines }) => lines.map(({ element }) => element!)));
      if (dryRun) {
        // What it would be is shown where it may not be written, too.
        const asked = { request, posted: made.posted, settings: { promises: true } };
        const { result, message } = await imports.preview(caller, asked);
        const text = message.replace(/^Orders:/, 'Would be:');
        const list = promiseOutcomes(orders, result.records);
        return { message: text, written: false, orders: list, warnings: result.warnings, ...shown };
      }
      const plans = { ...made, request, source: 'plan' as const, client: 'planbridge', repeats: null };
      const { id, result } = await imports.run(caller, plans);
      await noteExport(store.query, plan.id, id, result, user.login, now());
      const list = promiseOutcomes(orders, result.records);
      return { message: messageOf(result), written: true, orders: list, warnings: result.warnings, ...shown };
    },
  );

  async function salesOrders(caller: ImportCaller, names: readonly string[]): Promise<Map<string, SalesOrder>> {
    const writer = await imports.openWriter(caller);
    try {
      const clock = zone(surroundings.rules().options.timezone ?? writer.user.tz ?? 'UTC');
      return await readSalesOrders(writer, names, clock);
    } finally {
      await writer.close();
    }
  }
}
