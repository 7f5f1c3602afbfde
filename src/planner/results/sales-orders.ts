// Sales orders in Odoo by the names that demands of the plan have: their delivery dates, and the days of margin of their company.
// Reads only.
import { readIfThere } from '../../connector/import-prepare.ts';
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { promisedLines } from '../../mapping/posted.ts';
import { promisedInstant } from '../../mapping/promise-commands.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';
import { parseStamp, type Zone } from '../../mapping/time.ts';
import type { SalesOrder } from './promises.ts';

/** @param names of demands; those that are no lines of sales orders are not among the answer */
export async function readSalesOrders(
  connection: OdooWriter,
  names: readonly string[],
  clock: Zone,
): Promise<Map<string, SalesOrder>> {
  const writer = connection.within(connection.user.companyIds);
  const candidates = new Map(names.map((name) => [name, promisedLines(name)]));
  const lines = await read(
    'sale.order.line',
    [...candidates.values()].flat().map(({ line }) => line),
    ['order_id'],
  );
  const ids = [...lines.values()].map((row) => link(row, 'order_id') ?? 0);
  const orders = await read('sale.order', ids, ['name', 'commitment_date', 'company_id']);
  const companies = await read(
    'res.company',
    [...orders.values()].map((row) => link(row, 'company_id') ?? 0),
    ['name', 'security_lead'],
  );
  const found = new Map<string, SalesOrder>();
  for (const [name, list] of candidates) {
    for (const { line, order } of list) {
      const row = orders.get(link(lines.get(line), 'order_id') ?? 0);
      if (!row || text(row, 'name') !== order) continue;
      found.set(name, salesOrder(row, companies.get(link(row, 'company_id') ?? 0), clock));
      break;
    }
  }
  return found;

  async function read(
    model: string,
    list: readonly number[],
    fields: readonly string[],
  ): Promise<Map<number, OdooRow>> {
    const wanted = [...new Set(list)].filter((id) => id > 0);
    if (wanted.length === 0) return new Map();
    const rows = (await readIfThere(writer, { model, domain: [['id', 'in', wanted]], fields })) ?? [];
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function salesOrder(row: OdooRow, company: OdooRow | undefined, clock: Zone): SalesOrder {
  const at = parseStamp(row.commitment_date);
  return {
    id: row.id,
    name: text(row, 'name'),
    date: at === undefined ? null : clock.toWall(at),
    margin: number(company, 'security_lead'),
    promise: (leaves) => clock.toWall(promisedInstant(clock.toInstant(leaves), company)),
  };
}
