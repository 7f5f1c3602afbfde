// A real Odoo for the contract tests: ODOO_TEST_URL, ODOO_TEST_DATABASE, ODOO_TEST_LOGIN, ODOO_TEST_PASSWORD. Without a URL they skip.

import type { DataSet } from '../../src/sandbox/store/load.ts';

export interface Client {
  readonly database: string;
  readonly login: string;
  /** Answers or throws a Fault. */
  rpc(service: string, method: string, args: readonly unknown[]): Promise<unknown>;
  call(model: string, method: string, args?: readonly unknown[], named?: Record<string, unknown>): Promise<unknown>;
}

/** Odoo's error object, as a client sees it. */
export class Fault extends Error {
  readonly error: {
    code: number;
    message: string;
    data: { name: string; message: string; arguments: unknown[]; debug: string };
  };

  constructor(error: Fault['error']) {
    super(error.data.message);
    this.error = error;
  }
}

export const REAL = process.env.ODOO_TEST_URL
  ? {
      url: process.env.ODOO_TEST_URL,
      database: process.env.ODOO_TEST_DATABASE ?? 'odoo',
      login: process.env.ODOO_TEST_LOGIN ?? 'admin',
      password: process.env.ODOO_TEST_PASSWORD ?? 'admin',
    }
  : null;

export async function connect(options: {
  url: string;
  database: string;
  login: string;
  password: string;
}): Promise<Client> {
  const rpc = async (service: string, method: string, args: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(`${options.url}/jsonrpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } }),
    });
    const answer = (await response.json()) as { result?: unknown; error?: Fault['error'] };
    if (answer.error) throw new Fault(answer.error);
    return answer.result;
  };
  const { database, login, password } = options;
  const uid = await rpc('common', 'authenticate', [database, login, password, {}]);
  return {
    database,
    login,
    rpc,
    call: (model, method, args = [], named = {}) =>
      rpc('object', 'execute_kw', [database, uid, password, model, method, args, named]),
  };
}

const READABLE = new Set([
  'boolean',
  'integer',
  'float',
  'monetary',
  'char',
  'text',
  'date',
  'datetime',
  'selection',
  'many2one',
  'one2many',
  'many2many',
  'many2one_reference',
]);
/** Fields that fail when they are read for many records at once, or that mean nothing elsewhere. */
const LEFT_OUT =
  /^(message_|activity_|my_activity|website_|access_|image_|avatar_|rating_|account_|analytic_|json_popover|property_account)/;

/** Everything that a user of a real Odoo can read of these models, as a data set for a sandbox. */
export async function capture(client: Client, models: readonly string[]): Promise<DataSet> {
  const records: Record<string, Record<string, unknown>[]> = {};
  const fields: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const model of models) {
    const attributes = [
      'type',
      'string',
      'store',
      'required',
      'readonly',
      'relation',
      'relation_field',
      'related',
      'selection',
      'company_dependent',
    ];
    const described = (await client.call(model, 'fields_get', [], { attributes })) as Record<
      string,
      Record<string, unknown>
    >;
    fields[model] = Object.fromEntries(
      Object.entries(described).filter(([name, info]) => READABLE.has(String(info.type)) && !LEFT_OUT.test(name)),
    );
    const names = Object.entries(fields[model])
      .filter(([, info]) => info.store)
      .map(([name]) => name);
    records[model] = (await client.call(model, 'search_read', [[]], {
      fields: [...names, 'display_name'],
      order: 'id',
      context: { active_test: false },
    })) as Record<string, unknown>[];
  }
  const version = (await client.rpc('common', 'version', [])) as { server_version: string };
  return { records, fields, serverVersion: version.server_version };
}
