// The rows of an Odoo database as a data set of the sandbox, so that the external API can be measured on large data.

import { type OdooRow, readAll } from '../src/connector/odoo/reader.ts';
import { openSql } from '../src/connector/odoo/sql.ts';
import { MASTER_READS } from '../src/mapping/reads.ts';
import type { DataSet } from '../src/sandbox/store/load.ts';

/** Models beside the master data that an export reads. */
const OTHERS = [
  'res.users',
  'res.groups',
  'res.currency',
  'sale.order',
  'sale.order.line',
  'stock.move',
  'stock.picking',
  'stock.quant',
  'purchase.order',
  'purchase.order.line',
  'mrp.production',
  'mrp.workorder',
  'mrp.workcenter.productivity',
  'procurement.group',
];

/** Stored fields of every model that an export reads. */
export async function sqlDataSet(url: string): Promise<DataSet> {
  const reader = await openSql({ url, login: 'admin' });
  const records: Record<string, OdooRow[]> = {};
  const described: Record<string, Record<string, object>> = {};
  try {
    for (const model of [...MASTER_READS.map((read) => read.model), ...OTHERS]) {
      const fields = await reader.fields(model);
      if (fields === null) continue;
      const wanted = [...fields].filter(
        ([name, info]) => info.stored && !['binary', 'html', 'one2many'].includes(info.type) && name !== 'id',
      );
      described[model] = Object.fromEntries(
        [...fields].map(([name, info]) => [
          name,
          {
            type: info.type,
            store: info.stored,
            relation: info.relation,
            relation_field: info.relationField,
            string: name,
          },
        ]),
      );
      records[model] = await readAll(reader, { model, fields: wanted.map(([name]) => name) });
    }
    return { records, fields: described, serverVersion: `${reader.server.major}.0` };
  } finally {
    await reader.close();
  }
}
