// What is on its way already: drafts that somebody has made, and orders that are late (connector.md 5.2).

import { describe, expect, test } from 'vitest';
import { flowsOf, said } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { component, production, purchase, receipt } from '../support/small-orders.ts';

describe('C16: drafts', () => {
  test.each(['draft', 'sent', 'to approve'])('a request for quotation (%s) is expected', async (state) => {
    const odoo = smallOdoo();
    purchase(odoo, odoo.product('LEG'), 7, { state });
    expect((await odoo.export()).orders).toMatchObject([{ reference: 'P1 - 1', quantity: 7, status: 'confirmed' }]);
  });

  test('a draft manufacturing order is expected, with its components', async () => {
    const odoo = smallOdoo();
    const order = production(odoo, odoo.product('TABLE'), 2, { state: 'draft' });
    component(odoo, order, odoo.product('LEG'), 8, { state: 'draft' });
    const [made] = (await odoo.export()).orders;
    expect(made).toMatchObject({ reference: 'MO1', quantity: 2, status: 'approved' });
    expect(flowsOf(made?.operation)).toMatchObject({ LEG: -4 });
  });

  test.each(['frePPLe', 'frePPLe - urgent', 'planbridge 4711'])(
    'made by the plan (%s) are left to the next',
    async (origin) => {
      const odoo = smallOdoo();
      purchase(odoo, odoo.product('LEG'), 7, { state: 'draft', origin });
      production(odoo, odoo.product('TABLE'), 2, { state: 'draft', origin });
      const plan = await odoo.export();
      expect(plan.orders).toEqual([]);
      const why = 'a draft made from the plan: the next plan decides about it again';
      expect(said(plan, 'purchaseorder')).toEqual([`${why}: P1 - 1`]);
      expect(said(plan, 'manufacturingorder')).toEqual([`${why}: MO1`]);
    },
  );

  describe('for a kit', () => {
    function kit() {
      const odoo = smallOdoo();
      const [set, leg] = [odoo.product('SET'), odoo.product('LEG')];
      odoo.bomLine(odoo.bom(set, { type: 'phantom' }), leg, 4);
      return { odoo, set, leg };
    }

    test('are received as its components once they are ordered', async () => {
      const { odoo, set, leg } = kit();
      receipt(odoo, leg, 8, purchase(odoo, set, 2).line);
      expect((await odoo.export()).orders).toMatchObject([{ item: 'LEG', quantity: 8 }]);
    });

    test('are expected as its components before', async () => {
      const { odoo, set } = kit();
      purchase(odoo, set, 2, { state: 'draft' });
      expect((await odoo.export()).orders).toMatchObject([{ item: 'LEG', quantity: 8 }]);
    });
  });

  test('made by the plan and then confirmed are orders like any other', async () => {
    const odoo = smallOdoo();
    purchase(odoo, odoo.product('LEG'), 7, { origin: 'frePPLe' });
    production(odoo, odoo.product('TABLE'), 2, { origin: 'frePPLe' });
    expect((await odoo.export()).orders).toMatchObject([{ ordertype: 'PO', status: 'confirmed' }, { ordertype: 'MO' }]);
  });
});

describe('C19: supply that is late', () => {
  test('is noticed: a receipt that should have come, an order that should have begun', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    const { line } = purchase(odoo, leg, 7);
    receipt(odoo, leg, 7, line, { date: '2026-11-02 08:00:00' });
    production(odoo, odoo.product('TABLE'), 2, { date_start: '2026-11-03 08:00:00' });
    production(odoo, odoo.product('DESK'), 2);
    const plan = await odoo.export();
    expect(said(plan, 'purchaseorder')).toEqual(['should have arrived already: P1 - 1 - 1']);
    expect(said(plan, 'manufacturingorder')).toEqual(['should have started already: MO1']);
    expect(plan.report.map((entry) => entry.kind)).toEqual(['noticed', 'noticed']);
  });
});
