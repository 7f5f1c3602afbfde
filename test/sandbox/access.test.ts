// Who may sign in, and which records each user sees.

import { describe, expect, it } from 'vitest';
import { OdooFault } from '../../src/sandbox/faults.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { connect } from './real-odoo.ts';
import { smallCompany } from './small-company.ts';

function sandbox(): Sandbox {
  return createSandbox({ data: smallCompany() });
}

function names(of: Sandbox, login: string, model: string, companies?: readonly number[]): unknown {
  const rows = of.call(login, model, 'search_read', [[]], {
    fields: ['name'],
    order: 'id',
    context: companies ? { allowed_company_ids: companies } : {},
  }) as { name: string }[];
  return rows.map((row) => row.name);
}

function faultOf(run: () => unknown): string {
  try {
    return `answered ${JSON.stringify(run())}`;
  } catch (error) {
    return error instanceof OdooFault ? error.exception : String(error);
  }
}

describe('signing in', () => {
  it('takes the login as password, or the one that was set', async () => {
    const running = await createSandbox({ data: smallCompany(), passwords: { bert: 'geheim' } }).listen(0);
    try {
      const client = await connect({ url: running.url, database: 'sandbox', login: 'anna', password: 'anna' });
      const sign = (login: string, password: string): Promise<unknown> =>
        client.rpc('common', 'authenticate', ['sandbox', login, password, {}]);
      expect(await sign('anna', 'anna')).toBe(2);
      expect(await sign('bert', 'geheim')).toBe(3);
      expect(await sign('bert', 'bert')).toBe(false);
      expect(await sign('anna', '')).toBe(false);
      expect(await sign('gone', 'gone')).toBe(false);
    } finally {
      await running.close();
    }
  });
});

describe('companies', () => {
  it('shows records of the user’s companies and of none', () => {
    const of = sandbox();
    expect(names(of, 'anna', 'stock.warehouse')).toEqual(['Eins', 'Zwei']);
    expect(names(of, 'bert', 'stock.warehouse')).toEqual(['Eins']);
    expect(names(of, 'bert', 'stock.location')).toEqual(['WH', 'Stock', 'Customers', 'Shelf']);
    expect(names(of, 'cleo', 'stock.location')).toEqual(['Customers']);
  });

  it('shows those of the companies in the context only', () => {
    const of = sandbox();
    expect(names(of, 'anna', 'stock.warehouse', [2])).toEqual(['Zwei']);
    expect(names(of, 'anna', 'stock.warehouse', [1, 2, 3])).toEqual(['Eins', 'Zwei']);
  });

  it('shows products and partners of a parent company', () => {
    const of = sandbox();
    expect(names(of, 'bert', 'product.template')).toEqual(['Ventil']);
    expect(names(of, 'cleo', 'product.template')).toEqual(['Ventil', 'Pumpe']);
    expect(names(of, 'cleo', 'product.product')).toEqual(['Ventil', 'Pumpe']);
    expect(names(of, 'bert', 'res.partner')).toEqual(['Anna', 'Kunde']);
    expect(names(of, 'cleo', 'res.partner')).toEqual(['Anna', 'Kunde', 'Lieferant']);
  });

  it('refuses companies that are not the user’s, and reading or writing what is hidden', () => {
    const of = sandbox();
    expect(faultOf(() => names(of, 'bert', 'res.partner', [1, 2]))).toBe('odoo.exceptions.AccessError');
    expect(faultOf(() => of.call('bert', 'sale.order', 'read', [[5], ['name']]))).toBe('odoo.exceptions.AccessError');
    expect(faultOf(() => of.call('bert', 'sale.order', 'write', [[5], { client_order_ref: 'x' }]))).toBe(
      'odoo.exceptions.AccessError',
    );
    expect(faultOf(() => of.call('bert', 'res.partner', 'create', [{ name: 'x', company_id: 2 }]))).toBe(
      'odoo.exceptions.AccessError',
    );
    expect(of.changes()).toEqual([]);
  });

  it('counts and finds by path within the rules', () => {
    const of = sandbox();
    expect(of.call('bert', 'sale.order', 'search_count', [[]])).toBe(0);
    expect(of.call('anna', 'sale.order', 'search', [[['warehouse_id.name', '=', 'Zwei']]])).toEqual([5]);
    expect(
      of.call('anna', 'sale.order', 'search', [[['warehouse_id.name', '=', 'Zwei']]], {
        context: { allowed_company_ids: [1] },
      }),
    ).toEqual([]);
  });

  it('gives the cost of the current company', () => {
    const of = sandbox();
    const cost = (companies: readonly number[]): unknown =>
      of.call('anna', 'product.product', 'read', [[1], ['standard_price']], {
        context: { allowed_company_ids: companies },
      });
    expect([cost([1]), cost([2]), cost([2, 1]), cost([3])]).toEqual([
      [{ id: 1, standard_price: 2.5 }],
      [{ id: 1, standard_price: 3.5 }],
      [{ id: 1, standard_price: 3.5 }],
      [{ id: 1, standard_price: 0 }],
    ]);
    of.call('anna', 'product.product', 'write', [[1], { standard_price: 9 }], {
      context: { allowed_company_ids: [3] },
    });
    expect([cost([1]), cost([3])]).toEqual([[{ id: 1, standard_price: 2.5 }], [{ id: 1, standard_price: 9 }]]);
  });
});

describe('portal users', () => {
  it.each(['sale.order', 'product.product', 'stock.move', 'mrp.production', 'purchase.order'])(
    'may not read %s',
    (model) => {
      const of = sandbox();
      expect(faultOf(() => of.call('paul', model, 'search', [[]]))).toBe('odoo.exceptions.AccessError');
      expect(faultOf(() => of.call('paul', model, 'fields_get'))).toBe('odoo.exceptions.AccessError');
      expect(of.call('paul', model, 'check_access_rights', ['read'], { raise_exception: false })).toBe(false);
    },
  );

  it('may read themselves, and write nothing', () => {
    const of = sandbox();
    expect(of.call('paul', 'res.users', 'context_get')).toMatchObject({ uid: 5 });
    expect(of.call('paul', 'res.users', 'read', [[5], ['login']])).toEqual([{ id: 5, login: 'paul' }]);
    expect(faultOf(() => of.call('paul', 'res.partner', 'write', [[11], { name: 'x' }]))).toBe(
      'odoo.exceptions.AccessError',
    );
  });
});

describe('languages', () => {
  it('translates names, and finds by the translated one', () => {
    const of = sandbox();
    const french = { context: { lang: 'fr_FR' } };
    expect(of.call('anna', 'product.product', 'read', [[1], ['name', 'display_name']], french)).toEqual([
      { id: 1, name: 'Vanne', display_name: '[V-1] Vanne' },
    ]);
    expect(of.call('anna', 'product.product', 'search', [[['name', '=', 'Vanne']]], french)).toEqual([1]);
    expect(of.call('anna', 'product.product', 'search', [[['name', '=', 'Vanne']]])).toEqual([]);
  });
});
