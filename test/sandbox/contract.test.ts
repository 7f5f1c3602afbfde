// The same calls against the sandbox and, with ODOO_TEST_URL set, against a real Odoo: answers and errors have the same shape.
// ODOO_TEST_WRITE=1 also runs the scenarios that make orders, on a sandbox filled from the real Odoo and on the real Odoo.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox, type RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { PLAIN_ODOO } from '../../src/sandbox/schema/plain.ts';
import { ORDERED, randomDomains } from './random-domains.ts';
import { type Client, capture, connect, Fault, REAL } from './real-odoo.ts';
import { findPlace, SCENARIOS } from './scenarios.ts';

interface Call {
  name: string;
  run: (client: Client) => Promise<unknown>;
  expected: unknown;
}

/** Name, message and arguments of the error that a call ends with. */
async function fault(run: Promise<unknown>): Promise<unknown> {
  try {
    return { answered: await run };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, data } = error.error;
    return { code, message, name: data.name, text: data.message, arguments: data.arguments };
  }
}

/** Sums of money are exact in a database and binary here. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) => (typeof one === 'number' ? Number(one.toFixed(6)) : one)),
  );
}

function odooError(name: string, text: unknown): unknown {
  return { code: 200, message: 'Odoo Server Error', name, text, arguments: [text] };
}

const CALLS: readonly Call[] = [
  {
    name: 'version',
    run: async (client) => Object.keys((await client.rpc('common', 'version', [])) as object).sort(),
    expected: ['protocol_version', 'server_serie', 'server_version', 'server_version_info'],
  },
  {
    name: 'wrong password at authenticate',
    run: (client) => client.rpc('common', 'authenticate', [client.database, client.login, 'wrong', {}]),
    expected: false,
  },
  {
    name: 'unknown login',
    run: (client) => client.rpc('common', 'login', [client.database, 'nobody-here', 'x']),
    expected: false,
  },
  {
    name: 'wrong password at a call',
    run: (client) =>
      fault(client.rpc('object', 'execute_kw', [client.database, 2, 'wrong', 'res.partner', 'search', [[]]])),
    expected: odooError('odoo.exceptions.AccessDenied', 'Access Denied'),
  },
  {
    name: 'unknown database',
    run: async (client) =>
      ((await fault(client.rpc('common', 'authenticate', ['no_such_db', 'admin', 'admin', {}]))) as { name: string })
        .name,
    expected: 'psycopg2.OperationalError',
  },
  {
    name: 'unknown service',
    run: (client) => fault(client.rpc('nothing', 'version', [])),
    expected: odooError('builtins.KeyError', 'nothing'),
  },
  {
    name: 'unknown method of common',
    run: (client) => fault(client.rpc('common', 'nothing', [])),
    expected: odooError('builtins.Exception', 'Method not found: nothing'),
  },
  {
    name: 'unknown model',
    run: (client) => fault(client.call('no.such.model', 'search', [[]])),
    expected: odooError('odoo.exceptions.UserError', "Object no.such.model doesn't exist"),
  },
  {
    name: 'unknown method',
    run: (client) => fault(client.call('res.partner', 'no_such_method', [[]])),
    expected: odooError(
      'builtins.AttributeError',
      "The method 'no_such_method' does not exist on the model 'res.partner'",
    ),
  },
  {
    name: 'private method',
    run: (client) => fault(client.call('res.partner', '_search', [[]])),
    expected: odooError('odoo.exceptions.AccessError', 'Private methods (such as _search) cannot be called remotely.'),
  },
  {
    name: 'unknown field in read',
    run: (client) => fault(client.call('res.partner', 'read', [[1], ['no_such']])),
    expected: odooError('builtins.ValueError', "Invalid field 'no_such' on model 'res.partner'"),
  },
  {
    name: 'unknown field in a domain',
    run: (client) => fault(client.call('res.partner', 'search', [[['no_such', '=', 1]]])),
    expected: odooError('builtins.ValueError', "Invalid field res.partner.no_such in leaf ('no_such', '=', 1)"),
  },
  {
    name: 'unknown operator',
    run: (client) => fault(client.call('res.partner', 'search', [[['name', 'near', 1]]])),
    expected: odooError('builtins.ValueError', "Invalid leaf ('name', 'near', 1)"),
  },
  {
    name: 'operator without operand',
    run: (client) => fault(client.call('res.partner', 'search', [['&', ['name', '=', 'x']]])),
    expected: odooError('builtins.ValueError', "Domain ['&', ['name', '=', 'x']] is syntactically not correct."),
  },
  {
    name: 'missing record in read',
    run: (client) => client.call('res.partner', 'read', [[99_999_999], ['name']]),
    expected: [],
  },
  {
    name: 'missing record in write',
    run: async (client) =>
      ((await fault(client.call('res.partner', 'write', [[99_999_999], { name: 'x' }]))) as { name: string }).name,
    expected: 'odoo.exceptions.MissingError',
  },
  {
    name: 'unknown field in write',
    run: (client) => fault(client.call('res.partner', 'write', [[1], { no_such: 1 }])),
    expected: odooError('builtins.ValueError', "Invalid field 'no_such' on model 'res.partner'"),
  },
  {
    name: 'unknown field in create',
    run: (client) => fault(client.call('res.partner', 'create', [{ no_such: 1 }])),
    expected: odooError('builtins.ValueError', "Invalid field 'no_such' on model 'res.partner'"),
  },
  {
    name: 'create without a mandatory field',
    run: async (client) =>
      ((await fault(client.call('sale.order', 'create', [{}]))) as { text: string }).text.split('\n').slice(-3),
    expected: ['Model: Sales Order (sale.order)', 'Field: Customer (partner_id)', ''],
  },
  {
    name: 'a time that is none',
    run: async (client) =>
      (
        (await fault(
          client.call('sale.order', 'create', [{ partner_id: 1, commitment_date: '2027-01-01T08:00:00' }]),
        )) as { text: string }
      ).text,
    expected: "time data '2027-01-01T08:00:00' does not match format '%Y-%m-%d %H:%M:%S'",
  },
  {
    name: 'companies that are not the user’s',
    run: (client) => fault(client.call('sale.order', 'search', [[]], { context: { allowed_company_ids: [99_999] } })),
    expected: odooError('odoo.exceptions.AccessError', 'Access to unauthorized or invalid companies.'),
  },
  {
    name: 'many2one as pair, and as id with load',
    run: async (client) => {
      const read = async (load?: string): Promise<unknown> =>
        (
          (await client.call('sale.order', 'search_read', [[]], {
            fields: ['partner_id'],
            limit: 1,
            ...(load === undefined ? {} : { load }),
          })) as { partner_id: unknown }[]
        )[0]?.partner_id;
      const pair = (await read()) as [number, string];
      return [typeof pair[0], typeof pair[1], (await read('')) === pair[0]];
    },
    expected: ['number', 'string', true],
  },
  {
    name: 'fields_get of some attributes',
    run: async (client) =>
      (await client.call('uom.uom', 'fields_get', [['category_id']], {
        attributes: ['type', 'relation', 'store', 'required'],
      })) as object,
    expected: { category_id: { type: 'many2one', relation: 'uom.category', store: true, required: true } },
  },
  {
    name: 'name_search of products finds codes',
    run: async (client) => {
      const [first] = (await client.call('product.product', 'search_read', [[['default_code', '!=', false]]], {
        fields: ['default_code', 'display_name'],
        order: 'id',
        limit: 1,
      })) as { id: number; default_code: string; display_name: string }[];
      const found = (await client.call('product.product', 'name_search', [], {
        name: first!.default_code,
        limit: 20,
      })) as [number, string][];
      return found.some(([id, name]) => id === first!.id && name === first!.display_name);
    },
    expected: true,
  },
  {
    name: 'read_group, lazy and not',
    run: async (client) => {
      const group = async (lazy: boolean): Promise<string[]> => {
        const groups = (await client.call(
          'sale.order.line',
          'read_group',
          [[], ['product_uom_qty:sum'], ['state', 'order_id']],
          { lazy },
        )) as object[];
        return Object.keys(groups[0] ?? {}).sort();
      };
      return [await group(true), await group(false)];
    },
    expected: [
      ['__context', '__domain', 'product_uom_qty', 'state', 'state_count'],
      ['__count', '__domain', 'order_id', 'product_uom_qty', 'state'],
    ],
  },
  {
    name: 'create of one and of many, then unlink',
    run: async (client) => {
      const one = await client.call('res.partner.category', 'create', [{ name: 'contract one' }]);
      const many = (await client.call('res.partner.category', 'create', [
        [{ name: 'contract two' }, { name: 'contract three' }],
      ])) as number[];
      const gone = await client.call('res.partner.category', 'unlink', [[one, ...many]]);
      return [
        typeof one,
        many.length,
        gone,
        await client.call('res.partner.category', 'search_count', [[['name', 'like', 'contract ']]]),
      ];
    },
    expected: ['number', 2, true, 0],
  },
  { name: 'database exists', run: (client) => client.rpc('db', 'db_exist', [client.database]), expected: true },
];

describe('the sandbox', () => {
  let running: RunningSandbox;
  let client: Client;
  beforeAll(async () => {
    const now = new Date('2026-11-20T10:00:00Z');
    running = await createSandbox({ data: demoCompany(now), now: () => now }).listen(0);
    client = await connect({ url: running.url, database: 'sandbox', login: 'admin', password: 'admin' });
  });
  afterAll(() => running.close());

  for (const { name, run, expected } of CALLS) {
    it(name, async () => {
      expect(await run(client)).toEqual(expected);
    });
  }
});

describe.skipIf(!REAL)('a real Odoo (skipped without ODOO_TEST_URL)', () => {
  let client: Client;
  beforeAll(async () => {
    client = await connect(REAL!);
  });

  for (const { name, run, expected } of CALLS) {
    it(name, async () => {
      expect(await run(client)).toEqual(expected);
    });
  }
});

describe.skipIf(!REAL)('a sandbox filled from the real Odoo (skipped without ODOO_TEST_URL)', () => {
  let real: Client;
  let twin: Client;
  let running: RunningSandbox;
  let data: Awaited<ReturnType<typeof capture>>;
  beforeAll(async () => {
    real = await connect(REAL!);
    const models = PLAIN_ODOO.flatMap((table) => Object.keys(table)).filter((model) => model !== 'ir.module.module');
    data = await capture(real, models);
    running = await createSandbox({ data, database: REAL!.database }).listen(0);
    twin = await connect({ ...REAL!, url: running.url, password: REAL!.login });
  }, 120_000);
  afterAll(() => running?.close());

  it('finds the same records for domains of every kind', async () => {
    const different: unknown[] = [];
    for (const { model, domain, context } of randomDomains(data, 250, 17)) {
      const find = async (client: Client): Promise<unknown> => {
        try {
          return await client.call(model, 'search', [domain], { order: 'id', context });
        } catch (error) {
          return error instanceof Fault ? 'error' : Promise.reject(error);
        }
      };
      const [a, b] = await Promise.all([find(real), find(twin)]);
      if (JSON.stringify(a) !== JSON.stringify(b)) different.push({ model, domain, context, real: a, sandbox: b });
    }
    expect(different).toEqual([]);
  }, 120_000);

  it('sorts as Odoo does', async () => {
    for (const [model, order] of ORDERED) {
      const [a, b] = await Promise.all(
        [real, twin].map((client) => client.call(model, 'search', [[]], order ? { order } : {})),
      );
      expect({ model, order, ids: b }).toEqual({ model, order, ids: a });
    }
  }, 60_000);

  it('groups as Odoo does', async () => {
    for (const [model, fields, groupBy, more] of [
      ['sale.order', ['amount_total:sum', 'partner_id:count_distinct'], ['state'], {}],
      [
        'sale.order.line',
        ['product_uom_qty:sum', 'price_unit:max', 'price_unit:min'],
        ['order_id', 'state'],
        { lazy: false },
      ],
      ['stock.move', ['product_qty:sum'], ['product_id', 'state'], { lazy: false }],
      ['stock.move', ['product_qty'], ['date:month'], { context: { tz: 'Europe/Brussels' } }],
      ['purchase.order', ['amount_total:avg'], ['partner_id'], { limit: 3 }],
      ['purchase.order', ['amount_total'], ['date_order:week'], {}],
    ] as const) {
      const [a, b] = await Promise.all(
        [real, twin].map((client) => client.call(model, 'read_group', [[], fields, groupBy], more)),
      );
      expect({ model, groupBy, groups: rounded(b) }).toEqual({ model, groupBy, groups: rounded(a) });
    }
  });

  for (const [name, run] of Object.entries(SCENARIOS)) {
    it.skipIf(!process.env.ODOO_TEST_WRITE)(
      `does as Odoo does with ${name} (skipped without ODOO_TEST_WRITE)`,
      async () => {
        const place = await findPlace(real);
        expect(await findPlace(twin)).toEqual(place);
        const [a, b] = [await run(real, place), await run(twin, place)];
        expect(b).toEqual(a);
      },
      60_000,
    );
  }
});
