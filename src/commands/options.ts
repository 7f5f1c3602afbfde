// How commands say which Odoo is meant: flags go before variables, and both are checked by the one configuration.
import { type Config, type Environment, type OdooConfig, readConfig } from '../config.ts';
import { PlanbridgeError } from '../errors.ts';

export interface OdooFlags {
  odooUrl?: string;
  odooDatabaseUrl?: string;
  database?: string;
  user?: string;
  password?: string;
}

/** The environment with the flags laid over it. A way to Odoo that is named by a flag replaces both variables. */
export function withFlags(environment: Environment, flags: OdooFlags): Environment {
  const laid: Record<string, string | undefined> = { ...environment };
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) return;
    laid[name] = value;
    laid[`${name}_FILE`] = undefined;
  };
  if (flags.odooUrl !== undefined || flags.odooDatabaseUrl !== undefined) {
    for (const name of ['ODOO_URL', 'ODOO_DATABASE_URL', 'ODOO_DATABASE_URL_FILE', 'ODOO_DATABASE', 'ODOO_DATABASES']) {
      laid[name] = undefined;
    }
  }
  set('ODOO_URL', flags.odooUrl);
  set('ODOO_DATABASE_URL', flags.odooDatabaseUrl);
  set('ODOO_DATABASE', flags.database);
  set('ODOO_USER', flags.user);
  set('ODOO_PASSWORD', flags.password);
  return laid;
}

export function configOf(environment: Environment, flags: OdooFlags): Config {
  return readConfig(withFlags(environment, flags));
}

/** @throws PlanbridgeError PB_CONFIG_INVALID when nothing says where Odoo is */
export function requireOdoo(config: Config): OdooConfig {
  if (config.odoo) return config.odoo;
  throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'Nothing says where Odoo is.', {
    remedy: 'Give --odoo-url or --odoo-database-url, or set ODOO_URL or ODOO_DATABASE_URL.',
  });
}

/** Who reads. A password is not needed where Odoo's database is read: whoever holds its address may read it anyway. */
export function requireUser(
  config: Config,
  bySql: boolean,
): { login: string; password: string } | { login: string; verified: true } {
  const { login, password } = config.user;
  if (login === null) {
    throw new PlanbridgeError(
      'PB_CONFIG_INVALID',
      500,
      'Nothing says which Odoo user reads: zone, language and companies are his.',
      {
        remedy: 'Give --user, or set ODOO_USER.',
      },
    );
  }
  if (bySql) return { login, verified: true };
  if (password !== null) return { login, password };
  throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'The password or API key is missing.', {
    remedy: 'Set ODOO_PASSWORD or ODOO_PASSWORD_FILE (or give --password, which others on this machine can see).',
  });
}
