// Looks at each connection and right that an export needs, and says what to do about what is missing. Changes nothing.
import pg from 'pg';
import type { Config, OdooConfig } from '../config.ts';
import { describeError, PlanbridgeError } from '../errors.ts';
import type { MappingRules } from '../mapping/rules.ts';
import { createOdooAccess } from './access.ts';
import { modelsByApp } from './doctor-models.ts';
import { checkAgainstOdoo } from './mapping-check.ts';
import { connectOdoo } from './odoo/connect.ts';
import type { OdooIdentity } from './odoo/open.ts';
import type { OdooReader } from './odoo/reader.ts';
import { refuseOutsiders } from './run.ts';

export interface Finding {
  state: 'ok' | 'warning' | 'fault';
  /** What was looked at. */
  subject: string;
  /** What was found. */
  found: string;
  /** What to do, or empty. */
  remedy: string;
}

export type Examine = (finding: Finding) => void;

function fault(subject: string, error: unknown): Finding {
  if (!(error instanceof PlanbridgeError)) return { state: 'fault', subject, found: describeError(error), remedy: '' };
  return { state: 'fault', subject, found: `${error.message} (${error.code})`, remedy: error.remedy };
}

/** Hands out findings as they come; each check that others need ends the examination when it fails. */
export async function examineOdoo(
  config: Config,
  odoo: OdooConfig,
  identityFor: (bySql: boolean) => OdooIdentity,
  rules: MappingRules | null,
  report: Examine,
): Promise<void> {
  if (odoo.url !== null && !(await examineServer(odoo.url, report))) return;
  const access = createOdooAccess(odoo);
  let database: string;
  try {
    database = await access.chooseDatabase(null);
    report({ state: 'ok', subject: 'Database', found: database || "the server's own", remedy: '' });
  } catch (error) {
    return report(fault('Database', error));
  }
  const sqlUrl = odoo.sqlUrl(database);
  if (sqlUrl !== null && !(await examineSql(sqlUrl, report))) return;
  let reader: OdooReader;
  try {
    const identity = identityFor(sqlUrl !== null);
    if (odoo.url !== null && config.user.login !== null && config.user.password !== null) {
      await access.checkCredentials({ database, login: config.user.login, password: config.user.password });
    }
    reader = await access.open(database, identity);
  } catch (error) {
    return report(fault('Login', error));
  }
  try {
    const { user, server } = reader;
    const way = reader.kind === 'sql' ? 'read by SQL' : 'read through the API';
    const who = `${user.login}, ${user.companyIds.length} companies, zone ${user.tz ?? 'not set'}`;
    report({ state: 'ok', subject: 'Login', found: `${who}; Odoo ${server.version}, ${way}`, remedy: '' });
    if (user.tz === null) {
      const remedy = "Set the time zone in the user's preferences in Odoo, or in the mapping sheet.";
      report({ state: 'warning', subject: 'Time zone', found: 'the user has none; the plan is in UTC', remedy });
    }
    await refuseOutsiders(reader).catch((error: unknown) => report(fault('User', error)));
    if (config.interfaceUsers.size > 0 && !config.interfaceUsers.has(user.login)) {
      const found = `${user.login} is not among INTERFACE_USERS: the endpoint refuses him`;
      report({ state: 'warning', subject: 'User', found, remedy: 'Add the login there, if frePPLe is to use it.' });
    }
    await examineModels(reader, report);
    if (rules) await examineMapping(reader, rules, report);
  } finally {
    await reader.close();
  }
}

async function examineServer(url: string, report: Examine): Promise<boolean> {
  try {
    const { transport, version } = await connectOdoo(url);
    await transport.close();
    report({ state: 'ok', subject: 'Odoo', found: `${version.version} at ${url} (${transport.dialect})`, remedy: '' });
    if (url.startsWith('http:') && !/^http:\/\/(localhost|127\.|\[::1\])/.test(url)) {
      const remedy = 'Use https, unless the way to Odoo is a private network.';
      report({ state: 'warning', subject: 'Odoo', found: 'passwords travel unencrypted', remedy });
    }
    return true;
  } catch (error) {
    report(fault('Odoo', error));
    return false;
  }
}

