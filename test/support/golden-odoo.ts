// An OdooReader over the records captured from a real Odoo 17, held in memory.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldInfo, OdooReader } from '../../src/connector/odoo/reader.ts';
import type { GoldenField, GoldenSet } from './golden.ts';
import { rowsReader, type Values } from './odoo-rows.ts';

/** @param folder of the Odoo 17 data (goldenFolder) */
export function goldenOdoo(folder: string, set: GoldenSet): (pageSize?: number) => OdooReader {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, set, file), 'utf8'));
  const captured: Record<string, Record<string, GoldenField>> = read('fields.json');
  const models = new Map<string, Map<string, FieldInfo>>();
  const rows: Record<string, Values[]> = {};
  for (const file of readdirSync(join(folder, set, 'records'))) {
    const model = file.replace(/\.json$/, '');
    const info = captured[model];
    if (!info) continue;
    const records: Values[] = read(join('records', file));
    const names = Object.keys(info).filter((name) => name !== 'id' && (!records[0] || name in records[0]));
    models.set(
      model,
      new Map(
        names.map((name) => {
          const { type, relation, relation_field: relationField } = info[name]!;
          return [name, { type, relation, relationField, stored: true }];
        }),
      ),
    );
    rows[model] = records.map((record) =>
      Object.fromEntries(['id', ...names].filter((name) => name in record).map((name) => [name, record[name]])),
    );
  }
  const admin = rows['res.users']!.find((user) => user.login === 'admin')!;
  const user = {
    id: Number(admin.id),
    login: 'admin',
    tz: String(admin.tz),
    lang: String(admin.lang),
    companyId: (admin.company_id as [number])[0],
    companyIds: (admin.company_ids as number[]).toSorted((a, b) => a - b),
  };
  return (pageSize) => rowsReader(rows, { models, major: 17, user, pageSize });
}
