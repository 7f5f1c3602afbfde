// An Odoo without what only some have: fields of apps that are not installed, models that are not there.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { OdooWriter } from '../../src/connector/odoo/writer.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { goldenFolder } from '../support/golden.ts';
import { seedDataDirectory } from '../support/shared.ts';
import { importPlan, placeOf } from './import-plan.ts';
import { mixedOrders } from './plans.ts';
import { planOf } from './wire.ts';

const golden = goldenFolder();
const FIELDS = ['property_account_position_id', 'property_purchase_currency_id', 'owner', 'propagate_cancel'];
const MODELS = ['mrp.workorder.secondary.workcenter', 'planbridge.workorder.secondary'];

/** @param named whether Odoo says which field it is */
function lacking(writer: OdooWriter, named: boolean): OdooWriter {
  return {
    ...writer,
    within: (companies) => lacking(writer.within(companies), named),
    read: async (lookup) => {
      const field = lookup.fields.find((name) => FIELDS.includes(name));
      const what = MODELS.includes(lookup.model) ? `Object ${lookup.model} doesn't exist` : undefined;
      const message = what ?? (named ? `Invalid field '${field}' on model '${lookup.model}'` : 'a mistake');
      if (what || field) throw new PlanbridgeError('PB_ODOO_FAULT', 502, message);
      return await writer.read(lookup);
    },
  };
}

it.skipIf(golden === null).each([true, false])('takes the plan all the same (named: %s)', async (named) => {
  const directory = await mkdtemp(join(tmpdir(), 'planbridge-lacking-'));
  await seedDataDirectory(join(directory, 'store'));
  const sandbox = createSandbox({ data: join(golden!, 'ref17'), now: () => new Date('2026-11-21T02:33:40Z') });
  const odoo = await sandbox.listen(0);
  try {
    const file = join(directory, 'plan.xml');
    await writeFile(file, planOf(mixedOrders(20)));
    const { records } = await importPlan(odoo.url, placeOf(join(directory, 'store')), file, {
      writer: (writer) => lacking(writer, named),
    });
    expect(records.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 20 }, () => 'created'));
  } finally {
    await odoo.close();
    await rm(directory, { recursive: true, force: true });
  }
});
