// From a posted plan to commands: which company, whose name, which records of Odoo are needed, read in two rounds. Writes nothing.
import { PlanbridgeError } from '../errors.ts';
import type { Commands } from '../mapping/commands.ts';
import { planCommands } from '../mapping/plan-commands.ts';
import type { PostedOrder, PostedRecord } from '../mapping/posted.ts';
import type { OdooRow } from '../mapping/records.ts';
import { flag, links, text } from '../mapping/records.ts';
import { zone } from '../mapping/time.ts';
import { firstLookups, type Lookup, secondLookups, type WriteContext, writeContext } from '../mapping/write-context.ts';
import { checkInterfaceUser, INTERFACE_USER } from './company-settings.ts';
import type { OdooWriter } from './odoo/writer.ts';

export interface ImportRequest {
  /** As sent; null = not given, the full export of old clients. */
  mode: number | null;
  /** Exact name; null = the user's own company. */
  company: string | null;
  /** Login of the planner in whose name orders are made (mode 2). */
  actualUser: string | null;
}

export interface ImportSettings {
  /** Zone of the document; null = the connector user's. */
  timezone: string | null;
  /** Write promised delivery dates to sales orders. */
  promises: boolean;
  /** Logins that may be named as the acting planner; empty = every internal user of the company. */
  planners: ReadonlySet<string>;
}

export interface PreparedImport {
  /** 1 = replaces the drafts of the plan before, 2 = single orders, 3 = a further page. */
  mode: number;
  company: { id: number; name: string };
  context: WriteContext;
  commands: Commands;
  warnings: string[];
  /** Works in the company of the import. */
  writer: OdooWriter;
}

/** @throws PlanbridgeError PB_ODOO_COMPANY, PB_REQUEST_ARGUMENT, PB_ODOO_… */
export async function prepareImport(
  request: ImportRequest,
  posted: readonly PostedRecord[],
  settings: ImportSettings,
  connection: OdooWriter,
): Promise<PreparedImport> {
  const mode = request.mode ?? 1;
  const company = await findCompany(connection, request.company);
  const { user } = connection;
  const companies = [company.id, ...user.companyIds.filter((id) => id !== company.id)];
  const writer = connection.within(companies);
  const warnings: string[] = [];
  const responsible = await actingUser(writer, request, mode, settings, company.id, warnings);
  const orders: PostedOrder[] = [];
  for (const record of posted) if (record.ok) orders.push(record.order);

  const records = new Map<string, OdooRow[]>();
  await readAll(writer, firstLookups(orders, writer.major), records);
  await readAll(writer, secondLookups(records, writer.major), records);
  const context = writeContext(
    {
      major: writer.major,
      company: company.id,
      companies,
      responsible,
      zone: zone(settings.timezone ?? user.tz ?? 'UTC'),
      mergePurchases: mode === 2,
      promises: settings.promises,
    },
    records,
  );
  const commands = planCommands(context, orders);
  for (const record of posted) if (!record.ok) commands.refusals.push(record.refusal);
  return { mode, company, context, commands, warnings, writer };
}

async function readAll(writer: OdooWriter, lookups: readonly Lookup[], records: Map<string, OdooRow[]>): Promise<void> {
  const read = await Promise.all(lookups.map((lookup) => readIfThere(writer, lookup)));
  for (const [index, lookup] of lookups.entries()) {
    const rows = read[index];
    if (rows) records.set(lookup.model, [...(records.get(lookup.model) ?? []), ...rows]);
  }
}

/** Sub-contracting, manufacturing and the like may not be installed: null; their orders are refused one by one. */
export async function readIfThere(writer: OdooWriter, lookup: Lookup): Promise<OdooRow[] | null> {
  try {
    return await writer.read(lookup);
  } catch (error) {
    if (!(error instanceof PlanbridgeError) || error.code !== 'PB_ODOO_FAULT') throw error;
    return await readWithout(writer, lookup, error);
  }
}

/** Fields that only some Odoo have. */
const OPTIONAL = new Set([
  ...['owner', 'manu_type_id', 'propagate_cancel', 'security_lead', INTERFACE_USER],
  ...['property_supplier_payment_term_id', 'property_purchase_currency_id', 'property_account_position_id'],
]);

async function readWithout(writer: OdooWriter, lookup: Lookup, error: PlanbridgeError): Promise<OdooRow[] | null> {
  const optional = lookup.fields.filter((field) => OPTIONAL.has(field));
  if (optional.length > 0) {
    // The one that Odoo names, else all of them.
    const named = optional.filter((field) => error.message.includes(`'${field}'`));
    const without = new Set(named.length > 0 ? named : optional);
    return await readIfThere(writer, { ...lookup, fields: lookup.fields.filter((field) => !without.has(field)) });
  }
  if (/^(mrp|planbridge)\./.test(lookup.model)) return null;
  throw error;
}

async function findCompany(writer: OdooWriter, name: string | null): Promise<{ id: number; name: string }> {
  const { user } = writer;
  const domain = name === null ? [['id', '=', user.companyId] as const] : [['name', '=', name] as const];
  const rows = (await readIfThere(writer, { model: 'res.company', domain, fields: ['name', INTERFACE_USER] })) ?? [];
  const found = rows.find((row) => user.companyIds.includes(row.id));
  if (found) checkInterfaceUser(found, user);
  if (found) return { id: found.id, name: text(found, 'name') };
  throw new PlanbridgeError(
    'PB_ODOO_COMPANY',
    404,
    `Invalid company name argument: this user has no company "${name ?? user.companyId}".`,
    {
      remedy: 'Give the company’s exact name, and allow it to the connector user in Odoo.',
    },
  );
}

async function actingUser(
  writer: OdooWriter,
  { actualUser }: ImportRequest,
  mode: number,
  { planners }: ImportSettings,
  company: number,
  warnings: string[],
): Promise<number> {
  if (mode !== 2 || actualUser === null || actualUser === writer.user.login) return writer.user.id;
  const refuse = (reason: string) => {
    warnings.push(`${reason}; the orders are made in the name of ${writer.user.login}`);
    return writer.user.id;
  };
  if (planners.size > 0 && !planners.has(actualUser))
    return refuse(`"${actualUser}" is not one of the planners (PLANNERS)`);
  const fields = ['login', 'active', 'share', 'company_ids'];
  const [user] = await writer.read({ model: 'res.users', domain: [['login', '=', actualUser]], fields });
  if (!user || user.active === false) return refuse(`Odoo has no user "${actualUser}"`);
  if (flag(user, 'share') || !links(user, 'company_ids').includes(company))
    return refuse(`"${actualUser}" does not work in this company`);
  return user.id;
}