const SUPERUSER =
  "SELECT rolsuper, has_table_privilege('res_users', 'UPDATE') AS writes FROM pg_roles WHERE rolname = current_user";

async function examineSql(url: string, report: Examine): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'planbridge',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ rolsuper: boolean; writes: boolean }>(SUPERUSER);
    const [role] = rows;
    if (role?.rolsuper || role?.writes) {
      const remedy = 'Make a role that may only SELECT (README, "Reading by SQL").';
      report({ state: 'warning', subject: 'SQL', found: 'the role may write to Odoo; it never does', remedy });
    } else {
      report({ state: 'ok', subject: 'SQL', found: 'the role may only read', remedy: '' });
    }
    return true;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const found = code === '42P01' ? 'this is no database of Odoo' : message;
    report({
      state: 'fault',
      subject: 'SQL',
      found,
      remedy: 'Check ODOO_DATABASE_URL, and pg_hba.conf of the server.',
    });
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Access rights are checked before rows are looked for, so a search that finds nothing tells. */
async function mayRead(reader: OdooReader, model: string): Promise<'yes' | 'absent' | 'denied'> {
  if ((await reader.fields(model)) === null) return 'absent';
  try {
    for await (const _page of reader.pages({ model, fields: ['id'], domain: [['id', '=', -1]] })) break;
    return 'yes';
  } catch (error) {
    if (error instanceof PlanbridgeError && error.code === 'PB_ODOO_ACCESS') return 'denied';
    throw error;
  }
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

async function examineModels(reader: OdooReader, report: Examine): Promise<void> {
  for (const { app, group, needed, models } of modelsByApp()) {
    const subject = `Rights: ${app}`;
    const absent: string[] = [];
    const denied: string[] = [];
    try {
      for (const model of models) {
        const answer = await mayRead(reader, model);
        if (answer === 'absent') absent.push(model);
        if (answer === 'denied') denied.push(model);
      }
    } catch (error) {
      report(fault(subject, error));
      continue;
    }
    const give =
      reader.kind === 'sql'
        ? 'Give the SQL role SELECT on these tables.'
        : `Give the user the group "${group}" in Odoo.`;
    if (denied.length > 0) {
      report({ state: 'fault', subject, found: `not readable: ${denied.join(', ')}`, remedy: give });
    } else if (needed && absent.length > 0) {
      const found = `not there, or not readable: ${absent.join(', ')}`;
      report({
        state: 'fault',
        subject,
        found,
        remedy: `Install ${app === 'Odoo itself' ? 'Inventory' : app} in Odoo. ${give}`,
      });
    } else if (absent.length === models.length) {
      const found = 'not installed, or not readable; nothing of it is exported';
      report({ state: 'warning', subject, found, remedy: `If it is installed: ${lower(give)}` });
    } else {
      const found = `${models.length - absent.length} of ${models.length} kinds of records are readable`;
      const missing = absent.length > 0 ? `; this Odoo does not have, or does not show: ${absent.join(', ')}` : '';
      report({ state: 'ok', subject, found: found + missing, remedy: '' });
    }
  }
}

async function examineMapping(reader: OdooReader, rules: MappingRules, report: Examine): Promise<void> {
  const subject = 'Mapping in Odoo';
  try {
    const errors = await checkAgainstOdoo(rules, reader);
    if (errors.length === 0)
      return report({ state: 'ok', subject, found: 'every field of the sheet is there', remedy: '' });
    const found = `${errors.length} cells of the sheet do not fit this Odoo`;
    report({ state: 'warning', subject, found, remedy: '"planbridge mapping check" names them.' });
  } catch (error) {
    report(fault(subject, error));
  }
}
